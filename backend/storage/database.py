"""The database: how it is opened, and what a transaction on it means.

SQLite runs in write-ahead mode with full synchronisation, so that a commit survives the loss of power, and a
writing transaction takes the write lock when it begins, so that it never fails half-way for want of it. This
is the only module that knows which database it is.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, create_engine

from anchoring.core.errors import UnavailableError

BUSY_TIMEOUT_S: Final = 30
"""Seconds a writer waits for another one; commands take milliseconds, so this is a failure."""

POOL_SIZE: Final = 40
"""Connections kept at most, one per thread of the API server."""

_WRITING: Final = "psephos_writing"


class Database:
    """A database by its URL; safe to share between threads.

    Args:
        url: SQLAlchemy URL; for SQLite it must name a file.
    """

    def __init__(self, url: str) -> None:
        # Errors are logged, and what is bound to statements may be personal, or open something.
        self.engine: Final[Engine] = create_engine(
            url, pool_size=POOL_SIZE, max_overflow=0, hide_parameters=True
        )
        """The engine; its plain transactions are for reading."""
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        self._writing = self.engine.execution_options(**{_WRITING: True})

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session whose answers are of one committed moment; what it writes is lost.

        Raises:
            UnavailableError: The database did not answer.
        """
        with reachable(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that commits when the block ends well and undoes everything otherwise.

        Raises:
            UnavailableError: The database did not answer, or its write lock was not to be had.
        """
        with reachable(), self.session() as session, session.begin():
            session.connection()
            yield session

    @contextmanager
    def appending(self) -> Iterator[Connection]:
        """Give a connection whose transactions take the write lock when they begin.

        For a run of transactions by one writer, each as durable as one of ``writing`` and without
        the cost of a session: ``with connection.begin(): ...``.

        Raises:
            UnavailableError: The database did not answer, or its write lock was not to be had.
        """
        with reachable(), self.engine.connect() as connection:
            yield connection.execution_options(**{_WRITING: True})

    def session(self) -> Session:
        """Return a session that takes the write lock with its first statement."""
        return Session(self._writing, expire_on_commit=False)

    def overwrite_deleted(self, session: Session) -> None:
        """Have what a session deletes overwritten with zeros; PostgreSQL does so when it is vacuumed."""
        if self.engine.dialect.name == "sqlite":
            session.connection().exec_driver_sql("PRAGMA secure_delete = ON")

    def compact(self) -> None:
        """Write the whole file anew and empty the write-ahead log.

        Pages that were split keep copies of rows that are deleted later; writing them anew removes these.
        PostgreSQL does so when it is vacuumed.

        Raises:
            UnavailableError: Somebody else writes, or readers of older pages did not finish in time.
        """
        if self.engine.dialect.name == "sqlite":
            with reachable(), closing(self.engine.raw_connection()) as connection:
                connection.cursor().execute("VACUUM")
        self.truncate_log()

    def truncate_log(self) -> None:
        """Empty the write-ahead log, which may hold pages as they were before something was deleted.

        Raises:
            UnavailableError: Readers of older pages did not finish in time.
        """
        if self.engine.dialect.name != "sqlite":
            return
        with reachable(), closing(self.engine.raw_connection()) as connection:
            # Within a transaction the log cannot be emptied, so this is none.
            cursor = connection.cursor()
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.close()
        if busy:
            raise UnavailableError("database", "its log is being read and cannot be emptied")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def reachable() -> Iterator[None]:
    """Turn failures of the database itself into ``UnavailableError``."""
    try:
        yield
    except OperationalError as error:
        raise UnavailableError("database", str(error.orig)) from error


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes too late and is never IMMEDIATE: _begin_sqlite replaces it.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
