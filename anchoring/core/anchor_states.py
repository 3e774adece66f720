"""What is known of an anchor on its way: fees, signed attempts, records, finality, and what stops it.

Times are whole seconds since the epoch; fees are wei per gas, as EIP-1559 names them
(https://eips.ethereum.org/EIPS/eip-1559).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from anchoring.core.errors import AnchoringError
from anchoring.core.types import Anchor, BlockHash, BlockNumber, Head, TransactionHash, TreeSize

Wei = NewType("Wei", int)
"""An amount, or a price of one gas, in wei."""

Nonce = NewType("Nonce", int)
"""Number of an account's transaction, from 0 without gaps."""

Seconds = NewType("Seconds", int)
"""A moment in seconds since the epoch, or a duration in seconds."""


class AnchorState(StrEnum):
    """Where one head of the ledger stands on one chain."""

    EMPTY = "empty"
    """The ledger has no entry: there is nothing to anchor."""
    PENDING = "pending"
    """No transaction for it was stored: the policy lets it wait, or it comes next."""
    BROADCAST = "broadcast"
    """A stored transaction carries it, or an older head, and no block includes it yet."""
    BEHIND = "behind"
    """The node shows less than was recorded, though nothing recorded is gone: it lags."""
    INCLUDED = "included"
    """A block includes it and its evidence is recorded."""
    SAFE = "safe"
    """Its block is safe: not reorganised if most validators are honest and the network works."""
    FINALIZED = "finalized"
    """Its block is final: not reorganised without intervention of the community."""
    STALLED = "stalled"
    """Nothing included it, or finality did not reach it, for longer than the policy bears."""
    FAILED = "failed"
    """Its fees reached the cap without success, or the contract refused it."""


class AttemptState(StrEnum):
    """What became of one signed transaction."""

    OPEN = "open"
    """It may be included at any time."""
    INCLUDED = "included"
    """It made the recorded anchor."""
    REPLACED = "replaced"
    """Its nonce, or its head, went to another transaction."""
    REORGED = "reorged"
    """Its block was reorganised away, and it is open again."""
    FAILED = "failed"
    """The contract refused it."""


OPEN_STATES = (AttemptState.OPEN, AttemptState.REORGED)
"""States of attempts that may still be included."""


class TransactionStatus(StrEnum):
    """What a node says of one transaction hash."""

    UNKNOWN = "unknown"
    """It does not know it: never received, forgotten, or replaced."""
    WAITING = "waiting"
    """It holds it; no block includes it."""
    INCLUDED = "included"
    """A block of its chain includes it, and it succeeded."""
    REVERTED = "reverted"
    """A block of its chain includes it, and the contract refused it."""


@dataclass(frozen=True, slots=True)
class Fees:
    """Both prices of an EIP-1559 transaction."""

    max_fee: Wei
    """Most paid per gas, base fee included."""
    priority_fee: Wei
    """Paid to the block's proposer per gas, at most ``max_fee``."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is chosen before a transaction is signed."""

    nonce: Nonce
    """Number of the transaction."""
    fees: Fees
    """Its prices."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One signed transaction, stored before it is sent; its call data are in its bytes."""

    head: Head
    """What it anchors."""
    nonce: Nonce
    """Its nonce."""
    fees: Fees
    """Its prices."""
    signed_transaction: bytes
    """Its exact bytes: sending them again is harmless."""
    transaction_hash: TransactionHash
    """Keccak-256 of the bytes."""
    opened_at: Seconds
    """When it was signed, or opened again because its block was reorganised away."""


@dataclass(frozen=True, slots=True)
class AnchorIntent:
    """A head on its way under one nonce: at most one of the attempts can ever be included."""

    attempts: tuple[Attempt, ...]
    """Every transaction signed for that head and nonce, cheapest and oldest first; at least one."""

    @property
    def head(self) -> Head:
        """What it anchors."""
        return self.attempts[0].head

    @property
    def nonce(self) -> Nonce:
        """Nonce of every attempt."""
        return self.attempts[0].nonce

    @property
    def newest(self) -> Attempt:
        """The attempt with the highest fees: the only one that is sent."""
        return self.attempts[-1]


@dataclass(frozen=True, slots=True)
class AnchorRecord:
    """A proven anchor in the journal."""

    anchor: Anchor
    """The anchor."""
    state: AnchorState
    """``INCLUDED``, ``SAFE``, ``FINALIZED``, or ``STALLED`` for one that waits long to be final."""
    included_at: Seconds
    """When it was recorded, by our clock."""


@dataclass(frozen=True, slots=True)
class Finality:
    """Heights that a node names safe and final; 0 where it names none."""

    safe: BlockNumber
    """Last safe block."""
    finalized: BlockNumber
    """Last final block, at most ``safe`` on a healthy chain."""


class ChainChangedError(AnchoringError):
    """The chain is another one than it was: wiped, replaced, or rewritten below a final block.

    Args:
        fact: What changed ("genesis", "registry code", "final block 12").
        expected: What it was, in hexadecimal.
        found: What it is, in hexadecimal; empty where there is nothing.
    """

    def __init__(self, fact: str, *, expected: str, found: str) -> None:
        super().__init__(fact, expected, found)
        self.fact = fact
        self.expected = expected
        self.found = found

    def __str__(self) -> str:
        return (
            f"the chain is not the one that was anchored on: {self.fact} was {self.expected},"
            f" is {self.found or 'missing'}; stop anchoring, keep the recorded evidence, and"
            " anchor on a new chain"
        )


class NodesDisagreeError(AnchoringError):
    """Two nodes give different hashes for a block that one of them calls final: one of them lies.

    Args:
        number: Height of the block.
        first: Hash that the anchoring node gives.
        second: Hash that the other node gives.
    """

    def __init__(self, number: BlockNumber, *, first: BlockHash, second: BlockHash) -> None:
        super().__init__(number, first, second)
        self.number = number
        self.first = first
        self.second = second

    def __str__(self) -> str:
        return (
            f"two nodes disagree on final block {self.number}: {self.first.hex()} and"
            f" {self.second.hex()}; stop anchoring and find out which of them lies"
        )


class LeaseHeldError(AnchoringError):
    """Another anchorer works on this journal: this one must stop.

    Args:
        owner: Who holds the lease.
        until: Until when, unless it is renewed.
    """

    def __init__(self, owner: str, until: Seconds) -> None:
        super().__init__(owner, until)
        self.owner = owner
        self.until = until

    def __str__(self) -> str:
        return (
            f"another anchorer, {self.owner}, holds the journal until {self.until} s after the"
            " epoch; only one may run"
        )


@dataclass(frozen=True, slots=True)
class Lease:
    """Who may write a journal."""

    owner: str
    """Name of the anchorer, unique among those that could run at the same time."""
    until: Seconds
    """When it lapses."""


def has_passed(since: Seconds, patience: Seconds, *, now: Seconds) -> bool:
    """Tell whether ``patience`` is over; a moment in the future means that the clock was set back.

    Waiting for the clock to reach it again could take any time, so it counts as over.
    """
    return not 0 <= now - since < patience


def may_claim(held: Lease | None, owner: str, now: Seconds) -> bool:
    """Tell whether ``owner`` may take or renew the lease: free, its own, or lapsed."""
    return held is None or held.owner == owner or held.until <= now


def greatest_size(records: tuple[AnchorRecord, ...]) -> TreeSize:
    """Return the greatest recorded size, 0 if nothing is recorded."""
    return max((record.anchor.head.size for record in records), default=TreeSize(0))
