"""What we cosigned for other logs, and how far our own witnesses have followed us."""

import hashlib
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, update

from anchoring.core.types import Head, RootHash, TreeSize
from backend.domain.acts import Slug
from backend.storage.database import Database
from backend.storage.witness_tables import CosignedSizeRow, WitnessedHeadRow


class SqlWitnessStore:
    """Implements ``WitnessStore`` over a database.

    The comparison is part of the statement that writes, so that it holds between processes too.

    Args:
        database: Where heads are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def head(self, origin: str) -> Head | None:
        """Return the head last cosigned for an origin, None before the first.

        Raises:
            UnavailableError: The database did not answer.
        """
        with self._database.reading() as session:
            row = session.get(WitnessedHeadRow, _origin_hash(origin))
        return None if row is None else Head(TreeSize(int(row.size)), RootHash(row.root))

    def advance(self, origin: str, *, seen: Head | None, head: Head, note: bytes) -> bool:
        """Put a head in the place of the one that was seen, unless that is no longer the stored one.

        Raises:
            UnavailableError: The database did not answer; the head may or may not be stored.
        """
        row = WitnessedHeadRow(
            origin_hash=_origin_hash(origin), size=str(head.size), root=head.root, note=note
        )
        return self._insert(row) if seen is None else self._replace(row, seen)

    def note(self, origin_hash: str) -> bytes | None:
        """Return the checkpoint last cosigned for a log, None before the first.

        Raises:
            UnavailableError: The database did not answer.
        """
        with self._database.reading() as session:
            row = session.get(WitnessedHeadRow, origin_hash)
        return None if row is None else row.note

    def _insert(self, row: WitnessedHeadRow) -> bool:
        try:
            with self._database.writing() as session:
                session.add(row)
        except IntegrityError:
            return False
        return True

    def _replace(self, row: WitnessedHeadRow, seen: Head) -> bool:
        statement = (
            update(WitnessedHeadRow)
            .where(
                col(WitnessedHeadRow.origin_hash) == row.origin_hash,
                col(WitnessedHeadRow.size) == str(seen.size),
                col(WitnessedHeadRow.root) == seen.root,
            )
            .values(size=row.size, root=row.root, note=row.note)
        )
        with self._database.writing() as session:
            return session.exec(statement).rowcount == 1


class SqlCosignedSizes:
    """Implements ``CosignedSizes`` over a database.

    Args:
        database: Where the ledgers are.
    """

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def size(self, organisation: Slug, witness: str) -> TreeSize:
        """Return the size a witness last cosigned, 0 before the first.

        Raises:
            UnavailableError: The database did not answer.
        """
        with self._database.reading() as session:
            row = session.get(CosignedSizeRow, (organisation, witness))
        return TreeSize(0 if row is None else row.size)

    def save(self, organisation: Slug, witness: str, size: TreeSize) -> None:
        """Remember the size a witness cosigned.

        Raises:
            UnavailableError: The database did not answer.
        """
        with self._database.writing() as session:
            session.merge(CosignedSizeRow(organisation=organisation, witness=witness, size=size))


def _origin_hash(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()
