"""How mandates are given and end."""

from collections.abc import Sequence
from dataclasses import replace

from backend.domain.acts import MandateAct, MandateResigned, Slug
from backend.domain.deadlines import Day, add, format_day, parse_day
from backend.domain.entry import Entry
from backend.domain.facts import Mandate
from backend.domain.fold.members import end_mandate
from backend.domain.rulebook.bodies import Body, Term
from backend.domain.rulebook.book import Rulebook
from backend.domain.state import State


def fold_mandate_act(state: State, entry: Entry, data: MandateAct) -> State:
    """Return the state after an act of a holder of a seat.

    Raises:
        NotFoundError: No such mandate.
    """
    mandate, day = state.mandate(data.mandate), state.day_of(entry.at)
    match data:
        case MandateResigned():
            return end_mandate(state, mandate, day, "resignation")
        case _:
            return end_mandate(state, mandate, day, "absence")


def give_mandates(state: State, mandates: Sequence[Mandate], rulebook: Rulebook) -> State:
    """Return the state after seats were filled.

    Whoever holds such a seat after the term is replaced from the first day of a new mandate; nobody whose
    term goes on is. Where two decisions fill the same seat, the first does.

    Args:
        state: Before.
        mandates: New mandates, of one body.
        rulebook: Rules that say how many seats there are.
    """
    for mandate in mandates:
        if mandate.way == "designation":
            state = _replace_holders(state, mandate)
        if _has_room(state, mandate, rulebook):
            state = replace(state, mandates=state.mandates.set(mandate.id, mandate))
    return state


def term_of(rulebook: Rulebook, body: Slug, starts: Day) -> tuple[Day, bool]:
    """Return the last day of a mandate in a body, and whether its holder then stays until replaced.

    The term is counted from day to day: a mandate of a year that starts on 14 March ends on 14 March.

    Raises:
        RuleViolation: The rulebook is silent on the term.
    """
    rule = rulebook.one(Term, body)
    return format_day(add(parse_day(starts), rule.duration)), rule.holds_over


def _replace_holders(state: State, mandate: Mandate) -> State:
    for each in _in_seat(state, mandate):
        if each.ends <= mandate.starts:
            state = end_mandate(state, each, mandate.starts, "replacement")
    return state


def _has_room(state: State, mandate: Mandate, rulebook: Rulebook) -> bool:
    seats = rulebook.one(Body, mandate.body).seats
    maximum = next((each.maximum for each in seats if each.seat == mandate.seat), None)
    return maximum is None or len(_in_seat(state, mandate)) < maximum


def _in_seat(state: State, mandate: Mandate) -> list[Mandate]:
    """Return the mandates in the same kind of seat that are not over when a mandate starts, by id."""
    found = [
        each
        for each in state.mandates.values()
        if (each.body, each.seat) == (mandate.body, mandate.seat)
        and not each.over_on(mandate.starts)
    ]
    return sorted(found, key=lambda each: each.id)
