"""``psephos-verify receipt --finality``: a link beside the receipt counts as one inside, and no more."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from anchoring.cli.verify import run
from anchoring.core.finality import FinalityStatement
from anchoring.core.finality_file import (
    MAX_FINALITY_BYTES,
    AnchorFinality,
    format_finality_file,
)
from anchoring.core.receipt import Receipt, ReceiptAnchor, format_receipt
from anchoring.core.trust import format_trust
from anchoring.core.types import BlockHash
from tests.support.finality import by_headers, by_history
from tests.support.receipts import (
    ENTRIES,
    anchor_on,
    embedded_chain,
    hoodi_chain,
    ledger_head,
    receipt,
    trust,
)

CHAIN, PUBLIC = embedded_chain(), hoodi_chain()
PLAIN = receipt(CHAIN, PUBLIC)
OURS, THEIRS = PLAIN.anchors
LINK = by_history(OURS.block_hash, OURS.block_number, 70)
NEIGHBOUR = anchor_on(CHAIN, ledger_head([*ENTRIES, b"later"]))


def file_of(anchor: ReceiptAnchor, statement: FinalityStatement) -> bytes:
    return format_finality_file(
        AnchorFinality(anchor.chain_id, anchor.block_number, anchor.block_hash, statement)
    )


class Desk:
    """Where an auditor keeps files and runs the command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, name: str, content: bytes) -> str:
        (self.folder / name).write_bytes(content)
        return str(self.folder / name)

    def said(self, *options: str, of: Receipt = PLAIN) -> tuple[int, str]:
        output = io.StringIO()
        given = [self.file("receipt.json", format_receipt(of))]
        believed = self.file("trust.json", format_trust(trust(CHAIN, PUBLIC)))
        arguments = ["receipt", *given, "--trust", believed, *options]
        return run(arguments, environ={}, output=output), output.getvalue()

    def check(self, *links: bytes, options: tuple[str, ...] = ()) -> tuple[int, dict[str, Any]]:
        given = [
            each
            for number, link in enumerate(links)
            for each in ("--finality", self.file(f"{number}.finality.json", link))
        ]
        code, output = self.said("--json", *given, *options)
        return code, json.loads(output)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_link__beside_a_receipt__lets_it_rest_on_the_final_block(desk: Desk) -> None:
    hashes = ("--block-hash", f"0x{LINK.block_hash.hex()}")
    assert desk.check(options=hashes)[0] == 1
    code, told = desk.check(file_of(OURS, LINK), options=hashes)
    assert (code, told["verdict"]) == (0, "verified")
    assert [step["name"] for step in told["steps"]].count("finality") == 1
    final = {"number": LINK.block_number, "hash": f"0x{LINK.block_hash.hex()}"}
    assert [block.get("finalized") for block in told["blocks"]] == [final, None]
    _, lines = desk.said("--finality", str(desk.folder / "0.finality.json"))
    assert f"Block {LINK.block_number} with hash 0x{LINK.block_hash.hex()}" in lines


def test_links__of_both_anchors__are_each_joined(desk: Desk) -> None:
    other = by_headers(THEIRS.block_hash, THEIRS.block_number, 2)
    code, told = desk.check(file_of(THEIRS, other), file_of(OURS, LINK))
    assert code == 0
    finals = [block["finalized"]["number"] for block in told["blocks"]]
    assert finals == [LINK.block_number, other.block_number]


def test_link__that_does_not_hold__condemns_the_receipt(desk: Desk) -> None:
    forged = replace(LINK, block_hash=BlockHash(bytes(32)))
    code, told = desk.check(file_of(OURS, forged))
    assert (code, told["failed_step"]) == (1, "finality.history")


@pytest.mark.parametrize("verdicts", [1, 2])
def test_link__of_another_anchor__is_refused_after_the_other_checks(
    desk: Desk, verdicts: int
) -> None:
    link = by_headers(NEIGHBOUR.block_hash, NEIGHBOUR.block_number, 1)
    code, told = desk.check(*[file_of(NEIGHBOUR, link)] * verdicts)
    assert (code, told["failed_step"]) == (1, "finality.anchor")
    names = [step["name"] for step in told["steps"]]
    assert names[-verdicts - 1 :] == ["evidence", *["finality.anchor"] * verdicts]
    _, lines = desk.said("--finality", str(desk.folder / "0.finality.json"), "--lang", "fr")
    assert "sa propre ancre" in lines


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{}", 2),
        (format_receipt(PLAIN), 2),
        (file_of(OURS, LINK) + b" " * MAX_FINALITY_BYTES, 2),
        (file_of(OURS, LINK).replace(b"finality/1", b"finality/2"), 5),
    ],
    ids=["empty", "receipt", "too long", "version"],
)
def test_link__that_cannot_be_used__says_so(desk: Desk, content: bytes, code: int) -> None:
    found, told = desk.check(content)
    assert (found, told["failed_step"]) == (code, "finality-file")
    assert [step["name"] for step in told["steps"]] == ["finality-file"]


def test_link__that_is_missing__says_so(desk: Desk) -> None:
    code, output = desk.said("--finality", str(desk.folder / "missing.json"))
    assert code == 2
    assert "form of the file given with --finality" in output
