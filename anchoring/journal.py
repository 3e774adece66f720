"""What the anchorer remembers: the port of its journal; the docstring is its contract.

Every implementation, fakes included, passes the contract suite in ``tests/support``.
"""

from typing import Protocol

from anchoring.core.anchor_states import (
    AnchorIntent,
    AnchorRecord,
    AnchorState,
    Attempt,
    AttemptState,
    Nonce,
    Seconds,
)
from anchoring.core.evidence import Evidence
from anchoring.core.finality import FinalityStatement
from anchoring.core.types import Anchor, TreeSize


class AnchorJournal(Protocol):
    """What the anchorer remembers of one ledger on one chain, as one publisher.

    The journals of several publishers of one ledger on one chain know nothing of each other.

    Durability: each method returns after its change is on stable storage, and each change is
    atomic. Idempotence: repeating a call with equal arguments changes nothing. Only the holder of
    the lease writes; readers may be many.
    """

    def claim(self, owner: str, *, now: Seconds, until: Seconds) -> None:
        """Take or renew the lease, in one compare-and-set.

        Args:
            owner: Who claims it, 1 to 255 characters.
            now: Current time.
            until: When it lapses unless renewed.

        Raises:
            LeaseHeldError: Another owner's lease has not lapsed; nothing changed.
        """
        ...

    def release(self, owner: str) -> None:
        """Give the lease up; nothing happens if another owner holds it."""
        ...

    def intent(self) -> AnchorIntent | None:
        """Return the open attempts of the lowest nonce, None if no attempt is open."""
        ...

    def attempts_of(self, nonce: Nonce) -> tuple[Attempt, ...]:
        """Return every attempt ever saved under a nonce, oldest first, whatever became of it."""
        ...

    def save_attempt(self, attempt: Attempt) -> None:
        """Store a signed transaction; called before its bytes are sent.

        Raises:
            RejectedError: Another head, or the same under another nonce, is the open intent.
        """
        ...

    def close_intent(self, intent: AnchorIntent, state: AttemptState) -> None:
        """Say what became of attempts that can never make an anchor; others stay open.

        Args:
            intent: The attempts.
            state: ``REPLACED`` or ``FAILED``.
        """
        ...

    def record(
        self, anchor: Anchor, evidence: Evidence, *, state: AnchorState, at: Seconds
    ) -> None:
        """Store a proven anchor, and close every open attempt of a size that is not greater.

        Both in one transaction. The attempt that made the anchor becomes ``INCLUDED``, the others
        ``REPLACED``. A record of the same size is replaced.

        Args:
            anchor: What is proven.
            evidence: What proves it.
            state: ``INCLUDED``, ``SAFE``, ``FINALIZED`` or ``STALLED``.
            at: When it was first recorded in that block.

        Raises:
            RejectedError: The anchor is of another chain or publisher.
        """
        ...

    def record_finality(self, anchor: Anchor, statement: FinalityStatement) -> None:
        """Keep what ties an anchor to a final block; nothing happens if exactly it is not recorded."""
        ...

    def mark(self, anchor: Anchor, state: AnchorState) -> None:
        """Change the state of a recorded anchor; nothing happens if exactly it is not recorded."""
        ...

    def withdraw(self, anchor: Anchor, *, at: Seconds) -> None:
        """Forget a recorded anchor that was reorganised away, and open its attempts again.

        Both in one transaction. Every attempt under the nonce of the one that made it, for the same
        head, becomes ``REORGED``. Nothing happens if exactly it is not recorded.

        Args:
            anchor: What was recorded.
            at: When its attempts are open again.
        """
        ...

    def records(self) -> tuple[AnchorRecord, ...]:
        """Return by size the greatest final anchor, if any, and every anchor that is not final."""
        ...

    def recorded_size(self) -> TreeSize:
        """Return the greatest recorded size, 0 if there is none."""
        ...
