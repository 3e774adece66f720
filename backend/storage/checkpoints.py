"""Signed checkpoints, and which sizes still lack one."""

from typing import Final

from sqlmodel import col, delete, select

from anchoring.core.types import TreeSize
from backend.domain.acts import Slug
from backend.domain.errors import NotFoundError
from backend.storage.database import Database
from backend.storage.ledger import ledger_row
from backend.storage.tables import CheckpointRow, OutboxRow
from backend.storage.unit_of_work import CHECKPOINT
from backend.storage.witness_tables import HeldCheckpointRow


class SqlCheckpoints:
    """Checkpoints of every ledger of a server.

    Durability: ``save`` returns after the note is on stable storage. Idempotence: saving the same note
    again changes nothing; another note of the same size (more cosignatures) takes its place.

    Args:
        database: Where the ledgers are.
    """

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def save(self, organisation: Slug, size: TreeSize, note: bytes) -> None:
        """Store a signed checkpoint; smaller sizes that lacked one no longer need it.

        Raises:
            NotFoundError: No such organisation, or its ledger is smaller than that.
        """
        with self._database.writing() as session:
            if size > ledger_row(session, organisation).size:
                raise NotFoundError("size", str(size))
            session.merge(CheckpointRow(organisation=organisation, size=size, note=note))
            session.exec(
                delete(OutboxRow).where(
                    col(OutboxRow.organisation) == organisation,
                    col(OutboxRow.kind) == CHECKPOINT,
                    col(OutboxRow.size) <= size,
                )
            )
            held = session.get(HeldCheckpointRow, organisation)
            if held is not None and held.size <= size:
                session.delete(held)

    def hold(self, organisation: Slug, size: TreeSize, note: bytes) -> None:
        """Keep a signed checkpoint that no reader may see yet, in the place of an earlier one.

        Raises:
            NotFoundError: No such organisation, or its ledger is smaller than that.
        """
        with self._database.writing() as session:
            if size > ledger_row(session, organisation).size:
                raise NotFoundError("size", str(size))
            session.merge(HeldCheckpointRow(organisation=organisation, size=size, note=note))

    def held(self, organisation: Slug) -> bytes | None:
        """Return the checkpoint that is kept back, None if there is none.

        Raises:
            NotFoundError: No such organisation.
        """
        with self._database.reading() as session:
            ledger_row(session, organisation)
            row = session.get(HeldCheckpointRow, organisation)
        return None if row is None else row.note

    def pending(self, organisation: Slug) -> tuple[TreeSize, ...]:
        """Return the sizes for which a checkpoint is owed, ascending; signing the last settles all.

        Raises:
            NotFoundError: No such organisation.
        """
        query = (
            select(OutboxRow.size)
            .where(OutboxRow.organisation == organisation, OutboxRow.kind == CHECKPOINT)
            .order_by(col(OutboxRow.size))
        )
        with self._database.reading() as session:
            ledger_row(session, organisation)
            return tuple(map(TreeSize, session.exec(query)))
