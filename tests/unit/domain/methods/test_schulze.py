"""Schulze (rules Z1 to Z6) on published examples, real elections, and beside all paths tried one by one."""

from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from backend.domain.methods.choices import Ranking
from backend.domain.methods.columns import count_duels
from backend.domain.methods.contest import Contest, Order, Votes
from backend.domain.methods.pairwise import Above
from backend.domain.methods.schulze import count, parse_choice, standing_above
from backend.domain.methods.tally import Tally
from tests.support.contests import OPTIONS, orders
from tests.support.duel_oracle import literal_schulze, literal_tiers
from tests.support.rankings import (
    ballots_of,
    raised,
    spelt,
    spelt_votes,
    turned_round,
    weak_rankings,
)
from tests.support.real_elections import real_election

FIVE = tuple("abcde")

SCHULZE_EXAMPLE_1 = {
    "acbed": 5,
    "adecb": 5,
    "bedac": 8,
    "cabed": 3,
    "caebd": 7,
    "cbade": 2,
    "dceba": 7,
    "ebadc": 8,
}
"""45 voters; https://en.wikipedia.org/wiki/Schulze_method, "Example"."""

TENNESSEE = {"mnck": 42, "nckm": 26, "cknm": 15, "kcnm": 17}
"""Memphis, Nashville, Chattanooga, Knoxville; https://en.wikipedia.org/wiki/Condorcet_method."""

PARTING = {"bdca": 5, "dcab": 4, "cdab": 3, "cabd": 5}
"""17 voters for whom ranked pairs chooses another winner."""


def schulze(ballots: dict[str, int], options: str, *priority: str, seats: int = 1) -> Tally:
    order = tuple(tuple(tier) for tier in priority)
    return count(spelt_votes(ballots), Contest(options=tuple(options), seats=seats, priority=order))


def pairs(above: Above) -> set[tuple[str, str]]:
    return {(first, second) for first, below in above.items() for second in below}


def test_count__example_of_45_voters__ranks_as_published() -> None:
    tally = schulze(SCHULZE_EXAMPLE_1, "abcde")
    assert tally.ranking == (("e",), ("a",), ("c",), ("b",), ("d",))
    assert tally.elected == ("e",)
    assert tally.undecided == ()
    assert tally.rounds == ()
    assert tally.totals == {"a": "2", "b": "2", "c": "2", "d": "1", "e": "3"}
    assert tally.duels is not None
    assert tally.duels["a"] == {"b": 20, "c": 26, "d": 30, "e": 22}
    assert (tally.valid, tally.seats, tally.method) == (45, 1, "schulze")


def test_count__tennessee__ranks_nashville_first() -> None:
    tally = schulze(TENNESSEE, "ckmn")
    assert tally.ranking == (("n",), ("c",), ("k",), ("m",))
    assert tally.totals["n"] == "3"


@pytest.mark.parametrize(
    ("file", "winner", "options", "voters"),
    [
        ("debian-2005-leader.soi", "Branden Robinson", 7, 504),
        ("debian-2010-leader.soi", "Stefano Zacchiroli", 5, 436),
    ],
)
def test_count__debian__elects_who_was_elected(
    vectors: Path, file: str, winner: str, options: int, voters: int
) -> None:
    election = real_election(vectors, file)
    assert (len(election.names), election.votes.valid) == (options, voters)
    tally = count(election.votes, election.contest())
    assert election.named(tally.elected) == [winner]
    assert tally.ranking[0] == tally.elected


def test_count__as_many_voters_for_each_winner__fewer_for_the_loser_make_the_stronger_link() -> (
    None
):
    """Z2: a > b by 5 to 2, b > c by 5 to 4, c > a by 5 to 3; b > c is the weakest."""
    tally = schulze({"cab": 1, "(ac)": 1, "bca": 2, "c": 2, "abc": 3}, "abc")
    assert tally.duels == {"a": {"b": 5, "c": 3}, "b": {"a": 2, "c": 5}, "c": {"a": 5, "b": 4}}
    assert tally.ranking == (("c",), ("a",), ("b",))


def test_count__where_it_parts_from_ranked_pairs__ranks_by_paths() -> None:
    tally = schulze(PARTING, "abcd")
    assert tally.ranking == (("c",), ("d",), ("a",), ("b",))


@given(ballots_of(weak_rankings(FIVE[:4])), st.just(FIVE[:4]))
@example(dict(spelt_votes(SCHULZE_EXAMPLE_1).ballots), FIVE)
@example({}, FIVE[:4])
def test_standing_above__any_ballots__agrees_with_all_paths(
    ballots: dict[Ranking, int], options: tuple[str, ...]
) -> None:
    above = pairs(standing_above(count_duels(ballots, options)))
    assert above == literal_schulze(ballots, options)
    for first, middle in above:
        for second, last in above:
            assert middle != second or (first, last) in above
    tally = count(Votes(ballots), Contest(options=options))
    assert tally.ranking == literal_tiers(above, options)


@given(ballots_of(weak_rankings()))
def test_standing_above__ballots_turned_round__turns_round(ballots: dict[Ranking, int]) -> None:
    """Reversal symmetry, of the whole order and therefore of a single winner."""
    backwards: dict[Ranking, int] = {}
    for ranking, voters in ballots.items():
        other = turned_round(ranking, OPTIONS)
        backwards[other] = backwards.get(other, 0) + voters
    forth = pairs(standing_above(count_duels(ballots, OPTIONS)))
    back = pairs(standing_above(count_duels(backwards, OPTIONS)))
    assert back == {(second, first) for first, second in forth}


@given(ballots_of(weak_rankings()))
def test_count__winner_of_every_duel__stands_alone_on_top(ballots: dict[Ranking, int]) -> None:
    tally = count(Votes(ballots), Contest(options=OPTIONS))
    best = [option for option, won in tally.totals.items() if won == str(len(OPTIONS) - 1)]
    assert not best or tally.ranking[0] == tuple(best) == tally.elected


@given(ballots_of(weak_rankings()), st.data())
def test_count__winner_raised_on_a_ballot__still_wins(
    ballots: dict[Ranking, int], data: st.DataObject
) -> None:
    """Monotonicity."""
    contest = Contest(options=OPTIONS)
    before = count(Votes(ballots), contest)
    assume(before.elected and not before.undecided)
    (winner,) = before.elected
    changed = dict(ballots)
    ranking = data.draw(st.sampled_from(sorted(changed)))
    voters = changed.pop(ranking)
    better = raised(winner, ranking)
    changed[better] = changed.get(better, 0) + voters
    assert count(Votes(changed), contest).elected == (winner,)


@given(ballots_of(weak_rankings()), orders(), st.integers(1, 4))
def test_count__any_seats__are_the_first_of_the_ranking(
    ballots: dict[Ranking, int], priority: Order, seats: int
) -> None:
    tally = count(Votes(ballots), Contest(options=OPTIONS, seats=seats, priority=priority))
    places = {option: n for n, tier in enumerate(tally.ranking) for option in tier}
    named = {option for ranking in ballots for tier in ranking for option in tier}
    seated = set(tally.elected)
    assert len(seated) <= seats
    assert not seated & set(tally.undecided)
    assert [places[option] for option in tally.elected] == sorted(
        places[option] for option in tally.elected
    )
    for out in named - seated - set(tally.undecided):
        assert len(seated) + len(tally.undecided) >= seats
        assert all(places[option] <= places[out] for option in seated)


def test_count__tie__goes_to_the_priority_or_stays_open() -> None:
    circle = {"abc": 2, "bca": 2, "cab": 2}
    open_tie = schulze(circle, "abc")
    assert (open_tie.elected, open_tie.undecided) == ((), ("a", "b", "c"))
    assert open_tie.rounds == ()
    assert open_tie.ranking == (("a", "b", "c"),)
    settled = schulze(circle, "abc", "b", "ac")
    assert (settled.elected, settled.undecided) == (("b",), ())
    assert [each.tied for each in settled.rounds] == [("a", "b", "c")]
    assert settled.rounds[0].votes == settled.totals == {"a": "1", "b": "1", "c": "1"}
    assert settled.ranking == open_tie.ranking


def test_parse_choice__equal_ranks__are_allowed() -> None:
    contest = Contest(options=("a", "b", "c"))
    assert parse_choice('[["b","c"],["a"]]', contest) == spelt("(bc)a")
