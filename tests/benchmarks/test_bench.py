"""The benchmark runs and says what it should; how fast anything is, no test asks."""

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from anchoring.core.evidence import verify_evidence
from anchoring.core.finality import HistoryProof
from anchoring.core.types import TreeSize
from benchmarks.__main__ import main
from benchmarks.anchors import (
    BUSY_PLACE,
    INTEGER_BYTES,
    binary_length,
    call_data_floor,
    in_a_busy_block,
)
from benchmarks.figures import Figure, Reference, Target, format_table
from benchmarks.finality import by_headers, by_history
from benchmarks.machine import Machine
from benchmarks.peer import PEER, peer_is_installed
from benchmarks.sizes import ENTRY_BYTES, LONG_ENTRY_BYTES, numbered_entry
from benchmarks.timing import Timings, time_in_turn
from tests.support import receipts
from tests.support.chain_world import head_of, open_embedded, publish_on

TINY = (
    *("--entries", "300", "--rounds", "2", "--appends", "4", "--batch", "2"),
    *("--batches", "2", "--builds", "1", "--proofs", "3", "--peer-proofs", "2", "--acts", "2"),
)
"""A run of seconds."""

EXPECTED = {"acts/s": 1, "leaves/s": 2, "ms": 1, "µs": 1, "gas": 3, "bytes": 14}
"""Number of figures by unit, those of the appends aside."""


def run(tmp_path: Path, *arguments: str) -> int:
    return main(["log", "--folder", str(tmp_path), *TINY, *arguments])


def test_log__of_a_tiny_ledger__prints_every_figure_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(tmp_path, "--json")
    report = json.loads(capsys.readouterr().out)
    figures = report["figures"]
    assert status in ({0, 1} if peer_is_installed() else {1, 3})
    assert list(tmp_path.iterdir()) == []
    assert report["sizes"]["entries"] == 300
    assert report["machine"]["python"] == Machine.this().python
    assert all(figure["value"] > 0 for figure in figures)
    assert all(figure["ratio"] is not None for figure in figures if figure["against"])
    units = Counter(figure["unit"] for figure in figures)
    assert units == EXPECTED | {"entries/s": 4 if peer_is_installed() else 3}
    held = [figure for figure in figures if figure["target"]]
    assert len(held) == 11
    exact = [figure for figure in held if figure["unit"] == "bytes"]
    assert [figure["met"] for figure in exact] == [True] * 7


def test_link__of_a_public_network__is_genuine_and_as_long_as_its_state_is_deep() -> None:
    chain = receipts.embedded_chain()
    chain.broadcast(chain.sign_anchor(head_of(1)))
    anchor = chain.find_anchor(TreeSize(1))
    assert anchor is not None
    header = chain.capture_evidence(anchor).header
    for branches in (5, 7):
        statement = by_history(anchor, header, account_branches=branches)
        assert isinstance(statement.link, HistoryProof)
        assert [len(node) for node in statement.link.account_proof[:-1]] == [532] * branches
        assert [len(node) for node in statement.link.storage_proof[:-1]] == [532] * 3 + [83]
        assert len(set(statement.link.account_proof)) == branches + 1
    assert by_headers(anchor, header, 4).block_number == anchor.block_number + 4


def test_log__of_a_tiny_ledger__prints_a_table_under_the_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path)
    machine, _, table = capsys.readouterr().out.partition("\n\n")
    assert f"Python {Machine.this().python}" in machine
    assert table.startswith("| what ")
    assert "anchor, every one after the first" in table
    assert ("not installed" in table) is not peer_is_installed()


def test_log__without_the_peer__measures_the_rest_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, PEER, None)
    assert run(tmp_path) in {1, 3}
    assert capsys.readouterr().out.endswith(f"{PEER} is not installed: nothing beside it.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["other"],
        ["log", "--entries", "0"],
        ["log", "--ballots", "1"],
        ["ballots", "--appends", "1"],
    ],
)
def test_bench__of_nothing_known__is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        main(arguments)
    assert refusal.value.code == 2


@pytest.mark.parametrize(
    ("value", "theirs", "unit", "ratio"),
    [
        (300, 100, "entries/s", 3),
        (50, 100, "entries/s", 0.5),
        (2, 10, "ms", 5),
        (10, 5, "gas", 0.5),
    ],
)
def test_ratio__of_a_figure__says_how_many_times_better_it_is(
    value: float, theirs: float, unit: str, ratio: float
) -> None:
    figure = Figure("it", value, unit, Reference("other", theirs))  # type: ignore[arg-type]  # a parameter
    assert figure.ratio == ratio


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure("rate", 10, "acts/s", target=Target("value", 10)), True),
        (Figure("rate", 9, "acts/s", target=Target("value", 10)), False),
        (Figure("length", 10, "bytes", target=Target("value", 10)), True),
        (Figure("length", 11, "bytes", target=Target("value", 10)), False),
        (Figure("rate", 30, "acts/s", Reference("peer", 10), Target("ratio", 3)), True),
        (Figure("rate", 29, "acts/s", Reference("peer", 10), Target("ratio", 3)), False),
        (Figure("rate", 29, "acts/s", Reference("peer", 10), Target("ratio", 3), 3.1), True),
        (Figure("rate", 30, "acts/s", target=Target("ratio", 3)), None),
        (Figure("rate", 30, "acts/s", Reference("peer", 10)), None),
    ],
)
def test_target__of_a_figure__is_met_or_missed_or_not_known(figure: Figure, met: object) -> None:
    assert figure.met is met


def test_table__of_figures__has_a_line_for_each() -> None:
    figures = [
        Figure("rate", 12_345, "acts/s", Reference("peer", 1_000), Target("ratio", 3)),
        Figure("length", 11.5, "bytes", target=Target("value", 10)),
    ]
    lines = [line.replace(" ", "") for line in format_table(figures).splitlines()]
    assert lines[0] == "|what|measured|beside|ratio|target|met|"
    assert lines[2:] == [
        "|rate|12,345acts/s|peer:1,000|12.3x|atleast3x|yes|",
        "|length|11.5bytes|||atmost10|NO|",
    ]
    assert len({len(line) for line in format_table(figures).splitlines()}) == 1


def test_timings__of_rounds__compare_what_was_measured_together() -> None:
    timings = Timings({"slow": (4.0, 30.0, 6.0), "fast": (2.0, 3.0, 2.0)})
    assert timings.median("slow") == 6
    assert timings.rate("fast", 4) == 2
    assert timings.speed_up("fast", "slow") == 3


def test_time_in_turn__of_two_cases__calls_each_as_often_and_begins_with_another() -> None:
    called: list[str] = []
    cases = {name: lambda name=name: called.append(name) for name in "ab"}
    timings = time_in_turn(cases, rounds=2, calls=2)
    assert called == ["a", "a", "b", "b", "b", "b", "a", "a"]
    assert {name: len(seconds) for name, seconds in timings.seconds.items()} == {"a": 2, "b": 2}


@pytest.mark.parametrize(
    ("call_data", "gas"),
    [
        (b"", 21_000),
        (b"\x00", 21_010),
        (b"\x01", 21_040),
        (bytes(4) + b"\xff" * 64, 21_000 + 10 * (4 + 4 * 64)),
        # anchor(uint64,bytes32): 4 + 29 + 3 + 32 bytes, of which the 29 are zero.
        (b"\xaa" * 4 + bytes(29) + b"\x0f\x42\x40" + b"\xff" * 32, 21_000 + 10 * (29 + 4 * 39)),
    ],
)
def test_call_data_floor__of_known_bytes__is_that_of_the_proposal(
    call_data: bytes, gas: int
) -> None:
    assert call_data_floor(call_data) == gas


def test_binary_length__of_a_receipt__counts_every_field_decoded() -> None:
    receipt = receipts.receipt(receipts.embedded_chain())
    without = receipts.receipt()
    assert binary_length(without) == (
        len(without.entry) + INTEGER_BYTES + 32 * len(without.inclusion) + len(without.checkpoint)
    )
    assert binary_length(receipt) > binary_length(without) + len(receipt.anchors[0].evidence.header)
    with pytest.raises(TypeError, match="float"):
        binary_length((1, 0.5))


def test_anchor__moved_to_a_busy_block__is_still_proven_by_a_longer_proof(tmp_path: Path) -> None:
    embedded = open_embedded(tmp_path / "chain.sqlite")
    chain = publish_on(embedded)
    chain.broadcast(chain.sign_anchor(head_of(5)))
    anchor = chain.find_anchor(TreeSize(5))
    assert anchor is not None
    evidence = chain.capture_evidence(anchor)
    embedded.close()
    moved, busy = in_a_busy_block(anchor, evidence)
    assert verify_evidence(busy, moved).anchor == moved
    assert busy.transaction_index == BUSY_PLACE
    assert len(busy.receipt_proof) == len(busy.transaction_proof) > len(evidence.receipt_proof)


def test_numbered_entry__of_each_number__is_another_one_of_the_length() -> None:
    entries = {numbered_entry(number) for number in (0, 1, 999_999, 1_000_000)}
    assert {len(entry) for entry in entries} == {ENTRY_BYTES}
    assert len(entries) == 4
    assert len(numbered_entry(7, LONG_ENTRY_BYTES)) == LONG_ENTRY_BYTES


def test_register__of_a_tiny_table__imports_all_but_the_broken_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = ("--rows", "40", "--duplicates", "4", "--broken", "3")
    assert main(["register", "--folder", str(tmp_path), "--json", *sizes]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert [figure["unit"] for figure in figures] == ["s"] * 4
    assert "37 members" in figures[2]["name"]
    assert figures[-1]["target"] == {"subject": "value", "bound": 60}
