"""Contract accounts as keys of members: what is kept of their signatures, and what owners of a Safe sign.

C1 a key is a CAIP-10 account of an EIP-155 chain, in one form. C2 only organisations sign with one: the
owners of an account may be several, and several are not one person. C3 what is kept of a signature names the
block on whose state the account was asked, and has one form too, within its limits. C4 the chain said so: to
the server in the request that hands the signature in, to an auditor who has a node; without a chain it
counts as redacted.

Sources: CAIP-10, https://chainagnostic.org/CAIPs/caip-10; ERC-1271, https://eips.ethereum.org/EIPS/eip-1271;
ERC-6492, https://eips.ethereum.org/EIPS/eip-6492
"""

import re
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Self

import msgspec
from eth_hash.backends.pycryptodome import keccak256
from msgspec import Meta

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.contract_signatures import (
    MAX_SIGNATURE_BYTES,
    StateBlock,
    is_wrapped,
    unwrap,
)
from anchoring.core.errors import MalformedError
from anchoring.core.types import Address, BlockHash, BlockNumber, ChainId
from backend.domain.acts import Count, MemberClass
from backend.domain.commitments import Hex32
from backend.domain.errors import InvalidInputError, RuleReference, RuleViolation
from backend.domain.quantities import MAX_INTEGER
from backend.domain.rulebook.book import Rulebook
from backend.domain.sources import KeyOpening

CONTRACT_ACCOUNT_RULE = RuleReference("psephos.contract_account", "")
"""Built-in rule: a contract account signs for an organisation, and its chain confirms that it did."""

MAX_RECORD_BYTES: Final = 2 * MAX_SIGNATURE_BYTES + 512
"""Longest record of a signature: the signature in hexadecimal, and some 260 bytes around it."""

Scheme = Literal["erc1271", "erc6492"]
"""How an account was asked: as it is, or with the call of a factory that came with the signature."""

SAFE_MESSAGE_TYPE_HASH: Final = bytes.fromhex(
    "60b3cbf8b4a223d68d641b3b6ddf9a298e7f33710cf3d3a9d1146b5a6150fbca"
)
"""Keccak-256 of ``SafeMessage(bytes message)``
(https://github.com/safe-global/safe-smart-account/blob/v1.4.1/contracts/handler/CompatibilityFallbackHandler.sol)."""

SAFE_DOMAIN_TYPE_HASH: Final = bytes.fromhex(
    "47e79534a245952e8b16893a336b85a3d9ea9fa8c573f3d803afb92a79469218"
)
"""Keccak-256 of ``EIP712Domain(uint256 chainId,address verifyingContract)``, the domain of a Safe
(https://github.com/safe-global/safe-smart-account/blob/v1.4.1/contracts/Safe.sol)."""

_ACCOUNT: Final = re.compile(rb"eip155:([1-9][0-9]{0,15}):0x([0-9a-f]{40})")
_WORD: Final = 32


@dataclass(frozen=True, slots=True)
class ContractAccount:
    """A contract that answers for its owners."""

    chain_id: ChainId
    """EIP-155 id of its chain, 1 to ``MAX_INTEGER``."""
    address: Address
    """Its address there, 20 bytes."""

    def to_bytes(self) -> bytes:
        """Return the key: the CAIP-10 account in ASCII, its address in lowercase (C1)."""
        return f"eip155:{self.chain_id}:0x{self.address.hex()}".encode("ascii")

    @classmethod
    def from_bytes(cls, key: bytes) -> Self:
        """Read the form of ``to_bytes``.

        Raises:
            InvalidInputError: ``key.malformed``: another form.
        """
        found = _ACCOUNT.fullmatch(key)
        if found is None or int(found[1]) > MAX_INTEGER:
            raise InvalidInputError(
                "key.malformed",
                expected="eip155:<chain id>:0x<40 lowercase hexadecimal digits>",
                found=f"{len(key)} bytes",
            )
        return cls(ChainId(int(found[1])), Address(bytes.fromhex(found[2].decode("ascii"))))


class _Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hash: Hex32
    number: Count


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    block: _Block
    chain_id: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
    format: Literal["psephos-contract-signature/1"]
    scheme: Scheme
    signature: Annotated[
        str, Meta(pattern=r"^0x([0-9a-f]{2})*\Z", max_length=2 + 2 * MAX_SIGNATURE_BYTES)
    ]


@dataclass(frozen=True, slots=True)
class ContractSignature:
    """A signature of a contract account, and where a chain confirmed it."""

    chain_id: ChainId
    """EIP-155 id of the chain that was asked."""
    block: StateBlock
    """The block on whose state the account was asked."""
    signature: bytes
    """As it was handed in, at most ``MAX_SIGNATURE_BYTES``; empty for what was approved on the chain."""

    @property
    def scheme(self) -> Scheme:
        """How the account was asked; the suffix of the signature decides."""
        return "erc6492" if is_wrapped(self.signature) else "erc1271"

    def to_bytes(self) -> bytes:
        """Return the one form in which it is committed to and kept: canonical JSON (C3)."""
        record = _Record(
            block=_Block(self.block.hash.hex(), self.block.number),
            chain_id=self.chain_id,
            format="psephos-contract-signature/1",
            scheme=self.scheme,
            signature=f"0x{self.signature.hex()}",
        )
        return canonical_json(msgspec.to_builtins(record))

    @classmethod
    def from_bytes(cls, encoded: bytes) -> Self:
        """Read the form of ``to_bytes``.

        Raises:
            InvalidInputError: ``signature.malformed``: too long, another form, a suffix of ERC-6492 without
                what belongs before it, or a scheme that does not go with the suffix.
        """
        if len(encoded) > MAX_RECORD_BYTES:
            raise _malformed(f"at most {MAX_RECORD_BYTES} bytes", f"{len(encoded)} bytes")
        try:
            parse_canonical(encoded, what="contract signature")
            record = _DECODER.decode(encoded)
            signature = bytes.fromhex(record.signature[2:])
            unwrap(signature)
        except (MalformedError, msgspec.DecodeError) as error:
            raise _malformed("psephos-contract-signature/1", str(error)[:200]) from error
        block = StateBlock(BlockNumber(record.block.number), _hash(record.block.hash))
        found = cls(ChainId(record.chain_id), block, signature)
        if found.scheme != record.scheme:
            raise _malformed(found.scheme, record.scheme)
        return found


_DECODER: Final = msgspec.json.Decoder(_Record)


def is_contract_account(key: bytes) -> bool:
    """Tell whether a key has the form of a contract account's (C1).

    Args:
        key: Any bytes; no key of a wallet or passkey begins so.
    """
    found = _ACCOUNT.fullmatch(key)
    return found is not None and int(found[1]) <= MAX_INTEGER


def check_confirmed(confirmed: bool | None) -> int:  # noqa: FBT001 - the answer of Sources, passed on
    """Check that a chain confirmed a signature (C4); returns 1 where no chain was asked, else 0.

    Args:
        confirmed: What the sources say; None where they have no chain.

    Raises:
        RuleViolation: ``signature.contract``: the chain does not confirm it.
    """
    if confirmed is None:
        return 1
    if not confirmed:
        raise RuleViolation(
            "signature.contract",
            CONTRACT_ACCOUNT_RULE,
            expected="an account that says it signed this, at the block that is kept",
            found="another answer, or another block",
        )
    return 0


def check_record(key: bytes, signature: bytes) -> None:
    """Check that what is kept of a signature is of the chain of the account (C3).

    Args:
        key: The account, in the form of ``ContractAccount.to_bytes``.
        signature: In the form of ``ContractSignature.to_bytes``.

    Raises:
        InvalidInputError: ``signature.malformed``: another form, or of another chain.
    """
    account = ContractAccount.from_bytes(key)
    chain_id = ContractSignature.from_bytes(signature).chain_id
    if chain_id != account.chain_id:
        raise _malformed(f"chain {account.chain_id}", f"chain {chain_id}")


def check_holder(rulebook: Rulebook, member_class: MemberClass, bound: KeyOpening | None) -> None:
    """Check that only organisations have a contract account for a key (C2).

    Args:
        rulebook: In force when the key is bound.
        member_class: Class of who is bound to it.
        bound: The key, None where it was erased.

    Raises:
        RuleViolation: ``key.contract``: the class is of natural persons; or the rulebook knows no such class.
    """
    if bound is None or not is_contract_account(bound.key):
        return
    right = rulebook.voting_right(member_class)
    if right.persons != "legal":
        raise RuleViolation(
            "key.contract",
            CONTRACT_ACCOUNT_RULE,
            expected="a key of one person: a wallet's or a passkey's",
            found=f"a contract account for the class {member_class}",
        )


def safe_message_digest(account: ContractAccount, digest: bytes) -> bytes:
    """Return the 32 bytes that owners of a Safe sign so that their Safe signs a digest.

    It is the EIP-712 digest of ``SafeMessage(bytes message)`` in the domain of the Safe, where the message is
    the digest.

    Args:
        account: The Safe.
        digest: What the Safe is asked to sign, 32 bytes.
    """
    domain = (
        SAFE_DOMAIN_TYPE_HASH
        + account.chain_id.to_bytes(_WORD, "big")
        + account.address.rjust(_WORD, b"\0")
    )
    message = SAFE_MESSAGE_TYPE_HASH + keccak256(digest)
    return keccak256(b"\x19\x01" + keccak256(domain) + keccak256(message))


def _hash(text: Hex32) -> BlockHash:
    return BlockHash(bytes.fromhex(text))


def _malformed(expected: str, found: str) -> InvalidInputError:
    return InvalidInputError("signature.malformed", expected=expected, found=found)
