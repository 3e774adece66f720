"""Genuine Ethereum blocks of at most one transaction, for the chain in memory."""

from dataclasses import dataclass, replace
from typing import Final

import rlp
from eth_hash.auto import keccak

from anchoring.adapters.chain_evidence import trie_of
from anchoring.core.evidence import event_data, event_topics
from anchoring.core.types import HASH_BYTES, Anchor, BlockHash, TreeSize

GAS_LIMIT: Final = 30_000_000
"""Gas limit of every block."""

_GAS_USED: Final = 29_045


@dataclass(frozen=True, slots=True)
class MemoryBlock:
    """A block of at most one transaction."""

    header: bytes
    """RLP of the header."""
    transaction: bytes
    """The encoded transaction, empty for an empty block."""
    receipt: bytes
    """Its encoded receipt, empty for an empty block."""
    anchor: Anchor | None
    """The anchor it holds, None if there is no transaction, or if it anchored nothing."""


def build_block(
    anchor: Anchor | None,
    transaction: bytes,
    *,
    parent: bytes,
    number: int,
    timestamp: int,
    previous_size: TreeSize,
    extra: int,
) -> MemoryBlock:
    """Return a block under a Prague header (21 fields).

    Args:
        anchor: What the transaction anchors, its block hash not yet known; None for nothing.
        transaction: Encoded transaction, empty for none.
        parent: Hash of the parent, 32 bytes.
        number: Height.
        timestamp: Seconds since the epoch.
        previous_size: Size anchored before.
        extra: Goes into the extra data, so that the blocks of two branches differ.
    """
    receipt = _receipt(anchor, previous_size) if transaction else b""
    zero = b"\0" * HASH_BYTES
    gas_used = _GAS_USED if transaction else 0
    transactions, receipts = ([transaction], [receipt]) if transaction else ([], [])
    header = bytes(
        rlp.encode(
            [
                *(parent, zero, b"\0" * 20, zero),
                *(trie_of(transactions).root_hash, trie_of(receipts).root_hash),
                *(b"\0" * 256, 0, number, GAS_LIMIT, gas_used, timestamp, extra),
                *(zero, b"\0" * 8, 7, zero, 0, 0, zero, zero),
            ]
        )
    )
    placed = None if anchor is None else replace(anchor, block_hash=BlockHash(keccak(header)))
    return MemoryBlock(header, transaction, receipt, placed)


def _receipt(anchor: Anchor | None, previous_size: TreeSize) -> bytes:
    logs = []
    if anchor is not None:
        data = event_data(anchor.head, previous_size=previous_size)
        logs = [[anchor.contract, event_topics(anchor.publisher), data]]
    return bytes([2]) + bytes(rlp.encode([int(bool(logs)), _GAS_USED, b"\0" * 256, logs]))
