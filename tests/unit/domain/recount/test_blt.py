"""BLT files: the published example, and each rule broken once."""

import pytest

from tests.support.ballot_files import BLT, rankings, read, refusal


def test_blt__published_example__gives_names_seats_and_ballots() -> None:
    election = read(BLT, "blt")
    assert election.title == "A title"
    assert election.seats == 2
    assert election.withdrawn == ("Basil",)
    assert election.names == {
        "adam": "Adam",
        "charlotte-the-second": "Charlotte # the second",
        "donald": "Donald",
    }
    assert rankings(election) == {
        (("adam",), ("charlotte-the-second",), ("donald",)): 3,
        (("adam",), ("charlotte-the-second",)): 4,
        (("donald",), ("adam", "charlotte-the-second")): 2,
    }


def test_blt__ballots_for_the_withdrawn_alone__are_blank_like_empty_ones() -> None:
    assert read(BLT, "blt").blank == 1 + 5
    assert read(BLT.replace("-2\n", ""), "blt").blank == 5


def test_blt__without_title_or_with_remarks__is_read() -> None:
    untitled = BLT.replace('"A title"\n', "")
    assert read(untitled, "BLT").title == ""
    assert read(BLT + '"source"\n"comment"\n', "blt").title == "A title"


def test_blt__withdrawals_on_several_lines__all_count() -> None:
    election = read(BLT.replace("-2\n", "-2\n-4 -3\n"), "blt")
    assert election.withdrawn == ("Basil", "Charlotte # the second", "Donald")


@pytest.mark.parametrize(
    ("old", "new", "code", "found"),
    [
        ("4 2  ", "4 2 1", "recount.header", "1: 4 2 1"),
        ("4 2  ", "4    ", "recount.header", "1: 4"),
        ("4 2  ", "0 2  ", "recount.options", "1: 0 2"),
        ("4 2  ", "51 2 ", "recount.options", "1: 51 2"),
        ("4 2  ", "4 0  ", "recount.seats", "1: 4 0"),
        ("4 2  ", "4 5  ", "recount.seats", "1: 4 5"),
        ("4 2  ", "+4 2 ", "recount.options", "1: +4 2"),
        ("-2\n", "-5\n", "recount.candidate", "2: -5"),
        ("-2\n", "-2 3\n", "recount.line", "2: -2 3"),
        ("-2\n", "-1 -2 -3 -4\n", "recount.options", "2: -1 -2 -3 -4"),
        ("3 1 3 4 0", "3 1 3 5 0", "recount.candidate", "3: 3 1 3 5 0"),
        ("3 1 3 4 0", "3 1 0 4 0", "recount.candidate", "3: 3 1 0 4 0"),
        ("3 1 3 4 0", "3 1 - 4 0", "recount.candidate", "3: 3 1 - 4 0"),
        ("3 1 3 4 0", "3 1 3= 0", "recount.candidate", "3: 3 1 3= 0"),
        ("3 1 3 4 0", "3 1 3 1 0", "recount.repeated", "3: 3 1 3 1 0"),
        ("3 1 3 4 0", "3 1 3=3 0", "recount.repeated", "3: 3 1 3=3 0"),
        ("3 1 3 4 0", "3 1 3 4", "recount.end", "3: 3 1 3 4"),
        ("3 1 3 4 0", "3", "recount.end", "3: 3"),
        ("3 1 3 4 0", "0 1 3 4 0", "recount.count", "3: 0 1 3 4 0"),
        ("3 1 3 4 0", "10000001 1 0", "recount.count", "3: 10000001 1 0"),
        ("3 1 3 4 0", "999999999999 1 0", "recount.count", "3: 999999999999 1 0"),
        ("3 1 3 4 0", "1.5 1 3 4 0", "recount.count", "3: 1.5 1 3 4 0"),
        ("3 1 3 4 0", "(7) 1 3 4 0", "recount.count", "3: (7) 1 3 4 0"),
        ("5 0\n0\n", "5 0\n", "recount.end", '8: "Adam"'),
        ('"Basil"', "Basil", "recount.name", "10: Basil"),
        ('"Basil"', '""', "recount.name", "10: "),
        ('"Basil"', '"Adam"', "recount.name", "10: Adam"),
        ('"Basil"', f'"{"x" * 201}"', "recount.name", f"10: {'x' * 60}"),
        ('"Basil"\n', '"Basil" "x"\n', "recount.name", '10: "Basil" "x"'),
        ('"Donald"\n"A title"\n', "", "recount.name", '11: "Charlotte # the second"'),
        ('"A title"\n', '"A title"\n"1"\n"2"\n"3"\n', "recount.excess", '16: "3"'),
    ],
)
def test_blt__broken_at_one_place__is_refused_with_the_line(
    old: str, new: str, code: str, found: str
) -> None:
    assert old in BLT
    assert refusal(BLT.replace(old, new, 1), "blt") == (code, found)


def test_blt__cut_before_the_end_of_ballots__is_refused_at_the_last_line() -> None:
    assert refusal("2 1\n3 1 0\n", "blt") == ("recount.end", "2: 3 1 0")
    assert refusal("2 1\n3 1 0\n0\n", "blt") == ("recount.name", "3: 0")


def test_blt__too_many_ballots_in_all__is_refused_at_the_line_that_exceeds() -> None:
    text = '1 1\n9999999 1 0\n1 1 0\n1 1 0\n0\n"Adam"\n'
    assert refusal(text, "blt") == ("recount.count", "4: 1 1 0")
    assert sum(rankings(read(text.replace("1 1 0\n", "", 1), "blt")).values()) == 10_000_000


def test_blt__of_comments_alone__is_refused() -> None:
    assert refusal("# nothing\n", "blt") == ("recount.header", "1: # nothing")


def test_blt__without_ballots__is_refused() -> None:
    assert refusal('1 1\n0\n"Adam"\n', "blt") == ("recount.empty", "none")
