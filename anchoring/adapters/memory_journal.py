"""A journal in memory, for tests and dry runs; it passes the suite of its port."""

from dataclasses import dataclass, field, replace

from anchoring.core.anchor_states import (
    OPEN_STATES,
    AnchorIntent,
    AnchorRecord,
    AnchorState,
    Attempt,
    AttemptState,
    Lease,
    LeaseHeldError,
    Nonce,
    Seconds,
    may_claim,
)
from anchoring.core.errors import RejectedError
from anchoring.core.evidence import Evidence
from anchoring.core.finality import FinalityStatement
from anchoring.core.types import Address, Anchor, TransactionHash, TreeSize


@dataclass(slots=True)
class MemoryJournal:
    """Implements ``journal.AnchorJournal`` without durability."""

    attempts: dict[TransactionHash, tuple[Attempt, AttemptState]] = field(default_factory=dict)
    """Every attempt ever saved, and what became of it, in the order of saving."""
    anchors: dict[TreeSize, tuple[AnchorRecord, Evidence]] = field(default_factory=dict)
    """Recorded anchors by size."""
    finalities: dict[TreeSize, FinalityStatement] = field(default_factory=dict)
    """What ties recorded anchors to final blocks, by size."""
    lease: Lease | None = None
    """Who may write."""
    publisher: Address | None = None
    """Account whose anchors alone it takes, 20 bytes; None: whoever the one chain's is."""

    def claim(self, owner: str, *, now: Seconds, until: Seconds) -> None:
        """Take or renew the lease; see ``journal.AnchorJournal``."""
        held = self.lease
        if held is not None and not may_claim(held, owner, now):
            raise LeaseHeldError(held.owner, held.until)
        self.lease = Lease(owner, until)

    def release(self, owner: str) -> None:
        """Give the lease up; see ``journal.AnchorJournal``."""
        if self.lease is not None and self.lease.owner == owner:
            self.lease = None

    def intent(self) -> AnchorIntent | None:
        """Return the open attempts of the lowest nonce; see ``journal.AnchorJournal``."""
        still_open = [one for one, state in self.attempts.values() if state in OPEN_STATES]
        if not still_open:
            return None
        nonce = min(attempt.nonce for attempt in still_open)
        return AnchorIntent(tuple(attempt for attempt in still_open if attempt.nonce == nonce))

    def attempts_of(self, nonce: Nonce) -> tuple[Attempt, ...]:
        """Return every attempt under a nonce; see ``journal.AnchorJournal``."""
        return tuple(one for one, _ in self.attempts.values() if one.nonce == nonce)

    def save_attempt(self, attempt: Attempt) -> None:
        """Store the attempt; see ``journal.AnchorJournal``."""
        intent = self.intent()
        if intent is not None and (intent.head, intent.nonce) != (attempt.head, attempt.nonce):
            raise RejectedError("journal", f"an intent of size {intent.head.size} is stored")
        if attempt.transaction_hash not in self.attempts:
            self.attempts[attempt.transaction_hash] = (attempt, AttemptState.OPEN)

    def close_intent(self, intent: AnchorIntent, state: AttemptState) -> None:
        """Close these attempts; see ``journal.AnchorJournal``."""
        for attempt in intent.attempts:
            stored = self.attempts.get(attempt.transaction_hash)
            if stored is not None and stored[1] in OPEN_STATES:
                self.attempts[attempt.transaction_hash] = (attempt, state)

    def record(
        self, anchor: Anchor, evidence: Evidence, *, state: AnchorState, at: Seconds
    ) -> None:
        """Store a proven anchor and close attempts; see ``journal.AnchorJournal``."""
        if self.publisher not in {None, anchor.publisher}:
            raise RejectedError("journal", f"an anchor by 0x{anchor.publisher.hex()}")
        self.anchors[anchor.head.size] = (AnchorRecord(anchor, state, at), evidence)
        for key, (attempt, known) in self.attempts.items():
            if key == anchor.transaction_hash:
                self.attempts[key] = (attempt, AttemptState.INCLUDED)
            elif known in OPEN_STATES and attempt.head.size <= anchor.head.size:
                self.attempts[key] = (attempt, AttemptState.REPLACED)

    def record_finality(self, anchor: Anchor, statement: FinalityStatement) -> None:
        """Keep the statement; see ``journal.AnchorJournal``."""
        stored = self.anchors.get(anchor.head.size)
        if stored is not None and stored[0].anchor == anchor:
            self.finalities[anchor.head.size] = statement

    def mark(self, anchor: Anchor, state: AnchorState) -> None:
        """Change a state; see ``journal.AnchorJournal``."""
        stored = self.anchors.get(anchor.head.size)
        if stored is not None and stored[0].anchor == anchor:
            self.anchors[anchor.head.size] = (replace(stored[0], state=state), stored[1])

    def withdraw(self, anchor: Anchor, *, at: Seconds) -> None:
        """Forget an anchor and open its attempts; see ``journal.AnchorJournal``."""
        stored = self.anchors.get(anchor.head.size)
        if stored is None or stored[0].anchor != anchor:
            return
        del self.anchors[anchor.head.size]
        self.finalities.pop(anchor.head.size, None)
        made = self.attempts.get(anchor.transaction_hash)
        if made is None:
            return
        for key, (attempt, _) in self.attempts.items():
            if (attempt.nonce, attempt.head) == (made[0].nonce, made[0].head):
                self.attempts[key] = (replace(attempt, opened_at=at), AttemptState.REORGED)

    def records(self) -> tuple[AnchorRecord, ...]:
        """Return the last final anchor and the others; see ``journal.AnchorJournal``."""
        ordered = [self.anchors[size][0] for size in sorted(self.anchors)]
        final = [one for one in ordered if one.state is AnchorState.FINALIZED][-1:]
        return tuple(
            one for one in ordered if one.state is not AnchorState.FINALIZED or one in final
        )

    def recorded_size(self) -> TreeSize:
        """Return the greatest recorded size; see ``journal.AnchorJournal``."""
        return max(self.anchors, default=TreeSize(0))
