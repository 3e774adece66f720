"""How long a receipt is for a ledger of a million entries: at most 12 KiB, 6 kB without JSON."""

import pytest
from eth_hash.auto import keccak

from anchoring.adapters.chain_node import ChainNode
from anchoring.adapters.chain_web3_blocks import capture_evidence
from anchoring.adapters.chain_web3_finality import MAX_CAPTURED_HEADERS
from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.finality import FinalityStatement, HistoryProof
from anchoring.core.receipt import (
    MAX_RECEIPT_JSON,
    Receipt,
    ReceiptAnchor,
    format_receipt,
    keep_short_links,
)
from anchoring.core.types import BlockHash, BlockNumber, Head, LeafIndex, RootHash, TreeSize
from tests.support.chain_blocks import NUMBER, FakeNode, block_of, methods_of
from tests.support.finality import by_headers
from tests.support.receipts import ORIGIN, SIGNER

MILLION = TreeSize(1_000_000)
BLOCK = block_of(200, place=137)
ENTRY = b"{" + b"x" * 510 + b"}"
BINARY_LIMIT = 6_000

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
    assert len(format_receipt(receipt)) <= MAX_RECEIPT_JSON
    assert binary_length(receipt) <= BINARY_LIMIT


@pytest.mark.parametrize("count", [0, MAX_CAPTURED_HEADERS])
def test_receipt__with_a_captured_header_chain__keeps_it_and_is_short(count: int) -> None:
    receipt = receipt_with(by_headers(BLOCK.anchor.block_hash, NUMBER, count))
    assert keep_short_links(receipt) == receipt
    assert len(format_receipt(receipt)) <= MAX_RECEIPT_JSON


@pytest.mark.parametrize("account_levels", [5, 7])
def test_receipt__with_a_history_proof__leaves_it_out_and_is_short(account_levels: int) -> None:
    whole = receipt_with(history_of(account_levels=account_levels))
    given = keep_short_links(whole)
    assert len(format_receipt(given)) <= MAX_RECEIPT_JSON < len(format_receipt(whole))
    assert given == receipt_with(None)
    assert binary_length(given) <= BINARY_LIMIT
