"""Counting yes and no beside the loop that anyone would write."""

from pathlib import Path
from typing import Final

from backend.domain.methods import yes_no_abstain
from benchmarks.ballots.profiles import drawn_choices
from benchmarks.ballots.sizes import BallotSizes
from benchmarks.figures import Figure, Reference, Target
from benchmarks.timing import time_in_turn

TARGET: Final = Target("ratio", 0.5)
"""At most twice the time of the loop."""


def measure_yes_no(_folder: Path, sizes: BallotSizes) -> list[Figure]:
    """Return the time of a tally of decoded choices.

    Args:
        _folder: Not needed.
        sizes: Ballots and rounds.
    """
    choices = drawn_choices(yes_no_abstain.CHOICES, sizes.ballots)
    timings = time_in_turn(
        {"ours": lambda: yes_no_abstain.tally(choices), "loop": lambda: bare_loop(choices)},
        rounds=sizes.tally_rounds,
        calls=1,
    )
    return [
        Figure(
            f"yes/no tally of {sizes.ballots:,} choices",
            1000 * timings.median("ours"),
            "ms",
            Reference("a bare loop over them", 1000 * timings.median("loop")),
            TARGET,
            paired=timings.speed_up("ours", "loop"),
        )
    ]


def bare_loop(choices: list[str]) -> dict[str, int]:
    """Return how many there are of each choice, checking nothing."""
    counts = dict.fromkeys(yes_no_abstain.CHOICES, 0)
    for choice in choices:
        counts[choice] += 1
    return counts
