"""Our registry, anchorer, evidence and verifier against geth in its development mode.

A block a second; geth calls final the last block whose height is a multiple of 32. Its development
chain runs drafts of the next forks, so this is also a look at what they change.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from eth_account import Account
from web3.exceptions import Web3RPCError

from anchoring.adapters.chain_web3 import MAX_GAS
from anchoring.core.anchor_states import AnchorState
from anchoring.core.evidence import verify_evidence
from anchoring.core.receipt import format_receipt
from anchoring.core.types import Head, RootHash, TreeSize
from tests.support.account_contract import check_accounts
from tests.support.chain_world import FAUCET, OTHER_PUBLISHER, PUBLISHER
from tests.support.contract_accounts import STRANGER
from tests.support.forged_receipts import forgeries, is_verified
from tests.support.peer_chain import (
    FUNDS_WEI,
    INCLUSION_TIMEOUT_S,
    PeerNode,
    PeerWorld,
    verify,
)
from tests.support.peer_process import free_port, peer, running, tail, wait_until

pytestmark = pytest.mark.interop

FINALITY_TIMEOUT_S = 120
"""Bound on the wait for a final block: 32 blocks, and what a busy machine adds."""

MAX_STEADY_GAS = 50_000
"""Geth's development chain runs drafts of forks to come, which price storage anew; the price on the
networks of today is pinned against anvil and py-evm."""


@contextmanager
def geth(folder: Path, apis: str) -> Iterator[PeerNode]:
    log, port = folder / "geth.log", free_port()
    node = PeerNode(f"http://127.0.0.1:{port}")
    command: list[str | Path] = [
        peer("geth"),
        *("--dev", "--dev.period", "1", "--datadir", folder / "data", "--ipcdisable"),
        *("--http", "--http.addr", "127.0.0.1", "--http.port", str(port), "--http.api", apis),
        *("--authrpc.addr", "127.0.0.1", "--authrpc.port", str(free_port())),
        *("--nodiscover", "--maxpeers", "0", "--nat", "none", "--port", "0"),
    ]
    with running(command, log=log, ready=node.is_up):
        yield node
        print(tail(log))  # noqa: T201  # pytest shows it when the test fails


def fund(node: PeerNode) -> None:
    """Give our accounts ether of geth's developer account, which it holds unlocked."""
    (developer,) = node.web3.eth.accounts
    for account in (FAUCET, PUBLISHER, STRANGER, OTHER_PUBLISHER):
        node.web3.eth.send_transaction(
            {"from": developer, "to": account.address, "value": FUNDS_WEI}  # type: ignore[typeddict-item]  # an integer is Wei
        )
    wait_until(
        lambda: node.web3.eth.get_balance(OTHER_PUBLISHER.address) > 0,
        "funds",
        timeout_s=INCLUSION_TIMEOUT_S,
    )


@pytest.fixture(scope="module", params=["eth,web3,net,debug", "eth,web3,net"])
def node(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PeerNode]:
    """A node with the debug methods that give raw blocks, then one without, as public ones are."""
    with geth(tmp_path_factory.mktemp("geth"), request.param) as opened:
        fund(opened)
        if "debug" not in request.param:
            with pytest.raises(Web3RPCError):
                opened.ask("debug_getRawHeader", "latest")
        yield opened


@pytest.fixture
def world(node: PeerNode) -> PeerWorld:
    """A contract of its own for each test; the faucet's next nonce gives it another address."""
    return PeerWorld(node, node.deploy())


def test_geth__first_and_steady_anchor__fit_the_gas_limit(
    world: PeerWorld, figures: list[str]
) -> None:
    chain, gas = world.chain(), []
    for size in (2**40 - 2, 2**40 - 1):
        head = Head(TreeSize(size), RootHash(b"\xff" * 32))
        sent = chain.broadcast(chain.sign_anchor(head))
        wait_until(
            lambda head=head: chain.published_head().size == head.size,  # type: ignore[misc]  # a default argument binds the head
            "anchor",
            timeout_s=INCLUSION_TIMEOUT_S,
        )
        gas.append(world.node.gas_used(sent))
    figures.append(f"gas on geth: first {gas[0]}, steady {gas[1]}")
    assert gas[1] <= MAX_STEADY_GAS < gas[0] <= MAX_GAS


def test_broadcast__of_the_same_bytes_to_geth__is_idempotent(world: PeerWorld) -> None:
    world.check_repeated_broadcast()


def test_receipt__anchored_on_geth__verifies_offline_by_its_block_hash(
    world: PeerWorld, tmp_path: Path, figures: list[str]
) -> None:
    world.anchor_next(5)
    anchor, evidence = world.anchor_next(4)
    assert verify_evidence(evidence, anchor).previous_size == 5
    for index in (0, 5, 8):
        path = world.write(tmp_path, world.receipt(anchor, evidence, index))
        code, said = verify(path, "--offline", "--block-hash", anchor.block_hash.hex())
        assert code == 0, said
    assert verify(path, "--offline", "--block-hash", "ab" * 32)[0] == 1
    figures.append(f"receipt with geth's evidence: {path.stat().st_size} bytes of JSON")


def test_receipt__made_on_geth_with_any_field_changed__is_refused(world: PeerWorld) -> None:
    anchor, evidence = world.anchor_next(5)
    receipt, trust = world.receipt(anchor, evidence, 3), world.trust()
    assert is_verified(receipt, trust, anchor.block_hash)
    count = 0
    for where, forged in forgeries(receipt):
        assert not is_verified(forged, trust, anchor.block_hash), where
        count += 1
    assert count > len(format_receipt(receipt)) // 2


def test_anchorer__in_a_block_with_transactions_of_others__proves_its_own(world: PeerWorld) -> None:
    """Three senders in one block, if geth puts them there: the proof is a branch, not a lone leaf."""
    others = PeerWorld(world.node, world.location, publisher=OTHER_PUBLISHER)
    stranger = Account.from_key(b"\x0b" * 32)
    (developer,) = world.node.web3.eth.accounts
    others.ledger.append(2)
    others.anchorer().step()
    for _ in range(20):
        world.node.web3.eth.send_transaction(
            {"from": developer, "to": stranger.address, "value": 1}  # type: ignore[typeddict-item]  # an integer is Wei
        )
    anchor, evidence = world.anchor_next()
    assert verify_evidence(evidence, anchor).anchor == anchor


def test_anchorer__when_geth_finalizes_the_block__marks_it_final(
    world: PeerWorld, tmp_path: Path, figures: list[str]
) -> None:
    """And the receipt rests on the final block alone, whatever of it is changed."""
    anchor, evidence = world.anchor_next()
    path = world.write(tmp_path, world.receipt(anchor, evidence, 0))
    wait_until(
        lambda: world.node.final_height() >= anchor.block_number,
        "finality",
        timeout_s=FINALITY_TIMEOUT_S,
    )
    world.anchorer().step()
    record, evidence = world.journal.anchors[anchor.head.size]
    assert record.state is AnchorState.FINALIZED
    assert verify_evidence(evidence, anchor).anchor == anchor
    code, said = verify(path, "--rpc", world.node.url)
    assert code == 0, said
    statement, trust = world.finality(anchor), world.trust()
    receipt = world.receipt(anchor, evidence, 1, statement)
    path = world.write(tmp_path, receipt)
    figures.append(
        f"receipt with geth's finality ({type(statement.link).__name__}): {path.stat().st_size} bytes"
    )
    code, said = verify(path, "--offline", "--block-hash", statement.block_hash.hex())
    assert code == 0, said
    for where, forged in forgeries(receipt):
        assert not is_verified(forged, trust, statement.block_hash), where


def test_geth__asked_about_contract_accounts__answers_as_our_chain(node: PeerNode) -> None:
    check_accounts(node.url, node.web3)
