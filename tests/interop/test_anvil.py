"""Our registry, anchorer, evidence and verifier against anvil, which reorganises on demand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from anchoring.core.anchor_policy import RAISE_AFTER
from anchoring.core.anchor_states import AnchorState, ChainChangedError, NodesDisagreeError
from anchoring.core.errors import RejectedError, UnavailableError
from anchoring.core.evidence import verify_evidence
from anchoring.core.receipt import format_receipt
from anchoring.core.types import Head, RootHash, TreeSize
from tests.support.account_contract import check_accounts
from tests.support.chain_world import (
    PUBLISHER,
    head_of,
)
from tests.support.contract_accounts import STRANGER
from tests.support.forged_receipts import forgeries, is_verified
from tests.support.peer_chain import FUNDS_WEI, PeerNode, PeerWorld, anvil, mining_stopped, verify

pytestmark = pytest.mark.interop

DEEPEST = 20
"""Blocks of the deepest reorganisation; anvil calls a block safe under 32 others."""

FINAL_DEPTH = 64
"""Anvil calls final what lies under two epochs of 32 blocks."""

PY_EVM_GAS = (46_181, 29_081)
"""First and steady anchor on py-evm, pinned in tests/contracts/test_registry_gas.py."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PeerWorld]:
    with anvil(tmp_path) as node:
        yield PeerWorld(node, node.deploy())


def mine(node: PeerNode, count: int = 1) -> None:
    node.ask("anvil_mine", hex(count))


def test_anvil__first_and_steady_anchor__cost_what_py_evm_charges(
    world: PeerWorld, figures: list[str]
) -> None:
    chain, gas = world.chain(), []
    for size in (2**40 - 2, 2**40 - 1):
        head = Head(TreeSize(size), RootHash(b"\xff" * 32))
        gas.append(world.node.gas_used(chain.broadcast(chain.sign_anchor(head))))
    figures.append(f"gas on anvil: first {gas[0]}, steady {gas[1]}; py-evm {PY_EVM_GAS}")
    assert tuple(gas) == PY_EVM_GAS


def test_anvil__of_a_size_not_greater__refuses_in_our_words(world: PeerWorld) -> None:
    chain = world.chain()
    world.node.gas_used(chain.broadcast(chain.sign_anchor(head_of(3))))
    for size in (2, 3):
        with pytest.raises(RejectedError):
            chain.sign_anchor(head_of(size))


def test_receipt__of_every_entry_anchored_on_anvil__verifies_offline_by_its_block_hash(
    world: PeerWorld, tmp_path: Path, figures: list[str]
) -> None:
    world.anchor_next(5)
    anchor, evidence = world.anchor_next(4)
    assert verify_evidence(evidence, anchor).previous_size == 5
    for index in range(anchor.head.size):
        path = world.write(tmp_path, world.receipt(anchor, evidence, index))
        code, said = verify(path, "--offline", "--block-hash", anchor.block_hash.hex())
        assert code == 0, said
        assert verify(path, "--offline", "--block-hash", "ab" * 32)[0] == 1
    figures.append(f"receipt with anvil's evidence: {path.stat().st_size} bytes of JSON")


def test_receipt__checked_with_anvil__is_pending_until_final(
    world: PeerWorld, tmp_path: Path
) -> None:
    anchor, evidence = world.anchor_next()
    path = world.write(tmp_path, world.receipt(anchor, evidence, 0))
    assert verify(path, "--rpc", world.node.url)[0] == 3
    mine(world.node, 80)
    code, said = verify(path, "--rpc", world.node.url)
    assert code == 0, said


def test_receipt__made_on_anvil_with_any_field_changed__is_refused(world: PeerWorld) -> None:
    anchor, evidence = world.anchor_next(5)
    receipt, trust = world.receipt(anchor, evidence, 3), world.trust()
    assert is_verified(receipt, trust, anchor.block_hash)
    count = 0
    for where, forged in forgeries(receipt):
        assert not is_verified(forged, trust, anchor.block_hash), where
        count += 1
    assert count > len(format_receipt(receipt)) // 2


@pytest.mark.parametrize("distance", [0, 1, 4])
def test_receipt__of_a_block_below_anvils_final_one__rests_on_the_final_one(
    world: PeerWorld, tmp_path: Path, distance: int
) -> None:
    anchor, evidence = world.anchor_next()
    mine(world.node, FINAL_DEPTH + distance)
    statement, trust = world.finality(anchor), world.trust()
    assert statement.block_number == anchor.block_number + distance
    receipt = world.receipt(anchor, evidence, 1, statement)
    path = world.write(tmp_path, receipt)
    code, said = verify(path, "--offline", "--block-hash", statement.block_hash.hex())
    assert code == 0, said
    for where, forged in forgeries(receipt):
        assert not is_verified(forged, trust, statement.block_hash), where


@pytest.mark.parametrize("depth", range(1, DEEPEST + 1))
def test_anchorer__when_anvil_drops_its_transaction__anchors_again(
    world: PeerWorld, depth: int
) -> None:
    gone, _ = world.anchor_next()
    mine(world.node, depth - 1)
    with mining_stopped(world.node):
        world.node.ask("anvil_reorg", depth, [])
        assert world.chain().find_anchor(gone.head.size) is None
        report = world.anchorer().step()
        assert report.withdrawn == (gone,)
        assert world.journal.recorded_size() == 0
        # Anvil puts the transactions that a reorganisation drops nowhere: ours must come from us.
        world.anchorer().step()
        mine(world.node)
    report = world.anchorer().step()
    assert (report.state, report.published.size) == (AnchorState.INCLUDED, gone.head.size)
    record, evidence = world.journal.anchors[gone.head.size]
    assert record.anchor.block_hash != gone.block_hash
    assert verify_evidence(evidence, record.anchor).previous_size == 0


def test_anchorer__when_anvil_moves_its_transaction_to_a_later_block__proves_it_there(
    world: PeerWorld,
) -> None:
    early, _ = world.anchor_next()
    signed = world.journal.attempts[early.transaction_hash][0].signed_transaction
    mine(world.node, 4)
    world.node.ask("anvil_reorg", 5, [["0x" + signed.hex(), 3]])
    assert world.anchorer().step().withdrawn == (early,)
    world.anchorer().step()
    record, evidence = world.journal.anchors[early.head.size]
    assert record.anchor.transaction_hash == early.transaction_hash
    assert record.anchor.block_number == early.block_number + 3
    assert verify_evidence(evidence, record.anchor).anchor == record.anchor


def test_anchorer__through_a_fee_spike__pays_more_under_the_same_nonce(world: PeerWorld) -> None:
    world.anchor_next()
    with mining_stopped(world.node):
        world.ledger.append(2)
        cheap = world.anchorer().step().transaction_hash
        assert cheap is not None
        spike = 40 * 10**9
        world.node.ask("anvil_setNextBlockBaseFeePerGas", hex(spike))
        mine(world.node)
        with pytest.raises(UnavailableError):
            # Unlike geth, anvil does not even pool what the base fee outbids.
            world.anchorer().step()
        world.clock.advance(RAISE_AFTER + 1)
        dear = world.anchorer().step().transaction_hash
        assert dear not in (None, cheap)
        mine(world.node)
    assert world.anchorer().step().state is AnchorState.INCLUDED
    assert world.node.web3.eth.get_transaction_count(PUBLISHER.address) == 2
    assert world.journal.anchors[world.ledger.head().size][0].anchor.transaction_hash == dear


def test_broadcast__of_the_same_bytes_to_anvil__is_idempotent(world: PeerWorld) -> None:
    world.check_repeated_broadcast()


def test_broadcast__of_the_same_bytes_while_anvil_holds_them__is_idempotent(
    world: PeerWorld,
) -> None:
    chain = world.chain()
    with mining_stopped(world.node):
        signed = chain.sign_anchor(head_of(3))
        assert chain.broadcast(signed) == chain.broadcast(signed)


def test_anchorer__when_another_sender_takes_its_nonce__signs_anew(world: PeerWorld) -> None:
    with mining_stopped(world.node):
        world.ledger.append(2)
        first = world.anchorer().step().transaction_hash
        taken = world.transfer(nonce=0, tip_wei=5 * 10**9)
        world.node.web3.eth.send_raw_transaction(taken)
        mine(world.node)
        report = world.anchorer().step()
        assert report.replaced == (first,)
        mine(world.node)
    assert world.anchorer().step().state is AnchorState.INCLUDED
    anchor = world.journal.anchors[TreeSize(2)][0].anchor
    assert anchor.transaction_hash == report.transaction_hash != first


def test_anchorer__when_anvil_forgets_a_pending_transaction__sends_the_same_bytes(
    world: PeerWorld,
) -> None:
    with mining_stopped(world.node):
        world.ledger.append(2)
        sent = world.anchorer().step().transaction_hash
        world.node.ask("anvil_dropAllTransactions")
        assert world.anchorer().step().transaction_hash == sent
        mine(world.node)
    world.anchorer().step()
    assert world.journal.anchors[TreeSize(2)][0].anchor.transaction_hash == sent


def test_anchorer__when_two_nodes_disagree_on_a_final_block__stops(
    world: PeerWorld, tmp_path: Path
) -> None:
    """The other node has the same genesis and contract, and blocks of its own."""
    with anvil(tmp_path, "other") as other:
        assert other.deploy() == world.location
        world.others = (PeerWorld(other, world.location).chain(),)
        world.anchor_next()
        for node in (world.node, other):
            mine(node, 80)
        with pytest.raises(NodesDisagreeError):
            world.anchorer().step()


def test_anchorer__when_two_nodes_agree_on_a_final_block__marks_it_final(world: PeerWorld) -> None:
    world.others = (world.chain(),)
    anchor, _ = world.anchor_next()
    mine(world.node, 80)
    world.anchorer().step()
    record, evidence = world.journal.anchors[anchor.head.size]
    assert record.state is AnchorState.FINALIZED
    assert verify_evidence(evidence, anchor).anchor == anchor


def test_anchorer__when_anvil_was_wiped__stops(world: PeerWorld) -> None:
    world.anchor_next()
    mine(world.node, 3)
    chain = world.chain()
    world.node.ask("anvil_reset")
    with pytest.raises(ChainChangedError):
        chain.check_identity()


def test_anvil__asked_about_contract_accounts__answers_as_our_chain(tmp_path: Path) -> None:
    with anvil(tmp_path) as node:
        node.ask("anvil_setBalance", STRANGER.address, hex(FUNDS_WEI))
        check_accounts(node.url, node.web3)
