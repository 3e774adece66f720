"""Exact numbers."""

from fractions import Fraction

import msgspec
import pytest

from backend.domain.quantities import (
    MAX_INTEGER,
    Ratio,
    exact_ratio,
    parse_decimal,
    round_half_even,
)
from tests.support.governance import refused


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", Fraction(0)),
        ("12.5", Fraction(25, 2)),
        ("-3", Fraction(-3)),
        ("-0.25", Fraction(-1, 4)),
        ("1" * 30, Fraction(int("1" * 30))),
        ("-" + "1" * 29 + ".1", Fraction(-int("1" * 30), 10)),
    ],
)
def test_parse_decimal__plain__is_exact(text: str, value: Fraction) -> None:
    assert parse_decimal(text, what="value") == value


@pytest.mark.parametrize(
    "text",
    ["", "-", "-0", "+1", "01", "1.", ".5", "1.0", "1.50", "1e3", "1,5", " 1", "1 ", "1\n", "1_0",
     "\u0661", "1" * 31, "1" * 30 + ".1", "--1", "1.2.3", "NaN", "1/2"],
)  # fmt: skip
def test_parse_decimal__anything_else__refuses(text: str) -> None:
    with refused("decimal.malformed"):
        parse_decimal(text, what="value")


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (Fraction(1, 2), 0, "0"),
        (Fraction(3, 2), 0, "2"),
        (Fraction(-1, 2), 0, "0"),
        (Fraction(-3, 2), 0, "-2"),
        (Fraction(1, 8), 2, "0.12"),
        (Fraction(3, 8), 2, "0.38"),
        (Fraction(1251, 10_000), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.12"),
        (Fraction(2, 3), 3, "0.667"),
        (Fraction(1), 3, "1.000"),
        (Fraction(-1, 1000), 2, "0.00"),
    ],
)
def test_round_half_even__halves__go_to_the_even_neighbour(
    value: Fraction, digits: int, text: str
) -> None:
    assert round_half_even(value, digits) == text


def test_exact_ratio__reducible__is_in_lowest_terms() -> None:
    assert exact_ratio(Fraction(6, -4)) == ("-3", "2")


@pytest.mark.parametrize("parts", [(1, 0), (1, -1), (MAX_INTEGER + 1, 1), (1, MAX_INTEGER + 1)])
def test_ratio__out_of_bounds__refuses(parts: tuple[int, int]) -> None:
    assert Ratio(MAX_INTEGER, MAX_INTEGER).fraction() == 1
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"num": parts[0], "den": parts[1]}, Ratio)


def test_ratio__as_text__keeps_its_terms() -> None:
    assert str(Ratio(2, 4)) == "2/4"
