"""How much a run of the benchmark of ballots measures."""

from dataclasses import dataclass
from typing import Final

OPTIONS: Final = 20
"""Options of a contest."""

GRADES: Final = 7
"""Grades of majority judgement."""


@dataclass(frozen=True, slots=True)
class BallotSizes:
    """How much a run measures; the defaults are those of the published figures."""

    ballots: int = 1_000_000
    """Ballots that are counted."""
    distinct: int = 100_000
    """How many of them differ from each other, at least."""
    slow_distinct: int = 10_000
    """The same for oracles that are slower by far; they count ten times as many ballots."""
    tally_rounds: int = 5
    """Rounds of the timings that are made in turn; their medians count."""
    verified: int = 20
    """Ballots verified in a round: short rounds, so that what else runs seldom falls between two cases."""
    verification_rounds: int = 500
    """Rounds of verification."""
    intake: int = 6_000
    """Ballots cast over HTTP, each by another member."""
    connections: int = 16
    """Connections that cast them at once."""
    members: int = 100_000
    """Members of the assembly that is closed, all of whom have a vote."""
    turnout: int = 50_000
    """Ballots cast in it, each by another member; no more than members."""
    threads: int = 16
    """Threads that cast them."""
