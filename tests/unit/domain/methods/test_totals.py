"""Methods that seat the highest totals: plurality, approval, score and quadratic voting."""

from collections import Counter
from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.acts import Slug
from backend.domain.methods import approval, plurality, quadratic, score
from backend.domain.methods.choices import Approved, Marks
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.tally import Round, Tally
from tests.support.contests import OPTIONS, votes_of
from tests.support.drawn_ballots import APPROVED, marks
from tests.support.governance import refused

CITIES = ("chattanooga", "knoxville", "memphis", "nashville")
TENNESSEE = {"memphis": 42, "nashville": 26, "knoxville": 17, "chattanooga": 15}
"""Share of the voters who live nearest to each city: the textbook election of a capital."""


def _tally(method: str, totals: dict[Slug, int], *, valid: int, elected: tuple[Slug, ...]) -> Tally:
    return Tally(
        method=method,  # type: ignore[arg-type]  # one of the names, as the test writes it
        seats=1,
        valid=valid,
        totals={option: str(total) for option, total in totals.items()},
        ranking=tuple((option,) for option in sorted(totals, key=lambda name: -totals[name])),
        elected=elected,
    )


def test_plurality__tennessee__elects_the_largest_minority() -> None:
    tally = plurality.count(Votes(TENNESSEE), Contest(options=CITIES))
    assert tally == _tally(
        "plurality",
        {"chattanooga": 15, "knoxville": 17, "memphis": 42, "nashville": 26},
        valid=100,
        elected=("memphis",),
    )


def test_approval__tennessee_with_two_nearest_cities__elects_the_middle() -> None:
    votes: Votes[Approved] = Votes(
        {
            ("memphis", "nashville"): 42,
            ("chattanooga", "nashville"): 26,
            ("chattanooga", "knoxville"): 15 + 17,
        }
    )
    tally = approval.count(votes, Contest(options=CITIES))
    assert tally == _tally(
        "approval",
        {"chattanooga": 58, "knoxville": 32, "memphis": 42, "nashville": 68},
        valid=100,
        elected=("nashville",),
    )


def test_score__tennessee_with_ten_for_the_best__elects_the_middle() -> None:
    votes: Votes[Marks] = Votes(
        {
            (("memphis", 10), ("nashville", 4), ("chattanooga", 2), ("knoxville", 1)): 42,
            (("memphis", 0), ("nashville", 10), ("chattanooga", 4), ("knoxville", 2)): 26,
            (("memphis", 0), ("nashville", 6), ("chattanooga", 10), ("knoxville", 6)): 15,
            (("memphis", 0), ("nashville", 5), ("chattanooga", 7), ("knoxville", 10)): 17,
        }
    )
    tally = score.count(votes, Contest(options=CITIES, highest=10))
    assert tally == _tally(
        "score",
        {"chattanooga": 457, "knoxville": 354, "memphis": 420, "nashville": 603},
        valid=100,
        elected=("nashville",),
    )


def test_quadratic__few_who_care_much__outweigh_many_who_care_little() -> None:
    votes: Votes[Marks] = Votes({(("ash", 1), ("elm", -1)): 8, (("ash", -1), ("elm", 3)): 3})
    tally = quadratic.count(votes, Contest(options=("ash", "elm"), credits=10))
    assert tally == _tally("quadratic", {"ash": 5, "elm": 1}, valid=11, elected=("ash",))
    keener: Votes[Marks] = Votes({(("ash", 1), ("elm", -1)): 8, (("elm", 3),): 5})
    tally = quadratic.count(keener, Contest(options=("ash", "elm"), credits=9))
    assert tally == _tally("quadratic", {"ash": 8, "elm": 7}, valid=13, elected=("ash",))
    keenest: Votes[Marks] = Votes({(("ash", 1), ("elm", -1)): 8, (("elm", 3),): 6})
    tally = quadratic.count(keenest, Contest(options=("ash", "elm"), credits=9))
    assert tally == _tally("quadratic", {"ash": 8, "elm": 10}, valid=14, elected=("elm",))


@pytest.mark.parametrize(
    ("seats", "elected", "undecided"),
    [
        (1, (), ("ash", "elm")),
        (2, ("ash", "elm"), ()),
        (3, ("ash", "elm", "birch"), ()),
        (4, ("ash", "elm", "birch"), ()),
    ],
)
def test_plurality__several_seats__go_to_the_highest_and_never_without_a_vote(
    seats: int, elected: tuple[Slug, ...], undecided: tuple[Slug, ...]
) -> None:
    votes = Votes({"elm": 3, "ash": 3, "birch": 1}, blank=2, void=1)
    tally = plurality.count(votes, Contest(options=OPTIONS, seats=seats))
    assert tally.totals == {"ash": "3", "birch": "1", "cedar": "0", "elm": "3"}
    assert tally.ranking == (("ash", "elm"), ("birch",), ("cedar",))
    assert (tally.elected, tally.undecided, tally.rounds) == (elected, undecided, ())
    assert (tally.valid, tally.blank, tally.void, tally.seats) == (7, 2, 1, seats)


def test_plurality__tie__goes_to_the_priority_and_shows_it() -> None:
    contest = Contest(options=OPTIONS, priority=(("elm",), ("ash",)))
    tally = plurality.count(Votes({"ash": 3, "elm": 3, "birch": 1}), contest)
    assert (tally.elected, tally.undecided) == (("elm",), ())
    assert tally.rounds == (
        Round(
            votes={"ash": "3", "birch": "1", "cedar": "0", "elm": "3"},
            elected=("elm",),
            tied=("ash", "elm"),
        ),
    )


@pytest.mark.parametrize("method", [plurality, approval, score, quadratic])
def test_count__nobody_votes__elects_nobody(method: object) -> None:
    contest = Contest(options=OPTIONS, seats=2, priority=(("elm",),))
    tally: Tally = method.count(Votes({}, blank=5), contest)  # type: ignore[attr-defined]  # a method
    assert (tally.elected, tally.undecided, tally.rounds) == ((), (), ())
    assert (tally.valid, tally.blank) == (0, 5)
    assert tally.ranking == (OPTIONS,)


def test_score__all_marked_zero__elects_nobody() -> None:
    votes: Votes[Marks] = Votes({(("ash", 0), ("elm", 0)): 3})
    tally = score.count(votes, Contest(options=OPTIONS, highest=5))
    assert (tally.valid, tally.elected, tally.undecided) == (3, (), ())


def test_quadratic__as_many_votes_against_as_for__is_not_elected() -> None:
    votes: Votes[Marks] = Votes({(("ash", 2), ("elm", 1)): 1, (("ash", -2),): 1})
    tally = quadratic.count(votes, Contest(options=OPTIONS, seats=4, credits=9))
    assert tally.totals == {"ash": "0", "birch": "0", "cedar": "0", "elm": "1"}
    assert (tally.elected, tally.undecided) == (("elm",), ())


def test_parse__each_method__reads_its_ballots() -> None:
    contest = Contest(options=OPTIONS, highest=5, credits=25)
    assert plurality.parse_choice("elm", contest) == "elm"
    assert approval.parse_choice('["ash","elm"]', contest) == ("ash", "elm")
    assert score.parse_choice('{"ash":5,"elm":0}', contest) == (("ash", 5), ("elm", 0))
    assert quadratic.parse_choice('{"ash":4,"elm":-3}', contest) == (("ash", 4), ("elm", -3))
    schemas = [method.SCHEMA for method in (plurality, approval, score, quadratic)]
    assert schemas == ["single", "approval", "marks", "marks"]


@pytest.mark.parametrize("text", ['{"ash":6}', '{"ash":-1}', '{"ash":true}'])
def test_score__out_of_range__refuses(text: str) -> None:
    with refused("choice.range") as caught:
        score.parse_choice(text, Contest(options=OPTIONS, highest=5))
    assert caught.value.expected == "an integer from 0 to 5"


def test_approval__more_than_allowed__refuses() -> None:
    with refused("choice.too_many"):
        approval.parse_choice('["ash","elm"]', Contest(options=OPTIONS, approvals=1))


@pytest.mark.parametrize(
    ("text", "code", "expected", "found"),
    [
        ('{"ash":5,"elm":1}', "choice.credits", "25", "26"),
        ('{"ash":-4,"birch":3,"cedar":-1}', "choice.credits", "25", "26"),
        ('{"ash":6}', "choice.range", "an integer from -5 to 5", "6"),
        ('{"ash":-6}', "choice.range", "an integer from -5 to 5", "-6"),
        ('{"ash":5,"elm":0}', "choice.range", "a number of votes from 1 to 5, for or against", "0"),
        ('{"ash":2.5}', "choice.malformed", "a canonical choice, or blank", '{"ash":2.5}'),
    ],
)
def test_quadratic__more_than_the_credits__refuses(
    text: str, code: str, expected: str, found: str
) -> None:
    with refused(code) as caught:
        quadratic.parse_choice(text, Contest(options=OPTIONS, credits=25))
    assert (caught.value.expected, caught.value.found) == (expected, found)


@pytest.mark.parametrize("credit", [1, 2, 3, 4, 99, 100, 101, 10_000])
def test_quadratic__all_on_one_option__costs_the_square(credit: int) -> None:
    contest, most = Contest(options=OPTIONS, credits=credit), isqrt(credit)
    assert quadratic.parse_choice(f'{{"ash":-{most}}}', contest) == (("ash", -most),)
    with refused("choice.range"):
        quadratic.parse_choice(f'{{"ash":{most + 1}}}', contest)


@given(st.lists(st.sampled_from(OPTIONS)), st.lists(APPROVED))
def test_totals__names_and_approvals__are_counted_one_by_one(
    named: list[Slug], approved: list[Approved]
) -> None:
    contest = Contest(options=OPTIONS)
    by_name = plurality.count(votes_of(named), contest)
    assert by_name.totals == {option: str(named.count(option)) for option in OPTIONS}
    assert sum(map(int, by_name.totals.values())) == by_name.valid == len(named)
    by_approval = approval.count(votes_of(approved), contest)
    assert by_approval.totals == {
        option: str(sum(option in each for each in approved)) for option in OPTIONS
    }
    assert sum(map(int, by_approval.totals.values())) == sum(map(len, approved))


@given(st.lists(marks(lowest=-3, highest=3)))
def test_totals__marks__are_added_one_by_one(drawn: list[Marks]) -> None:
    totals: Counter[Slug] = Counter()
    for each in drawn:
        for option, mark in each:
            totals[option] += mark
    expected = {option: str(totals[option]) for option in OPTIONS}
    contest = Contest(options=OPTIONS, seats=4, highest=3, credits=99)
    assert score.count(votes_of(drawn), contest).totals == expected
    tally = quadratic.count(votes_of(drawn), contest)
    assert tally.totals == expected
    assert set(tally.elected) == {option for option in OPTIONS if totals[option] > 0}
