"""Majority judgement beside the only Python oracle that counts it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from backend.domain.methods import majority_judgement
from backend.domain.methods.choices import Marks
from backend.domain.methods.contest import Contest, Votes
from benchmarks.ballots.oracles import PREF_VOTING, PrefVoting, check_agreement, oracle_name
from benchmarks.ballots.profiles import drawn_grades
from benchmarks.ballots.rankings import OPTION_IDS
from benchmarks.ballots.sizes import GRADES, OPTIONS, BallotSizes
from benchmarks.figures import Figure, Reference, Target
from benchmarks.timing import time_in_turn

TARGET: Final = Target("ratio", 5)
"""At most a fifth of the time of the oracle."""


def measure_grades(_folder: Path, sizes: BallotSizes) -> list[Figure]:
    """Return the time of a count; the oracle, which takes most of a minute, is timed once.

    Args:
        _folder: Not needed.
        sizes: Ballots and rounds.

    Raises:
        DisagreementError: Both chose differently.
    """
    drawn = drawn_grades(OPTIONS, GRADES, distinct=sizes.distinct, ballots=sizes.ballots)
    votes = _votes(drawn)
    contest = Contest(options=OPTION_IDS, grades=GRADES)
    oracle = PrefVoting()
    graded = oracle.graded(drawn, GRADES)
    found: list[list[int]] = []
    ours = time_in_turn(
        {"ours": lambda: majority_judgement.count(votes, contest)},
        rounds=sizes.tally_rounds,
        calls=1,
    )
    theirs = time_in_turn(
        {"theirs": lambda: found.append(oracle.majority_judgement(graded))}, rounds=1, calls=1
    )
    elected = [
        OPTION_IDS.index(option) for option in majority_judgement.count(votes, contest).elected
    ]
    check_agreement("majority_judgement", ours=elected, theirs=found[0])
    return [
        Figure(
            f"majority judgement, {OPTIONS} options, {GRADES} grades, {sizes.ballots:,} ballots, "
            f"{sizes.distinct:,} distinct",
            1000 * ours.median("ours"),
            "ms",
            Reference(
                f"{oracle_name(PREF_VOTING)}, its profile built before (once)",
                1000 * theirs.median("theirs"),
            ),
            TARGET,
        )
    ]


def _votes(drawn: Mapping[tuple[int, ...], int]) -> Votes[Marks]:
    return Votes(
        {tuple(zip(OPTION_IDS, grades, strict=True)): voters for grades, voters in drawn.items()}
    )
