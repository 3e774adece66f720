"""What every method of rankings keeps, whatever the ballots: names, order and arrival mean nothing."""

from collections.abc import Mapping
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.acts import Slug
from backend.domain.methods import OPTION_METHODS
from backend.domain.methods.choices import Ranking, format_ranking
from backend.domain.methods.contest import Contest, OptionMethodName, Order, Votes
from backend.domain.methods.tally import Round, Tally, format_tally, parse_tally
from tests.support.contests import OPTIONS, orders, renamed
from tests.support.rankings import ballots_of, strict_rankings

METHODS: tuple[OptionMethodName, ...] = (
    "schulze",
    "ranked_pairs",
    "instant_runoff",
    "two_round",
    "stv_scottish",
    "stv_meek",
)
every_method = pytest.mark.parametrize("method", METHODS)
ballots = ballots_of(strict_rankings(), most=6)
contests = st.builds(Contest, options=st.just(OPTIONS), seats=st.integers(1, 4), priority=orders())
NAMES = st.permutations(OPTIONS).map(lambda drawn: dict(zip(OPTIONS, drawn, strict=True)))


def with_names(tally: Tally, names: Mapping[Slug, Slug]) -> Tally:
    """Return a tally with other names, and without the order of equal options chosen together."""

    def listed(options: tuple[Slug, ...]) -> tuple[Slug, ...]:
        return tuple(sorted(names[option] for option in options))

    def round_of(each: Round) -> Round:
        return msgspec.structs.replace(
            each,
            votes={names[option]: votes for option, votes in each.votes.items()},
            elected=listed(each.elected),
            excluded=listed(each.excluded),
            tied=listed(each.tied),
        )

    return msgspec.structs.replace(
        tally,
        totals={names[option]: total for option, total in tally.totals.items()},
        duels=tally.duels
        and {
            names[first]: {names[second]: voters for second, voters in row.items()}
            for first, row in tally.duels.items()
        },
        rounds=tuple(map(round_of, tally.rounds)),
        ranking=renamed(tally.ranking, names),
        elected=listed(tally.elected),
        undecided=listed(tally.undecided),
    )


@every_method
@given(ballots=ballots, contest=contests, names=NAMES)
def test_count__options_renamed__renames_the_result(
    method: OptionMethodName,
    ballots: dict[Ranking, int],
    contest: Contest,
    names: dict[Slug, Slug],
) -> None:
    """Neutrality."""
    count = OPTION_METHODS[method].count
    other = {
        tuple((names[option],) for (option,) in ranking): voters
        for ranking, voters in ballots.items()
    }
    priority: Order = renamed(contest.priority, names)
    unnamed = {option: option for option in OPTIONS}
    there = count(Votes(other), replace(contest, priority=priority))
    assert with_names(there, unnamed) == with_names(count(Votes(ballots), contest), names)


@every_method
@given(ballots=ballots, contest=contests, data=st.data())
def test_count__ballots_in_another_order__gives_the_same_bytes(
    method: OptionMethodName,
    ballots: dict[Ranking, int],
    contest: Contest,
    data: st.DataObject,
) -> None:
    """Anonymity, and independence of the order of arrival; the document reads back."""
    count = OPTION_METHODS[method].count
    other = dict(data.draw(st.permutations(list(ballots.items()))))
    tally = count(Votes(ballots, blank=2, void=1), contest)
    assert format_tally(count(Votes(other, blank=2, void=1), contest)) == format_tally(tally)
    assert parse_tally(format_tally(tally)) == tally
    assert (tally.method, tally.valid) == (method, sum(ballots.values()))
    assert (tally.blank, tally.void) == (2, 1)


@every_method
@given(ballots=ballots, contest=contests)
def test_count__any_ballots__never_seats_too_many_or_anyone_undecided(
    method: OptionMethodName, ballots: dict[Ranking, int], contest: Contest
) -> None:
    tally = OPTION_METHODS[method].count(Votes(ballots), contest)
    assert len(set(tally.elected)) == len(tally.elected) <= tally.seats <= contest.seats
    assert len(tally.undecided) != 1
    assert list(tally.undecided) == sorted(set(tally.undecided))
    assert not set(tally.undecided) & set(tally.elected)
    assert not tally.undecided or len(tally.elected) < tally.seats
    assert set(tally.totals) == set(OPTIONS)


@every_method
@given(ballots=ballots, favourite=st.sampled_from(OPTIONS), contest=contests)
def test_count__first_on_most_ballots__is_chosen(
    method: OptionMethodName,
    ballots: dict[Ranking, int],
    favourite: Slug,
    contest: Contest,
) -> None:
    """Majority: who is first for more than half takes a seat."""
    favoured = ((favourite,),)
    more = {**ballots, favoured: sum(ballots.values()) + 1}
    assert favourite in OPTION_METHODS[method].count(Votes(more), contest).elected


@every_method
@given(ranking=strict_rankings())
def test_parse_choice__what_is_written__is_read_back(
    method: OptionMethodName, ranking: Ranking
) -> None:
    module = OPTION_METHODS[method]
    assert module.SCHEMA == "ranking"
    assert module.parse_choice(format_ranking(ranking), Contest(options=OPTIONS)) == ranking
