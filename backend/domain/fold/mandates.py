"""How mandates are given and end."""

from collections.abc import Iterable, Sequence
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

    Holders of the same kind of seat whose term is over, and the oldest beyond the number of seats there
    are, are replaced from the first day of the new mandates.

    Args:
        state: Before.
        mandates: New mandates, of one body.
        rulebook: Rules that say how many seats there are.
    """
    for mandate in mandates:
        if mandate.way == "designation":
            state = _replace_holders(state, mandate, mandates, rulebook)
    return replace(
        state, mandates=state.mandates.update({mandate.id: mandate for mandate in mandates})
    )


def term_of(rulebook: Rulebook, body: Slug, starts: Day) -> tuple[Day, bool]:
    """Return the last day of a mandate in a body, and whether its holder then stays until replaced.

    The term is counted from day to day: a mandate of a year that starts on 14 March ends on 14 March.

    Raises:
        RuleViolation: The rulebook is silent on the term.
    """
    rule = rulebook.one(Term, body)
    return format_day(add(parse_day(starts), rule.duration)), rule.holds_over


def _replace_holders(
    state: State, mandate: Mandate, given: Iterable[Mandate], rulebook: Rulebook
) -> State:
    day = mandate.starts
    seats = rulebook.one(Body, mandate.body).seats
    maximum = next((each.maximum for each in seats if each.seat == mandate.seat), None)
    holders = [
        each
        for each in state.mandates.values()
        if (each.body, each.seat) == (mandate.body, mandate.seat) and each.held_on(day)
    ]
    oldest_first = sorted(holders, key=lambda each: (each.starts, each.entry, each.id))
    over = [each for each in oldest_first if each.ends <= day]
    if maximum is not None:
        new = sum(each.seat == mandate.seat for each in given)
        over = oldest_first[: max(len(over), len(oldest_first) + new - maximum)]
    for each in over:
        state = end_mandate(state, each, day, "replacement")
    return state
