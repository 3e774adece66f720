"""Keys and values of the embedded chain in one SQLite file, one transaction per block.

Durability: WAL with ``synchronous=FULL``, so a block is on stable storage when its transaction
commits, and a killed process leaves a whole number of blocks. Exclusion: the file stays locked
while it is open, because two processes that mine on one head would fork the chain.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from eth.db.backends.base import BaseDB

from anchoring.core.errors import RejectedError, UnavailableError

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS node (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID
"""
"""The one table: py-evm's keys (trie nodes, headers, lookups) and their values."""


class SqliteStore(BaseDB):
    """Key-value store that py-evm reads and writes; not thread-safe, its owner holds a lock.

    Args:
        path: The SQLite file; created if missing.

    Raises:
        UnavailableError: The file cannot be opened, or another process holds it.
    """

    def __init__(self, path: Path) -> None:
        self._name = f"chain file {path.name}"
        try:
            self._connection = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=0
            )
            self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute(SCHEMA)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise UnavailableError(self._name, str(error)) from error

    @contextmanager
    def block(self) -> Iterator[None]:
        """Make every write inside one durable transaction; an exception leaves no write behind.

        Raises:
            UnavailableError: The disk refused the transaction; nothing was written.
        """
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise UnavailableError(self._name, str(error)) from error
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file and release its lock."""
        self._connection.close()

    def __getitem__(self, key: bytes) -> bytes:
        row = self._connection.execute("SELECT value FROM node WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        value: bytes = row[0]
        return value

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._require_block()
        self._connection.execute("INSERT OR REPLACE INTO node VALUES (?, ?)", (key, value))

    def __delitem__(self, key: bytes) -> None:
        self._require_block()
        cursor = self._connection.execute("DELETE FROM node WHERE key = ?", (key,))
        if cursor.rowcount == 0:
            raise KeyError(key)

    def _exists(self, key: bytes) -> bool:
        row = self._connection.execute("SELECT 1 FROM node WHERE key = ?", (key,)).fetchone()
        return row is not None

    def _require_block(self) -> None:
        if not self._connection.in_transaction:
            raise RejectedError(self._name, "write outside a block")
