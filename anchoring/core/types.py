"""Quantities of the ledger and of its anchors, each with a type of its own."""

from dataclasses import dataclass
from typing import NewType

LeafIndex = NewType("LeafIndex", int)
"""Zero-based position of an entry in the ledger, ``0 <= index < size``."""

TreeSize = NewType("TreeSize", int)
"""Number of entries covered by a tree head, ``0 <= size < 2**64``."""

LeafHash = NewType("LeafHash", bytes)
"""RFC 9162 leaf hash, 32 bytes."""

RootHash = NewType("RootHash", bytes)
"""RFC 9162 Merkle tree hash of a whole tree, 32 bytes."""

ChainId = NewType("ChainId", int)
"""EIP-155 chain id."""

Address = NewType("Address", bytes)
"""Ethereum address, 20 bytes."""

TransactionHash = NewType("TransactionHash", bytes)
"""Keccak-256 of a signed transaction, 32 bytes."""

BlockHash = NewType("BlockHash", bytes)
"""Keccak-256 of a block header, 32 bytes."""

BlockNumber = NewType("BlockNumber", int)
"""Height of a block, 0 for the genesis."""

MAX_ENTRY_BYTES = 65_535
"""Longest entry, in bytes: the length prefix of a tlog-tiles entry bundle is a uint16
(https://c2sp.org/tlog-tiles)."""

HASH_BYTES = 32
"""Length of every hash in this package, in bytes."""

ROOT_PREFIX_BYTES = 24
"""Leading bytes of a root that the registry contract keeps beside the size in one storage slot."""


@dataclass(frozen=True, slots=True)
class Head:
    """Size and root of a ledger at one moment."""

    size: TreeSize
    """Number of entries."""
    root: RootHash
    """Merkle tree hash of those entries, 32 bytes."""


@dataclass(frozen=True, slots=True)
class PublishedHead:
    """What the registry contract knows of one publisher; size 0 and zero prefix before the first anchor."""

    size: TreeSize
    """Size of the last anchored tree."""
    root_prefix: bytes
    """First 24 bytes of the last anchored root."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One ``Anchored`` event of the registry contract, and where the chain holds it."""

    chain_id: ChainId
    """Chain that holds the event."""
    contract: Address
    """Registry contract that emitted it."""
    publisher: Address
    """Account that anchored (``msg.sender``)."""
    head: Head
    """The anchored size and root."""
    transaction_hash: TransactionHash
    """Transaction that emitted the event."""
    block_number: BlockNumber
    """Block that includes the transaction."""
    block_hash: BlockHash
    """Hash of that block."""


@dataclass(frozen=True, slots=True)
class RegistryLocation:
    """Where one registry contract lives, and how to recognise the chain that holds it."""

    chain_id: ChainId
    """EIP-155 id of the chain."""
    genesis_hash: BlockHash
    """Hash of its block 0, 32 bytes."""
    contract: Address
    """Address of the registry, 20 bytes."""
    start_block: BlockNumber
    """Block that created the registry: no event is older."""
