"""The benchmark of ballots: counting, verifying, taking in, closing; a module each."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.ballots.closing import measure_closing
from benchmarks.ballots.grades import measure_grades
from benchmarks.ballots.intake import measure_intake
from benchmarks.ballots.rankings import measure_rankings
from benchmarks.ballots.sizes import BallotSizes
from benchmarks.ballots.verification import measure_verification
from benchmarks.ballots.yes_no import measure_yes_no
from benchmarks.figures import Figure

FIGURES: Final[tuple[Callable[[Path, BallotSizes], list[Figure]], ...]] = (
    measure_yes_no,
    measure_rankings,
    measure_grades,
    measure_verification,
    measure_intake,
    measure_closing,
)
"""What is measured; each takes a folder of its own use and the sizes."""


def measure_ballots(folder: Path, sizes: BallotSizes) -> list[Figure]:
    """Return every figure.

    Args:
        folder: Empty folder on the disk to measure.
        sizes: How much to measure.
    """
    return [figure for measure in FIGURES for figure in measure(folder, sizes)]
