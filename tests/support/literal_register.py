"""Where members stand after each entry, read act by act: an oracle that knows no state and no fold."""

from collections.abc import Iterator, Sequence

from backend.domain.acts import (
    AdmissionAnswered,
    AdmissionRefused,
    DecisionMade,
    MeasureEffect,
    MemberAdmitted,
    MemberApplied,
    MemberId,
    MemberPresented,
    MemberReapplied,
    MemberResigned,
    MembershipEnded,
    MembersMerged,
    MotionProposed,
    OrganisationFounded,
    ProceedingOpened,
    ReversalEffect,
)
from backend.domain.entry import Entry


def literal_register(entries: Sequence[Entry]) -> Iterator[dict[MemberId, str]]:
    """Yield the status of everyone after each entry of a lawful ledger.

    It is of ledgers without suspensions and arrears that last, in which only assemblies exclude.
    """
    standing: dict[MemberId, str] = {}
    for index in range(len(entries)):
        standing.update(_changed(entries[: index + 1]))
        yield dict(standing)


def _changed(entries: Sequence[Entry]) -> dict[MemberId, str]:  # noqa: PLR0911 - one branch per act
    match entries[-1].data:
        case OrganisationFounded(founders=founders):
            return {founder.member: "active" for founder in founders}
        case MemberApplied(applicant=applicant):
            return {applicant.member: "applied"}
        case MemberPresented(member=member) | MemberReapplied(member=member):
            return {member: "applied"}
        case MemberAdmitted(member=member):
            return {member: "active"}
        case MemberResigned(member=member):
            return {member: "resigned"}
        case MembershipEnded(member=member) | MembersMerged(dropped=member):
            return {member: "ended"}
        case AdmissionRefused(applicant=member):
            return {member: "refused"}
        case AdmissionAnswered(applicant=member, upheld=False):
            return {member: "applied"}
        case DecisionMade(motion=motion, outcome="adopted"):
            return _decided(entries, motion)
        case _:
            return {}


def _decided(entries: Sequence[Entry], motion: str) -> dict[MemberId, str]:
    """Return what an adopted motion on an exclusion changes."""
    (proposed,) = (
        each.data
        for each in entries
        if isinstance(each.data, MotionProposed) and each.data.motion == motion
    )
    if not isinstance(proposed.effect, MeasureEffect | ReversalEffect):
        return {}
    (opened,) = (
        each.data
        for each in entries
        if isinstance(each.data, ProceedingOpened)
        and each.data.proceeding == proposed.effect.proceeding
    )
    status = "ended" if isinstance(proposed.effect, MeasureEffect) else "active"
    return {opened.member: status} if opened.measure == "exclusion" else {}
