"""Evidence, rule by rule (E1 to E6 of core.evidence), on genuine blocks of many shapes."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
import rlp
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from anchoring.adapters.chain_evidence import build_evidence, trie_of
from anchoring.adapters.memory_chain import MemoryChain
from anchoring.core.block_header import MAX_HEADER_BYTES
from anchoring.core.errors import AnchoringError, MalformedError, VerificationError
from anchoring.core.evidence import (
    MAX_INDEX,
    MAX_PROOF_NODES,
    Evidence,
    event_data,
    event_topics,
    verify_evidence,
)
from anchoring.core.types import (
    Address,
    Anchor,
    BlockHash,
    BlockNumber,
    ChainId,
    Head,
    RootHash,
    TransactionHash,
    TreeSize,
)
from tests.support.chain_contract import proof_of
from tests.support.chain_world import head_of

ANCHOR = Anchor(
    chain_id=ChainId(5),
    contract=Address(b"\xc0" * 20),
    publisher=Address(b"\xaa" * 20),
    head=head_of(3),
    transaction_hash=TransactionHash(b"\0" * 32),
    block_number=BlockNumber(9),
    block_hash=BlockHash(b"\0" * 32),
)
TYPED = b"\x02" + rlp.encode([5, 0, 1, 1, 50_000, b"\xc0" * 20, 0, b"call", [], 0, 0, 0])
EVENT: list[Any] = [
    b"\xc0" * 20,
    event_topics(b"\xaa" * 20),
    event_data(head_of(3), previous_size=TreeSize(1)),
]


def receipt_of(logs: list[Any], *, status: int = 1, prefix: bytes = b"\x02") -> bytes:
    return prefix + bytes(rlp.encode([status, 50_000, b"\0" * 256, logs]))


def block_of(
    transactions: list[bytes], receipts: list[bytes], *, index: int = 0, items: int = 21
) -> tuple[Anchor, bytes]:
    """A header over those lists, and the anchor claimed at ``index``."""
    header = [b"\0" * 32] * items
    header[4], header[5] = trie_of(transactions).root_hash, trie_of(receipts).root_hash
    header[8], header[11] = b"\x09", (1_700_000_000).to_bytes(4, "big")
    raw = rlp.encode(header)
    anchor = replace(
        ANCHOR,
        transaction_hash=TransactionHash(keccak(transactions[index])),
        block_hash=BlockHash(keccak(raw)),
    )
    return anchor, raw


def prove(transactions: list[bytes], receipts: list[bytes], index: int = 0) -> None:
    anchor, header = block_of(transactions, receipts, index=index)
    build_evidence(anchor, header=header, transactions=transactions, receipts=receipts)


def forged(transaction: bytes, receipt: bytes, log_index: int = 0) -> None:
    """Verify evidence of a one-transaction block without the builder's own checks."""
    nodes = [bytes(rlp.encode([b"\x20\x80", value])) for value in (transaction, receipt)]
    header = [b"\0" * 32] * 21
    header[4], header[5] = keccak(nodes[0]), keccak(nodes[1])
    header[8], header[11] = b"\x09", b"\x01"
    raw = bytes(rlp.encode(header))
    anchor = replace(
        ANCHOR,
        transaction_hash=TransactionHash(keccak(transaction)),
        block_hash=BlockHash(keccak(raw)),
    )
    verify_evidence(Evidence(raw, 0, (nodes[0],), (nodes[1],), log_index), anchor)


def step_of(call: Callable[[], object]) -> str:
    with pytest.raises(AnchoringError) as caught:
        call()
    error = caught.value
    assert isinstance(error, VerificationError | MalformedError)
    return error.step if isinstance(error, VerificationError) else error.what


def test_evidence__of_a_genuine_anchor__proves_it_and_more() -> None:
    anchor, evidence = proof_of(3)
    proven = verify_evidence(evidence, anchor)
    assert proven.anchor == anchor
    assert (proven.previous_size, proven.block_time) == (0, 1_700_000_012)


@pytest.mark.parametrize("count", [1, 2, 16, 17, 127, 128, 129, 200, 300])
def test_evidence__at_every_edge_of_the_key__verifies(count: int) -> None:
    """E2: keys of one byte, of 0x80, of two and three bytes."""
    transactions = [
        b"\x02" + rlp.encode([5, n, 1, 1, 50_000, b"\xc0" * 20, 0, b"call", [], 0, 0, 0])
        for n in range(count)
    ]
    receipts = [receipt_of([EVENT]) for _ in range(count)]
    for index in {0, 1 % count, 126 % count, 127 % count, 128 % count, count - 1}:
        prove(transactions, receipts, index)


def test_evidence__of_a_neighbouring_index__does_not_verify() -> None:
    """E2."""
    transactions = [TYPED[:-1] + bytes([n]) for n in range(1, 40)]
    receipts = [receipt_of([EVENT], prefix=bytes([2])) for _ in transactions]
    anchor, header = block_of(transactions, receipts, index=7)
    evidence = build_evidence(anchor, header=header, transactions=transactions, receipts=receipts)
    for index in (0, 6, 8, 23, 39, 128, MAX_INDEX):
        with pytest.raises(VerificationError):
            verify_evidence(replace(evidence, transaction_index=index), anchor)


def test_evidence__with_a_relayed_legacy_transaction__verifies() -> None:
    """E3: a Safe may be called by any account, in any transaction that names its chain."""
    legacy = rlp.encode([0, 1, 50_000, b"\x11" * 20, 0, b"relay", 5 * 2 + 36, 1, 1])
    prove([bytes(legacy)], [receipt_of([[b"\1" * 20, [], b""], EVENT], prefix=b"")])


@pytest.mark.parametrize(
    "transaction",
    [
        b"\x02" + rlp.encode([6, 0]),
        b"\x01" + rlp.encode([4, 0]),
        rlp.encode([0, 1, 50_000, b"\x11" * 20, 0, b"", 5 * 2 + 37, 1, 1]),
        rlp.encode([0, 1, 50_000, b"\x11" * 20, 0, b"", 27, 1, 1]),
        rlp.encode([0, 1, 50_000, b"\x11" * 20, 0, b"", 5 * 2 + 36, 1]),
        b"\x02" + rlp.encode([]),
        b"\x02" + rlp.encode([[5]]),
        b"\x02" + rlp.encode([b"\0\5"]),
        b"\x02\xff",
        b"",
        b"\x05" + rlp.encode([5, 0]),
        b"\x7f" + b"5" * 40,
    ],
)
def test_evidence__of_a_transaction_for_another_chain__does_not_verify(transaction: bytes) -> None:
    """E3."""
    assert step_of(lambda: forged(bytes(transaction), receipt_of([EVENT]))) == "evidence.chain"


@pytest.mark.parametrize(
    "receipt",
    [
        receipt_of([EVENT], status=0),
        receipt_of([EVENT], status=2),
        b"\x02" + rlp.encode([1, 50_000, b"", [EVENT], 0]),
        b"\x02" + rlp.encode([1, 50_000, b"", b"logs"]),
        b"\x02" + rlp.encode([[1], 50_000, b"", [EVENT]]),
        b"\x02" + rlp.encode(b"receipt"),
        receipt_of([EVENT]) + b"\0",
        b"",
    ],
)
def test_evidence__of_a_receipt_that_is_no_success__does_not_verify(receipt: bytes) -> None:
    """E4."""
    assert step_of(lambda: forged(TYPED, bytes(receipt))) == "evidence.receipt"


@pytest.mark.parametrize(
    "log",
    [
        [b"\xc1" * 20, *EVENT[1:]],
        [EVENT[0], event_topics(b"\xab" * 20), EVENT[2]],
        [EVENT[0], [keccak(b"Other()"), EVENT[1][1]], EVENT[2]],
        [EVENT[0], [*EVENT[1], b"\0" * 32], EVENT[2]],
        [EVENT[0], EVENT[1][:1], EVENT[2]],
        [EVENT[0], EVENT[1], event_data(head_of(4), previous_size=TreeSize(1))],
        [
            EVENT[0],
            EVENT[1],
            event_data(Head(TreeSize(3), head_of(4).root), previous_size=TreeSize(1)),
        ],
        [EVENT[0], EVENT[1], event_data(head_of(3), previous_size=TreeSize(3))],
        [*EVENT[:2], EVENT[2] + b"\0"],
        [*EVENT[:2], EVENT[2][:-1]],
        [*EVENT[:2], b""],
        [*EVENT[:2], [EVENT[2]]],
        [*EVENT, b""],
        EVENT[:2],
        [[EVENT[0]], *EVENT[1:]],
        b"log",
    ],
)
def test_evidence__of_another_log__does_not_verify(log: object) -> None:
    """E5."""
    assert step_of(lambda: forged(TYPED, receipt_of([log]))) == "evidence.event"


def test_evidence__of_another_log_position__does_not_verify() -> None:
    """E5."""
    receipt = receipt_of([[b"\1" * 20, [], b""], EVENT])
    forged(TYPED, receipt, log_index=1)
    for position in (0, 2, MAX_INDEX):
        assert step_of(lambda p=position: forged(TYPED, receipt, p)) == "evidence.event"  # type: ignore[misc]  # a bound loop variable


def test_evidence__with_a_spare_node__does_not_verify() -> None:
    """E6."""
    anchor, evidence = proof_of(3)
    for name in ("transaction_proof", "receipt_proof"):
        proof: tuple[bytes, ...] = getattr(evidence, name)
        for wrong in ((*proof, proof[-1]), (*proof, b"\xc0"), proof[:-1]):
            change: dict[str, Any] = {name: wrong}
            with pytest.raises(AnchoringError):
                verify_evidence(replace(evidence, **change), anchor)


def test_evidence__out_of_bounds__is_malformed_before_any_hash() -> None:
    anchor, evidence = proof_of(3)
    wrong_evidence: list[dict[str, Any]] = [
        {"header": b""},
        {"header": b"\0" * (MAX_HEADER_BYTES + 1)},
        {"transaction_index": -1},
        {"transaction_index": MAX_INDEX + 1},
        {"log_index": -1},
        {"log_index": MAX_INDEX + 1},
        {"transaction_proof": ()},
        {"receipt_proof": (b"\xc0",) * (MAX_PROOF_NODES + 1)},
        {"receipt_proof": (b"\0" * ((1 << 20) + 1),)},
    ]
    wrong_anchor: list[dict[str, Any]] = [
        {"contract": b"\0" * 19},
        {"publisher": b"\0" * 21},
        {"transaction_hash": b""},
        {"block_hash": b"\0" * 33},
        {"chain_id": 0},
        {"block_number": -1},
        {"head": Head(TreeSize(0), anchor.head.root)},
        {"head": Head(TreeSize(1 << 64), anchor.head.root)},
        {"head": Head(anchor.head.size, RootHash(b""))},
    ]
    for change in wrong_evidence:
        with pytest.raises(MalformedError):
            verify_evidence(replace(evidence, **change), anchor)
    for change in wrong_anchor:
        with pytest.raises(MalformedError):
            verify_evidence(evidence, replace(anchor, **change))


@pytest.mark.parametrize("items", [14, 33])
def test_header__of_too_few_or_many_fields__is_malformed(items: int) -> None:
    """E1."""
    anchor, header = block_of([TYPED], [receipt_of([EVENT])], items=items)
    assert (
        step_of(
            lambda: build_evidence(
                anchor, header=header, transactions=[TYPED], receipts=[receipt_of([EVENT])]
            )
        )
        == "evidence.header"
    )


@pytest.mark.parametrize("header", [b"\xff", b"\x80", b"\xc1\xc1", bytes(rlp.encode(b"x" * 60))])
def test_header__that_is_no_list__is_malformed(header: bytes) -> None:
    """E1."""
    anchor, evidence = proof_of(3)
    anchor = replace(anchor, block_hash=BlockHash(keccak(header)))
    with pytest.raises(MalformedError):
        verify_evidence(replace(evidence, header=header), anchor)


def test_header__nested_without_end__is_malformed() -> None:
    """E1: a decoder's recursion limit is a parse error, not a crash."""
    header = b""
    while len(header) < 3_000:
        header = _wrap(header)
    anchor, evidence = proof_of(3)
    anchor = replace(anchor, block_hash=BlockHash(keccak(header)))
    with pytest.raises(MalformedError):
        verify_evidence(replace(evidence, header=header), anchor)


def _wrap(payload: bytes) -> bytes:
    if len(payload) < 56:
        return bytes([0xC0 + len(payload)]) + payload
    length = len(payload).to_bytes((len(payload).bit_length() + 7) // 8, "big")
    return bytes([0xF7 + len(length)]) + length + payload


def node_under(*nodes: list[Any]) -> Callable[[], object]:
    """Verify a proof of those nodes, each naming the next by hash, as the transaction's."""
    encoded: list[bytes] = []
    child: bytes = b""
    for node in reversed(nodes):
        filled = [child if item == b"NEXT" else item for item in node]
        encoded.insert(0, bytes(rlp.encode(filled)))
        child = keccak(encoded[0])
    header = [b"\0" * 32] * 21
    header[4], header[8], header[11] = keccak(encoded[0]), b"\x09", b"\x01"
    raw = bytes(rlp.encode(header))
    anchor = replace(ANCHOR, block_hash=BlockHash(keccak(raw)))
    evidence = Evidence(raw, 0, tuple(encoded), (b"\xc0",), 0)
    return lambda: verify_evidence(evidence, anchor)


@pytest.mark.parametrize(
    "nodes",
    [
        [[b"\x20\x80"]],
        [[b"\x20\x80", b"value", b""]],
        [[b"\x40\x80", b"value"]],
        [[b"\x21\x80", b"value"]],
        [[b"", b"value"]],
        [[b"\x20\x81", b"value"]],
        [[b"\x2f\x80", b"value"]],
        [[b"\x20\x80", [b"value"]]],
        [[[b"\x20\x80"], b"value"]],
        [[b"\x00", b"NEXT"], [b"\x20\x80", b"value"]],
        [[b"\x17", b"NEXT"], [b"\x30", b"value"]],
        [[b"\x18", b"short"], [b"\x30", b"value"]],
        [[b"\x18", b"NEXT"]],
        [[b"\x18", b"h" * 32]],
        [[b""] * 17, [b"\x30", b"value"]],
        [[b"NEXT"] * 17, [b"NEXT"] * 17, [b"value"] * 17],
    ],
)
def test_proof__of_an_odd_trie__does_not_verify(nodes: list[list[Any]]) -> None:
    """E2: every node must be the one its parent names, on the path of the index."""
    assert step_of(node_under(*nodes)) == "evidence.transaction"


def test_proof__through_extension_and_branch__reaches_the_value() -> None:
    """E2: the neighbours above are wrong in one thing only; these reach the value."""
    for nodes in (
        [[b"\x20\x80", TYPED]],
        [[b"\x18", b"NEXT"], [b"\x30", TYPED]],
        [[b"NEXT"] * 17, [b"NEXT"] * 17, [b"\x20", TYPED]],
    ):
        with pytest.raises(VerificationError) as caught:
            node_under(*nodes)()
        assert caught.value.found == keccak(TYPED).hex()


def _flippable() -> list[tuple[str, int]]:
    anchor, evidence = proof_of(3)
    assert isinstance(anchor, Anchor)
    places = [("header", len(evidence.header)), ("transaction_index", 4), ("log_index", 4)]
    places += [
        (name, sum(map(len, getattr(evidence, name))))
        for name in ("transaction_proof", "receipt_proof")
    ]
    assert {name for name, _ in places} == {field.name for field in fields(Evidence)}
    return places


@given(data=st.data())
def test_evidence__with_any_bit_flipped__fails(data: st.DataObject) -> None:
    """E6."""
    anchor, evidence = proof_of(3)
    name, length = data.draw(st.sampled_from(_flippable()))
    bit = data.draw(st.integers(0, 8 * length - 1))
    value = getattr(evidence, name)
    changed: Any
    if isinstance(value, int):
        changed = value ^ (1 << bit)
    elif isinstance(value, bytes):
        changed = _flip(value, bit)
    else:
        (node,) = value
        changed = (_flip(node, bit),)
    with pytest.raises(AnchoringError):
        verify_evidence(replace(evidence, **{name: changed}), anchor)


@given(bit=st.integers(0, 8 * 32 - 1), name=st.sampled_from([f.name for f in fields(Anchor)]))
def test_anchor__with_any_bit_flipped__fails(bit: int, name: str) -> None:
    anchor, evidence = proof_of(3)
    value = getattr(anchor, name)
    changed: Any
    if name == "head":
        changed = Head(value.size, RootHash(_flip(value.root, bit)))
    elif isinstance(value, int):
        changed = value ^ (1 << (bit % 63))
    else:
        changed = _flip(value, bit % (8 * len(value)))
    with pytest.raises(AnchoringError):
        verify_evidence(evidence, replace(anchor, **{name: changed}))


def test_builder__of_a_block_without_the_transaction__does_not_verify() -> None:
    chain = MemoryChain()
    anchor, header = block_of([TYPED], [receipt_of([EVENT])])
    assert chain.blocks == []
    for transactions, receipts in (([b"other"], [receipt_of([EVENT])]), ([TYPED], [])):
        assert (
            step_of(
                lambda t=transactions, r=receipts: build_evidence(  # type: ignore[misc]  # bound loop variables
                    anchor, header=header, transactions=t, receipts=r
                )
            )
            == "evidence.transaction"
        )


def test_builder__of_a_receipt_without_the_event__does_not_verify() -> None:
    receipt = receipt_of([[b"\1" * 20, [], b""]])
    assert step_of(lambda: prove([TYPED], [receipt])) == "evidence.event"


def _flip(value: bytes, bit: int) -> bytes:
    return (int.from_bytes(value, "big") ^ (1 << bit)).to_bytes(len(value), "big")
