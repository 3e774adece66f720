"""Proposing motions."""

from dataclasses import dataclass

from anchoring.core.cid import document_cid
from backend.domain.acts import (
    FrameworkEffect,
    MotionKind,
    MotionProposed,
    ResolutionEffect,
    Slug,
    StatutesEffect,
)
from backend.domain.framework import parse_framework
from backend.services.commands import Statement, perform, signed_action
from backend.services.organisations import StatutesDocuments
from backend.services.ports import Command, Ports, Recorded


@dataclass(frozen=True, slots=True)
class FrameworkDocument:
    """A proposed valuation framework."""

    content: bytes
    """Canonical JSON."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A motion with the documents it refers to."""

    motion: Slug
    """Id of the motion."""
    kind: MotionKind
    """Its kind."""
    title: str
    """Its title."""
    text: bytes
    """Its text, UTF-8."""
    change: StatutesDocuments | FrameworkDocument | None
    """What adoption puts in force; None for a resolution."""

    def act(self) -> MotionProposed:
        """Return the act its author signs.

        Raises:
            InvalidInputError: The proposed framework does not hold.
        """
        effect: StatutesEffect | FrameworkEffect | ResolutionEffect = ResolutionEffect()
        if isinstance(self.change, StatutesDocuments):
            effect = StatutesEffect(self.change.reference())
        if isinstance(self.change, FrameworkDocument):
            framework = parse_framework(self.change.content)
            effect = FrameworkEffect(framework.id, document_cid(self.change.content))
        return MotionProposed(self.motion, self.kind, self.title, document_cid(self.text), effect)

    def documents(self) -> tuple[bytes, ...]:
        """Return every document the act refers to."""
        if isinstance(self.change, StatutesDocuments):
            return (self.text, self.change.text, self.change.rulebook)
        if isinstance(self.change, FrameworkDocument):
            return (self.text, self.change.content)
        return (self.text,)


def propose(
    ports: Ports, slug: Slug, command: Command, proposal: Proposal, statement: Statement
) -> Recorded:
    """Record a motion.

    Raises:
        GovernanceError: What forbids it.
    """
    action = signed_action(ports, proposal.act(), statement, documents=proposal.documents())
    return perform(ports, slug, command, action)
