"""Duels counted by columns, laid beside duels counted voter by voter."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.domain.methods.choices import Ranking
from backend.domain.methods.columns import count_duels
from backend.domain.methods.contest import MAX_OPTIONS, Contest, Votes
from backend.domain.methods.pairwise import supported_options, tiers_of
from tests.support.contests import OPTIONS
from tests.support.duel_oracle import literal_duels, literal_tiers
from tests.support.rankings import ballots_of, spelt, strict_rankings, weak_rankings
from tests.support.real_elections import real_election

WIDE = tuple(f"o{number:02d}" for number in range(MAX_OPTIONS))

DEBIAN_2005 = """
-   50  47  29  98  64  116
394 -   236 239 385 275 390
420 248 -   266 375 290 378
440 244 222 -   393 288 392
314 60  95  80  -   139 270
378 185 184 196 307 -   351
337 75  107 101 184 120 -
"""
"""Voters who rank the row above the column; options as numbered in the file."""


def counted(ballots: dict[Ranking, int], options: tuple[str, ...]) -> dict[tuple[str, str], int]:
    duels = count_duels(ballots, options)
    assert set(duels) == set(options)
    return {(first, second): n for first, row in duels.items() for second, n in row.items()}


@given(ballots_of(weak_rankings()))
@example({})
@example({spelt("(ab)c"): 3, spelt("b"): 127, spelt("cab"): 128, spelt("(abc)"): 1})
def test_count_duels__any_ballots__agrees_with_asking_every_voter(
    ballots: dict[Ranking, int],
) -> None:
    options = OPTIONS if not any("a" in tier for each in ballots for tier in each) else tuple("abc")
    assert counted(ballots, options) == literal_duels(ballots, options)


@given(ballots_of(strict_rankings(WIDE) | weak_rankings(WIDE), most=4))
def test_count_duels__as_many_options_as_allowed__agrees_with_asking_every_voter(
    ballots: dict[Ranking, int],
) -> None:
    assert counted(ballots, WIDE) == literal_duels(ballots, WIDE)


def test_count_duels__one_option__has_no_duel() -> None:
    assert count_duels({spelt("a"): 5}, ("a",)) == {"a": {}}


@pytest.mark.parametrize(
    ("ballot", "prefer", "against"),
    [("ab", 7, 0), ("ba", 0, 7), ("(ab)", 0, 0), ("a", 7, 0), ("c", 0, 0), ("(ac)", 7, 0)],
)
def test_count_duels__equal_and_left_out__count_for_neither(
    ballot: str, prefer: int, against: int
) -> None:
    duels = count_duels({spelt(ballot): 7}, ("a", "b", "c"))
    assert (duels["a"]["b"], duels["b"]["a"]) == (prefer, against)


def test_count_duels__debian_2005__gives_the_matrix_of_the_file(vectors: Path) -> None:
    election = real_election(vectors, "debian-2005-leader.soi")
    options = list(election.names)
    duels = count_duels(election.votes.ballots, options)
    rows = [
        [str(duels[first][second]) if first != second else "-" for second in options]
        for first in options
    ]
    assert rows == [line.split() for line in DEBIAN_2005.strip().splitlines()]


@given(st.sets(st.tuples(st.sampled_from(OPTIONS), st.sampled_from(OPTIONS))))
def test_tiers_of__any_order__places_each_option_below_those_above(
    drawn: set[tuple[str, str]],
) -> None:
    above = {(first, second) for first, second in drawn if first < second}
    below = {option: {last for first, last in above if first == option} for option in OPTIONS}
    assert tiers_of(below) == literal_tiers(above, OPTIONS)


@pytest.mark.parametrize(
    ("ballots", "supported"),
    [
        ([], ""),
        (["a"], "a"),
        (["ab"], "ab"),
        (["(ab)"], "ab"),
        (["(abc)"], "abc"),
        (["a", "c"], "ac"),
    ],
)
def test_supported_options__named_on_a_ballot__have_support(
    ballots: list[str], supported: str
) -> None:
    votes = Votes(dict.fromkeys(map(spelt, ballots), 1))
    contest = Contest(options=("a", "b", "c"))
    duels = count_duels(votes.ballots, contest.options)
    assert supported_options(votes, duels) == set(supported)
