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
