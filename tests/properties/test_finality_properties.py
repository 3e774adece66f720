"""Receipts that carry a finality statement: what changes in it, and what it changes."""

import base64
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchoring.cli.verify import run
from anchoring.core.finality import FinalityStatement
from anchoring.core.receipt import Receipt, ReceiptAnchor, format_receipt, parse_receipt
from anchoring.core.trust import format_trust
from tests.support.anchor_files import with_finality
from tests.support.finality import by_headers, by_history
from tests.support.json_files import Keys, changed, leaves, without
from tests.support.receipts import embedded_chain, receipt, trust

CHAIN = embedded_chain()
PLAIN = receipt(CHAIN)
TRUST = format_trust(trust(CHAIN))
ANCHOR = PLAIN.anchors[0]
BY_HEADERS = by_headers(ANCHOR.block_hash, ANCHOR.block_number, 2)
BY_HISTORY = by_history(ANCHOR.block_hash, ANCHOR.block_number, 70)
FINALITY = ("anchors", 0, "finality")


def file_with(statement: FinalityStatement) -> bytes:
    anchor: ReceiptAnchor = with_finality(ANCHOR, statement)
    return format_receipt(
        Receipt(PLAIN.entry, PLAIN.index, PLAIN.inclusion, PLAIN.checkpoint, (anchor,))
    )


FILES = [file_with(BY_HEADERS), file_with(BY_HISTORY)]
LEAVES = [
    (file, keys, leaf) for file in FILES for keys, leaf in leaves(file) if keys[:2] == FINALITY[:2]
]


def verify(data: bytes, *options: str) -> tuple[int, str]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "receipt.json").write_bytes(data)
        (Path(folder) / "trust.json").write_bytes(TRUST)
        output = io.StringIO()
        arguments = ["receipt", f"{folder}/receipt.json", "--trust", f"{folder}/trust.json"]
        return run([*arguments, *options], environ={}, output=output), output.getvalue()


def flipped(keys: Keys, leaf: str | int, bit: int) -> str | int:
    """Flip one bit of what a leaf means."""
    if isinstance(leaf, int):
        return leaf ^ 1 << bit % (16 if keys[-1] in {"transactionIndex", "logIndex"} else 53)
    value = bytearray(bytes.fromhex(leaf[2:]) if leaf[:2] == "0x" else base64.b64decode(leaf))
    value[bit // 8 % len(value)] ^= 1 << bit % 8
    return f"0x{value.hex()}" if leaf[:2] == "0x" else base64.b64encode(value).decode()


def test_the_undamaged_files__are_verified_and_read_back() -> None:
    for data, statement in zip(FILES, (BY_HEADERS, BY_HISTORY), strict=True):
        assert verify(data)[0] == 0
        assert parse_receipt(data).anchors[0].finality == statement
    names = {keys[-1] if isinstance(keys[-1], str) else keys[-2] for _, keys, _ in LEAVES}
    assert {"headers", "header", "accountProof", "storageProof", "blockNumber"} <= names


@given(place=st.integers(0, len(LEAVES) - 1), bit=st.integers(0, 2**16))
def test_any_flipped_bit_of_an_anchor__makes_the_receipt_fail(place: int, bit: int) -> None:
    file, keys, leaf = LEAVES[place]
    code, _ = verify(changed(file, keys, flipped(keys, leaf, bit)))
    assert code == (5 if keys[-1] == "chainId" else 1)


@pytest.mark.parametrize("file", FILES, ids=["headers", "history"])
def test_each_member_taken_away__is_malformed_or_false(file: bytes) -> None:
    members = {keys for keys, _ in leaves(file) if keys[:3] == FINALITY}
    for keys in members:
        assert verify(without(file, keys))[0] == (1 if isinstance(keys[-1], int) else 2)
    for spare in ("headers", "history", "node"):
        if spare not in json.loads(file)["anchors"][0]["finality"]:
            assert verify(changed(file, (*FINALITY, spare), []))[0] == 2
    # Without the statement the receipt is one that rests on the anchor's own block.
    assert verify(without(file, FINALITY))[0] == 0
    assert verify(changed(file, FINALITY, None))[0] == 2


@pytest.mark.parametrize("statement", [BY_HEADERS, BY_HISTORY], ids=["headers", "history"])
def test_block_hash__of_the_finalized_block__suffices(statement: FinalityStatement) -> None:
    data = file_with(statement)
    for believed in (statement.block_hash, ANCHOR.block_hash):
        assert verify(data, "--offline", "--block-hash", believed.hex())[0] == 0
    assert verify(data, "--block-hash", "00" * 32)[0] == 1
    assert verify(format_receipt(PLAIN), "--block-hash", statement.block_hash.hex())[0] == 1
    false = json.loads(verify(changed(data, (*FINALITY, "blockNumber"), 1), "--json")[1])
    assert false["failed_step"] == "finality.block"


def test_verification__says_in_words_that_the_final_block_suffices() -> None:
    code, said = verify(FILES[1], "--lang", "en")
    assert code == 0
    assert f"0x{BY_HISTORY.block_hash.hex()}, which a node called final" in said
    shown = json.loads(verify(FILES[1], "--json")[1])
    assert shown["blocks"][0]["finalized"] == {
        "number": BY_HISTORY.block_number,
        "hash": f"0x{BY_HISTORY.block_hash.hex()}",
    }
