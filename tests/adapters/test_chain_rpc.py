"""The JSON-RPC that the embedded chain serves to anyone: encodings, bounds, refusals."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import rlp
from eth_hash.auto import keccak

from anchoring.adapters.chain_embedded import MAX_BATCH, EmbeddedChain
from anchoring.adapters.chain_embedded_rpc import MAX_LOG_RANGE
from anchoring.core.evidence import EVENT_TOPIC
from anchoring.core.types import Anchor
from tests.support.chain_contract import anchored
from tests.support.chain_world import PUBLISHER, head_of, open_embedded, publish_on

ZERO_ADDRESS = "0x" + "00" * 20
ZERO_HASH = "0x" + "00" * 32


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[EmbeddedChain]:
    embedded = open_embedded(tmp_path / "chain.sqlite")
    yield embedded
    embedded.close()


@pytest.fixture
def anchor(chain: EmbeddedChain) -> Anchor:
    return anchored(publish_on(chain), head_of(3))


def ask(chain: EmbeddedChain, method: str, *params: object) -> dict[str, object]:
    answer = chain.answer({"jsonrpc": "2.0", "id": 7, "method": method, "params": list(params)})
    assert isinstance(answer, dict)
    assert answer["jsonrpc"] == "2.0"
    assert answer["id"] == 7
    return answer


def result(chain: EmbeddedChain, method: str, *params: object) -> object:
    answer = ask(chain, method, *params)
    assert "error" not in answer, answer
    return answer["result"]


def code(chain: EmbeddedChain, method: str, *params: object) -> object:
    error = ask(chain, method, *params)["error"]
    assert isinstance(error, dict)
    return error["code"]


def test_facts__of_the_chain__are_quantities(chain: EmbeddedChain) -> None:
    assert result(chain, "eth_chainId") == "0x4f24"
    assert result(chain, "net_version") == "20260"
    assert result(chain, "eth_blockNumber") == "0x0"
    assert result(chain, "eth_gasPrice") == hex(875_000_000)
    assert isinstance(result(chain, "web3_clientVersion"), str)


@pytest.mark.parametrize("tag", ["latest", "safe", "finalized", "pending", "0x3"])
def test_block__by_tag_or_number__is_the_newest(
    chain: EmbeddedChain, anchor: Anchor, tag: str
) -> None:
    block = result(chain, "eth_getBlockByNumber", tag)
    assert isinstance(block, dict)
    assert block["hash"] == "0x" + anchor.block_hash.hex()
    assert block["transactions"] == ["0x" + anchor.transaction_hash.hex()]
    assert block == result(chain, "eth_getBlockByHash", block["hash"])


def test_block__earliest__is_the_genesis(chain: EmbeddedChain) -> None:
    block = result(chain, "eth_getBlockByNumber", "earliest")
    assert isinstance(block, dict)
    assert block["hash"] == "0x" + chain.genesis_hash.hex()


def test_block__that_does_not_exist__is_null(chain: EmbeddedChain) -> None:
    assert result(chain, "eth_getBlockByNumber", "0x99") is None
    assert result(chain, "eth_getBlockByHash", ZERO_HASH) is None
    assert result(chain, "eth_getTransactionByHash", ZERO_HASH) is None
    assert result(chain, "eth_getTransactionReceipt", ZERO_HASH) is None


def test_transaction_and_receipt__of_an_anchor__agree(chain: EmbeddedChain, anchor: Anchor) -> None:
    transaction_hash = "0x" + anchor.transaction_hash.hex()
    transaction = result(chain, "eth_getTransactionByHash", transaction_hash)
    receipt = result(chain, "eth_getTransactionReceipt", transaction_hash)
    assert isinstance(transaction, dict)
    assert isinstance(receipt, dict)
    assert transaction["from"] == receipt["from"] == PUBLISHER.address
    assert transaction["type"] == receipt["type"] == "0x2"
    assert (receipt["status"], receipt["gasUsed"]) == ("0x1", receipt["cumulativeGasUsed"])
    assert receipt["logs"][0]["topics"][0] == "0x" + EVENT_TOPIC.hex()
    assert result(chain, "eth_getLogs", {"blockHash": receipt["blockHash"]}) == receipt["logs"]


def test_raw_parts__of_a_block__hash_to_what_the_block_says(
    chain: EmbeddedChain, anchor: Anchor
) -> None:
    header = result(chain, "debug_getRawHeader", "0x3")
    block = result(chain, "debug_getRawBlock", "0x" + anchor.block_hash.hex())
    transaction = result(chain, "debug_getRawTransaction", "0x" + anchor.transaction_hash.hex())
    assert isinstance(header, str)
    assert isinstance(block, str)
    assert isinstance(transaction, str)
    assert keccak(bytes.fromhex(header[2:])) == anchor.block_hash
    decoded = rlp.decode(bytes.fromhex(block[2:]))
    assert rlp.encode(decoded[0]).hex() == header[2:]
    assert decoded[1] == [bytes.fromhex(transaction[2:])]
    assert result(chain, "debug_getRawReceipts", "earliest") == []
    assert result(chain, "debug_getRawTransaction", ZERO_HASH) == "0x"


def test_state__at_an_old_block__is_the_old_state(chain: EmbeddedChain, anchor: Anchor) -> None:
    contract = "0x" + anchor.contract.hex()
    publisher = PUBLISHER.address
    assert result(chain, "eth_getTransactionCount", publisher, "0x2") == "0x0"
    assert result(chain, "eth_getTransactionCount", publisher, "latest") == "0x1"
    assert result(chain, "eth_getBalance", publisher, "0x1") == "0x0"
    assert result(chain, "eth_getCode", contract, "0x0") == "0x"
    slot = keccak(b"\0" * 32 + bytes.fromhex(publisher[2:]).rjust(32, b"\0"))
    stored = result(chain, "eth_getStorageAt", contract, "0x" + slot.hex(), "latest")
    assert stored == "0x" + (3).to_bytes(8, "big").hex() + anchor.head.root[:24].hex()


def test_logs__by_address_topic_and_range__are_filtered(
    chain: EmbeddedChain, anchor: Anchor
) -> None:
    contract, topic = "0x" + anchor.contract.hex(), "0x" + EVENT_TOPIC.hex()
    span = {"fromBlock": "earliest", "toBlock": "latest"}

    def found(**wanted: object) -> int:
        logs = result(chain, "eth_getLogs", {**span, **wanted})
        assert isinstance(logs, list)
        return len(logs)

    assert found() == found(address=contract) == found(topics=[topic]) == 1
    assert found(address=[contract, ZERO_ADDRESS], topics=[[topic, ZERO_HASH], None]) == 1
    assert found(address=ZERO_ADDRESS) == found(topics=[ZERO_HASH]) == 0
    assert found(topics=[None, ZERO_HASH]) == found(topics=[None] * 3) == found(toBlock="0x2") == 0


@pytest.mark.parametrize(
    "method",
    [
        "eth_sendRawTransaction",
        "eth_sendTransaction",
        "eth_accounts",
        "evm_mine",
        "debug_traceTransaction",
        "",
    ],
)
def test_method__outside_the_list__is_not_found(chain: EmbeddedChain, method: str) -> None:
    assert code(chain, method, "0x00") == -32601


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("eth_chainId", [1]),
        ("eth_getBlockByNumber", []),
        ("eth_getBlockByNumber", [1]),
        ("eth_getBlockByNumber", ["0x01"]),
        ("eth_getBlockByNumber", ["newest"]),
        ("eth_getBlockByNumber", [ZERO_HASH]),
        ("eth_getBlockByNumber", ["latest", "yes"]),
        ("eth_getBlockByHash", ["0x00"]),
        ("eth_getBalance", ["0x00"]),
        ("eth_getBalance", [None]),
        ("eth_getStorageAt", [ZERO_ADDRESS, "1"]),
        ("eth_getTransactionByHash", ["0x" + "zz" * 32]),
        ("eth_getLogs", ["latest"]),
        ("eth_getLogs", [{"from": "0x0"}]),
        ("eth_getLogs", [{"topics": "all"}]),
        ("eth_getLogs", [{"topics": [ZERO_HASH] * 5}]),
        ("eth_getLogs", [{"address": "0x1"}]),
        ("eth_getLogs", [{"fromBlock": "0x2", "toBlock": "0x1"}]),
        ("eth_getLogs", [{"blockHash": ZERO_HASH, "fromBlock": "0x1"}]),
        ("eth_call", [{}]),
        ("eth_call", [{"to": None, "data": "0x00"}]),
        ("eth_call", [{"to": ZERO_ADDRESS, "data": "0x0"}]),
        ("eth_call", [{"to": ZERO_ADDRESS, "value": "-0x1"}]),
        ("eth_estimateGas", [{"to": ZERO_ADDRESS}]),
        ("debug_getRawHeader", [None]),
    ],
)
def test_params__that_do_not_fit__are_refused(
    chain: EmbeddedChain, method: str, params: list[object]
) -> None:
    assert code(chain, method, *params) == -32602


def test_logs__of_too_many_blocks__are_refused(chain: EmbeddedChain) -> None:
    wanted = {"fromBlock": "0x0", "toBlock": hex(MAX_LOG_RANGE)}
    assert code(chain, "eth_getLogs", wanted) == -32005
    wanted = {"fromBlock": "0x1", "toBlock": hex(MAX_LOG_RANGE)}
    assert result(chain, "eth_getLogs", wanted) == []


def test_call__of_a_precompile__runs_nothing(chain: EmbeddedChain) -> None:
    pairing = "0x" + "00" * 19 + "08"
    assert result(chain, "eth_call", {"to": pairing, "data": "0x" + "00" * 192}) == "0x"


def test_call__that_reverts__carries_the_reason(chain: EmbeddedChain, anchor: Anchor) -> None:
    payload = keccak(b"anchor(uint64,bytes32)")[:4] + b"\0" * 64
    call = {
        "to": "0x" + anchor.contract.hex(),
        "from": PUBLISHER.address,
        "data": "0x" + payload.hex(),
    }
    for method in ("eth_call", "eth_estimateGas"):
        error = ask(chain, method, call)["error"]
        assert isinstance(error, dict)
        assert error["code"] == 3
        assert error["message"] == "execution reverted: AnchorRegistry: size not greater"
        assert error["data"].startswith("0x08c379a0")
    assert code(chain, "eth_call", {**call, "gas": "0x5209"}) == -32000


@pytest.mark.parametrize(
    "request_",
    [
        None,
        1,
        "eth_chainId",
        {},
        {"jsonrpc": "1.0", "id": 1, "method": "eth_chainId"},
        {"jsonrpc": "2.0", "id": 1, "method": 5},
        {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": {}},
        [],
        [{"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"}] * (MAX_BATCH + 1),
    ],
)
def test_request__that_is_none__is_invalid(chain: EmbeddedChain, request_: object) -> None:
    answer = chain.answer(request_)
    assert isinstance(answer, dict)
    assert isinstance(answer["error"], dict)
    assert answer["error"]["code"] == -32600


def test_batch__of_good_and_bad__answers_each_in_order(chain: EmbeddedChain) -> None:
    good = {"jsonrpc": "2.0", "id": "a", "method": "eth_chainId"}
    answers = chain.answer([good, {**good, "id": "b", "method": "nothing"}, 5])
    assert isinstance(answers, list)
    assert [answer["id"] for answer in answers] == ["a", "b", None]
    assert ["result" in answer for answer in answers] == [True, False, False]
