"""Everything an anchorer meets: a ledger, its journal, a clock, and a chain that becomes final slowly."""

from anchoring.adapters.memory_chain import MemoryChain
from anchoring.adapters.memory_journal import MemoryJournal
from anchoring.anchorer import Anchorer, StepReport
from anchoring.core.anchor_policy import AnchorPolicy
from anchoring.core.anchor_states import (
    AnchorState,
    AttemptState,
    Wei,
)
from anchoring.core.evidence import verify_evidence
from anchoring.ports import BlockSource
from tests.support.chain_world import FixedClock, ListLedger

POLICY = AnchorPolicy(max_fee_cap=Wei(100))
"""A low cap; other values by default."""


class World:
    """A ledger, a journal, a clock and a chain whose blocks become final 25 blocks later."""

    def __init__(self) -> None:
        self.ledger = ListLedger()
        self.journal = MemoryJournal()
        self.clock = FixedClock()
        self.chain = MemoryChain(safe_depth=5, final_depth=25)

    def anchorer(self, owner: str = "first", *others: BlockSource) -> Anchorer:
        """A process that has just started."""
        return Anchorer(
            ledger=self.ledger,
            journal=self.journal,
            chain=self.chain,
            clock=self.clock,
            policy=POLICY,
            owner=owner,
            others=others,
        )

    def step(self) -> StepReport:
        return self.anchorer().step()

    def anchor(self, count: int) -> None:
        """Anchor that many heads, one block each."""
        for _ in range(count):
            self.ledger.append()
            self.step()

    def settle(self) -> None:
        """Let time pass until everything is final."""
        for _ in range(40):
            self.clock.advance(121)
            self.chain.mine()
            self.chain.mine_empty(3)
            if self.step().state is AnchorState.FINALIZED:
                break
        self.assert_final()

    def assert_final(self) -> None:
        """Every event of the chain is recorded, proven and final, and the newest head is anchored."""
        records = [self.journal.anchors[size] for size in sorted(self.journal.anchors)]
        assert [record.anchor for record, _ in records] == self.chain.anchors()
        for record, evidence in records:
            verify_evidence(evidence, record.anchor)
            assert record.state is AnchorState.FINALIZED
        assert self.journal.recorded_size() == len(self.ledger.entries)
        assert self.journal.intent() is None

    def transactions(self) -> list[bytes]:
        return [block.transaction for block in self.chain.blocks if block.transaction]

    def states(self) -> list[AttemptState]:
        return [state for _, state in self.journal.attempts.values()]
