"""Captures what ties an anchor's block to one that a node calls final.

Two links are known: the headers in between, when they are few, and otherwise the node's proof that the
history contract holds the anchor's block hash in the state of the final block. What is returned was
verified; nothing of it needs the node again.

Source: ``eth_getBlockByNumber`` and ``eth_getProof``, https://ethereum.github.io/execution-apis/;
EIP-1186, https://eips.ethereum.org/EIPS/eip-1186; EIP-2935, https://eips.ethereum.org/EIPS/eip-2935.
"""

from typing import Final

from eth_hash.auto import keccak

from anchoring.adapters.chain_block_json import header_bytes
from anchoring.adapters.chain_node import ChainNode
from anchoring.adapters.json_rpc_values import hex_data
from anchoring.core.errors import (
    MalformedError,
    UnavailableError,
    UnsupportedError,
    VerificationError,
)
from anchoring.core.finality import (
    HISTORY_CONTRACT,
    HISTORY_WINDOW,
    FinalityLink,
    FinalityStatement,
    HeaderChain,
    HistoryProof,
    history_slot,
    verify_finality,
)
from anchoring.core.types import Anchor, BlockHash, BlockNumber

MAX_CAPTURED_HEADERS: Final = 4
"""Longest header chain captured: 4 headers of 654 bytes take 3.5 kB as JSON, which keeps the receipt of
an entry of 1,466 bytes in a ledger of a million within ``MAX_RECEIPT_JSON``; beyond, the link is left to a
file of its own, and the history proof is soon the shorter one."""

_FINALIZED: Final = "finalized"
_IN_FULL: Final = False


def capture_finality(node: ChainNode, anchor: Anchor) -> FinalityStatement | None:
    """Return the node's finalized block and its link to the anchor's, None while there is none.

    Args:
        node: The node to ask.
        anchor: A proven anchor.

    Returns:
        A statement that ``verify_finality`` accepts. None when the node calls no block final that is at or
        above the anchor's, or offers neither link: the anchor is too far back for the headers, and the
        node or the chain keeps no history, or that history no longer reaches so far.

    Raises:
        UnavailableError: The node did not answer, or no longer has the blocks it spoke of.
        VerificationError: The finalized block does not descend from the anchor's block, or the node's
            answer does not hash to what it says.
    """
    try:
        shown = node.ask("eth_getBlockByNumber", _FINALIZED, _IN_FULL)
    except UnsupportedError:
        return None
    if shown is None:
        return None
    try:
        number, block_hash, header = _read(shown)
        if number < anchor.block_number:
            return None
        link = _link(node, anchor, number, header)
        if link is None:
            return None
        statement = FinalityStatement(number, block_hash, link)
        verify_finality(statement, anchor_number=anchor.block_number, anchor_hash=anchor.block_hash)
    except MalformedError as error:
        raise VerificationError(
            "finality", expected="a block that parses", found=str(error)
        ) from error
    return statement


def _link(
    node: ChainNode, anchor: Anchor, number: BlockNumber, header: bytes
) -> FinalityLink | None:
    distance = number - anchor.block_number
    if distance == 0:
        return HeaderChain(())
    if distance <= MAX_CAPTURED_HEADERS:
        between = range(anchor.block_number + 1, number)
        return HeaderChain((*(_header_at(node, BlockNumber(each)) for each in between), header))
    if distance > HISTORY_WINDOW:
        return None
    return _history(node, anchor, number, header)


def _history(
    node: ChainNode, anchor: Anchor, number: BlockNumber, header: bytes
) -> HistoryProof | None:
    slot = f"0x{history_slot(anchor.block_number).hex()}"
    try:
        answer = node.ask("eth_getProof", f"0x{HISTORY_CONTRACT.hex()}", [slot], hex(number))
    except UnsupportedError:
        return None
    if not isinstance(answer, dict):
        raise MalformedError("eth_getProof", "not an object")
    slots = answer.get("storageProof")
    if not isinstance(slots, list) or len(slots) != 1 or not isinstance(slots[0], dict):
        raise MalformedError("eth_getProof", "not the proof of one slot")
    if slots[0].get("value") in ("0x", "0x0", f"0x{'00' * 32}"):
        # A chain without EIP-2935: nothing is wrong, there is no such link.
        return None
    return HistoryProof(header, _nodes(answer.get("accountProof")), _nodes(slots[0].get("proof")))


def _nodes(value: object) -> tuple[bytes, ...]:
    if not isinstance(value, list):
        raise MalformedError("eth_getProof", "no list of nodes")
    return tuple(hex_data("eth_getProof", each) for each in value)


def _header_at(node: ChainNode, number: BlockNumber) -> bytes:
    try:
        shown = node.ask("eth_getBlockByNumber", hex(number), _IN_FULL)
    except UnsupportedError as error:
        raise UnavailableError("node", str(error)) from error
    if shown is None:
        raise UnavailableError("node", f"it has no block {number}")
    return _read(shown)[2]


def _read(shown: object) -> tuple[BlockNumber, BlockHash, bytes]:
    """Return number, hash and header of a block as shown; the header must hash to the hash."""
    if not isinstance(shown, dict):
        raise MalformedError("block", "not an object")
    stated = hex_data("block hash", shown.get("hash"))
    header = header_bytes(shown)
    if keccak(header) != stated:
        raise VerificationError("finality.block", expected=stated.hex(), found=keccak(header).hex())
    return BlockNumber(int(str(shown.get("number")), 16)), BlockHash(stated), header
