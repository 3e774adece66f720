"""Registering commons, recording observations, publishing valuations."""

from dataclasses import dataclass

from anchoring.core.cid import document_cid
from backend.domain.acts import CommonsRegistered, ObservationRecorded, Slug
from backend.domain.commons import valuate
from backend.domain.instants import Instant
from backend.services.commands import Statement, append_derived, perform, signed_action
from backend.services.ports import Command, Ports, Recorded, UnitOfWork


@dataclass(frozen=True, slots=True)
class Measurement:
    """An observation with the document that says how it was made."""

    observation: Slug
    """Id of the observation."""
    commons: Slug
    """What was measured."""
    framework: Slug
    """Framework that defines the indicator."""
    indicator: Slug
    """The indicator."""
    value: str
    """Measured value, plain decimal."""
    unit: str
    """Its unit."""
    period: tuple[str, str]
    """First and last day measured, ISO 8601."""
    method: bytes
    """How it was measured and on what evidence, UTF-8."""

    def act(self) -> ObservationRecorded:
        """Return the act its author signs."""
        return ObservationRecorded(
            self.observation,
            self.commons,
            self.framework,
            self.indicator,
            self.value,
            self.unit,
            *self.period,
            document_cid(self.method),
        )


def registration(commons: Slug, title: str, description: bytes) -> CommonsRegistered:
    """Return the act by which a member registers a commons."""
    return CommonsRegistered(commons, title, document_cid(description))


def register(
    ports: Ports,
    slug: Slug,
    command: Command,
    data: CommonsRegistered,
    statement: Statement,
    *,
    description: bytes,
) -> Recorded:
    """Record a commons.

    Raises:
        GovernanceError: What forbids it.
    """
    action = signed_action(ports, data, statement, documents=[description])
    return perform(ports, slug, command, action)


def record(
    ports: Ports, slug: Slug, command: Command, measurement: Measurement, statement: Statement
) -> Recorded:
    """Record an observation.

    Raises:
        GovernanceError: What forbids it.
    """
    action = signed_action(ports, measurement.act(), statement, documents=[measurement.method])
    return perform(ports, slug, command, action)


def publish(
    ports: Ports, slug: Slug, command: Command, *, valuation: Slug, commons: Slug, framework: Slug
) -> Recorded:
    """Compute a valuation over the latest observations and record it.

    Raises:
        GovernanceError: What forbids it.
    """

    def action(unit: UnitOfWork, at: Instant) -> None:
        data = valuate(unit.state, valuation=valuation, commons=commons, framework=framework)
        append_derived(unit, data, at=at)

    return perform(ports, slug, command, action)
