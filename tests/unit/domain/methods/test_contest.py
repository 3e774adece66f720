"""Contests: what the priority prefers, whatever the order in which options are named."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.acts import Slug
from backend.domain.methods.contest import Contest, Order, Votes
from tests.support.contests import OPTIONS, orders

PRIORITY: Order = (("cedar",), ("ash", "birch"))
CONTEST = Contest(options=OPTIONS, priority=PRIORITY)
TIED = st.sets(st.sampled_from(OPTIONS), min_size=1).flatmap(
    lambda drawn: st.permutations(sorted(drawn))
)


@pytest.mark.parametrize(("option", "tier"), [("cedar", 0), ("ash", 1), ("birch", 1), ("elm", 2)])
def test_tier__priority__is_the_place_in_it_and_last_for_others(option: Slug, tier: int) -> None:
    assert CONTEST.tier(option) == tier
    assert Contest(options=OPTIONS).tier(option) == 0


@pytest.mark.parametrize(
    ("tied", "preferred", "deferred"),
    [
        (("elm", "cedar", "ash"), ("cedar",), ("elm",)),
        (("birch", "ash"), ("ash", "birch"), ("ash", "birch")),
        (("elm", "birch", "ash"), ("ash", "birch"), ("elm",)),
        (("elm",), ("elm",), ("elm",)),
    ],
)
def test_preferred__tied_options__are_those_of_the_first_tier_met(
    tied: tuple[Slug, ...], preferred: tuple[Slug, ...], deferred: tuple[Slug, ...]
) -> None:
    assert CONTEST.preferred(tied) == preferred
    assert CONTEST.deferred(tied) == deferred


def test_ordered__tied_options__are_in_tiers() -> None:
    assert CONTEST.ordered(OPTIONS) == (("cedar",), ("ash", "birch"), ("elm",))
    assert CONTEST.ordered(["elm", "ash"]) == (("ash",), ("elm",))
    assert CONTEST.ordered([]) == ()
    assert Contest(options=OPTIONS).ordered(reversed(OPTIONS)) == (OPTIONS,)


@given(TIED, orders())
def test_ordered__any_order_of_the_tied__makes_no_difference(
    tied: list[Slug], priority: Order
) -> None:
    contest = Contest(options=OPTIONS, priority=priority)
    tiers = contest.ordered(tied)
    assert tiers == contest.ordered(sorted(tied))
    assert sorted(option for tier in tiers for option in tier) == sorted(tied)
    assert all(list(tier) == sorted(tier) for tier in tiers)
    assert (tiers[0], tiers[-1]) == (contest.preferred(tied), contest.deferred(tied))
    places = [[contest.tier(option) for option in tier] for tier in tiers]
    assert places == [[place[0]] * len(place) for place in places]
    assert sorted(places) == places


def test_votes__valid__are_voters_and_neither_blank_nor_void() -> None:
    assert Votes(Counter({"ash": 3, "elm": 2}), blank=4, void=1).valid == 5
    none: Votes[Slug] = Votes({}, blank=4)
    assert none.valid == 0
