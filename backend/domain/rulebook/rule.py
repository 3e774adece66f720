"""What every rule has: an id, the article it comes from, a modality, a bearer; and what rules are made of."""

from fractions import Fraction
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from backend.domain.acts import MotionKind, Slug
from backend.domain.errors import RuleReference
from backend.domain.quantities import MAX_INTEGER, Ratio

Article = Annotated[str, Meta(min_length=1, max_length=40)]
"""Number of an article as the statutes print it."""

Modality = Literal["must", "may", "must_not"]
"""Whether a rule obliges, permits or forbids; a fourth, ``silent``, belongs to ``Silent`` alone."""

Motions = Annotated[tuple[MotionKind, ...], Meta(max_length=20)]
"""Kinds of motion a rule governs; where a rule may leave them out, empty means all."""

Sessions = Annotated[tuple[Slug, ...], Meta(max_length=20)]
"""Sessions a rule governs; empty means all."""


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words that state a rule: bytes ``start`` to ``end`` of the statutes, ``end`` excluded."""

    start: Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
    """Offset of the first byte in the UTF-8 text."""
    end: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
    """Offset after the last byte."""

    def __post_init__(self) -> None:
        if self.end <= self.start:
            message = "a span ends after it starts"
            raise ValueError(message)


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A share of a whole that must be reached, or exceeded."""

    fraction: Ratio
    """The share, 0 to 1."""
    strict: bool = False
    """Whether the share must be exceeded; otherwise reaching it is enough."""

    def __post_init__(self) -> None:
        if not 0 <= self.fraction.num <= self.fraction.den:
            message = "a share lies in 0 to 1"
            raise ValueError(message)

    def met(self, part: int, whole: int) -> bool:
        """Tell whether ``part`` of ``whole`` is enough; of nothing, nothing is."""
        if whole <= 0:
            return False
        share = Fraction(part, whole)
        wanted = self.fraction.fraction()
        return share > wanted if self.strict else share >= wanted

    def least(self, whole: int) -> int:
        """Return the smallest number that is enough out of ``whole``, which may exceed ``whole``."""
        exact = self.fraction.fraction() * whole
        floor = exact.numerator // exact.denominator
        return floor + 1 if self.strict or floor < exact else floor

    def __str__(self) -> str:
        return f"{'more than' if self.strict else 'at least'} {self.fraction}"


class AnyMember(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="who", tag="any_member"
):
    """Any one member; where only members with a vote are meant, the rule says so by ``classes``."""


class Founders(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="who", tag="founders"
):
    """Those who signed the founding."""


class BodyParty(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="who", tag="body"
):
    """Any member of a body, for the body."""

    body: Slug
    """The body."""


class SeatParty(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="who", tag="seat"
):
    """The holder of a seat."""

    body: Slug
    """The body."""
    seat: Slug
    """The seat in it."""


class ShareParty(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="who",
    tag="share",
):
    """So many of a group together, by supporting one and the same draft."""

    threshold: Threshold
    """The share of the group."""
    body: Slug | None = None
    """The body whose members count; left out: the members who have a vote."""


class AssemblyParty(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="who", tag="assembly"
):
    """An assembly, by a decision."""

    session: Slug
    """The session that decides."""


Party = AnyMember | BodyParty | SeatParty | ShareParty
"""Who may do something by themselves."""

Decider = BodyParty | SeatParty | AssemblyParty
"""Who decides on someone else's matter."""


class Rule(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="topic",
    omit_defaults=True,
):
    """Root of every rule."""

    id: Slug
    """Id, unique in the rulebook."""
    article: Article
    """Article that states it."""
    span: Span | None = None
    """The words that state it, in the text the rulebook names; None where nothing is quoted."""
    modality: Modality
    """Whether it obliges, permits or forbids."""
    bearer: Annotated[str, Meta(max_length=200)] = ""
    """Who has the duty or the right, in the words of the statutes; empty where the topic says it."""
    overrides: Annotated[tuple[Slug, ...], Meta(max_length=20)] = ()
    """Rules on the same matter over which this one prevails."""

    def reference(self) -> RuleReference:
        """Return how refusals and derivations name this rule."""
        return RuleReference(self.id, self.article)

    def subjects(self) -> tuple[str, ...]:
        """Return what the rule governs within its topic: no two rules of a topic share one."""
        return ("",)


def crossed(
    sessions: tuple[Slug, ...], motions: tuple[MotionKind, ...], suffix: str = ""
) -> tuple[str, ...]:
    """Return the subjects of a rule that governs kinds of motion in sessions; empty ones mean all.

    Args:
        sessions: Sessions, or none for all.
        motions: Kinds, or none for all.
        suffix: What distinguishes subjects further.
    """
    return tuple(
        f"{session}/{kind}{suffix}" for session in sessions or ("*",) for kind in motions or ("*",)
    )
