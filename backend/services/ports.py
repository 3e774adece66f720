"""What the use cases need from storage; each docstring is the contract of the port."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from anchoring.core.types import Head, TreeSize
from anchoring.ports import Clock
from backend.domain.acts import CidText, MemberId, Slug
from backend.domain.commitments import Hex32
from backend.domain.contract_accounts import ContractSignature
from backend.domain.entry import Entry
from backend.domain.instants import Instant
from backend.domain.purposes import Answer
from backend.domain.sources import Elector, KeyOpening, SignatureOpening, Sources
from backend.domain.state import State
from backend.services.contract_accounts import Confirmation, ContractAccounts, Unconfirmed
from backend.services.duplicates import Candidate, IdentityIndex
from backend.services.identity import IdentityDigest, IdentityHashes


@dataclass(frozen=True, slots=True)
class Command:
    """What makes a request idempotent."""

    key: str
    """Chosen by the client, 1 to 200 printable ASCII characters, unique per organisation."""
    body: Hex32
    """SHA-256 of what was asked: the same key with another body is a conflict."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a command wrote, told again whenever the command is repeated."""

    indices: tuple[int, ...]
    """Indices of its entries, ascending and consecutive."""
    head: Head
    """Size and root of the ledger right after them."""


@dataclass(frozen=True, slots=True)
class ChoiceOpening:
    """A choice kept secret by the server until the close."""

    choice: str
    """The choice."""
    salt: bytes
    """32 bytes, salt of its commitment."""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """Facts an applicant declared; they never leave the private tables."""

    facts: Mapping[str, str]
    """Declared facts by name."""
    salt: bytes
    """32 bytes, salt of the ledger's commitment to them."""
    identity: tuple[IdentityDigest, ...]
    """Keyed hashes of what identifies the applicant, for finding duplicates."""
    address: bytes | None = None
    """Keyed hash of the declared e-mail address, 32 bytes, for logging in; None where none is declared."""
    consents: tuple[Answer, ...] = ()
    """What they answered when they declared them; kept after what they answered before."""


@dataclass(frozen=True, slots=True)
class FactsOpening:
    """What opens a commitment to facts about a person."""

    facts: Mapping[str, str]
    """Declared facts by name."""
    salt: bytes
    """32 bytes."""


class UnitOfWork(Protocol):
    """One write transaction on the ledger of one organisation.

    Isolation: from ``__enter__`` on, no one else can append to this ledger. Atomicity: entries,
    projections, detached proofs, the command and the outbox row become visible together at ``commit``,
    after they are on stable storage, or not at all. Leaving without ``commit`` undoes everything.
    """

    def __enter__(self) -> Self:
        """Begin; takes the ledger's write lock.

        Raises:
            NotFoundError: No such organisation (except when founding).
        """
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Undo what was not committed."""
        ...

    @property
    def state(self) -> State:
        """State after every entry, those appended in this unit included."""
        ...

    @property
    def sources(self) -> Sources:
        """Documents and detached proofs, those kept in this unit included."""
        ...

    def recorded(self, command: Command) -> Recorded | None:
        """Return what the same command wrote before, or None if it is new.

        Raises:
            ConflictError: ``command.reused``: the key was used with another body.
        """
        ...

    def append(self, entry: Entry, *, signatures: Sequence[SignatureOpening] = ()) -> int:
        """Check that ``entry`` is lawful, fold it into the state and return its index.

        Args:
            entry: The next entry.
            signatures: Openings of the commitments in its proof, in order.

        Raises:
            GovernanceError: The rule it breaks; nothing is written.
        """
        ...

    def confirm(self, confirmations: Sequence[Confirmation]) -> None:
        """Take down what chains said, in this request, of signatures of contract accounts."""
        ...

    def confirmed(self, asked: Unconfirmed) -> ContractSignature:
        """Return what is kept of a signature of a contract account.

        Raises:
            UnconfirmedError: No chain was asked yet.
            GovernanceError: The chain did not confirm it.
        """
        ...

    def keep_key(self, member: MemberId, opening: KeyOpening) -> None:
        """Keep what opens a commitment to a key of a member.

        Raises:
            ConflictError: ``key.in_use``: the key is kept already, as anybody's, in force or revoked.
            InvalidInputError: The salt is not 32 bytes.
        """
        ...

    def keep_person(self, member: MemberId, record: PersonRecord) -> None:
        """Keep the facts behind a member's pseudonym."""
        ...

    def keep_representative(self, member: MemberId, opening: FactsOpening) -> None:
        """Keep the facts of who acts for an organisation; those of whoever did before are destroyed."""

    def keep_persons(self, records: Mapping[MemberId, PersonRecord]) -> None:
        """Keep the facts behind many new pseudonyms, of whom nothing is kept yet."""
        ...

    def keep_roll(self, decision: Hex32, roll: Sequence[Elector]) -> None:
        """Keep the roll of a decision."""
        ...

    def elector(self, decision: Hex32, member: MemberId) -> Elector | None:
        """Return a member's line on the roll of a decision, None if there is none or the roll was erased."""
        ...

    def keep_choice(self, index: int, opening: ChoiceOpening) -> None:
        """Keep the opening of the ballot at ``index`` until the close."""
        ...

    def choices(self, indices: Collection[int]) -> Mapping[int, ChoiceOpening]:
        """Return the openings of ballots by index.

        Raises:
            NotFoundError: None is kept for one of those entries.
        """
        ...

    def erase_vote(self, decision: Hex32, ballots: Sequence[int]) -> None:
        """Destroy the roll of a decision, and signatures and choices of its ballots; harmless to repeat.

        Args:
            decision: The decision.
            ballots: Entries of its ballots.
        """
        ...

    @property
    def identities(self) -> IdentityIndex:
        """Who holds which identity hash, those kept in this unit included."""
        ...

    def keep_candidates(self, candidates: Sequence[Candidate], at: Instant) -> None:
        """Keep who may be one person; what was decided of candidates kept before stays.

        Args:
            candidates: The pairs.
            at: When they were found.
        """
        ...

    def same_identity(self, member: MemberId) -> tuple[MemberId, ...]:
        """Return the earlier records that may be this one's and were not decided to be someone else's."""
        ...

    def erase_person(self, member: MemberId) -> None:
        """Destroy what lies beside the ledger about someone, and mark them as erased.

        Gone are their facts, consents, keys and sessions, their lines on rolls, choices and signatures of
        theirs that are still kept, with the other signatures of the same entries, and every row of theirs
        in a table of personal data.

        Raises:
            NotFoundError: ``person.unknown``: nothing is kept about them.
        """
        ...

    def put_document(self, content: bytes) -> CidText:
        """Store a document durably and return its CID; harmless if the unit is undone."""
        ...

    def commit(self, command: Command) -> Recorded:
        """Make everything durable and visible, under the command's key.

        Raises:
            ConflictError: The command was recorded by someone else meanwhile.
        """
        ...


Work = Callable[[UnitOfWork], None]
"""What a command does in a unit: it appends, and neither commits nor keeps the unit.

It may be done again in another unit, after the first was undone, and counts as done in the last one.
"""


class Ledgers(Protocol):
    """The ledgers of a server."""

    def carry_out(self, slug: Slug, command: Command, work: Work) -> Recorded:
        """Carry a command out in a unit of work and commit it, unless that was done before.

        Commands that wait for the same ledger may share the transaction, so that one synchronisation of
        the disk serves them all. For each of them it is as if it were alone: it is checked against the
        state that those before it leave, what is refused takes nothing from the others, and nobody is
        told anything before it is on stable storage.

        Args:
            slug: The organisation.
            command: Key and body hash.
            work: What it does.

        Returns:
            What it wrote, now or earlier under the same key.

        Raises:
            NotFoundError: No such organisation.
            ConflictError: The key was used with another body.
            GovernanceError: What ``work`` raises; nothing of it is written then.
            UnavailableError: The ledger was held for too long, or the database did not take it.
        """
        ...

    def unit(self, slug: Slug) -> UnitOfWork:
        """Return a unit of work on an organisation's ledger."""
        ...

    def founding(self, slug: Slug, *, origin: str) -> UnitOfWork:
        """Return a unit of work that creates the organisation with its first entry.

        On enter: if the slug exists already, the unit is the same as ``unit(slug)``, so that a repeated
        founding command is told what it wrote and another one is refused by the rules.
        """
        ...

    def slugs(self) -> tuple[Slug, ...]:
        """Return the organisations, by slug."""
        ...

    def scrub(self) -> None:
        """Make what was erased unreadable in the files of the database, as far as it can.

        Durability: after it returns no file of the database holds what a committed unit erased. Backups and
        copies are the operator's.

        Raises:
            UnavailableError: Readers kept it from doing so; call it again.
        """
        ...

    def head(self, slug: Slug, size: TreeSize | None = None) -> Head:
        """Return the committed head, or the head at an earlier size.

        Raises:
            NotFoundError: No such organisation, or it never had that size.
        """
        ...


class Randomness(Protocol):
    """Source of salts and pseudonyms; cryptographically secure in production, fixed in tests."""

    def salt(self) -> bytes:
        """Return 32 fresh bytes."""
        ...

    def voter(self) -> str:
        """Return a fresh voter pseudonym."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a use case may touch."""

    ledgers: Ledgers
    """Ledgers and what lies beside them."""
    clock: Clock
    """Current time."""
    randomness: Randomness
    """Salts and pseudonyms."""
    contract_accounts: ContractAccounts
    """Contract accounts on the chains that this server can ask."""
    identities: IdentityHashes
    """Whoever holds the key of the identity hashes, apart from the database."""
