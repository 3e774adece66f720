"""Commons, observations, valuations, frameworks."""

from typing import Annotated

from pydantic import JsonValue, StringConstraints

from backend.api.schemas.fields import AnswerModel, DayText, Id, LongText, RequestModel, TitleText
from backend.api.schemas.members import Authored, AuthoredSigned
from backend.domain.acts import CommonsRegistered
from backend.services.commons import Measurement, registration


class CommonsFields(RequestModel):
    """A resource or solution that is to be valued."""

    commons: Id
    """Id."""
    title: TitleText
    """Title in the language of the statutes."""
    description: LongText
    """Description."""

    def registration(self) -> CommonsRegistered:
        """Return the act."""
        return registration(self.commons, self.title, self.description.encode())


class CommonsDraft(CommonsFields, Authored):
    """A commons to be signed."""


class CommonsRequest(CommonsFields, AuthoredSigned):
    """A signed commons."""


class ObservationFields(RequestModel):
    """A measurement of one indicator."""

    observation: Id
    """Id."""
    framework: Id
    """Framework that defines the indicator."""
    indicator: Id
    """The indicator."""
    value: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    """Measured value, plain decimal: ``120.5``."""
    unit: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    """Unit of the value; must be the indicator's."""
    period_from: DayText
    """First day measured."""
    period_to: DayText
    """Last day measured."""
    method: LongText
    """How it was measured and on what evidence."""

    def measurement(self, commons: str) -> Measurement:
        """Return what the services understand."""
        return Measurement(
            self.observation,
            commons,
            self.framework,
            self.indicator,
            self.value,
            self.unit,
            (self.period_from, self.period_to),
            self.method.encode(),
        )


class ObservationDraft(ObservationFields, Authored):
    """An observation to be signed."""


class ObservationRequest(ObservationFields, AuthoredSigned):
    """A signed observation."""


class ValuationRequest(RequestModel):
    """A valuation to be computed and published; it follows from the rules, so nobody signs it."""

    valuation: Id
    """Id."""
    framework: Id
    """Framework whose version in force is used."""


class FrameworkAnswer(AnswerModel):
    """One adopted version of a valuation framework."""

    framework: str
    """Id shared by its versions."""
    version: int
    """1 for the first."""
    document: str
    """CID of the document."""
    motion: str
    """Motion that carried it."""
    adopted_at: str
    """When it came into force."""
    entry: int
    """The entry that put it in force."""


class CommonsAnswer(AnswerModel):
    """A resource or solution that is valued."""

    commons: str
    """Id."""
    title: str
    """Title."""
    description: str
    """CID of the description."""
    registered_at: str
    """When it was registered."""
    entry: int
    """The entry that registered it."""


class ObservationAnswer(AnswerModel):
    """A measurement."""

    observation: str
    """Id."""
    commons: str
    """What was measured."""
    framework: str
    """Framework that defines the indicator."""
    indicator: str
    """The indicator."""
    value: str
    """Measured value, decimal text."""
    unit: str
    """Its unit."""
    period_from: str
    """First day measured."""
    period_to: str
    """Last day measured."""
    method: str
    """CID of the document on how it was measured."""
    author: str
    """Who recorded it."""
    recorded_at: str
    """When it was recorded."""
    entry: int
    """The entry that records it."""


class ValuationAnswer(AnswerModel):
    """The recomputable result for one commons under one framework version."""

    valuation: str
    """Id."""
    commons: str
    """What is valued."""
    framework: str
    """The framework."""
    version: int
    """Its version."""
    scores: list[dict[str, JsonValue]]
    """Scores: ``indicator``, ``observation``, ``score`` as numerator and denominator."""
    result: tuple[str, str]
    """Weighted mean in lowest terms: numerator, denominator."""
    rounded: str
    """The result rounded as the framework declares."""
    published_at: str
    """When it was published."""
    entry: int
    """The entry that publishes it."""
