"""The anchorer under any order of growth, mining, faults of network and node, death and restart."""

from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from anchoring.adapters.memory_chain import Fate, MemoryChain
from anchoring.adapters.memory_journal import MemoryJournal
from anchoring.anchorer import Anchorer
from anchoring.core.anchor_states import AnchorState, Fees, Nonce, Plan, TransactionStatus, Wei
from anchoring.core.errors import RejectedError, UnavailableError
from anchoring.core.evidence import verify_evidence
from tests.support.chain_faults import Fault, Killed, with_fault
from tests.support.chain_world import FixedClock, ListLedger

READS = st.sampled_from(["next_nonce", "published_head", "find_anchor", "capture_evidence"])
WRITES = st.sampled_from(
    ["broadcast", "save_attempt", "record", "withdraw", "mark", "close_intent", "claim"]
)
MOMENTS = st.sampled_from(["before", "after"])
FINAL_DEPTH = 25
"""Deeper than any reorganisation here."""


class AnchorerModel(RuleBasedStateMachine):
    """Whatever happens: one event per head, never one that is not ours, nothing lost."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = ListLedger()
        self.journal = MemoryJournal()
        self.chain = MemoryChain(paused=True, safe_depth=3, final_depth=FINAL_DEPTH)
        self.clock = FixedClock()
        self.rivals = False

    @rule(count=st.integers(1, 3))
    def grow(self, count: int) -> None:
        self.ledger.append(count)

    @rule(seconds=st.sampled_from([-10_000, 1, 121, 3_000]))
    def jump(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(empty=st.integers(0, 6))
    def mine(self, empty: int) -> None:
        self.chain.mine()
        self.chain.mine_empty(empty)

    @rule()
    def lose_the_pool(self) -> None:
        self.chain.waiting.clear()

    @rule(depth=st.integers(1, 20), fate=st.sampled_from(Fate))
    def reorganise(self, depth: int, fate: Fate) -> None:
        self.chain.reorganise(depth, fate)

    @rule(base_fee=st.sampled_from([1, 50, 2_000]))
    def change_fees(self, base_fee: int) -> None:
        self.chain.base_fee = base_fee

    @rule(hidden=st.integers(0, 3))
    def lag(self, hidden: int) -> None:
        self.chain.hidden = min(hidden, len(self.chain.blocks))

    @rule()
    def lose_the_next_answer(self) -> None:
        self.chain.accepted_errors = 1

    @rule(ahead=st.integers(0, 1), fee=st.sampled_from([3, 10_000]))
    def send_from_elsewhere(self, ahead: int, fee: int) -> None:
        self.rivals = True
        plan = Plan(Nonce(self.chain.next_nonce() + ahead), Fees(Wei(fee), Wei(fee)))
        with suppress(UnavailableError):
            self.chain.broadcast(self.chain.sign_foreign(plan))

    @rule()
    def step(self) -> None:
        self.step_once()

    @rule(operation=READS | WRITES, moment=MOMENTS, call=st.integers(1, 2))
    def die_in_a_step(self, operation: str, moment: str, call: int) -> None:
        fault = Fault(operation, "before" if moment == "before" else "after", call)
        with suppress(Killed, UnavailableError, RejectedError):
            Anchorer(
                ledger=self.ledger,
                journal=with_fault(self.journal, fault),
                chain=with_fault(self.chain, fault),
                clock=self.clock,
            ).step()

    @invariant()
    def every_event_is_ours_and_once(self) -> None:
        sizes = [anchor.head.size for anchor in self.chain.anchors()]
        assert sizes == sorted(set(sizes))
        for anchor in self.chain.anchors():
            assert anchor.head.root == self.ledger.root_at(anchor.head.size)

    @invariant()
    def without_rivals_no_transaction_is_wasted(self) -> None:
        """A head that was sent twice would revert the second time."""
        mined = [block for block in self.chain.blocks if block.transaction]
        assert self.rivals or len(mined) == len(self.chain.anchors())

    @invariant()
    def every_record_verifies(self) -> None:
        for record, evidence in self.journal.anchors.values():
            verify_evidence(evidence, record.anchor)

    @invariant()
    def everything_that_waits_is_remembered(self) -> None:
        """No transaction of ours is in a pool that the journal does not know."""
        for transaction in self.chain.waiting:
            known = {attempt.signed_transaction for attempt, _ in self.journal.attempts.values()}
            assert self.rivals or transaction in known

    def step_once(self) -> AnchorState | None:
        with suppress(UnavailableError, RejectedError):
            return (
                Anchorer(
                    ledger=self.ledger, journal=self.journal, chain=self.chain, clock=self.clock
                )
                .step()
                .state
            )
        return None

    def teardown(self) -> None:
        """Once faults end, everything is anchored once, recorded, and final."""
        self.chain.hidden, self.chain.base_fee, self.chain.accepted_errors = 0, 1, 0
        for _ in range(60):
            self.clock.advance(121)
            self.chain.mine()
            self.chain.mine_empty(5)
            state = self.step_once()
            if state in {AnchorState.FINALIZED, AnchorState.EMPTY}:
                break
        assert state is (AnchorState.FINALIZED if self.ledger.entries else AnchorState.EMPTY)
        assert self.journal.intent() is None
        recorded = [self.journal.anchors[size][0].anchor for size in sorted(self.journal.anchors)]
        assert recorded == self.chain.anchors()
        assert self.journal.recorded_size() == len(self.ledger.entries)
        for anchor in recorded:
            status = self.chain.transaction_status(anchor.transaction_hash)
            assert status is TransactionStatus.INCLUDED


AnchorerModel.TestCase.settings = settings(max_examples=80, stateful_step_count=25)
test_anchorer__under_any_order_of_events__keeps_its_promises = AnchorerModel.TestCase
