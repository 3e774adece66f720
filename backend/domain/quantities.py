"""Exact numbers as the formats write them: fractions as two integers, decimals as text."""

import re
from fractions import Fraction

import msgspec

from backend.domain.errors import InvalidInputError

MAX_INTEGER = 2**53 - 1
"""Largest integer of any document: RFC 8785 numbers are IEEE 754 doubles, exact up to here."""

MAX_DECIMAL_DIGITS = 30
"""Longest decimal, counting digits on both sides: far above any measurement, a bound for parsers."""

_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")


class Ratio(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fraction ``num/den`` in a document; not necessarily in lowest terms."""

    num: int
    """Numerator, ``|num| <= MAX_INTEGER``."""
    den: int
    """Denominator, ``1 <= den <= MAX_INTEGER``."""

    def __post_init__(self) -> None:
        if not (abs(self.num) <= MAX_INTEGER and 1 <= self.den <= MAX_INTEGER):
            message = "a ratio needs a denominator of 1 or more and both parts below 2**53"
            raise ValueError(message)

    def fraction(self) -> Fraction:
        """Return the exact value."""
        return Fraction(self.num, self.den)

    def __str__(self) -> str:
        return f"{self.num}/{self.den}"


def exact_ratio(value: Fraction) -> tuple[str, str]:
    """Return numerator and denominator as decimal text, in lowest terms (results may exceed 2**53)."""
    return str(value.numerator), str(value.denominator)


def parse_decimal(text: str, *, what: str) -> Fraction:
    """Read a plain decimal: no exponent, no plus sign, no leading or trailing zeros.

    Args:
        text: For example ``"12.5"`` or ``"-3"``.
        what: Name of the field, for the error.

    Raises:
        InvalidInputError: The text is not such a decimal, or has too many digits.
    """
    digits = len(text) - text.count("-") - text.count(".")
    if digits > MAX_DECIMAL_DIGITS or _DECIMAL.fullmatch(text) is None or text == "-0":
        raise InvalidInputError(
            "decimal.malformed", expected=f"{what} as a plain decimal such as 12.5", found=text[:64]
        )
    return Fraction(text)


def round_half_even(value: Fraction, digits: int) -> str:
    """Write ``value`` with exactly ``digits`` decimals, halves going to the even neighbour.

    Args:
        value: Any fraction.
        digits: Number of decimals, 0 or more.
    """
    scaled = round(value * 10**digits)
    sign = "-" if scaled < 0 else ""
    whole, part = divmod(abs(scaled), 10**digits)
    return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"
