"""Receipts over HTTP and in bundles stay short: a long link to a final block is a file of its own."""

import json
from pathlib import Path

import pytest

from anchoring.cli.verify import main
from anchoring.core.anchor_states import AnchorState, Seconds
from anchoring.core.anchors_file import parse_anchors
from anchoring.core.finality import FinalityStatement
from anchoring.core.finality_file import parse_finality_file
from anchoring.core.receipt import MAX_RECEIPT_JSON, parse_receipt
from anchoring.core.types import TreeSize
from anchoring.journal import AnchorJournal
from backend.audit.directory import audit_directory
from backend.settings import EMBEDDED_CHAIN_ID
from tests.support.finality import by_headers
from tests.support.http_world import World
from tests.support.model_organisation import SLUG

LONG = 40
"""Headers of a link that no receipt has room for."""


class Linked:
    """A founded organisation whose first anchor was captured with a long link."""

    def __init__(self, world: World, folder: Path) -> None:
        world.worker.step_all()
        archive = world.container.archive
        self.world, self.folder = world, folder
        found = archive.reads.anchor_evidence(SLUG, EMBEDDED_CHAIN_ID, TreeSize(1))
        self.anchor, self.evidence = found
        self.short = self.stored()
        self.long = by_headers(self.anchor.block_hash, self.anchor.block_number, LONG)

    def stored(self) -> FinalityStatement | None:
        reads = self.world.container.archive.reads
        return reads.anchor_finality(SLUG, EMBEDDED_CHAIN_ID, TreeSize(1))

    def journal(self) -> AnchorJournal:
        publishers = self.world.container.archive.publishers
        return publishers.journal(SLUG, self.anchor.chain_id, self.anchor.publisher)

    def record(self, statement: FinalityStatement) -> None:
        self.journal().record_finality(self.anchor, statement)

    def forget(self) -> None:
        """Record the anchor anew a day later, as one that is in a block and not final."""
        now = Seconds(self.world.seconds() + 86_400)
        journal = self.journal()
        journal.claim("this test", now=now, until=Seconds(now + 9))
        journal.withdraw(self.anchor, at=now)
        journal.record(self.anchor, self.evidence, state=AnchorState.INCLUDED, at=now)

    def receipt(self, query: str = "") -> bytes:
        return self.fetch(f"entries/0/receipt{query}")

    def finality(self) -> bytes:
        return self.fetch(f"anchors/{EMBEDDED_CHAIN_ID}/1/finality")

    def fetch(self, path: str) -> bytes:
        response = self.world.client.get(f"{self.world.root}/{path}")
        assert response.status_code == 200, response.text
        return response.content

    def verify(self, receipt: bytes, *options: str) -> int:
        (self.folder / "receipt.json").write_bytes(receipt)
        (self.folder / "trust.json").write_bytes(self.fetch("trust"))
        trust = ("--trust", str(self.folder / "trust.json"), "--offline")
        return main(["receipt", str(self.folder / "receipt.json"), *trust, *options])


@pytest.fixture
def linked(founded: World, tmp_path: Path) -> Linked:
    return Linked(founded, tmp_path)


def test_receipt__under_a_short_link__carries_it(linked: Linked) -> None:
    (anchor,) = parse_receipt(linked.receipt()).anchors
    assert anchor.finality == linked.short is not None
    assert linked.receipt("?finality=full") == linked.receipt("?finality=short") == linked.receipt()


def test_receipt__under_a_long_link__leaves_it_out_unless_asked_for(linked: Linked) -> None:
    linked.record(linked.long)
    short, full = linked.receipt(), linked.receipt("?finality=full")
    assert len(short) <= MAX_RECEIPT_JSON < len(full)
    (bare,), (whole,) = parse_receipt(short).anchors, parse_receipt(full).anchors
    assert (bare.finality, whole.finality) == (None, linked.long)
    assert (bare.evidence, bare.block_hash) == (whole.evidence, whole.block_hash)


@pytest.mark.parametrize("value", ["", "none", "FULL", "1"])
def test_receipt__with_links_of_no_known_kind__is_refused(linked: Linked, value: str) -> None:
    answer = linked.world.client.get(f"{linked.world.root}/entries/0/receipt?finality={value}")
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


def test_finality__of_an_anchor__is_a_file_that_proves_the_short_receipt_too(
    linked: Linked, capsys: pytest.CaptureFixture[str]
) -> None:
    linked.record(linked.long)
    link = parse_finality_file(linked.finality())
    assert (link.chain_id, link.block_hash) == (EMBEDDED_CHAIN_ID, linked.anchor.block_hash)
    assert link.statement == linked.long
    beside = linked.folder / "finality.json"
    beside.write_bytes(linked.finality())
    final = ("--block-hash", f"0x{linked.long.block_hash.hex()}")
    assert linked.verify(linked.receipt(), *final) == 1
    assert linked.verify(linked.receipt("?finality=full"), *final) == 0
    assert linked.verify(linked.receipt(), *final, "--finality", str(beside)) == 0
    assert "FALSE" in capsys.readouterr().out


def test_finality__of_another_anchor__is_refused(
    linked: Linked, capsys: pytest.CaptureFixture[str]
) -> None:
    linked.record(linked.long)
    told = json.loads(linked.finality())
    beside = linked.folder / "finality.json"
    beside.write_text(json.dumps(told | {"blockNumber": told["blockNumber"] + 1}))
    assert linked.verify(linked.receipt(), "--finality", str(beside), "--json") == 1
    assert json.loads(capsys.readouterr().out)["failed_step"] == "finality.anchor"


def test_bundle__under_a_long_link__has_short_receipts_and_the_link_among_the_anchors(
    linked: Linked, capsys: pytest.CaptureFixture[str]
) -> None:
    linked.record(linked.long)
    bundle = linked.folder / "bundle"
    linked.world.container.archive.export(SLUG, bundle)
    written = (bundle / "receipts" / "000000.receipt.json").read_bytes()
    assert written == linked.receipt()
    assert parse_receipt(written).anchors[0].finality is None
    (item,) = parse_anchors((bundle / "anchors.json").read_bytes())
    assert item.anchor.finality == linked.long
    assert audit_directory(bundle).disagreements == ()
    assert main(["anchors", str(bundle / "anchors.json"), "--trust", f"{bundle}/trust.json"]) == 0
    assert f"0x{linked.long.block_hash.hex()}" in capsys.readouterr().out


def test_finality__response__is_a_json_file_named_after_the_anchor(linked: Linked) -> None:
    path = f"{linked.world.root}/anchors/{EMBEDDED_CHAIN_ID}/1/finality"
    headers = linked.world.client.get(path).headers
    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "no-cache"
    name = f'attachment; filename="{SLUG}-{EMBEDDED_CHAIN_ID}-1.finality.json"'
    assert headers["content-disposition"] == name


def test_finality__of_an_anchor_that_is_not_final__is_not_there_yet(linked: Linked) -> None:
    linked.forget()
    path = f"{linked.world.root}/anchors/{EMBEDDED_CHAIN_ID}/1/finality"
    answer = linked.world.client.get(path, headers={"Accept-Language": "fr"})
    assert (answer.status_code, answer.json()["code"]) == (404, "finality.unknown")
    assert answer.json()["title"].startswith("Le sceau")
    assert parse_receipt(linked.receipt("?finality=full")).anchors[0].finality is None


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{SLUG}/anchors/{EMBEDDED_CHAIN_ID}/2/finality", 404, "anchor.unknown"),
        (f"{SLUG}/anchors/1/1/finality", 404, "anchor.unknown"),
        (f"nobody/anchors/{EMBEDDED_CHAIN_ID}/1/finality", 404, "organisation.unknown"),
        (f"{SLUG}/anchors/0/1/finality", 422, "request.invalid"),
        (f"{SLUG}/anchors/{EMBEDDED_CHAIN_ID}/0/finality", 422, "request.invalid"),
        (f"{SLUG}/anchors/x/1/finality", 422, "request.invalid"),
    ],
)
def test_finality__of_no_anchor__is_refused(
    linked: Linked, path: str, status: int, code: str
) -> None:
    answer = linked.world.client.get(f"/v1/organisations/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
