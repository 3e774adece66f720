"""Reading a bundle offline: only what a lawful ledger tells."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner, Result

from backend.cli import app
from backend.domain.electorate import format_elector, parse_elector, parse_leaves, prove_elector
from backend.domain.register import fingerprint, register_after
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


def _elector_file() -> bytes:
    """Return what proves the place of an elector in the vote on the new statutes."""
    ledger = whole_life()
    item = ledger.state.poll("new-statutes").item
    elector = next(iter(ledger.sources.rolls[item.decision].values()))
    leaves = parse_leaves(ledger.sources.document(item.electorate.leaves))
    return format_elector(prove_elector(item, leaves, voter=elector.voter, salt=elector.salt))


def test_elector__in_the_electorate__says_where(bundle: Path, tmp_path: Path) -> None:
    file = tmp_path / "elector.json"
    file.write_bytes(_elector_file())
    result = _read("elector", bundle, file)
    assert result.exit_code == 0, result.output
    assert "of 4\n" in result.output
    assert "Motion new-statutes, assembly spring" in result.output
    assert "Motion new-statutes" in _read("elector", bundle, file, "--lang", "fr").output


def test_elector__with_one_digit_of_its_salt_changed__exits_1(bundle: Path, tmp_path: Path) -> None:
    proof = parse_elector(_elector_file())
    digit = "0" if proof.salt[0] != "0" else "1"
    file = tmp_path / "elector.json"
    file.write_bytes(format_elector(replace(proof, salt=digit + proof.salt[1:])))
    result = _read("elector", bundle, file)
    assert result.exit_code == 1
    assert result.stdout == ""


def test_elector__of_a_decision_of_another_ledger__exits_1(bundle: Path, tmp_path: Path) -> None:
    file = tmp_path / "elector.json"
    file.write_bytes(format_elector(replace(parse_elector(_elector_file()), decision="d0" * 32)))
    assert _read("elector", bundle, file).exit_code == 1


def test_elector__no_such_file__exits_2(bundle: Path, tmp_path: Path) -> None:
    assert _read("elector", bundle, tmp_path / "none.json").exit_code == 2


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


def test_register__on_a_past_day__tells_everyone_and_its_fingerprint(bundle: Path) -> None:
    ledger = whole_life()
    result = _read("register", bundle, "--at", "2026-01-05")
    assert result.exit_code == 0, result.output
    last = [index for index, entry in enumerate(ledger.entries) if entry.at < "2026-01-05T23"][-1]
    found = register_after(ledger.entries, ledger.sources, until="2026-01-05T22:59:59.999Z")
    assert found.entry == last
    assert f"Fingerprint: {fingerprint(found)}" in result.output
    assert all(f"{line.member}  " in result.output for line in found.lines)
    assert "resigned, since" in result.output


def test_register__after_an_entry_in_french__is_read_there(bundle: Path) -> None:
    result = _read("register", bundle, "--entry", "1", "--lang", "fr")
    assert result.exit_code == 0, result.output
    assert "après l'entrée 1" in result.output.replace("\u2019", "'")
    assert "en attente" in result.output


@pytest.mark.parametrize("at", ["2026-01-04", "2031-01-01", "someday"])
def test_register__at_no_moment_of_the_bundle__exits_1(bundle: Path, at: str) -> None:
    assert _read("register", bundle, "--at", at).exit_code == 1


def test_register__two_moments__exits_2(bundle: Path) -> None:
    assert _read("register", bundle, "--at", "2026-01-05", "--entry", "1").exit_code == 2
