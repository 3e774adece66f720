"""A large assembly: calling it, taking its ballots, closing, counting and publishing, starting again.

The ballots are cast through the use case that the API calls, by as many threads as a server has busy; the
close is the worker's own step, so it ends with a signed checkpoint and an anchor on the embedded chain.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

from backend.services.ballots import cast
from backend.services.commands import command_of
from backend.services.ports import Ports
from backend.storage.ledger import Folds
from benchmarks.ballots.register import (
    HOURS,
    MOTION,
    SignedBallot,
    convene,
    members_of,
    registered,
    sign_ballots,
)
from benchmarks.ballots.sizes import BallotSizes
from benchmarks.figures import Figure, Target
from tests.support.http_world import World
from tests.support.model_organisation import SLUG

CLOSING: Final = Target("value", 60)
"""Seconds from the end of the vote to its published result."""

OPENING: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When the vote opens; the clock of the benchmark is moved, nothing waits for it."""


class LostVoteError(Exception):
    """The published result is not that of the ballots cast."""


def measure_closing(folder: Path, sizes: BallotSizes) -> list[Figure]:
    """Return how long a large assembly takes to be called, to vote, to close, and to be read again.

    Args:
        folder: Empty folder on the disk to measure.
        sizes: How much to measure; no more ballots than members.

    Raises:
        LostVoteError: The published result is not that of the ballots cast.
    """
    members = members_of(sizes.members)
    with registered(folder / "assembly", members, opening=OPENING) as world:
        archive = world.container.archive
        # The first reading folds the register, which is measured by itself below.
        archive.reads.state(SLUG)
        called = _timed(lambda: convene(world, MOTION))
        world.clock.time = OPENING + timedelta(hours=1)
        voters = members[: sizes.turnout]
        ballots = sign_ballots(world, MOTION, voters, cast_at=world.seconds())
        taken = _timed(lambda: _cast(world.container.ports, ballots, sizes.threads))
        world.worker.step(SLUG)
        world.clock.time = OPENING + timedelta(days=1, hours=HOURS)
        closed = _timed(lambda: world.worker.step(SLUG))
        _check_result(world, sizes.turnout)
        folds = Folds(archive.database, archive.documents)
        entries = archive.reads.state(SLUG).size
        read = _timed(lambda: folds.committed(SLUG))
    who = f"{sizes.members:,} members"
    return [
        Figure(f"convocation of {who}, one motion", called, "s"),
        Figure(
            f"ballots through the use case, {who}, {sizes.threads} threads",
            sizes.turnout / taken,
            "ballots/s",
        ),
        Figure(
            f"close, count, decide, sign and anchor: {sizes.turnout:,} ballots of {who}",
            closed,
            "s",
            target=CLOSING,
        ),
        Figure(f"state folded again from {entries:,} entries, as at a start", read, "s"),
    ]


def _timed(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def _cast(ports: Ports, ballots: Sequence[SignedBallot], threads: int) -> None:
    with ThreadPoolExecutor(threads) as pool:
        # Whatever one of them raised is raised here.
        list(pool.map(partial(_cast_one, ports), ballots))


def _cast_one(ports: Ports, ballot: SignedBallot) -> None:
    vote = ballot.vote
    command = command_of(f"cast/{vote.member}", vote.member.encode())
    cast(ports, SLUG, command, vote, signature=ballot.signature)


def _check_result(world: World, turnout: int) -> None:
    """Check that every ballot was counted.

    Raises:
        LostVoteError: One was not.
    """
    poll = world.container.archive.reads.poll(SLUG, MOTION)
    counted = sum((poll.tally or {}).values())
    if (poll.voters, counted) != (turnout, turnout):
        raise LostVoteError(f"{turnout} cast, {poll.voters} voters, {counted} counted")
