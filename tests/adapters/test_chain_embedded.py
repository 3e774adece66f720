"""The embedded chain: restart, crash, exclusion, time, faucet, deployment."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from eth_account import Account
from web3 import Web3
from web3.types import RPCEndpoint

from anchoring.adapters.chain_embedded import EmbeddedChain
from anchoring.adapters.chain_embedded_store import SqliteStore
from anchoring.core.errors import RejectedError, UnavailableError, VerificationError
from anchoring.core.evidence import verify_evidence
from anchoring.core.types import ChainId, TreeSize
from tests.support.chain_contract import anchored
from tests.support.chain_world import (
    FAUCET,
    NOON,
    PUBLISHER,
    FixedClock,
    address_of,
    head_of,
    open_embedded,
    publish_on,
)

MINE_UNTIL_KILLED = """
import sys
from pathlib import Path
from tests.support.chain_world import head_of, open_embedded, publish_on
chain = publish_on(open_embedded(Path(sys.argv[1])))
for size in range(1, 10_000):
    chain.broadcast(chain.sign_anchor(head_of(size)))
    print(size, flush=True)
"""


def test_reopen__after_close__continues_the_same_chain(tmp_path: Path) -> None:
    path = tmp_path / "chain.sqlite"
    before = open_embedded(path)
    chain = publish_on(before)
    anchor = anchored(chain, head_of(3))
    facts = (
        before.genesis_hash,
        before.deploy_registry(),
        Web3(before.provider()).eth.get_block(3),
    )
    before.close()
    after = open_embedded(path)
    assert facts == (
        after.genesis_hash,
        after.deploy_registry(),
        Web3(after.provider()).eth.get_block(3),
    )
    chain = publish_on(after)
    assert chain.find_anchor(TreeSize(3)) == anchor
    verify_evidence(chain.capture_evidence(anchor), anchor)
    assert anchored(chain, head_of(4)).block_number == anchor.block_number + 1
    after.close()


def test_reopen__after_kill_9_while_mining__holds_every_acknowledged_block(tmp_path: Path) -> None:
    path = tmp_path / "chain.sqlite"
    with subprocess.Popen(
        [sys.executable, "-c", MINE_UNTIL_KILLED, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    ) as miner:
        assert miner.stdout is not None
        acknowledged = 0
        for line in miner.stdout:
            acknowledged = int(line)
            if acknowledged == 5:
                os.kill(miner.pid, signal.SIGKILL)
        miner.wait()
    assert miner.returncode == -signal.SIGKILL
    embedded = open_embedded(path)
    chain = publish_on(embedded)
    size = chain.published_head().size
    assert size in {acknowledged, acknowledged + 1}
    for old in range(1, size + 1):
        anchor = chain.find_anchor(TreeSize(old))
        assert anchor is not None
        verify_evidence(chain.capture_evidence(anchor), anchor)
    anchored(chain, head_of(size + 1))
    embedded.close()


def test_open__while_another_holds_the_file__is_unavailable(tmp_path: Path) -> None:
    holder = open_embedded(tmp_path / "chain.sqlite")
    with pytest.raises(UnavailableError):
        open_embedded(tmp_path / "chain.sqlite")
    holder.close()
    open_embedded(tmp_path / "chain.sqlite").close()


def test_open__with_another_faucet_or_chain_id__does_not_verify(tmp_path: Path) -> None:
    path = tmp_path / "chain.sqlite"
    open_embedded(path).close()
    clock = FixedClock()
    with pytest.raises(VerificationError):
        EmbeddedChain(path, clock=clock, faucet=PUBLISHER)
    with pytest.raises(VerificationError):
        EmbeddedChain(path, clock=clock, faucet=FAUCET, chain_id=ChainId(5))
    open_embedded(path).close()


def test_genesis__of_equal_settings__is_equal(tmp_path: Path) -> None:
    hashes = []
    for name in ("a", "b"):
        chain = open_embedded(tmp_path / name)
        chain.deploy_registry()
        hashes.append((chain.genesis_hash, Web3(chain.provider()).eth.get_block(1)["hash"]))
        chain.close()
    assert hashes[0] == hashes[1]


def test_block_time__of_a_fast_clock__is_the_clock(tmp_path: Path) -> None:
    clock = FixedClock()
    embedded = open_embedded(tmp_path / "chain.sqlite", clock)
    chain = publish_on(embedded)
    clock.advance(60)
    anchor = anchored(chain, head_of(1))
    proven = verify_evidence(chain.capture_evidence(anchor), anchor)
    assert proven.block_time == int(NOON.timestamp()) + 60
    embedded.close()


def test_block_time__of_a_clock_that_stands_still__still_grows(tmp_path: Path) -> None:
    embedded = open_embedded(tmp_path / "chain.sqlite")
    chain = publish_on(embedded)
    times = []
    for size in (1, 2, 3):
        anchor = anchored(chain, head_of(size))
        times.append(verify_evidence(chain.capture_evidence(anchor), anchor).block_time)
    assert [time - times[0] for time in times] == [0, 1, 2]
    embedded.close()


def test_fund__of_a_poor_account__pays_once(tmp_path: Path) -> None:
    embedded = open_embedded(tmp_path / "chain.sqlite")
    address = address_of(PUBLISHER)
    assert embedded.fund(address) is not None
    assert embedded.fund(address) is None
    assert Web3(embedded.provider()).eth.get_balance(PUBLISHER.address) == 10**19
    embedded.close()


def test_deploy_registry__twice__deploys_once(tmp_path: Path) -> None:
    embedded = open_embedded(tmp_path / "chain.sqlite")
    embedded.fund(address_of(PUBLISHER))
    assert embedded.deploy_registry() == embedded.deploy_registry()
    assert Web3(embedded.provider()).eth.block_number == 2
    assert embedded.deploy_registry().start_block == 2
    embedded.close()


def test_chain_id__of_signed_transactions__is_the_chain_s(tmp_path: Path) -> None:
    embedded = open_embedded(tmp_path / "chain.sqlite")
    embedded.deploy_registry()
    web3 = Web3(embedded.provider())
    transaction_hash = web3.eth.get_block(1)["transactions"][0]
    assert isinstance(transaction_hash, bytes)
    assert web3.eth.get_transaction(transaction_hash)["chainId"] == 20_260
    embedded.close()


def test_refused_transaction__of_a_wrong_fee__leaves_the_chain_as_it_was(tmp_path: Path) -> None:
    embedded = open_embedded(tmp_path / "chain.sqlite")
    chain = publish_on(embedded)
    web3 = Web3(embedded.provider())
    before = web3.eth.get_block("latest")
    cheap = Account.sign_transaction(
        {
            "type": 2,
            "chainId": 20_260,
            "nonce": 0,
            "maxFeePerGas": 1,
            "maxPriorityFeePerGas": 1,
            "gas": 21_000,
            "to": FAUCET.address,
            "value": 0,
        },
        PUBLISHER.key,
    )
    with pytest.raises(UnavailableError):
        chain.broadcast(bytes(cheap.raw_transaction))
    assert web3.eth.get_block("latest") == before
    anchored(chain, head_of(1))
    embedded.close()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"nonce": 1}, "nonce too high: next 0"),
        ({"chainId": 1}, "invalid chain id for signer"),
        ({"value": 10**20}, "insufficient funds for gas * price + value"),
        ({"gas": 20_999}, "transaction refused"),
        ({"gas": 30_000_001}, "transaction refused"),
    ],
)
def test_send__of_one_thing_wrong__is_refused_with_its_reason(
    tmp_path: Path, change: dict[str, int], reason: str | None
) -> None:
    embedded = open_embedded(tmp_path / "chain.sqlite")
    embedded.fund(address_of(PUBLISHER))
    fields = {"type": 2, "chainId": 20_260, "nonce": 0, "gas": 21_000, "value": 1}
    fees = {"maxFeePerGas": 10**10, "maxPriorityFeePerGas": 10**9, "to": FAUCET.address}
    signed = Account.sign_transaction({**fields, **fees, **change}, PUBLISHER.key)
    raw = "0x" + bytes(signed.raw_transaction).hex()
    method = RPCEndpoint("eth_sendRawTransaction")
    answer = embedded.provider().make_request(method, [raw])
    if reason is None:
        assert "result" in answer
        again = embedded.provider().make_request(method, [raw])
        assert again["error"]["message"] == "already known"
    else:
        assert str(answer["error"]["message"]).startswith(reason)
    embedded.close()


def test_send__of_bytes_that_are_no_transaction__is_refused(tmp_path: Path) -> None:
    embedded = open_embedded(tmp_path / "chain.sqlite")
    method = RPCEndpoint("eth_sendRawTransaction")
    for params in ([], ["0x"], ["0x02"], ["0x02c0"], ["0x7fc0"], ["0xff"], ["0x00"], ["02"]):
        assert "error" in embedded.provider().make_request(method, params)
    assert Web3(embedded.provider()).eth.block_number == 0
    embedded.close()


def test_store__write_outside_a_block__is_rejected(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.sqlite")
    with pytest.raises(RejectedError):
        store[b"key"] = b"value"
    with pytest.raises(RejectedError):
        del store[b"key"]
    store.close()


def test_store__exception_inside_a_block__leaves_no_write(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.sqlite")

    def write_and_fail() -> None:
        with store.block():
            store[b"key"] = b"value"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert b"key" not in store
    with store.block():
        store[b"key"] = b"value"
    assert store[b"key"] == b"value"
    with store.block():
        del store[b"key"]
        with pytest.raises(KeyError):
            del store[b"key"]
    assert b"key" not in store
    store.close()


def test_threads__anchoring_and_reading_at_once__see_whole_blocks(tmp_path: Path) -> None:
    embedded = open_embedded(tmp_path / "chain.sqlite")
    chain = publish_on(embedded)
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            request = {"jsonrpc": "2.0", "id": 1, "method": "eth_getBlockByNumber"}
            answer = embedded.answer({**request, "params": ["latest", True]})
            if not isinstance(answer, dict) or "result" not in answer:
                wrong.append(answer)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for size in range(1, 6):
        anchored(chain, head_of(size))
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    embedded.close()
