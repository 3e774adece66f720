"""The chain and the journal in memory keep the contracts of their ports."""

import pytest

from anchoring.adapters.memory_chain import MemoryChain, MemoryJournal
from anchoring.core.errors import UnavailableError
from tests.support.chain_contract import ChainContract, JournalContract, anchored
from tests.support.chain_world import head_of


class TestMemoryChain(ChainContract):
    @pytest.fixture
    def chain(self) -> MemoryChain:
        return MemoryChain()


class TestMemoryJournal(JournalContract):
    @pytest.fixture
    def journal(self) -> MemoryJournal:
        return MemoryJournal()


def test_broadcast__while_paused__waits_for_mine() -> None:
    chain = MemoryChain(paused=True)
    chain.broadcast(chain.sign_anchor(head_of(2)))
    assert chain.published_head().size == 0
    chain.mine()
    assert chain.published_head().size == 2


def test_mine__of_a_transaction_that_reverts__adds_a_block_without_event() -> None:
    chain = MemoryChain(paused=True)
    chain.broadcast(chain.sign_anchor(head_of(2)))
    chain.broadcast(chain.sign_anchor(head_of(1)))
    chain.mine()
    assert [anchor.head.size for anchor in chain.anchors()] == [2]
    assert len(chain.blocks) == 2


def test_capture_evidence__of_a_block_that_is_gone__is_unavailable() -> None:
    chain = MemoryChain()
    anchor = anchored(chain, head_of(2))
    chain.blocks.clear()
    with pytest.raises(UnavailableError):
        chain.capture_evidence(anchor)
