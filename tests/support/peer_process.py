"""Programs of others, run on loopback for one test or one module, and ended by their process id."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.demo_process import ROOT

PEERS = ROOT / ".cache" / "peers" / "bin"
"""Where `scripts/interop` puts the programs."""

PACKAGES = ROOT / ".cache" / "peers" / "npm"
"""Where `scripts/interop` puts packages of artefacts, each in a folder of its own."""

START_TIMEOUT_S = 120
"""Bound on a start: not an expectation of speed."""

STOP_TIMEOUT_S = 20
"""Bound on a polite end, after which the process is killed."""

POLL_S = 0.05
"""Pause between two looks at something that another process does."""

MAX_SHOWN_BYTES = 4_000
"""Most bytes of a log that a failed test shows."""


def peer(name: str) -> Path:
    """Path of a fetched program; the test fails when it is not there."""
    program = PEERS / name
    if not program.exists():
        pytest.fail(f"{program} is missing: `scripts/interop` fetches it and runs these tests")
    return program


def peer_package(name: str) -> Path:
    """Folder of a fetched package of artefacts; the test fails when it is not there."""
    package = PACKAGES / name / "node_modules" / name
    if not package.exists():
        pytest.fail(f"{package} is missing: `scripts/interop` fetches it and runs these tests")
    return package


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Callable[[], bool], what: str, *, timeout_s: float) -> None:
    """Look again and again: other processes tell nobody when they are ready."""
    never = threading.Event()
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"{what}: not within {timeout_s} s")
        never.wait(POLL_S)


def tail(log: Path) -> str:
    return log.read_bytes()[-MAX_SHOWN_BYTES:].decode(errors="replace")


@contextmanager
def running(
    command: Sequence[str | Path], *, log: Path, ready: Callable[[], bool]
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server until the block ends; its output goes to ``log``, shown when it does not start.

    Args:
        command: Program and arguments.
        log: File for what it says.
        ready: Whether it answers.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=log.parent, env=_environment(log.parent), stdout=output, stderr=output
        )
    try:

        def is_up() -> bool:
            if process.poll() is not None:
                pytest.fail(f"{command[0]} ended with {process.returncode}:\n{tail(log)}")
            return ready()

        wait_until(is_up, f"start of {command[0]}", timeout_s=START_TIMEOUT_S)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(home: Path) -> Mapping[str, str]:
    """Nothing of this user's settings, and no way out: a proxy that no one serves."""
    dead_end = "http://127.0.0.1:9"
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "HTTP_PROXY": dead_end,
        "HTTPS_PROXY": dead_end,
        "NO_PROXY": "127.0.0.1,localhost",
    }
