"""Tables of witnessing: what we cosigned for others, and what others cosigned for us."""

from sqlalchemy import BigInteger
from sqlmodel import Field

from backend.storage.tables import Table


class WitnessedHeadRow(Table, table=True):
    """The head that this server, as a witness, last cosigned for a log."""

    __tablename__ = "witnessed_head"

    origin_hash: str = Field(primary_key=True, max_length=64)
    """SHA-256 of the origin, hex: an origin itself has no greatest length."""
    size: str = Field(max_length=20)
    """Number of entries, decimal: sizes of other logs are uint64, which no integer column holds."""
    root: bytes
    """Root over them, 32 bytes."""
    note: bytes
    """The checkpoint with our cosignature."""


class CosignedSizeRow(Table, table=True):
    """The size of one of our ledgers that a witness of ours last cosigned."""

    __tablename__ = "cosigned_size"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    witness: str = Field(primary_key=True, max_length=255)
    """Name of the witness's key."""
    size: int = Field(sa_type=BigInteger)
    """Number of entries."""


class HeldCheckpointRow(Table, table=True):
    """A signed checkpoint that is not published, because it lacks cosignatures; one per ledger."""

    __tablename__ = "held_checkpoint"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    size: int = Field(sa_type=BigInteger)
    """Size it signs."""
    note: bytes
    """The note, with the cosignatures it has so far."""
