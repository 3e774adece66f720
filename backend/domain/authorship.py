"""Whether an act is signed by those who must sign it.

Built-in rule ``psephos.signature``: S1 as many signatures as signers; S2 each opening matches its
commitment in the entry; S3 each signature is over this act in this organisation; S4 each key is one
that is in force for the member before the act; S5 a statement reaches the ledger within
``MAX_STATEMENT_AGE_S`` of signing.
"""

from collections.abc import Sequence

from backend.domain.acts import MemberId, OrganisationFounded
from backend.domain.commitments import Hex32, Tag, opens
from backend.domain.entry import Entry
from backend.domain.errors import InvalidInputError, RuleViolation
from backend.domain.instants import epoch_seconds
from backend.domain.passkeys import check_assertion, is_passkey
from backend.domain.signing import (
    ADDRESS_BYTES,
    BOUND_KEY,
    SIGNATURE_RULE,
    check_signature,
    statement_digest,
)
from backend.domain.sources import SignatureOpening, Sources
from backend.domain.state import State

Signer = tuple[MemberId, Sequence[Hex32]]
"""Who must sign, and commitments to the keys of which one must have."""

MAX_STATEMENT_AGE_S = 900
"""Seconds between signing a statement and its entry, either way: clocks differ, old statements must
not come back."""


def check_statement(
    organisation: OrganisationFounded,
    entry: Entry,
    index: int,
    sources: Sources,
    *,
    signers: Sequence[Signer],
) -> int:
    """Check the signatures of an act that its authors sign as a statement.

    Args:
        organisation: The founding act.
        entry: The act.
        index: Its place in the ledger.
        sources: Where the openings are looked up.
        signers: Who must have signed, with the keys that may have, in order.

    Returns:
        Number of signatures that could not be checked because their openings were erased.

    Raises:
        RuleViolation: One of S1 to S5.
    """
    age = abs(epoch_seconds(entry.at) - entry.proof.issued_at)
    if age > MAX_STATEMENT_AGE_S:
        raise RuleViolation(
            "statement.stale",
            SIGNATURE_RULE,
            expected=f"signed within {MAX_STATEMENT_AGE_S} s of the act",
            found=f"{age} s",
        )
    digest = statement_digest(
        organisation, author=entry.by, data=entry.data, issued_at=entry.proof.issued_at
    )
    return check_signatures(organisation, entry, index, sources, digest=digest, signers=signers)


def check_signed(state: State, entry: Entry, sources: Sources) -> int:
    """Check the signature of an act that its author alone signs; see ``check_statement``.

    Args:
        state: Before the act; it knows the author.
        entry: The act.
        sources: Where the opening is looked up.

    Raises:
        NotFoundError: No such author.
        RuleViolation: One of S1 to S5.
    """
    author = state.member(entry.by)
    signers = [(author.id, author.keys)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def check_signatures(
    organisation: OrganisationFounded,
    entry: Entry,
    index: int,
    sources: Sources,
    *,
    digest: bytes,
    signers: Sequence[Signer],
) -> int:
    """Check every signature of an entry over the same digest (S1 to S4).

    Args:
        organisation: The founding act; it says whether passkeys sign, and where.
        entry: The act.
        index: Its place in the ledger.
        sources: Where the openings are looked up.
        digest: What was to be signed, 32 bytes.
        signers: Who must have signed, with the keys that may have, in order.

    Returns:
        Number of signatures that could not be checked because their openings were erased.

    Raises:
        InvalidInputError: A key or a signature is not in its one form.
        RuleViolation: One of S1 to S4.
    """
    check_signature_count(entry, expected=len(signers))
    for member, keys in signers:
        if not keys:
            raise RuleViolation(
                "key.none", SIGNATURE_RULE, expected="a member with a key", found=member
            )
    openings = sources.signatures(index)
    if openings is None:
        return len(signers)
    if len(openings) != len(signers):
        raise RuleViolation(
            "signature.missing",
            SIGNATURE_RULE,
            expected=f"{len(signers)} opened signatures",
            found=f"{len(openings)}",
        )
    redacted = 0
    for opening, commitment, (_, keys) in zip(
        openings, entry.proof.signatures, signers, strict=True
    ):
        _check_opening(opening, commitment)
        check_made_by(organisation, digest, key=opening.key, signature=opening.signature)
        redacted += _check_key(opening.key, keys, sources)
    return redacted


def check_signature_count(entry: Entry, *, expected: int) -> None:
    """Check that an entry commits to as many signatures as its act has signers (S1).

    Raises:
        RuleViolation: ``signature.missing`` for more or fewer.
    """
    if len(entry.proof.signatures) != expected:
        raise RuleViolation(
            "signature.missing",
            SIGNATURE_RULE,
            expected=f"{expected} signatures",
            found=f"{len(entry.proof.signatures)}",
        )


def check_made_by(
    organisation: OrganisationFounded, digest: bytes, *, key: bytes, signature: bytes
) -> None:
    """Check the signature itself, by the kind of its key (S3).

    Args:
        organisation: The founding act; it says whether passkeys sign, and where.
        digest: What was to be signed, 32 bytes.
        key: Address of a wallet, 20 bytes, or key of a passkey.
        signature: 65 bytes of a wallet, or the bytes of an assertion.

    Raises:
        InvalidInputError: ``key.malformed`` or ``signature.malformed``.
        RuleViolation: ``signature.signer``, or what ``passkeys.check_assertion`` refuses.
    """
    if len(key) == ADDRESS_BYTES:
        check_signature(digest, address=key, signature=signature)
    elif is_passkey(key):
        check_assertion(organisation.signing.passkeys, digest, key=key, signature=signature)
    else:
        raise InvalidInputError(
            "key.malformed",
            expected="an address of 20 bytes, or an ES256 or EdDSA key in canonical CBOR",
            found=f"{len(key)} bytes that begin with 0x{key[:10].hex()}",
        )


def _check_opening(opening: SignatureOpening, commitment: Hex32) -> None:
    payload = opening.key + opening.signature
    if not opens(commitment, Tag.SIGNATURE, salt=opening.salt, payload=payload):
        raise RuleViolation(
            "signature.commitment",
            SIGNATURE_RULE,
            expected=f"an opening of {commitment}",
            found="another signature",
        )


def _check_key(signer: bytes, keys: Sequence[Hex32], sources: Sources) -> int:
    """Check that the signer's key opens one of the commitments (S4); returns 1 if that cannot be told."""
    redacted = 0
    for commitment in keys:
        bound = sources.key(commitment)
        if bound is None:
            redacted = 1
            continue
        if not opens(commitment, Tag.KEY, salt=bound.salt, payload=bound.key):
            raise RuleViolation(
                "key.commitment",
                SIGNATURE_RULE,
                expected=f"an opening of {commitment}",
                found="another key",
            )
        if bound.key == signer:
            return 0
    if not redacted:
        raise RuleViolation(
            "signature.signer", SIGNATURE_RULE, expected=BOUND_KEY, found=f"0x{signer.hex()}"
        )
    return redacted
