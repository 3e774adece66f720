"""Finality of anchors: kept with its link, waited for, contradicted, or not to be had from the node."""

import pytest

from anchoring.adapters.memory_chain import MemoryChain
from anchoring.anchorer import Anchorer
from anchoring.core.anchor_states import (
    AnchorState,
    Finality,
    NodesDisagreeError,
)
from anchoring.core.errors import UnavailableError
from anchoring.core.finality import verify_finality
from anchoring.core.types import Anchor, BlockHash, BlockNumber, TreeSize
from tests.support.anchored_world import World


class FailingChain:
    """A node that no longer answers one question."""

    def __init__(self, inner: MemoryChain, question: str) -> None:
        self.inner = inner
        self.question = question

    def __getattr__(self, name: str) -> object:
        return self._fail if name == self.question else getattr(self.inner, name)

    def _fail(self, anchor: Anchor) -> None:
        raise UnavailableError("node", f"nothing of block {anchor.block_number}")


def failing(chain: MemoryChain, question: str) -> MemoryChain:
    return FailingChain(chain, question)  # type: ignore[return-value]  # passes the rest through


@pytest.fixture
def world() -> World:
    return World()


def test_nodes__that_disagree_on_a_final_block__stop_the_anchorer(world: World) -> None:
    world.anchor(1)
    honest, liar = MemoryChain(), MemoryChain(lies={1: BlockHash(b"\1" * 32)})
    honest.blocks = world.chain.blocks
    world.chain.mine_empty(24)
    world.anchorer("first", honest, liar).step()
    world.chain.mine_empty(1)
    with pytest.raises(NodesDisagreeError) as caught:
        world.anchorer("first", honest, liar).step()
    assert caught.value.number == BlockNumber(1)
    assert world.journal.anchors[TreeSize(1)][0].state is AnchorState.SAFE
    lagging = MemoryChain()
    assert world.anchorer("first", honest, lagging).step().state is AnchorState.FINALIZED


def test_finality__that_stands_still__stalls_the_anchor_until_it_moves(world: World) -> None:
    world.chain.frozen = Finality(BlockNumber(0), BlockNumber(0))
    world.anchor(1)
    world.chain.mine_empty(600)
    world.clock.advance(7_199)
    assert world.step().state is AnchorState.INCLUDED
    world.clock.advance(1)
    assert world.step().state is AnchorState.STALLED
    world.chain.frozen = None
    assert world.step().state is AnchorState.FINALIZED
    world.assert_final()


def test_finality__of_a_block_that_the_node_dropped__holds_up_later_anchors_only_for_a_while(
    world: World,
) -> None:
    world.anchor(1)
    evidence = world.journal.anchors[TreeSize(1)][1]
    world.chain.mine_empty(25)
    pruned = failing(world.chain, "capture_evidence")
    anchorer = Anchorer(
        ledger=world.ledger, journal=world.journal, chain=pruned, clock=world.clock, owner="first"
    )
    world.clock.advance(7_199)
    with pytest.raises(UnavailableError):
        anchorer.step()
    world.clock.advance(1)
    assert anchorer.step().state is AnchorState.FINALIZED
    assert world.journal.anchors[TreeSize(1)][1] == evidence


def test_finality__of_an_anchor__is_kept_with_its_link(world: World) -> None:
    world.chain.final_depth = 3
    world.anchor(1)
    assert world.journal.finalities == {}
    world.chain.mine_empty(5)
    assert world.step().state is AnchorState.FINALIZED
    anchor = world.journal.anchors[TreeSize(1)][0].anchor
    statement = world.journal.finalities[TreeSize(1)]
    assert statement.block_number > anchor.block_number
    verify_finality(statement, anchor_number=anchor.block_number, anchor_hash=anchor.block_hash)


def test_finality__that_the_node_cannot_show__leaves_the_anchor_final_without_it(
    world: World,
) -> None:
    world.anchor(1)
    world.chain.mine_empty(25)
    terse = failing(world.chain, "capture_finality")
    anchorer = Anchorer(
        ledger=world.ledger, journal=world.journal, chain=terse, clock=world.clock, owner="first"
    )
    assert anchorer.step().state is AnchorState.FINALIZED
    assert world.journal.finalities == {}
