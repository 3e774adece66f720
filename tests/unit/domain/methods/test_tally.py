"""Tallies as public documents: exact figures, one text, nothing else is read."""

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.methods.tally import (
    Round,
    Tally,
    TieUnresolvedError,
    figure,
    figures,
    format_tally,
    parse_tally,
)
from tests.support.governance import refused

TALLY = Tally(
    method="equal_shares",
    seats=2,
    valid=3,
    blank=1,
    totals={"ash": "2", "elm": "1"},
    duels={"ash": {"elm": 2}, "elm": {"ash": 1}},
    grades={"ash": (1, 2), "elm": (2, 1)},
    rounds=(
        Round(
            votes={"ash": "3/2", "elm": "-1"}, quota="1/3", elected=("ash",), tied=("ash", "elm")
        ),
        Round(votes={"elm": "1"}, exhausted="2", excluded=("elm",)),
    ),
    ranking=(("ash",), ("elm",)),
    elected=("ash",),
    undecided=("elm",),
)
WHOLE = format_tally(TALLY)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (7, "7"), (-7, "-7"), (Fraction(6, 3), "2"), (Fraction(-3, 6), "-1/2"),
        (Fraction(10**40, 3), f"1{'0' * 40}/3"),
    ],
)  # fmt: skip
def test_figure__number__is_exact(value: Fraction | int, text: str) -> None:
    assert figure(value) == text


@given(st.fractions())
def test_figure__any_number__is_read_back(value: Fraction) -> None:
    assert Fraction(figure(value)) == value
    round_ = msgspec.json.encode(Round(votes={"ash": figure(value)}))
    assert msgspec.json.decode(round_, type=Round).votes == {"ash": figure(value)}


def test_figures__any_order__is_ascending() -> None:
    written = figures({"elm": Fraction(1, 2), "ash": 3})
    assert list(written.items()) == [("ash", "3"), ("elm", "1/2")]


def test_tally__written__is_read_back() -> None:
    assert parse_tally(WHOLE) == TALLY
    plain = Tally(method="plurality", seats=1, valid=0, totals={"ash": "0"}, elected=())
    assert parse_tally(format_tally(plain)) == plain
    assert format_tally(plain) == (
        b'{"format":"psephos-tally/1","tally":{"elected":[],"method":"plurality","seats":1,'
        b'"totals":{"ash":"0"},"valid":0}}'
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"psephos-tally/1"', b'"psephos-tally/2"'),
        (b'"valid":3', b'"valid":-3'),
        (b'"valid":3', b'"valid":3.0'),
        (b'"valid":3', b'"valid":"3"'),
        (b'"valid":3', b'"valid":true'),
        (b'"valid":3', b'"valid": 3'),
        (b'"valid":3', b'"valid":3,"valid":3'),
        (b'"valid":3', b'"valid":3,"winner":"ash"'),
        (b'"equal_shares"', b'"borda"'),
        (b'"3/2"', b'"1.5"'),
        (b'"3/2"', b'"3/1"'),
        (b'"3/2"', b'"3/0"'),
        (b'"3/2"', b'"0/2"'),
        (b'"3/2"', b'"03/2"'),
        (b'"3/2"', b'"3/02"'),
        (b'"3/2"', b'"-0"'),
        (b'"3/2"', b'"+3"'),
        (b'"3/2"', b'"3 "'),
        (b'"3/2"', b'"3\\n"'),
        (b'"3/2"', b'"\xd9\xa3"'),
        (b'"3/2"', b'""'),
        (b'"3/2"', b'"' + b"3" * 2001 + b'"'),
        (b'"3/2"', b"3"),
        (b'["elm"]', b'["Elm"]'),
    ],
)
def test_tally__one_detail_wrong__refuses(old: bytes, new: bytes) -> None:
    assert old in WHOLE
    with refused("tally.malformed") as caught:
        parse_tally(WHOLE.replace(old, new, 1))
    assert len(caught.value.found) <= 200


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", WHOLE + b"\n", WHOLE[:-1], b"\xff", b"[" * 70_000]
)
def test_tally__not_a_document__refuses(content: bytes) -> None:
    with refused("tally.malformed"):
        parse_tally(content)


def test_tie__unresolved__names_the_options_ascending() -> None:
    assert TieUnresolvedError({"elm", "ash"}).tied == ("ash", "elm")


@pytest.mark.parametrize("zero", ["0", str(0), figure(0), f"{0:d}"])
def test_format_tally__nothing_exhausted__has_one_spelling(zero: str) -> None:
    tally = Tally(
        method="instant_runoff",
        seats=1,
        valid=1,
        totals={"elm": "1"},
        rounds=(Round(votes={"elm": "1"}, exhausted=zero),),
        elected=("elm",),
    )
    assert b"exhausted" not in format_tally(tally)
    assert parse_tally(format_tally(tally)) == tally
