"""What the anchorer remembers: the lease, signed attempts, and proven anchors."""

from typing import Final

import msgspec
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from anchoring.core.anchor_states import (
    OPEN_STATES,
    AnchorIntent,
    AnchorRecord,
    AnchorState,
    Attempt,
    AttemptState,
    Fees,
    Lease,
    LeaseHeldError,
    Nonce,
    Seconds,
    Wei,
    may_claim,
)
from anchoring.core.errors import RejectedError
from anchoring.core.evidence import Evidence
from anchoring.core.finality import FinalityStatement
from anchoring.core.json_fields import read_object, write_object
from anchoring.core.receipt import MAX_RECEIPT_BYTES, format_finality, parse_finality
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
from backend.storage.tables import (
    AnchorAttemptRow,
    AnchorLeaseRow,
    AnchorRow,
    LedgerRow,
)

_IS_OPEN: Final = col(AnchorAttemptRow.state).in_(OPEN_STATES)
_EVIDENCE: Final = msgspec.msgpack.Decoder(Evidence)


class SqlAnchorJournal:
    """Implements ``AnchorJournal`` for one ledger, chain and publisher.

    Args:
        database: Where the ledger is.
        organisation: The ledger.
        chain_id: The chain.
        publisher: The account that anchors, 20 bytes.
    """

    def __init__(
        self, database: Database, organisation: Slug, chain_id: ChainId, publisher: Address
    ) -> None:
        self._database: Final = database
        self._place: Final = (organisation, chain_id)
        self._publisher: Final = publisher
        self._name: Final = (
            f"anchor journal of {organisation} by 0x{publisher.hex()} on chain {chain_id}"
        )

    def claim(self, owner: str, *, now: Seconds, until: Seconds) -> None:
        """Take or renew the lease, under the lock of the ledger.

        Raises:
            LeaseHeldError: Another owner's lease has not lapsed.
        """
        organisation, chain_id = self._place
        with self._database.writing() as session:
            # PostgreSQL has no write lock of its own for a row that does not exist yet.
            session.exec(
                select(LedgerRow.slug).where(LedgerRow.slug == organisation).with_for_update()
            ).one()
            row = session.get(AnchorLeaseRow, (*self._place, self._publisher))
            held = None if row is None else Lease(row.owner, Seconds(row.until))
            if held is not None and not may_claim(held, owner, now):
                raise LeaseHeldError(held.owner, held.until)
            session.merge(
                AnchorLeaseRow(
                    organisation=organisation,
                    chain_id=chain_id,
                    publisher=self._publisher,
                    owner=owner,
                    until=until,
                )
            )

    def release(self, owner: str) -> None:
        """Give the lease up; nothing happens if another owner holds it."""
        with self._database.writing() as session:
            row = session.get(AnchorLeaseRow, (*self._place, self._publisher))
            if row is not None and row.owner == owner:
                session.delete(row)

    def intent(self) -> AnchorIntent | None:
        """Return the open attempts of the lowest nonce, None if no attempt is open."""
        with self._database.reading() as session:
            return self._intent(session)

    def attempts_of(self, nonce: Nonce) -> tuple[Attempt, ...]:
        """Return every attempt ever saved under a nonce, cheapest and oldest first."""
        with self._database.reading() as session:
            rows = self._attempts(session, AnchorAttemptRow.nonce == nonce)
        return tuple(map(_attempt, rows))

    def save_attempt(self, attempt: Attempt) -> None:
        """Store a signed transaction.

        Raises:
            RejectedError: Another head, or the same under another nonce, is the open intent.
        """
        organisation, chain_id = self._place
        with self._database.writing() as session:
            intent = self._intent(session)
            if intent is not None and (intent.head, intent.nonce) != (attempt.head, attempt.nonce):
                raise RejectedError(self._name, f"an intent of size {intent.head.size} is stored")
            if session.get(AnchorAttemptRow, (*self._place, attempt.transaction_hash)) is None:
                session.add(
                    AnchorAttemptRow(
                        organisation=organisation,
                        chain_id=chain_id,
                        transaction_hash=attempt.transaction_hash,
                        publisher=self._publisher,
                        nonce=attempt.nonce,
                        size=attempt.head.size,
                        root=attempt.head.root,
                        max_fee_wei=attempt.fees.max_fee,
                        priority_fee_wei=attempt.fees.priority_fee,
                        signed_transaction=attempt.signed_transaction,
                        opened_at=attempt.opened_at,
                        state=AttemptState.OPEN,
                    )
                )

    def close_intent(self, intent: AnchorIntent, state: AttemptState) -> None:
        """Close these attempts where they are open; others stay open."""
        hashes = {attempt.transaction_hash for attempt in intent.attempts}
        with self._database.writing() as session:
            for row in self._attempts(session, _IS_OPEN):
                if row.transaction_hash in hashes:
                    row.state = state
                    session.add(row)

    def record(
        self, anchor: Anchor, evidence: Evidence, *, state: AnchorState, at: Seconds
    ) -> None:
        """Store a proven anchor, and close every open attempt of a size that is not greater.

        Raises:
            RejectedError: The anchor is of another chain or publisher, or of a size that another publisher
                of the ledger anchored there.
        """
        organisation, chain_id = self._place
        if (anchor.chain_id, anchor.publisher) != (chain_id, self._publisher):
            raise RejectedError(
                self._name,
                f"an anchor of chain {anchor.chain_id} by 0x{anchor.publisher.hex()}",
            )
        with self._database.writing() as session:
            there = session.get(AnchorRow, (*self._place, anchor.head.size))
            if there is not None and there.publisher != anchor.publisher:
                raise RejectedError(
                    self._name, f"size {there.size} is anchored by 0x{there.publisher.hex()}"
                )
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
                    state=state,
                    included_at=at,
                )
            )
            overtaken = AnchorAttemptRow.size <= anchor.head.size
            for row in self._attempts(session, _IS_OPEN, overtaken):
                row.state = AttemptState.REPLACED
                session.add(row)
            made = session.get(AnchorAttemptRow, (*self._place, anchor.transaction_hash))
            if made is not None:
                made.state = AttemptState.INCLUDED
                session.add(made)

    def record_finality(self, anchor: Anchor, statement: FinalityStatement) -> None:
        """Keep what ties an anchor to a final block; nothing happens if exactly it is not recorded."""
        with self._database.writing() as session:
            row = self._recorded(session, anchor)
            if row is not None:
                row.finality = write_object(format_finality(statement))
                session.add(row)

    def mark(self, anchor: Anchor, state: AnchorState) -> None:
        """Change the state of a recorded anchor; nothing happens if exactly it is not recorded."""
        with self._database.writing() as session:
            row = self._recorded(session, anchor)
            if row is not None:
                row.state = state
                session.add(row)

    def withdraw(self, anchor: Anchor, *, at: Seconds) -> None:
        """Forget an anchor that was reorganised away, and open its attempts again."""
        with self._database.writing() as session:
            row = self._recorded(session, anchor)
            if row is None:
                return
            session.delete(row)
            key = (*self._place, anchor.transaction_hash)
            made = session.get(AnchorAttemptRow, key)
            if made is None:
                return
            same = (AnchorAttemptRow.nonce == made.nonce, AnchorAttemptRow.size == made.size)
            for attempt in self._attempts(session, *same):
                attempt.state, attempt.opened_at = AttemptState.REORGED, at
                session.add(attempt)

    def records(self) -> tuple[AnchorRecord, ...]:
        """Return by size the greatest final anchor, if any, and every anchor that is not final."""
        organisation, chain_id = self._place
        query = select(AnchorRow).where(
            AnchorRow.organisation == organisation,
            AnchorRow.chain_id == chain_id,
            AnchorRow.publisher == self._publisher,
        )
        is_final = AnchorRow.state == AnchorState.FINALIZED
        with self._database.reading() as session:
            final = session.exec(
                query.where(is_final).order_by(col(AnchorRow.size).desc()).limit(1)
            ).all()
            others = session.exec(query.where(AnchorRow.state != AnchorState.FINALIZED)).all()
        rows = sorted([*final, *others], key=lambda row: row.size)
        return tuple(anchor_record(row) for row in rows)

    def recorded_size(self) -> TreeSize:
        """Return the greatest recorded size, 0 if there is none."""
        organisation, chain_id = self._place
        query = select(func.max(AnchorRow.size)).where(
            AnchorRow.organisation == organisation,
            AnchorRow.chain_id == chain_id,
            AnchorRow.publisher == self._publisher,
        )
        with self._database.reading() as session:
            return TreeSize(session.exec(query).one() or 0)

    def is_settled(self) -> bool:
        """Tell whether no attempt is open and every recorded anchor is final."""
        return self.intent() is None and all(
            record.state is AnchorState.FINALIZED for record in self.records()
        )

    def _attempts(
        self, session: Session, *wanted: ColumnElement[bool] | bool
    ) -> list[AnchorAttemptRow]:
        organisation, chain_id = self._place
        query = (
            select(AnchorAttemptRow)
            .where(
                AnchorAttemptRow.organisation == organisation,
                AnchorAttemptRow.chain_id == chain_id,
                AnchorAttemptRow.publisher == self._publisher,
                *wanted,
            )
            .order_by(col(AnchorAttemptRow.max_fee_wei), col(AnchorAttemptRow.opened_at))
        )
        return list(session.exec(query))

    def _intent(self, session: Session) -> AnchorIntent | None:
        still_open = self._attempts(session, _IS_OPEN)
        if not still_open:
            return None
        nonce = min(row.nonce for row in still_open)
        return AnchorIntent(tuple(_attempt(row) for row in still_open if row.nonce == nonce))

    def _recorded(self, session: Session, anchor: Anchor) -> AnchorRow | None:
        row = session.get(AnchorRow, (*self._place, anchor.head.size))
        return row if row is not None and proven_anchor(row)[0] == anchor else None


def anchor_record(row: AnchorRow) -> AnchorRecord:
    """Return a recorded anchor and its state."""
    return AnchorRecord(proven_anchor(row)[0], AnchorState(row.state), Seconds(row.included_at))


def finality_of(row: AnchorRow) -> FinalityStatement | None:
    """Return what ties a recorded anchor to a final block, None where nothing is stored.

    Raises:
        MalformedError: The database was tampered with.
    """
    if row.finality is None:
        return None
    return parse_finality(read_object(row.finality, what="finality", max_bytes=MAX_RECEIPT_BYTES))


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


def _attempt(row: AnchorAttemptRow) -> Attempt:
    return Attempt(
        head=Head(TreeSize(row.size), RootHash(row.root)),
        nonce=Nonce(row.nonce),
        fees=Fees(Wei(row.max_fee_wei), Wei(row.priority_fee_wei)),
        signed_transaction=row.signed_transaction,
        transaction_hash=TransactionHash(row.transaction_hash),
        opened_at=Seconds(row.opened_at),
    )
