import base64
import io
import json
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from anchoring.cli.verify import run
from anchoring.core.evidence import MAX_INDEX, MAX_PROOF_NODES, Evidence
from anchoring.core.receipt import Receipt, ReceiptAnchor, format_receipt, parse_receipt
from anchoring.core.trust import format_trust
from anchoring.core.types import (
    Address,
    BlockHash,
    BlockNumber,
    ChainId,
    LeafIndex,
    TransactionHash,
)
from tests.support.json_files import Keys, changed, leaves
from tests.support.receipts import embedded_chain, receipt, trust

CHAIN = embedded_chain()
FILE = format_receipt(receipt(CHAIN))
TRUST = format_trust(trust(CHAIN))
LEAVES = [(keys, leaf) for keys, leaf in leaves(FILE) if keys != ("format",)]
SAFE_INTEGERS = st.integers(0, 2**53 - 1)


def exit_code(data: bytes) -> int:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "receipt.json").write_bytes(data)
        (Path(folder) / "trust.json").write_bytes(TRUST)
        arguments = ["receipt", f"{folder}/receipt.json", "--trust", f"{folder}/trust.json"]
        return run([*arguments, "--json"], environ={}, output=io.StringIO())


def flipped(data: bytes, bit: int) -> bytes:
    damaged = bytearray(data)
    damaged[bit // 8] ^= 1 << bit % 8
    return bytes(damaged)


def flipped_leaf(keys: Keys, leaf: str | int, bit: int) -> str | int | None:
    """Flip one bit of what a leaf means; None when the bytes are no text any more."""
    if isinstance(leaf, int):
        # Indices inside a block are bounded by the format; flips beyond are for the raw test.
        width = 16 if keys[-1] in {"transactionIndex", "logIndex"} else 53
        return leaf ^ 1 << bit % width
    if keys == ("checkpoint",):
        text = leaf.encode()
        try:
            return flipped(text, bit % (len(text) * 8)).decode()
        except UnicodeDecodeError:
            return None
    if leaf.startswith("0x"):
        value = bytes.fromhex(leaf[2:])
        return f"0x{flipped(value, bit % (len(value) * 8)).hex()}"
    value = base64.b64decode(leaf)
    return base64.b64encode(flipped(value, bit % (len(value) * 8))).decode()


def test_the_undamaged_file__is_verified() -> None:
    assert exit_code(FILE) == 0
    assert len(LEAVES) == 17


@given(position=st.integers(0, len(LEAVES) - 1), bit=st.integers(0, 2**16))
def test_any_flipped_bit_of_a_value__makes_the_receipt_fail(position: int, bit: int) -> None:
    keys, leaf = LEAVES[position]
    value = flipped_leaf(keys, leaf, bit)
    if value is None:
        return
    codes = {1}
    if keys == ("checkpoint",):
        codes = {1, 2}
    elif keys[-1] == "chainId":
        codes = {5}
    assert exit_code(changed(FILE, keys, value)) in codes


def test_each_value_with_its_first_bit_flipped__makes_the_receipt_fail() -> None:
    found = {}
    for keys, leaf in LEAVES:
        value = flipped_leaf(keys, leaf, 0)
        found[keys[-1] if isinstance(keys[-1], str) else keys[-2]] = exit_code(
            changed(FILE, keys, value)
        )
    assert found.pop("chainId") == 5
    assert set(found.values()) == {1}


@given(bit=st.integers(0, len(FILE) * 8 - 1))
def test_any_flipped_bit_of_the_file__makes_the_receipt_fail(bit: int) -> None:
    data = flipped(FILE, bit)
    code = exit_code(data)
    try:
        parsed = json.loads(data)
    except ValueError:
        assert code == 2
    else:
        assert code in {1, 2, 5}
        assert parsed != json.loads(FILE)


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_anything_else__is_malformed(data: bytes) -> None:
    assert exit_code(data) == 2


def fixed(length: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=length, max_size=length)


def proofs() -> st.SearchStrategy[tuple[bytes, ...]]:
    return st.lists(st.binary(max_size=40), max_size=MAX_PROOF_NODES).map(tuple)


def anchors() -> st.SearchStrategy[ReceiptAnchor]:
    return st.builds(
        ReceiptAnchor,
        chain_id=st.integers(1, 2**53 - 1).map(ChainId),
        contract=fixed(20).map(Address),
        publisher=fixed(20).map(Address),
        transaction_hash=fixed(32).map(TransactionHash),
        block_number=SAFE_INTEGERS.map(BlockNumber),
        block_hash=fixed(32).map(BlockHash),
        evidence=st.builds(
            Evidence,
            header=st.binary(max_size=60),
            transaction_index=st.integers(0, MAX_INDEX),
            transaction_proof=proofs(),
            receipt_proof=proofs(),
            log_index=st.integers(0, MAX_INDEX),
        ),
    )


@given(
    value=st.builds(
        Receipt,
        entry=st.binary(max_size=60),
        index=SAFE_INTEGERS.map(LeafIndex),
        inclusion=st.lists(fixed(32), max_size=5).map(tuple),
        checkpoint=st.text(min_size=1, max_size=60).map(str.encode),
        anchors=st.lists(anchors(), max_size=3).map(tuple),
    )
)
def test_parse_receipt__of_any_formatted_one__gives_it_back(value: Receipt) -> None:
    assert parse_receipt(format_receipt(value)) == value
