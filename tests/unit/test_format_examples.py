"""The worked examples of finality and of the chain of anchors in docs/formats are what this release does."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from anchoring.cli.verify import run
from anchoring.core.anchors_file import format_anchors
from anchoring.core.receipt import format_receipt
from anchoring.core.trust import format_trust
from tests.support.anchor_files import anchored, with_finality
from tests.support.finality import by_headers
from tests.support.receipts import ENTRIES, embedded_chain, receipt, trust

FORMATS = Path(__file__).parents[2] / "docs" / "formats"


def example(document: str, name: str) -> str:
    """Return the fenced block that follows the marker of that name."""
    text = (FORMATS / document).read_text(encoding="utf-8")
    return text.split(f"<!-- example: {name} -->\n```", 1)[1].partition("\n")[2].partition("```")[0]


def said(*arguments: str) -> str:
    output = io.StringIO()
    assert run(arguments, environ={}, output=output) == 0
    return output.getvalue()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_receipt_document__shows_a_finality_statement_and_what_is_said_of_it(desk: Path) -> None:
    chain = embedded_chain()
    plain = receipt(chain, entries=ENTRIES[:3], index=1)
    anchor = plain.anchors[0]
    statement = by_headers(anchor.block_hash, anchor.block_number, 1)
    written = format_receipt(replace(plain, anchors=(with_finality(anchor, statement),)))
    (desk / "receipt.json").write_bytes(written)
    (desk / "trust.json").write_bytes(format_trust(trust(chain)))
    shown = json.loads(example("receipt.md", "finality"))
    assert json.loads(written)["anchors"][0]["finality"] == shown["finality"]
    lines = said("receipt", "receipt.json", "--trust", "trust.json", "--lang", "en")
    assert "\n".join(lines.splitlines()[-5:]) + "\n" == example("receipt.md", "finality-lines")


def test_bundle_document__shows_an_item_of_the_chain_and_what_is_said_of_it(desk: Path) -> None:
    chain = embedded_chain()
    written = format_anchors(anchored([chain], [2, 3]))
    (desk / "anchors.json").write_bytes(written)
    (desk / "trust.json").write_bytes(format_trust(trust(chain)))
    item = json.loads(written)["anchors"][1]
    shown = json.loads(example("bundle.md", "consistency"))
    assert {key: item[key] for key in ("checkpoint", "consistency")} == shown
    lines = said("anchors", "anchors.json", "--trust", "trust.json", "--lang", "en")
    assert lines == example("bundle.md", "anchors-lines")
