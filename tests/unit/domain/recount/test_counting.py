"""Ballots of files counted by every method that suits them, and what is refused."""

from typing import get_args

import pytest

from backend.domain.errors import InvalidInputError
from backend.domain.methods import OPTION_METHODS, count_choices
from backend.domain.methods.choices import BLANK
from backend.domain.methods.contest import Contest, OptionMethodName
from backend.domain.recount.counting import Terms, recount
from tests.support.ballot_files import BLT, MARKS, RANKINGS, SCOTTISH, read

STRICT = RANKINGS.replace("Ada = Cleo", "Ada,Cleo")
NEEDS: dict[str, Terms] = {
    "majority_judgement": Terms(grades=3),
    "score": Terms(highest=2),
    "quadratic": Terms(credits=10),
    "equal_shares": Terms(budget=100),
}
ON_RANKINGS = {
    "plurality", "two_round", "approval", "schulze", "ranked_pairs", "instant_runoff", "stv_scottish",
    "stv_meek", "equal_shares",
}  # fmt: skip
ON_MARKS = {"approval", "score", "majority_judgement", "quadratic", "equal_shares"}


def with_costs(text: str) -> str:
    first, _, rest = text.partition("\n")
    separator = ";" if ";" in first else ","
    return f"{first}\n{separator.join(['costs', '30', '30', '30'])}\n{rest}"


@pytest.mark.parametrize("method", get_args(OptionMethodName))
@pytest.mark.parametrize(("text", "suited"), [(STRICT, ON_RANKINGS), (MARKS, ON_MARKS)])
def test_recount__by_each_method__counts_what_suits_it_and_refuses_the_rest(
    method: OptionMethodName, text: str, suited: set[str]
) -> None:
    with_prices = with_costs(text.replace("0", "1") if method == "quadratic" else text)
    election = read(with_prices if method in {"equal_shares", "quadratic"} else text, "csv")
    terms = NEEDS.get(method, Terms())
    if method in suited:
        tally = recount(election, method, terms)
        voters = sum(each.voters for each in election.ballots)
        assert tally.method == method
        assert (tally.valid, tally.blank) == (voters, election.blank)
    else:
        with pytest.raises(InvalidInputError) as caught:
            recount(election, method, terms)
        assert caught.value.code == "recount.unsuited"
        assert set(caught.value.expected.split(", ")) == suited


def test_option_methods__all__are_registered_in_the_order_of_their_names() -> None:
    assert tuple(OPTION_METHODS) == get_args(OptionMethodName)


def test_recount__plurality__counts_first_preferences() -> None:
    assert recount(read(STRICT, "csv"), "plurality", Terms()).totals == {
        "ada": "40", "bede": "35", "cleo": "25",
    }  # fmt: skip


def test_recount__approval__approves_what_is_ranked_or_marked_above_0() -> None:
    ranked = recount(read(RANKINGS, "csv"), "approval", Terms())
    assert ranked.totals == {"ada": "75", "bede": "75", "cleo": "60"}
    marked = recount(read(MARKS, "csv"), "approval", Terms())
    assert marked.totals == {"ada": "5", "bede": "2", "cleo": "0"}
    nothing = recount(read(MARKS.replace("3;2;0;", "3;0;-1;"), "csv"), "approval", Terms())
    assert (nothing.valid, nothing.blank) == (2, 4)


def test_recount__marks_of_zero__count_as_marks() -> None:
    tally = recount(read(MARKS, "csv"), "majority_judgement", Terms(grades=3))
    assert tally.grades == {"ada": (0, 2, 3), "bede": (3, 0, 2), "cleo": (5, 0, 0)}


@pytest.mark.parametrize(
    ("text", "method", "terms", "code", "found"),
    [
        (RANKINGS, "instant_runoff", Terms(), "recount.equal", "3: 35,Bede,Ada = Cleo"),
        (RANKINGS.replace("40,Ada,Bede", "40,Ada=Bede"), "plurality", Terms(), "recount.first",
         "2: 40,Ada=Bede"),
        (MARKS, "majority_judgement", Terms(grades=2), "recount.mark", "2: 3;2;0;"),
        (MARKS, "score", Terms(highest=1), "recount.mark", "2: 3;2;0;"),
        (MARKS.replace("3;2;0;", "3;2;1;"), "quadratic", Terms(credits=4), "recount.mark",
         "2: 3;2;1;"),
    ],
)  # fmt: skip
def test_recount__ballot_that_the_method_does_not_know__is_refused_with_its_line(
    text: str, method: OptionMethodName, terms: Terms, code: str, found: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        recount(read(text, "csv"), method, terms)
    assert (caught.value.code, caught.value.found) == (code, found)


@pytest.mark.parametrize(
    ("text", "method", "terms", "expected", "found"),
    [
        (MARKS, "majority_judgement", Terms(), "--grades 2-10", "0"),
        (MARKS, "majority_judgement", Terms(grades=11), "--grades 2-10", "11"),
        (MARKS, "score", Terms(), "--highest 1-100", "0"),
        (MARKS, "quadratic", Terms(credits=10_001), "--credits 1-10000", "10001"),
        (with_costs(MARKS), "equal_shares", Terms(), f"--budget 1-{10**15}", "0"),
        (MARKS, "equal_shares", Terms(budget=10), "costs", "equal_shares"),
        (MARKS, "approval", Terms(grades=3), "majority_judgement: --grades",
         "approval: --grades 3"),
        (RANKINGS, "schulze", Terms(seats=4), "--seats 1-3", "4"),
    ],
)  # fmt: skip
def test_recount__terms_that_do_not_fit__are_refused(
    text: str, method: OptionMethodName, terms: Terms, expected: str, found: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        recount(read(text, "csv"), method, terms)
    assert caught.value.code == "recount.option"
    assert (caught.value.expected, caught.value.found) == (expected, found)


def test_recount__seats__are_those_asked_for_else_those_of_the_file_else_one() -> None:
    ward = read(SCOTTISH, "csv")
    assert recount(ward, "stv_scottish", Terms()).seats == 2
    assert recount(ward, "stv_scottish", Terms(seats=1)).seats == 1
    assert recount(read(RANKINGS, "csv"), "schulze", Terms()).seats == 1


def test_recount__tie__follows_the_priority_and_stands_without_one() -> None:
    election = read("rankings,Ada,Bede\n1,Ada\n1,Bede\n", "csv")
    assert recount(election, "plurality", Terms()).undecided == ("ada", "bede")
    for first in ("ada", "bede"):
        assert recount(election, "plurality", Terms(priority=(first,))).elected == (first,)


@pytest.mark.parametrize("priority", [("dora",), ("ada", "ada"), ("Ada",)])
def test_recount__priority_of_others__is_refused(priority: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        recount(read(RANKINGS, "csv"), "schulze", Terms(priority=priority))
    assert (caught.value.code, caught.value.found) == ("recount.priority", priority[-1])


def test_recount__of_withdrawn_options__counts_the_others() -> None:
    tally = recount(read(BLT, "blt"), "schulze", Terms())
    assert set(tally.totals) == {"adam", "charlotte-the-second", "donald"}
    assert (tally.valid, tally.blank) == (9, 6)


def test_count_choices__of_texts__counts_equal_ones_and_blanks_apart() -> None:
    contest = Contest(options=("ada", "bede"))
    choices = ["ada", BLANK, "bede", "ada", BLANK, BLANK]
    tally = count_choices("plurality", choices, contest, void=2)
    assert tally.totals == {"ada": "2", "bede": "1"}
    assert (tally.valid, tally.blank, tally.void) == (3, 3, 2)
    assert count_choices("plurality", reversed(choices), contest, void=2) == tally


def test_count_choices__unknown_text__is_refused() -> None:
    contest = Contest(options=("ada", "bede"))
    with pytest.raises(InvalidInputError) as caught:
        count_choices("plurality", ["ada", "ADA"], contest)
    assert caught.value.code == "choice.unknown"
