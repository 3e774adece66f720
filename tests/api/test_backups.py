"""Backups: whole, without secrets, and nobody who was erased comes back with them."""

import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.audit.directory import audit_directory
from backend.cli import app
from backend.safekeeping import back_up, restore
from backend.settings import Settings
from tests.support.erasing import erase
from tests.support.http_world import World, facts, join, opened
from tests.support.model_organisation import FOUNDERS, SLUG, Actor
from tests.support.personal_files import secrets_of, traces

CHAIR, TREASURER, _ = FOUNDERS
LEAVER, STAYER = Actor("quince"), Actor("medlar")


@dataclass(frozen=True)
class _Kept:
    """A server with a backup of before an erasure, and the list of erasures of after."""

    world: World
    folder: Path
    secrets: list[bytes]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Kept]:
    folder = tmp_path_factory.mktemp("backups")
    with opened(folder / "data") as world:
        world.found()
        for actor in (LEAVER, STAYER):
            join(world, actor)
        world.act(LEAVER, f"members/{LEAVER.id}/resignation", {"issued_at": world.seconds()})
        world.worker.step_all()
        settings = world.container.settings
        assert back_up(settings, folder / "old.tar", with_keys=folder / "keys.tar") == 0
        secrets = secrets_of(world, LEAVER)
        assert erase(world, LEAVER.id).status_code == 201
        assert back_up(settings, folder / "new.tar", with_keys=folder / "newer-keys.tar") == 0
        yield _Kept(world, folder, secrets)


def _settings(data: Path) -> Settings:
    return Settings(data=data, origin_host="ledger.example")


def test_backup__of_a_running_server__holds_no_secret_and_is_its_owners(kept: _Kept) -> None:
    with tarfile.open(kept.folder / "old.tar") as archive:
        names = archive.getnames()
    assert {"psephos.sqlite", "chain.sqlite", "documents"} <= set(names)
    assert not [name for name in names if name.startswith("keys") or "-wal" in name]
    seed = (kept.folder / "data" / "keys" / "vault.1").read_bytes()
    assert seed not in (kept.folder / "old.tar").read_bytes()
    for name in ("old.tar", "keys.tar"):
        assert (kept.folder / name).stat().st_mode & 0o077 == 0
    assert not list(kept.folder.glob(".backup-*"))


def test_old_backup__restored__is_cleared_of_who_was_erased_since(
    kept: _Kept, tmp_path: Path
) -> None:
    data, marks = tmp_path / "data", [kept.folder / "data" / "erasures"]
    keys = kept.folder / "newer-keys.tar"
    code = restore(_settings(data), kept.folder / "old.tar", with_keys=keys, erasures=marks)
    assert code == 0
    assert traces(data, kept.secrets) == []
    assert traces(kept.folder, kept.secrets) != []
    assert (data / "keys").stat().st_mode & 0o077 == 0
    with opened(data) as world:
        persons = world.container.api_context().persons
        assert persons.facts(SLUG, LEAVER.id) is None
        assert persons.facts(SLUG, STAYER.id) == facts(STAYER)
        world.container.archive.export(SLUG, tmp_path / "bundle")
        world.container.archive.database.close()
    report = audit_directory(tmp_path / "bundle")
    assert (report.disagreements, report.redacted) == ((), 2)
    assert (data / "erasures").read_bytes() == marks[0].read_bytes()


def test_new_backup__restored__needs_nothing_but_the_list_beside_it(
    kept: _Kept, tmp_path: Path
) -> None:
    assert (kept.folder / "new.tar.erasures").read_bytes()
    data, keys = tmp_path / "data", kept.folder / "newer-keys.tar"
    code = restore(_settings(data), kept.folder / "new.tar", with_keys=keys, erasures=[])
    assert code == 0
    assert traces(data, kept.secrets) == []
    with sqlite3.connect(data / "psephos.sqlite") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_restore__without_the_key_of_the_marks__is_refused_and_leaves_nothing(
    kept: _Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list that cannot be read would bring people back: that is refused, not ignored."""
    data, marks = tmp_path / "data", [kept.folder / "data" / "erasures"]
    shutil.copytree(kept.folder / "data" / "keys", data / "keys")
    (data / "keys" / "erasures").unlink()
    code = restore(_settings(data), kept.folder / "old.tar", with_keys=None, erasures=marks)
    assert (code, "another key" in capsys.readouterr().err) == (1, True)
    assert {path.name for path in data.iterdir()} == {"keys"}


def test_restore__of_data_under_a_master_key_that_is_gone__is_refused(
    kept: _Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As after a rotation: a backup of before needs the secrets of before."""
    data, marks = tmp_path / "data", [kept.folder / "data" / "erasures"]
    with tarfile.open(kept.folder / "newer-keys.tar") as archive:
        archive.extractall(data, filter="data")
    (data / "keys" / "vault.1").rename(data / "keys" / "vault.2")
    code = restore(_settings(data), kept.folder / "old.tar", with_keys=None, erasures=marks)
    assert (code, "under master key 1" in capsys.readouterr().err) == (1, True)
    assert {path.name for path in data.iterdir()} == {"keys"}
    (data / "keys" / "vault.2").rename(data / "keys" / "vault.1")
    assert restore(_settings(data), kept.folder / "old.tar", with_keys=None, erasures=marks) == 0


def test_secrets__backed_up_before_the_first_erasure__read_the_lists_of_later_ones(
    kept: _Kept, tmp_path: Path
) -> None:
    data, marks = tmp_path / "data", [kept.folder / "data" / "erasures"]
    keys = kept.folder / "keys.tar"
    assert restore(_settings(data), kept.folder / "old.tar", with_keys=keys, erasures=marks) == 0
    assert traces(data, kept.secrets) == []


def test_restore__without_secrets__is_refused(
    kept: _Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    code = restore(_settings(data), kept.folder / "old.tar", with_keys=None, erasures=[])
    assert (code, "no secrets" in capsys.readouterr().err) == (1, True)


def test_restore__over_something__is_refused(
    kept: _Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "psephos.sqlite").write_bytes(b"mine")
    code = restore(_settings(tmp_path), kept.folder / "old.tar", with_keys=None, erasures=[])
    assert (code, "psephos.sqlite is there" in capsys.readouterr().err) == (1, True)
    assert (tmp_path / "psephos.sqlite").read_bytes() == b"mine"


def test_restore__of_a_tar_that_writes_elsewhere__is_refused(
    kept: _Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.add(kept.folder / "new.tar.erasures", "../outside")
    data = tmp_path / "in" / "data"
    shutil.copytree(kept.folder / "data" / "keys", data / "keys")
    code = restore(_settings(data), tmp_path / "evil.tar", with_keys=None, erasures=[])
    assert (code, "elsewhere" in capsys.readouterr().err) == (1, True)
    assert not (tmp_path / "in" / "outside").exists()


@pytest.mark.parametrize("place", ["data/inside.tar", "missing/backup.tar"])
def test_backup__to_a_place_where_none_can_be__is_refused(kept: _Kept, place: str) -> None:
    settings = kept.world.container.settings
    assert back_up(settings, kept.folder / place, with_keys=None) == 1


def test_backup__of_secrets_and_data_in_one_file__is_refused(kept: _Kept) -> None:
    settings, file = kept.world.container.settings, kept.folder / "both.tar"
    assert back_up(settings, file, with_keys=file) == 1
    assert not file.exists()


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_commands__on_another_database__say_whose_backup_to_use(
    tmp_path: Path, command: str
) -> None:
    arguments = [command, str(tmp_path / "file.tar")]
    arguments += [str(tmp_path)] if command == "restore" else ["--data", str(tmp_path)]
    environment = {"PSEPHOS_DATABASE": "postgresql://nowhere/psephos"}
    result = CliRunner().invoke(app, arguments, env=environment)
    assert (result.exit_code, "not SQLite" in result.output) == (1, True)


def test_vault_rotate__beside_a_server__leaves_one_master_key(kept: _Kept, tmp_path: Path) -> None:
    data, keys = tmp_path / "data", kept.folder / "newer-keys.tar"
    assert restore(_settings(data), kept.folder / "new.tar", with_keys=keys, erasures=[]) == 0
    with opened(data) as world:
        result = CliRunner().invoke(app, ["vault", "rotate", "--data", str(data)])
        assert (result.exit_code, "4 keys" in result.output) == (0, True)
        assert [path.name for path in (data / "keys").glob("vault.*")] == ["vault.2"]
        persons = world.container.api_context().persons
        assert persons.facts(SLUG, STAYER.id) == facts(STAYER)
        join(world, Actor("newcomer"))
        assert persons.facts(SLUG, Actor("newcomer").id) == facts(Actor("newcomer"))
