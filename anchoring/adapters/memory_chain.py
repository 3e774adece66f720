"""A chain in memory, for tests and dry runs; it passes the suite of its port.

It runs no machine, but its blocks are genuine: headers, tries and receipts hash as Ethereum's do, so
evidence captured from it verifies. Signatures are left empty: nothing here checks who signed. It can
misbehave on demand as networks and nodes do: reorganise, forget, lag, lie, and stop being final.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import rlp
from eth_hash.auto import keccak
from rlp.exceptions import DecodingError

from anchoring.adapters.chain_evidence import build_evidence
from anchoring.adapters.memory_blocks import MemoryBlock, build_block
from anchoring.core.anchor_states import (
    ChainChangedError,
    Fees,
    Finality,
    Nonce,
    Plan,
    TransactionStatus,
    Wei,
)
from anchoring.core.errors import RejectedError, UnavailableError
from anchoring.core.evidence import Evidence
from anchoring.core.finality import (
    MAX_LINK_HEADERS,
    FinalityStatement,
    HeaderChain,
    verify_finality,
)
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
_TIP_FIELD: Final = 2
_MAX_FEE_FIELD: Final = 3
_DATA_FIELD: Final = 7
_ANCHOR_GAS: Final = 29_045
_FUNCTION: Final = "AnchorRegistry"
_PRICE_BUMP_PERCENT: Final = 110
"""geth's rule for replacements (go-ethereum, core/txpool/legacypool: PriceBump)."""


class Fate(StrEnum):
    """What a reorganisation does to the transactions of the blocks it removes."""

    DROP = "drop"
    """They vanish from blocks and pool."""
    DELAY = "delay"
    """They wait in the pool again."""
    REORDER = "reorder"
    """The new branch includes them at other heights."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """The fields of a transaction that matter here."""

    nonce: int
    fees: Fees
    head: Head | None


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
    base_fee: int = 1
    """Least price per gas that a block takes, in wei."""
    tip: int = 1
    """Priority fee that ``suggested_fees`` names, in wei."""
    safe_depth: int = 0
    """Blocks above the last safe one."""
    final_depth: int = 0
    """Blocks above the last final one."""
    frozen: Finality | None = None
    """While set, finality stands still there."""
    hidden: int = 0
    """Newest blocks that the node does not show: it lags."""
    accepted_errors: int = 0
    """Number of next broadcasts that are accepted and answered with an error."""
    lies: dict[int, BlockHash] = field(default_factory=dict)
    """Hashes that ``block_hash`` gives instead of the true ones, by height."""
    changed: str = ""
    """What ``check_identity`` finds changed, empty for nothing."""
    branch: int = 0
    """Number of reorganisations so far; it makes the blocks of every branch different."""

    def check_identity(self) -> None:
        """Fail where a test says so; see ``ports.Chain``."""
        if self.changed:
            raise ChainChangedError(self.changed, expected="01", found="02")

    def finality(self) -> Finality:
        """Return heights below the newest shown block; see ``ports.Chain``."""
        height = len(self._shown())
        safe, final = max(height - self.safe_depth, 0), max(height - self.final_depth, 0)
        return self.frozen or Finality(BlockNumber(safe), BlockNumber(final))

    def block_hash(self, number: BlockNumber) -> BlockHash | None:
        """Return the hash of a block, or a lie; see ``ports.Chain``."""
        if number in self.lies:
            return self.lies[number]
        shown = self._shown()
        return BlockHash(keccak(shown[number - 1].header)) if 1 <= number <= len(shown) else None

    def next_nonce(self) -> Nonce:
        """Return the number of mined transactions; see ``ports.Chain``."""
        return Nonce(sum(bool(block.transaction) for block in self._shown()))

    def suggested_fees(self) -> Fees:
        """Return two base fees and the tip; see ``ports.Chain``."""
        return Fees(Wei(2 * self.base_fee + self.tip), Wei(self.tip))

    def transaction_status(self, transaction_hash: TransactionHash) -> TransactionStatus:
        """Look it up in blocks, then in the pool; see ``ports.Chain``."""
        for block in self._shown():
            if block.transaction and keccak(block.transaction) == transaction_hash:
                reverted = block.anchor is None
                return TransactionStatus.REVERTED if reverted else TransactionStatus.INCLUDED
        if any(keccak(waiting) == transaction_hash for waiting in self.waiting):
            return TransactionStatus.WAITING
        return TransactionStatus.UNKNOWN

    def published_head(self) -> PublishedHead:
        """Return the last anchored head; see ``ports.Chain``."""
        return self._published(self._shown())

    def anchors(self) -> list[Anchor]:
        """Return every anchor in chain order, hidden ones too."""
        return [block.anchor for block in self.blocks if block.anchor is not None]

    def sign_anchor(self, head: Head, plan: Plan | None = None) -> bytes:
        """Return an unsigned EIP-1559 transaction that anchors ``head``; see ``ports.Chain``."""
        if head.size <= self.published_head().size:
            raise RejectedError(_FUNCTION, "AnchorRegistry: size not greater")
        plan = plan or Plan(self.next_nonce(), self.suggested_fees())
        return self._encode(
            plan, ANCHOR_SELECTOR + head.size.to_bytes(HASH_BYTES, "big") + head.root
        )

    def sign_foreign(self, plan: Plan) -> bytes:
        """Return a transaction of the same publisher that anchors nothing."""
        return self._encode(plan, b"")

    def broadcast(self, signed_transaction: bytes) -> TransactionHash:
        """Queue the transaction, and mine it unless paused; see ``ports.Chain``."""
        transaction_hash = TransactionHash(keccak(signed_transaction))
        if any(block.transaction == signed_transaction for block in self._shown()):
            return transaction_hash
        sent = _parse(signed_transaction)
        if sent.head is not None and sent.head.size <= self.published_head().size:
            raise RejectedError(_FUNCTION, "AnchorRegistry: size not greater")
        if sent.nonce < self.next_nonce():
            raise RejectedError("chain", "nonce too low")
        if signed_transaction not in self.waiting:
            self._queue(signed_transaction, sent)
        if not self.paused:
            self.mine()
        if self.accepted_errors:
            self.accepted_errors -= 1
            raise UnavailableError("memory chain", "the answer was lost")
        return transaction_hash

    def mine(self) -> None:
        """Put what is due and pays enough in blocks of its own, in the order of the nonces."""
        for transaction in sorted(self.waiting, key=lambda waiting: _parse(waiting).nonce):
            sent = _parse(transaction)
            nonce = sum(bool(block.transaction) for block in self.blocks)
            if sent.nonce == nonce and sent.fees.max_fee >= self.base_fee:
                self._append(transaction)
        used = sum(bool(block.transaction) for block in self.blocks)
        self.waiting = [waiting for waiting in self.waiting if _parse(waiting).nonce >= used]

    def mine_empty(self, count: int = 1) -> None:
        """Add blocks without transaction."""
        for _ in range(count):
            self._append(b"")

    def reorganise(self, depth: int, fate: Fate) -> None:
        """Replace the newest blocks by a branch that is one block longer.

        Args:
            depth: Blocks to replace; all of them if there are fewer.
            fate: What becomes of their transactions.
        """
        kept = max(len(self.blocks) - depth, 0)
        removed = [block.transaction for block in self.blocks[kept:] if block.transaction]
        height = len(self.blocks) + 1
        del self.blocks[kept:]
        self.branch += 1
        if fate is Fate.DELAY:
            self.waiting = [*removed, *self.waiting]
        late = removed if fate is Fate.REORDER else []
        self.mine_empty(height - kept - len(late))
        for transaction in late:
            self._append(transaction)

    def find_anchor(self, size: TreeSize) -> Anchor | None:
        """Return the anchor of that size; see ``ports.Chain``."""
        found = (block.anchor for block in self._shown() if block.anchor is not None)
        return next((anchor for anchor in found if anchor.head.size == size), None)

    def capture_evidence(self, anchor: Anchor) -> Evidence:
        """Prove the anchor from its block; see ``ports.Chain``."""
        for block in self._shown():
            if block.transaction and keccak(block.header) == anchor.block_hash:
                return build_evidence(
                    anchor,
                    header=block.header,
                    transactions=[block.transaction],
                    receipts=[block.receipt],
                )
        raise UnavailableError("memory chain", f"no block {anchor.block_hash.hex()}")

    def capture_finality(self, anchor: Anchor) -> FinalityStatement | None:
        """Link the anchor's block to the last final one by headers; see ``ports.Chain``."""
        final = self.finality().finalized
        shown = self._shown()
        if not anchor.block_number <= final <= len(shown):
            return None
        headers = tuple(block.header for block in shown[anchor.block_number : final])
        if len(headers) > MAX_LINK_HEADERS:
            return None
        block_hash = BlockHash(keccak(shown[final - 1].header))
        statement = FinalityStatement(final, block_hash, HeaderChain(headers))
        verify_finality(statement, anchor_number=anchor.block_number, anchor_hash=anchor.block_hash)
        return statement

    def _shown(self) -> list[MemoryBlock]:
        return self.blocks[: len(self.blocks) - self.hidden] if self.hidden else self.blocks

    def _published(self, blocks: list[MemoryBlock]) -> PublishedHead:
        for block in reversed(blocks):
            if block.anchor is not None:
                head = block.anchor.head
                return PublishedHead(head.size, head.root[:ROOT_PREFIX_BYTES])
        return PublishedHead(TreeSize(0), b"\0" * ROOT_PREFIX_BYTES)

    def _queue(self, transaction: bytes, sent: _Sent) -> None:
        """Add to the pool; a transaction of the same nonce gives way to a dearer one."""
        for rival in self.waiting:
            known = _parse(rival)
            if known.nonce != sent.nonce:
                continue
            pairs = (
                (sent.fees.max_fee, known.fees.max_fee),
                (sent.fees.priority_fee, known.fees.priority_fee),
            )
            if any(new * 100 < old * _PRICE_BUMP_PERCENT for new, old in pairs):
                raise UnavailableError("memory chain", "replacement transaction underpriced")
            self.waiting.remove(rival)
            break
        self.waiting.append(transaction)

    def _encode(self, plan: Plan, call: bytes) -> bytes:
        fees = [plan.fees.priority_fee, plan.fees.max_fee]
        fields = [
            *(self.chain_id, plan.nonce, *fees, _ANCHOR_GAS),
            *(self.contract, 0, call, [], 0, 0, 0),
        ]
        return bytes([2]) + bytes(rlp.encode(fields))

    def _append(self, transaction: bytes) -> None:
        number = len(self.blocks) + 1
        head = _parse(transaction).head if transaction else None
        previous = self._published(self.blocks).size
        anchor = None
        if head is not None and head.size > previous:
            anchor = Anchor(
                chain_id=self.chain_id,
                contract=self.contract,
                publisher=self.publisher,
                head=head,
                transaction_hash=TransactionHash(keccak(transaction)),
                block_number=BlockNumber(number),
                block_hash=BlockHash(b"\0" * HASH_BYTES),
            )
        self.blocks.append(
            build_block(
                anchor,
                transaction,
                parent=keccak(self.blocks[-1].header) if self.blocks else b"\0" * HASH_BYTES,
                number=number,
                timestamp=self.genesis_time + BLOCK_SECONDS * number,
                previous_size=previous,
                extra=self.branch,
            )
        )


def _parse(transaction: bytes) -> _Sent:
    """Return what matters of a transaction that ``sign_anchor`` or ``sign_foreign`` made."""
    try:
        fields = rlp.decode(transaction[1:], strict=True)
    except DecodingError as error:
        raise RejectedError("chain", "transaction does not decode") from error
    if transaction[:1] != b"\x02" or len(fields) != _FIELDS:
        raise RejectedError("chain", "transaction does not decode")
    nonce, tip, max_fee = (
        int.from_bytes(fields[place], "big") for place in (_NONCE_FIELD, _TIP_FIELD, _MAX_FEE_FIELD)
    )
    call = fields[_DATA_FIELD]
    head = None
    if call:
        size = TreeSize(int.from_bytes(call[4 : 4 + HASH_BYTES], "big"))
        head = Head(size, RootHash(call[4 + HASH_BYTES :]))
    return _Sent(nonce, Fees(Wei(max_fee), Wei(tip)), head)
