"""Ballots of a run, the same ones on every machine: drawn by Python's generator from a fixed seed.

All orders of options are equally likely, and so are all grades: no two options are far apart, rounds are many
and few ballots are equal by chance, which is the hardest profile for every counter.
"""

from collections.abc import Callable
from random import Random
from typing import Final, TypeVar

SEED: Final = 20_260_101
"""Seed of every draw."""

B = TypeVar("B")


def drawn_choices(choices: tuple[str, ...], ballots: int) -> list[str]:
    """Return choices of voters as they come from documents: equal texts, but no two the same object."""
    generator = _generator()
    return ["".join(tuple(choice)) for choice in generator.choices(choices, k=ballots)]


def drawn_rankings(options: int, *, distinct: int, ballots: int) -> dict[tuple[int, ...], int]:
    """Return complete strict rankings of options by number, with how many voters cast each.

    Args:
        options: How many options there are.
        distinct: How many rankings differ.
        ballots: How many are cast in all, at least as many.
    """
    numbers = range(options)
    return _drawn(lambda generator: tuple(generator.sample(numbers, options)), distinct, ballots)


def drawn_grades(
    options: int, grades: int, *, distinct: int, ballots: int
) -> dict[tuple[int, ...], int]:
    """Return a grade for every option by number, with how many voters gave these.

    Args:
        options: How many options there are.
        grades: How many grades there are, worst 0.
        distinct: How many ballots differ.
        ballots: How many are cast in all, at least as many.
    """
    scale = range(grades)
    return _drawn(lambda generator: tuple(generator.choices(scale, k=options)), distinct, ballots)


def _drawn(draw: Callable[[Random], B], distinct: int, ballots: int) -> dict[B, int]:
    generator = _generator()
    counted: dict[B, int] = {}
    while len(counted) < distinct:
        counted[draw(generator)] = 1
    for ballot in generator.choices(tuple(counted), k=ballots - distinct):
        counted[ballot] += 1
    return counted


def _generator() -> Random:
    return Random(SEED)  # noqa: S311 - a benchmark needs the same ballots each time, not secret ones
