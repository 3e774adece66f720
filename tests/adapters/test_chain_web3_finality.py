"""Finality captured from nodes that keep history, that keep none, and that lie."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from eth_hash.auto import keccak
from web3.types import RPCEndpoint, RPCResponse

from anchoring.adapters.chain_node import ChainNode
from anchoring.adapters.chain_web3_finality import MAX_CAPTURED_HEADERS, capture_finality
from anchoring.core.errors import UnavailableError, VerificationError
from anchoring.core.finality import FinalityStatement, HeaderChain, HistoryProof, verify_finality
from anchoring.core.types import Anchor, BlockHash
from tests.support.chain_blocks import NUMBER, FakeNode, Method, block_of, without
from tests.support.finality import State, child, finality_methods, headers_on, state_of

BLOCK = block_of(3, place=1)
HASH = bytes(BLOCK.anchor.block_hash)
STATE = state_of({NUMBER: HASH, **{n: keccak(b"%d" % n) for n in range(NUMBER + 1, 80)}})


def node(distance: int, *, state: State = STATE) -> dict[str, Method]:
    """A node whose finalized block is that many above the anchor's."""
    headers = headers_on(HASH, NUMBER, max(distance - 1, 0))
    parent = keccak(headers[-1]) if headers else HASH
    last = child(parent, NUMBER + distance, state_root=state.accounts.root_hash)
    mine = [BLOCK.header] if distance <= 0 else [BLOCK.header, *headers, last]
    return finality_methods(mine, state, final=NUMBER + distance)


def capture(methods: dict[str, Method], anchor: Anchor = BLOCK.anchor) -> FinalityStatement | None:
    statement = capture_finality(ChainNode(FakeNode(methods)), anchor)
    if statement is not None:
        verify_finality(statement, anchor_number=anchor.block_number, anchor_hash=anchor.block_hash)
    return statement


@pytest.mark.parametrize("distance", [0, 1, 2, MAX_CAPTURED_HEADERS])
def test_finality__of_a_block_nearby__is_a_header_chain(distance: int) -> None:
    statement = capture(without(node(distance), "eth_getProof"))
    assert statement is not None
    assert isinstance(statement.link, HeaderChain)
    assert statement.block_number == NUMBER + distance


@pytest.mark.parametrize("distance", [MAX_CAPTURED_HEADERS + 1, 70, 90])
def test_finality__of_a_block_further_on__is_a_history_proof(distance: int) -> None:
    statement = capture(node(distance))
    assert statement is not None
    assert isinstance(statement.link, HistoryProof)


def test_finality__without_history__is_none() -> None:
    assert capture(without(node(70), "eth_getProof")) is None
    assert capture(node(70, state=state_of({11: b"\1" * 32}))) is None
    assert capture(node(8_192)) is None


def test_finality__before_the_chain_is_final__is_none() -> None:
    assert capture(without(node(3), "eth_getBlockByNumber")) is None
    assert capture({**node(3), "eth_getBlockByNumber": lambda *_: None}) is None
    later = replace(BLOCK.anchor, block_number=type(BLOCK.anchor.block_number)(NUMBER + 9))
    assert capture(node(3), later) is None


def test_finality__of_a_chain_that_dropped_the_anchor__does_not_verify() -> None:
    dropped = replace(BLOCK.anchor, block_hash=BlockHash(b"\x0d" * 32))
    for distance in (0, 2, 70):
        with pytest.raises(VerificationError):
            capture(node(distance), dropped)


def test_finality__from_a_node_that_lies__does_not_verify() -> None:
    honest = node(70)
    shown: Any = honest["eth_getBlockByNumber"]("finalized", None)
    for lie in ({"hash": f"0x{'0d' * 32}"}, {"number": hex(NUMBER + 71)}, {"stateRoot": "0x"}):
        with pytest.raises(VerificationError):
            capture({**honest, "eth_getBlockByNumber": lambda *_, lie=lie: {**shown, **lie}})
    empty = {"accountProof": [], "storageProof": [{"value": "0x1", "proof": []}]}
    unlisted = {"accountProof": "0x", "storageProof": [{"value": "0x1", "proof": []}]}
    for answer in ("0x", {}, {"storageProof": [1]}, empty, unlisted):
        with pytest.raises(VerificationError):
            capture({**honest, "eth_getProof": lambda *_, answer=answer: answer})
    with pytest.raises(VerificationError):
        capture({**honest, "eth_getBlockByNumber": lambda *_: "0x"})


def test_finality__when_a_block_in_between_is_gone__is_unavailable() -> None:
    honest: Any = node(3)["eth_getBlockByNumber"]

    def forgetful(tag: str, in_full: object) -> object:
        return honest(tag, in_full) if tag == "finalized" else None

    with pytest.raises(UnavailableError):
        capture({"eth_getBlockByNumber": forgetful})


class Pruned(FakeNode):
    """Answers with an error for every block but the finalized one."""

    def make_request(self, method: RPCEndpoint, params: Sequence[object]) -> RPCResponse:
        if params[0] == "finalized":
            return super().make_request(method, params)
        error = {"code": -32000, "message": "header not found"}
        return {"jsonrpc": "2.0", "id": 1, "error": error}  # type: ignore[typeddict-item]  # as nodes send it


def test_finality__when_a_block_in_between_was_pruned__is_unavailable() -> None:
    with pytest.raises(UnavailableError):
        capture_finality(ChainNode(Pruned(node(3))), BLOCK.anchor)
