"""What the state of an organisation is made of: one record per thing the ledger tells of."""

from dataclasses import dataclass, field
from typing import Literal

from immutables import Map

from backend.domain.acts import (
    AgendaItem,
    AssemblyConvened,
    AssemblyDrafted,
    AssemblyOpened,
    BallotCast,
    DisputeOpened,
    EscalationStep,
    LogKeyText,
    LossCause,
    LotsDrawn,
    MemberClass,
    MemberId,
    MotionProposed,
    MotionResult,
    ObjectionRaised,
    Outcome,
    ProceedingOpened,
    Slug,
    StatutesReference,
    UrnCounted,
    VoterId,
)
from backend.domain.commitments import Hex32
from backend.domain.deadlines import Day
from backend.domain.framework import Framework
from backend.domain.instants import Instant
from backend.domain.rulebook.book import Rulebook

EndCause = Literal["resignation", "revocation", "absence", "loss", "replacement"]
"""Why a mandate ends before its term."""

RegisterEffect = Literal["none", "suspension", "exclusion", "revocation"]
"""What a measure does on the register: nothing, no vote for a time, the end of membership or of a mandate."""


@dataclass(frozen=True, slots=True)
class Member:
    """Someone on the register, or asking to be."""

    id: MemberId
    """Pseudonym."""
    member_class: MemberClass
    """Class, as the rulebook names it."""
    keys: tuple[Hex32, ...]
    """Commitments to the signing keys in force, oldest first; empty for a member without a key."""
    status: Literal["applied", "active", "resigned", "ended"]
    """Where they stand; ``ended`` for every end but resigning."""
    founder: bool
    """Whether they signed the founding."""
    entry: int
    """Index of the application or the founding."""
    applied_at: Instant
    """When they asked to join, or founded."""
    since: int | None = None
    """Index of the admission, or of the founding; None for an applicant."""
    objected: bool = False
    """Whether a member objected to the application."""
    suspended_until: Day | None = None
    """Last day of the latest suspension."""
    lost_by: LossCause | None = None
    """Why the membership ended."""
    former_keys: tuple[Hex32, ...] = ()
    """Commitments to keys that no longer are in force, in the order in which they ended."""


@dataclass(frozen=True, slots=True)
class Proceeding:
    """A measure asked for against a member, and how far that has come."""

    data: ProceedingOpened
    """As opened."""
    opened_by: MemberId
    """Who put the grounds forward."""
    entry: int
    """Index of its opening."""
    opened_at: Instant
    """When it was opened: grounds cannot be served before."""
    served_at: Instant | None = None
    """When the member was told."""
    served_entry: int = 0
    """Index of the act that says so."""
    replied: bool = False
    """Whether the member answered."""
    status: Literal["open", "taken", "refused", "appealed", "upheld", "reversed"] = "open"
    """Where it stands."""
    taken_at: Instant | None = None
    """When the measure was decided."""
    effect: RegisterEffect = "none"
    """What the measure did."""
    until: Day | None = None
    """Last day of a suspension."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """A seat in a body, held for a time."""

    id: Slug
    """Id."""
    body: Slug
    """The body."""
    seat: Slug
    """The kind of seat."""
    holder: MemberId
    """Who holds it."""
    starts: Day
    """First day."""
    ends: Day
    """Last day of the term."""
    holds_over: bool
    """Whether the holder stays after the term until replaced."""
    entry: int
    """Index of the act that gave it."""
    way: Literal["founding", "designation", "co_option"]
    """How it was given."""
    ended_on: Day | None = None
    """Day on which it ended before its term; the seat is vacant from that day."""
    cause: EndCause | None = None
    """Why it did."""

    def held_on(self, day: Day) -> bool:
        """Tell whether the seat is held on a day; days compare as text."""
        if day < self.starts or (self.ended_on is not None and day >= self.ended_on):
            return False
        return self.holds_over or day <= self.ends

    def over_on(self, day: Day) -> bool:
        """Tell whether the mandate has run out, or was ended, by a day."""
        if self.ended_on is not None and day >= self.ended_on:
            return True
        return not self.holds_over and day > self.ends


@dataclass(frozen=True, slots=True)
class StatutesVersion:
    """One version of the statutes, with the rules in force beside it."""

    number: int
    """1 for the founding version."""
    statutes: StatutesReference
    """Its text, and the latest rulebook on it."""
    rulebook: Rulebook
    """Those rules, parsed."""
    adopted_at: Instant
    """When the text came into force."""


@dataclass(frozen=True, slots=True)
class InternalRuleSet:
    """Internal rules that a motion made."""

    motion: Slug
    """The motion."""
    adopted_at: Instant
    """When."""
    status: Literal["provisional", "ratified", "refused", "lapsed", "waiting"]
    """Whether they hold, until confirmed or for good, or wait for confirmation, or ended."""


@dataclass(frozen=True, slots=True)
class Objection:
    """A reasoned objection in a consent round."""

    data: ObjectionRaised
    """As raised."""
    by: MemberId
    """Who objects."""
    entry: int
    """Index of the act."""
    resolved: bool = False
    """Whether it no longer stands."""


@dataclass(frozen=True, slots=True)
class Motion:
    """A motion and how far it has come."""

    data: MotionProposed
    """As it stands."""
    proposer: MemberId
    """Who proposed."""
    digest: Hex32
    """SHA-256 of what the proposer last signed: binds author and whole content."""
    status: Literal["proposed", "withdrawn", "convened", "closed", "abrogated"] | Outcome
    """Where it stands."""
    entry: int
    """Index of the proposal, or of the last amendment."""
    changed_at: Instant
    """When it was proposed or last amended."""
    supporters: frozenset[MemberId] = frozenset()
    """Members who support it as it stands, the proposer not included."""
    objections: Map[Slug, Objection] = field(default_factory=Map)
    """Objections by id."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A session that somebody asks for."""

    data: AssemblyDrafted
    """As drafted."""
    by: MemberId
    """Who drafted."""
    entry: int
    """Index of the draft."""
    supporters: frozenset[MemberId] = frozenset()
    """Who asks for it, the one who drafted included."""
    complete_at: Instant | None = None
    """When so many supported it that it has to be called."""
    assembly: Slug | None = None
    """The assembly that answered it."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A member stands for another in one assembly."""

    id: Slug
    """Id."""
    grantor: MemberId
    """Who is represented."""
    holder: MemberId
    """Who represents."""
    entry: int
    """Index of the act."""
    revoked: bool = False
    """Whether it was taken back."""
    motions: tuple[Slug, ...] = ()
    """Motions for which it was given; empty for all of the agenda."""
    until: Instant | None = None
    """Last instant for which it was given; None for the whole session."""

    def covers(self, motion: Slug) -> bool:
        """Tell whether it was given for a motion."""
        return not self.motions or motion in self.motions

    def holds(self, at: Instant) -> bool:
        """Tell whether it is in force at a time: not taken back, and not over."""
        return not self.revoked and (self.until is None or at <= self.until)


@dataclass(frozen=True, slots=True)
class Assembly:
    """A convened session."""

    data: AssemblyConvened
    """As convened."""
    convener: MemberId
    """Who called it."""
    convened_at: Instant
    """When it was called."""
    entry: int
    """Index of the call."""
    opens_at: Instant
    """First instant at which ballots are taken, after every adjournment."""
    closes_at: Instant
    """First instant at which they no longer are."""
    electors: frozenset[MemberId] = frozenset()
    """Who may vote in it: those who could when it was called."""
    closed_at: Instant | None = None
    """When voting was closed; None while it is not."""
    notice_entry: int | None = None
    """Index of the record of notices."""
    opened: AssemblyOpened | None = None
    """Who was there at the opening, where the session opens by an act."""
    opened_entry: int | None = None
    """Index of the opening."""
    presence: Map[MemberId, Literal["room", "remote", "excused"]] = field(default_factory=Map)
    """Attendance."""
    proxies: Map[Slug, Proxy] = field(default_factory=Map)
    """Proxies by id."""
    minutes_entry: int | None = None
    """Index of the minutes."""

    @property
    def closed(self) -> bool:
        """Whether voting is over."""
        return self.closed_at is not None


@dataclass(frozen=True, slots=True)
class Poll:
    """The vote on one motion of one assembly."""

    assembly: Slug
    """The assembly."""
    item: AgendaItem
    """Decision id and electorate."""
    support: tuple[int, int] | None = None
    """At the call, supporters with a vote and members with a vote; None where no support is needed."""
    ballots: Map[int, BallotCast] = field(default_factory=Map)
    """Every ballot by entry index."""
    last: Map[VoterId, int] = field(default_factory=Map)
    """Entry index of each voter's last ballot."""
    counts: Map[VoterId, int] = field(default_factory=Map)
    """Number of ballots of each voter."""
    urn: UrnCounted | None = None
    """What tellers counted on paper."""
    urn_entry: int | None = None
    """Index of that act."""
    result: MotionResult | None = None
    """What closing established."""
    closed_entry: int | None = None
    """Index of the closing."""
    lots: LotsDrawn | None = None
    """The seed of the lots, where they were drawn on a tie."""
    lots_entry: int | None = None
    """Index of that act."""


@dataclass(frozen=True, slots=True)
class DecidedVote:
    """A vote that was decided, and what lies beside it."""

    poll: Poll
    """The vote, as it was decided."""
    decided_at: Instant
    """When."""
    redacted_entry: int | None = None
    """Index of the act with which its roll and the signatures of its ballots were destroyed."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute on its ladder."""

    data: DisputeOpened
    """As opened."""
    step: EscalationStep
    """Where it stands."""
    settled: bool = False
    """Whether it is over."""


@dataclass(frozen=True, slots=True)
class FrameworkVersion:
    """A framework in force."""

    version: int
    """1 for the first adopted."""
    document: Framework
    """Its content, parsed."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """A change of the key that signs checkpoints."""

    entry: int
    """Index of the act: checkpoints of more entries are signed by the new key, others by the one before."""
    log_key: LogKeyText
    """The new key."""
