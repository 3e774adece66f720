"""The ledgers of a server: units of work on them, and the queue of commands that wait for each."""

import threading
from functools import partial
from typing import Final

from sqlmodel import col, select

from anchoring.core.types import Head, TreeSize
from anchoring.ports import DocumentStore
from backend.domain.acts import Slug
from backend.services.ports import Command, Recorded, UnitOfWork, Work
from backend.storage.database import Database
from backend.storage.groups import Asked, CommandQueue
from backend.storage.ledger import Folds, head_of
from backend.storage.tables import LedgerRow
from backend.storage.unit_of_work import SqlUnitOfWork
from backend.storage.vault import Vault


class SqlLedgers:
    """Implements ``Ledgers`` over a database.

    Args:
        database: Migrated to the schema of this version.
        documents: Where documents are.
        vault: Seals personal data.
    """

    def __init__(self, database: Database, documents: DocumentStore, vault: Vault) -> None:
        self._database: Final = database
        self._documents: Final = documents
        self._vault: Final = vault
        self.folds: Final = Folds(database, documents)
        """Folded states, shared with the reads of this process."""
        self._locks: dict[Slug, threading.Lock] = {}
        self._queues: dict[Slug, CommandQueue] = {}
        self._guard: Final = threading.Lock()

    def unit(self, slug: Slug) -> SqlUnitOfWork:
        """Return a unit of work on an organisation's ledger."""
        return self._unit(slug, origin=None)

    def carry_out(self, slug: Slug, command: Command, work: Work) -> Recorded:
        """Carry a command out, together with those that wait for the same ledger (``groups``)."""
        with self._guard:
            queue = self._queues.get(slug)
            if queue is None:
                queue = CommandQueue(slug, partial(self._unit, slug, origin=None))
                self._queues[slug] = queue
        return queue.carry_out(Asked(command, work))

    def founding(self, slug: Slug, *, origin: str) -> UnitOfWork:
        """Return a unit of work that creates the organisation if it does not exist."""
        return self._unit(slug, origin=origin)

    def slugs(self) -> tuple[Slug, ...]:
        """Return the organisations, by slug."""
        query = select(LedgerRow.slug).order_by(col(LedgerRow.slug))
        with self._database.reading() as session:
            return tuple(session.exec(query))

    def scrub(self) -> None:
        """Make what was erased unreadable in the files of the database.

        Raises:
            UnavailableError: Readers of older pages did not finish in time.
        """
        self._database.truncate_log()

    def head(self, slug: Slug, size: TreeSize | None = None) -> Head:
        """Return the committed head, or the head at an earlier size.

        Raises:
            NotFoundError: No such organisation, or it never had that size.
        """
        with self._database.reading() as session:
            return head_of(session, slug, size)

    def _unit(self, slug: Slug, *, origin: str | None) -> SqlUnitOfWork:
        with self._guard:
            lock = self._locks.setdefault(slug, threading.Lock())
        return SqlUnitOfWork(
            slug,
            origin=origin,
            database=self._database,
            documents=self._documents,
            folds=self.folds,
            lock=lock,
            vault=self._vault,
        )
