"""Tables that the ledger alone determines; ``backend.storage.projections`` fills and rebuilds them.

Structured values are JSON text as the entries spell them. ``entry`` is the index of the entry that brought
the row about.
"""

from sqlalchemy import BigInteger
from sqlmodel import Field

from backend.storage.tables import Table


class Projection(Table):
    """Root of every projection: the ledger it is of, and the entry that began the row."""

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    entry: int = Field(sa_type=BigInteger)
    """Index of the entry."""


class OrganisationRow(Projection, table=True):
    """The founding act."""

    __tablename__ = "organisation"

    name: str
    """Name."""
    language: str = Field(max_length=2)
    """Language of the statutes."""
    chain_id: int = Field(sa_type=BigInteger)
    """Chain of its signatures."""
    contract: str = Field(max_length=42)
    """Contract that its signatures name."""


class StatutesRow(Projection, table=True):
    """A version of the statutes."""

    __tablename__ = "statutes_version"

    version: int = Field(primary_key=True, sa_type=BigInteger)
    """Number, from 1."""
    text: str
    """CID of the text."""
    rulebook: str
    """CID of the latest rulebook on that text."""
    rules: str
    """SHA-256 of that rulebook, hex."""
    diff: str
    """CID of the difference, empty for version 1."""
    motion: str
    """Motion that carried it, empty for version 1."""
    adopted_at: str
    """Instant."""


class MemberRow(Projection, table=True):
    """Someone on the register."""

    __tablename__ = "member"

    member: str = Field(primary_key=True, max_length=33)
    """Pseudonym."""
    member_class: str
    """Class."""
    status: str
    """``applied``, ``refused``, ``active``, ``resigned`` or ``ended``."""
    founder: bool
    """Whether they founded."""
    applied_at: str
    """Instant of application or founding."""
    since: str
    """Instant of the present status."""


class MotionRow(Projection, table=True):
    """A motion."""

    __tablename__ = "motion"

    motion: str = Field(primary_key=True, max_length=63)
    """Id."""
    kind: str
    """Kind."""
    title: str
    """Title."""
    text: str
    """CID of the text."""
    effect: str
    """Effect, JSON."""
    proposer: str
    """Who proposed."""
    status: str
    """Where it stands."""
    proposed_at: str
    """Instant."""
    changed_at: str
    """Instant of the last amendment, or of the proposal."""
    supporters: int
    """Members who support it as it stands, the proposer not included."""
    assembly: str | None = None
    """Last assembly that had it on its agenda."""


class AssemblyRow(Projection, table=True):
    """A convened session."""

    __tablename__ = "assembly"

    assembly: str = Field(primary_key=True, max_length=63)
    """Id."""
    session: str
    """Kind of session."""
    round: int
    """First or second convocation."""
    previous: str | None = None
    """Assembly that was not quorate, on second convocation."""
    draft: str | None = None
    """Draft that it answers."""
    place: str | None = None
    """The place it concerns; None for the whole organisation."""
    title: str
    """Title."""
    channel: str
    """Channel."""
    convener: str
    """Who called."""
    convened_at: str
    """Instant of the call."""
    opens_at: str
    """First instant of voting, after every adjournment."""
    closes_at: str
    """First instant after voting."""
    statutes: int = Field(sa_type=BigInteger)
    """Version of the statutes that governs."""
    rules: str
    """SHA-256 of its rulebook, hex."""
    closed: bool
    """Whether ballots were counted."""


class AgendaItemRow(Projection, table=True):
    """A motion on an agenda, and its vote; on second convocation a motion is on another agenda again."""

    __tablename__ = "agenda_item"

    assembly: str = Field(primary_key=True, max_length=63)
    """The assembly."""
    motion: str = Field(primary_key=True, index=True, max_length=63)
    """The motion."""
    position: int
    """Place on the agenda, from 0."""
    decision: str = Field(max_length=64)
    """Id of the decision, hex."""
    electorate_root: str
    """Root over the electors, hex."""
    electorate_size: int = Field(sa_type=BigInteger)
    """Number of electors."""
    electorate_leaves: str
    """CID of the leaves."""
    ballots: int = Field(sa_type=BigInteger)
    """Ballots so far."""
    voters: int = Field(sa_type=BigInteger)
    """Distinct voters so far."""
    tally: str | None = None
    """Votes per choice, JSON, after the close."""
    openings: str | None = None
    """CID of the openings, after the close; None where tellers counted paper."""
    count: str | None = None
    """CID of the tally, after the close of a vote on several options."""


class BallotRow(Projection, table=True):
    """A ballot; its choice is committed, not known."""

    __tablename__ = "ballot"

    entry: int = Field(primary_key=True, sa_type=BigInteger)
    """Index of the entry."""
    motion: str = Field(index=True, max_length=63)
    """The motion."""
    voter: str = Field(max_length=33)
    """Pseudonym for the decision."""
    choice: str
    """Commitment, hex."""
    cast_at: int = Field(sa_type=BigInteger)
    """Claimed time, seconds since the epoch."""
    nonce: int = Field(sa_type=BigInteger)
    """Ballots of this voter before."""


class DecisionRow(Projection, table=True):
    """An outcome; a motion without quorum may have another on second convocation."""

    __tablename__ = "decision"

    assembly: str = Field(primary_key=True, max_length=63)
    """The assembly."""
    motion: str = Field(primary_key=True, index=True, max_length=63)
    """The motion."""
    decision: str
    """Id of the decision, hex."""
    outcome: str
    """Outcome."""
    derivation: str
    """Steps, JSON."""
    chosen: str
    """Options chosen, in order, JSON."""
    count: str | None = None
    """CID of the tally, where the vote was on several options."""
    decided_at: str
    """Instant."""


class FrameworkRow(Projection, table=True):
    """A version of a framework."""

    __tablename__ = "framework"

    framework: str = Field(primary_key=True, max_length=63)
    """Id."""
    version: int = Field(primary_key=True, sa_type=BigInteger)
    """Number, from 1."""
    document: str
    """CID of the document."""
    motion: str
    """Motion that carried it."""
    adopted_at: str
    """Instant."""


class CommonsRow(Projection, table=True):
    """A commons."""

    __tablename__ = "commons"

    commons: str = Field(primary_key=True, max_length=63)
    """Id."""
    title: str
    """Title."""
    description: str
    """CID of the description."""
    registered_at: str
    """Instant."""


class ObservationRow(Projection, table=True):
    """A measurement."""

    __tablename__ = "observation"

    observation: str = Field(primary_key=True, max_length=63)
    """Id."""
    commons: str = Field(index=True, max_length=63)
    """What was measured."""
    framework: str
    """Framework of the indicator."""
    indicator: str
    """The indicator."""
    value: str
    """Decimal text."""
    unit: str
    """Unit."""
    period_from: str
    """First day."""
    period_to: str
    """Last day."""
    method: str
    """CID of the method."""
    author: str
    """Who recorded it."""
    recorded_at: str
    """Instant."""


class ValuationRow(Projection, table=True):
    """A published valuation."""

    __tablename__ = "valuation"

    valuation: str = Field(primary_key=True, max_length=63)
    """Id."""
    commons: str
    """What is valued."""
    framework: str
    """The framework."""
    version: int = Field(sa_type=BigInteger)
    """Its version."""
    scores: str
    """Scores, JSON."""
    numerator: str
    """Numerator of the result, decimal text."""
    denominator: str
    """Denominator of the result, decimal text."""
    rounded: str
    """Rounded result."""
    published_at: str
    """Instant."""


PROJECTIONS: tuple[type[Projection], ...] = (
    OrganisationRow,
    StatutesRow,
    MemberRow,
    MotionRow,
    AssemblyRow,
    AgendaItemRow,
    BallotRow,
    DecisionRow,
    FrameworkRow,
    CommonsRow,
    ObservationRow,
    ValuationRow,
)
"""Every projection, in the order in which a rebuild empties them."""
