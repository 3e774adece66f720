"""What the state knows of applications, and of the centres that present applicants."""

from dataclasses import dataclass
from typing import get_args

from backend.domain.acts import AssuranceLevel, EvidenceKind, MemberId, Slug
from backend.domain.deadlines import Day
from backend.domain.instants import Instant

ASSURANCE_LEVELS: tuple[AssuranceLevel, ...] = get_args(AssuranceLevel)
"""Every level, least first."""


def reaches(found: AssuranceLevel | None, wanted: AssuranceLevel | None) -> bool:
    """Tell whether a level is at least another one; nothing reaches only what nobody wants.

    Args:
        found: The level that was reached; None where nobody checked.
        wanted: The level that is wanted; None where any will do.
    """
    if wanted is None:
        return True
    return found is not None and ASSURANCE_LEVELS.index(found) >= ASSURANCE_LEVELS.index(wanted)


@dataclass(frozen=True, slots=True)
class Check:
    """An identity check."""

    evidence: EvidenceKind
    """By what."""
    assurance: AssuranceLevel
    """How sure it makes."""
    checked_on: Day
    """When."""
    by: MemberId
    """Who looked."""
    entry: int
    """Index of the act."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A decision against an application, and how far the appeal has come."""

    by: MemberId
    """Who signed it."""
    at: Instant
    """When."""
    entry: int
    """Index of the act."""
    appealed: int | None = None
    """Index of the appeal; None where there is none."""
    upheld: bool | None = None
    """Whether it stands after the appeal; None while nobody answered."""


@dataclass(frozen=True, slots=True)
class Application:
    """The latest application of someone, and what was done about it."""

    entry: int
    """Index of the act with which they applied, came back, or were presented."""
    centre: Slug | None = None
    """The centre that presented them; None where they applied themselves."""
    checks: tuple[Check, ...] = ()
    """Identity checks, oldest first; those made after the admission included."""
    vouchers: tuple[MemberId, ...] = ()
    """Members who vouched, in that order."""
    refusals: tuple[Refusal, ...] = ()
    """Decisions against it, oldest first."""

    @property
    def refusal(self) -> Refusal | None:
        """The latest decision against it, None where there is none."""
        return self.refusals[-1] if self.refusals else None


@dataclass(frozen=True, slots=True)
class Centre:
    """A registration centre."""

    id: Slug
    """Id."""
    name: str
    """Its public name."""
    correspondents: tuple[MemberId, ...]
    """Who registers for it."""
    entry: int
    """Index of the act that opened it."""
    open: bool = True
    """Whether it may present applicants."""
    presented: tuple[MemberId, ...] = ()
    """Everybody it ever presented, in that order."""
