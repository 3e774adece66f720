"""Which letters an entry gives rise to, so that nobody has to think of sending them.

The state may be of a later moment than the entry: what is read of it was fixed by then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from backend.domain.acts import (
    Act,
    AdmissionRefused,
    AppealAnswered,
    AssemblyAdjourned,
    AssemblyClosed,
    AssemblyConvened,
    CidText,
    DecisionMade,
    GroundsServed,
    KeyBound,
    KeyEnrolled,
    KeyRevoked,
    KeysRecovered,
    MeasureEffect,
    MeasureTaken,
    MemberAdmitted,
    MemberApplied,
    MemberId,
    MemberKeyAct,
    MemberResigned,
    MembershipEnded,
    OrganisationFounded,
    RepresentativeNamed,
    ReversalEffect,
    Slug,
)
from backend.domain.deadlines import local_clock
from backend.domain.entry import Entry
from backend.domain.errors import RuleViolation
from backend.domain.facts import Assembly
from backend.domain.instants import Instant
from backend.domain.rulebook.membership import Admission, DueProcess
from backend.domain.state import State

CONVOCATIONS = ("convocation", "second_convocation")
"""Templates that tell an elector of a session."""

KEY_CHANGES: Mapping[type[MemberKeyAct], str] = {
    KeyBound: "enrolled",
    KeyEnrolled: "enrolled",
    KeyRevoked: "revoked",
    KeysRecovered: "recovered",
    RepresentativeNamed: "represented",
}
"""What each act on keys changes, as letters have words for."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """A letter that an entry gives rise to."""

    member: MemberId
    """To whom."""
    template: str
    """Name of its text."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What fills it."""
    about: str = ""
    """What it is about: an assembly, a proceeding; empty for none."""


def announcements(state: State, entry: Entry, *, address: str) -> tuple[Announcement, ...]:
    """Return the letters that an entry gives rise to, in order of members; most entries to none.

    Args:
        state: After the entry, or later.
        entry: The entry.
        address: Where the server is reached, without a slash at its end.

    Raises:
        GovernanceError: The state is not one after the entry.
    """
    match entry.data:
        case AssemblyConvened() | AssemblyAdjourned() | AssemblyClosed():
            return _of_assembly(state, entry.data, address)
        case GroundsServed() | MeasureTaken() | AppealAnswered() | DecisionMade():
            return _of_proceeding(state, entry.data, address)
        case KeyBound() | KeyEnrolled() | KeyRevoked() | KeysRecovered() | RepresentativeNamed():
            change = KEY_CHANGES[type(entry.data)]
            return (Announcement(entry.data.member, "key_changed", {"change": change}),)
        case AdmissionRefused(applicant=member, reasons=reasons):
            return (_refused(state, member, _document(address, reasons)),)
        case _:
            return _of_register(entry.data, address)


def _of_register(data: Act, address: str) -> tuple[Announcement, ...]:
    match data:
        case OrganisationFounded(founders=founders):
            return tuple(_welcome(founder.member, address) for founder in founders)
        case MemberApplied(applicant=applicant):
            return (Announcement(applicant.member, "application_received"),)
        case MemberAdmitted(member=member):
            return (_welcome(member, address),)
        case MemberResigned(member=member):
            return (_ended(member, "resignation"),)
        case MembershipEnded(member=member, cause=cause):
            return (_ended(member, cause),)
        case _:
            return ()


def _welcome(member: MemberId, address: str) -> Announcement:
    return Announcement(member, "welcome", {"address": address})


def _ended(member: MemberId, cause: str) -> Announcement:
    return Announcement(member, "membership_ended", {"cause": cause})


def _refused(state: State, member: MemberId, reasons: str) -> Announcement:
    values = {"reasons": reasons, "appeal_days": _appeal_days(state, member)}
    return Announcement(member, "application_refused", values)


def _appeal_days(state: State, member: MemberId) -> str:
    """Return the days to appeal against a refusal, as an appeal of now would be judged."""
    rulebook = state.in_force().rulebook
    try:
        rule = rulebook.one(Admission, state.member(member).member_class)
    except RuleViolation:
        # The statutes changed since and say nothing any more: nobody hears an appeal.
        return "none"
    return "none" if rule.appeal_to is None else str(rule.appeal_days)


def _of_assembly(
    state: State, data: AssemblyConvened | AssemblyAdjourned | AssemblyClosed, address: str
) -> tuple[Announcement, ...]:
    name = data.call.assembly if isinstance(data, AssemblyConvened) else data.assembly
    assembly = state.assembly(name)
    title = assembly.data.call.title
    match data:
        case AssemblyConvened():
            template, values = _convocation(state, assembly, address)
        case AssemblyAdjourned(opens_at=opens_at, closes_at=closes_at):
            template = "postponed"
            values = {"assembly": title, **_times(state, name, opens_at, closes_at)}
        case AssemblyClosed():
            template, values = "results", {"assembly": title, "address": address}
    return tuple(
        Announcement(member, template, values, name) for member in sorted(assembly.electors)
    )


def _convocation(state: State, assembly: Assembly, address: str) -> tuple[str, dict[str, str]]:
    call = assembly.data.call
    titles = [state.motion(motion).data.title for motion in call.motions]
    values = {
        "assembly": call.title,
        **_times(state, call.assembly, call.opens_at, call.closes_at),
        "channel": call.channel,
        "voting": call.channel,
        # A title of several lines would pass for several points.
        "agenda": "\n".join(
            f"{number}. {' '.join(title.split())}" for number, title in enumerate(titles, start=1)
        ),
        "address": address,
    }
    if call.previous is None:
        return "convocation", values
    previous = state.assembly(call.previous).data.call.title
    return "second_convocation", {**values, "previous": previous}


def _times(state: State, assembly: Slug, opens_at: Instant, closes_at: Instant) -> dict[str, str]:
    zone = state.governing(assembly).time_zone
    return {
        "opens": local_clock(opens_at, zone),
        "closes": local_clock(closes_at, zone),
        "zone": zone,
    }


def _of_proceeding(
    state: State,
    data: GroundsServed | MeasureTaken | AppealAnswered | DecisionMade,
    address: str,
) -> tuple[Announcement, ...]:
    match data:
        case GroundsServed(proceeding=name):
            return (_served(state, name, address),)
        case MeasureTaken(proceeding=name, reasons=reasons):
            return (_measure(state, name, _document(address, reasons)),)
        case AppealAnswered(proceeding=name, upheld=upheld, reasons=reasons):
            document = _document(address, reasons)
            return (_answer(state, name, document, "upheld" if upheld else "reversed"),)
        case DecisionMade():
            return _decided(state, data, address)


def _served(state: State, name: Slug, address: str) -> Announcement:
    opened = state.proceeding(name).data
    process = state.in_force().rulebook.one(DueProcess, opened.measure)
    values = {
        "proceeding": name,
        "measure": opened.measure,
        "grounds": _document(address, opened.grounds),
        "reply_days": str(process.reply_days),
    }
    return Announcement(opened.member, "proceeding_served", values, name)


def _measure(state: State, name: Slug, reasons: str) -> Announcement:
    opened = state.proceeding(name).data
    values = {"proceeding": name, "measure": opened.measure, "reasons": reasons}
    return Announcement(opened.member, "measure_taken", values, name)


def _answer(
    state: State, name: Slug, reasons: str, answer: Literal["upheld", "reversed"]
) -> Announcement:
    values = {"proceeding": name, "answer": answer, "reasons": reasons}
    return Announcement(state.proceeding(name).data.member, "appeal_answered", values, name)


def _decided(state: State, data: DecisionMade, address: str) -> tuple[Announcement, ...]:
    """Return the letter about a measure that an assembly took, or answered an appeal against."""
    reasons = f"{address}/v1/organisations/{state.founded().slug}/decisions/{data.motion}"
    match state.motion(data.motion).data.effect, data.outcome:
        case MeasureEffect(proceeding=name), "adopted":
            return (_measure(state, name, reasons),)
        case ReversalEffect(proceeding=name), "adopted":
            return (_answer(state, name, reasons, "reversed"),)
        case ReversalEffect(proceeding=name), "rejected":
            return (_answer(state, name, reasons, "upheld"),)
        case _:
            return ()


def _document(address: str, cid: CidText) -> str:
    return f"{address}/v1/documents/{cid}"
