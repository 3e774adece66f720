"""The ledger in its tables: gapless append, tree nodes, and the fold kept in memory.

L1 an entry's index is the size before it, under the ledger's write lock. L2 with every entry go the perfect
nodes it completes, so that any root or proof reads O(log n) rows. L3 the state in memory is only ever one
that was committed; other processes' entries are folded in before it is used.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy
from sqlalchemy import Connection, bindparam
from sqlmodel import Session, col, select

from anchoring.core.merkle import CompactRange, leaf_hash, root_at
from anchoring.core.types import Head, RootHash, TreeSize
from anchoring.ports import DocumentStore
from backend.domain.acts import Slug
from backend.domain.entry import Entry
from backend.domain.errors import NotFoundError
from backend.domain.fold import evolve
from backend.domain.sources import Sources
from backend.domain.state import State
from backend.storage.database import Database
from backend.storage.private import SqlSources
from backend.storage.statements import Row, insert_rows, update_row
from backend.storage.tables import EntryRow, LedgerRow, NodeRow, Table

BATCH: Final = 1000
"""Entries read at a time when a ledger is folded: bounds memory."""

_NODES = Table.metadata.tables["ledger_node"]
_NODE_HASH: Final = sqlalchemy.select(_NODES.c.hash).where(
    _NODES.c.organisation == bindparam("ledger"),
    _NODES.c.level == bindparam("node_level"),
    _NODES.c.index == bindparam("node_index"),
)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """What the table of entries keeps of one entry."""

    act: str
    """Name of the act."""
    at: str
    """Instant of the act."""
    by: str
    """Author."""
    content: bytes
    """Canonical bytes: the leaf."""

    @classmethod
    def of(cls, entry: Entry) -> "StoredEntry":
        """Return what is kept of an entry."""
        return cls(entry.data.act, entry.at, entry.by, entry.to_bytes())


class SqlNodes:
    """Reader of a ledger's perfect nodes, see ``anchoring.core.merkle.NodeReader``.

    Args:
        session: Session of every question.
        organisation: The ledger.
    """

    def __init__(self, session: Session, organisation: Slug) -> None:
        self._session = session
        self._organisation = organisation

    def __call__(self, level: int, index: int) -> bytes:
        """Return the hash of the perfect node, 32 bytes.

        Raises:
            NotFoundError: No entry completed that node yet.
        """
        place = {"ledger": self._organisation, "node_level": level, "node_index": index}
        value: bytes | None = self._session.connection().scalar(_NODE_HASH, place)
        if value is None:
            raise NotFoundError("node", f"{level}/{index}")
        return value


def append_entries(
    connection: Connection,
    organisation: Slug,
    tree: CompactRange,
    entries: Sequence[StoredEntry],
) -> CompactRange:
    """Write entries and the nodes they complete; ``move_head`` must follow before the commit.

    Args:
        connection: In the transaction of the append, which holds the ledger's write lock.
        organisation: The ledger.
        tree: The tree before them, as that transaction sees it.
        entries: One or more entries, in order.

    Returns:
        The tree after them.
    """
    rows: list[Row] = []
    nodes: list[Row] = []
    for entry in entries:
        rows.append(
            {
                "organisation": organisation,
                "index": tree.size,
                "act": entry.act,
                "at": entry.at,
                "by": entry.by,
                "content": entry.content,
            }
        )
        tree, completed = tree.append(leaf_hash(entry.content))
        nodes += (
            {"organisation": organisation, "level": level, "index": index, "hash": value}
            for level, index, value in completed
        )
    insert_rows(connection, EntryRow, rows)
    insert_rows(connection, NodeRow, nodes)
    return tree


def move_head(connection: Connection, organisation: Slug, head: Head) -> None:
    """Write the head of a ledger, in the transaction that appended up to it."""
    moved: Row = {"size": head.size, "root": head.root}
    update_row(connection, LedgerRow, key={"slug": organisation}, values=moved)


def head_of(session: Session, organisation: Slug, size: TreeSize | None = None) -> Head:
    """Return the head of a ledger, or the one at an earlier size.

    Raises:
        NotFoundError: No such organisation, or it never had that size.
    """
    row = ledger_row(session, organisation)
    if size is None or size == row.size:
        return Head(TreeSize(row.size), RootHash(row.root))
    if not 0 <= size <= row.size:
        raise NotFoundError("size", str(size))
    return Head(size, root_at(size, SqlNodes(session, organisation)))


def ledger_row(session: Session, organisation: Slug) -> LedgerRow:
    """Return the row of a ledger.

    Raises:
        NotFoundError: No such organisation.
    """
    row = session.get(LedgerRow, organisation)
    if row is None:
        raise NotFoundError("organisation", organisation)
    return row


def stored_entries(session: Session, organisation: Slug, start: int, end: int) -> Iterator[Entry]:
    """Yield the entries ``start`` to ``end - 1``.

    Raises:
        NotFoundError: One of them is missing.
        InvalidInputError: The bytes of one are no entry: the database was tampered with.
    """
    expected = start
    while expected < end:
        query = (
            select(EntryRow.content)
            .where(
                EntryRow.organisation == organisation,
                EntryRow.index >= expected,
                EntryRow.index < min(end, expected + BATCH),
            )
            .order_by(col(EntryRow.index))
        )
        contents = session.exec(query).all()
        if len(contents) != min(end, expected + BATCH) - expected:
            raise NotFoundError("entry", f"{expected} to {min(end, expected + BATCH) - 1}")
        yield from map(Entry.from_bytes, contents)
        expected += len(contents)


class Folds:
    """Folded states of the ledgers of one process, each as of a committed size (L3).

    Args:
        database: Where the ledgers are.
        documents: Where rulebooks and frameworks are.
    """

    def __init__(self, database: Database, documents: DocumentStore) -> None:
        self._database = database
        self._documents = documents
        self._states: dict[Slug, State] = {}
        self._lock = threading.Lock()

    def committed(self, organisation: Slug) -> State:
        """Return the state of the committed ledger.

        Raises:
            NotFoundError: No such organisation.
        """
        held = self._states.get(organisation, State())
        with self._database.reading() as session:
            state = self._caught_up(session, organisation, held)
        with self._lock:
            if state.size > self._states.get(organisation, State()).size:
                self._states[organisation] = state
        return state

    def locked(self, session: Session, organisation: Slug) -> State:
        """Return the state at the head, seen by a session that holds the ledger's write lock.

        Raises:
            NotFoundError: No such organisation.
        """
        return self._caught_up(session, organisation, self._states.get(organisation, State()))

    def committed_now(self, organisation: Slug, state: State) -> None:
        """Keep a state that was just committed, by the holder of the write lock."""
        with self._lock:
            self._states[organisation] = state

    def sources(self, organisation: Slug) -> Sources:
        """Return documents and committed detached proofs."""
        return SqlSources(organisation, self._documents, self._database.reading)

    def _caught_up(self, session: Session, organisation: Slug, held: State) -> State:
        size = ledger_row(session, organisation).size
        # A smaller database than the one folded is a restored backup: nothing held is of it.
        state = held if held.size <= size else State()
        sources = self.sources(organisation)
        for entry in stored_entries(session, organisation, state.size, size):
            state = evolve(state, entry, sources)
        return state
