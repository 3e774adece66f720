"""Schulze and instant runoff beside the fastest Python oracle, and beside a slower one on fewer ballots."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from backend.domain.methods import OPTION_METHODS, count_choices
from backend.domain.methods.choices import Ranking, format_ranking
from backend.domain.methods.contest import Contest, OptionMethodName, Votes
from benchmarks.ballots.oracles import (
    PREF_VOTING,
    VOTEKIT,
    PrefVoting,
    Votekit,
    check_agreement,
    oracle_name,
)
from benchmarks.ballots.profiles import drawn_rankings
from benchmarks.ballots.sizes import OPTIONS, BallotSizes
from benchmarks.figures import Figure, Reference, Target
from benchmarks.timing import time_in_turn

TARGET: Final = Target("ratio", 5)
"""At most a fifth of the time of the fastest oracle."""

OPTION_IDS: Final = tuple(f"o{number:02}" for number in range(OPTIONS))
"""Ids of the options; ascending ids are ascending numbers."""

COUNTED: Final[Mapping[OptionMethodName, str]] = {
    "schulze": "Schulze",
    "instant_runoff": "instant runoff",
}
"""What is counted, and how a table calls it."""

_Counter = Callable[[], list[int]]


def measure_rankings(_folder: Path, sizes: BallotSizes) -> list[Figure]:
    """Return the times of both methods.

    Args:
        _folder: Not needed.
        sizes: Ballots and rounds.
    """
    drawn = drawn_rankings(OPTIONS, distinct=sizes.distinct, ballots=sizes.ballots)
    fewer = drawn_rankings(OPTIONS, distinct=sizes.slow_distinct, ballots=10 * sizes.slow_distinct)
    figures = []
    for method in COUNTED:
        figures += _beside_pref_voting(method, drawn, sizes)
        figures.append(_beside_votekit(method, fewer))
    return [*figures, _from_texts(drawn, sizes)]


def _beside_pref_voting(
    method: OptionMethodName, drawn: Mapping[tuple[int, ...], int], sizes: BallotSizes
) -> list[Figure]:
    oracle = PrefVoting()
    ranked = oracle.ranked(drawn)
    count = {"schulze": oracle.schulze, "instant_runoff": oracle.instant_runoff}[method]
    cases: dict[str, _Counter] = {
        "ours": _ours(method, drawn),
        "theirs": lambda: count(oracle.ranked(drawn)),
        "counting": lambda: count(ranked),
    }
    # The first call also compiles its loops, which is not timed.
    check_agreement(method, ours=cases["ours"](), theirs=cases["counting"]())
    timings = time_in_turn(cases, rounds=sizes.tally_rounds, calls=1)
    name = f"{COUNTED[method]}, {_described(drawn)}"
    whole = oracle_name(PREF_VOTING)
    figures = [
        Figure(
            name,
            1000 * timings.median("ours"),
            "ms",
            Reference(whole, 1000 * timings.median("theirs")),
            TARGET,
            paired=timings.speed_up("ours", "theirs"),
        )
    ]
    if method == "instant_runoff":  # building the profile counts duels, which this method needs not
        figures.append(
            Figure(
                f"{name}, ours from rankings",
                1000 * timings.median("ours"),
                "ms",
                Reference(f"{whole}, its profile built before", 1000 * timings.median("counting")),
                paired=timings.speed_up("ours", "counting"),
            )
        )
    return figures


def _beside_votekit(method: OptionMethodName, drawn: Mapping[tuple[int, ...], int]) -> Figure:
    """VoteKit once, its profile built before: seconds, where the others take milliseconds."""
    oracle = Votekit()
    ranked = oracle.ranked(drawn)
    count = {"schulze": oracle.schulze, "instant_runoff": oracle.instant_runoff}[method]
    found: list[list[int]] = []
    ours = _ours(method, drawn)
    timings = time_in_turn(
        {"ours": ours, "theirs": lambda: found.append(count(ranked))}, rounds=1, calls=1
    )
    check_agreement(method, ours=ours(), theirs=found[0])
    return Figure(
        f"{COUNTED[method]}, {_described(drawn)} (once)",
        1000 * timings.median("ours"),
        "ms",
        Reference(
            f"{oracle_name(VOTEKIT)}, its profile built before", 1000 * timings.median("theirs")
        ),
    )


def _from_texts(drawn: Mapping[tuple[int, ...], int], sizes: BallotSizes) -> Figure:
    """The whole way of a count: texts as documents hold them, equal ones found, read and counted."""
    contest = Contest(options=OPTION_IDS)
    choices = [
        "".join(tuple(text))
        for text, voters in (
            (format_ranking(ranking), voters) for ranking, voters in _tiers(drawn).items()
        )
        for _ in range(voters)
    ]
    timings = time_in_turn(
        {"ours": lambda: count_choices("schulze", choices, contest)},
        rounds=sizes.tally_rounds,
        calls=1,
    )
    return Figure(
        f"Schulze, the same from {len(choices):,} texts", 1000 * timings.median("ours"), "ms"
    )


def _ours(method: OptionMethodName, drawn: Mapping[tuple[int, ...], int]) -> _Counter:
    votes = Votes(_tiers(drawn))
    contest = Contest(options=OPTION_IDS)
    return lambda: [
        OPTION_IDS.index(option) for option in OPTION_METHODS[method].count(votes, contest).elected
    ]


def _tiers(drawn: Mapping[tuple[int, ...], int]) -> dict[Ranking, int]:
    return {
        tuple((OPTION_IDS[option],) for option in ranking): voters
        for ranking, voters in drawn.items()
    }


def _described(drawn: Mapping[tuple[int, ...], int]) -> str:
    return f"{OPTIONS} options, {sum(drawn.values()):,} ballots, {len(drawn):,} distinct"
