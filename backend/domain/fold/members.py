"""How acts on the register change the state."""

from dataclasses import replace

from backend.domain.acts import (
    AdmissionObjected,
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
from backend.domain.facts import EndCause, Mandate, Member, Proceeding, RegisterEffect
from backend.domain.instants import Instant
from backend.domain.rulebook.book import Rulebook
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
                    (who.key,),
                    "applied",
                    founder=False,
                    entry=state.size,
                    applied_at=entry.at,
                ),
            )
        case AdmissionObjected(applicant=member):
            return put_member(state, replace(state.member(member), objected=True))
        case MemberAdmitted(member=member):
            return put_member(
                state, replace(state.member(member), status="active", since=state.size)
            )
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
            return take_measure(state, name, until, entry.at, state.in_force().rulebook)
        case AppealLodged(proceeding=name):
            return _put(state, replace(state.proceeding(name), status="appealed"))
        case _:
            return answer_appeal(state, data.proceeding, upheld=data.upheld)


def put_member(state: State, member: Member) -> State:
    """Return the state with a member as given."""
    keys = state.keys
    for key in member.keys:
        if key not in keys:
            keys = keys.set(key, member.id)
    return replace(state, members=state.members.set(member.id, member), keys=keys)


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
        each for each in state.mandates.values() if each.holder == member and not each.over_on(day)
    ]
    for mandate in sorted(held, key=lambda each: each.id):
        state = end_mandate(state, mandate, day, "loss")
    return state


def end_mandate(state: State, mandate: Mandate, day: Day, cause: EndCause) -> State:
    """Return the state after a mandate has ended before its term."""
    ended = replace(mandate, ended_on=day, cause=cause)
    return replace(state, mandates=state.mandates.set(mandate.id, ended))


def take_measure(
    state: State, proceeding: Slug, until: Day | None, at: Instant, rulebook: Rulebook
) -> State:
    """Return the state after the measure that a proceeding asks for was taken.

    What a motion decides after the proceeding was decided elsewhere, or the member left, changes nothing.

    Args:
        state: Before.
        proceeding: The proceeding.
        until: Last day of a suspension.
        at: When it was decided.
        rulebook: Rules that govern the decision.

    Raises:
        NotFoundError: No such proceeding.
    """
    found = state.proceeding(proceeding)
    data = found.data
    if found.status != "open" or state.member(data.member).status != "active":
        return state
    effect = _effect_of(data, rulebook)
    taken = replace(found, status="taken", taken_at=at, effect=effect, until=until)
    state = _put(state, taken)
    if effect == "exclusion":
        return end_membership(state, data.member, "exclusion", at)
    return _suspend(state, data.member)


def refuse_measure(state: State, proceeding: Slug) -> State:
    """Return the state after those who decide refused the measure that a proceeding asks for.

    Raises:
        NotFoundError: No such proceeding.
    """
    found = state.proceeding(proceeding)
    return _put(state, replace(found, status="refused")) if found.status == "open" else state


def answer_appeal(state: State, proceeding: Slug, *, upheld: bool) -> State:
    """Return the state after an appeal was answered; a reversed measure is undone from here on.

    A mandate that was revoked goes on, unless somebody was given such a seat since.

    Raises:
        NotFoundError: No such proceeding.
    """
    found = state.proceeding(proceeding)
    if found.status != "appealed":
        return state
    state = _put(state, replace(found, status="upheld" if upheld else "reversed"))
    if upheld:
        return state
    if found.effect == "exclusion":
        restored = replace(state.member(found.data.member), status="active", lost_by=None)
        state = put_member(state, restored)
    if found.effect == "revocation" and found.data.mandate is not None:
        state = _restore(state, state.mandate(found.data.mandate))
    return _suspend(state, found.data.member)


def _suspend(state: State, member: MemberId) -> State:
    """Return the state with a member suspended as long as the measures that stand say."""
    until = [
        each.until
        for each in state.proceedings.values()
        if each.data.member == member
        and each.effect == "suspension"
        and each.until is not None
        and each.status in ("taken", "appealed", "upheld")
    ]
    return put_member(
        state, replace(state.member(member), suspended_until=max(until, default=None))
    )


def _restore(state: State, mandate: Mandate) -> State:
    filled = any(
        (each.body, each.seat) == (mandate.body, mandate.seat)
        and mandate.ended_on is not None
        and each.starts >= mandate.ended_on
        for each in state.mandates.values()
    )
    if filled or state.member(mandate.holder).status != "active":
        return state
    restored = replace(mandate, ended_on=None, cause=None)
    return replace(state, mandates=state.mandates.set(mandate.id, restored))


def _effect_of(data: ProceedingOpened, rulebook: Rulebook) -> RegisterEffect:
    """Return what the measure does on the register."""
    if data.measure != "sanction":
        return data.measure
    ladder = rulebook.maybe(Sanctions)
    for step in () if ladder is None else ladder.steps:
        if step.sanction == data.sanction and step.effect != "referral":
            return step.effect
    return "none"


def _put(state: State, proceeding: Proceeding) -> State:
    name = proceeding.data.proceeding
    return replace(state, proceedings=state.proceedings.set(name, proceeding))
