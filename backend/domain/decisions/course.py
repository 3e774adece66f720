"""How a motion came to the vote: who called the session, when its members were told, how they could vote."""

from collections.abc import Iterator
from datetime import timedelta

from backend.domain.acts import DerivationStep
from backend.domain.assemblies import ends_at_opening
from backend.domain.ballots.early import early_rule, remaining
from backend.domain.deadlines import add, days_between, format_day, parse_day
from backend.domain.decisions.case import Case, met, step
from backend.domain.instants import parse_instant
from backend.domain.rulebook.rule import AnyMember, BodyParty, Party, SeatParty, ShareParty
from backend.domain.rulebook.sessions import (
    AgendaBinding,
    Channels,
    Convocation,
    Notice,
    SecondConvocation,
)
from backend.domain.rulebook.voting import Deliberation
from backend.domain.standing import franchise


def course(case: Case) -> Iterator[DerivationStep]:
    """Yield the steps from the convocation to the electorate.

    Raises:
        RuleViolation: The governing rulebook is silent on something asked for.
    """
    yield _convocation(case)
    yield from _notice(case)
    call = case.call
    channels = case.rulebook.maybe(Channels, call.session)
    if channels is not None:
        permitted = call.channel in channels.channels
        yield step(channels, {"channel": call.channel}, met(permitted), case.assembly.entry)
    binding = case.stated(AgendaBinding, call.session)
    if binding is not None:
        place = call.motions.index(case.motion.data.motion) + 1
        yield step(binding, {"place": str(place)}, "met", case.assembly.entry)
    yield from _deliberation(case)
    yield _ballot(case)
    right, item = franchise(case.session, case.rulebook), case.poll.item
    inputs: dict[str, str] = {
        "electorate": item.electorate.root,
        "electors": str(item.electorate.size),
    }
    if call.place is not None:
        inputs["territory"] = call.place
    yield step(
        right,
        inputs,
        met(right.modality != "must_not"),
        case.assembly.entry,
    )
    yield from _early(case)


def _early(case: Case) -> Iterator[DerivationStep]:
    """Say by what a vote could be closed before its time; that nothing was open was asked at the closing."""
    result, closed_at = case.poll.result, case.assembly.closed_at
    at_opening = ends_at_opening(case.state, case.call.assembly)
    rule = early_rule(case.state, case.call.assembly)
    if result is None or closed_at is None or rule is None or at_opening:
        return
    if closed_at < case.assembly.closes_at:
        yield step(
            rule,
            {
                "closed_at": closed_at,
                "closes_at": case.assembly.closes_at,
                "electors": str(case.poll.item.electorate.size),
                "remaining": str(remaining(case.state, result)),
            },
            "met",
            case.assembly.entry,
            case.poll.closed_entry,
        )


def _convocation(case: Case) -> DerivationStep:
    rule, call = case.rulebook.one(Convocation, case.call.session), case.call
    inputs: dict[str, str] = {"session": call.session}
    draft = None if call.draft is None else case.state.draft(call.draft)
    party = next((party for party in rule.by if _called_as(case, party)), None)
    if party is not None:
        inputs["called_by"] = party_key(party)
    if draft is not None:
        inputs["draft"] = draft.data.draft
    entries = (case.assembly.entry, draft.entry if draft else None)
    return step(rule, inputs, met(party is not None), *entries)


def _called_as(case: Case, party: Party) -> bool:
    """Tell whether the convener called as a party; that enough shared a draft was asked at the call."""
    seats = case.seats_of(case.assembly.convener, case.called_on)
    match party:
        case AnyMember():
            return True
        case BodyParty(body=body):
            return any(seat.body == body for seat in seats)
        case SeatParty(body=body, seat=kind):
            return any((seat.body, seat.seat) == (body, kind) for seat in seats)
        case _:
            if case.call.draft is None:
                return False
            return case.assembly.convener in case.state.draft(case.call.draft).supporters


def party_key(party: Party) -> str:
    """Return how a derivation writes who called a session."""
    match party:
        case BodyParty(body=body):
            return f"body {body}"
        case SeatParty(body=body, seat=seat):
            return f"seat {body}/{seat}"
        case ShareParty(threshold=threshold, body=body):
            return f"share {threshold} {body or 'members'}"
        case _:
            return "any_member"


def _notice(case: Case) -> Iterator[DerivationStep]:
    assembly, call = case.assembly, case.call
    called_on, opens_on = parse_day(case.called_on), parse_day(case.day(call.opens_at))
    second = None
    if call.round == 2:
        second = case.rulebook.one(SecondConvocation, call.session)
    notice = case.rulebook.maybe(Notice, call.session)
    if notice is not None:
        days = notice.days if second is None else second.notice_days
        given = days_between(called_on, opens_on)
        recorded = assembly.notice_entry is not None
        yield step(
            notice,
            {
                "called_on": case.called_on,
                "days": str(given),
                "opens_on": format_day(opens_on),
                "recorded": "yes" if recorded else "no",
                "required_days": str(days),
            },
            met(given >= days and (recorded or not notice.proven)),
            assembly.entry,
            assembly.notice_entry,
        )
    if second is not None and call.previous is not None:
        previous = case.state.assembly(call.previous)
        first_on = parse_day(case.day(previous.opens_at))
        last = add(first_on, second.within)
        yield step(
            second,
            {
                "first_on": format_day(first_on),
                "latest": format_day(last),
                "opens_on": format_day(opens_on),
                "previous": call.previous,
                "round": "2",
            },
            met(second.modality != "must_not" and opens_on <= last),
            previous.entry,
            assembly.entry,
        )


def _deliberation(case: Case) -> Iterator[DerivationStep]:
    rule = case.stated(Deliberation, case.kind)
    if rule is None:
        return
    changed_on = case.day(case.motion.changed_at)
    opens_on = case.day(case.call.opens_at)
    days = days_between(parse_day(changed_on), parse_day(opens_on))
    yield step(
        rule,
        {
            "changed_on": changed_on,
            "days": str(days),
            "opens_on": opens_on,
            "required_days": str(rule.days),
        },
        met(days >= rule.days),
        case.motion.entry,
        case.assembly.entry,
    )


def _ballot(case: Case) -> DerivationStep:
    rule, assembly = case.ballot, case.assembly
    open_for = parse_instant(assembly.closes_at) - parse_instant(assembly.opens_at)
    return step(
        rule,
        {
            "closes_at": assembly.closes_at,
            "method": rule.method,
            "opens_at": assembly.opens_at,
            "required_hours": str(rule.minimum_hours),
            "secrecy": rule.secrecy,
        },
        met(open_for >= timedelta(hours=rule.minimum_hours)),
        assembly.entry,
    )
