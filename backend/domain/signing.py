"""What members sign: EIP-712 typed data under one domain per organisation.

The domain always has its five fields and its salt is Keccak-256 of the ledger's origin, so a signature
is worth nothing for another organisation, chain or registry. A ``Ballot`` also binds the rules and the
electorate; a ``Statement`` binds the whole content of any other act.
Source: EIP-712, https://eips.ethereum.org/EIPS/eip-712
"""

import hashlib
from typing import Any

from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_hash.auto import keccak
from eth_keys.exceptions import BadSignature

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

_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
"""Half the order of secp256k1: larger s values are a second form of the same signature (EIP-2)."""

_DOMAIN_TYPE = [
    {"name": "name", "type": "string"},
    {"name": "version", "type": "string"},
    {"name": "chainId", "type": "uint256"},
    {"name": "verifyingContract", "type": "address"},
    {"name": "salt", "type": "bytes32"},
]
_BALLOT_TYPE = [
    {"name": "decision", "type": "bytes32"},
    {"name": "rules", "type": "bytes32"},
    {"name": "electorate", "type": "bytes32"},
    {"name": "choice", "type": "bytes32"},
    {"name": "castAt", "type": "uint64"},
    {"name": "nonce", "type": "uint256"},
]
_STATEMENT_TYPE = [
    {"name": "content", "type": "bytes32"},
    {"name": "issuedAt", "type": "uint64"},
]

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
    return _typed_data(organisation, "Ballot", _BALLOT_TYPE, message)


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
    return _typed_data(organisation, "Statement", _STATEMENT_TYPE, message)


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
        "salt": f"0x{keccak(organisation.origin.encode()).hex()}",
    }


def check_signature(typed_data: TypedData, *, address: bytes, signature: bytes) -> None:
    """Check that ``address`` signed ``typed_data``.

    Args:
        typed_data: From this module.
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
    if signature[64] not in {27, 28} or int.from_bytes(signature[32:64], "big") > _HALF_ORDER:
        raise InvalidInputError(
            "signature.malformed", expected="v of 27 or 28 and a low s", found=f"v {signature[64]}"
        )
    try:
        signer = Account.recover_message(_encode(typed_data), signature=signature).lower()
    except (BadSignature, ValueError) as error:
        raise InvalidInputError(
            "signature.malformed", expected="a point of secp256k1", found=str(error)[:100]
        ) from error
    if signer != f"0x{address.hex()}":
        raise RuleViolation(
            "signature.signer", SIGNATURE_RULE, expected=f"0x{address.hex()}", found=signer
        )


def sign(typed_data: TypedData, *, private_key: bytes) -> bytes:
    """Sign typed data as a wallet would (RFC 6979 nonces, so the same bytes each time).

    Args:
        typed_data: From this module.
        private_key: 32 bytes.
    """
    return bytes(Account.sign_message(_encode(typed_data), private_key=private_key).signature)


def _encode(typed_data: TypedData) -> SignableMessage:
    return encode_typed_data(full_message=typed_data)


def _typed_data(
    organisation: OrganisationFounded,
    primary_type: str,
    fields: list[dict[str, str]],
    message: dict[str, Any],
) -> TypedData:
    return {
        "types": {"EIP712Domain": _DOMAIN_TYPE, primary_type: fields},
        "primaryType": primary_type,
        "domain": signing_domain(organisation),
        "message": message,
    }
