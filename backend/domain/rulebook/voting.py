"""Rules on motions and votes: who proposes what, how long it is discussed, how it is voted and counted."""

from typing import Annotated, Literal, get_args

from msgspec import Meta

from backend.domain.acts import EffectType, MemberClass, MotionKind, Slug
from backend.domain.methods.contest import (
    MAX_CREDITS,
    MAX_GRADES,
    MAX_OPTIONS,
    MAX_SCORE,
    OptionMethodName,
)
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

    method: Literal["yes_no_abstain", "consent", OptionMethodName]
    """Counting method: of one proposal, or of several options. A kind may have a rule for each."""
    minimum_hours: Annotated[int, Meta(ge=0, le=8784)]
    """Hours the ballot stays open, at least."""
    replaceable: bool
    """Whether a voter may vote again while the ballot is open."""
    secrecy: Literal["secret", "until_close", "named"] = "until_close"
    """Never known, known by pseudonym after the close, or by name."""
    grades: Annotated[tuple[Slug, ...], Meta(max_length=MAX_GRADES)] = ()
    """For majority judgement, the grades, worst first; at least two."""
    highest: Annotated[int, Meta(ge=0, le=MAX_SCORE)] = 0
    """For score voting, the highest score; the lowest is 0."""
    approvals: Annotated[int, Meta(ge=0, le=MAX_OPTIONS)] = 0
    """For approval voting, how many options one ballot may approve; 0 for no bound."""
    credits: Annotated[int, Meta(ge=0, le=MAX_CREDITS)] = 0
    """For quadratic voting, the credits of each voter."""
    blanks_cast: bool = False
    """For two-round voting, whether blank ballots count in the whole of which more than half is asked."""

    def __post_init__(self) -> None:
        grades, method = len(self.grades), self.method
        for broken, message in (
            (
                (method == "majority_judgement") != (grades > 1),
                "majority judgement, and it alone, has grades",
            ),
            (len(set(self.grades)) != grades, "a grade stands twice"),
            (
                (method == "score") != (self.highest > 0),
                "score voting, and it alone, has a highest score",
            ),
            (method != "approval" and self.approvals > 0, "only approval voting bounds approvals"),
            (
                (method == "quadratic") != (self.credits > 0),
                "quadratic voting, and it alone, has credits",
            ),
            (
                method != "two_round" and self.blanks_cast,
                "only two-round voting asks what blanks are",
            ),
        ):
            if broken:
                raise ValueError(message)

    @property
    def several(self) -> bool:
        """Whether the method is one of several options."""
        return self.method in get_args(OptionMethodName)

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return (
            tuple(several_options(kind) for kind in self.motions) if self.several else self.motions
        )


def several_options(kind: MotionKind) -> str:
    """Return the subject of ballot rules on motions of a kind that put several options to the vote."""
    return f"{kind}/several"


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


TieMeans = Literal["status_quo", "casting_vote", "seniority", "sortition"]
"""What puts equal options in order."""


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


class TieBreak(Rule, frozen=True, kw_only=True, tag="tie_break"):
    """How options that the count leaves equal are put in order, where the vote is on several options.

    Each means orders what those before it leave equal. The status quo is preferred to what would change; the
    casting vote prefers as the ballot of its holder does; seniority prefers who has been a member longer;
    sortition draws lots whose seed is the hash of the block that first anchors the closing.
    """

    sessions: Sessions = ()
    """Sessions; empty for all."""
    motions: Motions = ()
    """Kinds governed; empty for all."""
    chain: Annotated[tuple[TieMeans, ...], Meta(min_length=1, max_length=4)]
    """Means in their order, each once."""

    def __post_init__(self) -> None:
        if len(set(self.chain)) != len(self.chain):
            message = "each means of breaking ties stands once"
            raise ValueError(message)

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return crossed(self.sessions, self.motions)


class EarlyClose(Rule, frozen=True, kw_only=True, tag="early_close"):
    """A vote may be closed before its time once nothing can change its outcome (``may``), or not."""

    sessions: Sessions = ()
    """Sessions; empty for all."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return self.sessions or ("*",)
