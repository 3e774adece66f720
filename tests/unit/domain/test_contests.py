"""Contests, N1 to N4: what may be put to the vote together, each one change away from a lawful motion."""

import msgspec
import pytest

from backend.domain.acts import (
    AbrogationEffect,
    ElectionEffect,
    ResolutionEffect,
    SeatGiven,
    SelectionEffect,
    SelectionOption,
)
from backend.domain.contests import (
    check_candidates,
    check_places,
    check_selection,
    contest_of,
)
from backend.domain.errors import InvalidInputError, RuleViolation
from backend.domain.methods.contest import MAX_OPTIONS, Contest
from backend.domain.rulebook.voting import BallotRule
from tests.support.contest_world import (
    MOTION,
    candidacy,
    contest_rules,
    polled,
    put_to_vote,
    selection,
)
from tests.support.governance import (
    CHAIR,
    GARDENER,
    PARTNER,
    SECRETARY,
    STRANGER,
    TREASURER,
    founded,
    refused,
)
from tests.support.model_organisation import Actor
from tests.support.vote_world import votes_of

GRADES = ("reject", "fair", "good")


def _rule(method: str = "plurality", **fields: object) -> BallotRule:
    found = contest_rules(method=method, **fields).rule("ballot-several")  # type: ignore[arg-type]  # of the ballot rule
    assert isinstance(found, BallotRule)
    return found


def _numbered(count: int) -> SelectionEffect:
    return selection(*(f"option-{number:02d}" for number in range(count)))


def test_contest__of_candidates__has_their_mandates_as_options() -> None:
    contest = contest_of(candidacy(TREASURER, CHAIR, GARDENER, elects=2), _rule())
    assert contest == Contest(options=("to-chair", "to-gardener", "to-treasurer"), seats=2)


def test_contest__of_a_selection__has_its_options_ascending_and_no_costs() -> None:
    contest = contest_of(selection("weir", "bridge", chosen=2), _rule(), (("weir",),))
    assert contest == Contest(options=("bridge", "weir"), seats=2, priority=(("weir",),))


def test_contest__of_a_budget__is_bounded_by_money_alone() -> None:
    effect = selection("weir", "bridge", "path", budget=9, cost=4)
    contest = contest_of(effect, _rule("equal_shares"))
    assert (contest.seats, contest.budget) == (3, 9)
    assert contest.costs == {"bridge": 4, "path": 4, "weir": 4}


@pytest.mark.parametrize(
    ("method", "fields", "field", "value"),
    [
        ("majority_judgement", {"grades": GRADES}, "grades", 3),
        ("score", {"highest": 7}, "highest", 7),
        ("approval", {"approvals": 2}, "approvals", 2),
        ("quadratic", {"credits": 25}, "credits", 25),
        ("two_round", {"blanks_cast": True}, "blanks_cast", True),
    ],
)
def test_contest__takes_the_parameters_of_the_rule(
    method: str, fields: dict[str, object], field: str, value: object
) -> None:
    bare = contest_of(selection("weir", "bridge"), _rule())
    contest = contest_of(selection("weir", "bridge"), _rule(method, **fields))
    assert getattr(contest, field) == value
    assert getattr(bare, field) != value


@pytest.mark.parametrize("effect", [ResolutionEffect(), candidacy(CHAIR, elects=0)])
def test_contest__of_one_proposal__is_none(effect: ResolutionEffect | ElectionEffect) -> None:
    with refused("contest.none"):
        contest_of(effect, _rule())


@pytest.mark.parametrize("elects", [1, 2])
def test_n1__as_many_or_fewer_than_candidates__is_lawful(elects: int) -> None:
    check_candidates(candidacy(CHAIR, GARDENER, elects=elects))


@pytest.mark.parametrize("elects", [0, 3])
def test_n1__none_or_more_than_candidates__refuses(elects: int) -> None:
    with refused("contest.places") as caught:
        check_candidates(candidacy(CHAIR, GARDENER, elects=elects))
    assert isinstance(caught.value, InvalidInputError)
    assert (caught.value.expected, caught.value.found) == ("1 to 2 places", str(elects))


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (SeatGiven("to-chair", "auditor", GARDENER.id), "contest.candidates"),
        (SeatGiven("again", "auditor", CHAIR.id), "contest.candidates"),
        (SeatGiven("again", "chair", GARDENER.id), "contest.seats"),
        (SeatGiven("blank", "auditor", GARDENER.id), "contest.blank"),
        (SeatGiven("none", "auditor", GARDENER.id), "contest.blank"),
    ],
)
def test_n1__candidates_that_are_no_contest__refuse(second: SeatGiven, code: str) -> None:
    lawful = candidacy(CHAIR)
    check_candidates(lawful)
    with refused(code):
        check_candidates(msgspec.structs.replace(lawful, seats=(*lawful.seats, second)))


def test_n1__fifty_candidates__are_the_most() -> None:
    def standing(count: int) -> ElectionEffect:
        return candidacy(*(Actor(f"c{number}") for number in range(count)))

    check_candidates(standing(MAX_OPTIONS))
    with refused("contest.candidates") as caught:
        check_candidates(standing(MAX_OPTIONS + 1))
    assert caught.value.found == "51"


@pytest.mark.parametrize("chosen", [1, 2])
def test_n2__as_many_or_fewer_than_options__is_lawful(chosen: int) -> None:
    check_selection(selection("weir", "bridge", chosen=chosen), _rule())


def test_n2__more_than_options__refuses() -> None:
    with refused("contest.places") as caught:
        check_selection(selection("weir", "bridge", chosen=3), _rule())
    assert (caught.value.expected, caught.value.found) == ("1 to 2 places", "3")


def test_n2__an_option_twice__refuses() -> None:
    with refused("contest.candidates") as caught:
        check_selection(selection("weir", "weir"), _rule())
    assert caught.value.found == "2"


def test_n2__fifty_options__are_the_most_and_none_is_no_contest() -> None:
    check_selection(_numbered(MAX_OPTIONS), _rule())
    for count in (MAX_OPTIONS + 1, 0):
        with refused("contest.candidates"):
            check_selection(_numbered(count), _rule())


@pytest.mark.parametrize(("status_quo", "lawful"), [("weir", True), ("keep", False), (None, True)])
def test_n2__status_quo__is_one_of_the_options(status_quo: str | None, *, lawful: bool) -> None:
    effect = selection("weir", "bridge", status_quo=status_quo)
    if lawful:
        check_selection(effect, _rule())
        return
    with refused("contest.status_quo") as caught:
        check_selection(effect, _rule())
    assert (caught.value.expected, caught.value.found) == ("weir or bridge", "keep")


def test_n2__status_quo_among_many_options__is_refused_in_short() -> None:
    effect = msgspec.structs.replace(_numbered(MAX_OPTIONS), status_quo="keep")
    with refused("contest.status_quo") as caught:
        check_selection(effect, _rule())
    assert isinstance(caught.value.expected, str)
    assert len(caught.value.expected) == 200


@pytest.mark.parametrize(
    ("method", "budget", "lawful"),
    [
        ("equal_shares", 9, True),
        ("equal_shares", 1, True),
        ("equal_shares", 0, False),
        ("plurality", 1, False),
        ("plurality", 9, False),
        ("plurality", 0, True),
    ],
)
def test_n3__budget__goes_with_its_method(method: str, budget: int, *, lawful: bool) -> None:
    effect = selection("weir", "bridge", budget=budget, cost=min(budget, 4))
    if lawful:
        check_selection(effect, _rule(method))
        return
    with refused("contest.budget", article="12", rule="ballot-several") as caught:
        check_selection(effect, _rule(method))
    assert isinstance(caught.value, RuleViolation)
    assert caught.value.found == f"{method}, {budget}"


@pytest.mark.parametrize(("cost", "lawful"), [(0, False), (1, True), (9, True), (10, False)])
def test_n3__cost_in_a_budget__is_at_least_one_and_fits(cost: int, *, lawful: bool) -> None:
    effect = selection("weir", "bridge", budget=9, cost=1)
    dear = SelectionOption("path", "The path", cost=cost)
    effect = msgspec.structs.replace(effect, options=(*effect.options, dear))
    if lawful:
        check_selection(effect, _rule("equal_shares"))
        return
    with refused("contest.cost") as caught:
        check_selection(effect, _rule("equal_shares"))
    assert (caught.value.expected, caught.value.found) == ("1 to 9", f"path: {cost}")


def test_n3__cost_without_a_budget__refuses() -> None:
    check_selection(selection("weir", "bridge"), _rule())
    with refused("contest.cost") as caught:
        check_selection(selection("weir", "bridge", cost=1), _rule())
    assert (caught.value.expected, caught.value.found) == ("0 without a budget", "weir: 1")


def test_n3__status_quo_in_a_budget__refuses() -> None:
    effect = selection("weir", "bridge", budget=9, cost=4, status_quo="weir")
    with refused("contest.status_quo") as caught:
        check_selection(effect, _rule("equal_shares"))
    assert (caught.value.expected, caught.value.found) == ("none with a budget", "weir")
    check_selection(msgspec.structs.replace(effect, status_quo=None), _rule("equal_shares"))


@pytest.mark.parametrize("reserved", ["blank", "none"])
def test_n4__option_called_after_no_choice__refuses(reserved: str) -> None:
    with refused("contest.blank") as caught:
        check_selection(selection("weir", reserved), _rule())
    assert caught.value.found == reserved
    check_selection(selection("weir", f"{reserved}-one"), _rule())


def test_selection__text_of_an_option__must_be_held() -> None:
    simulation, ledger = founded(contest_rules())
    known = ledger.put_document(b"The weir, at length.\n")
    effect = selection("weir", "bridge")
    for text, code in (("bafkrei" + "a" * 52, "document.unknown"), (known, None)):
        long = msgspec.structs.replace(effect.options[0], text=text)
        changed = msgspec.structs.replace(effect, options=(long, effect.options[1]))
        if code is None:
            simulation.propose_effect(CHAIR, MOTION, "legislative", changed)
            return
        with refused(code):
            simulation.propose_effect(CHAIR, MOTION, "legislative", changed)


def test_selection__that_is_no_contest__cannot_be_proposed_or_become_one() -> None:
    simulation, _ = founded(contest_rules())
    with refused("contest.candidates"):
        simulation.propose_effect(CHAIR, MOTION, "legislative", selection("weir", "weir"))
    simulation.propose_effect(CHAIR, MOTION, "legislative", selection("weir", "bridge"))
    with refused("contest.places"):
        simulation.amend(CHAIR, MOTION, effect=lambda _: selection("weir", "bridge", chosen=3))


def test_selection__without_a_rule_on_its_ballot__cannot_be_put_to_the_vote() -> None:
    rulebook = contest_rules()
    rules = tuple(rule for rule in rulebook.rules if rule.id != "ballot-several")
    simulation, _ = founded(msgspec.structs.replace(rulebook, rules=rules))
    with refused("rule.missing"):
        simulation.propose_effect(CHAIR, MOTION, "legislative", selection("weir", "bridge"))


def test_selection__without_a_rule_on_its_ties__cannot_be_put_to_the_vote() -> None:
    rulebook = contest_rules()
    rules = tuple(rule for rule in rulebook.rules if rule.id != "tie-break")
    with refused("rule.missing"):
        put_to_vote(msgspec.structs.replace(rulebook, rules=rules), selection("weir", "bridge"))


@pytest.mark.parametrize(
    ("effect", "code"),
    [
        (candidacy(CHAIR, CHAIR), "contest.candidates"),
        (candidacy(TREASURER, PARTNER), "member.unknown"),
        (candidacy(GARDENER, STRANGER), "member.unknown"),
        (candidacy(GARDENER, CHAIR), "election.incompatible"),
    ],
)
def test_election__candidates_who_may_not_stand__cannot_be_proposed(
    effect: ElectionEffect, code: str
) -> None:
    simulation, _ = founded(contest_rules())
    with refused(code):
        simulation.propose_effect(CHAIR, MOTION, "election", effect)


def test_o2__more_candidates_than_seats__is_lawful_as_long_as_the_chosen_have_one() -> None:
    simulation, _ = founded(contest_rules())
    three = (TREASURER, SECRETARY, GARDENER)
    with refused("election.full") as caught:
        simulation.propose_effect(CHAIR, MOTION, "election", candidacy(*three, elects=3))
    assert caught.value.found == "3"
    simulation.propose_effect(CHAIR, MOTION, "election", candidacy(*three, elects=2))


@pytest.mark.parametrize("adopted", [True, False])
def test_selection__made_and_standing__can_be_ended_as_a_resolution(*, adopted: bool) -> None:
    choices = ["weir", "weir", "bridge" if adopted else None, None]
    rulebook = contest_rules(chain=("status_quo",))
    effect = selection("weir", "bridge", status_quo=None if adopted else "weir")
    simulation, ledger = polled(rulebook, effect, choices)
    simulation.decide(MOTION)
    ended = AbrogationEffect(resolution=MOTION)
    if not adopted:
        with refused("abrogation.no_resolution"):
            simulation.propose_effect(CHAIR, "end", "abrogative", ended)
        return
    simulation.propose_effect(CHAIR, "end", "abrogative", ended)
    simulation.convene(CHAIR, "summer", "end")
    simulation.advance(days=15)
    for voter, choice in votes_of("yyy").items():
        simulation.cast(voter, "end", choice)
    simulation.advance(days=2)
    simulation.settle("summer")
    assert ledger.state.motion(MOTION).status == "abrogated"


@pytest.mark.parametrize("method", ["two_round", "instant_runoff"])
def test_n5__several_places_by_a_method_for_one__refuses(method: str) -> None:
    check_places(candidacy(CHAIR, GARDENER, elects=1), _rule(method))
    check_selection(selection("weir", "bridge"), _rule(method))
    for effect in (
        candidacy(CHAIR, GARDENER, elects=2),
        selection("weir", "bridge", "tunnel", chosen=2),
    ):
        with refused("contest.single", rule="ballot-several"):
            check_places(effect, _rule(method))
        check_places(effect, _rule("plurality"))


def test_n3__candidates_by_the_method_for_budgets__refuse() -> None:
    with refused("contest.budget", rule="ballot-several"):
        check_places(candidacy(CHAIR, GARDENER, elects=1), _rule("equal_shares"))


def test_g3__election_that_asks_for_more_than_the_method_chooses__is_not_called() -> None:
    simulation, _ = founded(rulebook=contest_rules(method="instant_runoff"))
    asked = candidacy(TREASURER, GARDENER, elects=2)
    simulation.propose_effect(CHAIR, MOTION, "election", asked)
    with refused("contest.single", rule="ballot-several"):
        simulation.convene(CHAIR, "spring", MOTION)
