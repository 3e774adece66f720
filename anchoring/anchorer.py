"""The anchorer: reconciles a ledger, its journal and a chain, one step at a time.

It keeps no state of its own, so it can be stopped anywhere and started again: every step reads the
three again and lets ``core.lifecycle`` decide. The order of writes does the rest: the intent is
stored before it is sent, the evidence before the intent is forgotten.
"""

from dataclasses import dataclass
from typing import Final

from anchoring.core.errors import DivergedError, RejectedError, UnavailableError
from anchoring.core.evidence import Evidence, verify_evidence
from anchoring.core.lifecycle import (
    Action,
    AnchorIntent,
    AnchorState,
    BroadcastIntent,
    RecordAnchor,
    Rest,
    SignAnchor,
    decide,
)
from anchoring.core.types import Anchor, Head, PublishedHead, TransactionHash, TreeSize
from anchoring.ports import AnchorJournal, Chain, LedgerHeads

MAX_ACTIONS: Final = 6
"""Bound on the actions of one step: the longest is resend, record, sign, record, rest."""


@dataclass(frozen=True, slots=True)
class StepReport:
    """What one step found and did."""

    state: AnchorState
    """Where the newest head of the ledger stands now."""
    ledger_head: Head
    """Newest head of the ledger when the step ended."""
    published: PublishedHead
    """What the chain held when the step ended."""
    recorded: tuple[Anchor, ...]
    """Anchors that this step proved and recorded, smallest size first."""
    transaction_hash: TransactionHash | None
    """The transaction that this step sent, if any."""


class Anchorer:
    """Anchors one ledger on one chain.

    Args:
        ledger: Heads of the ledger.
        journal: What was intended and recorded, for this ledger on this chain.
        chain: The publisher's view of the registry.
    """

    def __init__(self, *, ledger: LedgerHeads, journal: AnchorJournal, chain: Chain) -> None:
        self._ledger = ledger
        self._journal = journal
        self._chain = chain

    def step(self) -> StepReport:
        """Do what can be done now; calling again is always safe.

        Returns:
            The report; a transaction that no block includes yet leaves ``BROADCAST``.

        Raises:
            DivergedError: Ledger and chain disagree: stop, tell a person.
            RejectedError: The chain refused a transaction for good; the intent was dropped and the
                next step starts afresh.
            UnavailableError: The chain did not answer; try again later.
            VerificationError: The node's evidence does not prove the anchor.
        """
        recorded: list[Anchor] = []
        sent: TransactionHash | None = None
        for _ in range(MAX_ACTIONS):
            head, published, action = self._observe()
            match action:
                case RecordAnchor(size):
                    recorded.extend(self._record(size))
                case SignAnchor(newest):
                    intent = AnchorIntent(newest, self._chain.sign_anchor(newest))
                    self._journal.save_intent(intent)
                    sent = self._broadcast(intent)
                case BroadcastIntent(intent) if sent is None:
                    sent = self._broadcast(intent)
                case _:
                    break
        return StepReport(_state_of(action), head, published, tuple(recorded), sent)

    def _observe(self) -> tuple[Head, PublishedHead, Action]:
        """Read chain before ledger: the ledger only grows, so it can be ahead, never behind."""
        published = self._chain.published_head()
        intent = self._journal.intent()
        recorded_size = self._journal.recorded_size()
        head = self._ledger.head()
        known = 0 < published.size <= head.size
        action = decide(
            ledger_head=head,
            published=published,
            published_root_in_ledger=self._ledger.root_at(published.size) if known else None,
            intent=intent,
            recorded_size=recorded_size,
        )
        return head, published, action

    def _broadcast(self, intent: AnchorIntent) -> TransactionHash | None:
        """Send the stored bytes; None if the chain refuses them because it holds the head already."""
        try:
            return self._chain.broadcast(intent.signed_transaction)
        except RejectedError:
            if self._chain.published_head().size >= intent.head.size:
                return None
            self._journal.drop_intent(intent)
            raise

    def _record(self, size: TreeSize) -> list[Anchor]:
        """Prove and record the anchor of ``size`` and every unrecorded one before it."""
        floor = self._journal.recorded_size()
        proven: list[tuple[Anchor, Evidence]] = []
        while size > floor or not proven:
            anchor = self._chain.find_anchor(size)
            if anchor is None:
                raise UnavailableError("chain", "it holds a head whose event it does not show yet")
            evidence = self._chain.capture_evidence(anchor)
            proven.append((anchor, evidence))
            size = verify_evidence(evidence, anchor).previous_size
        proven.reverse()
        for anchor, evidence in proven:
            root = self._ledger.root_at(anchor.head.size)
            if root != anchor.head.root:
                raise DivergedError(
                    expected=f"root {root.hex()} at size {anchor.head.size}",
                    found=f"root {anchor.head.root.hex()}",
                )
            self._journal.record(anchor, evidence)
        return [anchor for anchor, _ in proven]


def _state_of(action: Action) -> AnchorState:
    match action:
        case Rest(state):
            return state
        case BroadcastIntent():
            return AnchorState.BROADCAST
        case _:
            return AnchorState.PENDING
