"""Bodies with their holders on a day, read from the folded state."""

from dataclasses import dataclass

from backend.domain.acts import Slug, Title
from backend.domain.deadlines import Day, parse_day
from backend.domain.mandates import SeatComposition, composition
from backend.domain.rulebook.bodies import Body
from backend.domain.state import State


@dataclass(frozen=True, slots=True)
class BodyView:
    """A body on a day."""

    body: Slug
    """Its id."""
    title: Title
    """What the statutes call it."""
    article: str
    """Article that creates it."""
    day: Day
    """The day."""
    seats: tuple[SeatComposition, ...]
    """Its kinds of seat with their holders, in the order of the statutes."""


def bodies_on(state: State, day: Day | None) -> list[BodyView]:
    """Return every body of the statutes in force, with who sits in it on a day.

    Args:
        state: Now.
        day: Any day since the founding; None for that of the last entry.

    Raises:
        InvalidInputError: No such day.
        NotFoundError: The day is before the founding.
        RuleViolation: The statutes of that day did not know a body of today's.
    """
    return [_view(state, rule, day) for rule in state.in_force().rulebook.every(Body)]


def body_on(state: State, body: Slug, day: Day | None) -> BodyView:
    """Return one body of the statutes in force on a day; see ``bodies_on``.

    Raises:
        RuleViolation: ``rule.missing``: the statutes know no such body.
    """
    return _view(state, state.in_force().rulebook.one(Body, body), day)


def _view(state: State, rule: Body, day: Day | None) -> BodyView:
    on = state.day_of(state.at) if day is None else day
    parse_day(on)
    return BodyView(rule.body, rule.title, rule.article, on, composition(state, rule.body, on))
