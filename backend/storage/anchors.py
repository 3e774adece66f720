"""What the anchorer reads and remembers: heads of a ledger, intents and proven anchors."""

from typing import Final

import msgspec
from sqlmodel import Session, func, select

from anchoring.core.errors import RejectedError
from anchoring.core.evidence import Evidence
from anchoring.core.lifecycle import AnchorIntent
from anchoring.core.types import (
    Address,
    Anchor,
    BlockHash,
    BlockNumber,
    ChainId,
    Head,
    RootHash,
    TransactionHash,
    TreeSize,
)
from backend.domain.acts import Slug
from backend.storage.database import Database
from backend.storage.ledger import head_of
from backend.storage.tables import AnchorIntentRow, AnchorRow

_EVIDENCE: Final = msgspec.msgpack.Decoder(Evidence)


class SqlLedgerHeads:
    """Implements ``LedgerHeads`` for one ledger.

    Args:
        database: Where the ledger is.
        organisation: The ledger.
    """

    def __init__(self, database: Database, organisation: Slug) -> None:
        self._database: Final = database
        self._organisation: Final = organisation

    def head(self) -> Head:
        """Return the committed head.

        Raises:
            NotFoundError: No such organisation.
        """
        with self._database.reading() as session:
            return head_of(session, self._organisation)

    def root_at(self, size: TreeSize) -> RootHash:
        """Return the root of the first ``size`` entries.

        Raises:
            NotFoundError: No such organisation, or it never had that size.
        """
        with self._database.reading() as session:
            return head_of(session, self._organisation, size).root


class SqlAnchorJournal:
    """Implements ``AnchorJournal`` for one ledger on one chain.

    Args:
        database: Where the ledger is.
        organisation: The ledger.
        chain_id: The chain.
    """

    def __init__(self, database: Database, organisation: Slug, chain_id: ChainId) -> None:
        self._database: Final = database
        self._place: Final = (organisation, chain_id)

    def intent(self) -> AnchorIntent | None:
        """Return the stored intent that nothing has settled, None if there is none."""
        with self._database.reading() as session:
            return self._stored(session)

    def save_intent(self, intent: AnchorIntent) -> None:
        """Store the intent.

        Raises:
            RejectedError: A different intent is stored.
        """
        organisation, chain_id = self._place
        with self._database.writing() as session:
            stored = self._stored(session)
            if stored is not None and stored != intent:
                what = f"anchor journal of {organisation}"
                raise RejectedError(what, f"an intent of size {stored.head.size} is stored")
            session.merge(
                AnchorIntentRow(
                    organisation=organisation,
                    chain_id=chain_id,
                    size=intent.head.size,
                    root=intent.head.root,
                    signed_transaction=intent.signed_transaction,
                )
            )

    def drop_intent(self, intent: AnchorIntent) -> None:
        """Forget an intent whose bytes can never be included; another stored intent is kept."""
        with self._database.writing() as session:
            row = session.get(AnchorIntentRow, self._place)
            if row is not None and _intent(row) == intent:
                session.delete(row)

    def record(self, anchor: Anchor, evidence: Evidence) -> None:
        """Store a proven anchor, and forget the intent if its size is not greater.

        Raises:
            RejectedError: The anchor is of another chain.
        """
        organisation, chain_id = self._place
        if anchor.chain_id != chain_id:
            what = f"anchor journal of {organisation} on chain {chain_id}"
            raise RejectedError(what, f"an anchor of chain {anchor.chain_id}")
        with self._database.writing() as session:
            session.merge(
                AnchorRow(
                    organisation=organisation,
                    chain_id=chain_id,
                    size=anchor.head.size,
                    root=anchor.head.root,
                    contract=anchor.contract,
                    publisher=anchor.publisher,
                    transaction_hash=anchor.transaction_hash,
                    block_number=anchor.block_number,
                    block_hash=anchor.block_hash,
                    evidence=msgspec.msgpack.encode(evidence),
                )
            )
            row = session.get(AnchorIntentRow, self._place)
            if row is not None and row.size <= anchor.head.size:
                session.delete(row)

    def recorded_size(self) -> TreeSize:
        """Return the greatest recorded size, 0 if there is none."""
        organisation, chain_id = self._place
        query = select(func.max(AnchorRow.size)).where(
            AnchorRow.organisation == organisation, AnchorRow.chain_id == chain_id
        )
        with self._database.reading() as session:
            return TreeSize(session.exec(query).one() or 0)

    def _stored(self, session: Session) -> AnchorIntent | None:
        row = session.get(AnchorIntentRow, self._place)
        return None if row is None else _intent(row)


def proven_anchor(row: AnchorRow) -> tuple[Anchor, Evidence]:
    """Return a recorded anchor and what proves it."""
    anchor = Anchor(
        chain_id=ChainId(row.chain_id),
        contract=Address(row.contract),
        publisher=Address(row.publisher),
        head=Head(TreeSize(row.size), RootHash(row.root)),
        transaction_hash=TransactionHash(row.transaction_hash),
        block_number=BlockNumber(row.block_number),
        block_hash=BlockHash(row.block_hash),
    )
    return anchor, _EVIDENCE.decode(row.evidence)


def _intent(row: AnchorIntentRow) -> AnchorIntent:
    return AnchorIntent(Head(TreeSize(row.size), RootHash(row.root)), row.signed_transaction)
