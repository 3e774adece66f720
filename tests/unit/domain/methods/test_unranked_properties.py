"""What holds for every method whose ballots are not rankings: neither order nor names of anything matter."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.acts import Slug
from backend.domain.methods import (
    OptionMethod,
    approval,
    equal_shares,
    majority_judgement,
    plurality,
    quadratic,
    score,
)
from backend.domain.methods.choices import Approved, Marks
from backend.domain.methods.contest import Contest, Order, Votes
from backend.domain.methods.tally import Tally, format_tally, parse_tally
from tests.support.contests import OPTIONS, orders, renamed, votes_of
from tests.support.drawn_ballots import APPROVED, NAMED, marks

Names = dict[Slug, Slug]


@dataclass(frozen=True, slots=True)
class _Case:
    method: OptionMethod[Any]
    ballots: st.SearchStrategy[Any]
    rename: Callable[[Any, Names], Any]


def _rename_name(name: Slug, names: Names) -> Slug:
    return names[name]


def _rename_approved(approved: Approved, names: Names) -> Approved:
    return tuple(sorted(names[option] for option in approved))


def _rename_marks(marked: Marks, names: Names) -> Marks:
    return tuple(sorted((names[option], mark) for option, mark in marked))


CASES = {
    "plurality": _Case(plurality, NAMED, _rename_name),
    "approval": _Case(approval, APPROVED, _rename_approved),
    "score": _Case(score, marks(lowest=0, highest=3), _rename_marks),
    "majority_judgement": _Case(majority_judgement, marks(lowest=0, highest=3), _rename_marks),
    "quadratic": _Case(quadratic, marks(lowest=-3, highest=3), _rename_marks),
    "equal_shares": _Case(equal_shares, APPROVED, _rename_approved),
}
COSTS = {"ash": 3, "birch": 5, "cedar": 5, "elm": 8}


def _contest(seats: int, priority: Order, costs: dict[Slug, int]) -> Contest:
    return Contest(
        options=OPTIONS, seats=seats, grades=4, highest=3, credits=40, costs=costs, budget=13,
        priority=priority,
    )  # fmt: skip


@pytest.mark.parametrize("name", CASES)
@given(data=st.data(), seats=st.integers(1, 4), priority=orders())
def test_count__ballots_in_another_order__gives_the_same_document(
    name: str, data: st.DataObject, seats: int, priority: Order
) -> None:
    case = CASES[name]
    ballots = data.draw(st.lists(case.ballots, max_size=8))
    shuffled = data.draw(st.permutations(ballots))
    contest = _contest(seats, priority, COSTS)
    first = case.method.count(votes_of(ballots, blank=1), contest)
    second = case.method.count(votes_of(shuffled, blank=1), contest)
    assert format_tally(first) == format_tally(second)
    assert parse_tally(format_tally(first)) == first


@pytest.mark.parametrize("name", CASES)
@given(data=st.data(), seats=st.integers(1, 4), priority=orders(), order=st.permutations(OPTIONS))
def test_count__options_called_otherwise__gives_the_same_result_renamed(
    name: str, data: st.DataObject, seats: int, priority: Order, order: list[Slug]
) -> None:
    case = CASES[name]
    names = dict(zip(OPTIONS, order, strict=True))
    ballots = data.draw(st.lists(case.ballots, max_size=8))
    here = case.method.count(votes_of(ballots), _contest(seats, priority, COSTS))
    there = case.method.count(
        votes_of(case.rename(ballot, names) for ballot in ballots),
        _contest(
            seats, renamed(priority, names), {names[option]: COSTS[option] for option in COSTS}
        ),
    )
    assert there.totals == {names[option]: here.totals[option] for option in OPTIONS}
    assert there.ranking == renamed(here.ranking, names)
    assert set(there.elected) == {names[option] for option in here.elected}
    assert set(there.undecided) == {names[option] for option in here.undecided}


@pytest.mark.parametrize("name", CASES)
@given(data=st.data(), seats=st.integers(1, 4), priority=orders(), times=st.integers(2, 9))
def test_count__every_ballot_several_times__elects_the_same(
    name: str, data: st.DataObject, seats: int, priority: Order, times: int
) -> None:
    case = CASES[name]
    ballots = data.draw(st.lists(case.ballots, max_size=8))
    contest = _contest(seats, priority, COSTS)
    once = votes_of(ballots)
    often = Votes({ballot: times * number for ballot, number in once.ballots.items()})
    first, second = case.method.count(once, contest), case.method.count(often, contest)
    assert (second.elected, second.undecided) == (first.elected, first.undecided)
    assert second.ranking == first.ranking
    assert second.valid == times * first.valid


@pytest.mark.parametrize("name", CASES)
@given(data=st.data(), seats=st.integers(1, 4), priority=orders())
def test_count__any_ballots__elects_no_more_than_seats_and_none_undecided(
    name: str, data: st.DataObject, seats: int, priority: Order
) -> None:
    case = CASES[name]
    ballots = data.draw(st.lists(case.ballots, max_size=8))
    tally: Tally = case.method.count(
        votes_of(ballots, blank=2, void=1), _contest(seats, priority, COSTS)
    )
    assert (tally.method, tally.seats) == (name, seats)
    assert (tally.valid, tally.blank, tally.void) == (len(ballots), 2, 1)
    assert sorted(tally.totals) == list(OPTIONS)
    assert len(tally.elected) == len(set(tally.elected)) <= (4 if name == "equal_shares" else seats)
    assert not set(tally.elected) & set(tally.undecided)
    assert len(tally.undecided) != 1
    if tally.ranking:
        assert sorted(option for tier in tally.ranking for option in tier) == list(OPTIONS)


@pytest.mark.parametrize("name", ["approval", "plurality", "quadratic", "score"])
@given(data=st.data())
def test_count__winner_supported_more__still_wins(name: str, data: st.DataObject) -> None:
    case, contest = CASES[name], _contest(1, (), COSTS)
    ballots = data.draw(st.lists(case.ballots, min_size=1, max_size=8))
    elected = case.method.count(votes_of(ballots), contest).elected
    if elected:
        more = {
            "plurality": elected[0],
            "approval": elected,
            "score": ((elected[0], 1),),
            "quadratic": ((elected[0], 1),),
        }[name]
        assert case.method.count(votes_of([*ballots, more]), contest).elected == elected
