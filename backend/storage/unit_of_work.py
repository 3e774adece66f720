"""The unit of work: one write transaction on one ledger."""

import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from types import TracebackType
from typing import Final, Self

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from anchoring.core.errors import UnavailableError
from anchoring.core.merkle import EMPTY_ROOT, CompactRange
from anchoring.core.types import Head, TreeSize
from anchoring.ports import DocumentStore
from backend.domain.acts import CidText, MemberId, OrganisationFounded, Slug
from backend.domain.commitments import Hex32
from backend.domain.contract_accounts import ContractSignature
from backend.domain.entry import Entry
from backend.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    RuleViolation,
)
from backend.domain.fold import evolve
from backend.domain.instants import Instant
from backend.domain.lawfulness import check
from backend.domain.signing import SIGNATURE_RULE
from backend.domain.sources import Elector, KeyOpening, SignatureOpening, Sources
from backend.domain.state import State
from backend.services.contract_accounts import Confirmation, Unconfirmed
from backend.services.duplicates import Candidate, IdentityIndex
from backend.services.ports import ChoiceOpening, Command, FactsOpening, PersonRecord, Recorded
from backend.storage import commands, identities, private
from backend.storage.database import BUSY_TIMEOUT_S, Database, reachable
from backend.storage.erasure import erase_person
from backend.storage.ledger import (
    Folds,
    SqlNodes,
    StoredEntry,
    append_entries,
    move_head,
)
from backend.storage.login import add_addresses, keep_address
from backend.storage.persons import SealedPersons
from backend.storage.private import HeldSources
from backend.storage.projections import project
from backend.storage.rolls import keep_roll
from backend.storage.statements import Row, insert_rows
from backend.storage.tables import LedgerRow, OutboxRow
from backend.storage.vault import Vault

CHECKPOINT: Final = "checkpoint"
"""Kind of outbox row: a signed checkpoint is owed for the size."""


class SqlUnitOfWork:
    """Implements ``UnitOfWork``: everything is written inside one transaction from the beginning.

    Writers of one process queue at ``lock``, those of several at the database's write lock.

    Args:
        slug: The organisation.
        origin: Origin of the ledger to create where none exists, None to demand one that does.
        database: Where the ledger is.
        documents: Where documents are.
        folds: States of this process.
        lock: Held by the one unit of this process that writes to this ledger.
        vault: Seals personal data, and marks who is erased.
    """

    def __init__(
        self,
        slug: Slug,
        *,
        origin: str | None,
        database: Database,
        documents: DocumentStore,
        folds: Folds,
        lock: threading.Lock,
        vault: Vault,
    ) -> None:
        self._slug: Final = slug
        self._origin: Final = origin
        self._database: Final = database
        self._documents: Final = documents
        self._folds: Final = folds
        self._lock: Final = lock
        self._persons: Final = SealedPersons(vault)
        self._vault: Final = vault
        self._resources: ExitStack | None = None

    def __enter__(self) -> Self:
        """Begin; takes the ledger's write lock.

        Raises:
            NotFoundError: No such organisation, and none is being founded.
            ConflictError: Another ledger has this origin.
            UnavailableError: The lock was not to be had in time, or the database did not answer.
        """
        if not self._lock.acquire(timeout=BUSY_TIMEOUT_S):
            lock = f"write lock of {self._slug}"
            raise UnavailableError(lock, f"held for {BUSY_TIMEOUT_S} s")
        with ExitStack() as resources:
            resources.callback(self._lock.release)
            self._session: Session = resources.enter_context(self._database.session())
            with reachable():
                self._row = self._locked_row()
                self._state = self._folds.locked(self._session, self._slug)
                size = TreeSize(self._row.size)
                nodes = SqlNodes(self._session, self._slug)
                self._tree = CompactRange.from_nodes(size, nodes)
            self._first = int(size)
            self._open = True
            self._touched = False
            self._fresh: set[str] = set()
            self._sources = HeldSources(self._slug, self._documents, self._session)
            self._resources = resources.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Undo what was not committed and release the lock."""
        self._open = False
        if self._resources is not None:
            self._resources.close()
            self._resources = None

    @property
    def state(self) -> State:
        """State after every entry, those appended in this unit included."""
        return self._state

    @property
    def sources(self) -> Sources:
        """Documents and detached proofs, those kept in this unit included."""
        return self._sources

    def recorded(self, command: Command) -> Recorded | None:
        """Return what the same command wrote before, or None if it is new.

        Raises:
            ConflictError: ``command.reused``: the key was used with another body.
        """
        with reachable():
            earlier = commands.recorded(self._session.connection(), self._slug, command)
        if earlier is None:
            self._fresh.add(command.key)
        return earlier

    def append(self, entry: Entry, *, signatures: Sequence[SignatureOpening] = ()) -> int:
        """Check that ``entry`` is lawful, fold it into the state and return its index.

        Raises:
            GovernanceError: The rule it breaks; nothing is written.
            InvalidInputError: Its values are outside the format, or it founds another ledger.
        """
        self._require_open()
        index = self._state.size
        # What is checked is what readers will decode, not what the caller holds in memory.
        decoded = Entry.from_bytes(entry.to_bytes())
        self._check_ledger(decoded)
        self._check_openings(decoded, signatures)
        self._sources.stage(index, tuple(signatures))
        redacted = check(self._state, decoded, self._sources)
        if redacted:
            raise RuleViolation(
                "proof.missing",
                SIGNATURE_RULE,
                expected="every proof that the rules need",
                found=f"{redacted} missing",
            )
        state = evolve(self._state, decoded, self._sources)
        # From here on a failure leaves a transaction that must not be committed.
        self._open, self._touched = False, True
        with reachable():
            tree = append_entries(
                self._session.connection(), self._slug, self._tree, [StoredEntry.of(decoded)]
            )
            private.keep_signatures(self._session, self._slug, index, signatures)
            project(self._session, self._slug, index, decoded, state)
        self._state, self._tree, self._open = state, tree, True
        return index

    def confirm(self, confirmations: Sequence[Confirmation]) -> None:
        """Take down what chains said, in this request, of signatures of contract accounts."""
        self._sources.confirm(confirmations)

    def confirmed(self, asked: Unconfirmed) -> ContractSignature:
        """Return what is kept of a signature of a contract account.

        Raises:
            UnconfirmedError: No chain was asked yet.
            GovernanceError: The chain did not confirm it.
        """
        return self._sources.confirmed(asked)

    def keep_key(self, member: MemberId, opening: KeyOpening) -> None:
        """Keep what opens a commitment to a key of a member.

        Raises:
            ConflictError: ``key.in_use``: the key is kept already.
            InvalidInputError: The salt is not 32 bytes.
        """
        self._begin_writing()
        commitment = private.keep_key(self._session, self._slug, member, opening)
        self._sources.forget_key(commitment)

    def keep_person(self, member: MemberId, record: PersonRecord) -> None:
        """Keep the facts behind a member's pseudonym."""
        self._begin_writing()
        # What was declared before, sealed or not, is not left in the file.
        self._database.overwrite_deleted(self._session)
        self._persons.keep(self._session, self._slug, member, record)
        identities.keep_digests(self._session, self._slug, member, record.identity)
        keep_address(self._session, self._slug, member, record.address)

    def keep_persons(self, records: Mapping[MemberId, PersonRecord]) -> None:
        """Keep the facts behind many new pseudonyms, of whom nothing is kept yet."""
        self._begin_writing()
        self._persons.add(self._session, self._slug, records)
        addresses = {member: record.address for member, record in records.items()}
        add_addresses(self._session, self._slug, addresses)
        digests = {member: record.identity for member, record in records.items()}
        identities.add_digests(self._session, self._slug, digests)

    def keep_representative(self, member: MemberId, opening: FactsOpening) -> None:
        """Keep the facts of who acts for an organisation; those of whoever did before are gone."""
        self._begin_writing()
        self._database.overwrite_deleted(self._session)
        self._persons.keep_representative(self._session, self._slug, member, opening)

    def keep_roll(self, decision: Hex32, roll: Sequence[Elector]) -> None:
        """Keep the roll of a decision."""
        self._begin_writing()
        keep_roll(self._session, self._slug, decision, roll)
        self._sources.forget_roll(decision)

    def elector(self, decision: Hex32, member: MemberId) -> Elector | None:
        """Return a member's line on the roll of a decision, None if there is none."""
        roll = self._sources.roll(decision)
        return None if roll is None else roll.of_member(member)

    def keep_choice(self, index: int, opening: ChoiceOpening) -> None:
        """Keep the opening of the ballot at ``index`` until the close."""
        self._begin_writing()
        private.keep_choice(self._session, self._slug, index, opening)

    def choices(self, indices: Collection[int]) -> Mapping[int, ChoiceOpening]:
        """Return the openings of ballots by index.

        Raises:
            NotFoundError: None is kept for one of those entries.
        """
        return private.choices(self._session, self._slug, indices)

    def erase_vote(self, decision: Hex32, ballots: Sequence[int]) -> None:
        """Destroy the roll of a decision, and signatures and choices of its ballots."""
        self._begin_writing()
        self._database.overwrite_deleted(self._session)
        private.erase_vote(self._session, self._slug, decision, ballots)
        self._sources.forget_roll(decision)

    @property
    def identities(self) -> IdentityIndex:
        """Who holds which identity hash, those kept in this unit included."""
        return identities.SqlIdentityIndex(
            self._slug, lambda: nullcontext(self._session), self._persons
        )

    def keep_candidates(self, candidates: Sequence[Candidate], at: Instant) -> None:
        """Keep who may be one person; what was decided of candidates kept before stays."""
        self._begin_writing()
        identities.keep_candidates(self._session, self._slug, candidates, at)

    def same_identity(self, member: MemberId) -> tuple[MemberId, ...]:
        """Return the earlier records that may be this one's and were not decided to be someone else's."""
        return identities.same_identity(self._session, self._slug, member)

    def erase_person(self, member: MemberId) -> None:
        """Destroy what lies beside the ledger about someone, and mark them as erased.

        Raises:
            NotFoundError: ``person.unknown``: nothing is kept about them.
        """
        self._begin_writing()
        self._database.overwrite_deleted(self._session)
        erase_person(self._session, self._slug, member, self._vault)
        self._sources = HeldSources(self._slug, self._documents, self._session)

    def put_document(self, content: bytes) -> CidText:
        """Store a document durably and return its CID; harmless if the unit is undone."""
        return self._documents.put(content)

    def commit(self, command: Command) -> Recorded:
        """Make everything durable and visible, under the command's key.

        Raises:
            ConflictError: ``command.reused``: the key is recorded already.
            InvalidInputError: ``command.empty``: no entry was appended, so there is nothing to tell.
            UnavailableError: The database did not take it; nothing was written.
        """
        recorded = self.record(command)
        self.make_durable()
        return recorded

    @property
    def touched(self) -> bool:
        """Whether something was written since the last command was recorded, or may have been."""
        return self._touched

    def record(self, command: Command) -> Recorded:
        """Write under a command's key what was appended since the last one; ``make_durable`` must follow.

        Raises:
            ConflictError: ``command.reused``: the key is recorded already.
            InvalidInputError: ``command.empty``: no entry was appended, so there is nothing to tell.
            UnavailableError: The database did not take it.
        """
        self._require_open()
        first, size = self._first, self._state.size
        if size == first:
            raise InvalidInputError("command.empty", expected="an entry", found="none")
        wrote = Recorded(tuple(range(first, size)), Head(TreeSize(size), self._tree.root()))
        # Nobody else can have written under a key that was found to be new.
        if command.key not in self._fresh and self.recorded(command) is not None:
            raise ConflictError("command.reused", expected="a new key", found=command.key)
        with reachable():
            commands.record(self._session.connection(), self._slug, command, wrote)
        self._fresh.discard(command.key)
        self._first, self._touched = size, False
        return wrote

    def make_durable(self) -> None:
        """Commit every command that was recorded, and owe a checkpoint of the last one's head.

        Raises:
            UnavailableError: The database did not take it; nothing was written.
        """
        self._require_open()
        head = Head(TreeSize(self._state.size), self._tree.root())
        with reachable():
            connection = self._session.connection()
            move_head(connection, self._slug, head)
            owed: Row = {"organisation": self._slug, "kind": CHECKPOINT, "size": head.size}
            insert_rows(connection, OutboxRow, [owed])
            self._open = False
            self._session.commit()
        self._folds.committed_now(self._slug, self._state)

    def _locked_row(self) -> LedgerRow:
        query = select(LedgerRow).where(LedgerRow.slug == self._slug).with_for_update()
        row = self._session.exec(query).one_or_none()
        if row is not None:
            return row
        if self._origin is None:
            raise NotFoundError("organisation", self._slug)
        row = LedgerRow(slug=self._slug, origin=self._origin, size=0, root=EMPTY_ROOT)
        self._session.add(row)
        try:
            self._session.flush()
        except IntegrityError as error:
            raise ConflictError(
                "organisation.origin", expected="an origin of its own", found=self._origin
            ) from error
        return row

    def _begin_writing(self) -> None:
        self._require_open()
        self._touched = True

    def _require_open(self) -> None:
        if not self._open:
            raise InvalidInputError("unit.closed", expected="an open unit", found="a closed one")

    def _check_ledger(self, entry: Entry) -> None:
        """Refuse a founding that is meant for another ledger: its signatures would not hold here."""
        if not isinstance(entry.data, OrganisationFounded):
            return
        found = (entry.data.slug, entry.data.origin)
        if found != (self._slug, self._row.origin):
            raise InvalidInputError(
                "organisation.origin",
                expected=f"{self._slug} at {self._row.origin}",
                found=f"{found[0]} at {found[1]}",
            )

    def _check_openings(self, entry: Entry, signatures: Sequence[SignatureOpening]) -> None:
        """Refuse openings that no commitment of the entry asks for: they would be kept unverified."""
        if len(signatures) > len(entry.proof.signatures):
            raise InvalidInputError(
                "signature.uncommitted",
                expected=f"{len(entry.proof.signatures)} openings",
                found=str(len(signatures)),
            )
