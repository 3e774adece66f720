"""The Scottish transferable vote (rules 45 to 52), on a real ward and beside papers moved one by one."""

from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from backend.domain.methods.choices import Ranking
from backend.domain.methods.contest import Contest, Order, Votes
from backend.domain.methods.stv_scottish import count, parse_choice
from backend.domain.methods.tally import Tally, figures
from tests.support.contests import OPTIONS, orders
from tests.support.governance import refused
from tests.support.rankings import ballots_of, spelt, spelt_votes, strict_rankings
from tests.support.real_elections import real_election
from tests.support.transfer_oracle import literal_scottish

FOOD = {"o": 4, "po": 2, "cs": 8, "ch": 4, "s": 1, "h": 1}
"""20 guests want three dishes, an older example of https://en.wikipedia.org/wiki/Single_transferable_vote."""


def scottish(ballots: dict[str, int], options: str, *priority: str, seats: int = 1) -> Tally:
    order = tuple(tuple(tier) for tier in priority)
    return count(spelt_votes(ballots), Contest(options=tuple(options), seats=seats, priority=order))


def decimals(figure: str) -> str:
    return f"{float(Fraction(figure)):.5f}"


def test_count__eilean_siar_2012__gives_the_figures_of_every_stage(vectors: Path) -> None:
    election = real_election(vectors, "eilean_siar_2012_ward3.csv")
    tally = count(election.votes, election.contest(seats=3))
    assert (tally.valid, tally.seats) == (802, 3)
    stages = [
        {election.names[each]: decimals(has) for each, has in stage.votes.items()}
        for stage in tally.rounds
    ]
    first, wilson = "Catherine Macdonald", "David Cameron Wilson"
    assert stages[0] == {
        first: "498.00000",
        "D J Macrae": "69.00000",
        "Philip Robert Mclean": "202.00000",
        wilson: "33.00000",
    }
    assert stages[1][first] == "201.00000"
    assert (stages[1]["D J Macrae"], stages[1][wilson]) == ("163.82442", "105.16198")
    assert stages[2]["Philip Robert Mclean"] == "201.00000"
    assert stages[3]["D J Macrae"] == "193.52180"
    assert wilson not in stages[3]
    assert [decimals(stage.exhausted) for stage in tally.rounds][:2] == ["0.00000", "130.01360"]
    assert {stage.quota for stage in tally.rounds} == {"201"}
    assert [election.named(stage.elected) for stage in tally.rounds] == [
        [first, "Philip Robert Mclean"],
        [],
        [],
        ["D J Macrae"],
    ]
    assert [election.named(stage.excluded) for stage in tally.rounds] == [[], [], [], [wilson]]
    assert election.named(tally.elected) == [first, "Philip Robert Mclean", "D J Macrae"]


def test_count__food__elects_chocolate_oranges_and_strawberries() -> None:
    tally = scottish(FOOD, "chops", seats=3)
    assert tally.elected == ("c", "o", "s")
    assert tally.rounds[0].quota == "6"
    assert tally.rounds[1].votes == {"c": "6", "h": "3", "o": "4", "p": "2", "s": "5"}
    assert [stage.excluded for stage in tally.rounds] == [(), (), ("p",), ("h",)]
    assert tally.totals == {"c": "12", "h": "1", "o": "4", "p": "2", "s": "1"}


def test_count__transfer_value__is_cut_off_after_five_decimals() -> None:
    """Rule 48: 2 of 6 votes are 0.33333; six papers move 1.99998, and 0.00002 is lost."""
    tally = scottish({"ab": 6, "b": 1, "c": 2, "d": 2}, "abcd", "bcd", seats=2)
    assert tally.rounds[0].quota == "4"
    assert tally.rounds[1].votes["b"] == str(Fraction(299_998, 100_000))
    assert tally.rounds[1].exhausted == str(Fraction(2, 100_000))


def test_count__value_when_received__is_multiplied_on() -> None:
    """Rule 48: b receives 12 papers at 0.5 and passes them on at 0.5 times 4 by 10."""
    tally = scottish({"abc": 12, "b": 3, "bd": 1, "c": 2, "d": 1, "e": 1}, "abcde", seats=3)
    assert tally.rounds[0].quota == "6"
    assert tally.rounds[1].votes["b"] == "10"
    assert tally.rounds[2].votes["c"] == str(2 + 12 * Fraction(2, 10))
    assert tally.rounds[2].votes["d"] == str(1 + Fraction(4, 10))
    assert tally.rounds[2].exhausted == str(3 * Fraction(4, 10))


def test_count__surpluses__the_largest_goes_first() -> None:
    tally = scottish({"ac": 7, "bd": 8, "c": 1, "d": 2, "e": 2}, "abcde", seats=3)
    assert tally.rounds[0].quota == "6"
    assert tally.rounds[1].votes == {"a": "7", "b": "6", "c": "1", "d": "4", "e": "2"}
    assert tally.rounds[2].votes["a"] == "6"


def test_count__equal_surpluses__an_earlier_stage_decides_then_the_priority() -> None:
    """Rule 49: a and b have equal surpluses from the first stage on."""
    ballots = {"ac": 5, "bd": 5, "c": 2, "d": 2, "e": 1}
    tally = scottish(ballots, "abcde", seats=3)
    assert tally.elected == ("a", "b")
    assert tally.undecided == ("c", "d", "e")
    settled = scottish(ballots, "abcde", "b", "a", "d", "c", seats=3)
    assert settled.rounds[1].tied == ("a", "b")
    assert settled.rounds[1].votes["b"] == settled.rounds[0].quota == "4"


def test_count__equally_few__an_earlier_stage_decides() -> None:
    """Rule 51: c and d have 3 votes each when b has left, and c had fewer before."""
    tally = scottish({"a": 5, "bc": 1, "c": 2, "d": 3}, "abcd", seats=1)
    assert [stage.excluded for stage in tally.rounds][:3] == [(), ("b",), ("c",)]
    assert [stage.tied for stage in tally.rounds] == [()] * len(tally.rounds)


def test_count__equally_few_at_all_stages__the_priority_decides() -> None:
    ballots = {"a": 3, "b": 3, "c": 2, "d": 2}
    tally = scottish(ballots, "abcd", seats=2)
    assert (tally.elected, tally.undecided) == ((), ("c", "d"))
    settled = scottish(ballots, "abcd", "b", "d", "c", "a", seats=2)
    assert (settled.rounds[1].excluded, settled.rounds[1].tied) == (("c",), ("c", "d"))
    assert set(settled.elected) == {"a", "b"}


def test_count__no_more_options_than_seats__elects_all_at_once() -> None:
    """Rule 52."""
    tally = scottish({"a": 5, "b": 1}, "abc", "c", seats=3)
    assert (tally.elected, len(tally.rounds)) == (("a", "b", "c"), 1)


def test_count__nobody_names_an_option__elects_nobody() -> None:
    tally = count(Votes({}, blank=3, void=1), Contest(options=("a", "b"), seats=2))
    assert (tally.elected, tally.undecided, len(tally.rounds)) == ((), (), 1)
    assert (tally.valid, tally.blank, tally.void) == (0, 3, 1)


def test_count__more_votes_for_the_winner__may_make_it_lose() -> None:
    """Not monotonic: two voters raise a from second to first, and a loses."""
    before = scottish({"abc": 6, "cab": 5, "bca": 4, "bac": 2}, "abc")
    after = scottish({"abc": 8, "cab": 5, "bca": 4}, "abc")
    assert (before.elected, after.elected) == (("a",), ("c",))


@given(ballots_of(strict_rankings()), orders(), st.integers(1, 4))
def test_count__any_ballots__agrees_with_papers_moved_one_by_one(
    ballots: dict[Ranking, int], priority: Order, seats: int
) -> None:
    contest = Contest(options=OPTIONS, seats=seats, priority=priority)
    tally = count(Votes(ballots), contest)
    stages, chosen = literal_scottish(ballots, contest)
    assert [stage.votes for stage in tally.rounds] == [figures(stage) for stage in stages]
    assert tally.elected == tuple(chosen)
    for stage in tally.rounds:
        assert sum(map(Fraction, stage.votes.values())) + Fraction(stage.exhausted) == tally.valid
    assert not set(tally.undecided) & set(tally.elected)
    if not tally.undecided and ballots:
        assert len(tally.elected) == seats


@given(
    ballots_of(strict_rankings(OPTIONS[:2]), most=3),
    ballots_of(strict_rankings(), most=5),
    st.integers(1, 3),
)
def test_count__voters_of_two_quotas_for_two_options__seat_both(
    united: dict[Ranking, int], others: dict[Ranking, int], seats: int
) -> None:
    """Proportional: who holds together in k quotas, on at least k options, gets k seats."""
    ballots = dict(others)
    for ranking, voters in united.items():
        named = {tier[0] for tier in ranking}
        full = ranking + tuple((option,) for option in OPTIONS[:2] if option not in named)
        ballots[full] = ballots.get(full, 0) + voters
    contest = Contest(options=OPTIONS, seats=seats, priority=tuple((each,) for each in OPTIONS))
    tally = count(Votes(ballots), contest)
    quota = tally.valid // (seats + 1) + 1
    deserved = min(sum(united.values()) // quota, 2)
    assert len(set(tally.elected) & set(OPTIONS[:2])) >= deserved


def test_parse_choice__equal_ranks__are_refused() -> None:
    contest = Contest(options=("a", "b", "c"))
    assert parse_choice('[["b"],["a"]]', contest) == spelt("ba")
    with refused("choice.equal_ranks"):
        parse_choice('[["a","b"]]', contest)
