"""Rules on motions and votes: who proposes what, how long it is discussed, how it is voted and counted."""

from typing import Annotated, Literal

from msgspec import Meta

from backend.domain.acts import EffectType, MemberClass, MotionKind
from backend.domain.rulebook.rule import Motions, Rule, Sessions, Threshold, crossed

GovernedKinds = Annotated[tuple[MotionKind, ...], Meta(min_length=1, max_length=20)]
"""Kinds of motion a rule governs, at least one."""


class _OfMotions(Rule, frozen=True, kw_only=True):
    """Root of rules about kinds of motion."""

    motions: GovernedKinds
    """Kinds governed."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return tuple(self.motions)


class Initiative(_OfMotions, frozen=True, kw_only=True, tag="initiative"):
    """Who may propose motions of the kinds, and the support they need before they are put to the vote."""

    classes: tuple[MemberClass, ...] = ()
    """Classes whose members may propose; empty where no member may by themselves."""
    bodies: tuple[str, ...] = ()
    """Bodies whose members may propose too."""
    support: Threshold | None = None
    """Share of the members with a vote who must support it, the proposer included; None for none."""


class EffectRule(_OfMotions, frozen=True, kw_only=True, tag="effect"):
    """What motions of the kinds may change."""

    effects: Annotated[tuple[EffectType, ...], Meta(min_length=1)]
    """Permitted effects."""


class Deliberation(_OfMotions, frozen=True, kw_only=True, tag="deliberation"):
    """How long a motion is open to discussion before the vote."""

    days: Annotated[int, Meta(ge=0, le=366)]
    """Days between the last change of the motion and the opening of the vote, at least."""
    amendable: bool
    """Whether the proposer may change it before it is put to the vote."""


class BallotRule(_OfMotions, frozen=True, kw_only=True, tag="ballot"):
    """How votes on motions of the kinds are cast and counted."""

    method: Literal["yes_no_abstain", "consent"]
    """Counting method."""
    minimum_hours: Annotated[int, Meta(ge=0, le=8784)]
    """Hours the ballot stays open, at least."""
    replaceable: bool
    """Whether a voter may vote again while the ballot is open."""
    secrecy: Literal["secret", "until_close", "named"] = "until_close"
    """Never known, known by pseudonym after the close, or by name."""


class Majority(Rule, frozen=True, kw_only=True, tag="majority"):
    """Share of votes for adoption."""

    sessions: Sessions = ()
    """Sessions; empty for all."""
    motions: Motions = ()
    """Kinds governed; empty for all."""
    threshold: Threshold
    """Share of yes votes."""
    base: Literal["valid", "cast", "entitled", "present_or_represented"]
    """Votes that form the whole: yes and no; those and abstentions; every elector; everyone there or
    represented."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return crossed(self.sessions, self.motions)


class Contestation(Rule, frozen=True, kw_only=True, tag="contestation"):
    """How long a decision can be contested; what would show who voted how is kept so long and no longer."""

    sessions: Sessions = ()
    """Sessions; empty for all."""
    motions: Motions = ()
    """Kinds governed; empty for all."""
    days: Annotated[int, Meta(ge=1, le=3660)]
    """Days after the day of the decision in which it can be contested; ten years at most."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return crossed(self.sessions, self.motions)


class Tie(Rule, frozen=True, kw_only=True, tag="tie"):
    """What equal yes and no votes mean."""

    sessions: Sessions = ()
    """Sessions; empty for all."""
    motions: Motions = ()
    """Kinds governed; empty for all."""
    resolution: Literal["status_quo", "casting_vote"]
    """Nothing changes, or the casting vote of the body decides."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return crossed(self.sessions, self.motions)
