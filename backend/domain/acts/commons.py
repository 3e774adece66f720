"""Acts on commons: what is valued, measured, and what follows."""

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from backend.domain.acts.vocabulary import Act, CidText, DecimalText, Slug, Title
from backend.domain.quantities import MAX_INTEGER


class CommonsRegistered(Act, frozen=True):
    """A resource or solution is put on the list of what is valued."""

    act: ClassVar[str] = "commons.registered"
    commons: Slug
    """Id of the commons."""
    title: Title
    """Title in the language of the statutes."""
    description: CidText
    """Description, UTF-8."""


class ObservationRecorded(Act, frozen=True):
    """A measurement of one indicator for one commons."""

    act: ClassVar[str] = "observation.recorded"
    observation: Slug
    """Id of the observation."""
    commons: Slug
    """What was measured."""
    framework: Slug
    """Framework that defines the indicator."""
    indicator: Slug
    """The indicator."""
    value: DecimalText
    """Measured value."""
    unit: Annotated[str, Meta(min_length=1, max_length=40)]
    """Unit of the value; must be the indicator's."""
    period_from: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
    """First day of the period measured."""
    period_to: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
    """Last day of the period measured."""
    method: CidText
    """How it was measured and on what evidence, UTF-8."""


class IndicatorScore(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One indicator's part in a valuation."""

    indicator: Slug
    """The indicator."""
    observation: Slug
    """The observation that counts."""
    score: tuple[str, str]
    """Normalised score between 0 and 1: numerator, denominator, in lowest terms, decimal text."""


class ValuationPublished(Act, frozen=True):
    """The recomputable result for one commons under one framework version."""

    act: ClassVar[str] = "valuation.published"
    valuation: Slug
    """Id of the valuation."""
    commons: Slug
    """What is valued."""
    framework: Slug
    """The framework."""
    version: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
    """Version of the framework."""
    scores: Annotated[tuple[IndicatorScore, ...], Meta(min_length=1, max_length=200)]
    """Scores in the order of the framework's indicators."""
    result: tuple[str, str]
    """Weighted mean: numerator, denominator, in lowest terms, decimal text."""
    rounded: DecimalText
    """The result rounded as the framework declares."""


CommonsAct = CommonsRegistered | ObservationRecorded | ValuationPublished
"""Every act on commons."""
