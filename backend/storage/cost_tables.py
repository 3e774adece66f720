"""The table of what anchors cost."""

from sqlalchemy import BigInteger
from sqlmodel import Field

from backend.storage.tables import Table


class AnchorCostRow(Table, table=True):
    """What the transaction of an anchor cost its publisher."""

    __tablename__ = "anchor_cost"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    chain_id: int = Field(primary_key=True, sa_type=BigInteger)
    """EIP-155 chain id."""
    transaction_hash: bytes = Field(primary_key=True)
    """The transaction, 32 bytes."""
    gas_used: int = Field(sa_type=BigInteger)
    """Gas it used."""
    gas_price_wei: int = Field(sa_type=BigInteger)
    """What one gas cost."""
