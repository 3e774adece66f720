"""What members sign: EIP-712 typed data under one domain per organisation.

The domain always has its five fields and its salt is Keccak-256 of the ledger's origin, so a signature
is worth nothing for another organisation, chain or registry. A ``Ballot`` also binds the rules and the
electorate; a ``Statement`` binds the whole content of any other act.
Source: EIP-712, https://eips.ethereum.org/EIPS/eip-712
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

from coincurve import PrivateKey, PublicKey

# The backend itself: what chooses one costs a tenth of a hash, and a ballot takes three.
from eth_hash.backends.pycryptodome import keccak256

from backend.domain.acts import Act, AddressHex, BallotCast, OrganisationFounded
from backend.domain.commitments import Hex32
from backend.domain.entry import statement_content
from backend.domain.errors import InvalidInputError, RuleReference, RuleViolation
from backend.domain.facts import Poll

SIGNATURE_BYTES = 65
"""Length of an ECDSA signature with its recovery byte."""

ADDRESS_BYTES = 20
"""Length of an Ethereum address."""

SIGNATURE_RULE = RuleReference("psephos.signature", "")
"""Built-in rule: an act is signed by a key in force of its author, over exactly what it says."""

BOUND_KEY: Final = "a key in force of the member, over exactly this"
"""What a refused signature should have been made with; whoever is refused must not learn the key itself."""

_HALF_ORDER: Final = bytes.fromhex(
    "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0"
)
"""Half the order of secp256k1, 32 bytes: larger s values are a second form of the same signature (EIP-2)."""

_RECOVERY_OFFSET: Final = 27
"""What wallets add to the recovery id, 0 or 1, to make v (Yellow Paper, appendix F)."""

_WORD: Final = 32
"""Length of an encoded value, in bytes."""

_KNOWN_ORGANISATIONS: Final = 4096
"""Organisations whose domain separators are kept at hand: some 300 bytes each."""


_Value = str | int


def _number(value: int) -> bytes:
    return value.to_bytes(_WORD, "big")


def _fixed(value: str) -> bytes:
    return bytes.fromhex(value[2:])


def _address(value: str) -> bytes:
    return _fixed(value).rjust(_WORD, b"\0")


def _text(value: str) -> bytes:
    return keccak256(value.encode())


_ENCODERS: Final[Mapping[str, Callable[[Any], bytes]]] = {
    "uint64": _number,
    "uint256": _number,
    "address": _address,
    "bytes32": _fixed,
    "string": _text,
}


@dataclass(frozen=True)
class _StructType:
    """A type of EIP-712: what wallets are shown and what is hashed both follow from its fields."""

    name: str
    fields: tuple[tuple[str, str], ...]

    @cached_property
    def type_hash(self) -> bytes:
        """Hash of the type, EIP-712 ``typeHash``."""
        members = ",".join(f"{kind} {name}" for name, kind in self.fields)
        return keccak256(f"{self.name}({members})".encode())

    @cached_property
    def encoders(self) -> tuple[Callable[[Any], bytes], ...]:
        """What makes a word of each value, in order, EIP-712 ``encodeData``."""
        return tuple(_ENCODERS[kind] for _, kind in self.fields)

    def listing(self) -> list[dict[str, str]]:
        """Return the fields as ``eth_signTypedData_v4`` lists them."""
        return [{"name": name, "type": kind} for name, kind in self.fields]

    def named(self, values: Sequence[_Value]) -> dict[str, _Value]:
        """Return values in the order of the fields by their names."""
        return {name: value for (name, _), value in zip(self.fields, values, strict=True)}

    def ordered(self, values: Mapping[str, _Value]) -> list[_Value]:
        """Return values by name in the order of the fields."""
        return [values[name] for name, _ in self.fields]

    def hash(self, values: Sequence[_Value]) -> bytes:
        """Return the EIP-712 ``hashStruct`` of values in the order of the fields."""
        words = [encode(value) for encode, value in zip(self.encoders, values, strict=True)]
        return keccak256(self.type_hash + b"".join(words))


_DOMAIN: Final = _StructType(
    "EIP712Domain",
    (
        ("name", "string"),
        ("version", "string"),
        ("chainId", "uint256"),
        ("verifyingContract", "address"),
        ("salt", "bytes32"),
    ),
)
_BALLOT: Final = _StructType(
    "Ballot",
    (
        ("decision", "bytes32"),
        ("rules", "bytes32"),
        ("electorate", "bytes32"),
        ("choice", "bytes32"),
        ("castAt", "uint64"),
        ("nonce", "uint256"),
    ),
)
_STATEMENT: Final = _StructType("Statement", (("content", "bytes32"), ("issuedAt", "uint64")))
_SIGNED: Final = {each.name: each for each in (_BALLOT, _STATEMENT)}

TypedData = dict[str, Any]
"""An ``eth_signTypedData_v4`` request: types, primaryType, domain, message; bytes as 0x hex."""


def ballot_typed_data(
    organisation: OrganisationFounded, poll: Poll, *, rules: Hex32, ballot: BallotCast
) -> TypedData:
    """Return what a voter signs.

    Args:
        organisation: The founding act, for the domain.
        poll: The vote, for decision and electorate.
        rules: SHA-256 of the rulebook that governs the assembly.
        ballot: The ballot; its ``choice`` is the commitment, so a signature reveals no choice.
    """
    return _typed_data(organisation, _BALLOT, _ballot_values(poll, rules, ballot))


def ballot_digest(
    organisation: OrganisationFounded, poll: Poll, *, rules: Hex32, ballot: BallotCast
) -> bytes:
    """Return the 32 bytes that a voter's key signs: the digest of ``ballot_typed_data``, sooner."""
    return _digest(_separator_of(organisation), _BALLOT, _ballot_values(poll, rules, ballot))


def statement_typed_data(
    organisation: OrganisationFounded, *, author: str, data: Act, issued_at: int
) -> TypedData:
    """Return what the author of an act signs.

    Args:
        organisation: The founding act, for the domain.
        author: Pseudonym that will stand in the entry's ``by``.
        data: The act, whole.
        issued_at: Time of signature, seconds since the epoch.
    """
    return _typed_data(organisation, _STATEMENT, _statement_values(author, data, issued_at))


def statement_digest(
    organisation: OrganisationFounded, *, author: str, data: Act, issued_at: int
) -> bytes:
    """Return the 32 bytes that the author's key signs: the digest of ``statement_typed_data``, sooner."""
    values = _statement_values(author, data, issued_at)
    return _digest(_separator_of(organisation), _STATEMENT, values)


def signing_domain(organisation: OrganisationFounded) -> TypedData:
    """Return the EIP-712 domain in which every signature of an organisation is valid.

    Args:
        organisation: The founding act.
    """
    signing = organisation.signing
    return _DOMAIN.named(_domain_values(organisation.origin, signing.chain_id, signing.contract))


def typed_data_digest(typed_data: TypedData) -> bytes:
    """Return the 32 bytes that a wallet signs, and that are the challenge of a passkey.

    Args:
        typed_data: From this module.
    """
    struct = _SIGNED[typed_data["primaryType"]]
    separator = _DOMAIN.hash(_DOMAIN.ordered(typed_data["domain"]))
    return _digest(separator, struct, struct.ordered(typed_data["message"]))


def check_signature(digest: bytes, *, address: bytes, signature: bytes) -> None:
    """Check that the key of a wallet signed a digest.

    Args:
        digest: What was to be signed, 32 bytes.
        address: Expected signer, 20 bytes.
        signature: 65 bytes r, s, v with v 27 or 28 and s in the lower half.

    Raises:
        InvalidInputError: Wrong lengths, or a signature in a second form.
        RuleViolation: ``signature.signer`` when another key signed, or other data were signed.
    """
    if len(address) != ADDRESS_BYTES or len(signature) != SIGNATURE_BYTES:
        raise InvalidInputError(
            "signature.malformed",
            expected=f"an address of {ADDRESS_BYTES} and a signature of {SIGNATURE_BYTES} bytes",
            found=f"{len(address)} and {len(signature)} bytes",
        )
    recovery = signature[64] - _RECOVERY_OFFSET
    if recovery not in (0, 1) or signature[32:64] > _HALF_ORDER:
        raise InvalidInputError(
            "signature.malformed", expected="v of 27 or 28 and a low s", found=f"v {signature[64]}"
        )
    recoverable = signature[:64] + bytes((recovery,))
    try:
        key = PublicKey.from_signature_and_message(recoverable, digest, hasher=None)
    except ValueError as error:
        raise InvalidInputError(
            "signature.malformed", expected="a point of secp256k1", found=str(error)[:100]
        ) from error
    signer = keccak256(key.format(compressed=False)[1:])[-ADDRESS_BYTES:]
    if signer != address:
        raise RuleViolation(
            "signature.signer", SIGNATURE_RULE, expected=BOUND_KEY, found=f"0x{signer.hex()}"
        )


def sign(typed_data: TypedData, *, private_key: bytes) -> bytes:
    """Sign typed data as a wallet would (RFC 6979 nonces, so the same bytes each time).

    Args:
        typed_data: From this module.
        private_key: 32 bytes.
    """
    signed = PrivateKey(private_key).sign_recoverable(typed_data_digest(typed_data), hasher=None)
    return signed[:64] + bytes((signed[64] + _RECOVERY_OFFSET,))


def _ballot_values(poll: Poll, rules: Hex32, ballot: BallotCast) -> tuple[_Value, ...]:
    return (
        f"0x{ballot.decision}",
        f"0x{rules}",
        f"0x{poll.item.electorate.root}",
        f"0x{ballot.choice}",
        ballot.cast_at,
        ballot.nonce,
    )


def _statement_values(author: str, data: Act, issued_at: int) -> tuple[_Value, ...]:
    content = hashlib.sha256(statement_content(author=author, data=data)).hexdigest()
    return f"0x{content}", issued_at


def _domain_values(origin: str, chain_id: int, contract: AddressHex) -> tuple[_Value, ...]:
    return "Psephos", "1", chain_id, contract, f"0x{keccak256(origin.encode()).hex()}"


@lru_cache(maxsize=_KNOWN_ORGANISATIONS)
def _domain_separator(origin: str, chain_id: int, contract: AddressHex) -> bytes:
    return _DOMAIN.hash(_domain_values(origin, chain_id, contract))


def _separator_of(organisation: OrganisationFounded) -> bytes:
    signing = organisation.signing
    return _domain_separator(organisation.origin, signing.chain_id, signing.contract)


def _digest(separator: bytes, struct: _StructType, values: Sequence[_Value]) -> bytes:
    return keccak256(b"\x19\x01" + separator + struct.hash(values))


def _typed_data(
    organisation: OrganisationFounded, struct: _StructType, values: Sequence[_Value]
) -> TypedData:
    return {
        "types": {_DOMAIN.name: _DOMAIN.listing(), struct.name: struct.listing()},
        "primaryType": struct.name,
        "domain": signing_domain(organisation),
        "message": struct.named(values),
    }
