"""Dates of seats: mandates that end, seats below their minimum, the time in which co-option is open.

T1 a mandate is worth attention from ``ALARM_DAYS`` before its last day. T2 it is done when the day after
has as many holders in that kind of seat as its last day. T3 otherwise, once it is over, it is overdue while
the seat has fewer holders in their term than the statutes ask for; of several that ended, the latest are.
T4 a holder who stays after the term until replaced keeps the seat, yet the renewal is late. T5 seats that
nobody ever held are overdue from the day after the statutes, or a decision beside them, asked for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from backend.domain.acts import Slug
from backend.domain.deadlines import add, parse_day
from backend.domain.errors import RuleReference
from backend.domain.facts import Mandate
from backend.domain.instants import Instant
from backend.domain.obligations.due import (
    ALARM_DAYS,
    BUILT_IN,
    Matter,
    body_title,
    day_in,
    said,
    seat_title,
)
from backend.domain.rulebook.bodies import Body, CoOption, Term
from backend.domain.rulebook.book import Rulebook
from backend.domain.state import State

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Tenure:
    """A mandate with the days on which it counts towards its seat."""

    mandate: Mandate
    first: date
    last: date

    def counts(self, day: date) -> bool:
        return self.first <= day <= self.last


def mandates_ending(state: State, day: date) -> Iterator[Matter]:
    """Yield every mandate with the end of its term, and every seat that was never filled (T1 to T5)."""
    rulebook = state.in_force().rulebook
    for body, seat in _seats(state, rulebook):
        tenures = _tenures(state, body, seat)
        title, minimum = seat_title(rulebook, body, seat), _minimum(rulebook, body, seat)
        losses = [each for each in tenures if not _succeeded(tenures, each)]
        vacant = _vacant(tenures, losses, minimum, day)
        for tenure in tenures:
            needed = tenure in _vacant(tenures, losses, minimum, tenure.last + _ONE_DAY)
            filled = needed and tenure not in vacant and tenure.last < day
            yield _ending(
                _reference(rulebook, body),
                tenure,
                title,
                duty=needed,
                done=filled or tenure not in losses,
            )
        ended = sum(each.last < day for each in losses)
        if minimum - _count(tenures, day) > ended:
            yield _never_filled(state, body, seat, title)


def co_options(state: State) -> Iterator[Matter]:
    """Yield the time after the founding in which bodies may take in further holders."""
    rulebook = state.in_force().rulebook
    founded = day_in(state, state.version(1).adopted_at)
    for rule in rulebook.every(CoOption):
        for body in rule.bodies:
            if said(rulebook, CoOption, body) != rule:
                continue
            yield Matter(
                kind="co_option",
                subject=body,
                rule=rule.reference(),
                first=founded,
                last=add(founded, rule.within),
                title=body_title(rulebook, body),
                duty=False,
                bearer=rule.bearer,
            )


def _ending(rule: RuleReference, tenure: _Tenure, title: str, *, duty: bool, done: bool) -> Matter:
    early = tenure.last < parse_day(tenure.mandate.ends)
    return Matter(
        kind="mandate",
        subject=tenure.mandate.id,
        rule=rule,
        first=tenure.last if early else max(tenure.first, tenure.last - ALARM_DAYS * _ONE_DAY),
        last=tenure.last,
        title=title,
        duty=duty,
        done=done,
        alarm_days=ALARM_DAYS,
    )


def _never_filled(state: State, body: Slug, seat: Slug, title: str) -> Matter:
    rulebook = state.in_force().rulebook
    rule = rulebook.one(Body, body)
    since = state.in_force().adopted_at
    for version in reversed(state.statutes):
        if _minimum(version.rulebook, body, seat) == 0:
            break
        since = version.adopted_at
    asked = day_in(state, max(since, _decided_at(state, rulebook, rule.id)))
    return Matter(
        kind="vacancy",
        subject=f"{body}.{seat}",
        rule=rule.reference(),
        first=asked,
        last=asked,
        title=title,
        bearer=rule.bearer,
    )


def _decided_at(state: State, rulebook: Rulebook, rule: Slug) -> Instant:
    """Return when a decision put a rule beside the statutes; the founding for a rule that they state."""
    for added in rulebook.supplements:
        if any(each.id == rule for each in added.rules) and added.motion in state.decisions:
            return state.assembly(state.decisions[added.motion].assembly).closes_at
    return state.version(1).adopted_at


def _seats(state: State, rulebook: Rulebook) -> list[tuple[Slug, Slug]]:
    """Return the kinds of seat there are, and those there were."""
    known = {(rule.body, each.seat) for rule in rulebook.every(Body) for each in rule.seats}
    return sorted(known | {(each.body, each.seat) for each in state.mandates.values()})


def _tenures(state: State, body: Slug, seat: Slug) -> list[_Tenure]:
    """Return when mandates in a kind of seat counted; those that ended before they began never did."""
    found = [
        _Tenure(mandate, parse_day(mandate.starts), _last(mandate))
        for mandate in sorted(state.mandates.values(), key=lambda each: (each.entry, each.id))
        if (mandate.body, mandate.seat) == (body, seat)
    ]
    return [each for each in found if each.first <= each.last]


def _last(mandate: Mandate) -> date:
    """Return the last day on which a mandate counts towards its seat (T4)."""
    ends = parse_day(mandate.ends)
    if mandate.ended_on is None:
        return ends
    before = parse_day(mandate.ended_on) - _ONE_DAY
    return before if mandate.cause == "replacement" else min(ends, before)


def _vacant(
    tenures: list[_Tenure], losses: list[_Tenure], minimum: int, day: date
) -> list[_Tenure]:
    """Return the mandates whose seats are vacant on a day, against the minimum (T3).

    Args:
        tenures: Every mandate in the kind of seat.
        losses: Those of them without successor.
        minimum: Holders there must be.
        day: The day.
    """
    ended = sorted(
        (each for each in losses if each.last < day),
        key=lambda each: (each.last, each.mandate.entry, each.mandate.id),
        reverse=True,
    )
    return ended[: max(minimum - _count(tenures, day), 0)]


def _succeeded(tenures: list[_Tenure], tenure: _Tenure) -> bool:
    """Tell whether as many hold the seat the day after as on the last day (T2)."""
    return _count(tenures, tenure.last + _ONE_DAY) >= _count(tenures, tenure.last)


def _count(tenures: list[_Tenure], day: date) -> int:
    return sum(each.counts(day) for each in tenures)


def _minimum(rulebook: Rulebook, body: Slug, seat: Slug) -> int:
    rule = said(rulebook, Body, body)
    seats = () if rule is None else rule.seats
    return next((each.minimum for each in seats if each.seat == seat), 0)


def _reference(rulebook: Rulebook, body: Slug) -> RuleReference:
    rule = said(rulebook, Term, body) or said(rulebook, Body, body)
    return BUILT_IN if rule is None else rule.reference()
