"""Scottish files and our own tables: what they say, and each rule broken once."""

import pytest

from tests.support.ballot_files import (
    MARKS,
    RANKINGS,
    SCOTTISH,
    marks,
    rankings,
    read,
    refusal,
)


def test_scottish__ward__gives_names_seats_and_ballots() -> None:
    election = read(SCOTTISH, "csv")
    assert (election.title, election.seats) == ("A ward", 2)
    assert list(election.names.values()) == ["Adam, of the Hill", "Basil", "Charlotte"]
    assert rankings(election) == {(("charlotte",), ("adam-of-the-hill",)): 4, (("basil",),): 2}


@pytest.mark.parametrize(
    ("old", "new", "code", "found"),
    [
        ("3,2,\n", "3,\n", "recount.header", "1: 3,"),
        ("3,2,\n", "3,0,\n", "recount.seats", "1: 3,0,"),
        ("3,2,\n", "3,4,\n", "recount.seats", "1: 3,4,"),
        ("3,2,\n", "0,1,\n", "recount.options", "1: 0,1,"),
        ("3,2,\n", "9,2,\n", "recount.end", '7: "A ward",'),
        ("3,2,\n", "2,2,\n", "recount.name", '5: "Candidate 2","Basil","Labour (Lab)",'),
        ("4,3,1,", "4,3,4,", "recount.candidate", "2: 4,3,4,"),
        ("4,3,1,", "4,3,,1,", "recount.candidate", "2: 4,3,,1,"),
        ("4,3,1,", "4,3,3,", "recount.repeated", "2: 4,3,3,"),
        ("4,3,1,", "0,3,1,", "recount.count", "2: 0,3,1,"),
        ("4,3,1,", ",,", "recount.count", "2: ,,"),
        ("4,3,1,", '4,"3,1,', "recount.line", '2: 4,"3,1,'),
        ("Candidate 2", "Candidate 1", "recount.name", '5: "Candidate 1","Basil","Labour (Lab)",'),
        ('"Basil"', '"Charlotte"', "recount.name", "6: Charlotte"),
        ('"A ward",\n', "", "recount.name", "3: 2,2,"),
        ('"A ward",', '"A","ward",', "recount.end", '7: "A","ward",'),
    ],
)
def test_scottish__broken_at_one_place__is_refused_with_the_line(
    old: str, new: str, code: str, found: str
) -> None:
    assert old in SCOTTISH
    assert refusal(SCOTTISH.replace(old, new, 1), "csv") == (code, found)


def test_rankings__table__gives_names_and_ballots() -> None:
    election = read(RANKINGS, "csv")
    assert election.names == {"ada": "Ada", "bede": "Bede", "cleo": "Cleo"}
    assert rankings(election) == {
        (("ada",), ("bede",)): 40,
        (("bede",), ("ada", "cleo")): 35,
        (("cleo",),): 25,
    }
    assert election.blank == 3


def test_rankings__written_by_a_spreadsheet__mean_the_same() -> None:
    padded = "rankings;Ada;Bede;Cleo\n40;Ada;Bede;\n35;Bede;Ada = Cleo;\n25;Cleo;;\n3;;;\n"
    assert rankings(read(padded, "csv")) == rankings(read(RANKINGS, "csv"))
    assert read(padded, "csv").blank == 3


def test_marks__table__gives_names_and_ballots() -> None:
    election = read(MARKS, "csv")
    assert election.kind == "marks"
    assert marks(election) == {
        (("ada", 2), ("bede", 0)): 3,
        (("ada", 1), ("bede", 2), ("cleo", 0)): 2,
    }
    assert election.blank == 1


def test_costs__on_the_second_line__belong_to_the_options() -> None:
    text = RANKINGS.replace("Cleo\n", "Cleo\ncosts,30,20,10\n", 1)
    assert read(text, "csv").costs == {"ada": 30, "bede": 20, "cleo": 10}
    assert rankings(read(text, "csv")) == rankings(read(RANKINGS, "csv"))
    assert read(RANKINGS, "csv").costs == {}


@pytest.mark.parametrize("costs", ["costs,30,20", "costs,30,20,0", "costs,30,20,x", "costs"])
def test_costs__missing_or_impossible__are_refused(costs: str) -> None:
    text = RANKINGS.replace("Cleo\n", f"Cleo\n{costs}\n", 1)
    assert refusal(text, "csv") == ("recount.cost", f"2: {costs}")


@pytest.mark.parametrize(
    ("old", "new", "code", "found"),
    [
        ("rankings,", "ranking,", "recount.header", "1: ranking,Ada,Bede,Cleo"),
        ("rankings,Ada,Bede,Cleo", "rankings,", "recount.options", "1: rankings,"),
        ("Bede,Cleo\n", "Ada,Cleo\n", "recount.name", "1: Ada"),
        ("Bede,Cleo\n", ",Cleo\n", "recount.name", "1: "),
        ("Bede,Cleo\n", "A=B,Cleo\n", "recount.name", "1: A=B"),
        ("40,Ada,Bede", "40,Ada,Bodo", "recount.candidate", "2: Bodo"),
        ("40,Ada,Bede", "40,Ada,,Bede", "recount.candidate", "2: "),
        ("40,Ada,Bede", "40,Ada =,Bede", "recount.candidate", "2: "),
        ("40,Ada,Bede", "40,Ada,Ada", "recount.repeated", "2: 40,Ada,Ada"),
        ("40,Ada,Bede", "0,Ada,Bede", "recount.count", "2: 0,Ada,Bede"),
        ("40,Ada,Bede", "Ada,Bede", "recount.count", "2: Ada,Bede"),
        ("40,Ada,Bede", "40,\u0410da,Bede", "recount.candidate", "2: \u0410da"),
        ("40,Ada,Bede", '40,"Ada,Bede', "recount.line", '2: 40,"Ada,Bede'),
    ],
)
def test_rankings__broken_at_one_place__are_refused_with_the_line(
    old: str, new: str, code: str, found: str
) -> None:
    assert old in RANKINGS
    assert refusal(RANKINGS.replace(old, new, 1), "csv") == (code, found)


@pytest.mark.parametrize(
    ("old", "new", "code", "found"),
    [
        ("3;2;0;", "3;2;0;1;0", "recount.excess", "2: 3;2;0;1;0"),
        ("3;2;0;", "3;2;x;", "recount.mark", "2: x"),
        ("3;2;0;", "3;2;1.5;", "recount.mark", "2: 1.5"),
        ("3;2;0;", "3;2;10001;", "recount.mark", "2: 10001"),
        ("3;2;0;", "3;2;--1;", "recount.mark", "2: --1"),
        ("3;2;0;", "0;2;0;", "recount.count", "2: 0;2;0;"),
        ("3;2;0;", "3,2,0,", "recount.count", "2: 3,2,0,"),
    ],
)
def test_marks__broken_at_one_place__are_refused_with_the_line(
    old: str, new: str, code: str, found: str
) -> None:
    assert old in MARKS
    assert refusal(MARKS.replace(old, new, 1), "csv") == (code, found)


def test_marks__against__are_read() -> None:
    assert (("ada", -2), ("bede", 0)) in marks(read(MARKS.replace("3;2;0;", "3;-2;0;"), "csv"))


def test_rankings__more_than_50_options__are_refused() -> None:
    header = "rankings," + ",".join(f"n{number}" for number in range(51))
    assert refusal(f"{header}\n1,n0\n", "csv") == ("recount.options", f"1: {header[:60]}")
    assert len(read(f"{header.rpartition(',')[0]}\n1,n0\n", "csv").names) == 50
