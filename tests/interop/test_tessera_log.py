"""A log that Tessera writes: our server cosigns its checkpoints, our reader checks its files."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from anchoring.adapters.log_directory import read_log
from anchoring.core.cosignature import CosignatureVerifier, verify_cosignature
from anchoring.core.errors import AnchoringError
from anchoring.core.note import NoteSigner, parse_note
from tests.support.peer_process import free_port, peer, running, tail

pytestmark = pytest.mark.interop

ORIGIN = "tessera.example/log"
SIGNER = NoteSigner.from_seed(ORIGIN, b"\x0c" * 32)
SIZE = 12
EARLIEST_S = 1_700_000_000
TIMEOUT_S = 60
"""Bound on one run of Tessera's command."""


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[str]:
    """Address of a server of ours that trusts Tessera's log."""
    data, log, port = tmp_path / "server", tmp_path / "serve.log", free_port()
    data.mkdir()
    policy = f"log {SIGNER.verifier.to_text()}\nquorum none\n"
    (data / "witness.policy").write_text(policy, "utf-8")
    url = f"http://127.0.0.1:{port}/witness"
    command: list[str | Path] = [
        *(sys.executable, "-m", "backend.cli", "serve"),
        *("--data", data, "--port", str(port)),
    ]
    with running(command, log=log, ready=lambda: is_up(url)):
        yield url
        print(tail(log))  # noqa: T201  # pytest shows it when the test fails


def is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/key").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


@pytest.fixture
def verifier(witness: str) -> CosignatureVerifier:
    return CosignatureVerifier.from_text(httpx.get(f"{witness}/key").text.strip())


def append(
    folder: Path, entries: list[bytes], *, policy: str
) -> "subprocess.CompletedProcess[str]":
    """Let Tessera append to its log, and publish a checkpoint if the policy is met."""
    new = folder / f"new-{entries[0].decode()}"
    new.mkdir(parents=True)
    for number, entry in enumerate(entries):
        (new / f"{number:04}").write_bytes(entry)
    (folder / "key").write_text(SIGNER.to_text(), "utf-8")
    (folder / "policy").write_text(policy, "utf-8")
    return subprocess.run(
        [
            peer("posix-oneshot"),
            *("--storage_dir", folder / "log", "--entries", f"{new}/*"),
            *("--private_key", folder / "key", "--witness_policy_file", folder / "policy"),
            *("--witness_timeout", "20s", "--logtostderr"),
        ],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def policy_of(witness: str, verifier: CosignatureVerifier) -> str:
    return f"witness ours {verifier.to_text()} {witness}\nquorum ours\n"


def test_tessera__that_must_have_our_cosignature__gets_it_as_its_log_grows(
    witness: str, verifier: CosignatureVerifier, tmp_path: Path
) -> None:
    for first in (0, 7):
        entries = [b"entry-%d" % number for number in range(first, 7 if first == 0 else SIZE)]
        run = append(tmp_path / "tessera", entries, policy=policy_of(witness, verifier))
        assert run.returncode == 0, run.stderr
        note = parse_note((tmp_path / "tessera" / "log" / "checkpoint").read_bytes())
        assert note.text.split("\n")[:2] == [ORIGIN, str(first + len(entries))]
        (line,) = [each for each in note.signatures if verifier.made(each)]
        assert verify_cosignature(note.text, line, verifier) > EARLIEST_S


def test_read_log__of_what_tessera_wrote__accepts_it_and_no_changed_byte(
    witness: str, verifier: CosignatureVerifier, tmp_path: Path
) -> None:
    entries = [b"entry-%d" % number for number in range(300)]
    run = append(tmp_path / "tessera", entries, policy=policy_of(witness, verifier))
    assert run.returncode == 0, run.stderr
    directory = tmp_path / "tessera" / "log"
    log = read_log(directory, SIGNER.verifier, ORIGIN)
    assert sorted(log.entries) == sorted(entries)
    for path in (
        "tile/0/000",
        "tile/0/001.p/44",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/44",
    ):
        genuine = (directory / path).read_bytes()
        (directory / path).write_bytes(genuine[:-1] + bytes([genuine[-1] ^ 1]))
        with pytest.raises(AnchoringError):
            read_log(directory, SIGNER.verifier, ORIGIN)
        (directory / path).write_bytes(genuine)
    assert read_log(directory, SIGNER.verifier, ORIGIN) == log
