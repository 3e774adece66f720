"""How acts on the register change the state."""

from dataclasses import replace

from backend.domain.acts import (
    AdmissionObjected,
    AppealAnswered,
    AppealLodged,
    GroundsServed,
    LossCause,
    MeasureTaken,
    MemberAct,
    MemberAdmitted,
    MemberApplied,
    MemberId,
    MemberResigned,
    MembershipEnded,
    ProceedingOpened,
    ReplyGiven,
    Slug,
)
from backend.domain.deadlines import Day
from backend.domain.entry import Entry
from backend.domain.facts import EndCause, Mandate, Member, Proceeding
from backend.domain.instants import Instant
from backend.domain.rulebook.membership import Sanctions
from backend.domain.state import State


def fold_member_act(state: State, entry: Entry, data: MemberAct) -> State:  # noqa: C901, PLR0911 - one branch per act
    """Return the state after an act on the register.

    Raises:
        NotFoundError: No such member or proceeding.
    """
    match data:
        case MemberApplied(applicant=who):
            return put_member(
                state,
                Member(
                    who.member,
                    who.member_class,
                    who.key,
                    "applied",
                    founder=False,
                    entry=state.size,
                    applied_at=entry.at,
                ),
            )
        case AdmissionObjected(applicant=member):
            return put_member(state, replace(state.member(member), objected=True))
        case MemberAdmitted(member=member):
            return put_member(state, replace(state.member(member), status="active"))
        case MemberResigned(member=member):
            return end_membership(state, member, "resignation", entry.at)
        case MembershipEnded(member=member, cause=cause):
            return end_membership(state, member, cause, entry.at)
        case ProceedingOpened():
            return _put(state, Proceeding(data, entry.by, state.size, entry.at))
        case GroundsServed(proceeding=name, served_at=served_at):
            served = replace(state.proceeding(name), served_at=served_at, served_entry=state.size)
            return _put(state, served)
        case ReplyGiven(proceeding=name):
            return _put(state, replace(state.proceeding(name), replied=True))
        case MeasureTaken(proceeding=name, until=until):
            return take_measure(state, name, until, entry.at)
        case AppealLodged(proceeding=name):
            return _put(state, replace(state.proceeding(name), status="appealed"))
        case AppealAnswered(proceeding=name, upheld=upheld):
            return answer_appeal(state, name, upheld=upheld)


def put_member(state: State, member: Member) -> State:
    """Return the state with a member as given."""
    return replace(
        state,
        members=state.members.set(member.id, member),
        keys=state.keys.set(member.key, member.id),
    )


def end_membership(state: State, member: MemberId, cause: LossCause, at: Instant) -> State:
    """Return the state after a membership has ended, and every mandate with it.

    Raises:
        NotFoundError: No such member.
    """
    found = replace(state.member(member), status="ended", lost_by=cause)
    if cause == "resignation":
        found = replace(found, status="resigned")
    state = put_member(state, found)
    day = state.day_of(at)
    held = [
        each
        for each in state.mandates.values()
        if each.holder == member and (each.ended_on is None or each.ended_on > day)
    ]
    for mandate in sorted(held, key=lambda each: each.id):
        state = end_mandate(state, mandate, day, "loss")
    return state


def end_mandate(state: State, mandate: Mandate, day: Day, cause: EndCause) -> State:
    """Return the state after a mandate has ended before its term."""
    ended = replace(mandate, ended_on=day, cause=cause)
    return replace(state, mandates=state.mandates.set(mandate.id, ended))


def take_measure(state: State, proceeding: Slug, until: Day | None, at: Instant) -> State:
    """Return the state after the measure that a proceeding asks for was taken.

    Raises:
        NotFoundError: No such proceeding.
    """
    found = state.proceeding(proceeding)
    state = _put(state, replace(found, status="taken", taken_at=at))
    data = found.data
    if data.measure == "exclusion" or _step_effect(state, found) == "exclusion":
        return end_membership(state, data.member, "exclusion", at)
    if data.measure == "sanction" and until is not None:
        return put_member(state, replace(state.member(data.member), suspended_until=until))
    return state


def answer_appeal(state: State, proceeding: Slug, *, upheld: bool) -> State:
    """Return the state after an appeal was answered; a reversed measure is undone from here on.

    Raises:
        NotFoundError: No such proceeding.
    """
    found = state.proceeding(proceeding)
    state = _put(state, replace(found, status="upheld" if upheld else "reversed"))
    if upheld:
        return state
    member = state.member(found.data.member)
    restored = replace(member, suspended_until=None)
    if member.lost_by == "exclusion":
        restored = replace(restored, status="active", lost_by=None)
    return put_member(state, restored)


def _step_effect(state: State, proceeding: Proceeding) -> str | None:
    if proceeding.data.measure != "sanction":
        return None
    ladder = state.in_force().rulebook.maybe(Sanctions)
    steps = () if ladder is None else ladder.steps
    return next((step.effect for step in steps if step.sanction == proceeding.data.sanction), None)


def _put(state: State, proceeding: Proceeding) -> State:
    name = proceeding.data.proceeding
    return replace(state, proceedings=state.proceedings.set(name, proceeding))
