"""Counts laid beside those of other programs, on generated profiles.

A comparison draws profiles one by one from a seeded source of randomness, counts each with our method and
with another program, and sorts what it sees: both agree; they differ for a reason that ``docs/methods.md``
tells; or they differ, and nobody knows why, which is a fault.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Protocol, TypeVar

P = TypeVar("P")

SHOWN = 3
"""Unexplained profiles that are kept in full; the others are only counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two programs that disagree on one profile."""

    ours: str
    """What we count."""
    theirs: str
    """What the other program counts."""
    reason: str | None = None
    """Why, in the words of the table; None where nothing explains it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreements:
    """What a comparison saw."""

    profiles: int
    """Profiles counted by both."""
    explained: Mapping[str, int]
    """Number of differences by reason."""
    unexplained: int
    """Number of differences without a reason."""
    shown: tuple[str, ...]
    """The first ``SHOWN`` unexplained profiles, with both counts."""

    @property
    def agreements(self) -> int:
        """Profiles on which both agree."""
        return self.profiles - sum(self.explained.values()) - self.unexplained


class Run(Protocol):
    """A function that compares one method with one other program."""

    def __call__(self, seed: int, profiles: int) -> Disagreements:
        """Compare on ``profiles`` profiles; equal seeds draw equal profiles."""
        ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """One method beside one other program."""

    method: str
    """Name of the method, as in ``BallotRule.method``."""
    oracle: str
    """The other program and its function, "pref_voting approval"."""
    run: Run
    """How to compare them."""
    thinned: int = 1
    """A whole run takes one in so many profiles, where the other program is slow; 1 or more."""

    def __str__(self) -> str:
        return f"{self.method} / {self.oracle}"


def compare(
    *,
    seed: int,
    profiles: int,
    draw: Callable[[Random], P],
    differ: Callable[[P], Difference | None],
) -> Disagreements:
    """Draw profiles and sort what both programs make of them.

    Args:
        seed: Equal seeds draw equal profiles.
        profiles: How many, 1 or more.
        draw: Makes one profile.
        differ: Counts it twice; None where both agree.
    """
    randomness = Random(seed)  # noqa: S311 - profiles of a test, drawn again from the same seed
    explained: Counter[str] = Counter()
    unexplained = 0
    shown: list[str] = []
    for _ in range(profiles):
        profile = draw(randomness)
        difference = differ(profile)
        if difference is None:
            continue
        if difference.reason is not None:
            explained[difference.reason] += 1
            continue
        unexplained += 1
        if len(shown) < SHOWN:
            shown.append(f"{profile}: ours {difference.ours}, theirs {difference.theirs}")
    return Disagreements(
        profiles=profiles,
        explained=dict(sorted(explained.items())),
        unexplained=unexplained,
        shown=tuple(shown),
    )
