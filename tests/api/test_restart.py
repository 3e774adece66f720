"""A server that was closed and opened again goes on, and what it proved before stays proven."""

import io
from pathlib import Path

import pytest
from web3 import HTTPProvider, Web3

from anchoring.cli.verify import run
from anchoring.core.errors import UnavailableError
from tests.support.http_world import World, opened
from tests.support.listening import listening
from tests.support.model_organisation import FOUNDERS, SLUG

CHAIR = FOUNDERS[0]


def write_receipt(world: World, index: int, folder: Path) -> list[str]:
    """Store receipt and trust file as a member would, and return the arguments to verify them."""
    receipt, trust = folder / "receipt.json", folder / "trust.json"
    receipt.write_bytes(world.client.get(f"{world.root}/entries/{index}/receipt").content)
    trust.write_bytes(world.client.get(f"{world.root}/trust").content)
    return ["receipt", str(receipt), "--trust", str(trust), "--lang", "en"]


def test_restart__same_data__goes_on(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as before:
        before.found()
        before.worker.step_all()
        checkpoint = before.client.get(f"/log/{SLUG}/checkpoint").content
        operator = before.operator()
        clock = before.clock
    with opened(tmp_path / "data", clock) as after:
        assert after.client.get(f"/log/{SLUG}/checkpoint").content == checkpoint
        assert after.operator() == operator
        after.act(CHAIR, "motions", after.motion(CHAIR, "bridge"))
        after.worker.step_all()
        anchors = after.get("anchors")["items"]
    assert [anchor["size"] for anchor in anchors] == [1, 2]


def test_restart__receipt_of_before__verifies_against_the_chain_of_after(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as before:
        before.found()
        before.worker.step_all()
        arguments = write_receipt(before, 0, tmp_path)
        clock = before.clock
    with opened(tmp_path / "data", clock) as after, listening(after.container) as url:
        output = io.StringIO()
        code = run([*arguments, "--rpc", f"{url}/chain"], environ={}, output=output)
    assert code == 0, output.getvalue()


def test_restart__receipt_of_another_chain__does_not_verify(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as before:
        before.found()
        before.worker.step_all()
        arguments = write_receipt(before, 0, tmp_path)
    with opened(tmp_path / "other") as other, listening(other.container) as url:
        other.found()
        other.worker.step_all()
        code = run([*arguments, "--rpc", f"{url}/chain"], environ={}, output=io.StringIO())
    assert code == 1


def test_chain__web3_over_http__reads_the_anchored_head(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as world:
        world.found()
        world.worker.step_all()
        with listening(world.container) as url:
            web3 = Web3(HTTPProvider(f"{url}/chain"))
            assert web3.eth.chain_id == world.container.chain.chain_id
            anchors = world.get("anchors")["items"]
            transaction = web3.eth.get_transaction_receipt(anchors[0]["transaction_hash"])
    assert bytes(transaction["blockHash"]).hex() == anchors[0]["block_hash"][2:]


def test_chain__transaction_from_outside__is_refused(world: World) -> None:
    request = {"jsonrpc": "2.0", "id": 7, "method": "eth_sendRawTransaction", "params": ["0x00"]}
    answer = world.client.post("/chain", json=request).json()
    assert answer["id"] == 7
    assert "error" in answer


def test_chain__batch__is_answered_in_order(world: World) -> None:
    requests = [
        {"jsonrpc": "2.0", "id": number, "method": "eth_chainId", "params": []}
        for number in range(3)
    ]
    answers = world.client.post("/chain", json=requests).json()
    assert [answer["id"] for answer in answers] == [0, 1, 2]


@pytest.mark.parametrize("identifier", [False, 1.5, [], {}])
def test_chain__identifier_of_another_type__is_refused(world: World, identifier: object) -> None:
    request = {"jsonrpc": "2.0", "id": identifier, "method": "eth_chainId", "params": []}
    assert world.client.post("/chain", json=request).status_code == 422


def test_restart__second_server_on_the_same_data__is_refused(tmp_path: Path) -> None:
    with opened(tmp_path / "data"), pytest.raises(UnavailableError), opened(tmp_path / "data"):
        pass
