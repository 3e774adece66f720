"""Meek's transferable vote (rules M1 to M7), beside every ballot distributed on its own in fractions."""

from fractions import Fraction
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from backend.domain.methods.choices import Ranking
from backend.domain.methods.contest import Contest, Order, Votes
from backend.domain.methods.stv_meek import VOTE, count, parse_choice
from backend.domain.methods.tally import Tally, figures
from tests.support.contests import OPTIONS, orders
from tests.support.governance import refused
from tests.support.rankings import ballots_of, spelt, spelt_votes, strict_rankings
from tests.support.real_elections import real_election
from tests.support.transfer_oracle import literal_meek

UNIT = Fraction(1, VOTE)


def meek(ballots: dict[str, int], options: str, *priority: str, seats: int = 1) -> Tally:
    order = tuple(tuple(tier) for tier in priority)
    return count(spelt_votes(ballots), Contest(options=tuple(options), seats=seats, priority=order))


def test_count__one_surplus__is_shared_out_until_the_quota_is_met() -> None:
    """M3, M5: a keeps about 5/9 of each of its ballots, the quota shrinks as votes are exhausted."""
    tally = meek({"ab": 6, "a": 3, "b": 1, "c": 3, "d": 2}, "abcd", "bcd", seats=2)
    first, second = tally.rounds[:2]
    assert first.votes == {"a": "9", "b": "1", "c": "3", "d": "2"}
    assert (first.quota, first.elected) == (str(5 + UNIT), ("a",))
    kept = Fraction(second.votes["a"]) / 9
    assert abs(Fraction(second.votes["b"]) - 1 - 6 * (1 - kept)) < Fraction(1, 10**6)
    assert abs(Fraction(second.votes["a"]) - Fraction(second.quota or "0")) < Fraction(1, 10**6)
    assert abs(Fraction(second.exhausted) - 3 * (1 - kept)) < Fraction(1, 10**6)


def test_count__ballot_for_an_elected_option__is_shared_again_after_each_exclusion() -> None:
    """Meek differs from Scotland: ballots that come late pass through a, who keeps a part of them."""
    ballots = {"ac": 10, "bad": 3, "c": 1, "d": 4, "e": 2}
    tally = meek(ballots, "abcde", "a", "c", "d", "b", "e", seats=2)
    left = [each.excluded for each in tally.rounds]
    assert ("b",) in left
    after = tally.rounds[left.index(("b",)) + 1]
    assert Fraction(after.votes["a"]) - Fraction(after.quota or "0") < Fraction(1, 10**6)
    assert Fraction(after.votes["d"]) > 4


def test_count__eilean_siar_2012__elects_who_was_elected(vectors: Path) -> None:
    election = real_election(vectors, "eilean_siar_2012_ward3.csv")
    tally = count(election.votes, election.contest(seats=3))
    assert election.named(tally.elected) == [
        "Catherine Macdonald",
        "Philip Robert Mclean",
        "D J Macrae",
    ]
    assert tally.rounds[0].quota == str(Fraction(802, 4) + UNIT)
    assert (tally.valid, tally.seats, tally.method) == (802, 3, "stv_meek")


def test_count__equally_few__the_priority_decides_or_it_stays_open() -> None:
    ballots = {"a": 3, "b": 3, "c": 2, "d": 2}
    tally = meek(ballots, "abcd", seats=2)
    assert (tally.elected, tally.undecided, len(tally.rounds)) == ((), ("c", "d"), 1)
    settled = meek(ballots, "abcd", "b", "d", "c", "a", seats=2)
    assert (settled.rounds[0].excluded, settled.rounds[0].tied) == (("c",), ("c", "d"))
    assert settled.rounds[1].elected == ("b", "a")


def test_count__within_the_surplus_that_is_left__the_priority_decides_too() -> None:
    """M6: b comes up to 2, what d has, but the round ends with a little still to come to b."""
    ballots = {"abc": 4, "d": 2, "e": 4}
    tally = meek(ballots, "abcde", "a", "b", "c", "d", "e", seats=3)
    last = next(each for each in tally.rounds if each.excluded == ("d",))
    assert last.tied == ("b", "d")
    assert 0 < 2 - Fraction(last.votes["b"]) < Fraction(1, 10**6)
    assert tally.elected == ("a", "e", "b")
    assert meek(ballots, "abcde", seats=3).undecided == ("b", "d")


def test_count__no_more_options_than_seats__elects_all_at_once() -> None:
    tally = meek({"a": 5, "b": 1}, "abc", "c", seats=3)
    assert (tally.elected, len(tally.rounds)) == (("a", "b", "c"), 1)


def test_count__nobody_names_an_option__elects_nobody() -> None:
    tally = count(Votes({}, blank=3, void=1), Contest(options=("a", "b"), seats=2))
    assert (tally.elected, tally.undecided, tally.rounds) == ((), (), ())
    assert tally.totals == {"a": "0", "b": "0"}
    assert (tally.valid, tally.blank, tally.void) == (0, 3, 1)


def test_count__more_votes_for_the_winner__may_make_it_lose() -> None:
    """Not monotonic: two voters raise a from second to first, and a loses."""
    before = meek({"abc": 6, "cab": 5, "bca": 4, "bac": 2}, "abc")
    after = meek({"abc": 8, "cab": 5, "bca": 4}, "abc")
    assert (before.elected, after.elected) == (("a",), ("c",))


@settings(max_examples=30)
@given(ballots_of(strict_rankings(), most=6), orders(), st.integers(1, 4))
@example({spelt("ab"): 5, spelt("ac"): 5, spelt("b"): 2, spelt("c"): 2}, (), 2)
def test_count__any_ballots__agrees_with_ballots_distributed_one_by_one(
    ballots: dict[Ranking, int], priority: Order, seats: int
) -> None:
    options = OPTIONS if not any("a" in tier for each in ballots for tier in each) else tuple("abc")
    contest = Contest(options=options, seats=seats, priority=priority)
    tally = count(Votes(ballots), contest)
    rounds, chosen = literal_meek(ballots, contest)
    assert [each.votes for each in tally.rounds] == [figures(each) for each in rounds]
    assert tally.elected == tuple(chosen)
    for each in tally.rounds:
        assert sum(map(Fraction, each.votes.values())) + Fraction(each.exhausted) == tally.valid
        assert Fraction(each.exhausted) >= 0
    assert not set(tally.undecided) & set(tally.elected)
    if not tally.undecided and ballots:
        assert len(tally.elected) == min(seats, len(options))
    first = dict.fromkeys(options, 0)
    for ranking, voters in ballots.items():
        first[ranking[0][0]] += voters
    assert tally.totals == figures(first)


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
    deserved = min(sum(united.values()) * (seats + 1) // (tally.valid + 1), 2)
    assert len(set(tally.elected) & set(OPTIONS[:2])) >= deserved


def test_parse_choice__equal_ranks__are_refused() -> None:
    contest = Contest(options=("a", "b", "c"))
    assert parse_choice('[["b"],["a"]]', contest) == spelt("ba")
    with refused("choice.equal_ranks"):
        parse_choice('[["a","b"]]', contest)
