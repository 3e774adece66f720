"""Motions that put several options to the vote: which those are, and the contest that is counted.

N1 an election that chooses among candidates has as options the ids of the mandates they would hold; they are
candidates for one kind of seat, and fewer or as many are chosen. N2 a selection has the options it names; a
status quo is one of them. N3 a budget is shared out by the method made for it, and by no other; every option
then has a cost, and none is the status quo, which would cost nothing. N4 ``blank`` and ``none`` are no
options: they say that nothing was chosen. N5 methods that choose one option are asked for one.
"""

from backend.domain.acts import Effect, ElectionEffect, SelectionEffect, Slug
from backend.domain.errors import InvalidInputError, RuleViolation
from backend.domain.methods.choices import BLANK, UNDECLARED
from backend.domain.methods.contest import MAX_OPTIONS, Contest, Order
from backend.domain.rulebook.voting import BallotRule

SINGLE_CHOICE_METHODS = frozenset({"two_round", "instant_runoff"})
"""Methods that choose one option, whatever the number of places."""


def contest_of(effect: Effect, rule: BallotRule, priority: Order = ()) -> Contest:
    """Return what is counted when a motion puts several options to the vote.

    Args:
        effect: A selection, or an election among candidates.
        rule: How it is voted.
        priority: Order of options that figures leave equal.

    Raises:
        InvalidInputError: ``contest.none``: the motion is one proposal.
    """
    match effect:
        case ElectionEffect(elects=seats) if seats:
            options = [given.mandate for given in effect.seats]
            costs: dict[Slug, int] = {}
            budget = 0
        case SelectionEffect():
            options = [each.option for each in effect.options]
            costs = {each.option: each.cost for each in effect.options if each.cost}
            seats, budget = (len(options) if effect.budget else effect.chosen), effect.budget
        case _:
            raise InvalidInputError(
                "contest.none", expected="a motion with several options", found="one proposal"
            )
    return Contest(
        options=tuple(sorted(options)),
        seats=seats,
        grades=len(rule.grades),
        highest=rule.highest,
        approvals=rule.approvals,
        credits=rule.credits,
        costs=costs,
        budget=budget,
        blanks_cast=rule.blanks_cast,
        priority=priority,
    )


def check_candidates(effect: ElectionEffect) -> None:
    """Check the candidates of an election that chooses among them (N1, N4).

    Raises:
        InvalidInputError: ``contest.candidates``, ``contest.blank``, ``contest.seats`` or
            ``contest.places``.
    """
    options = tuple(given.mandate for given in effect.seats)
    _check_options(options)
    if len({given.seat for given in effect.seats}) != 1:
        raise InvalidInputError(
            "contest.seats", expected="candidates for one kind of seat", found="several kinds"
        )
    if len({given.holder for given in effect.seats}) != len(options):
        raise InvalidInputError(
            "contest.candidates", expected="each candidate once", found="one twice"
        )
    if not 1 <= effect.elects <= len(options):
        raise InvalidInputError(
            "contest.places", expected=f"1 to {len(options)} places", found=str(effect.elects)
        )


def check_places(effect: Effect, rule: BallotRule) -> None:
    """Check that a method chooses what a motion asks of it (N3, N5).

    Args:
        effect: A selection, or an election among candidates.
        rule: How it would be voted.

    Raises:
        InvalidInputError: ``contest.none``: the motion is one proposal.
        RuleViolation: ``contest.budget``: a budget by another method, or the method without a budget;
            ``contest.single``: several places by a method that chooses one option.
    """
    contest = contest_of(effect, rule)
    if (rule.method == "equal_shares") != (contest.budget > 0):
        raise RuleViolation(
            "contest.budget",
            rule.reference(),
            expected="equal_shares with a budget, or neither",
            found=f"{rule.method}, {contest.budget}",
        )
    if rule.method in SINGLE_CHOICE_METHODS and contest.seats > 1:
        raise RuleViolation(
            "contest.single",
            rule.reference(),
            expected=f"1, {rule.method}",
            found=str(contest.seats),
        )


def check_selection(effect: SelectionEffect, rule: BallotRule) -> None:
    """Check the options of a selection (N2 to N4).

    Raises:
        InvalidInputError: ``contest.candidates``, ``contest.blank``, ``contest.places``,
            ``contest.status_quo`` or ``contest.cost``.
        RuleViolation: As ``check_places``.
    """
    options = tuple(each.option for each in effect.options)
    _check_options(options)
    if effect.chosen > len(options):
        raise InvalidInputError(
            "contest.places", expected=f"1 to {len(options)} places", found=str(effect.chosen)
        )
    allowed = () if effect.budget else options
    if effect.status_quo is not None and effect.status_quo not in allowed:
        raise InvalidInputError(
            "contest.status_quo",
            expected=" or ".join(allowed)[:200] or "none with a budget",
            found=effect.status_quo,
        )
    check_places(effect, rule)
    for each in effect.options:
        if not min(effect.budget, 1) <= each.cost <= effect.budget:
            raise InvalidInputError(
                "contest.cost",
                expected=f"1 to {effect.budget}" if effect.budget else "0 without a budget",
                found=f"{each.option}: {each.cost}",
            )


def _check_options(options: tuple[Slug, ...]) -> None:
    if len(set(options)) != len(options) or not 1 <= len(options) <= MAX_OPTIONS:
        raise InvalidInputError(
            "contest.candidates",
            expected=f"1 to {MAX_OPTIONS} options, each once",
            found=str(len(options)),
        )
    for reserved in (BLANK, UNDECLARED):
        if reserved in options:
            raise InvalidInputError(
                "contest.blank", expected=f"ids other than {reserved}", found=reserved
            )
