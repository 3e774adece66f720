"""``psephos key``: keys made before they are needed are those the server uses."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from anchoring.core.note import NoteVerifier
from backend.cli import app
from tests.support.http_world import HOST, opened
from tests.support.model_organisation import SLUG


@pytest.fixture
def passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name a passphrase file in the environment, and the host of origins."""
    file = tmp_path / "secret"
    file.write_text("correct horse\n")
    monkeypatch.setenv("PSEPHOS_PASSPHRASE_FILE", str(file))
    monkeypatch.setenv("PSEPHOS_ORIGIN_HOST", HOST)
    return file


def key(command: str, *arguments: str, data: Path) -> Result:
    return CliRunner().invoke(app, ["key", command, *arguments, "--data", str(data)])


def test_key_new__before_the_founding__makes_what_the_server_signs_with(
    tmp_path: Path, passphrase: Path
) -> None:
    data = tmp_path / "data"
    log = key("new", "log", SLUG, data=data)
    publisher = key("new", "publisher", SLUG, data=data)
    assert (log.exit_code, publisher.exit_code) == (0, 0), log.output + publisher.output
    shown = key("show", SLUG, data=data)
    assert shown.exit_code == 0
    assert log.stdout.strip() in shown.stdout
    assert publisher.stdout.strip() in shown.stdout
    assert passphrase.read_text().strip() not in shown.stdout
    with opened(data) as world:
        world.found()
        world.worker.step_all()
        trust = world.container.archive.trust(SLUG)
    assert trust.log_key == NoteVerifier.from_text(log.stdout.strip())
    assert f"0x{trust.networks[0].publisher.hex()}" == publisher.stdout.strip()
    assert not (data / "keys" / "passphrase").exists()


def test_key_new__again__is_refused_and_changes_nothing(tmp_path: Path, passphrase: Path) -> None:
    assert passphrase.exists()
    first = key("new", "log", SLUG, data=tmp_path)
    again = key("new", "log", SLUG, data=tmp_path)
    assert (first.exit_code, again.exit_code) == (0, 1)
    assert "never replaced" in again.stderr
    assert first.stdout.strip() in key("show", SLUG, data=tmp_path).stdout


def test_key_new__without_a_passphrase_and_nobody_to_ask__is_refused(tmp_path: Path) -> None:
    refused = key("new", "publisher", SLUG, data=tmp_path)
    assert refused.exit_code == 1
    assert "PSEPHOS_PASSPHRASE_FILE" in refused.stderr
    assert list((tmp_path / "keys").iterdir()) == []


@pytest.mark.parametrize("slug", ["", "../operator", "River", "a--b", "x" * 64, "a.log"])
def test_key_new__for_what_is_no_slug__is_refused(
    tmp_path: Path, passphrase: Path, slug: str
) -> None:
    assert passphrase.exists()
    assert key("new", "log", slug, data=tmp_path).exit_code == 1
    assert key("show", slug, data=tmp_path).exit_code == 1
    assert not (tmp_path / "keys").exists()


def test_key_show__of_no_keys__says_so(tmp_path: Path) -> None:
    shown = key("show", SLUG, data=tmp_path)
    assert (shown.exit_code, shown.stdout.count("none")) == (1, 2)


def test_key_show__of_a_key_in_clear__is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / f"{SLUG}.publisher").write_text("0x11")
    shown = key("show", SLUG, data=tmp_path)
    assert shown.exit_code == 1
    assert "not encrypted" in shown.stderr
