"""Instant runoff (rules I1 to I7), beside voters asked anew in every round."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.domain.methods.choices import Ranking
from backend.domain.methods.contest import Contest, Order, Votes
from backend.domain.methods.instant_runoff import count, parse_choice
from backend.domain.methods.tally import Tally
from tests.support.contests import OPTIONS, orders
from tests.support.governance import refused
from tests.support.rankings import ballots_of, spelt, spelt_votes, strict_rankings
from tests.support.real_elections import real_election
from tests.support.runoff_oracle import runoff_winners


def runoff(ballots: dict[str, int], options: str, *priority: str) -> Tally:
    order = tuple(tuple(tier) for tier in priority)
    return count(spelt_votes(ballots), Contest(options=tuple(options), priority=order))


def excluded(tally: Tally) -> list[tuple[str, ...]]:
    return [each.excluded for each in tally.rounds]


def test_count__tennessee__elects_knoxville_in_round_three() -> None:
    """https://en.wikipedia.org/wiki/Instant-runoff_voting, "Tennessee capital election"."""
    tally = runoff({"mnck": 42, "nckm": 26, "cknm": 15, "kcnm": 17}, "ckmn")
    assert [each.votes for each in tally.rounds] == [
        {"c": "15", "k": "17", "m": "42", "n": "26"},
        {"k": "32", "m": "42", "n": "26"},
        {"k": "58", "m": "42"},
    ]
    assert excluded(tally) == [("c",), ("n",), ()]
    assert [each.elected for each in tally.rounds] == [(), (), ("k",)]
    assert [each.quota for each in tally.rounds] == ["51", "51", "51"]
    assert tally.totals == {"c": "15", "k": "17", "m": "42", "n": "26"}
    assert (tally.elected, tally.undecided, tally.ranking) == (("k",), (), ())
    assert (tally.method, tally.seats, tally.valid) == ("instant_runoff", 1, 100)


def test_count__majority_of_first_preferences__ends_in_round_one() -> None:
    tally = runoff({"a": 3, "b": 1, "c": 1}, "abc")
    assert (len(tally.rounds), tally.elected) == (1, ("a",))
    assert len(runoff({"a": 4, "b": 3, "c": 1}, "abc").rounds) == 2


def test_count__exhausted_ballots__leave_the_majority() -> None:
    """I2, I3: 4 of 9 are enough once two ballots are exhausted."""
    tally = runoff({"a": 4, "b": 3, "c": 2}, "abc")
    assert (tally.elected, excluded(tally)) == (("a",), [("c",), ()])
    assert (tally.rounds[1].exhausted, tally.rounds[1].quota) == ("2", "4")


def test_count__last_together_have_less_than_the_next__leave_together() -> None:
    """I5; one vote more for them, and the priority has to choose (I6)."""
    tally = runoff({"a": 5, "b": 4, "cb": 1, "dab": 1}, "abcd")
    assert (tally.elected, excluded(tally)) == (("a",), [("c", "d"), ()])
    assert [each.tied for each in tally.rounds] == [(), ()]
    tied = runoff({"a": 5, "b": 4, "cb": 2, "dab": 2}, "abcd")
    assert (tied.elected, tied.undecided, excluded(tied)) == ((), ("c", "d"), [()])
    settled = runoff({"a": 5, "b": 4, "cb": 2, "dab": 2}, "abcd", "d")
    assert (settled.elected, settled.undecided) == (("a",), ())
    assert (excluded(settled)[0], settled.rounds[0].tied) == (("c",), ("c", "d"))


@pytest.mark.parametrize(
    ("priority", "elected", "undecided"),
    [((), (), ("a", "b")), (("b",), ("b",), ()), (("a", "b"), ("a",), ())],
)
def test_count__last_two_equal__the_priority_keeps_its_favourite(
    priority: tuple[str, ...], elected: tuple[str, ...], undecided: tuple[str, ...]
) -> None:
    tally = runoff({"a": 2, "b": 2}, "ab", *priority)
    assert (tally.elected, tally.undecided) == (elected, undecided)


def test_count__nobody_names_an_option__elects_nobody() -> None:
    tally = count(Votes({}, blank=3, void=1), Contest(options=("a", "b"), priority=(("a",),)))
    assert (tally.elected, tally.undecided) == ((), ())
    assert (tally.valid, tally.blank, tally.void) == (0, 3, 1)
    assert [each.votes for each in tally.rounds] == [{"a": "0", "b": "0"}]


def test_count__more_votes_for_the_winner__may_make_it_lose() -> None:
    """Not monotonic: two voters raise a from second to first, and a loses."""
    before = runoff({"abc": 6, "cab": 5, "bca": 4, "bac": 2}, "abc")
    after = runoff({"abc": 8, "cab": 5, "bca": 4}, "abc")
    assert (before.elected, after.elected) == (("a",), ("c",))


def test_count__winner_of_every_duel__may_leave_first() -> None:
    ballots = {"abc": 2, "cba": 2, "bac": 1}
    assert excluded(runoff(ballots, "abc", "a", "b"))[0] == ("b",)


@pytest.mark.parametrize(
    ("file", "winner"),
    [
        ("debian-2005-leader.soi", "Branden Robinson"),
        ("debian-2010-leader.soi", "Stefano Zacchiroli"),
    ],
)
def test_count__debian__keeps_every_vote_in_every_round(
    vectors: Path, file: str, winner: str
) -> None:
    election = real_election(vectors, file)
    tally = count(election.votes, election.contest())
    assert election.named(tally.elected) == [winner]
    for each in tally.rounds:
        assert sum(map(int, each.votes.values())) + int(each.exhausted) == tally.valid


@given(ballots_of(strict_rankings()), orders())
@example({spelt("ab"): 1, spelt("ba"): 1, spelt("c"): 1}, (("a",), ("b",)))
def test_count__any_ballots__agrees_with_leaving_one_by_one(
    ballots: dict[Ranking, int], priority: Order
) -> None:
    options = OPTIONS if all(len(each[0][0]) > 1 for each in ballots) else ("a", "b", "c")
    contest = Contest(options=options, priority=priority)
    tally = count(Votes(ballots), contest)
    possible = runoff_winners(ballots, contest)
    if tally.undecided:
        assert tally.elected == ()
        assert len(tally.undecided) > 1
        assert len({contest.tier(option) for option in tally.undecided}) == 1
    else:
        assert set(tally.elected) == possible
    if not any(each.tied for each in tally.rounds) and not tally.undecided:
        assert runoff_winners(ballots, Contest(options=options)) == possible


@given(ballots_of(strict_rankings()), orders(), st.integers(0, 3))
def test_count__any_ballots__keeps_every_vote_in_every_round(
    ballots: dict[Ranking, int], priority: Order, blank: int
) -> None:
    tally = count(Votes(ballots, blank=blank), Contest(options=OPTIONS, priority=priority))
    assert (tally.valid, tally.blank) == (sum(ballots.values()), blank)
    standing = set(OPTIONS)
    for each in tally.rounds:
        assert set(each.votes) == standing
        assert sum(map(int, each.votes.values())) + int(each.exhausted) == tally.valid
        standing -= set(each.excluded)
    assert tally.rounds[0].votes == tally.totals
    assert tally.rounds[-1].elected == tally.elected


def test_parse_choice__equal_ranks__are_refused() -> None:
    contest = Contest(options=("a", "b", "c"))
    assert parse_choice('[["b"],["a"]]', contest) == spelt("ba")
    with refused("choice.equal_ranks"):
        parse_choice('[["a","b"]]', contest)
