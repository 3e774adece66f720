"""Taking ballots in over HTTP: the server as `scripts/serve` runs it, beside a bare route.

The ballots are real and signed beforehand; the server runs whole, with its worker, which signs and anchors
heads meanwhile. Client and server are two processes that share the cores of the machine.
"""

import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from benchmarks.ballots.load import HOST, Load, apply_load, post_request
from benchmarks.ballots.register import MOTION, convene, members_of, registered, sign_ballots
from benchmarks.ballots.sizes import BallotSizes
from benchmarks.figures import Figure, Reference, Target
from tests.support.model_organisation import SLUG

RATE: Final = Target("value", 300)
"""Signed ballots in a second."""

PATIENCE: Final = Target("value", 150)
"""Milliseconds within which 95 of 100 ballots are answered."""

_PROJECT: Final = Path(__file__).parents[2]
_START_S: Final = 120
_STOP_S: Final = 60


class ServerError(Exception):
    """A server of the benchmark did not start, or refused what it was asked."""


def measure_intake(folder: Path, sizes: BallotSizes) -> list[Figure]:
    """Return rate and latencies of the intake of signed ballots.

    Args:
        folder: Empty folder on the disk to measure.
        sizes: How much to measure.

    Raises:
        ServerError: A server did not start, or refused a ballot.
    """
    data, rows = folder / "server", folder / "rows"
    rows.mkdir()
    bodies = _prepare(data, sizes.intake)
    path = f"/v1/organisations/{SLUG}/motions/{MOTION}/ballots"
    ours = ["-m", "backend.cli", "serve", "--data", str(data), "--port"]
    theirs = ["-m", "benchmarks.ballots.bare", str(rows)]
    bare = _measure(theirs, "/rows", bodies, sizes.connections)
    load = _measure(ours, path, bodies, sizes.connections)
    return figures_of(load, bare, sizes.connections)


def figures_of(load: Load, bare: Load, connections: int) -> list[Figure]:
    """Return the figures of two loads.

    Args:
        load: On the route that casts ballots.
        bare: On the bare route.
        connections: How many there were at once.
    """
    name = f"signed ballots over HTTP, {connections} connections"
    other = "bare route that inserts a row"
    return [
        Figure(name, load.rate, "ballots/s", Reference(other, bare.rate), RATE),
        *(
            Figure(
                f"{name}, {label}",
                load.percentile(share),
                "ms",
                Reference(other, bare.percentile(share)),
                target,
            )
            for label, share, target in (("p50", 0.5, None), ("p95", 0.95, PATIENCE))
        ),
    ]


def _prepare(data: Path, ballots: int) -> list[dict[str, object]]:
    """Make a server's data on which a vote is open, and return the requests of its voters."""
    members = members_of(ballots)
    opening = datetime.now(UTC) - timedelta(hours=1)  # noqa: TID251 - the server's clock is the machine's
    with registered(data, members, opening=opening) as world:
        convene(world, MOTION)
        cast_at = int((opening + timedelta(minutes=30)).timestamp())
        return [each.body() for each in sign_ballots(world, MOTION, members, cast_at=cast_at)]


def _measure(
    command: Sequence[str], path: str, bodies: Sequence[dict[str, object]], connections: int
) -> Load:
    requests = [post_request(path, body, key=f"load-{n}") for n, body in enumerate(bodies)]
    with _serving(command) as port:
        load = apply_load(port, requests, connections=connections)
    if set(load.statuses) != {201}:
        raise ServerError(f"answers by status: {dict(load.statuses)}")
    return load


@contextmanager
def _serving(command: Sequence[str]) -> Iterator[int]:
    """Run a server and give its port, the last argument of its command."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port: int = free.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, *command, str(port)], cwd=_PROJECT, stdout=subprocess.DEVNULL
    )
    try:
        _await_start(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(_STOP_S)


def _await_start(process: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(_START_S * 10):
        with socket.socket() as asking:
            if asking.connect_ex((HOST, port)) == 0:
                return
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        break
    raise ServerError(f"no answer on port {port}")
