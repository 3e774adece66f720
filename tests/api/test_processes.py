"""The command line: a server that stops cleanly, bundles, secrets, and an auditor without a server."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from threading import Event
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from backend.audit.directory import audit_directory
from backend.cli import app
from backend.storage.keys import KeyFiles
from tests.support.http_world import opened
from tests.support.model_organisation import SLUG

FOREIGN = ("fastapi", "sqlalchemy", "web3", "eth", "uvicorn", "pydantic")
"""What only the server's extra installs."""


def free_port() -> int:
    """Return a port that was free a moment ago."""
    import socket  # noqa: PLC0415 - nothing else here speaks to the network

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve__told_to_stop__ends_well_and_may_start_again(
    tmp_path: Path, number: signal.Signals
) -> None:
    data, port = tmp_path / "data", free_port()
    command = [
        sys.executable,
        "-m",
        "backend.cli",
        "serve",
        "--data",
        str(data),
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            shown = [server.stdout.readline() for _ in range(5)]
            health = _health(f"http://127.0.0.1:{port}/health")
        finally:
            server.send_signal(number)
        assert server.wait(30) == 0
    assert health == {"status": "ok", "ledgers": {}, "networks": {"embedded": {}}}
    assert any(str(data / "keys" / "operator") in line for line in shown)
    with opened(data):
        pass


def test_export__bundle__audits_and_is_brought_up_to_date(tmp_path: Path) -> None:
    data, bundle = tmp_path / "data", tmp_path / "bundle"
    arguments = ["export", SLUG, str(bundle), "--data", str(data)]
    with opened(data) as world:
        world.found()
        world.worker.step_all()
        first = CliRunner().invoke(app, arguments)
        size = audit_directory(bundle).entries
        world.act_as_chair("bridge")
        world.worker.step_all()
        second = CliRunner().invoke(app, arguments)
    report = audit_directory(bundle)
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert (size, report.entries, report.disagreements) == (1, 2, ())


def test_export__folder_with_other_files__is_refused_and_left_alone(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "folder"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear river")
    with opened(data) as world:
        world.found()
        world.worker.step_all()
        result = CliRunner().invoke(app, ["export", SLUG, str(folder), "--data", str(data)])
    assert result.exit_code == 1
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]


def test_export__bundle_of_another_ledger__is_refused(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as world:
        world.found()
        world.worker.step_all()
        CliRunner().invoke(
            app, ["export", SLUG, str(tmp_path / "bundle"), "--data", str(tmp_path / "data")]
        )
        trust = tmp_path / "bundle" / "trust.json"
        # Another origin needs another key: a verifier key is named after its origin in no check here.
        trust.write_bytes(trust.read_bytes().replace(b'"origin": "ledger', b'"origin": "other'))
        result = CliRunner().invoke(
            app, ["export", SLUG, str(tmp_path / "bundle"), "--data", str(tmp_path / "data")]
        )
    assert result.exit_code == 1
    assert "export.origin" in result.output


@pytest.mark.parametrize("slug", ["none", SLUG])
def test_export__nothing_signed__is_refused(tmp_path: Path, slug: str) -> None:
    with opened(tmp_path / "data") as world:
        world.found()
        result = CliRunner().invoke(
            app, ["export", slug, str(tmp_path / "bundle"), "--data", str(tmp_path / "data")]
        )
    assert result.exit_code == 1
    assert not (tmp_path / "bundle").exists()


def test_keys__every_secret__is_its_owners_alone(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as world:
        world.found()
        world.worker.step_all()
    keys = tmp_path / "data" / "keys"
    assert {path.name for path in keys.iterdir()} == {
        "faucet", "identity", "operator", "passphrase", "post", "vault.1",
        f"{SLUG}.log", f"{SLUG}.publisher",
    }  # fmt: skip
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}


def test_keys__asked_again__are_the_same(tmp_path: Path) -> None:
    first, second = KeyFiles(tmp_path), KeyFiles(tmp_path)
    assert first.operator_token() == second.operator_token()
    assert first.identity_key() == second.identity_key()
    assert first.publisher_key("a") != first.publisher_key("b")


def test_cli__without_the_server_extra__still_starts() -> None:
    script = f"import sys\nfor name in {FOREIGN!r}: sys.modules[name] = None\nimport backend.cli\n"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == 0, done.stderr


def _health(url: str) -> object:
    """Ask until the server listens; the wait is for another process, so no clock of ours helps."""
    for _ in range(300):
        try:
            with urlopen(url) as response:  # noqa: S310 - our own http URL
                return json.load(response)
        except OSError:
            Event().wait(0.05)
    pytest.fail("the server did not answer")
