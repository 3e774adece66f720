"""Recording acts that are whole as their authors sign them: nothing is added by the server.

Acts to which the server adds something (electorates, admissions by right, counts, keys it must hold) have use
cases of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from anchoring.core.cid import document_cid
from backend.domain.acts import (
    Act,
    AdmissionObjected,
    AppealAnswered,
    AppealLodged,
    AssemblyAdjourned,
    AssemblyDrafted,
    AssemblyOpened,
    CommonsRegistered,
    DisputeAdvanced,
    DisputeOpened,
    DisputeSettled,
    DraftSupported,
    GroundsServed,
    MandateForfeited,
    MandateResigned,
    MeasureTaken,
    MemberId,
    MemberResigned,
    MembershipEnded,
    MinutesPublished,
    MotionAmended,
    MotionProposed,
    MotionSupported,
    MotionWithdrawn,
    NamingAnswered,
    NoticeRecorded,
    ObjectionRaised,
    ObjectionResolved,
    ObligationFulfilled,
    ObservationRecorded,
    PresenceRecorded,
    ProceedingOpened,
    ProxyGiven,
    ProxyRevoked,
    ReplyGiven,
    Slug,
    UrnCounted,
)
from backend.domain.documents import documents_of
from backend.domain.errors import InvalidInputError, NotFoundError
from backend.domain.instants import Instant
from backend.domain.signing import statement_digest
from backend.services.commands import Signed, append_signed, perform, signed_by
from backend.services.ports import Command, Ports, Recorded, UnitOfWork

SIGNED_ACTS: Mapping[str, type[Act]] = {
    schema.act: schema
    for schema in (
        AdmissionObjected,
        MemberResigned,
        MembershipEnded,
        ProceedingOpened,
        GroundsServed,
        ReplyGiven,
        MeasureTaken,
        AppealLodged,
        AppealAnswered,
        MandateResigned,
        MandateForfeited,
        MotionProposed,
        MotionSupported,
        MotionAmended,
        MotionWithdrawn,
        ObjectionRaised,
        ObjectionResolved,
        ObligationFulfilled,
        AssemblyDrafted,
        DraftSupported,
        NoticeRecorded,
        ProxyGiven,
        ProxyRevoked,
        PresenceRecorded,
        AssemblyOpened,
        AssemblyAdjourned,
        NamingAnswered,
        UrnCounted,
        MinutesPublished,
        DisputeOpened,
        DisputeAdvanced,
        DisputeSettled,
        CommonsRegistered,
        ObservationRecorded,
    )
}
"""Every act that is whole as signed, by its name."""


@dataclass(frozen=True, slots=True)
class MemberSignature:
    """One signature of an act."""

    member: MemberId
    """Who signs."""
    signature: bytes
    """By a key in force of the member: 65 bytes of a wallet, or the bytes of an assertion."""


@dataclass(frozen=True, slots=True)
class SignedAct:
    """An act with its signatures and the documents it refers to."""

    data: Act
    """The act."""
    author: MemberId
    """Who acts."""
    issued_at: int
    """Claimed time of signature, seconds since the epoch."""
    signatures: Sequence[MemberSignature]
    """In the order the act defines; for most acts its author's only."""
    documents: Sequence[bytes]
    """Documents that are not held yet."""


def act_of(name: str, data: object) -> Act:
    """Return an act as a client describes it.

    Args:
        name: Name of the act.
        data: Its fields, as JSON gives them.

    Raises:
        NotFoundError: No act of that name is whole as signed.
        InvalidInputError: ``act.malformed``: fields are missing, unknown, or out of their bounds.
    """
    schema = SIGNED_ACTS.get(name)
    if schema is None:
        raise NotFoundError("act", name)
    try:
        return msgspec.convert(data, schema)
    except msgspec.ValidationError as error:
        raise InvalidInputError(
            "act.malformed", expected=f"the fields of {name}", found=str(error)[:200]
        ) from error


def record_act(ports: Ports, slug: Slug, command: Command, signed: SignedAct) -> Recorded:
    """Record an act as it was signed, with its documents.

    Raises:
        InvalidInputError: ``document.unreferenced``: a document to which the act does not refer.
        NotFoundError: A signer is not on the register.
        GovernanceError: What forbids it.
    """
    referenced = documents_of(signed.data)
    for document in signed.documents:
        cid = document_cid(document)
        if cid not in referenced:
            raise InvalidInputError(
                "document.unreferenced",
                expected=", ".join(referenced) or "no document",
                found=cid,
            )

    def action(unit: UnitOfWork, at: Instant) -> None:
        for document in signed.documents:
            unit.put_document(document)
        append_signed(
            unit,
            ports,
            signed.data,
            at=at,
            author=signed.author,
            issued_at=signed.issued_at,
            signatures=[_opened(unit, signed, each) for each in signed.signatures],
        )

    return perform(ports, slug, command, action)


def _opened(unit: UnitOfWork, signed: SignedAct, each: MemberSignature) -> Signed:
    def digest() -> bytes:
        return statement_digest(
            unit.state.founded(),
            author=signed.author,
            data=signed.data,
            issued_at=signed.issued_at,
        )

    return signed_by(unit.state, unit.sources, each.member, each.signature, digest)
