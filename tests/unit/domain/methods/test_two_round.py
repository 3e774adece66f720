"""Two rounds in one ballot (rules T1 to T4), beside voters asked anew in every round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.methods.choices import Ranking
from backend.domain.methods.contest import Contest, Order, Votes
from backend.domain.methods.tally import Tally
from backend.domain.methods.two_round import count, parse_choice
from tests.support.contests import OPTIONS, orders
from tests.support.governance import refused
from tests.support.rankings import ballots_of, spelt, spelt_votes, strict_rankings
from tests.support.runoff_oracle import two_round_winners


def two_round(ballots: dict[str, int], options: str, *priority: str) -> Tally:
    order = tuple(tuple(tier) for tier in priority)
    return count(spelt_votes(ballots), Contest(options=tuple(options), priority=order))


def test_count__tennessee__elects_nashville_in_round_two() -> None:
    """https://en.wikipedia.org/wiki/Two-round_system, "Tennessee capital election"."""
    tally = two_round({"mnck": 42, "nckm": 26, "cknm": 15, "kcnm": 17}, "ckmn")
    assert [each.votes for each in tally.rounds] == [
        {"c": "15", "k": "17", "m": "42", "n": "26"},
        {"m": "42", "n": "58"},
    ]
    assert [each.elected for each in tally.rounds] == [(), ("n",)]
    assert [each.quota for each in tally.rounds] == ["51", None]
    assert (tally.elected, tally.undecided, tally.ranking) == (("n",), (), ())
    assert (tally.method, tally.seats, tally.valid) == ("two_round", 1, 100)


@pytest.mark.parametrize(
    ("blank", "cast", "rounds", "quota"),
    [(0, False, 1, "3"), (9, False, 1, "3"), (0, True, 1, "3"), (1, True, 2, "4")],
)
def test_count__absolute_majority__is_of_valid_or_of_cast_ballots(
    blank: int,
    cast: bool,  # noqa: FBT001 - parametrised
    rounds: int,
    quota: str,
) -> None:
    """T2: 3 of 5 valid ballots are a majority; 3 of 6 cast are none."""
    votes = Votes({spelt("a"): 3, spelt("b"): 2}, blank=blank)
    tally = count(votes, Contest(options=("a", "b"), blanks_cast=cast))
    assert (len(tally.rounds), tally.rounds[0].quota, tally.elected) == (rounds, quota, ("a",))


def test_count__blanks_are_the_majority__one_option_alone_goes_on() -> None:
    """T3: nobody else has a vote."""
    votes = Votes({spelt("a"): 1}, blank=1)
    tally = count(votes, Contest(options=("a", "b"), blanks_cast=True))
    assert [each.votes for each in tally.rounds] == [{"a": "1", "b": "0"}, {"a": "1"}]
    assert tally.elected == ("a",)


def test_count__tie_for_the_second_place__goes_to_the_priority_or_stays_open() -> None:
    ballots = {"ac": 3, "bac": 2, "cba": 2}
    open_tie = two_round(ballots, "abc")
    assert (open_tie.elected, open_tie.undecided, len(open_tie.rounds)) == ((), ("b", "c"), 1)
    settled = two_round(ballots, "abc", "c")
    assert settled.rounds[0].tied == ("b", "c")
    assert set(settled.rounds[1].votes) == {"a", "c"}
    assert settled.elected == ("a",)


@pytest.mark.parametrize(
    ("priority", "elected", "undecided", "tied"),
    [
        ((), (), ("a", "b"), ()),
        (("b",), ("b",), (), ("a", "b")),
        (("c", "a"), ("a",), (), ("a", "b")),
    ],
)
def test_count__tie_in_round_two__goes_to_the_priority_or_stays_open(
    priority: tuple[str, ...],
    elected: tuple[str, ...],
    undecided: tuple[str, ...],
    tied: tuple[str, ...],
) -> None:
    tally = two_round({"ab": 3, "ba": 3, "c": 2}, "abc", *priority)
    assert (tally.elected, tally.undecided) == (elected, undecided)
    assert [each.tied for each in tally.rounds] == [(), tied]
    assert tally.rounds[1].exhausted == "2"


def test_count__nobody_names_an_option__elects_nobody() -> None:
    tally = count(Votes({}, blank=3, void=1), Contest(options=("a", "b"), priority=(("a",),)))
    assert (tally.elected, tally.undecided, len(tally.rounds)) == ((), (), 1)
    assert (tally.valid, tally.blank, tally.void) == (0, 3, 1)


def test_count__more_votes_for_the_winner__may_make_it_lose() -> None:
    """Not monotonic: two voters raise a from second to first, and a loses."""
    before = two_round({"abc": 6, "cab": 5, "bca": 4, "bac": 2}, "abc")
    after = two_round({"abc": 8, "cab": 5, "bca": 4}, "abc")
    assert (before.elected, after.elected) == (("a",), ("c",))


@given(ballots_of(strict_rankings()), orders(), st.integers(0, 5), st.booleans())
def test_count__any_ballots__agrees_with_asking_voters_twice(
    ballots: dict[Ranking, int],
    priority: Order,
    blank: int,
    cast: bool,  # noqa: FBT001 - drawn
) -> None:
    contest = Contest(options=OPTIONS, priority=priority, blanks_cast=cast)
    tally = count(Votes(ballots, blank=blank), contest)
    possible = two_round_winners(ballots, contest, blank=blank)
    if tally.undecided:
        assert tally.elected == ()
        assert len({contest.tier(option) for option in tally.undecided}) == 1
    else:
        assert set(tally.elected) == possible
    for each in tally.rounds:
        assert sum(map(int, each.votes.values())) + int(each.exhausted) == tally.valid
    assert tally.rounds[-1].elected == tally.elected


def test_parse_choice__equal_ranks__are_refused() -> None:
    contest = Contest(options=("a", "b", "c"))
    assert parse_choice('[["b"],["a"]]', contest) == spelt("ba")
    with refused("choice.equal_ranks"):
        parse_choice('[["a","b"]]', contest)
