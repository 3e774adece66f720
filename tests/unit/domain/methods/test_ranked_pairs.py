"""Ranked pairs (rules R1 to R7) on published examples, and beside every order of equal links tried."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.domain.methods.choices import Ranking
from backend.domain.methods.contest import Contest, Order, Votes
from backend.domain.methods.ranked_pairs import count, parse_choice
from backend.domain.methods.tally import Tally
from tests.support.contests import OPTIONS, orders
from tests.support.duel_oracle import (
    Pair,
    links,
    literal_duels,
    literal_tiers,
    lock,
    orders_of_links,
)
from tests.support.rankings import ballots_of, raised, spelt, spelt_votes, weak_rankings
from tests.support.real_elections import real_election

COMPLETE = st.permutations(OPTIONS).map(lambda drawn: tuple((option,) for option in drawn))
"""Priorities that place every option alone."""

OPEN_CIRCLE = {"abcd": 2, "bcad": 2, "cabd": 2}
"""Three options beat each other in a circle, equally; a fourth loses to all."""


def ranked_pairs(ballots: dict[str, int], options: str, *priority: str, seats: int = 1) -> Tally:
    order = tuple(tuple(tier) for tier in priority)
    return count(spelt_votes(ballots), Contest(options=tuple(options), seats=seats, priority=order))


def universes(ballots: dict[Ranking, int], contest: Contest) -> Iterator[set[Pair]]:
    """Yield who stands above whom for every order of links that the priority leaves possible."""
    won = links(literal_duels(ballots, contest.options))
    favour = {
        (first, second): (*strength, contest.tier(second), -contest.tier(first))
        for (first, second), strength in won.items()
    }
    for order in orders_of_links(favour):
        yield lock(order, contest.options)


def test_count__tennessee__ranks_nashville_first() -> None:
    """https://en.wikipedia.org/wiki/Ranked_pairs, "Example"."""
    tally = ranked_pairs({"mnck": 42, "nckm": 26, "cknm": 15, "kcnm": 17}, "ckmn")
    assert tally.ranking == (("n",), ("c",), ("k",), ("m",))
    assert tally.elected == ("n",)
    assert (tally.method, tally.valid) == ("ranked_pairs", 100)


@pytest.mark.parametrize(
    ("file", "winner"),
    [
        ("debian-2005-leader.soi", "Branden Robinson"),
        ("debian-2010-leader.soi", "Stefano Zacchiroli"),
    ],
)
def test_count__debian__elects_who_was_elected(vectors: Path, file: str, winner: str) -> None:
    election = real_election(vectors, file)
    tally = count(election.votes, election.contest())
    assert election.named(tally.elected) == [winner]


def test_count__circle__drops_the_weakest_link() -> None:
    """Three links: a > b by 8 to 4, b > c by 9 to 3, c > a by 7 to 5."""
    tally = ranked_pairs({"abc": 5, "bca": 4, "cab": 3}, "abc")
    assert tally.duels == {"a": {"b": 8, "c": 5}, "b": {"a": 4, "c": 9}, "c": {"a": 7, "b": 3}}
    assert tally.ranking == (("a",), ("b",), ("c",))
    assert tally.rounds == ()


def test_count__as_many_voters_for_each_winner__fewer_for_the_loser_make_the_stronger_link() -> (
    None
):
    """R2: a > b by 5 to 2, b > c by 5 to 4, c > a by 5 to 3; b > c is the weakest."""
    tally = ranked_pairs({"cab": 1, "(ac)": 1, "bca": 2, "c": 2, "abc": 3}, "abc")
    assert tally.ranking == (("c",), ("a",), ("b",))


def test_count__where_it_parts_from_schulze__ranks_by_locked_links() -> None:
    tally = ranked_pairs({"bdca": 5, "dcab": 4, "cdab": 3, "cabd": 5}, "abcd")
    assert tally.ranking == (("d",), ("c",), ("a",), ("b",))


def test_count__order_of_equal_links_matters__asks_the_priority() -> None:
    """R4, R5: with b first the link against b is taken last, and contradicts the others."""
    undecided = ranked_pairs(OPEN_CIRCLE, "abcd")
    assert (undecided.elected, undecided.undecided) == ((), ("a", "b", "c"))
    assert undecided.ranking == (("a", "b", "c"), ("d",))
    settled = ranked_pairs(OPEN_CIRCLE, "abcd", "b", "a", "cd")
    assert (settled.elected, settled.undecided) == (("b",), ())
    assert [each.tied for each in settled.rounds] == [("a", "b", "c")]
    assert settled.ranking == undecided.ranking
    partly = ranked_pairs(OPEN_CIRCLE, "abcd", "d")
    assert (partly.elected, partly.undecided) == ((), ("a", "b", "c"))
    assert partly.rounds == ()


def test_count__order_of_equal_links_does_not_matter_for_the_seats__decides_by_figures() -> None:
    """R5: three of three seats that are not last; the circle itself stays open."""
    tally = ranked_pairs(OPEN_CIRCLE, "abcd", seats=3)
    assert (tally.elected, tally.undecided, tally.rounds) == (("a", "b", "c"), (), ())
    below = {f"d{ballot[:3]}": voters for ballot, voters in OPEN_CIRCLE.items()}
    winner = ranked_pairs(below, "abcd")
    assert (winner.elected, winner.undecided, winner.rounds) == (("d",), (), ())
    two = ranked_pairs(below, "abcd", seats=2)
    assert (two.elected, two.undecided) == (("d",), ("a", "b", "c"))


def test_count__tied_duel__goes_to_the_priority_as_any_tie_of_a_ranking() -> None:
    tally = ranked_pairs({"abc": 1, "bac": 1}, "abc", "b", "a")
    assert (tally.ranking, tally.elected) == ((("a", "b"), ("c",)), ("b",))
    assert [each.tied for each in tally.rounds] == [("a", "b")]


def test_count__option_that_nobody_names__takes_no_seat() -> None:
    tally = ranked_pairs({"ab": 1}, "abc", seats=3)
    assert (tally.elected, tally.undecided) == (("a", "b"), ())


@given(ballots_of(weak_rankings(), most=5), orders(), st.integers(1, 3))
def test_count__any_ballots__says_only_what_holds_in_every_order_of_links(
    ballots: dict[Ranking, int], priority: Order, seats: int
) -> None:
    contest = Contest(options=OPTIONS, seats=seats, priority=priority)
    tally = count(Votes(ballots), contest)
    named = {option for ranking in ballots for tier in ranking for option in tier}
    considered = contest if tally.rounds or tally.undecided else replace(contest, priority=())
    for number, above in enumerate(universes(ballots, considered)):
        if number == 50:
            break
        tiers = literal_tiers(above, OPTIONS)
        places = {option: n for n, tier in enumerate(tiers) for option in tier}
        out = named - set(tally.elected) - set(tally.undecided)
        for option in out:
            ahead = [one for one in tally.elected if places[one] <= places[option]]
            assert len(ahead) + len(tally.undecided) >= seats
        if not tally.undecided:
            assert len(tally.elected) == min(seats, len(named))


@given(ballots_of(weak_rankings(), most=5), COMPLETE, st.integers(1, 3))
def test_count__complete_priority__takes_the_seats_of_the_only_order(
    ballots: dict[Ranking, int], priority: Order, seats: int
) -> None:
    contest = Contest(options=OPTIONS, seats=seats, priority=priority)
    tally = count(Votes(ballots), contest)
    (above,) = universes(ballots, contest)
    named = {option for ranking in ballots for tier in ranking for option in tier}
    best = [
        option
        for tier in literal_tiers(above, OPTIONS)
        for option in sorted(tier, key=contest.tier)
        if option in named
    ]
    assert tally.undecided == ()
    assert set(tally.elected) == set(best[:seats])


@given(ballots_of(weak_rankings()))
def test_count__winner_of_every_duel__is_chosen(ballots: dict[Ranking, int]) -> None:
    tally = count(Votes(ballots), Contest(options=OPTIONS))
    best = [option for option, won in tally.totals.items() if won == str(len(OPTIONS) - 1)]
    assert not best or tally.ranking[0] == tuple(best) == tally.elected


@given(ballots_of(weak_rankings()), COMPLETE, st.data())
def test_count__winner_raised_on_a_ballot__still_wins(
    ballots: dict[Ranking, int], priority: Order, data: st.DataObject
) -> None:
    """Monotonicity."""
    contest = Contest(options=OPTIONS, priority=priority)
    before = count(Votes(ballots), contest)
    assume(before.elected)
    (winner,) = before.elected
    changed = dict(ballots)
    ranking = data.draw(st.sampled_from(sorted(changed)))
    voters = changed.pop(ranking)
    better = raised(winner, ranking)
    changed[better] = changed.get(better, 0) + voters
    assert count(Votes(changed), contest).elected == (winner,)


def test_parse_choice__equal_ranks__are_allowed() -> None:
    contest = Contest(options=("a", "b", "c"))
    assert parse_choice('[["b","c"],["a"]]', contest) == spelt("(bc)a")
