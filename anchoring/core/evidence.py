"""Evidence: proves offline that a block holds one ``Anchored`` event.

Given a block hash one believes, the evidence shows, with hashes only, that the block includes the
transaction and that its receipt carries the event:

E1. The header hashes to the block hash and carries the block number (Yellow Paper, 4.4.3).
E2. The transaction is the value of key ``rlp(index)`` in the trie under ``transactionsRoot``.
E3. The transaction hashes to the anchor's transaction hash and was signed for the anchor's chain
    (EIP-155, https://eips.ethereum.org/EIPS/eip-155; EIP-2718 envelopes,
    https://eips.ethereum.org/EIPS/eip-2718).
E4. The receipt is the value of the same key in the trie under ``receiptsRoot``, and says success
    (EIP-658, https://eips.ethereum.org/EIPS/eip-658).
E5. The log at ``log_index`` is the event of that contract, publisher, size and root.
E6. Nothing is left over: a byte that no check reads makes the evidence invalid.

Whether the block itself is final is not shown here: the block hash is the trust anchor.
"""

from dataclasses import dataclass
from typing import Final

from eth_hash.auto import keccak

from anchoring.core.block_header import check_header_bounds, open_header
from anchoring.core.errors import MalformedError
from anchoring.core.merkle_patricia import (
    as_bytes,
    as_integer,
    as_list,
    check_proof_bounds,
    fail,
    prove_value,
    require_equal,
)
from anchoring.core.rlp import Item, decode, encode_integer
from anchoring.core.types import HASH_BYTES, Anchor, Head, RootHash, TreeSize

ADDRESS_BYTES: Final = 20
"""Length of an Ethereum address, in bytes."""

EVENT_SIGNATURE: Final = "Anchored(address,uint64,bytes32,uint64)"
"""Canonical signature of the registry's event (contracts/SPEC.md)."""

EVENT_TOPIC: Final = keccak(EVENT_SIGNATURE.encode("ascii"))
"""First topic of the event's log: Keccak-256 of its canonical signature, 32 bytes."""

MAX_PROOF_NODES: Final = 8
"""Most nodes of one proof: ``rlp(index)`` has at most 6 nibbles, a node each, then a leaf."""

MAX_INDEX: Final = 0xFFFF
"""Highest transaction or log index accepted: 65,536 transactions need 1.4 billion gas."""

_RECEIPT_ITEMS: Final = 4
_LEGACY_ITEMS: Final = 9
_LEGACY_V: Final = 6
_CHAIN_ID_TYPES: Final = frozenset({1, 2, 3, 4})
_FIRST_LIST_BYTE: Final = 0xC0
_EIP155_OFFSET: Final = 35


@dataclass(frozen=True, slots=True)
class Evidence:
    """Header and Merkle-Patricia proofs of one ``Anchored`` event."""

    header: bytes
    """RLP of the block header, exactly as the chain hashes it."""
    transaction_index: int
    """Position of the transaction in its block, ``0 <= index <= MAX_INDEX``."""
    transaction_proof: tuple[bytes, ...]
    """Trie nodes from root to leaf under ``transactionsRoot``, key ``rlp(transaction_index)``."""
    receipt_proof: tuple[bytes, ...]
    """Trie nodes from root to leaf under ``receiptsRoot``, same key."""
    log_index: int
    """Position of the event among the logs of that receipt (not of the block)."""


@dataclass(frozen=True, slots=True)
class ProvenAnchor:
    """What evidence proves, given that its block hash is believed."""

    anchor: Anchor
    """The anchor that was checked."""
    previous_size: TreeSize
    """Size of the publisher's anchor before this one, 0 for the first."""
    block_time: int
    """Timestamp of the block, in seconds since the Unix epoch."""


def verify_evidence(evidence: Evidence, anchor: Anchor) -> ProvenAnchor:
    """Check that ``evidence`` proves ``anchor``; see rules E1 to E6.

    Args:
        evidence: What the file says; nothing of it is trusted.
        anchor: The claim. Its ``block_hash`` is taken as true; everything else is checked.

    Returns:
        The anchor with the facts only the chain knows.

    Raises:
        MalformedError: A length, count or index is out of bounds, or bytes are not canonical RLP.
        VerificationError: A check fails; ``step`` is ``evidence.header``, ``evidence.transaction``,
            ``evidence.chain``, ``evidence.receipt`` or ``evidence.event``.
    """
    _check_bounds(evidence, anchor)
    header = open_header(
        "evidence.header",
        evidence.header,
        block_hash=anchor.block_hash,
        number=anchor.block_number,
    )
    key = encode_integer(evidence.transaction_index)
    transaction = prove_value(
        "evidence.transaction",
        root=header.transactions_root,
        key=key,
        proof=evidence.transaction_proof,
    )
    require_equal(
        "evidence.transaction", expected=anchor.transaction_hash, found=keccak(transaction)
    )
    _check_chain(transaction, anchor)
    receipt = prove_value(
        "evidence.receipt", root=header.receipts_root, key=key, proof=evidence.receipt_proof
    )
    previous_size = _check_event(_receipt_logs(receipt), evidence.log_index, anchor)
    return ProvenAnchor(anchor=anchor, previous_size=previous_size, block_time=header.timestamp)


def event_data(head: Head, *, previous_size: TreeSize) -> bytes:
    """Return the data of the event's log: three ABI words, size, root, previous size.

    Args:
        head: The anchored head.
        previous_size: Size of the publisher's anchor before it, 0 for the first.
    """
    return (
        head.size.to_bytes(HASH_BYTES, "big")
        + head.root
        + previous_size.to_bytes(HASH_BYTES, "big")
    )


def event_topics(publisher: bytes) -> list[bytes]:
    """Return the two topics of the event's log: its signature hash and the padded publisher.

    Args:
        publisher: Account that anchored, 20 bytes.
    """
    return [EVENT_TOPIC, publisher.rjust(HASH_BYTES, b"\0")]


def _check_bounds(evidence: Evidence, anchor: Anchor) -> None:
    lengths = (
        ("anchor.contract", len(anchor.contract), ADDRESS_BYTES),
        ("anchor.publisher", len(anchor.publisher), ADDRESS_BYTES),
        ("anchor.root", len(anchor.head.root), HASH_BYTES),
        ("anchor.transaction_hash", len(anchor.transaction_hash), HASH_BYTES),
        ("anchor.block_hash", len(anchor.block_hash), HASH_BYTES),
    )
    for what, found, expected in lengths:
        if found != expected:
            raise MalformedError(what, f"has {found} bytes, not {expected}")
    ranges = (
        ("anchor.size", anchor.head.size, 1, (1 << 64) - 1),
        ("anchor.chain_id", anchor.chain_id, 1, (1 << 256) - 1),
        ("anchor.block_number", anchor.block_number, 0, (1 << 64) - 1),
        ("evidence.transaction_index", evidence.transaction_index, 0, MAX_INDEX),
        ("evidence.log_index", evidence.log_index, 0, MAX_INDEX),
    )
    for what, value, low, high in ranges:
        if not low <= value <= high:
            raise MalformedError(what, f"{value} is not in {low}..{high}")
    check_header_bounds("evidence.header", evidence.header)
    for what, proof in (
        ("evidence.transaction_proof", evidence.transaction_proof),
        ("evidence.receipt_proof", evidence.receipt_proof),
    ):
        check_proof_bounds(what, proof, max_nodes=MAX_PROOF_NODES)


def _check_chain(transaction: bytes, anchor: Anchor) -> None:
    """E3: a header does not name its chain, but the signature of the transaction covers it."""
    step = "evidence.chain"
    if not transaction:
        raise MalformedError(step, "empty transaction")
    if transaction[0] >= _FIRST_LIST_BYTE:
        fields = as_list(step, decode(transaction, what=step))
        if len(fields) != _LEGACY_ITEMS:
            raise MalformedError(step, f"legacy transaction of {len(fields)} fields")
        chain_id = (as_integer(step, fields[_LEGACY_V]) - _EIP155_OFFSET) // 2
    elif transaction[0] in _CHAIN_ID_TYPES:
        fields = as_list(step, decode(transaction[1:], what=step))
        if not fields:
            raise MalformedError(step, "transaction without fields")
        chain_id = as_integer(step, fields[0])
    else:
        raise MalformedError(step, f"transaction type {transaction[0]} does not name its chain")
    if chain_id != anchor.chain_id:
        fail(step, f"chain {anchor.chain_id}", f"chain {chain_id}")


def _receipt_logs(receipt: bytes) -> list[Item]:
    step = "evidence.receipt"
    if not receipt:
        raise MalformedError(step, "empty receipt")
    body = receipt if receipt[0] >= _FIRST_LIST_BYTE else receipt[1:]
    fields = as_list(step, decode(body, what=step))
    if len(fields) != _RECEIPT_ITEMS:
        raise MalformedError(step, f"{len(fields)} fields, not {_RECEIPT_ITEMS}")
    if fields[0] != b"\x01":
        fail(step, "status 1", f"status {as_bytes(step, fields[0]).hex() or '0'}")
    return as_list(step, fields[3])


def _check_event(logs: list[Item], log_index: int, anchor: Anchor) -> TreeSize:
    step = "evidence.event"
    if log_index >= len(logs):
        fail(step, f"a log at {log_index}", f"{len(logs)} logs")
    log = as_list(step, logs[log_index])
    if len(log) != 3:
        raise MalformedError(step, f"log of {len(log)} fields, not 3")
    require_equal(step, expected=anchor.contract, found=as_bytes(step, log[0]))
    topics = [as_bytes(step, topic) for topic in as_list(step, log[1])]
    expected_topics = event_topics(anchor.publisher)
    if len(topics) != len(expected_topics):
        fail(step, f"{len(expected_topics)} topics", f"{len(topics)} topics")
    for expected, found in zip(expected_topics, topics, strict=True):
        require_equal(step, expected=expected, found=found)
    data = as_bytes(step, log[2])
    previous_size = TreeSize(int.from_bytes(data[2 * HASH_BYTES :], "big"))
    if len(data) != 3 * HASH_BYTES or previous_size >= anchor.head.size:
        fail(step, "size, root and a smaller previous size", data.hex())
    size = TreeSize(int.from_bytes(data[:HASH_BYTES], "big"))
    root = RootHash(data[HASH_BYTES : 2 * HASH_BYTES])
    if size != anchor.head.size or root != anchor.head.root:
        fail(step, f"size {anchor.head.size} root {anchor.head.root.hex()}", data.hex())
    return previous_size
