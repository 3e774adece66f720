"""Rules on members: classes and votes, joining, leaving, due process, sanctions, rights over data."""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from backend.domain.acts import (
    AssuranceLevel,
    EvidenceKind,
    LossCause,
    MemberClass,
    NoticeChannel,
    Slug,
    Title,
)
from backend.domain.rulebook.rule import BodyParty, Decider, Rule, SeatParty

Measure = Literal["exclusion", "sanction", "revocation"]
"""What can be done to someone against their will."""


class VotingRight(Rule, frozen=True, kw_only=True, tag="voting_right"):
    """A class of members exists; it votes (``may``) or never does (``must_not``)."""

    member_class: MemberClass
    """The class."""
    persons: Literal["natural", "legal"]
    """Whether its members are natural persons or organisations; one person has one place in one class."""
    assurance: AssuranceLevel | None = None
    """Least level of an identity check below which a member has no vote; None where none is needed."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return (self.member_class,)


class IdentityDemand(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one identity check must show."""

    assurance: AssuranceLevel
    """Least level."""
    evidence: Annotated[tuple[EvidenceKind, ...], Meta(max_length=6)] = ()
    """Kinds of evidence that are taken; empty for all."""


class Admission(Rule, frozen=True, kw_only=True, tag="admission"):
    """How an applicant of the class becomes a member, or that none does (``must_not``)."""

    member_class: MemberClass
    """The class."""
    by: Decider | None = None
    """Who decides; None where applying suffices."""
    objection_days: Annotated[int, Meta(ge=0, le=366)] = 0
    """Days after the application during which members may object, before which nobody is admitted."""
    checks: IdentityDemand | None = None
    """What an identity check must have shown before admission; None where none is needed."""
    vouchers: Annotated[int, Meta(ge=0, le=100)] = 0
    """Members who must vouch before admission."""
    appeal_to: Decider | None = None
    """Who hears an appeal against a refusal; None where a refusal stands."""
    appeal_days: Annotated[int, Meta(ge=0, le=366)] = 0
    """Days to appeal, after the day of the refusal."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return (self.member_class,)


class Centres(Rule, frozen=True, kw_only=True, tag="centres"):
    """Registration centres exist, whose correspondents present applicants."""

    by: BodyParty | SeatParty
    """Who opens, changes and closes them."""
    at_most: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    """Applicants that one centre may present in all; None for no bound."""


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


class LevelDecider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who decides at one territorial level."""

    level: Slug
    """The level."""
    by: Decider
    """Who decides on members of a place of that level."""


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
    levels: Annotated[tuple[LevelDecider, ...], Meta(max_length=20)] = ()
    """Who decides a sanction at each level, named once, in proceedings about a place; empty where levels do
    not matter."""
    hearing: bool = False
    """Whether the member is also heard in person, or invited to be."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return self.measures

    def __post_init__(self) -> None:
        _check_once(each.level for each in self.levels)


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


class Dues(Rule, frozen=True, kw_only=True, tag="dues"):
    """Members pay dues, and it is recorded who owes them."""

    by: BodyParty | SeatParty
    """Who records arrears and that they were paid."""
    suspends_vote: bool
    """Whether who is in arrears has no vote."""
    grace_days: Annotated[int, Meta(ge=0, le=3660)]
    """Days after dues fell due during which nobody is in arrears yet."""


class Levels(Rule, frozen=True, kw_only=True, tag="levels"):
    """Territorial levels at which members look after themselves, smallest first."""

    levels: Annotated[tuple[Slug, ...], Meta(min_length=1, max_length=20)]
    """The levels, each once."""

    def __post_init__(self) -> None:
        _check_once(self.levels)


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


def _check_once(levels: Iterable[Slug]) -> None:
    listed = tuple(levels)
    if len(set(listed)) != len(listed):
        message = "a level is named once"
        raise ValueError(message)
