"""Reading a bundle offline: only what a lawful ledger tells."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from backend.cli import app
from tests.support.bundles import whole_life, write_bundle
from tests.support.model_organisation import FOUNDERS


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of an organisation that has lived its whole life."""
    directory = tmp_path_factory.mktemp("bundle")
    write_bundle(directory, whole_life())
    return directory


def _read(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["read", *map(str, arguments)], env={"LC_ALL": "C"})


def test_explanation__of_a_decision__names_every_article(bundle: Path) -> None:
    result = _read("explanation", bundle, "new-statutes")
    assert result.exit_code == 0, result.output
    assert "adopted" in result.output
    assert "Article 13" in result.output
    assert "Article 14" in result.output


def test_explanation__in_french__is_in_french(bundle: Path) -> None:
    assert "adoptée" in _read("explanation", bundle, "new-statutes", "--lang", "fr").output


def test_explanation__of_no_decision__exits_1_and_says_so(bundle: Path) -> None:
    result = _read("explanation", bundle, "no-such-motion")
    assert result.exit_code == 1
    assert "no-such-motion" in result.output


def test_bodies__on_the_first_day__hold_the_founders(bundle: Path) -> None:
    result = _read("bodies", bundle, "--on", "2026-01-05")
    assert result.exit_code == 0, result.output
    assert all(founder.id in result.output for founder in FOUNDERS)


@pytest.mark.parametrize("day", ["2026-01-04", "2026-02-30", "someday"])
def test_bodies__on_a_day_that_tells_nothing__exit_1(bundle: Path, day: str) -> None:
    assert _read("bodies", bundle, "--on", day).exit_code == 1


def test_obligations__on_a_day__are_listed_with_their_articles(bundle: Path) -> None:
    result = _read("obligations", bundle, "--on", "2026-03-01")
    assert result.exit_code == 0, result.output
    assert "Article" in result.output


def test_reading__of_a_ledger_with_one_byte_changed__tells_nothing(tmp_path: Path) -> None:
    write_bundle(tmp_path, whole_life())
    tile = next((tmp_path / "ledger" / "tile" / "entries").rglob("*.p/*"))
    content = tile.read_bytes()
    tile.write_bytes(content.replace(b"River", b"Liver", 1))
    result = _read("explanation", tmp_path, "new-statutes")
    assert result.exit_code == 1
    assert "adopted:" not in result.stdout


def test_reading__of_no_bundle__exits_2(tmp_path: Path) -> None:
    assert _read("bodies", tmp_path).exit_code == 2
