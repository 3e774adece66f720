"""What reading shows: one frozen view per noun, and the port that answers with them.

Views are made from projections of the ledger; ids, instants and hashes keep the spelling of the entries.
``entry`` is always the index of the entry that brought the thing about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from anchoring.core.evidence import Evidence
from anchoring.core.merkle import NodeReader
from anchoring.core.types import Anchor, TreeSize
from backend.domain.acts import AddressHex, CidText, MemberClass, MemberId, Slug, VoterId
from backend.domain.commitments import Hex32
from backend.domain.instants import Instant
from backend.domain.sources import Elector, Sources
from backend.domain.state import State

JsonValue = str | int | bool | None | list["JsonValue"] | dict[str, "JsonValue"]
"""A value of a document or an entry, as JSON spells it."""

DEFAULT_PAGE = 100
"""Items of a page where the caller names no limit."""

MAX_PAGE = 1000
"""Most items of a page: bounds the memory of one request."""


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
    """Document of the rulebook."""
    rules: Hex32
    """SHA-256 of the rulebook."""
    diff: CidText
    """Document of the difference to the version before; empty for version 1."""
    motion: Slug
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
    """Natural person or organisation."""
    status: Literal["applied", "active", "resigned"]
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
    status: Literal["proposed", "convened", "closed", "adopted", "rejected", "no_quorum"]
    """Where it stands."""
    proposed_at: Instant
    """When it was proposed."""
    assembly: Slug | None
    """Assembly that has it on its agenda."""
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
    title: str
    """Title."""
    channel: Literal["remote", "room", "correspondence"]
    """How votes are cast."""
    convener: MemberId
    """Who called it."""
    convened_at: Instant
    """When it was called."""
    opens_at: Instant
    """First instant of voting."""
    closes_at: Instant
    """First instant after voting."""
    statutes: int
    """Version of the statutes that governs it."""
    rules: Hex32
    """SHA-256 of that version's rulebook."""
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
    tally: Mapping[str, int] | None
    """Votes per choice, None before the close."""
    openings: CidText | None
    """Document that opens the ballots, None before the close."""


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
class AnchorView:
    """An anchor, on its way or included."""

    chain_id: int
    """EIP-155 chain id."""
    size: int
    """Anchored size."""
    root: bytes
    """Anchored root, 32 bytes."""
    state: Literal["intent", "included"]
    """Whether a block includes it, with evidence kept."""
    transaction_hash: bytes | None
    """Transaction, 32 bytes, None for an intent."""
    block_number: int | None
    """Block that includes it, None for an intent."""
    block_hash: bytes | None
    """Hash of that block, 32 bytes, None for an intent."""


class Reads(Protocol):
    """Committed facts of every ledger of the server.

    Consistency: an answer is one committed moment; two answers may be of two moments, the later never
    older. Nothing is written and no write lock is taken. Unless said otherwise every method raises
    ``NotFoundError`` for an unknown organisation or name, and a page is at most ``limit`` items,
    1 to ``MAX_PAGE``, else ``InvalidInputError`` ``page.limit``. Lists are in ledger order and continue
    after the item whose ``entry`` is ``after``; members are in the order of their pseudonyms.
    """

    def organisations(self) -> tuple[OrganisationView, ...]:
        """Return every organisation, by slug; empty on a new server."""
        ...

    def organisation(self, slug: Slug) -> OrganisationView:
        """Return one organisation."""
        ...

    def statutes(self, slug: Slug) -> tuple[StatutesView, ...]:
        """Return every version, oldest first."""
        ...

    def members(
        self, slug: Slug, after: str = "", limit: int = DEFAULT_PAGE
    ) -> tuple[MemberView, ...]:
        """Return members and applicants whose pseudonym is greater than ``after``."""
        ...

    def member(self, slug: Slug, member: MemberId) -> MemberView:
        """Return one member or applicant."""
        ...

    def member_of_address(self, slug: Slug, address: bytes) -> MemberView:
        """Return the member or applicant whose key has this address (20 bytes)."""
        ...

    def motions(
        self, slug: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[MotionView, ...]:
        """Return motions."""
        ...

    def motion(self, slug: Slug, motion: Slug) -> MotionView:
        """Return one motion."""
        ...

    def assemblies(
        self, slug: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[AssemblyView, ...]:
        """Return assemblies."""
        ...

    def assembly(self, slug: Slug, assembly: Slug) -> AssemblyView:
        """Return one assembly."""
        ...

    def due_assemblies(self, slug: Slug, now: Instant) -> tuple[AssemblyView, ...]:
        """Return assemblies not yet closed whose ``closes_at`` is ``now`` or earlier."""
        ...

    def poll(self, slug: Slug, motion: Slug) -> PollView:
        """Return the vote on a motion; ``NotFoundError`` ``poll`` if it is on no agenda."""
        ...

    def ballots(
        self, slug: Slug, motion: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[BallotView, ...]:
        """Return the ballots on a motion."""
        ...

    def elector(self, slug: Slug, motion: Slug, member: MemberId) -> Elector:
        """Return a member's line of the roll; private: for that member only.

        Raises:
            NotFoundError: The motion is on no agenda, the member is no elector, or the roll was erased.
        """
        ...

    def decisions(
        self, slug: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[DecisionView, ...]:
        """Return decisions."""
        ...

    def decision(self, slug: Slug, motion: Slug) -> DecisionView:
        """Return the decision on a motion."""
        ...

    def frameworks(self, slug: Slug) -> tuple[FrameworkView, ...]:
        """Return every version of every framework."""
        ...

    def framework(self, slug: Slug, framework: Slug) -> FrameworkView:
        """Return the version of a framework in force."""
        ...

    def commons(
        self, slug: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[CommonsView, ...]:
        """Return the commons."""
        ...

    def commons_item(self, slug: Slug, commons: Slug) -> CommonsView:
        """Return one commons."""
        ...

    def observations(
        self, slug: Slug, commons: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[ObservationView, ...]:
        """Return the observations of a commons."""
        ...

    def valuations(
        self, slug: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[ValuationView, ...]:
        """Return valuations."""
        ...

    def valuation(self, slug: Slug, valuation: Slug) -> ValuationView:
        """Return one valuation."""
        ...

    def entries(self, slug: Slug, start: int, limit: int = DEFAULT_PAGE) -> tuple[EntryView, ...]:
        """Return entries from index ``start`` on; empty at or past the end."""
        ...

    def entry(self, slug: Slug, index: int) -> EntryView:
        """Return one entry."""
        ...

    def anchors(self, slug: Slug) -> tuple[AnchorView, ...]:
        """Return anchors and intents, by size, then chain id."""
        ...

    def checkpoint(self, slug: Slug) -> bytes:
        """Return the largest signed checkpoint; ``NotFoundError`` ``checkpoint`` before the first."""
        ...

    def checkpoint_at(self, slug: Slug, size: int) -> bytes:
        """Return the signed checkpoint of exactly ``size`` entries."""
        ...

    def covering_anchor(self, slug: Slug, index: int) -> tuple[Anchor, Evidence, bytes] | None:
        """Return the smallest recorded anchor that covers the entry, with its checkpoint.

        Returns:
            Anchor, evidence and the signed checkpoint of the anchored size; None while no anchor
            with a signed checkpoint is larger than ``index``.
        """
        ...

    def anchor_evidence(self, slug: Slug, chain_id: int, size: TreeSize) -> tuple[Anchor, Evidence]:
        """Return a recorded anchor and what proves it."""
        ...

    def node(self, slug: Slug) -> NodeReader:
        """Return a reader of the ledger's perfect nodes, for ``anchoring.core.merkle``.

        The reader raises ``NotFoundError`` ``node`` for a node that is not complete.
        """
        ...

    def state(self, slug: Slug) -> State:
        """Return the folded state of the committed ledger, for preparing what members sign."""
        ...

    def sources(self, slug: Slug) -> Sources:
        """Return documents and detached proofs; private: for the domain and for authorised auditors."""
        ...
