"""PrefLib files: each of the four types, and each rule broken once."""

import pytest

from tests.support.ballot_files import SOI, rankings, read, refusal


def test_soi__of_two_orders__gives_names_and_ballots() -> None:
    election = read(SOI, "soi")
    assert election.title == "A title"
    assert election.seats is None
    assert list(election.names.values()) == ["Adam", "Basil", "Charlotte"]
    assert rankings(election) == {(("charlotte",), ("adam",)): 4, (("basil",),): 2}


def as_type(data_type: str, *orders: str) -> str:
    header = SOI.partition("4: ")[0].replace("DATA TYPE: soi", f"DATA TYPE: {data_type}")
    return header + "".join(f"{order}\n" for order in orders)


@pytest.mark.parametrize(
    ("data_type", "first", "second"),
    [
        ("soc", "4: 3,1,2", "2: 1, 2, 3"),
        ("soi", "4: 3,1", "2: 2"),
        ("toc", "4: {3,1},2", "2: 2,{1, 3}"),
        ("toi", "4: {3,1}", "2: 2"),
    ],
)
def test_preflib__each_type__is_read(data_type: str, first: str, second: str) -> None:
    assert sum(rankings(read(as_type(data_type, first, second), data_type)).values()) == 6


def test_preflib__ties__become_tiers_in_ascending_order() -> None:
    election = read(as_type("toi", "4: 2,{3,1}", "2: {1,3},2"), "toi")
    assert rankings(election) == {
        (("basil",), ("adam", "charlotte")): 4,
        (("adam", "charlotte"), ("basil",)): 2,
    }


@pytest.mark.parametrize(
    ("data_type", "order", "code"),
    [
        ("soc", "4: 3,1", "recount.kind"),
        ("soi", "4: {3,1}", "recount.kind"),
        ("soc", "4: {3,1},2", "recount.kind"),
        ("toc", "4: {3,1}", "recount.kind"),
        ("toi", "4: {3}", "recount.line"),
        ("toi", "4: {3,{1,2}}", "recount.line"),
        ("toi", "4: 3,1,", "recount.line"),
        ("toi", "4: ,3", "recount.line"),
        ("toi", "4: {3,1}2", "recount.line"),
        ("toi", "4:", "recount.line"),
        ("toi", "4", "recount.line"),
        ("toi", "4: 4", "recount.candidate"),
        ("toi", "4: 0", "recount.candidate"),
        ("toi", "4: Adam", "recount.candidate"),
        ("toi", "4: 1,2,1", "recount.repeated"),
        ("toi", "4: {1,1}", "recount.repeated"),
        ("toi", "0: 1", "recount.count"),
        ("toi", "-4: 1", "recount.count"),
        ("toi", "99999999: 1", "recount.count"),
    ],
)
def test_preflib__wrong_order__is_refused_with_its_line(
    data_type: str, order: str, code: str
) -> None:
    assert refusal(as_type(data_type, "2: 2,1,3", order), data_type) == (code, f"11: {order}")


@pytest.mark.parametrize(
    ("old", "new", "code", "found"),
    [
        ("# NUMBER ALTERNATIVES: 3\n", "", "recount.header", "8: # ALTERNATIVE NAME 3: Charlotte"),
        ("ALTERNATIVES: 3", "ALTERNATIVES: 51", "recount.options", "4: 51"),
        ("ALTERNATIVES: 3", "ALTERNATIVES: 0", "recount.options", "4: 0"),
        ("# NUMBER VOTERS: 6\n", "", "recount.header", "8: # ALTERNATIVE NAME 3: Charlotte"),
        ("NUMBER VOTERS: 6", "NUMBER VOTERS: 7", "recount.total", "5: 7"),
        ("NUMBER VOTERS: 6", "NUMBER VOTERS: six", "recount.total", "5: six"),
        ("UNIQUE ORDERS: 2", "UNIQUE ORDERS: 3", "recount.total", "6: 3"),
        (
            "# ALTERNATIVE NAME 2: Basil\n",
            "",
            "recount.header",
            "8: # ALTERNATIVE NAME 3: Charlotte",
        ),
        ("NAME 2: Basil", "NAME 2: Adam", "recount.name", "8: Adam"),
        ("NAME 2: Basil", "NAME 2:", "recount.name", "8: "),
        ("DATA TYPE: soi", "DATA TYPE: toc", "recount.kind", "3: toc"),
        ("# TITLE: A title", "# a remark", "recount.header", "2: # a remark"),
        ("# TITLE: A title", "# DATA TYPE: soi", "recount.header", "3: # DATA TYPE: soi"),
        ("4: 3,1\n", "4: 3,1\n# TITLE: late\n", "recount.count", "11: # TITLE: late"),
    ],
)
def test_preflib__wrong_header__is_refused_with_its_line(
    old: str, new: str, code: str, found: str
) -> None:
    assert old in SOI
    assert refusal(SOI.replace(old, new, 1), "soi") == (code, found)


def test_preflib__without_header__is_refused() -> None:
    assert refusal("4: 3,1\n", "soi") == ("recount.header", "1: 4: 3,1")


def test_preflib__header_alone__has_no_ballots() -> None:
    header = SOI.partition("4: ")[0]
    assert refusal(header, "soi") == ("recount.total", "5: 6")
    none = header.replace("VOTERS: 6", "VOTERS: 0").replace("ORDERS: 2", "ORDERS: 0")
    assert refusal(none, "soi") == ("recount.empty", "none")


def test_preflib__without_data_type__believes_the_ending() -> None:
    assert read(SOI.replace("# DATA TYPE: soi\n", ""), "soi").title == "A title"
