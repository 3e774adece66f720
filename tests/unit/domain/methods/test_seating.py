"""Seats under ties, beside an oracle that tries every strict order."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.acts import Slug
from backend.domain.methods.contest import Contest, Order
from backend.domain.methods.seating import Seating, rank, seat
from tests.support.contests import OPTIONS, orders, seats_in_every_order

RANKING: Order = (("cedar",), ("ash", "birch", "elm"))
WORTH = st.lists(st.integers(-1, 2), min_size=4, max_size=4).map(
    lambda drawn: dict(zip(OPTIONS, drawn, strict=True))
)


def test_rank__figures__are_in_tiers_highest_first() -> None:
    assert rank({"elm": 2, "ash": 2, "birch": 10, "cedar": -3}) == (
        ("birch",), ("ash", "elm"), ("cedar",),
    )  # fmt: skip
    assert rank({"ash": Fraction(1, 3), "elm": Fraction(1, 2)}) == (("elm",), ("ash",))
    assert rank({"ash": (3, 1), "elm": (3, 2), "oak": (2, 9)}) == (("elm",), ("ash",), ("oak",))
    assert rank({}) == ()


@pytest.mark.parametrize(
    ("seats", "priority", "seating"),
    [
        (1, (), Seating(elected=("cedar",))),
        (2, (), Seating(elected=("cedar",), undecided=("ash", "birch", "elm"))),
        (4, (), Seating(elected=("cedar", "ash", "birch", "elm"))),
        (9, (("elm",),), Seating(elected=("cedar", "elm", "ash", "birch"))),
        (2, (("elm",),), Seating(elected=("cedar", "elm"), tied=("ash", "birch", "elm"))),
        (
            3,
            (("elm",),),
            Seating(
                elected=("cedar", "elm"), tied=("ash", "birch", "elm"), undecided=("ash", "birch")
            ),
        ),
        (
            2,
            (("elm", "ash"), ("birch",)),
            Seating(elected=("cedar",), tied=("ash", "birch", "elm"), undecided=("ash", "elm")),
        ),
        (
            3,
            (("elm", "ash"),),
            Seating(elected=("cedar", "ash", "elm"), tied=("ash", "birch", "elm")),
        ),
        (2, (("cedar",),), Seating(elected=("cedar",), undecided=("ash", "birch", "elm"))),
    ],
)
def test_seat__tie_at_the_last_seat__is_for_the_priority(
    seats: int, priority: Order, seating: Seating
) -> None:
    contest = Contest(options=OPTIONS, seats=seats, priority=priority)
    assert seat(RANKING, contest, supported=OPTIONS) == seating


def test_seat__priority_that_stops_half_way__seats_those_before_it() -> None:
    contest = Contest(options=OPTIONS, seats=3, priority=(("elm",), ("cedar",)))
    assert seat((OPTIONS,), contest, supported=OPTIONS) == Seating(
        elected=("elm", "cedar"), tied=OPTIONS, undecided=("ash", "birch")
    )


def test_seat__without_support__stays_empty() -> None:
    contest = Contest(options=OPTIONS, seats=3, priority=(("ash",),))
    assert seat(RANKING, contest, supported={"cedar", "elm"}) == Seating(elected=("cedar", "elm"))
    assert seat(RANKING, contest, supported=()) == Seating(elected=())


@given(WORTH, st.integers(1, 5), orders(), st.sets(st.sampled_from(OPTIONS), min_size=1))
def test_seat__any_tie__agrees_with_every_strict_order(
    worth: dict[Slug, int], seats: int, priority: Order, supported: set[Slug]
) -> None:
    contest = Contest(options=OPTIONS, seats=seats, priority=priority)
    seating = seat(rank(worth), contest, supported=supported)
    ranking = rank({option: worth[option] for option in supported})
    always, sometimes = seats_in_every_order(ranking, priority, seats=seats)
    assert set(seating.elected) == always
    assert set(seating.undecided) == sometimes
    assert len(seating.elected) == len(always)
    assert list(seating.undecided) == sorted(seating.undecided)
    without = seats_in_every_order(ranking, (), seats=seats)
    assert bool(seating.tied) == ((always, sometimes) != without)
    assert set(seating.tied) <= supported
