"""What commands wrote, told again whenever one is repeated."""

from typing import Final

import sqlalchemy
from sqlalchemy import Connection, bindparam

from anchoring.core.types import Head, RootHash, TreeSize
from backend.domain.acts import Slug
from backend.domain.errors import ConflictError
from backend.services.ports import Command, Recorded
from backend.storage.statements import Row, insert_rows
from backend.storage.tables import CommandRow, Table

_COMMANDS = Table.metadata.tables["command"]
_COMMAND: Final = sqlalchemy.select(
    _COMMANDS.c.body,
    _COMMANDS.c.first_index,
    _COMMANDS.c["count"],
    _COMMANDS.c.size,
    _COMMANDS.c.root,
).where(_COMMANDS.c.organisation == bindparam("ledger"), _COMMANDS.c.key == bindparam("sought"))


def recorded(connection: Connection, organisation: Slug, command: Command) -> Recorded | None:
    """Return what a command wrote, or None if it is new.

    Raises:
        ConflictError: ``command.reused``: the key was used with another body.
    """
    place = {"ledger": organisation, "sought": command.key}
    row = connection.execute(_COMMAND, place).one_or_none()
    if row is None:
        return None
    body, first, count, size, root = row
    if body != command.body:
        raise ConflictError("command.reused", expected=f"the request {body}", found=command.body)
    return Recorded(tuple(range(first, first + count)), Head(TreeSize(size), RootHash(root)))


def record(connection: Connection, organisation: Slug, command: Command, wrote: Recorded) -> None:
    """Write what a new command wrote."""
    row: Row = {
        "organisation": organisation,
        "key": command.key,
        "body": command.body,
        "first_index": wrote.indices[0],
        "count": len(wrote.indices),
        "size": wrote.head.size,
        "root": wrote.head.root,
    }
    insert_rows(connection, CommandRow, [row])
