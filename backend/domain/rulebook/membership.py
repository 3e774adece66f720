"""Rules on members: classes and votes, joining, leaving, due process, sanctions, rights over data."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from backend.domain.acts import LossCause, MemberClass, NoticeChannel, Slug, Title
from backend.domain.rulebook.rule import Decider, Rule

Measure = Literal["exclusion", "sanction", "revocation"]
"""What can be done to someone against their will."""


class VotingRight(Rule, frozen=True, kw_only=True, tag="voting_right"):
    """A class of members exists; it votes (``may``) or never does (``must_not``)."""

    member_class: MemberClass
    """The class."""
    persons: Literal["natural", "legal"]
    """Whether its members are natural persons or organisations; one person has one place in one class."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return (self.member_class,)


class Admission(Rule, frozen=True, kw_only=True, tag="admission"):
    """How an applicant of the class becomes a member, or that none does (``must_not``)."""

    member_class: MemberClass
    """The class."""
    by: Decider | None = None
    """Who decides; None where applying suffices."""
    objection_days: Annotated[int, Meta(ge=0, le=366)] = 0
    """Days after the application during which members may object, before which nobody is admitted."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return (self.member_class,)


class Loss(Rule, frozen=True, kw_only=True, tag="loss"):
    """A cause that ends membership, or does not (``must_not``)."""

    cause: LossCause
    """The cause."""
    classes: tuple[MemberClass, ...] = ()
    """Classes it concerns; empty for all."""
    by: Decider | None = None
    """Who establishes it; None where the member does, by resigning."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return tuple(f"{self.cause}/{each}" for each in self.classes or ("*",))


class DueProcess(Rule, frozen=True, kw_only=True, tag="due_process"):
    """What must happen before a measure is decided against someone: grounds, notice, time to reply."""

    measures: Annotated[tuple[Measure, ...], Meta(min_length=1)]
    """Measures it protects from."""
    channels: Annotated[tuple[NoticeChannel, ...], Meta(min_length=1)]
    """How the grounds may be served."""
    reply_days: Annotated[int, Meta(ge=0, le=366)]
    """Days to reply after the day of notice; a reply given sooner frees the way."""
    by: Decider | None = None
    """Who decides a sanction; None where motions do. For an exclusion ``Loss`` says it, and a revocation is
    always a motion."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return self.measures


class Appeal(Rule, frozen=True, kw_only=True, tag="appeal"):
    """Whether and where a measure may be contested."""

    measures: Annotated[tuple[Measure, ...], Meta(min_length=1)]
    """Measures it is open against."""
    to: Decider
    """Who decides again."""
    days: Annotated[int, Meta(ge=1, le=366)]
    """Days to lodge it, after the day of the measure."""
    suspends: bool = False
    """Whether the measure waits for the answer."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return self.measures


class SanctionStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rung of a ladder of sanctions."""

    sanction: Slug
    """Its name."""
    effect: Literal["none", "suspension", "exclusion", "referral"]
    """What it does on the register: nothing, no vote for a time, no membership, a file for a court."""
    title: Title
    """What the statutes call it."""


class Sanctions(Rule, frozen=True, kw_only=True, tag="sanctions"):
    """The ladder of sanctions, mildest first; a rung is open once the one below was given, or never."""

    steps: Annotated[tuple[SanctionStep, ...], Meta(min_length=1, max_length=10)]
    """The rungs."""
    skips: bool
    """Whether gravity may justify a higher rung at once."""


class Levels(Rule, frozen=True, kw_only=True, tag="levels"):
    """Territorial levels at which members look after themselves, smallest first."""

    levels: Annotated[tuple[Slug, ...], Meta(min_length=1, max_length=20)]
    """The levels."""


class DataRights(Rule, frozen=True, kw_only=True, tag="data_rights"):
    """What the statutes promise about personal data."""

    rights: Annotated[
        tuple[Literal["consent", "limitation", "access", "portability", "erasure"], ...],
        Meta(min_length=1),
    ]
    """The promises."""
    keep_days: Annotated[int, Meta(ge=0, le=36_525)] | None = None
    """Days after the end of a membership for which what is known of its bearer is kept, then erased; None
    where the statutes do not say."""
