"""Tables of the ledger itself: entries, tree nodes, commands, outbox, checkpoints and anchors.

Every table carries the slug of its organisation, so that one database holds many ledgers. Projections are
in ``projection_tables``, what is private in ``private_tables``.
"""

from typing import Final

from sqlalchemy import BigInteger, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

NAMES: Final = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}
"""Names of constraints, so that a migration can name what it changes on any database."""

_REGISTRY: Final = registry(metadata=MetaData(naming_convention=NAMES))


class Table(SQLModel, registry=_REGISTRY):
    """Root of every table; its ``metadata`` is the schema."""


class LedgerRow(Table, table=True):
    """One ledger and its committed head; its row is the lock of the ledger."""

    __tablename__ = "ledger"

    slug: str = Field(primary_key=True, max_length=63)
    """The organisation."""
    origin: str = Field(max_length=255, unique=True)
    """Origin of its checkpoints."""
    size: int = Field(sa_type=BigInteger)
    """Number of entries."""
    root: bytes
    """Root over them, 32 bytes."""


class EntryRow(Table, table=True):
    """One entry; ``content`` is the leaf, the other columns are read from it."""

    __tablename__ = "entry"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    index: int = Field(primary_key=True, sa_type=BigInteger)
    """Place in the ledger, from 0 without gaps."""
    act: str = Field(max_length=64)
    """Name of the act."""
    at: str = Field(max_length=24)
    """Instant of the act."""
    by: str = Field(max_length=33)
    """Author."""
    content: bytes
    """Canonical bytes."""


class NodeRow(Table, table=True):
    """One perfect node of the tree; it never changes once written."""

    __tablename__ = "ledger_node"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    level: int = Field(primary_key=True)
    """Level, 0 for leaf hashes."""
    index: int = Field(primary_key=True, sa_type=BigInteger)
    """Place on its level."""
    hash: bytes
    """32 bytes."""


class CommandRow(Table, table=True):
    """What a command wrote, told again when it is repeated."""

    __tablename__ = "command"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    key: str = Field(primary_key=True, max_length=200)
    """Idempotency key."""
    body: str = Field(max_length=64)
    """SHA-256 of what was asked, hex."""
    first_index: int = Field(sa_type=BigInteger)
    """First entry it wrote."""
    count: int
    """Number of entries it wrote."""
    size: int = Field(sa_type=BigInteger)
    """Size right after."""
    root: bytes
    """Root right after, 32 bytes."""


class OutboxRow(Table, table=True):
    """Something that a commit owes to the outside; removed by the transaction that settles it."""

    __tablename__ = "outbox"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    kind: str = Field(primary_key=True, max_length=32)
    """What is owed: ``checkpoint``."""
    size: int = Field(primary_key=True, sa_type=BigInteger)
    """Size for which it is owed."""


class CheckpointRow(Table, table=True):
    """A signed checkpoint."""

    __tablename__ = "checkpoint"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    size: int = Field(primary_key=True, sa_type=BigInteger)
    """Size it signs."""
    note: bytes
    """The signed note."""


class AnchorRow(Table, table=True):
    """A proven anchor."""

    __tablename__ = "anchor"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    chain_id: int = Field(primary_key=True, sa_type=BigInteger)
    """EIP-155 chain id."""
    size: int = Field(primary_key=True, sa_type=BigInteger)
    """Anchored size."""
    root: bytes
    """Anchored root, 32 bytes."""
    contract: bytes
    """Registry contract, 20 bytes."""
    publisher: bytes
    """Account that anchored, 20 bytes."""
    transaction_hash: bytes
    """Transaction, 32 bytes."""
    block_number: int = Field(sa_type=BigInteger)
    """Height of its block."""
    block_hash: bytes
    """Hash of its block, 32 bytes."""
    evidence: bytes
    """Evidence, as ``backend.storage.anchors`` encodes it."""
    state: str = Field(max_length=16)
    """State of a recorded anchor, as ``anchoring.core.anchor_states`` names it."""
    included_at: int = Field(sa_type=BigInteger)
    """When it was recorded, in seconds since the epoch."""
    finality: bytes | None = None
    """What ties it to a final block, as ``backend.storage.anchors`` encodes it; None while nothing does."""


class AnchorAttemptRow(Table, table=True):
    """A signed transaction, stored before it is sent and kept whatever becomes of it."""

    __tablename__ = "anchor_attempt"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    chain_id: int = Field(primary_key=True, sa_type=BigInteger)
    """EIP-155 chain id."""
    transaction_hash: bytes = Field(primary_key=True)
    """Its hash, 32 bytes."""
    publisher: bytes
    """Account that signed it, 20 bytes."""
    nonce: int = Field(sa_type=BigInteger)
    """Its nonce."""
    size: int = Field(sa_type=BigInteger)
    """Size it anchors."""
    root: bytes
    """Root it anchors, 32 bytes."""
    max_fee_wei: int = Field(sa_type=BigInteger)
    """Most it pays per gas."""
    priority_fee_wei: int = Field(sa_type=BigInteger)
    """What it pays the proposer per gas."""
    signed_transaction: bytes
    """Its exact bytes."""
    opened_at: int = Field(sa_type=BigInteger)
    """When it was signed or opened again, in seconds since the epoch."""
    state: str = Field(max_length=16)
    """What became of it, as ``anchoring.core.anchor_states`` names it."""


class AnchorLeaseRow(Table, table=True):
    """Who may write the anchors of one ledger by one publisher on one chain."""

    __tablename__ = "anchor_lease"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    chain_id: int = Field(primary_key=True, sa_type=BigInteger)
    """EIP-155 chain id."""
    publisher: bytes = Field(primary_key=True)
    """Account that anchors, 20 bytes."""
    owner: str = Field(max_length=255)
    """Name of the anchorer."""
    until: int = Field(sa_type=BigInteger)
    """When it lapses, in seconds since the epoch."""
