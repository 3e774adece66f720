"""Evidence captured from nodes of several kinds, over blocks of many transactions of every type."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
import rlp
from eth_hash.auto import keccak
from web3.types import RPCEndpoint, RPCResponse

from anchoring.adapters.chain_block_json import header_bytes, receipt_bytes, transaction_bytes
from anchoring.adapters.chain_node import ChainNode
from anchoring.adapters.chain_web3_blocks import capture_evidence
from anchoring.core.errors import (
    MalformedError,
    UnavailableError,
    UnsupportedError,
    VerificationError,
)
from anchoring.core.evidence import verify_evidence
from anchoring.core.types import BlockHash
from tests.support.chain_blocks import (
    KINDS,
    Block,
    FakeNode,
    Method,
    as_hashes_only,
    block_of,
    methods_of,
    signed,
    without,
)

BLOCK = block_of(40, place=17)
ALL = methods_of(BLOCK)


def capture(methods: Mapping[str, Method], block: Block = BLOCK) -> list[str]:
    """Capture and verify; return the methods that were asked."""
    node = FakeNode(methods)
    evidence = capture_evidence(ChainNode(node), block.anchor)
    assert verify_evidence(evidence, block.anchor).previous_size == 1
    return node.asked


@pytest.mark.parametrize(
    "methods",
    [
        ALL,
        without(ALL, "debug_"),
        without(ALL, "debug_", "eth_getBlockReceipts"),
        without(ALL, "debug_", "eth_getRaw", "eth_getBlockReceipts"),
        without(ALL, "eth_getBlockReceipts", "eth_getTransactionReceipt"),
        without(ALL, "eth_"),
    ],
    ids=["all", "no-debug", "receipts-one-by-one", "plain-only", "raw-receipts", "debug-only"],
)
def test_capture__from_every_kind_of_node__proves_the_anchor(methods: dict[str, Method]) -> None:
    capture(methods)


@pytest.mark.parametrize("count", [1, 2, 127, 128, 129, 200])
def test_capture__at_every_edge_of_the_trie__proves_the_anchor(count: int) -> None:
    block = block_of(count, place=count - 1)
    capture(without(methods_of(block), "debug_"), block)


@pytest.mark.parametrize("fields", [15, 16, 17, 20, 21])
def test_capture__of_a_block_of_any_fork__proves_the_anchor(fields: int) -> None:
    """Frontier to Paris, London, Shanghai, Cancun, Prague."""
    block = block_of(6, place=2, fields=fields)
    capture(without(methods_of(block), "debug_"), block)


def test_capture__of_a_header_of_a_fork_to_come__takes_it_raw() -> None:
    header = bytes(rlp.encode([*rlp.decode(BLOCK.header), b"\x09" * 32]))
    block = replace(
        BLOCK,
        header=header,
        shown={**BLOCK.shown, "blockAccessListHash": f"0x{'09' * 32}"}
        | {"hash": f"0x{keccak(header).hex()}"},
        anchor=replace(BLOCK.anchor, block_hash=BlockHash(keccak(header))),
    )
    assert "debug_getRawHeader" in capture(methods_of(block), block)
    with pytest.raises(VerificationError) as caught:
        capture(without(methods_of(block), "debug_"), block)
    assert caught.value.step == "evidence.header"


@pytest.mark.parametrize(
    "method",
    [
        "eth_getRawTransactionByBlockHashAndIndex",
        "eth_getRawTransactionByHash",
        "debug_getRawTransaction",
        "debug_getRawBlock",
    ],
)
def test_capture__when_transactions_are_listed_by_hash__takes_them_raw(method: str) -> None:
    block = as_hashes_only(BLOCK)
    raw = ("eth_getRaw", "debug_getRawT", "debug_getRawB")
    methods = without(methods_of(block), *raw) | {method: methods_of(block)[method]}
    assert method in capture(methods, block)
    with pytest.raises(UnavailableError):
        capture(without(methods, method), block)


def test_capture__of_transactions_of_an_unknown_type__takes_them_raw() -> None:
    """A rollup's own transactions have types that no one else knows."""
    shown = [{**each, "type": "0x7e"} for each in BLOCK.shown["transactions"]]
    block = replace(BLOCK, shown={**BLOCK.shown, "transactions": shown})
    assert "eth_getRawTransactionByBlockHashAndIndex" in capture(methods_of(block), block)


LIES: list[tuple[str, Callable[[Any], Any], str]] = [
    ("header", lambda block: {**block, "gasUsed": "0x1"}, "evidence.header"),
    ("root", lambda block: {**block, "receiptsRoot": f"0x{'0a' * 32}"}, "evidence.header"),
    (
        "order",
        lambda block: {**block, "transactions": block["transactions"][::-1]},
        "evidence.transaction",
    ),
    (
        "omission",
        lambda block: {**block, "transactions": block["transactions"][:-1]},
        "evidence.transaction",
    ),
]


@pytest.mark.parametrize(("name", "lie", "step"), LIES, ids=[name for name, _, _ in LIES])
def test_capture__from_a_node_that_lies_about_the_block__does_not_verify(
    name: str, lie: Callable[[Any], Any], step: str
) -> None:
    assert name
    methods = without(ALL, "debug_", "eth_getRaw")
    lying = {**methods, "eth_getBlockByHash": lambda *_: lie(BLOCK.shown)}
    with pytest.raises(VerificationError) as caught:
        capture(lying)
    assert caught.value.step == step
    capture(methods)


def test_capture__from_a_node_that_lies_about_receipts__does_not_verify() -> None:
    forged = [{**each, "status": "0x1"} for each in BLOCK.shown_receipts]
    lying = {**without(ALL, "debug_"), "eth_getBlockReceipts": lambda _: forged}
    assert "eth_getTransactionReceipt" in capture(lying)
    with pytest.raises(VerificationError) as caught:
        capture(without(lying, "eth_getTransactionReceipt"))
    assert caught.value.step == "evidence.receipt"


def test_capture__of_an_anchor_that_the_block_does_not_hold__does_not_verify() -> None:
    stranger = replace(BLOCK.anchor, publisher=type(BLOCK.anchor.publisher)(b"\xab" * 20))
    with pytest.raises(VerificationError) as caught:
        capture_evidence(ChainNode(FakeNode(ALL)), stranger)
    assert caught.value.step == "evidence.event"


def test_capture__of_a_block_that_the_node_forgot__is_unavailable() -> None:
    gone = replace(BLOCK.anchor, block_hash=BlockHash(b"\x0b" * 32))
    with pytest.raises(UnavailableError) as caught:
        capture_evidence(ChainNode(FakeNode(ALL)), gone)
    assert "no such block" in caught.value.reason


@pytest.mark.parametrize("answer", ["nonsense", {}, [1], [{}]])
def test_capture__from_a_node_that_answers_no_receipts__takes_another_way(answer: object) -> None:
    methods = {**without(ALL, "debug_"), "eth_getBlockReceipts": lambda _: answer}
    assert "eth_getTransactionReceipt" in capture(methods)


def test_capture__when_transactions_are_not_listed__takes_the_raw_block() -> None:
    others: tuple[object, ...] = (None, {}, "0x")
    for listed in others:
        block = replace(BLOCK, shown={**BLOCK.shown, "transactions": listed})
        assert "debug_getRawBlock" in capture(methods_of(block), block)


def test_capture__of_a_block_with_a_header_of_another_shape__does_not_verify() -> None:
    header = bytes(rlp.encode([b"\1"] * 14))
    anchor = replace(BLOCK.anchor, block_hash=BlockHash(keccak(header)))
    methods = {"debug_getRawHeader": lambda _: f"0x{header.hex()}"}
    with pytest.raises(VerificationError) as caught:
        capture_evidence(ChainNode(FakeNode(methods)), anchor)
    assert caught.value.step == "evidence"


@pytest.mark.parametrize(
    "answer", ["nonsense", [], {}, {"number": "9"}, {**BLOCK.shown, "extraData": "0xf"}]
)
def test_capture__from_a_node_that_answers_no_block__is_unavailable(answer: object) -> None:
    methods = without(ALL, "debug_") | {"eth_getBlockByHash": lambda *_: answer}
    with pytest.raises(UnavailableError):
        capture(methods)


class DeadNode(FakeNode):
    """Answers until a method is asked, then the line is cut."""

    def __init__(self, last: str) -> None:
        super().__init__(ALL)
        self.last = last

    def make_request(self, method: RPCEndpoint, params: Sequence[object]) -> RPCResponse:
        if method == self.last:
            raise ConnectionError(method)
        return super().make_request(method, params)


@pytest.mark.parametrize("method", ["eth_getBlockByHash", "eth_getBlockReceipts"])
def test_capture__when_the_line_is_cut__is_unavailable_at_once(method: str) -> None:
    """An outage is no missing method: no other way is tried, the caller tries again later."""
    node = DeadNode(method)
    with pytest.raises(UnavailableError) as caught:
        capture_evidence(ChainNode(node), BLOCK.anchor)
    assert "ConnectionError" in caught.value.reason
    assert not [each for each in node.asked if each.startswith("debug_")]


@pytest.mark.parametrize("nonce", range(2 * KINDS))
def test_transaction_bytes__of_every_type__are_those_that_were_signed(nonce: int) -> None:
    """The oracle is eth-account, which signed and encoded them."""
    raw, shown = signed(nonce, nonce % KINDS)
    assert transaction_bytes(shown) == raw
    for name in ("nonce", "r", "input"):
        with pytest.raises(MalformedError):
            transaction_bytes({**shown, name: None})


def test_block_parts__of_other_shapes__are_refused() -> None:
    shown = BLOCK.shown_receipts[17]
    for reader in (header_bytes, transaction_bytes, receipt_bytes):
        with pytest.raises(MalformedError):
            reader("0x")
    with pytest.raises(UnsupportedError):
        receipt_bytes({**shown, "status": None, "root": f"0x{'00' * 32}"})
    with pytest.raises(UnsupportedError):
        receipt_bytes({**shown, "type": "0x7e"})
    with pytest.raises(MalformedError):
        receipt_bytes({**shown, "logs": {}})
