"""Entry point of ``python -m tests.oracles``, which ``scripts/oracles`` calls."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from time import perf_counter

from tests.oracles.comparison import Comparison, Disagreements
from tests.oracles.families import COMPARISONS

WHOLE_RUN = 100_000
"""Profiles of each method in a whole run."""


def main(arguments: Sequence[str], comparisons: Sequence[Comparison] = COMPARISONS) -> int:
    """Run comparisons and print a table.

    Returns:
        0 if every difference is explained, 1 if one is not.
    """
    options = _parser(comparisons).parse_args(arguments)
    chosen = [each for each in comparisons if options.method in (None, each.method)]
    sys.stdout.write(f"seed {options.seed}\n{_HEADER}")
    unexplained = 0
    for comparison in chosen:
        started = perf_counter()
        seen = comparison.run(options.seed, options.profiles // comparison.thinned)
        sys.stdout.write(_lines(comparison, seen, seconds=perf_counter() - started))
        sys.stdout.flush()
        unexplained += seen.unexplained
    return 1 if unexplained else 0


def _parser(comparisons: Sequence[Comparison]) -> ArgumentParser:
    parser = ArgumentParser(
        prog="scripts/oracles", description="Lays our counts beside those of other programs."
    )
    parser.add_argument("--method", choices=sorted({each.method for each in comparisons}))
    parser.add_argument("--profiles", type=int, default=WHOLE_RUN, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    return parser


_COLUMNS = "{:<20} {:<42} {:>9} {:>9} {:>9} {:>11} {:>6}\n"
_HEADER = _COLUMNS.format("method", "oracle", "profiles", "agree", "explained", "unexplained", "s")


def _lines(comparison: Comparison, seen: Disagreements, *, seconds: float) -> str:
    row = _COLUMNS.format(
        comparison.method,
        comparison.oracle,
        seen.profiles,
        seen.agreements,
        sum(seen.explained.values()),
        seen.unexplained,
        round(seconds),
    )
    reasons = [f"    {number:>7} {reason}\n" for reason, number in seen.explained.items()]
    return "".join((row, *reasons, *(f"    ! {each}\n" for each in seen.shown)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
