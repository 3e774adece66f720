"""The anchorer: reconciles a ledger, its journal and a chain, one step at a time.

It keeps no state of its own, so it can be stopped anywhere and started again: every step reads the
three again and lets ``core.lifecycle`` decide. The order of writes does the rest: a transaction is
stored before it is sent, the evidence before the intent is forgotten. A lease in the journal keeps
a second anchorer out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from eth_hash.auto import keccak

from anchoring.core.anchor_policy import AnchorPolicy, opening_fees
from anchoring.core.anchor_states import (
    AnchorIntent,
    AnchorRecord,
    AnchorState,
    Attempt,
    AttemptState,
    ChainChangedError,
    Finality,
    LeaseHeldError,
    NodesDisagreeError,
    Nonce,
    Plan,
    Seconds,
    has_passed,
)
from anchoring.core.errors import DivergedError, RejectedError, UnavailableError
from anchoring.core.evidence import Evidence, verify_evidence
from anchoring.core.lifecycle import (
    Action,
    BroadcastIntent,
    ChainFacts,
    CloseIntent,
    JournalFacts,
    LedgerFacts,
    MarkAnchor,
    RaiseFees,
    RecordAnchor,
    Rest,
    SignAnchor,
    WithdrawAnchors,
    decide,
    record_state,
)
from anchoring.core.types import Anchor, Head, PublishedHead, TransactionHash, TreeSize
from anchoring.journal import AnchorJournal
from anchoring.ports import BlockSource, Chain, Clock, LedgerHeads

MAX_ACTIONS: Final = 64
"""Bound on the actions of one step; what is left over is done by the next. Resending and recording
twenty anchors that one reorganisation dropped takes 42."""

STOPPING: Final = (ChainChangedError, DivergedError, LeaseHeldError, NodesDisagreeError)
"""Errors of ``step`` after which an anchorer must not step again until a person has looked."""

DEFAULT_OWNER: Final = "anchorer"
"""Name of an anchorer that was given none: enough where nothing else can open the journal."""


@dataclass(frozen=True, slots=True)
class StepReport:
    """What one step found and did."""

    state: AnchorState
    """Where the newest head of the ledger stands now."""
    ledger_head: Head
    """Newest head of the ledger when the step ended."""
    published: PublishedHead
    """What the chain held when the step ended."""
    recorded: tuple[Anchor, ...] = ()
    """Anchors that this step proved and recorded, smallest size first in each reconciliation."""
    withdrawn: tuple[Anchor, ...] = ()
    """Recorded anchors that this step found reorganised away."""
    replaced: tuple[TransactionHash, ...] = ()
    """Transactions that this step gave up because another one took their nonce or their head."""
    transaction_hash: TransactionHash | None = None
    """The transaction that this step sent last, if any."""


@dataclass(slots=True)
class _Step:
    """What a running step did so far."""

    now: Seconds
    recorded: list[Anchor] = field(default_factory=list)
    withdrawn: list[Anchor] = field(default_factory=list)
    replaced: list[TransactionHash] = field(default_factory=list)
    tried: TransactionHash | None = None
    sent: TransactionHash | None = None


@dataclass(frozen=True, slots=True)
class _View:
    """What one look at the three found, and what follows from it."""

    head: Head
    published: PublishedHead
    finality: Finality
    action: Action


class Anchorer:
    """Anchors one ledger on one chain.

    Args:
        ledger: Heads of the ledger.
        journal: What was intended and recorded, for this ledger on this chain.
        chain: The publisher's view of the registry.
        clock: Source of the current time; it may jump.
        policy: When to anchor, and what to pay.
        owner: Name that no other anchorer of this journal has while both could run.
        others: Other nodes of the same chain, asked for the hash of final blocks.
    """

    def __init__(
        self,
        *,
        ledger: LedgerHeads,
        journal: AnchorJournal,
        chain: Chain,
        clock: Clock,
        policy: AnchorPolicy | None = None,
        owner: str = DEFAULT_OWNER,
        others: Sequence[BlockSource] = (),
    ) -> None:
        self._ledger = ledger
        self._journal = journal
        self._chain = chain
        self._clock = clock
        self._policy = policy or AnchorPolicy()
        self._owner = owner
        self._others = tuple(others)

    def step(self, closed_size: TreeSize = TreeSize(0)) -> StepReport:  # noqa: B008 - a NewType is an int
        """Do what can be done now; calling again is always safe.

        Args:
            closed_size: Size of the ledger right after the last entry that must be anchored at once,
                0 if there is none.

        Returns:
            The report; a transaction that no block includes yet leaves ``BROADCAST``.

        Raises:
            ChainChangedError: The chain was wiped, replaced or rewritten: stop, tell a person.
            DivergedError: Ledger and chain disagree: stop, tell a person.
            LeaseHeldError: Another anchorer works on the journal: stop.
            NodesDisagreeError: Another node knows another final block: stop, tell a person.
            RejectedError: The contract refused a transaction for good; the intent was dropped and the
                next step starts afresh.
            UnavailableError: The chain did not answer, or contradicts itself; try again later.
            VerificationError: The node's evidence does not prove the anchor, or the holder of the
                key signed something else.
        """
        step = _Step(self._claim())
        self._chain.check_identity()
        for _ in range(MAX_ACTIONS):
            view = self._observe(closed_size, step.now)
            if not self._act(view, step):
                break
        return StepReport(
            _state_of(view.action),
            view.head,
            view.published,
            recorded=tuple(step.recorded),
            withdrawn=tuple(step.withdrawn),
            replaced=tuple(step.replaced),
            transaction_hash=step.sent,
        )

    def release(self) -> None:
        """Give the lease up, so that another anchorer need not wait until it lapses."""
        self._journal.release(self._owner)

    def _claim(self) -> Seconds:
        now = Seconds(int(self._clock.now().timestamp()))
        self._journal.claim(self._owner, now=now, until=Seconds(now + self._policy.lease))
        return now

    def _observe(self, closed_size: TreeSize, now: Seconds) -> _View:
        """Read nonce before head, finality before hashes, chain before ledger.

        So a nonce that was used has its head shown, a height that is final has its final hash, and
        the ledger, which only grows, can be ahead and never behind.
        """
        journal = JournalFacts(self._journal.intent(), self._journal.records())
        attempts = journal.intent.attempts if journal.intent else ()
        chain = self._chain
        facts = ChainFacts(
            next_nonce=chain.next_nonce(),
            finality=chain.finality(),
            block_hashes=tuple(
                chain.block_hash(record.anchor.block_number) for record in journal.records
            ),
            statuses=tuple(chain.transaction_status(one.transaction_hash) for one in attempts),
            published=chain.published_head(),
        )
        head = self._ledger.head()
        size = facts.published.size
        known = self._ledger.root_at(size) if 0 < size <= head.size else None
        action = decide(
            ledger=LedgerFacts(head, known, closed_size),
            journal=journal,
            chain=facts,
            policy=self._policy,
            now=now,
        )
        return _View(head, facts.published, facts.finality, action)

    def _act(self, view: _View, step: _Step) -> bool:
        """Do what was decided; tell whether to look again."""
        match view.action:
            case WithdrawAnchors(records):
                step.withdrawn.extend(self._withdraw(records, step.now))
            case RecordAnchor(size):
                step.recorded.extend(self._record(size, view.finality, step.now))
            case MarkAnchor(record, state):
                self._mark(record, state, step.now)
            case CloseIntent(intent, AttemptState.FAILED):
                self._journal.close_intent(intent, AttemptState.FAILED)
                raise RejectedError("AnchorRegistry", "the transaction was included and reverted")
            case CloseIntent(intent, state):
                self._journal.close_intent(intent, state)
                step.replaced.extend(attempt.transaction_hash for attempt in intent.attempts)
            case SignAnchor(head, nonce):
                self._broadcast(self._sign(head, nonce, step), step)
            case RaiseFees(intent):
                self._broadcast(self._sign(intent.head, intent.nonce, step), step)
            case BroadcastIntent(intent) if intent.newest.transaction_hash != step.tried:
                self._broadcast(intent, step)
            case _:
                return False
        return True

    def _sign(self, head: Head, nonce: Nonce, step: _Step) -> AnchorIntent:
        """Sign and store a transaction; the lease is renewed first, in case the step was slow."""
        step.now = self._claim()
        earlier = self._journal.attempts_of(nonce)
        fees = opening_fees(self._chain.suggested_fees(), earlier, self._policy)
        signed = self._chain.sign_anchor(head, Plan(nonce, fees))
        transaction_hash = TransactionHash(keccak(signed))
        attempt = Attempt(head, nonce, fees, signed, transaction_hash, step.now)
        self._journal.save_attempt(attempt)
        return AnchorIntent((attempt,))

    def _broadcast(self, intent: AnchorIntent, step: _Step) -> None:
        """Send the stored bytes, once in a step; a refusal is fine if the chain has moved on."""
        step.tried = intent.newest.transaction_hash
        try:
            step.sent = self._chain.broadcast(intent.newest.signed_transaction)
        except RejectedError:
            overtaken = self._chain.next_nonce() > intent.nonce
            if overtaken or self._chain.published_head().size >= intent.head.size:
                return
            self._journal.close_intent(intent, AttemptState.FAILED)
            raise

    def _withdraw(self, records: Sequence[AnchorRecord], now: Seconds) -> list[Anchor]:
        """Forget anchors that are gone, unless the node still shows one where it was."""
        for record in records:
            anchor = record.anchor
            if self._chain.find_anchor(anchor.head.size) == anchor:
                raise UnavailableError("chain", "its events and its block hashes disagree")
        # The newest first: on a branch that is shorter yet, only an older one shows that it is gone.
        for record in reversed(records):
            self._journal.withdraw(record.anchor, at=now)
        return [record.anchor for record in records]

    def _record(self, size: TreeSize, finality: Finality, now: Seconds) -> list[Anchor]:
        """Prove and record the anchor of ``size`` and every unrecorded one before it."""
        floor = self._journal.recorded_size()
        proven: list[tuple[Anchor, Evidence]] = []
        while size > floor:
            anchor = self._chain.find_anchor(size)
            if anchor is None:
                raise UnavailableError("chain", "it holds a head whose event it does not show yet")
            if self._chain.block_hash(anchor.block_number) != anchor.block_hash:
                raise UnavailableError("chain", "its events and its block hashes disagree")
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
            state = record_state(
                anchor.block_number, now, finality=finality, policy=self._policy, now=now
            )
            self._ask_others(anchor, state)
            self._journal.record(anchor, evidence, state=state, at=now)
            if state is AnchorState.FINALIZED:
                self._keep_finality(anchor)
        return [anchor for anchor, _ in proven]

    def _mark(self, record: AnchorRecord, state: AnchorState, now: Seconds) -> None:
        """Store a new state; what is final is proven again, with what proves its finality.

        A node that dropped the block meanwhile must not hold up later anchors for ever: after some
        patience the evidence captured at inclusion has to do.
        """
        if state is not AnchorState.FINALIZED:
            self._journal.mark(record.anchor, state)
            return
        self._ask_others(record.anchor, state)
        try:
            evidence = self._chain.capture_evidence(record.anchor)
        except UnavailableError:
            if not has_passed(record.included_at, self._policy.finality_patience, now=now):
                raise
            self._journal.mark(record.anchor, state)
            return
        verify_evidence(evidence, record.anchor)
        self._journal.record(record.anchor, evidence, state=state, at=record.included_at)
        self._keep_finality(record.anchor)

    def _keep_finality(self, anchor: Anchor) -> None:
        """Store a link to a final block if the node gives one; the anchor stands without it."""
        try:
            statement = self._chain.capture_finality(anchor)
        except UnavailableError:
            return
        if statement is not None:
            self._journal.record_finality(anchor, statement)

    def _ask_others(self, anchor: Anchor, state: AnchorState) -> None:
        """Ask other nodes about a final block; one that has not reached it yet says nothing."""
        if state is not AnchorState.FINALIZED:
            return
        for other in self._others:
            found = other.block_hash(anchor.block_number)
            if found not in (None, anchor.block_hash):
                raise NodesDisagreeError(anchor.block_number, first=anchor.block_hash, second=found)


def _state_of(action: Action) -> AnchorState:
    match action:
        case Rest(state) | BroadcastIntent(_, state):
            return state
        case RaiseFees():
            return AnchorState.BROADCAST
        case _:
            return AnchorState.PENDING
