"""``psephos audit``: exit codes and output, in a process that has no server."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.cli import app
from backend.domain.acts import DecisionMade
from tests.support.bundles import whole_life, write_bundle

RUNNER = CliRunner()


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    write_bundle(tmp_path, whole_life())
    return tmp_path


def test_audit_command__when_the_ledger_is_lawful__then_it_exits_0_and_says_so(
    bundle: Path,
) -> None:
    result = RUNNER.invoke(app, ["audit", str(bundle), "--lang", "fr"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1].startswith("verdict : conforme")


def test_audit_command__when_asked_for_json__then_it_prints_one_object(bundle: Path) -> None:
    result = RUNNER.invoke(app, ["audit", str(bundle), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["verdict"] == "lawful"


def test_audit_command__when_something_disagrees__then_it_exits_1_and_names_it(
    tmp_path: Path,
) -> None:
    ledger = whole_life()
    cut = next(
        index for index, entry in enumerate(ledger.entries) if isinstance(entry.data, DecisionMade)
    )
    write_bundle(tmp_path, ledger, entries=ledger.entries[:cut])
    result = RUNNER.invoke(app, ["audit", str(tmp_path)], env={"LC_ALL": "C"})
    assert result.exit_code == 1
    assert "psephos.ledger [ledger.omission]" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("verdict: ")


def test_audit_command__when_there_is_no_bundle__then_it_exits_2_and_names_the_file(
    tmp_path: Path,
) -> None:
    result = RUNNER.invoke(app, ["audit", str(tmp_path)])
    assert result.exit_code == 2
    assert "trust.json" in result.stderr
    assert result.stdout == ""


def test_audit_command__when_the_auditor_brings_their_own_trust__then_it_is_what_is_believed(
    bundle: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.json"
    own.write_text((bundle / "trust.json").read_text().replace("river-coop", "other-coop"))
    result = RUNNER.invoke(app, ["audit", str(bundle), "--trust", str(own)])
    assert result.exit_code != 0
