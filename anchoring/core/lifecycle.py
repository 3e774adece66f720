"""Life of an anchor, as a pure decision: from what is known, the one thing to do next.

L1. The chain must hold a prefix of our ledger: a larger size, or another root, is a divergence.
L2. An intent must be a prefix of our ledger too: a larger size means the ledger went backwards.
L3. A final anchor whose block is gone means another chain: stop. Any other anchor whose block is
    gone was reorganised: its record is withdrawn and its transactions are open again.
L4. A node that shows less than was recorded, while nothing recorded is gone, lags: nothing is sent.
L5. What the chain holds and the journal does not is recorded before anything else is sent.
L6. An anchor is included, then safe, then finalized, as its height is passed; one that is not final
    long after its inclusion is stalled.
L7. An intent is given up when its head, or its nonce, went to another transaction, or when a gap
    before its nonce stays open; given up as failed when the contract reverted it.
L8. A pending intent is sent again, the same bytes, before any newer head is signed.
L9. When no block includes it for some time, both fees rise by an eighth or more, never above the cap.
L10. Only the newest head is anchored, when the policy says so: sizes that were missed stay missed.
L11. An empty ledger, or one whose head is anchored and recorded, needs nothing.
L12. For an account from which another took over nothing is signed: what was sent is sent again, recorded and
    followed until it is final, and its fees stay.

At most one intent is worked on at a time, the one with the lowest nonce, and every transaction of an
intent has the same nonce; so a head is never anchored twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from anchoring.core.anchor_policy import AnchorPolicy, can_raise, is_due
from anchoring.core.anchor_states import (
    AnchorIntent,
    AnchorRecord,
    AnchorState,
    AttemptState,
    ChainChangedError,
    Finality,
    Nonce,
    Seconds,
    TransactionStatus,
    greatest_size,
    has_passed,
)
from anchoring.core.errors import DivergedError
from anchoring.core.types import (
    ROOT_PREFIX_BYTES,
    BlockHash,
    BlockNumber,
    Head,
    PublishedHead,
    RootHash,
    TreeSize,
)


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """What is known of the ledger."""

    head: Head
    """Its newest head."""
    root_at_published: RootHash | None
    """Its root at the published size, 32 bytes; None exactly if that size is 0 or beyond ours."""
    closed_size: TreeSize
    """Its size right after the last act that must be anchored at once, 0 if there is none."""


@dataclass(frozen=True, slots=True)
class JournalFacts:
    """What was intended and recorded."""

    intent: AnchorIntent | None
    """The open intent with the lowest nonce."""
    records: tuple[AnchorRecord, ...]
    """By size: the last final anchor if there is one, and every anchor that is not final."""


@dataclass(frozen=True, slots=True)
class ChainFacts:
    """What the node says."""

    next_nonce: Nonce
    """Nonce of the publisher's next transaction in the latest block; read before ``published``."""
    published: PublishedHead
    """What the registry holds."""
    finality: Finality
    """Safe and final heights; read before the block hashes."""
    block_hashes: tuple[BlockHash | None, ...]
    """Hash at the height of each record, in the order of the records, None beyond the last block."""
    statuses: tuple[TransactionStatus, ...]
    """Of each attempt of the intent, in their order."""


@dataclass(frozen=True, slots=True)
class WithdrawAnchors:
    """These anchors are no longer on the chain: forget their records, open their transactions."""

    records: tuple[AnchorRecord, ...]
    """What was recorded, by size."""


@dataclass(frozen=True, slots=True)
class RecordAnchor:
    """The chain holds an anchor that the journal lacks: find it, prove it, record it."""

    size: TreeSize
    """Anchored size."""


@dataclass(frozen=True, slots=True)
class MarkAnchor:
    """A recorded anchor changed its state."""

    record: AnchorRecord
    """What is recorded."""
    state: AnchorState
    """What it is now."""


@dataclass(frozen=True, slots=True)
class CloseIntent:
    """No transaction of the intent can succeed any more."""

    intent: AnchorIntent
    """What was stored."""
    state: AttemptState
    """``REPLACED`` or ``FAILED``."""


@dataclass(frozen=True, slots=True)
class BroadcastIntent:
    """Send the newest stored transaction, again or for the first time."""

    intent: AnchorIntent
    """What was stored."""
    state: AnchorState
    """``BROADCAST``, ``STALLED`` or ``FAILED``."""


@dataclass(frozen=True, slots=True)
class RaiseFees:
    """Sign the same head under the same nonce with higher fees, store it, send it."""

    intent: AnchorIntent
    """What was stored."""


@dataclass(frozen=True, slots=True)
class SignAnchor:
    """Sign a transaction for a head, store it, send it."""

    head: Head
    """Newest head of the ledger."""
    nonce: Nonce
    """Nonce to sign it with."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Do nothing until something changes."""

    state: AnchorState
    """Where the newest head stands."""


Action = (
    WithdrawAnchors
    | RecordAnchor
    | MarkAnchor
    | CloseIntent
    | BroadcastIntent
    | RaiseFees
    | SignAnchor
    | Rest
)
"""What the anchorer does next."""


def decide(
    *,
    ledger: LedgerFacts,
    journal: JournalFacts,
    chain: ChainFacts,
    policy: AnchorPolicy,
    now: Seconds,
) -> Action:
    """Return the next action; see rules L1 to L12.

    Args:
        ledger: What the ledger is.
        journal: What was intended and recorded.
        chain: What the node says.
        policy: When to anchor, and what to pay.
        now: Current time; may have jumped either way.

    Raises:
        DivergedError: L1 or L2 is broken.
        ChainChangedError: L3: a final anchor is gone.
    """
    _check_ledger(ledger, journal.intent, chain.published)
    action = _reconcile(journal.records, chain, policy, now)
    if action is not None:
        return action
    if journal.intent is not None:
        return _pursue(journal.intent, journal.records, chain, policy, now)
    return _advance(ledger, journal.records, chain, policy, now)


def record_state(
    number: BlockNumber,
    included_at: Seconds,
    *,
    finality: Finality,
    policy: AnchorPolicy,
    now: Seconds,
) -> AnchorState:
    """Return the state of a recorded anchor (L6).

    Args:
        number: Height of its block, whose hash is still the recorded one.
        included_at: When it was recorded.
        finality: Safe and final heights.
        policy: How long finality may take.
        now: Current time.
    """
    if number <= finality.finalized:
        return AnchorState.FINALIZED
    if now - included_at >= policy.finality_patience:
        return AnchorState.STALLED
    return AnchorState.SAFE if number <= finality.safe else AnchorState.INCLUDED


def _check_ledger(
    ledger: LedgerFacts, intent: AnchorIntent | None, published: PublishedHead
) -> None:
    """L1 and L2."""
    if published.size > 0:
        root = ledger.root_at_published
        if root is None:
            raise DivergedError(expected=f"size {ledger.head.size}", found=f"size {published.size}")
        if root[:ROOT_PREFIX_BYTES] != published.root_prefix:
            raise DivergedError(
                expected=f"root {root.hex()} at size {published.size}",
                found=f"root prefix {published.root_prefix.hex()}",
            )
    if intent is not None and intent.head.size > ledger.head.size:
        raise DivergedError(
            expected=f"size {ledger.head.size}", found=f"an own intent of size {intent.head.size}"
        )


def _reconcile(
    records: tuple[AnchorRecord, ...], chain: ChainFacts, policy: AnchorPolicy, now: Seconds
) -> WithdrawAnchors | Rest | RecordAnchor | MarkAnchor | None:
    """L3 to L6: what to do until the journal says what the chain says, None once it does."""
    gone = _withdrawn(records, chain.block_hashes)
    if gone:
        return WithdrawAnchors(gone)
    recorded_size = greatest_size(records)
    if chain.published.size < recorded_size or None in chain.block_hashes:
        return Rest(AnchorState.BEHIND)
    if chain.published.size > recorded_size:
        return RecordAnchor(chain.published.size)
    return _marked(records, chain.finality, policy, now)


def _withdrawn(
    records: Sequence[AnchorRecord], hashes: Sequence[BlockHash | None]
) -> tuple[AnchorRecord, ...]:
    """L3: once a block is gone, so is every later one, even where the new branch is shorter yet."""
    for position, (record, found) in enumerate(zip(records, hashes, strict=True)):
        if found is None or found == record.anchor.block_hash:
            continue
        if record.state is AnchorState.FINALIZED:
            raise ChainChangedError(
                f"final block {record.anchor.block_number}",
                expected=record.anchor.block_hash.hex(),
                found=found.hex(),
            )
        return tuple(records[position:])
    return ()


def _marked(
    records: Sequence[AnchorRecord], finality: Finality, policy: AnchorPolicy, now: Seconds
) -> MarkAnchor | None:
    """L6."""
    for record in records:
        if record.state is AnchorState.FINALIZED:
            continue
        state = record_state(
            record.anchor.block_number,
            record.included_at,
            finality=finality,
            policy=policy,
            now=now,
        )
        if state is not record.state:
            return MarkAnchor(record, state)
    return None


def _pursue(
    intent: AnchorIntent,
    records: tuple[AnchorRecord, ...],
    chain: ChainFacts,
    policy: AnchorPolicy,
    now: Seconds,
) -> CloseIntent | BroadcastIntent | RaiseFees | Rest:
    """L7 to L9, L12."""
    # After a reorganisation several intents wait for each other: only the lack of progress counts.
    since = [intent.newest.opened_at, *(record.included_at for record in records[-1:])]
    waits = all(has_passed(moment, policy.raise_after, now=now) for moment in since)
    closed = _closed(intent, chain, waits=waits)
    if closed is not None:
        return CloseIntent(intent, closed)
    if TransactionStatus.INCLUDED in chain.statuses:
        # The node shows the transaction and not yet what it did.
        return Rest(AnchorState.BEHIND)
    if waits and can_raise(intent.newest.fees, policy):
        return RaiseFees(intent)
    if waits and not policy.settles_only:
        return BroadcastIntent(intent, AnchorState.FAILED)
    stalled = now - intent.attempts[0].opened_at >= policy.inclusion_patience
    return BroadcastIntent(intent, AnchorState.STALLED if stalled else AnchorState.BROADCAST)


def _closed(intent: AnchorIntent, chain: ChainFacts, *, waits: bool) -> AttemptState | None:
    """L7: what became of an intent that cannot succeed, None while it can."""
    if intent.head.size <= chain.published.size:
        return AttemptState.REPLACED
    if TransactionStatus.REVERTED in chain.statuses:
        return AttemptState.FAILED
    if TransactionStatus.INCLUDED in chain.statuses:
        return None
    overtaken = chain.next_nonce > intent.nonce
    gap = chain.next_nonce < intent.nonce
    return AttemptState.REPLACED if overtaken or (gap and waits) else None


def _advance(
    ledger: LedgerFacts,
    records: tuple[AnchorRecord, ...],
    chain: ChainFacts,
    policy: AnchorPolicy,
    now: Seconds,
) -> SignAnchor | Rest:
    """L10 and L11."""
    newest = records[-1] if records else None
    entries = ledger.head.size - chain.published.size
    if entries == 0:
        return Rest(AnchorState.EMPTY if newest is None else newest.state)
    due = is_due(
        policy,
        entries=entries,
        last_anchored_at=None if newest is None else newest.included_at,
        closing_waits=ledger.closed_size > chain.published.size,
        now=now,
    )
    return SignAnchor(ledger.head, chain.next_nonce) if due else Rest(AnchorState.PENDING)
