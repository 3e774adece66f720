"""A chain and a journal in memory, for tests and dry runs; both pass the suites of their ports.

The chain runs no machine, but its blocks are genuine: headers, tries and receipts hash as
Ethereum's do, so evidence captured from it verifies. Signatures are left empty: nothing here checks
who signed.
"""

from dataclasses import dataclass, field
from typing import Final

import rlp
from eth_hash.auto import keccak
from rlp.exceptions import DecodingError

from anchoring.adapters.chain_evidence import build_evidence, trie_of
from anchoring.core.errors import RejectedError, UnavailableError
from anchoring.core.evidence import Evidence, event_data, event_topics
from anchoring.core.lifecycle import AnchorIntent
from anchoring.core.types import (
    HASH_BYTES,
    ROOT_PREFIX_BYTES,
    Address,
    Anchor,
    BlockHash,
    BlockNumber,
    ChainId,
    Head,
    PublishedHead,
    RootHash,
    TransactionHash,
    TreeSize,
)

ANCHOR_SELECTOR: Final = keccak(b"anchor(uint64,bytes32)")[:4]
"""First bytes of the call data of ``anchor``."""

BLOCK_SECONDS: Final = 12
"""Time between two blocks."""

CHAIN_ID: Final = ChainId(1_337)
"""Chain id unless another is given."""

CONTRACT: Final = Address(b"\xc0" * 20)
"""Registry address unless another is given."""

PUBLISHER: Final = Address(b"\xaa" * 20)
"""Publisher unless another is given."""

_FIELDS: Final = 12
_NONCE_FIELD: Final = 1
_DATA_FIELD: Final = 7
_ANCHOR_GAS: Final = 29_045
_FUNCTION: Final = "AnchorRegistry"


@dataclass(frozen=True, slots=True)
class MemoryBlock:
    """A block of one transaction."""

    header: bytes
    """RLP of the header."""
    transaction: bytes
    """The encoded transaction."""
    receipt: bytes
    """Its encoded receipt."""
    anchor: Anchor | None
    """The anchor it holds, None if the transaction reverted."""


@dataclass(slots=True)
class MemoryChain:
    """Implements ``ports.Chain`` over blocks kept in a list."""

    chain_id: ChainId = CHAIN_ID
    """EIP-155 id."""
    contract: Address = CONTRACT
    """Address that events carry."""
    publisher: Address = PUBLISHER
    """The only account."""
    genesis_time: int = 1_700_000_000
    """Timestamp of the block before the first, in seconds since the epoch."""
    blocks: list[MemoryBlock] = field(default_factory=list)
    """Mined blocks, oldest first; the first has number 1."""
    waiting: list[bytes] = field(default_factory=list)
    """Transactions that were sent and that no block includes."""
    paused: bool = False
    """While true, ``broadcast`` mines nothing; ``mine`` does."""

    def published_head(self) -> PublishedHead:
        """Return the last anchored head; see ``ports.Chain``."""
        anchors = self.anchors()
        if not anchors:
            return PublishedHead(TreeSize(0), b"\0" * ROOT_PREFIX_BYTES)
        head = anchors[-1].head
        return PublishedHead(head.size, head.root[:ROOT_PREFIX_BYTES])

    def anchors(self) -> list[Anchor]:
        """Return every anchor in chain order."""
        return [block.anchor for block in self.blocks if block.anchor is not None]

    def sign_anchor(self, head: Head) -> bytes:
        """Return an unsigned EIP-1559 transaction that anchors ``head``; see ``ports.Chain``."""
        if head.size <= self.published_head().size:
            raise RejectedError(_FUNCTION, "AnchorRegistry: size not greater")
        nonce = len(self.blocks) + len(self.waiting)
        call = ANCHOR_SELECTOR + head.size.to_bytes(HASH_BYTES, "big") + head.root
        fields = [self.chain_id, nonce, 1, 1, _ANCHOR_GAS, self.contract, 0, call, [], 0, 0, 0]
        return bytes([2]) + bytes(rlp.encode(fields))

    def broadcast(self, signed_transaction: bytes) -> TransactionHash:
        """Queue the transaction, and mine it unless paused; see ``ports.Chain``."""
        transaction_hash = TransactionHash(keccak(signed_transaction))
        if any(block.transaction == signed_transaction for block in self.blocks):
            return transaction_hash
        nonce, head = _parse(signed_transaction)
        if head.size <= self.published_head().size:
            raise RejectedError(_FUNCTION, "AnchorRegistry: size not greater")
        if nonce < len(self.blocks):
            raise RejectedError("chain", "nonce too low")
        if signed_transaction not in self.waiting:
            self.waiting.append(signed_transaction)
        if not self.paused:
            self.mine()
        return transaction_hash

    def mine(self) -> None:
        """Put every waiting transaction in a block of its own, in the order of their nonces."""
        for transaction in sorted(self.waiting, key=lambda sent: _parse(sent)[0]):
            self._append(transaction)
        self.waiting.clear()

    def find_anchor(self, size: TreeSize) -> Anchor | None:
        """Return the anchor of that size; see ``ports.Chain``."""
        return next((anchor for anchor in self.anchors() if anchor.head.size == size), None)

    def capture_evidence(self, anchor: Anchor) -> Evidence:
        """Prove the anchor from its block; see ``ports.Chain``."""
        for block in self.blocks:
            if keccak(block.header) == anchor.block_hash:
                return build_evidence(
                    anchor,
                    header=block.header,
                    transactions=[block.transaction],
                    receipts=[block.receipt],
                )
        raise UnavailableError("memory chain", f"no block {anchor.block_hash.hex()}")

    def _append(self, transaction: bytes) -> None:
        _, head = _parse(transaction)
        previous = self.published_head().size
        succeeded = head.size > previous
        log = [
            self.contract,
            event_topics(self.publisher),
            event_data(head, previous_size=previous),
        ]
        receipt = bytes([2]) + bytes(
            rlp.encode([int(succeeded), _ANCHOR_GAS, b"\0" * 256, [log] if succeeded else []])
        )
        header = self._header(transaction, receipt)
        anchor = Anchor(
            chain_id=self.chain_id,
            contract=self.contract,
            publisher=self.publisher,
            head=head,
            transaction_hash=TransactionHash(keccak(transaction)),
            block_number=BlockNumber(len(self.blocks) + 1),
            block_hash=BlockHash(keccak(header)),
        )
        self.blocks.append(MemoryBlock(header, transaction, receipt, anchor if succeeded else None))

    def _header(self, transaction: bytes, receipt: bytes) -> bytes:
        """Return a Prague header (21 fields) with the roots of a one-transaction block."""
        number = len(self.blocks) + 1
        zero = b"\0" * HASH_BYTES
        parent = keccak(self.blocks[-1].header) if self.blocks else zero
        return bytes(
            rlp.encode(
                [
                    parent,
                    zero,
                    b"\0" * 20,
                    zero,
                    trie_of([transaction]).root_hash,
                    trie_of([receipt]).root_hash,
                    b"\0" * 256,
                    0,
                    number,
                    30_000_000,
                    _ANCHOR_GAS,
                    self.genesis_time + BLOCK_SECONDS * number,
                    b"",
                    zero,
                    b"\0" * 8,
                    7,
                    zero,
                    0,
                    0,
                    zero,
                    zero,
                ]
            )
        )


@dataclass(slots=True)
class MemoryJournal:
    """Implements ``ports.AnchorJournal`` without durability."""

    stored_intent: AnchorIntent | None = None
    """The unsettled intent."""
    records: dict[TreeSize, tuple[Anchor, Evidence]] = field(default_factory=dict)
    """Recorded anchors by size."""

    def intent(self) -> AnchorIntent | None:
        """Return the unsettled intent; see ``ports.AnchorJournal``."""
        return self.stored_intent

    def save_intent(self, intent: AnchorIntent) -> None:
        """Store the intent; see ``ports.AnchorJournal``."""
        if self.stored_intent not in {None, intent}:
            raise RejectedError("journal", "another intent is stored")
        self.stored_intent = intent

    def drop_intent(self, intent: AnchorIntent) -> None:
        """Forget that intent; see ``ports.AnchorJournal``."""
        if self.stored_intent == intent:
            self.stored_intent = None

    def record(self, anchor: Anchor, evidence: Evidence) -> None:
        """Store a proven anchor and settle the intent; see ``ports.AnchorJournal``."""
        self.records[anchor.head.size] = (anchor, evidence)
        if self.stored_intent is not None and self.stored_intent.head.size <= anchor.head.size:
            self.stored_intent = None

    def recorded_size(self) -> TreeSize:
        """Return the greatest recorded size; see ``ports.AnchorJournal``."""
        return max(self.records, default=TreeSize(0))


def _parse(transaction: bytes) -> tuple[int, Head]:
    """Return nonce and head of a transaction that ``sign_anchor`` made."""
    try:
        fields = rlp.decode(transaction[1:], strict=True)
    except DecodingError as error:
        raise RejectedError("chain", "transaction does not decode") from error
    if transaction[:1] != b"\x02" or len(fields) != _FIELDS:
        raise RejectedError("chain", "transaction does not decode")
    call = fields[_DATA_FIELD]
    size = TreeSize(int.from_bytes(call[4 : 4 + HASH_BYTES], "big"))
    return int.from_bytes(fields[_NONCE_FIELD], "big"), Head(size, RootHash(call[4 + HASH_BYTES :]))
