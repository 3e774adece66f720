"""Builds the facts of core.lifecycle from sizes, all of one history unless told otherwise."""

from dataclasses import dataclass, replace

from anchoring.core.anchor_policy import AnchorPolicy
from anchoring.core.anchor_states import (
    AnchorIntent,
    AnchorRecord,
    AnchorState,
    Attempt,
    Fees,
    Finality,
    Nonce,
    Seconds,
    TransactionStatus,
    Wei,
)
from anchoring.core.lifecycle import Action, ChainFacts, JournalFacts, LedgerFacts, decide
from anchoring.core.types import (
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
from tests.support.chain_world import head_of

NOW = Seconds(1_000_000)
"""Current time of every case."""

POLICY = AnchorPolicy(
    raise_after=Seconds(100),
    max_fee_cap=Wei(1_000),
    inclusion_patience=Seconds(500),
    finality_patience=Seconds(900),
)
"""Round numbers."""


@dataclass(frozen=True)
class Case:
    """One situation; ``records`` are (size, block, state, age in seconds)."""

    ledger: int = 0
    published: int = 0
    records: tuple[tuple[int, int, AnchorState, int], ...] = ()
    intended: int | None = None
    nonce: int = 0
    next_nonce: int = 0
    fees: tuple[int, ...] = (100,)
    ages: tuple[int, ...] = (0,)
    statuses: tuple[TransactionStatus, ...] = ()
    finality: tuple[int, int] = (0, 0)
    hashes: tuple[int | None, ...] | None = None
    closed: int = 0
    policy: AnchorPolicy = POLICY
    prefix: bytes | None = None
    root: RootHash | None = None

    def decide(self, **changes: object) -> Action:
        """Decide this case with some fields changed."""
        case = replace(self, **changes)  # type: ignore[arg-type]  # fields of this class
        return case.decided()

    def intent(self) -> AnchorIntent | None:
        """The stored intent; its attempts have the given fees and ages, oldest first."""
        if self.intended is None:
            return None
        attempts = [
            attempt_at(self.intended, nonce=self.nonce, fee=fee, age=age)
            for fee, age in zip(self.fees, self.ages, strict=True)
        ]
        return AnchorIntent(tuple(attempts))

    def stored(self) -> tuple[AnchorRecord, ...]:
        """The recorded anchors."""
        return tuple(record_at(*record) for record in self.records)

    def decided(self) -> Action:
        """Decide this case."""
        intent = self.intent()
        unknown = (TransactionStatus.UNKNOWN,) * (len(intent.attempts) if intent else 0)
        known = 0 < self.published <= self.ledger
        in_ledger = self.root or head_of(self.published).root
        prefix = self.prefix if self.prefix is not None else published_prefix(self.published)
        return decide(
            ledger=LedgerFacts(
                head_of(self.ledger), in_ledger if known else None, TreeSize(self.closed)
            ),
            journal=JournalFacts(intent, self.stored()),
            chain=ChainFacts(
                next_nonce=Nonce(self.next_nonce),
                published=PublishedHead(TreeSize(self.published), prefix),
                finality=Finality(BlockNumber(self.finality[0]), BlockNumber(self.finality[1])),
                block_hashes=self._hashes(),
                statuses=self.statuses or unknown,
            ),
            policy=self.policy,
            now=NOW,
        )

    def _hashes(self) -> tuple[BlockHash | None, ...]:
        if self.hashes is None:
            return tuple(record.anchor.block_hash for record in self.stored())
        return tuple(None if number is None else block_hash(number) for number in self.hashes)


def published_prefix(size: int) -> bytes:
    """What the contract keeps of the root of that size."""
    return head_of(size).root[:24] if size else b"\0" * 24


def block_hash(number: int) -> BlockHash:
    """A hash that stands for that number."""
    return BlockHash(number.to_bytes(32, "big"))


def record_at(size: int, block: int, state: AnchorState, age: int) -> AnchorRecord:
    """A record of that size in that block, made that many seconds ago."""
    anchor = Anchor(
        chain_id=ChainId(1),
        contract=Address(b"\1" * 20),
        publisher=Address(b"\2" * 20),
        head=head_of(size),
        transaction_hash=TransactionHash(b"\3" * 32),
        block_number=BlockNumber(block),
        block_hash=block_hash(block),
    )
    return AnchorRecord(anchor, state, Seconds(NOW - age))


def attempt_at(size: int, *, nonce: int = 0, fee: int = 100, age: int = 0) -> Attempt:
    """An attempt for that size, signed that many seconds ago."""
    head: Head = head_of(size)
    signed = b"%d %d %d" % (size, nonce, fee)
    fees = Fees(Wei(fee), Wei(fee // 10))
    return Attempt(
        head, Nonce(nonce), fees, signed, TransactionHash(signed.rjust(32)), Seconds(NOW - age)
    )
