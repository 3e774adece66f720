"""Whether an act is signed by those who must sign it.

Built-in rule ``psephos.signature``: S1 as many signatures as signers; S2 each opening matches its
commitment in the entry; S3 each signature is over this act in this organisation; S4 each key is the
one bound to the member; S5 a statement reaches the ledger within ``MAX_STATEMENT_AGE_S`` of signing.
"""

from collections.abc import Sequence

from backend.domain.acts import Act, BallotCast, MemberId, OrganisationFounded
from backend.domain.commitments import Hex32, Tag, opens
from backend.domain.contract_accounts import check_confirmed, check_record, is_contract_account
from backend.domain.entry import Entry
from backend.domain.errors import InvalidInputError, RuleViolation
from backend.domain.instants import epoch_seconds
from backend.domain.passkeys import check_assertion, is_passkey
from backend.domain.signing import (
    ADDRESS_BYTES,
    BOUND_KEY,
    SIGNATURE_RULE,
    ballot_digest,
    check_signature,
    statement_digest,
)
from backend.domain.sources import SignatureOpening, Sources
from backend.domain.state import State

MAX_STATEMENT_AGE_S = 900
"""Seconds between signing a statement and its entry, either way: clocks differ, old statements must
not come back."""


def check_statement(
    organisation: OrganisationFounded,
    entry: Entry,
    index: int,
    sources: Sources,
    *,
    signers: Sequence[tuple[MemberId, Hex32]],
) -> int:
    """Check the signatures of an act that its authors sign as a statement.

    Args:
        organisation: The founding act.
        entry: The act.
        index: Its place in the ledger.
        sources: Where the openings are looked up.
        signers: Who must have signed, with their key commitments, in order.

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


def signed_digest(state: State, data: Act, *, author: str, issued_at: int) -> bytes:
    """Return the 32 bytes that those who must sign an act sign.

    Args:
        state: Before the act.
        data: The act; a ballot is put to a vote that the state knows.
        author: Pseudonym that will stand in the entry's ``by``.
        issued_at: Time of signature, seconds since the epoch.

    Raises:
        NotFoundError: No such vote.
    """
    if isinstance(data, BallotCast):
        poll = state.poll(data.motion)
        rules = state.assembly(poll.assembly).data.rules
        return ballot_digest(state.founded(), poll, rules=rules, ballot=data)
    organisation = data if isinstance(data, OrganisationFounded) else state.founded()
    return statement_digest(organisation, author=author, data=data, issued_at=issued_at)


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
    signers = [(author.id, author.key)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def check_signatures(
    organisation: OrganisationFounded,
    entry: Entry,
    index: int,
    sources: Sources,
    *,
    digest: bytes,
    signers: Sequence[tuple[MemberId, Hex32]],
) -> int:
    """Check every signature of an entry over the same digest (S1 to S4).

    Args:
        organisation: The founding act; it says whether passkeys sign, and where.
        entry: The act.
        index: Its place in the ledger.
        sources: Where the openings are looked up.
        digest: What was to be signed, 32 bytes.
        signers: Who must have signed, with their key commitments, in order.

    Returns:
        Number of signatures that could not be checked because their openings were erased, or because they
        are of contract accounts and no chain is at hand.

    Raises:
        InvalidInputError: A key or a signature is not in its one form.
        RuleViolation: One of S1 to S4.
    """
    check_signature_count(entry, expected=len(signers))
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
    for opening, commitment, (member, key) in zip(
        openings, entry.proof.signatures, signers, strict=True
    ):
        _check_opening(opening, commitment)
        redacted += _check_signed(organisation, digest, opening, sources)
        redacted += _check_key(opening.key, member, key, sources)
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


def _check_signed(
    organisation: OrganisationFounded, digest: bytes, opening: SignatureOpening, sources: Sources
) -> int:
    """Check the signature itself, by the kind of its key (S3); returns 1 where that takes a chain in vain."""
    key, signature = opening.key, opening.signature
    if len(key) == ADDRESS_BYTES:
        check_signature(digest, address=key, signature=signature)
    elif is_passkey(key):
        check_assertion(organisation.signing.passkeys, digest, key=key, signature=signature)
    elif is_contract_account(key):
        check_record(key, signature)
        return check_confirmed(sources.contract_signature(key, digest, signature))
    else:
        raise InvalidInputError(
            "key.malformed",
            expected="an address of 20 bytes, an ES256 or EdDSA key in canonical CBOR, or eip155:…:0x…",
            found=f"{len(key)} bytes that begin with 0x{key[:10].hex()}",
        )
    return 0


def _check_opening(opening: SignatureOpening, commitment: Hex32) -> None:
    payload = opening.key + opening.signature
    if not opens(commitment, Tag.SIGNATURE, salt=opening.salt, payload=payload):
        raise RuleViolation(
            "signature.commitment",
            SIGNATURE_RULE,
            expected=f"an opening of {commitment}",
            found="another signature",
        )


def _check_key(signer: bytes, member: MemberId, key: Hex32, sources: Sources) -> int:
    bound = sources.key(member)
    if bound is None:
        return 1
    if not opens(key, Tag.KEY, salt=bound.salt, payload=bound.key):
        raise RuleViolation(
            "key.commitment", SIGNATURE_RULE, expected=f"an opening of {key}", found="another key"
        )
    if bound.key != signer:
        raise RuleViolation(
            "signature.signer",
            SIGNATURE_RULE,
            expected=BOUND_KEY,
            found=f"0x{signer.hex()}",
        )
    return 0
