"""The chain and the journal in memory keep the contracts of their ports."""

import pytest
from eth_hash.auto import keccak

from anchoring.adapters.memory_chain import PUBLISHER, Fate, MemoryChain
from anchoring.adapters.memory_journal import MemoryJournal
from anchoring.core.anchor_states import Fees, Nonce, Plan, TransactionStatus, Wei
from anchoring.core.errors import UnavailableError
from anchoring.core.types import BlockNumber, TransactionHash, TreeSize
from tests.support.chain_contract import ChainContract, JournalContract, anchored
from tests.support.chain_world import head_of


class TestMemoryChain(ChainContract):
    @pytest.fixture
    def chain(self) -> MemoryChain:
        return MemoryChain()


class TestMemoryJournal(JournalContract):
    @pytest.fixture
    def journal(self) -> MemoryJournal:
        return MemoryJournal(publisher=PUBLISHER)


def test_broadcast__while_paused__waits_for_mine() -> None:
    chain = MemoryChain(paused=True)
    chain.broadcast(chain.sign_anchor(head_of(2)))
    assert chain.published_head().size == 0
    chain.mine()
    assert chain.published_head().size == 2


def test_mine__of_a_transaction_that_reverts__adds_a_block_without_event() -> None:
    chain = MemoryChain(paused=True)
    chain.broadcast(chain.sign_anchor(head_of(2)))
    plan = Plan(Nonce(1), chain.suggested_fees())
    late = chain.sign_anchor(head_of(1), plan)
    chain.broadcast(late)
    chain.mine()
    assert chain.transaction_status(TransactionHash(keccak(late))) is TransactionStatus.REVERTED
    assert [anchor.head.size for anchor in chain.anchors()] == [2]
    assert len(chain.blocks) == 2


def test_capture_evidence__of_a_block_that_is_gone__is_unavailable() -> None:
    chain = MemoryChain()
    anchor = anchored(chain, head_of(2))
    chain.blocks.clear()
    with pytest.raises(UnavailableError):
        chain.capture_evidence(anchor)


def dearer(fees: Fees, percent: int) -> Fees:
    return Fees(Wei(-(-fees.max_fee * percent // 100)), Wei(-(-fees.priority_fee * percent // 100)))


def test_broadcast__of_a_replacement__needs_a_tenth_more_on_both_fees() -> None:
    chain = MemoryChain(paused=True, base_fee=100, tip=100)
    fees = chain.suggested_fees()
    chain.broadcast(chain.sign_anchor(head_of(2), Plan(Nonce(0), fees)))
    for cheap in (dearer(fees, 109), Fees(Wei(fees.max_fee * 2), fees.priority_fee)):
        with pytest.raises(UnavailableError):
            chain.broadcast(chain.sign_anchor(head_of(2), Plan(Nonce(0), cheap)))
    replacement = chain.sign_anchor(head_of(2), Plan(Nonce(0), dearer(fees, 110)))
    chain.broadcast(replacement)
    assert chain.waiting == [replacement]


def test_mine__of_a_transaction_under_the_base_fee__leaves_it_waiting() -> None:
    chain = MemoryChain(paused=True)
    chain.broadcast(chain.sign_anchor(head_of(2)))
    chain.base_fee = 10**6
    chain.mine()
    assert (len(chain.waiting), chain.published_head().size) == (1, 0)
    chain.base_fee = 1
    chain.mine()
    assert (len(chain.waiting), chain.published_head().size) == (0, 2)


def test_broadcast__that_is_accepted_with_an_error__waits_all_the_same() -> None:
    chain = MemoryChain(accepted_errors=1)
    with pytest.raises(UnavailableError):
        chain.broadcast(chain.sign_anchor(head_of(2)))
    assert chain.published_head().size == 2


@pytest.mark.parametrize(
    ("fate", "sizes", "waits"), [("drop", [1], 0), ("delay", [1], 1), ("reorder", [1, 3], 0)]
)
def test_reorganise__of_one_block__replaces_it(fate: str, sizes: list[int], waits: int) -> None:
    chain = MemoryChain()
    kept, gone = anchored(chain, head_of(1)), anchored(chain, head_of(3))
    chain.reorganise(1, Fate(fate))
    assert [anchor.head.size for anchor in chain.anchors()] == sizes
    assert (len(chain.blocks), len(chain.waiting)) == (3, waits)
    assert chain.block_hash(kept.block_number) == kept.block_hash
    assert chain.block_hash(gone.block_number) not in (None, gone.block_hash)
    assert chain.find_anchor(TreeSize(3)) != gone


def test_hidden_blocks__of_a_lagging_node__are_not_shown() -> None:
    chain = MemoryChain()
    anchor = anchored(chain, head_of(1))
    chain.hidden = 1
    assert chain.block_hash(anchor.block_number) is None
    assert (chain.published_head().size, chain.next_nonce()) == (0, 0)
    assert chain.finality().finalized == BlockNumber(0)
    assert chain.find_anchor(TreeSize(1)) is None
