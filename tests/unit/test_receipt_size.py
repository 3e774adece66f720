"""How long a receipt is for a ledger of a million entries: at most 12 kB, 6 kB without JSON."""

from dataclasses import replace

import pytest
from eth_hash.auto import keccak

from anchoring.adapters.chain_node import ChainNode
from anchoring.adapters.chain_web3_blocks import capture_evidence
from anchoring.adapters.chain_web3_finality import MAX_CAPTURED_HEADERS
from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.finality import FinalityStatement, HistoryProof
from anchoring.core.receipt import Receipt, ReceiptAnchor, format_receipt
from anchoring.core.types import BlockHash, BlockNumber, Head, LeafIndex, RootHash, TreeSize
from tests.support.chain_blocks import NUMBER, FakeNode, block_of, methods_of
from tests.support.finality import by_headers
from tests.support.receipts import ORIGIN, SIGNER

MILLION = TreeSize(1_000_000)
BLOCK = block_of(200, place=137)
ENTRY = b"{" + b"x" * 510 + b"}"
JSON_LIMIT, BINARY_LIMIT = 12_000, 6_000

BRANCH, LAST_BRANCH, LEAF = 532, 83, 112
"""Lengths of trie nodes: sixteen children, two children, an account; a slot's leaf is shorter."""


def receipt_with(finality: FinalityStatement | None) -> Receipt:
    head = Head(MILLION, RootHash(keccak(b"root")))
    evidence = capture_evidence(ChainNode(FakeNode(methods_of(BLOCK))), BLOCK.anchor)
    return Receipt(
        entry=ENTRY,
        index=LeafIndex(654_321),
        inclusion=tuple(keccak(b"%d" % level) for level in range(20)),
        checkpoint=sign_checkpoint(Checkpoint(ORIGIN, head), SIGNER),
        anchors=(ReceiptAnchor.of(BLOCK.anchor, evidence, finality),),
    )


def binary_length(receipt: Receipt) -> int:
    """Length of every field's bytes, with eight for each integer."""
    (anchor,) = receipt.anchors
    evidence = anchor.evidence
    parts = [receipt.entry, *receipt.inclusion, receipt.checkpoint, evidence.header]
    parts += [*evidence.transaction_proof, *evidence.receipt_proof]
    parts += [anchor.contract, anchor.publisher, anchor.transaction_hash, anchor.block_hash]
    return sum(map(len, parts)) + 5 * 8


def history_of(*, account_levels: int) -> FinalityStatement:
    """A statement as long as one from a state of ``16 ** account_levels`` accounts."""
    account = (*(b"a" * BRANCH for _ in range(account_levels)), b"a" * LEAF)
    # 8,191 slots: three full levels, then two children on average.
    storage = (*(b"s" * BRANCH for _ in range(3)), b"s" * LAST_BRANCH, b"s" * 67)
    return FinalityStatement(
        BlockNumber(NUMBER + 70),
        BlockHash(b"\0" * 32),
        HistoryProof(b"h" * 654, account, storage),
    )


def test_receipt__of_a_million_entries__is_short() -> None:
    receipt = receipt_with(None)
    assert len(format_receipt(receipt)) <= JSON_LIMIT
    assert binary_length(receipt) <= BINARY_LIMIT


@pytest.mark.parametrize("count", [0, MAX_CAPTURED_HEADERS])
def test_receipt__with_a_captured_header_chain__is_short(count: int) -> None:
    statement = by_headers(BLOCK.anchor.block_hash, NUMBER, count)
    assert len(format_receipt(receipt_with(statement))) <= JSON_LIMIT


def test_receipt__with_a_history_proof__is_half_as_long_again() -> None:
    """The optional link: the price of resting on a finalized block, measured for a test network."""
    plain = receipt_with(None)
    with_history = replace(plain, anchors=receipt_with(history_of(account_levels=5)).anchors)
    assert len(format_receipt(with_history)) <= JSON_LIMIT + 5_000
    assert len(format_receipt(plain)) <= JSON_LIMIT
