"""Destroying what shows who cast which ballot, once no decision it is about can be contested any more."""

from anchoring.core.canonical import canonical_json
from backend.domain.acts import BallotsRedacted, Slug
from backend.domain.instants import Instant, format_instant
from backend.domain.retention import due_redactions, redaction
from backend.services.commands import append_derived, command_of, perform
from backend.services.ports import Ports, UnitOfWork
from backend.services.views import Reads


def redact_due(ports: Ports, reads: Reads, slug: Slug) -> BallotsRedacted | None:
    """Destroy rolls and ballots' signatures whose time is over, and record that; then call ``Ledgers.scrub``.

    The act and the destruction are one transaction. At most ``MAX_DECISIONS`` at a time: call it again until
    it returns None.

    Args:
        ports: The world.
        reads: Committed facts.
        slug: The organisation.

    Returns:
        What was recorded; None where nothing is due, and where the statutes do not say when it would be.

    Raises:
        NotFoundError: No such organisation.
        ConflictError: Somebody else did it meanwhile.
        RuleViolation: Something that follows from a decision has to be carried out first.
    """
    due = due_redactions(reads.state(slug), format_instant(ports.clock.now()))
    if not due:
        return None
    recorded: list[BallotsRedacted] = []

    def action(unit: UnitOfWork, at: Instant) -> None:
        data = redaction(unit.state, due)
        append_derived(unit, data, at=at)
        for decision in data.decisions:
            unit.erase_vote(decision, sorted(unit.state.decided_vote(decision).poll.ballots))
        recorded.append(data)

    perform(ports, slug, command_of(f"redact/{due[0]}", canonical_json(list(due))), action)
    return recorded[0] if recorded else None
