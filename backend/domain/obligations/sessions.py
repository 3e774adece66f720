"""Dates of sessions: those to be held, called on request, called again, and their minutes.

S1 a periodic session is due in its months of each run of calendar years; the first run is the first whose
months begin on the day the duty came into force, or later: nobody is late for months that had begun before.
S2 it is done when holdings ended in these months, or late but before the next run, and decided between them
every kind the agenda must have. S3 the current run is shown, the one before it when it was missed, the next
one when nothing is left to do in the current one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backend.domain.acts import MotionKind, Slug
from backend.domain.deadlines import add, calendar_window
from backend.domain.facts import Assembly
from backend.domain.instants import Instant
from backend.domain.obligations.due import ALARM_DAYS, Matter, bearers, day_in, said
from backend.domain.obligations.holdings import Holding, ended_on, holdings, inquorate
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.sessions import (
    AgendaDuty,
    Convocation,
    Minutes,
    OnRequest,
    Periodicity,
    SecondConvocation,
    Session,
)
from backend.domain.state import State


@dataclass(frozen=True, slots=True)
class Run:
    """A run of calendar years in which a session must be held."""

    year: int
    """Last year of the run."""
    first: date
    """First day of its months in the first year."""
    last: date
    """Last day of its months in the last year."""
    done: bool
    """Whether the session was held as it must be."""
    motions: tuple[MotionKind, ...]
    """Kinds of motion its agenda must have."""


def periodic_sessions(state: State, day: date) -> Iterator[Matter]:
    """Yield the sessions that must be held (S1 to S3).

    Raises:
        InvalidInputError: ``day.out_of_range``: the calendar ends.
    """
    for session in state.in_force().rulebook.every(Session):
        rule = _periodicity(state.in_force().rulebook, session.session)
        if rule is None:
            continue
        for run in runs(state, session.session, rule, day):
            yield Matter(
                kind="session",
                subject=f"{session.session}.{run.year}",
                rule=rule.reference(),
                first=run.first,
                last=run.last,
                title=session.title,
                done=run.done,
                bearer=rule.bearer,
                motions=run.motions,
                alarm_days=ALARM_DAYS,
            )


def next_run(state: State, session: Slug, since: date) -> Run | None:
    """Return the first run not done that ends on a day or later; None where the session is not periodic.

    Args:
        state: What is known.
        session: The session.
        since: The run's last day is not before this day.

    Raises:
        InvalidInputError: ``day.out_of_range``: the calendar ends.
    """
    rule = _periodicity(state.in_force().rulebook, session)
    if rule is None:
        return None
    every = _every_run(state, session, rule)
    return next(run for run in every if not run.done and run.last >= since)


def runs(state: State, session: Slug, rule: Periodicity, day: date) -> tuple[Run, ...]:
    """Return the runs to be shown on a day (S3), first to last."""
    every = _every_run(state, session, rule)
    shown = [next(every)]
    while shown[-1].first <= day:
        shown.append(next(every))
    *begun, coming = shown
    if not begun:
        return (coming,)
    current = begun[-1]
    if current.last < day:
        return (current, coming)
    missed = tuple(run for run in begun[-2:-1] if not run.done)
    return (*missed, current, *((coming,) if current.done else ()))


def requested_sessions(state: State) -> Iterator[Matter]:
    """Yield the calls that members may demand: the convener has so many days from the complete demand."""
    rulebook = state.in_force().rulebook
    for name, draft in state.drafts.items():
        rule = said(rulebook, OnRequest, draft.data.session)
        if rule is None or draft.complete_at is None:
            continue
        convocation = said(rulebook, Convocation, draft.data.session)
        complete = day_in(state, draft.complete_at)
        yield Matter(
            kind="convocation",
            subject=name,
            rule=rule.reference(),
            first=complete,
            last=complete + timedelta(days=rule.within_days),
            title=draft.data.title,
            done=draft.assembly is not None,
            bearer=rule.bearer or ("" if convocation is None else convocation.bearer),
        )


def second_convocations(state: State) -> Iterator[Matter]:
    """Yield the windows in which sessions that were not quorate may, or must, be held again.

    A window begins on the earliest day on which the second session can open: notice goes out on the day the
    first one failed at the earliest, which is its opening where attendance was counted there.
    """
    rulebook = state.in_force().rulebook
    called = {each.data.call.previous for each in state.assemblies.values()}
    for name, assembly in state.assemblies.items():
        call = assembly.data.call
        rule = said(rulebook, SecondConvocation, call.session)
        if rule is None or call.round != 1 or not assembly.closed or not inquorate(state, name):
            continue
        opened = day_in(state, assembly.opens_at)
        failed = ended_on(state, assembly) if assembly.opened is None else opened
        yield Matter(
            kind="second_convocation",
            subject=name,
            rule=rule.reference(),
            first=failed + timedelta(days=rule.notice_days),
            last=add(opened, rule.within),
            title=call.title,
            duty=rule.modality == "must",
            done=name in called,
            bearer=rule.bearer,
        )


def minutes_due(state: State) -> Iterator[Matter]:
    """Yield the minutes of closed sessions, under the rules that governed them."""
    for name, assembly in state.assemblies.items():
        rulebook = state.governing(name)
        rule = said(rulebook, Minutes, assembly.data.call.session)
        if rule is None or rule.modality != "must" or not assembly.closed:
            continue
        ended = ended_on(state, assembly)
        yield Matter(
            kind="minutes",
            subject=name,
            rule=rule.reference(),
            first=ended,
            last=ended + timedelta(days=rule.within_days),
            title=assembly.data.call.title,
            done=assembly.minutes_entry is not None,
            bearer=rule.bearer or bearers(rulebook, rule.by),
        )


def _periodicity(rulebook: Rulebook, session: Slug) -> Periodicity | None:
    rule = said(rulebook, Periodicity, session)
    return None if rule is None or rule.modality != "must" else rule


def _in_force_since(state: State, session: Slug) -> Instant:
    """Return since when the session must be held without a break: statutes may change in between."""
    since = state.in_force().adopted_at
    for version in reversed(state.statutes):
        if _periodicity(version.rulebook, session) is None:
            break
        since = version.adopted_at
    return since


def _every_run(state: State, session: Slug, rule: Periodicity) -> Iterator[Run]:
    since = day_in(state, _in_force_since(state, session))
    year = since.year if _months(rule, since.year)[0] >= since else since.year + 1
    held = holdings(state, session)
    while True:
        last_year = year + rule.every_years - 1
        windows = {each: _months(rule, each) for each in range(year, last_year + 1)}
        end, following = windows[last_year][1], _months(rule, last_year + 1)[0]
        in_time = {
            each: [one for one in held if first <= one.ended <= last]
            for each, (first, last) in windows.items()
        }
        late = [one for one in held if end < one.ended < following]
        met = [one for found in in_time.values() for one in found] + late
        motions = _duties(state, session, met)
        done = bool(met) and frozenset(motions) <= _kinds(met)
        yield Run(last_year, windows[year][0], end, done, motions)
        years = [each for each, found in in_time.items() if found]
        # A holding in its months begins the count of years anew; a late one does not stretch the run.
        year = years[-1] + 1 if done and years else last_year + 1


def _months(rule: Periodicity, year: int) -> tuple[date, date]:
    """Return the first and last day of the months that begin in a year; they may run into the next."""
    if rule.first_month <= rule.last_month:
        return calendar_window(year, rule.first_month, rule.last_month)
    first, _ = calendar_window(year, rule.first_month, 12)
    _, last = calendar_window(year + 1, 1, rule.last_month)
    return first, last


def _duties(state: State, session: Slug, met: Sequence[Holding]) -> tuple[MotionKind, ...]:
    """Return what the agenda must have: as the last holding was governed, or as the rules are now."""
    rulebook = _governing(state, met[-1].assembly) if met else state.in_force().rulebook
    rule = said(rulebook, AgendaDuty, session)
    return () if rule is None or rule.modality != "must" else rule.motions


def _governing(state: State, assembly: Assembly) -> Rulebook:
    return state.governing(assembly.data.call.assembly)


def _kinds(met: Sequence[Holding]) -> frozenset[MotionKind]:
    return frozenset(kind for holding in met for kind in holding.decided)
