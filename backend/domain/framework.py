"""Valuation frameworks: which indicators count, in which unit and direction, with which weight."""

from fractions import Fraction
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import MalformedError
from backend.domain.acts import DecimalText, Slug, Title
from backend.domain.errors import InvalidInputError
from backend.domain.quantities import Ratio, parse_decimal

MAX_FRAMEWORK_BYTES = 1 << 20
"""Longest framework document, in bytes: one block of the document profile."""


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing measured, and how a measurement becomes a score between 0 and 1."""

    id: Slug
    """Id, unique in the framework."""
    title: Title
    """Title in the framework's language."""
    unit: Annotated[str, Meta(min_length=1, max_length=40)]
    """Unit of every observation."""
    direction: Literal["more_is_better", "less_is_better"]
    """Whether ``high`` or ``low`` scores 1."""
    low: DecimalText
    """Lower bound of the scale; values below count as ``low``."""
    high: DecimalText
    """Upper bound of the scale; values above count as ``high``."""
    weight: Ratio
    """Weight, 0 or more; only the weights' proportions matter."""

    def score(self, value: Fraction) -> Fraction:
        """Return the share of the scale that ``value`` reaches, between 0 and 1."""
        low = parse_decimal(self.low, what="low")
        high = parse_decimal(self.high, what="high")
        share = (min(max(value, low), high) - low) / (high - low)
        return share if self.direction == "more_is_better" else 1 - share


class Framework(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an assembly adopts to value its commons."""

    format: Literal["psephos-framework/1"]
    """Format and version of this schema."""
    id: Slug
    """Id shared by all versions."""
    language: Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")]
    """Language of the texts in it."""
    title: Title
    """Title."""
    indicators: Annotated[tuple[Indicator, ...], Meta(min_length=1, max_length=200)]
    """Indicators, in the order of publication."""
    aggregation: Literal["weighted_arithmetic_mean"]
    """How scores become one number."""
    missing: Literal["refuse"]
    """What an indicator without observation means: no valuation."""
    digits: Annotated[int, Meta(ge=0, le=12)]
    """Decimals of the published figure, halves to even."""


def parse_framework(content: bytes) -> Framework:
    """Read a framework document and check that it can value anything.

    Args:
        content: Canonical JSON.

    Raises:
        InvalidInputError: ``framework.malformed`` outside the schema; ``framework.indicators`` two
            indicators share an id; ``framework.scale`` low is not below high; ``framework.weight`` a
            weight is negative; ``framework.weights`` the weights do not sum to a positive number.
    """
    if len(content) > MAX_FRAMEWORK_BYTES:
        raise InvalidInputError(
            "framework.malformed",
            expected=f"at most {MAX_FRAMEWORK_BYTES} bytes",
            found=f"{len(content)} bytes",
        )
    try:
        parse_canonical(content, what="framework")
        framework = _FRAMEWORKS.decode(content)
    except (MalformedError, msgspec.DecodeError) as error:
        raise InvalidInputError(
            "framework.malformed", expected="a canonical framework", found=str(error)[:200]
        ) from error
    ids = [indicator.id for indicator in framework.indicators]
    if len(set(ids)) != len(ids):
        raise InvalidInputError("framework.indicators", expected="distinct ids", found=str(ids))
    for indicator in framework.indicators:
        _check_indicator(indicator)
    total = sum((indicator.weight.fraction() for indicator in framework.indicators), Fraction(0))
    if total <= 0:
        raise InvalidInputError(
            "framework.weights", expected="weights that sum to more than 0", found=str(total)
        )
    return framework


def format_framework(framework: Framework) -> bytes:
    """Return the canonical bytes of a framework; ``parse_framework`` reads them back."""
    return canonical_json(msgspec.to_builtins(framework))


def _check_indicator(indicator: Indicator) -> None:
    low = parse_decimal(indicator.low, what=f"low of {indicator.id}")
    high = parse_decimal(indicator.high, what=f"high of {indicator.id}")
    if low >= high:
        raise InvalidInputError(
            "framework.scale", expected=f"{indicator.id}: low below high", found=f"{low} and {high}"
        )
    if indicator.weight.num < 0:
        raise InvalidInputError(
            "framework.weight",
            expected=f"{indicator.id}: a weight of 0 or more",
            found=str(indicator.weight),
        )


_FRAMEWORKS = msgspec.json.Decoder(Framework)
