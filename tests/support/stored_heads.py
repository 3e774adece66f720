"""Implements ports.LedgerHeads over the committed heads of a stored ledger."""

from dataclasses import dataclass

from anchoring.core.types import Head, RootHash, TreeSize
from backend.storage.ledgers import SqlLedgers
from tests.support.model_organisation import SLUG


@dataclass(frozen=True, slots=True)
class StoredHeads:
    """Heads of the model organisation's ledger, signed or not."""

    ledgers: SqlLedgers

    def head(self) -> Head:
        return self.ledgers.head(SLUG)

    def root_at(self, size: TreeSize) -> RootHash:
        return self.ledgers.head(SLUG, size).root
