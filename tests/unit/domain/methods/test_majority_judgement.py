"""Majority judgement, beside an oracle that takes one grade away at a time."""

from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.domain.acts import Slug
from backend.domain.methods.choices import Marks
from backend.domain.methods.contest import Contest, Order, Votes
from backend.domain.methods.majority_judgement import SCHEMA, count, parse_choice
from backend.domain.methods.tally import Round, Tally
from tests.support.contests import OPTIONS, orders, seats_in_every_order, votes_of
from tests.support.drawn_ballots import marks
from tests.support.governance import refused
from tests.support.grading_oracle import grades_of, judged, majority_value

CITIES = ("chattanooga", "knoxville", "memphis", "nashville")
TENNESSEE: Votes[Marks] = Votes(
    {
        (("chattanooga", 0), ("knoxville", 0), ("memphis", 3), ("nashville", 1)): 42,
        (("chattanooga", 1), ("knoxville", 1), ("memphis", 0), ("nashville", 3)): 26,
        (("chattanooga", 3), ("knoxville", 2), ("memphis", 0), ("nashville", 1)): 15,
        (("chattanooga", 2), ("knoxville", 3), ("memphis", 0), ("nashville", 1)): 17,
    }
)


def _judged(
    rows: dict[Slug, list[int]], *, grades: int, seats: int = 1, priority: Order = ()
) -> Tally:
    """Count ballots of which the n-th gives every option the n-th grade of its row."""
    ballots = [
        tuple(zip(rows, given_by_one, strict=True))
        for given_by_one in zip(*rows.values(), strict=True)
    ]
    contest = Contest(options=tuple(rows), grades=grades, seats=seats, priority=priority)
    return count(votes_of(ballots), contest)


def test_count__tennessee__elects_the_middle() -> None:
    tally = count(TENNESSEE, Contest(options=CITIES, grades=4))
    assert tally.totals == {"chattanooga": "1", "knoxville": "1", "memphis": "0", "nashville": "1"}
    assert tally.grades == {
        "chattanooga": (42, 26, 17, 15),
        "knoxville": (42, 26, 15, 17),
        "memphis": (58, 0, 0, 42),
        "nashville": (0, 74, 0, 26),
    }
    assert tally.ranking == (("nashville",), ("knoxville",), ("chattanooga",), ("memphis",))
    assert tally.elected == ("nashville",)
    assert tally.rounds == (
        Round(votes=tally.totals, excluded=("memphis",)),
        Round(
            votes={"chattanooga": "0", "knoxville": "0", "nashville": "1"},
            exhausted="16",
            elected=("nashville",),
            excluded=("chattanooga", "knoxville"),
        ),
    )


def test_count__equal_majority_grades__are_told_apart_by_what_lies_next_to_them() -> None:
    # Four grades each, middle one 1; without it 0 1 1 of ash leave 1 and 1 1 2 of birch leave 1; then 0, 1.
    tally = _judged({"ash": [0, 1, 1, 2], "birch": [1, 1, 1, 2]}, grades=3)
    assert tally.totals == {"ash": "1", "birch": "1"}
    assert tally.ranking == (("birch",), ("ash",))
    assert tally.rounds == (
        Round(
            votes={"ash": "0", "birch": "1"},
            exhausted="2",
            elected=("birch",),
            excluded=("ash",),
        ),
    )


def test_count__good_good_fair_poor__beats_excellent_and_three_fair() -> None:
    rows = {"x": [2, 2, 1, 0], "y": [3, 1, 1, 1]}
    tally = _judged(rows, grades=4)
    assert (tally.totals, tally.elected) == ({"x": "1", "y": "1"}, ("x",))
    assert majority_value(rows["x"]) == [1, 2, 0, 2]
    assert majority_value(rows["y"]) == [1, 1, 1, 3]


def test_count__gauge_that_ties__is_decided_by_the_grades_further_out() -> None:
    # One grade above and one below the majority grade for both: the gauge of one step sees no difference.
    tally = _judged({"ash": [0, 2, 2, 2, 3], "birch": [1, 2, 2, 2, 3]}, grades=4)
    assert (tally.totals, tally.ranking) == ({"ash": "2", "birch": "2"}, (("birch",), ("ash",)))
    assert tally.rounds[0].exhausted == "3"


def test_count__all_grades_equal__is_for_the_priority() -> None:
    rows = {"ash": [0, 1, 2], "birch": [2, 0, 1], "elm": [0, 0, 2]}
    tally = _judged(rows, grades=3)
    assert tally.ranking == (("ash", "birch"), ("elm",))
    assert (tally.elected, tally.undecided) == ((), ("ash", "birch"))
    first = Round(votes={"ash": "1", "birch": "1", "elm": "0"}, excluded=("elm",))
    assert tally.rounds == (first,)
    by_priority = _judged(rows, grades=3, priority=(("birch",),))
    assert (by_priority.elected, by_priority.undecided) == (("birch",), ())
    assert by_priority.ranking == tally.ranking
    assert by_priority.rounds == (
        first,
        Round(
            votes={"ash": "1", "birch": "1"},
            exhausted="3",
            elected=("birch",),
            tied=("ash", "birch"),
        ),
    )


def test_count__not_graded__is_graded_worst() -> None:
    votes: Votes[Marks] = Votes({(("ash", 2),): 3, (("birch", 1),): 2})
    tally = count(votes, Contest(options=("ash", "birch", "elm"), grades=3, seats=3))
    assert tally.grades == {"ash": (2, 0, 3), "birch": (3, 2, 0), "elm": (5, 0, 0)}
    assert tally.totals == {"ash": "2", "birch": "0", "elm": "0"}
    assert tally.elected == ("ash", "birch")


def test_count__several_seats__are_filled_round_by_round() -> None:
    rows = {"ash": [3, 3, 3], "birch": [2, 2, 3], "cedar": [1, 2, 3], "elm": [0, 0, 3]}
    tally = _judged(rows, grades=4, seats=2)
    assert tally.elected == ("ash", "birch")
    assert tally.rounds == (
        Round(
            votes={"ash": "3", "birch": "2", "cedar": "2", "elm": "0"},
            elected=("ash",),
            excluded=("elm",),
        ),
        Round(
            votes={"birch": "2", "cedar": "1"},
            exhausted="1",
            elected=("birch",),
            excluded=("cedar",),
        ),
    )


def test_count__as_many_options_above_as_seats__leaves_the_rest_out_at_once() -> None:
    tally = _judged({"ash": [2], "birch": [1], "elm": [1]}, grades=3)
    assert tally.rounds == (
        Round(
            votes={"ash": "2", "birch": "1", "elm": "1"},
            elected=("ash",),
            excluded=("birch", "elm"),
        ),
    )


@pytest.mark.parametrize("seats", [1, 2])
def test_count__nobody_votes__elects_nobody(seats: int) -> None:
    contest = Contest(options=OPTIONS, grades=4, seats=seats, priority=(("elm",),))
    tally = count(Votes({}, blank=2, void=1), contest)
    assert (tally.elected, tally.undecided, tally.rounds) == ((), (), ())
    assert (tally.valid, tally.blank, tally.void) == (0, 2, 1)
    assert (tally.totals, tally.ranking) == (dict.fromkeys(OPTIONS, "0"), (OPTIONS,))
    assert tally.grades == dict.fromkeys(OPTIONS, (0, 0, 0, 0))


def test_count__one_more_voter_for_the_winner__may_elect_another() -> None:
    # Known failure: participation. The newcomer prefers birch, and makes ash win; without, birch does.
    contest = Contest(options=("ash", "birch"), grades=4)
    before = [(("ash", 3), ("birch", 1)), (("ash", 0), ("birch", 1))]
    newcomer = (("ash", 2), ("birch", 3))
    assert count(votes_of(before), contest).elected == ("birch",)
    assert count(votes_of([*before, newcomer]), contest).elected == ("ash",)


@pytest.mark.parametrize("text", ['{"ash":4}', '{"ash":-1}', '{"ash":true}'])
def test_parse__grade_out_of_range__refuses(text: str) -> None:
    contest = Contest(options=OPTIONS, grades=4)
    assert parse_choice('{"ash":3,"elm":0}', contest) == (("ash", 3), ("elm", 0))
    assert SCHEMA == "marks"
    with refused("choice.range") as caught:
        parse_choice(text, contest)
    assert caught.value.expected == "an integer from 0 to 3"


@pytest.mark.parametrize("voters", range(1, 7))
def test_ranking__every_pair_of_rows__agrees_with_the_oracle(voters: int) -> None:
    rows = [row for row in product(range(3), repeat=voters) if list(row) == sorted(row)]
    options = tuple(f"o{''.join(map(str, row))}" for row in rows)
    grades = {option: list(row) for option, row in zip(options, rows, strict=True)}
    assert _judged(grades, grades=3).ranking == judged(grades)


BALLOTS = st.lists(marks(lowest=0, highest=3), min_size=1, max_size=12)


@given(BALLOTS, st.integers(1, 4), orders())
@example([(("ash", 1),)], 1, ())
@example([(("ash", 1),), (("elm", 1),)], 1, (("elm",),))
def test_count__any_ballots__agrees_with_the_oracle(
    ballots: list[Marks], seats: int, priority: Order
) -> None:
    grades = grades_of(ballots, OPTIONS)
    contest = Contest(options=OPTIONS, grades=4, seats=seats, priority=priority)
    tally = count(votes_of(ballots), contest)
    assert tally.ranking == judged(grades)
    assert tally.totals == {option: str(majority_value(each)[0]) for option, each in grades.items()}
    assert tally.grades == {
        option: tuple(each.count(grade) for grade in range(4)) for option, each in grades.items()
    }
    supported = tuple(
        tier
        for whole in tally.ranking
        if (tier := tuple(option for option in whole if any(grades[option])))
    )
    if supported:
        always, sometimes = seats_in_every_order(supported, priority, seats=seats)
        assert (set(tally.elected), set(tally.undecided)) == (always, sometimes)


@given(BALLOTS, st.integers(1, 4), orders())
def test_rounds__any_ballots__tell_who_is_elected_and_by_which_grades(
    ballots: list[Marks], seats: int, priority: Order
) -> None:
    contest = Contest(options=OPTIONS, grades=4, seats=seats, priority=priority)
    tally = count(votes_of(ballots), contest)
    grades = grades_of(ballots, OPTIONS)
    told = [option for each in tally.rounds for option in each.elected]
    assert sorted(told) == sorted(tally.elected)
    for each in tally.rounds:
        taken = int(each.exhausted)
        if each.tied:
            assert (each, taken) == (tally.rounds[-1], len(ballots))
            continue
        assert each.votes == {
            option: str(majority_value(grades[option])[taken]) for option in each.votes
        }
        left = set(each.votes) - set(each.excluded) - set(each.elected)
        for better, worse in ((each.elected, left), (left, each.excluded)):
            for one, other in product(better, worse):
                assert int(each.votes[one]) > int(each.votes[other])


@given(BALLOTS, st.data())
def test_count__winner_graded_higher__still_wins(ballots: list[Marks], data: st.DataObject) -> None:
    contest = Contest(options=OPTIONS, grades=4)
    elected = count(votes_of(ballots), contest).elected
    if elected:
        nth = data.draw(st.integers(0, len(ballots) - 1))
        grade = data.draw(st.integers(dict(ballots[nth]).get(elected[0], 0), 3))
        raised = tuple(sorted({**dict(ballots[nth]), elected[0]: grade}.items()))
        assert (
            count(votes_of([*ballots[:nth], raised, *ballots[nth + 1 :]]), contest).elected
            == elected
        )
