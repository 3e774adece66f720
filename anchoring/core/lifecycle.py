"""Life of an anchor, as a pure decision: from what is known, the one thing to do next.

L1. The chain must hold a prefix of our ledger: a larger size, or another root, is a divergence.
L2. An intent must be a prefix of our ledger too: a larger size means the ledger went backwards.
L3. What the chain holds and the journal does not is recorded before anything else is sent.
L4. A chain that shows less than was recorded is behind: nothing is sent until it catches up.
L5. A pending intent is sent again, the same bytes, before any newer head is signed.
L6. Only the newest head is anchored: sizes that were missed between two anchors stay missed.
L7. An empty ledger, or one whose head is anchored and recorded, needs nothing.

A head is *pending* until an intent for it is stored, *broadcast* until a block includes it, then
*included*. At most one intent exists at a time, so a head is never anchored twice.
"""

from dataclasses import dataclass
from enum import StrEnum

from anchoring.core.errors import DivergedError
from anchoring.core.types import ROOT_PREFIX_BYTES, Head, PublishedHead, RootHash, TreeSize


class AnchorState(StrEnum):
    """Where the newest head of the ledger stands."""

    EMPTY = "empty"
    """The ledger has no entry: there is nothing to anchor."""
    PENDING = "pending"
    """No transaction for it was stored yet."""
    BROADCAST = "broadcast"
    """A stored transaction carries it, or an older head, and no block includes it yet."""
    BEHIND = "behind"
    """The chain shows less than was recorded: it lags, or was reorganised."""
    INCLUDED = "included"
    """A block includes it and its evidence is recorded."""


@dataclass(frozen=True, slots=True)
class AnchorIntent:
    """A signed transaction, stored before it is sent."""

    head: Head
    """What it anchors."""
    signed_transaction: bytes
    """Its exact bytes: sending them again is harmless."""


@dataclass(frozen=True, slots=True)
class RecordAnchor:
    """The chain holds an anchor that the journal lacks: find it, prove it, record it."""

    size: TreeSize
    """Anchored size."""


@dataclass(frozen=True, slots=True)
class BroadcastIntent:
    """Send the stored transaction, again or for the first time."""

    intent: AnchorIntent
    """What was stored."""


@dataclass(frozen=True, slots=True)
class SignAnchor:
    """Sign a transaction for a head, store it, send it."""

    head: Head
    """Newest head of the ledger."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Do nothing until something changes."""

    state: AnchorState
    """Why: ``EMPTY``, ``BEHIND`` or ``INCLUDED``."""


Action = RecordAnchor | BroadcastIntent | SignAnchor | Rest
"""What the anchorer does next."""


def decide(
    *,
    ledger_head: Head,
    published: PublishedHead,
    published_root_in_ledger: RootHash | None,
    intent: AnchorIntent | None,
    recorded_size: TreeSize,
) -> Action:
    """Return the next action; see rules L1 to L7.

    Args:
        ledger_head: Newest head of the ledger.
        published: What the registry holds.
        published_root_in_ledger: Our root at ``published.size``, 32 bytes; None exactly if that
            size is 0 or greater than ours.
        intent: The stored transaction that no record has settled, if any.
        recorded_size: Size of the last recorded anchor, 0 if none.

    Raises:
        DivergedError: L1 or L2 is broken.
    """
    _check_prefix(ledger_head, published, published_root_in_ledger)
    if intent is not None and intent.head.size > ledger_head.size:
        raise DivergedError(
            expected=f"size {ledger_head.size}", found=f"an own intent of size {intent.head.size}"
        )
    if published.size < recorded_size:
        return Rest(AnchorState.BEHIND)
    settled = intent is not None and intent.head.size <= published.size
    if published.size > recorded_size or settled:
        return RecordAnchor(published.size)
    if intent is not None:
        return BroadcastIntent(intent)
    if ledger_head.size > published.size:
        return SignAnchor(ledger_head)
    return Rest(AnchorState.INCLUDED if ledger_head.size else AnchorState.EMPTY)


def _check_prefix(
    ledger_head: Head, published: PublishedHead, published_root_in_ledger: RootHash | None
) -> None:
    """L1."""
    if published.size == 0:
        return
    if published_root_in_ledger is None:
        raise DivergedError(expected=f"size {ledger_head.size}", found=f"size {published.size}")
    if published_root_in_ledger[:ROOT_PREFIX_BYTES] != published.root_prefix:
        raise DivergedError(
            expected=f"root {published_root_in_ledger.hex()} at size {published.size}",
            found=f"root prefix {published.root_prefix.hex()}",
        )
