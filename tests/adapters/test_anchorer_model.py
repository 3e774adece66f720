"""The anchorer under any order of growth, mining, loss, death and restart."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from anchoring.adapters.memory_chain import MemoryChain, MemoryJournal
from anchoring.anchorer import Anchorer
from anchoring.core.evidence import verify_evidence
from anchoring.core.lifecycle import AnchorState
from tests.support.chain_faults import Fault, Killed, with_fault
from tests.support.chain_world import ListLedger

OPERATIONS = st.sampled_from(
    ["published_head", "sign_anchor", "broadcast", "find_anchor", "capture_evidence"]
)
WRITES = st.sampled_from(["save_intent", "record"])
MOMENTS = st.sampled_from(["before", "after"])


class AnchorerModel(RuleBasedStateMachine):
    """Whatever happens: one event per head, never one that is not ours, nothing lost."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = ListLedger()
        self.journal = MemoryJournal()
        self.chain = MemoryChain(paused=True)

    @rule(count=st.integers(1, 3))
    def grow(self, count: int) -> None:
        self.ledger.append(count)

    @rule()
    def mine(self) -> None:
        self.chain.mine()

    @rule()
    def lose_the_pool(self) -> None:
        self.chain.waiting.clear()

    @rule()
    def step(self) -> None:
        Anchorer(ledger=self.ledger, journal=self.journal, chain=self.chain).step()

    @rule(operation=OPERATIONS | WRITES, moment=MOMENTS, call=st.integers(1, 2))
    def die_in_a_step(self, operation: str, moment: str, call: int) -> None:
        fault = Fault(operation, "before" if moment == "before" else "after", call)
        try:
            Anchorer(
                ledger=self.ledger,
                journal=with_fault(self.journal, fault),
                chain=with_fault(self.chain, fault),
            ).step()
        except Killed:
            return

    @invariant()
    def every_event_is_ours_and_once(self) -> None:
        anchors = self.chain.anchors()
        sizes = [anchor.head.size for anchor in anchors]
        assert sizes == sorted(set(sizes))
        assert len(self.chain.blocks) == len(anchors)
        for anchor in anchors:
            assert anchor.head.root == self.ledger.root_at(anchor.head.size)

    @invariant()
    def every_record_verifies(self) -> None:
        for anchor, evidence in self.journal.records.values():
            verify_evidence(evidence, anchor)

    def teardown(self) -> None:
        self.chain.mine()
        self.chain.paused = False
        report = Anchorer(ledger=self.ledger, journal=self.journal, chain=self.chain).step()
        assert report.state in {AnchorState.INCLUDED, AnchorState.EMPTY}
        assert self.journal.intent() is None
        assert sorted(self.journal.records) == [a.head.size for a in self.chain.anchors()]
        assert self.journal.recorded_size() == len(self.ledger.entries)


AnchorerModel.TestCase.settings = settings(max_examples=60, stateful_step_count=20)
test_anchorer__under_any_order_of_events__keeps_its_promises = AnchorerModel.TestCase
