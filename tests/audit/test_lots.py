"""Lots are held against the anchors: the seed is the block of the first one that covers the closing."""

from dataclasses import replace

import pytest

from anchoring.core.evidence import ProvenAnchor
from anchoring.core.types import (
    Address,
    Anchor,
    BlockHash,
    BlockNumber,
    ChainId,
    Head,
    RootHash,
    TransactionHash,
    TreeSize,
)
from backend.audit.lots import lots_disagreements
from backend.domain.state import State
from tests.support.eventful_life import TIED, play_drawn_year
from tests.support.organisations import Simulation

SEED = bytes.fromhex("5e" * 32)
"""Hash of the block that the drawn year makes up, number 1204."""


@pytest.fixture(scope="module")
def drawn() -> State:
    simulation, ledger = Simulation.in_memory()
    play_drawn_year(simulation)
    return ledger.state


def anchor(size: int, *, chain: int, block: int = 1204, block_hash: bytes = SEED) -> ProvenAnchor:
    """Return an anchor whose evidence holds."""
    found = Anchor(
        ChainId(chain),
        Address(bytes(20)),
        Address(bytes(20)),
        Head(TreeSize(size), RootHash(bytes(32))),
        TransactionHash(bytes(32)),
        BlockNumber(block),
        BlockHash(block_hash),
    )
    return ProvenAnchor(found, previous_size=TreeSize(0), block_time=1)


def covering(state: State) -> ProvenAnchor:
    """Return the anchor that the lots of the drawn year name."""
    lots = state.poll(TIED).lots
    assert lots is not None
    return anchor(lots.size, chain=lots.chain_id)


def test_lots__of_the_first_anchor_that_covers_the_closing__are_believed(drawn: State) -> None:
    named, closed = covering(drawn), drawn.poll(TIED).closed_entry
    assert closed is not None
    chain = named.anchor.chain_id
    others = (
        anchor(closed, chain=chain, block=1100, block_hash=bytes(32)),
        anchor(named.anchor.head.size + 1, chain=chain, block=1300, block_hash=bytes(32)),
        anchor(closed + 1, chain=chain + 1, block=7, block_hash=bytes(32)),
    )
    assert list(lots_disagreements(drawn, (*others, named))) == []


def test_lots__of_another_block__are_told_with_their_entry(drawn: State) -> None:
    named = covering(drawn)
    wrong = replace(named.anchor, block_hash=BlockHash(bytes(32)))
    (found,) = lots_disagreements(drawn, [replace(named, anchor=wrong)])
    assert (found.entry, found.code) == (drawn.poll(TIED).lots_entry, "lots.seed")
    assert bytes(32).hex() in found.expected
    assert SEED.hex() in found.found


def test_lots__of_a_later_anchor_than_the_first__are_told(drawn: State) -> None:
    named, closed = covering(drawn), drawn.poll(TIED).closed_entry
    assert closed is not None
    first = anchor(closed + 1, chain=named.anchor.chain_id, block=1199, block_hash=b"\x01" * 32)
    (found,) = lots_disagreements(drawn, [named, first])
    assert f"size {closed + 1} in block 1199" in found.expected


def test_lots__whose_anchor_the_bundle_lacks__are_told(drawn: State) -> None:
    named = covering(drawn)
    elsewhere = replace(named.anchor, chain_id=ChainId(named.anchor.chain_id + 1))
    for anchors in ([], [replace(named, anchor=elsewhere)]):
        (found,) = lots_disagreements(drawn, anchors)
        assert found.expected == "an anchor of the bundle that covers the closing"


def test_lots__not_drawn__are_no_matter(drawn: State) -> None:
    poll = replace(drawn.poll(TIED), lots=None, lots_entry=None)
    undrawn = replace(drawn, polls=drawn.polls.set(TIED, poll))
    assert list(lots_disagreements(undrawn, [])) == []
