"""Builds the evidence of an anchor from whole raw blocks: any node's ``debug_getRaw*`` suffices."""

from collections.abc import Sequence

import rlp
from eth_hash.auto import keccak
from rlp.exceptions import DecodingError
from trie.hexary import HexaryTrie

from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.evidence import Evidence, event_topics, verify_evidence
from anchoring.core.types import HASH_BYTES, Anchor

_SIZE_AND_ROOT = 2 * HASH_BYTES


def split_block(raw_block: bytes) -> list[bytes]:
    """Return the encoded transactions of a raw block, in order.

    Args:
        raw_block: RLP of [header, transactions, ...]; a typed transaction is a string in it, a
            legacy one a list (EIP-2718, https://eips.ethereum.org/EIPS/eip-2718).

    Raises:
        MalformedError: It is not a block.
    """
    try:
        block = rlp.decode(raw_block, strict=True)
    except DecodingError as error:
        raise MalformedError("raw block", "not canonical RLP") from error
    if isinstance(block, bytes) or len(block) < 3 or isinstance(block[1], bytes):
        raise MalformedError("raw block", "not a header and a list of transactions")
    return [item if isinstance(item, bytes) else rlp.encode(item) for item in block[1]]


def build_evidence(
    anchor: Anchor, *, header: bytes, transactions: Sequence[bytes], receipts: Sequence[bytes]
) -> Evidence:
    """Return evidence that ``verify_evidence`` accepts.

    Args:
        anchor: What to prove.
        header: RLP of its block's header.
        transactions: Encoded transactions of the block, in order.
        receipts: Encoded receipts of the block, in order.

    Raises:
        MalformedError: A part does not parse.
        VerificationError: The parts do not prove the anchor.
    """
    hashes = [keccak(transaction) for transaction in transactions]
    if anchor.transaction_hash not in hashes or len(receipts) != len(transactions):
        raise VerificationError(
            "evidence.transaction",
            expected=f"{anchor.transaction_hash.hex()} among as many receipts as transactions",
            found=f"{len(transactions)} transactions, {len(receipts)} receipts",
        )
    index = hashes.index(anchor.transaction_hash)
    evidence = Evidence(
        header=header,
        transaction_index=index,
        transaction_proof=prove(transactions, index),
        receipt_proof=prove(receipts, index),
        log_index=_find_log(receipts[index], anchor),
    )
    verify_evidence(evidence, anchor)
    return evidence


def trie_of(values: Sequence[bytes]) -> HexaryTrie:
    """Return the trie of ``values`` under keys ``rlp(position)`` (Yellow Paper, 4.4.2)."""
    trie = HexaryTrie({})
    for position, value in enumerate(values):
        trie[rlp.encode(position)] = value
    return trie


def prove(values: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the encoded trie nodes from the root to the leaf of ``values[index]``."""
    nodes = trie_of(values).get_proof(rlp.encode(index))  # type: ignore[no-untyped-call]  # trie leaves it untyped
    return tuple(rlp.encode(node) for node in nodes)


def _find_log(receipt: bytes, anchor: Anchor) -> int:
    """Return the position of the event among the receipt's logs."""
    try:
        fields = rlp.decode(receipt if receipt[0] >= 0xC0 else receipt[1:], strict=True)
    except (DecodingError, IndexError) as error:
        raise MalformedError("receipt", "not canonical RLP") from error
    wanted = [anchor.contract, event_topics(anchor.publisher)]
    start = anchor.head.size.to_bytes(HASH_BYTES, "big") + anchor.head.root
    for position, log in enumerate(fields[3]):
        if log[:2] == wanted and log[2][:_SIZE_AND_ROOT] == start:
            return position
    raise VerificationError("evidence.event", expected="the event", found=f"{len(fields[3])} logs")
