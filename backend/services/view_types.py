"""What reading shows: one frozen view per noun; ``backend.services.views`` answers with them.

Views are made from projections of the ledger; ids, instants and hashes keep the spelling of the entries.
``entry`` is always the index of the entry that brought the thing about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from anchoring.core.evidence import Evidence
from anchoring.core.types import Anchor, TreeSize
from backend.domain.acts import AddressHex, CidText, MemberClass, MemberId, Slug, VoterId
from backend.domain.commitments import Hex32
from backend.domain.instants import Instant
from backend.services.anchor_status import StandingState

JsonValue = str | int | bool | None | list["JsonValue"] | dict[str, "JsonValue"]
"""A value of a document or an entry, as JSON spells it."""


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """An organisation and the size of its ledger."""

    slug: Slug
    """Its name in addresses."""
    name: str
    """Its name."""
    origin: str
    """Origin of its checkpoints."""
    language: str
    """Language of its statutes, ISO 639-1."""
    chain_id: int
    """EIP-155 chain id of its signatures."""
    contract: AddressHex
    """Contract that its signatures name."""
    statutes_version: int
    """Number of the statutes in force."""
    size: int
    """Number of entries."""


@dataclass(frozen=True, slots=True)
class StatutesView:
    """One version of the statutes."""

    version: int
    """1 for the founding version."""
    text: CidText
    """Document of the text."""
    rulebook: CidText
    """Document of the latest rulebook on that text."""
    rules: Hex32
    """SHA-256 of that rulebook."""
    diff: str
    """Document of the difference to the version before; empty for version 1."""
    motion: str
    """Motion that carried it; empty for version 1."""
    adopted_at: Instant
    """When it came into force."""
    entry: int
    """The entry that put it in force."""


@dataclass(frozen=True, slots=True)
class MemberView:
    """Someone on the register."""

    member: MemberId
    """Pseudonym."""
    member_class: MemberClass
    """Class, as the rulebook names it."""
    status: Literal["applied", "refused", "active", "resigned", "ended"]
    """Where they stand."""
    founder: bool
    """Whether they signed the founding."""
    applied_at: Instant
    """When they applied, or founded."""
    since: Instant
    """When they took their present status."""
    entry: int
    """The entry of their application or of the founding."""


@dataclass(frozen=True, slots=True)
class MotionView:
    """A motion and how far it has come."""

    motion: Slug
    """Id."""
    kind: str
    """Kind of motion."""
    title: str
    """Title."""
    text: CidText
    """Document of the text."""
    effect: Mapping[str, JsonValue]
    """What adoption changes, as the entry says it (``type`` and its fields)."""
    proposer: MemberId
    """Who proposed."""
    status: Literal[
        "proposed",
        "withdrawn",
        "convened",
        "closed",
        "abrogated",
        "adopted",
        "rejected",
        "no_quorum",
    ]
    """Where it stands."""
    proposed_at: Instant
    """When it was proposed."""
    changed_at: Instant
    """When it was proposed or last amended."""
    supporters: int
    """Members who support it as it stands, the proposer not included."""
    assembly: Slug | None
    """Last assembly that had it on its agenda."""
    entry: int
    """The entry that proposed it."""


@dataclass(frozen=True, slots=True)
class AgendaItemView:
    """One motion on an agenda."""

    motion: Slug
    """The motion."""
    decision: Hex32
    """Id of the decision."""
    electorate_root: Hex32
    """Root over the salted leaves."""
    electorate_size: int
    """Number of electors."""
    electorate_leaves: CidText
    """Document of the leaves."""


@dataclass(frozen=True, slots=True)
class AssemblyView:
    """A convened session."""

    assembly: Slug
    """Id."""
    session: Slug
    """Kind of session."""
    round: Literal[1, 2]
    """First or second convocation."""
    previous: Slug | None
    """Assembly that was not quorate, on second convocation."""
    draft: Slug | None
    """Draft that it answers."""
    place: Slug | None
    """The place it concerns; None for the whole organisation."""
    title: str
    """Title."""
    channel: Literal["remote", "room", "correspondence"]
    """How votes are cast."""
    convener: MemberId
    """Who called it."""
    convened_at: Instant
    """When it was called."""
    opens_at: Instant
    """First instant of voting, after every adjournment."""
    closes_at: Instant
    """First instant after voting."""
    statutes: int
    """Version of the statutes that governs it."""
    rules: Hex32
    """SHA-256 of the rulebook that governs it."""
    closed: bool
    """Whether ballots were opened and counted."""
    agenda: tuple[AgendaItemView, ...]
    """Items in the order of the call."""
    entry: int
    """The entry that convened it."""


@dataclass(frozen=True, slots=True)
class PollView:
    """The vote on one motion; totals per choice do not exist before the close."""

    motion: Slug
    """The motion."""
    assembly: Slug
    """The assembly."""
    decision: Hex32
    """Id of the decision."""
    electorate_size: int
    """Number of electors."""
    opens_at: Instant
    """First instant of voting."""
    closes_at: Instant
    """First instant after voting."""
    closed: bool
    """Whether ballots were opened and counted."""
    ballots: int
    """Ballots in the ledger, replaced ones included."""
    voters: int
    """Distinct voters so far."""
    replaced: int
    """Ballots that a later one of the same voter replaced."""
    tally: Mapping[str, int] | None
    """Votes per choice, None before the close."""
    openings: CidText | None
    """Document that opens the ballots, None before the close and where tellers counted paper."""
    count: CidText | None
    """Tally of a vote on several options as the close published it, no tie broken; else None."""


@dataclass(frozen=True, slots=True)
class BallotView:
    """One ballot as the ledger shows it."""

    entry: int
    """Its entry."""
    motion: Slug
    """The motion."""
    voter: VoterId
    """Pseudonym for this decision."""
    choice: Hex32
    """Commitment to the choice."""
    cast_at: int
    """Time of signature claimed by the voter, seconds since the epoch."""
    nonce: int
    """Ballots of this voter before it."""


@dataclass(frozen=True, slots=True)
class DecisionView:
    """The outcome of a motion."""

    motion: Slug
    """The motion."""
    assembly: Slug
    """The assembly."""
    decision: Hex32
    """Id of the decision."""
    outcome: Literal["adopted", "rejected", "no_quorum"]
    """How it ends."""
    derivation: tuple[Mapping[str, JsonValue], ...]
    """Steps as the entry says them: ``rule``, ``article``, ``inputs``, ``verdict``."""
    chosen: tuple[Slug, ...]
    """Of several options, those chosen, in the order of their choice."""
    count: CidText | None
    """Tally of a vote on several options, ties broken; else None."""
    decided_at: Instant
    """When it was recorded."""
    entry: int
    """The entry that records it."""


@dataclass(frozen=True, slots=True)
class FrameworkView:
    """One adopted version of a valuation framework."""

    framework: Slug
    """Id shared by its versions."""
    version: int
    """1 for the first."""
    document: CidText
    """The document."""
    motion: Slug
    """Motion that carried it."""
    adopted_at: Instant
    """When it came into force."""
    entry: int
    """The entry that put it in force."""


@dataclass(frozen=True, slots=True)
class CommonsView:
    """A resource or solution that is valued."""

    commons: Slug
    """Id."""
    title: str
    """Title."""
    description: CidText
    """Document of the description."""
    registered_at: Instant
    """When it was put on the list."""
    entry: int
    """The entry that registered it."""


@dataclass(frozen=True, slots=True)
class ObservationView:
    """A measurement."""

    observation: Slug
    """Id."""
    commons: Slug
    """What was measured."""
    framework: Slug
    """Framework that defines the indicator."""
    indicator: Slug
    """The indicator."""
    value: str
    """Measured value, decimal text."""
    unit: str
    """Its unit."""
    period_from: str
    """First day measured, ``YYYY-MM-DD``."""
    period_to: str
    """Last day measured, ``YYYY-MM-DD``."""
    method: CidText
    """Document on how it was measured."""
    author: MemberId
    """Who recorded it."""
    recorded_at: Instant
    """When it was recorded."""
    entry: int
    """The entry that records it."""


@dataclass(frozen=True, slots=True)
class ValuationView:
    """The result for one commons under one framework version."""

    valuation: Slug
    """Id."""
    commons: Slug
    """What is valued."""
    framework: Slug
    """The framework."""
    version: int
    """Its version."""
    scores: tuple[Mapping[str, JsonValue], ...]
    """Scores as the entry says them: ``indicator``, ``observation``, ``score``."""
    result: tuple[str, str]
    """Weighted mean in lowest terms: numerator, denominator, decimal text."""
    rounded: str
    """The result rounded as the framework declares."""
    published_at: Instant
    """When it was published."""
    entry: int
    """The entry that publishes it."""


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry."""

    index: int
    """Its place."""
    act: str
    """Name of the act."""
    at: Instant
    """Server time."""
    by: str
    """Author: pseudonym or ``system``."""
    content: bytes
    """The canonical bytes, the leaf itself."""


@dataclass(frozen=True, slots=True)
class CoveringAnchors:
    """One anchored size, its checkpoint, and every chain that holds it."""

    size: TreeSize
    """Anchored size."""
    checkpoint: bytes
    """The signed checkpoint of that size."""
    anchors: tuple[tuple[Anchor, Evidence], ...]
    """An anchor and its evidence for each chain, by chain id; at least one."""


@dataclass(frozen=True, slots=True)
class AnchorView:
    """An anchor: recorded, on its way, or given up."""

    chain_id: int
    """EIP-155 chain id."""
    size: int
    """Anchored size."""
    root: bytes
    """Anchored root, 32 bytes."""
    state: StandingState
    """How it stands."""
    transaction_hash: bytes | None
    """Transaction, 32 bytes, None while no block includes it."""
    block_number: int | None
    """Block that includes it, with evidence kept; None while there is none."""
    block_hash: bytes | None
    """Hash of that block, 32 bytes, None while there is none."""
