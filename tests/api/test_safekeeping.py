"""The commands about breaches and the record of processing."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.cli import app
from backend.domain.data_map import DATA_MAP
from backend.domain.messages import LANGUAGES, Language
from backend.domain.processing_record import processing_record
from backend.domain.purposes import PURPOSES
from backend.safekeeping import list_breaches, record_breach
from backend.settings import Settings
from tests.support.chain_world import FixedClock
from tests.support.http_world import World
from tests.support.model_organisation import SLUG, START

KNOWN = {
    "nature": "A laptop was stolen.",
    "categories": "Members: names, addresses",
    "persons": 40,
    "records": 80,
    "consequences": "Unwanted letters.",
    "measures": "The disk was encrypted.",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


def _record(
    settings: Settings, clock: FixedClock, fields: object, number: int | None = None
) -> int:
    file = settings.data.with_name("breach.json")
    file.write_text(json.dumps(fields))
    return record_breach(settings, file, number, clock=lambda: clock)


def test_breach__recorded__tells_how_long_is_left_and_when_it_is_over(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = FixedClock(START)
    assert _record(settings, clock, KNOWN) == 0
    assert "tell the authority by 2026-01-08T09:00:00.000Z (72 h left)" in capsys.readouterr().out
    clock.advance(73 * 3600)
    assert list_breaches(settings, clock=lambda: clock) == 0
    assert "(OVERDUE)" in capsys.readouterr().out
    late = {"authority_told_at": "2026-01-08T09:30:00.000Z"}
    assert _record(settings, clock, late, 1) == 1
    assert _record(settings, clock, {**late, "reason": "Strike."}, 1) == 0
    assert list_breaches(settings, clock=lambda: clock) == 0
    assert capsys.readouterr().out.splitlines()[-1].count("authority told at") == 1


def test_breach__not_to_be_told__says_why(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _record(settings, FixedClock(START), {**KNOWN, "reason": "Nobody is at risk."}) == 0
    assert "authority not told: Nobody is at risk." in capsys.readouterr().out


def test_breaches__exported__are_every_line_that_was_written(settings: Settings) -> None:
    clock = FixedClock(START)
    assert _record(settings, clock, KNOWN) == 0
    clock.advance(60)
    assert _record(settings, clock, {"persons": 41}, 1) == 0
    assert _record(settings, clock, KNOWN) == 0
    result = CliRunner().invoke(app, ["breach", "export", "--data", str(settings.data)])
    exported = json.loads(result.output)
    assert [(each["number"], each["persons"]) for each in exported] == [(1, 40), (1, 41), (2, 40)]
    assert (settings.data / "breaches.ndjson").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({**KNOWN, "persons": -1}, None),
        ({**KNOWN, "surplus": 1}, None),
        ({"nature": "x"}, None),
        ([], None),
        (KNOWN, 7),
    ],
)
def test_breach__that_is_none__is_refused_and_not_written(
    settings: Settings, fields: object, number: int | None
) -> None:
    assert _record(settings, FixedClock(START), fields, number) == 1
    assert not (settings.data / "breaches.ndjson").exists()


def test_breach__from_a_file_that_is_too_long_or_missing__is_refused(settings: Settings) -> None:
    file = settings.data.with_name("long.json")
    file.write_bytes(b" " * 70_000)
    assert record_breach(settings, file, None) == 1
    assert record_breach(settings, file.with_name("none.json"), None) == 1


def test_breaches__that_somebody_changed__are_refused(settings: Settings) -> None:
    settings.data.mkdir()
    (settings.data / "breaches.ndjson").write_bytes(b'{"number": 1}\n')
    assert list_breaches(settings) == 1
    assert _record(settings, FixedClock(START), KNOWN) == 1
    result = CliRunner().invoke(app, ["breach", "export", "--data", str(settings.data)])
    assert result.exit_code == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_record_of_processing__has_every_datum_and_purpose(language: Language) -> None:
    said = processing_record("River cooperative", language)
    assert said.startswith("# ")
    assert "River cooperative" in said.splitlines()[0]
    for datum in DATA_MAP:
        assert getattr(datum.what, language) in said
        assert getattr(datum.kept, language) in said
    for purpose in PURPOSES.values():
        assert getattr(purpose, language) in said


def test_record_of_processing__as_a_command__speaks_the_language_asked_for(founded: World) -> None:
    data = str(founded.container.settings.data)
    arguments = ["record-of-processing", SLUG, "--data", data, "--lang", "fr"]
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code, result.output) == (0, processing_record("River cooperative", "fr"))
    arguments[1] = "nobody"
    assert CliRunner().invoke(app, arguments).exit_code == 1
