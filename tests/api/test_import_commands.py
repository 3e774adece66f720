"""The commands that import a register, on the data of a server."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.cli import app
from backend.importing import ImportOrder, prepare_import, record_import
from backend.settings import Settings
from tests.support.chain_world import FixedClock
from tests.support.http_world import HOST, opened, signature
from tests.support.model_organisation import FOUNDERS, SLUG, START

CHAIR = FOUNDERS[0]
TABLE = (
    "member_class,name,born\r\nindividual,Rose Bonheur,1987-03-12\r\nindividual,,\r\n"
    "individual,BONHEUR Rose,1987-03-12\r\n"
)


def test_members_import__prepared_signed_and_recorded__is_there_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, table, seed = tmp_path / "data", tmp_path / "members.csv", tmp_path / "seed"
    table.write_text(TABLE, "utf-8")
    settings = Settings(data=data, origin_host=HOST)
    with opened(data) as world:
        world.found()
    runner = CliRunner()
    arguments = ["members", "report", str(table), "--organisation", SLUG, "--data", str(data)]
    reported = runner.invoke(app, [*arguments, "--lang", "en"])
    assert reported.exit_code == 1
    assert "2\tfacts.missing" in reported.output
    assert "3\timport.same_person" in reported.output
    assert "3 rows, 1 broken, 1 alike" in reported.output
    assert "onheur" not in reported.output

    order = ImportOrder(SLUG, table, CHAIR.id, seed, "broken", "alike")
    clock = FixedClock(START)
    capsys.readouterr()
    untold = ImportOrder(SLUG, table, CHAIR.id, seed, "", "")
    assert prepare_import(settings, untold, clock=lambda: clock) == 1
    assert "import.undecided" in capsys.readouterr().err
    assert prepare_import(settings, order, clock=lambda: clock) == 0
    prepared = json.loads(capsys.readouterr().out)
    assert seed.stat().st_mode & 0o077 == 0
    signed = tmp_path / "signature.json"
    signed.write_text(json.dumps(signature(CHAIR, prepared["typed_data"])), "utf-8")
    issued_at = prepared["issued_at"]
    for _ in range(2):
        done = record_import(settings, order, signed, issued_at=issued_at, clock=lambda: clock)
        assert (done, capsys.readouterr().out) == (0, f"{SLUG}: entry 1\n")
    written = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    drawn = seed.read_text("ascii").strip()
    assert drawn.encode() not in written
    assert bytes.fromhex(drawn) not in written
    with opened(data) as world:
        assert len(world.get("members")["items"]) == len(FOUNDERS) + 2


def test_members_import__with_what_cannot_be_read__is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, seed = tmp_path / "members.csv", tmp_path / "seed"
    table.write_text(TABLE, "utf-8")
    settings = Settings(data=tmp_path / "data", origin_host=HOST)
    with opened(tmp_path / "data") as world:
        world.found()
    missing = ImportOrder(SLUG, tmp_path / "none.csv", CHAIR.id, seed, "", "")
    wrong = ImportOrder(SLUG, table, CHAIR.id, seed, "every", "")
    for order in (missing, wrong):
        assert prepare_import(settings, order) == 1
    seed.write_text("seed", "utf-8")
    assert prepare_import(settings, ImportOrder(SLUG, table, CHAIR.id, seed, "", "")) == 1
    signed = tmp_path / "signature.json"
    signed.write_text("{}", "utf-8")
    seed.write_text("00" * 32, "utf-8")
    order = ImportOrder(SLUG, table, CHAIR.id, seed, "broken", "alike")
    assert record_import(settings, order, signed, issued_at=0) == 1
    assert "signature" in capsys.readouterr().err
