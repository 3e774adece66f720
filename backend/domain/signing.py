"""What members sign: EIP-712 typed data under one domain per organisation.

The domain always has its five fields and its salt is Keccak-256 of the ledger's origin, so a signature
is worth nothing for another organisation, chain or registry. A ``Ballot`` also binds the rules and the
electorate; a ``Statement`` binds the whole content of any other act.
Source: EIP-712, https://eips.ethereum.org/EIPS/eip-712
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

from coincurve import PrivateKey, PublicKey
from eth_hash.auto import keccak

from backend.domain.acts import Act, BallotCast, OrganisationFounded
from backend.domain.entry import statement_content
from backend.domain.errors import InvalidInputError, RuleReference, RuleViolation
from backend.domain.facts import Poll

SIGNATURE_BYTES = 65
"""Length of an ECDSA signature with its recovery byte."""

ADDRESS_BYTES = 20
"""Length of an Ethereum address."""

SIGNATURE_RULE = RuleReference("psephos.signature", "")
"""Built-in rule: an act is signed by the key bound to its author, over exactly what it says."""

_HALF_ORDER: Final = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
"""Half the order of secp256k1: larger s values are a second form of the same signature (EIP-2)."""

_RECOVERY_OFFSET: Final = 27
"""What wallets add to the recovery id, 0 or 1, to make v (Yellow Paper, appendix F)."""

_WORD: Final = 32
"""Length of an encoded value, in bytes."""

_KNOWN_ORGANISATIONS: Final = 4096
"""Organisations whose hashes are kept at hand: about 100 bytes each."""


@dataclass(frozen=True)
class _StructType:
    """A type of EIP-712: what wallets are shown and what is hashed both follow from its fields."""

    name: str
    fields: tuple[tuple[str, str], ...]

    @cached_property
    def type_hash(self) -> bytes:
        """Hash of the type, EIP-712 ``typeHash``."""
        members = ",".join(f"{kind} {name}" for name, kind in self.fields)
        return keccak(f"{self.name}({members})".encode())

    def listing(self) -> list[dict[str, str]]:
        """Return the fields as ``eth_signTypedData_v4`` lists them."""
        return [{"name": name, "type": kind} for name, kind in self.fields]

    def hash(self, values: Mapping[str, Any]) -> bytes:
        """Return the EIP-712 ``hashStruct`` of values by field name."""
        words = [_word(kind, values[name]) for name, kind in self.fields]
        return keccak(b"".join((self.type_hash, *words)))


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
    organisation: OrganisationFounded, poll: Poll, *, rules: str, ballot: BallotCast
) -> TypedData:
    """Return what a voter signs.

    Args:
        organisation: The founding act, for the domain.
        poll: The vote, for decision and electorate.
        rules: SHA-256 of the rulebook that governs the assembly, hex.
        ballot: The ballot; its ``choice`` is the commitment, so a signature reveals no choice.
    """
    message = {
        "decision": f"0x{ballot.decision}",
        "rules": f"0x{rules}",
        "electorate": f"0x{poll.item.electorate.root}",
        "choice": f"0x{ballot.choice}",
        "castAt": ballot.cast_at,
        "nonce": ballot.nonce,
    }
    return _typed_data(organisation, _BALLOT, message)


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
    content = hashlib.sha256(statement_content(author=author, data=data)).hexdigest()
    message = {"content": f"0x{content}", "issuedAt": issued_at}
    return _typed_data(organisation, _STATEMENT, message)


def signing_domain(organisation: OrganisationFounded) -> TypedData:
    """Return the EIP-712 domain in which every signature of an organisation is valid.

    Args:
        organisation: The founding act.
    """
    return {
        "name": "Psephos",
        "version": "1",
        "chainId": organisation.signing.chain_id,
        "verifyingContract": organisation.signing.contract,
        "salt": _salt(organisation.origin),
    }


def digest_of(typed_data: TypedData) -> bytes:
    """Return the 32 bytes that a wallet signs, and that are the challenge of a passkey.

    Args:
        typed_data: From this module.
    """
    separator = _domain_separator(*typed_data["domain"].values())
    message = _SIGNED[typed_data["primaryType"]].hash(typed_data["message"])
    return keccak(b"\x19\x01" + separator + message)


def check_signature(digest: bytes, *, address: bytes, signature: bytes) -> None:
    """Check that the key of a wallet signed a digest.

    Args:
        digest: From ``digest_of``, 32 bytes.
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
    if recovery not in (0, 1) or int.from_bytes(signature[32:64], "big") > _HALF_ORDER:
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
    signer = keccak(key.format(compressed=False)[1:])[-ADDRESS_BYTES:]
    if signer != address:
        raise RuleViolation(
            "signature.signer",
            SIGNATURE_RULE,
            expected=f"0x{address.hex()}",
            found=f"0x{signer.hex()}",
        )


def sign(typed_data: TypedData, *, private_key: bytes) -> bytes:
    """Sign typed data as a wallet would (RFC 6979 nonces, so the same bytes each time).

    Args:
        typed_data: From this module.
        private_key: 32 bytes.
    """
    signed = PrivateKey(private_key).sign_recoverable(digest_of(typed_data), hasher=None)
    return signed[:64] + bytes((signed[64] + _RECOVERY_OFFSET,))


def _word(kind: str, value: str | int) -> bytes:
    """Return the 32 bytes that stand for a value of a struct (EIP-712 ``encodeData``)."""
    if isinstance(value, int):
        return value.to_bytes(_WORD, "big")
    if kind == "string":
        return keccak(value.encode())
    return bytes.fromhex(value[2:]).rjust(_WORD, b"\0")


@lru_cache(maxsize=_KNOWN_ORGANISATIONS)
def _domain_separator(*values: str | int) -> bytes:
    names = (name for name, _ in _DOMAIN.fields)
    return _DOMAIN.hash(dict(zip(names, values, strict=True)))


@lru_cache(maxsize=_KNOWN_ORGANISATIONS)
def _salt(origin: str) -> str:
    return f"0x{keccak(origin.encode()).hex()}"


def _typed_data(
    organisation: OrganisationFounded, struct: _StructType, message: dict[str, Any]
) -> TypedData:
    return {
        "types": {_DOMAIN.name: _DOMAIN.listing(), struct.name: struct.listing()},
        "primaryType": struct.name,
        "domain": signing_domain(organisation),
        "message": message,
    }
