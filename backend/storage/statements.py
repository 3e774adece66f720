"""Statements that are executed often: compiled once for a dialect, handed to the driver as they are.

SQLAlchemy's own way from a row object to the driver takes several times as long as the row itself.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, Dialect, bindparam, insert, update
from sqlalchemy.sql.dml import UpdateBase

from backend.domain.errors import NotFoundError
from backend.storage.tables import Table

MAX_STATEMENTS: Final = 256
"""Compiled statements kept: a process has one or two dialects and fewer than a hundred tables."""

Row = Mapping[str, object]
"""Values of one row by column name."""


def insert_rows(connection: Connection, table: type[Table], rows: Sequence[Row]) -> None:
    """Insert rows, in one call of the driver; without rows nothing is asked of it.

    Args:
        connection: In a writing transaction.
        table: Their table.
        rows: Every column of each, defaults included.
    """
    if rows:
        _insertion(connection.dialect, str(table.__tablename__)).execute(connection, rows)


def update_row(connection: Connection, table: type[Table], *, key: Row, values: Row) -> None:
    """Change columns of the row with a key.

    Args:
        connection: In a writing transaction.
        table: Its table.
        key: The columns that find it.
        values: The columns that change, none of them in the key.

    Raises:
        NotFoundError: There is no such row.
    """
    name = str(table.__tablename__)
    statement = _change(connection.dialect, name, tuple(key), tuple(values))
    row = {**values, **{_sought(each): key[each] for each in key}}
    if statement.execute(connection, [row]) != 1:
        raise NotFoundError(name, "/".join(map(str, key.values())))


class _Statement:
    """A statement compiled for a dialect.

    Args:
        statement: The statement.
        names: Names of its parameters.
        dialect: Dialect of the connections.
    """

    def __init__(self, statement: UpdateBase, names: Sequence[str], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        self._text: Final = str(compiled)
        # None where the driver takes parameters by name.
        self._order: Final = compiled.positiontup

    def execute(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Execute it for every row, in one call of the driver; returns how many rows it wrote."""
        order = self._order
        if order is None:
            result = connection.exec_driver_sql(self._text, [dict(row) for row in rows])
        else:
            ordered = [tuple(row[name] for name in order) for row in rows]
            result = connection.exec_driver_sql(self._text, ordered)
        return result.rowcount


@lru_cache(maxsize=MAX_STATEMENTS)
def _insertion(dialect: Dialect, table: str) -> _Statement:
    target = Table.metadata.tables[table]
    return _Statement(insert(target), target.columns.keys(), dialect)


@lru_cache(maxsize=MAX_STATEMENTS)
def _change(
    dialect: Dialect, table: str, key: tuple[str, ...], values: tuple[str, ...]
) -> _Statement:
    target = Table.metadata.tables[table]
    found = [target.c[name] == bindparam(_sought(name)) for name in key]
    return _Statement(
        update(target).where(*found), [*values, *(_sought(name) for name in key)], dialect
    )


def _sought(column: str) -> str:
    """Return the name of the parameter that a key column is compared with."""
    return f"sought_{column}"
