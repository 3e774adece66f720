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
from typing import Final, Never

from eth_hash.auto import keccak

from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.rlp import Item, decode, encode_integer
from anchoring.core.types import HASH_BYTES, Anchor, Head, RootHash, TreeSize

ADDRESS_BYTES: Final = 20
"""Length of an Ethereum address, in bytes."""

EVENT_SIGNATURE: Final = "Anchored(address,uint64,bytes32,uint64)"
"""Canonical signature of the registry's event (contracts/SPEC.md)."""

EVENT_TOPIC: Final = keccak(EVENT_SIGNATURE.encode("ascii"))
"""First topic of the event's log: Keccak-256 of its canonical signature, 32 bytes."""

MAX_HEADER_BYTES: Final = 4_096
"""Longest header accepted, in bytes: Prague has about 654, side chains fill ``extraData``."""

MIN_HEADER_FIELDS: Final = 15
"""Fields of a header before London, the fewest of any fork."""

MAX_HEADER_FIELDS: Final = 32
"""Most header fields accepted: Prague has 21, later forks append."""

MAX_PROOF_NODES: Final = 8
"""Most nodes of one proof: ``rlp(index)`` has at most 6 nibbles, a node each, then a leaf."""

MAX_NODE_BYTES: Final = 1 << 20
"""Longest trie node accepted, in bytes: a leaf embeds its transaction or receipt, and no node pools
a transaction above 128 KiB outside blobs; eight times that leaves room for receipts."""

MAX_INDEX: Final = 0xFFFF
"""Highest transaction or log index accepted: 65,536 transactions need 1.4 billion gas."""

_TRANSACTIONS_ROOT: Final = 4
_RECEIPTS_ROOT: Final = 5
_NUMBER: Final = 8
_TIMESTAMP: Final = 11
_BRANCH_ITEMS: Final = 17
_LEAF_ITEMS: Final = 2
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
    header = _header_fields(evidence.header, anchor)
    key = encode_integer(evidence.transaction_index)
    transaction = _prove(
        "evidence.transaction",
        root=_bytes("evidence.header", header[_TRANSACTIONS_ROOT]),
        key=key,
        proof=evidence.transaction_proof,
    )
    _equal("evidence.transaction", expected=anchor.transaction_hash, found=keccak(transaction))
    _check_chain(transaction, anchor)
    receipt = _prove(
        "evidence.receipt",
        root=_bytes("evidence.header", header[_RECEIPTS_ROOT]),
        key=key,
        proof=evidence.receipt_proof,
    )
    previous_size = _check_event(_receipt_logs(receipt), evidence.log_index, anchor)
    block_time = _integer("evidence.header", header[_TIMESTAMP])
    return ProvenAnchor(anchor=anchor, previous_size=previous_size, block_time=block_time)


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
        ("evidence.header length", len(evidence.header), 1, MAX_HEADER_BYTES),
    )
    for what, value, low, high in ranges:
        if not low <= value <= high:
            raise MalformedError(what, f"{value} is not in {low}..{high}")
    for what, proof in (
        ("evidence.transaction_proof", evidence.transaction_proof),
        ("evidence.receipt_proof", evidence.receipt_proof),
    ):
        if not 1 <= len(proof) <= MAX_PROOF_NODES:
            raise MalformedError(what, f"{len(proof)} nodes, not 1..{MAX_PROOF_NODES}")
        if any(len(node) > MAX_NODE_BYTES for node in proof):
            raise MalformedError(what, f"a node exceeds {MAX_NODE_BYTES} bytes")


def _header_fields(header: bytes, anchor: Anchor) -> list[Item]:
    _equal("evidence.header", expected=anchor.block_hash, found=keccak(header))
    fields = _list("evidence.header", decode(header, what="evidence.header"))
    if not MIN_HEADER_FIELDS <= len(fields) <= MAX_HEADER_FIELDS:
        raise MalformedError(
            "evidence.header",
            f"{len(fields)} fields, not {MIN_HEADER_FIELDS}..{MAX_HEADER_FIELDS}",
        )
    number = _integer("evidence.header", fields[_NUMBER])
    if number != anchor.block_number:
        _fail("evidence.header", f"block {anchor.block_number}", f"block {number}")
    return fields


def _prove(step: str, *, root: bytes, key: bytes, proof: tuple[bytes, ...]) -> bytes:
    """Return the value of ``key`` under ``root``; each node must be the one its parent names.

    Values are longer than 31 bytes, so no node is embedded in its parent, and no key of
    ``rlp(index)`` is a prefix of another, so no branch holds a value (Yellow Paper, appendix D).
    """
    path = key.hex()
    expected = root
    for position, encoded in enumerate(proof):
        _equal(step, expected=expected, found=keccak(encoded))
        node = _list(step, decode(encoded, what=step))
        if len(node) == _BRANCH_ITEMS and path:
            expected, path = _hash(step, node[int(path[0], 16)]), path[1:]
            continue
        if len(node) != _LEAF_ITEMS:
            _fail(step, "a node on the path of the index", f"{len(node)} items")
        nibbles, leaf = _hex_prefix(step, _bytes(step, node[0]))
        if leaf:
            if nibbles != path:
                _fail(step, f"the leaf of path {path}", f"the leaf of path {nibbles}")
            if position != len(proof) - 1:
                _fail(step, "a proof that ends at the leaf", "further nodes")
            return _bytes(step, node[1])
        if not nibbles or not path.startswith(nibbles):
            _fail(step, f"an extension on path {path}", f"extension {nibbles}")
        expected, path = _hash(step, node[1]), path[len(nibbles) :]
    raise VerificationError(
        step, expected="a proof that ends at a leaf", found=f"{len(proof)} inner nodes"
    )


def _hex_prefix(step: str, encoded: bytes) -> tuple[str, bool]:
    """Return (nibbles, is leaf) of a compact path (Yellow Paper, appendix C)."""
    digits = encoded.hex()
    if not digits or digits[0] not in "0123":
        raise MalformedError(step, "not a compact path")
    flag = int(digits[0])
    if flag & 1:
        return digits[1:], flag >= 2
    if digits[1] != "0":
        raise MalformedError(step, "padding of a compact path is not zero")
    return digits[2:], flag >= 2


def _check_chain(transaction: bytes, anchor: Anchor) -> None:
    """E3: a header does not name its chain, but the signature of the transaction covers it."""
    step = "evidence.chain"
    if not transaction:
        raise MalformedError(step, "empty transaction")
    if transaction[0] >= _FIRST_LIST_BYTE:
        fields = _list(step, decode(transaction, what=step))
        if len(fields) != _LEGACY_ITEMS:
            raise MalformedError(step, f"legacy transaction of {len(fields)} fields")
        chain_id = (_integer(step, fields[_LEGACY_V]) - _EIP155_OFFSET) // 2
    elif transaction[0] in _CHAIN_ID_TYPES:
        fields = _list(step, decode(transaction[1:], what=step))
        if not fields:
            raise MalformedError(step, "transaction without fields")
        chain_id = _integer(step, fields[0])
    else:
        raise MalformedError(step, f"transaction type {transaction[0]} does not name its chain")
    if chain_id != anchor.chain_id:
        _fail(step, f"chain {anchor.chain_id}", f"chain {chain_id}")


def _receipt_logs(receipt: bytes) -> list[Item]:
    step = "evidence.receipt"
    if not receipt:
        raise MalformedError(step, "empty receipt")
    body = receipt if receipt[0] >= _FIRST_LIST_BYTE else receipt[1:]
    fields = _list(step, decode(body, what=step))
    if len(fields) != _RECEIPT_ITEMS:
        raise MalformedError(step, f"{len(fields)} fields, not {_RECEIPT_ITEMS}")
    if fields[0] != b"\x01":
        _fail(step, "status 1", f"status {_bytes(step, fields[0]).hex() or '0'}")
    return _list(step, fields[3])


def _check_event(logs: list[Item], log_index: int, anchor: Anchor) -> TreeSize:
    step = "evidence.event"
    if log_index >= len(logs):
        _fail(step, f"a log at {log_index}", f"{len(logs)} logs")
    log = _list(step, logs[log_index])
    if len(log) != 3:
        raise MalformedError(step, f"log of {len(log)} fields, not 3")
    _equal(step, expected=anchor.contract, found=_bytes(step, log[0]))
    topics = [_bytes(step, topic) for topic in _list(step, log[1])]
    expected_topics = event_topics(anchor.publisher)
    if len(topics) != len(expected_topics):
        _fail(step, f"{len(expected_topics)} topics", f"{len(topics)} topics")
    for expected, found in zip(expected_topics, topics, strict=True):
        _equal(step, expected=expected, found=found)
    data = _bytes(step, log[2])
    previous_size = TreeSize(int.from_bytes(data[2 * HASH_BYTES :], "big"))
    if len(data) != 3 * HASH_BYTES or previous_size >= anchor.head.size:
        _fail(step, "size, root and a smaller previous size", data.hex())
    size = TreeSize(int.from_bytes(data[:HASH_BYTES], "big"))
    root = RootHash(data[HASH_BYTES : 2 * HASH_BYTES])
    if size != anchor.head.size or root != anchor.head.root:
        _fail(step, f"size {anchor.head.size} root {anchor.head.root.hex()}", data.hex())
    return previous_size


def _list(what: str, item: Item) -> list[Item]:
    if isinstance(item, bytes):
        raise MalformedError(what, "a string where a list belongs")
    return item


def _bytes(what: str, item: Item) -> bytes:
    if not isinstance(item, bytes):
        raise MalformedError(what, "a list where a string belongs")
    return item


def _hash(what: str, item: Item) -> bytes:
    digest = _bytes(what, item)
    if len(digest) != HASH_BYTES:
        _fail(what, "a child on the path", f"{len(digest)} bytes")
    return digest


def _integer(what: str, item: Item) -> int:
    encoded = _bytes(what, item)
    if encoded[:1] == b"\0":
        raise MalformedError(what, "integer with a leading zero")
    return int.from_bytes(encoded, "big")


def _equal(step: str, *, expected: bytes, found: bytes) -> None:
    if expected != found:
        _fail(step, expected.hex(), found.hex())


def _fail(step: str, expected: str, found: str) -> Never:
    raise VerificationError(step, expected=expected, found=found)
