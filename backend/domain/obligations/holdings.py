"""Sessions that were held: closed, and quorate for at least one motion."""

from dataclasses import dataclass
from datetime import date, timedelta

from backend.domain.acts import MotionKind, Slug
from backend.domain.facts import Assembly
from backend.domain.instants import format_instant, parse_instant
from backend.domain.obligations.due import day_in
from backend.domain.state import State

_LAST_MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Holding:
    """A session that was held."""

    assembly: Assembly
    """The assembly."""
    opened: date
    """Day on which it opened."""
    ended: date
    """Last day of its vote."""
    decided: frozenset[MotionKind]
    """Kinds of motion it decided, whatever the outcome."""


def holdings(state: State, session: Slug) -> tuple[Holding, ...]:
    """Return the holdings of a session, first ended first.

    A session that was not quorate for any motion was called, not held.
    """
    held = []
    for name, assembly in state.assemblies.items():
        if assembly.data.call.session != session or not assembly.closed:
            continue
        decided = frozenset(
            state.motion(motion).data.kind for motion in _decided(state, name, quorate=True)
        )
        if decided:
            opened, ended = day_in(state, assembly.opens_at), ended_on(state, assembly)
            held.append(Holding(assembly, opened, ended, decided))
    return tuple(sorted(held, key=lambda each: (each.ended, each.assembly.entry)))


def inquorate(state: State, assembly: Slug) -> bool:
    """Tell whether an assembly left a motion undecided for want of a quorum."""
    again = any(each.data.call.previous == assembly for each in state.assemblies.values())
    return again or bool(_decided(state, assembly, quorate=False))


def ended_on(state: State, assembly: Assembly) -> date:
    """Return the last day on which an assembly takes ballots.

    ``closes_at`` is the first instant at which it no longer does: a vote that closes at midnight ended on
    the day before.
    """
    last = parse_instant(assembly.closes_at) - _LAST_MOMENT
    return day_in(state, format_instant(last))


def _decided(state: State, assembly: Slug, *, quorate: bool) -> list[Slug]:
    """Return the motions that an assembly decided, or those for which it had no quorum."""
    return [
        motion
        for motion in state.assembly(assembly).data.call.motions
        if (decision := state.decisions.get(motion)) is not None
        and decision.assembly == assembly
        and (decision.outcome != "no_quorum") == quorate
    ]
