"""What anchors cost, and how each stands: what an operator asks."""

from typing import Final

from sqlmodel import and_, col, select

from anchoring.core.anchor_states import Seconds, Wei
from anchoring.core.types import ChainId, TransactionHash
from backend.domain.acts import Slug
from backend.services.anchor_status import AnchorStanding, StandingState
from backend.storage.anchor_standings import recorded_anchors, unrecorded_attempts
from backend.storage.cost_tables import AnchorCostRow
from backend.storage.database import Database
from backend.storage.ledger import ledger_row
from backend.storage.tables import AnchorAttemptRow, AnchorRow


class SqlAnchorCosts:
    """Costs of the anchors of every ledger; implements ``AnchorStandings``.

    Durability: ``save`` returns after the cost is on stable storage. Idempotence: saving again replaces.

    Args:
        database: Where the ledgers are.
    """

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def missing(self, organisation: Slug, chain_id: ChainId) -> tuple[TransactionHash, ...]:
        """Return the transactions of recorded anchors whose cost is not known, by size."""
        query = (
            select(AnchorRow.transaction_hash)
            .outerjoin(
                AnchorCostRow,
                and_(
                    col(AnchorCostRow.organisation) == AnchorRow.organisation,
                    col(AnchorCostRow.chain_id) == AnchorRow.chain_id,
                    col(AnchorCostRow.transaction_hash) == AnchorRow.transaction_hash,
                ),
            )
            .where(
                AnchorRow.organisation == organisation,
                AnchorRow.chain_id == chain_id,
                col(AnchorCostRow.gas_used).is_(None),
            )
            .order_by(col(AnchorRow.size))
        )
        with self._database.reading() as session:
            return tuple(map(TransactionHash, session.exec(query)))

    def save(
        self,
        organisation: Slug,
        chain_id: ChainId,
        transaction_hash: TransactionHash,
        *,
        gas_used: int,
        gas_price: Wei,
    ) -> None:
        """Store what a transaction cost."""
        with self._database.writing() as session:
            session.merge(
                AnchorCostRow(
                    organisation=organisation,
                    chain_id=chain_id,
                    transaction_hash=transaction_hash,
                    gas_used=gas_used,
                    gas_price_wei=gas_price,
                )
            )

    def standings(self, organisation: Slug) -> tuple[AnchorStanding, ...]:
        """Return recorded anchors and what was sent for other sizes, by size, then chain id, then time.

        Raises:
            NotFoundError: No such organisation.
        """
        query = select(AnchorCostRow).where(AnchorCostRow.organisation == organisation)
        with self._database.reading() as session:
            ledger_row(session, organisation)
            costs = {(row.chain_id, row.transaction_hash): row for row in session.exec(query)}
            found = [
                _recorded(row, costs.get((row.chain_id, row.transaction_hash)))
                for row in recorded_anchors(session, organisation)
            ]
            found += [_unrecorded(*each) for each in unrecorded_attempts(session, organisation)]
        return tuple(sorted(found, key=lambda each: (each.size, each.chain_id, each.since)))


def _recorded(row: AnchorRow, cost: AnchorCostRow | None) -> AnchorStanding:
    return AnchorStanding(
        chain_id=ChainId(row.chain_id),
        size=row.size,
        state=StandingState(row.state),
        since=Seconds(row.included_at),
        transaction_hash=TransactionHash(row.transaction_hash),
        block_number=row.block_number,
        gas_used=None if cost is None else cost.gas_used,
        gas_price=None if cost is None else Wei(cost.gas_price_wei),
    )


def _unrecorded(row: AnchorAttemptRow, state: StandingState) -> AnchorStanding:
    return AnchorStanding(
        chain_id=ChainId(row.chain_id),
        size=row.size,
        state=state,
        since=Seconds(row.opened_at),
        transaction_hash=TransactionHash(row.transaction_hash),
    )
