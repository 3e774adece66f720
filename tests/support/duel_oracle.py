"""Duels, Schulze and ranked pairs counted the slow, literal way, by voters, paths and orders one by one.

Oracle for ``backend.domain.methods.columns``, ``schulze`` and ``ranked_pairs``.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, permutations, product

from backend.domain.acts import Slug
from backend.domain.methods.choices import Ranking

Pair = tuple[Slug, Slug]


def place(option: Slug, ranking: Ranking) -> int:
    """Return the tier in which an option stands; beyond the last for one that is left out."""
    for number, tier in enumerate(ranking):
        if option in tier:
            return number
    return len(ranking)


def literal_duels(ballots: Mapping[Ranking, int], options: Sequence[Slug]) -> dict[Pair, int]:
    """Return the voters who prefer the first option to the second, asking each voter about each pair."""
    counted = dict.fromkeys(permutations(options, 2), 0)
    for ranking, voters in ballots.items():
        for _ in range(voters):
            for first, second in counted:
                if place(first, ranking) < place(second, ranking):
                    counted[first, second] += 1
    return counted


def links(counted: Mapping[Pair, int]) -> dict[Pair, tuple[int, int]]:
    """Return the duels that are won, with voters for the winner, and the negative of those for the loser."""
    return {
        (first, second): (voters, -counted[second, first])
        for (first, second), voters in counted.items()
        if voters > counted[second, first]
    }


def literal_schulze(ballots: Mapping[Ranking, int], options: Sequence[Slug]) -> set[Pair]:
    """Return who stands above whom, by the strengths of all paths without repetition."""
    won = links(literal_duels(ballots, options))
    nothing = (0, 0)

    def strongest(first: Slug, last: Slug) -> tuple[int, int]:
        others = [option for option in options if option not in (first, last)]
        best = nothing
        for length in range(len(others) + 1):
            for between in permutations(others, length):
                path = (first, *between, last)
                steps = list(pairwise(path))
                if all(step in won for step in steps):
                    best = max(best, min(won[step] for step in steps))
        return best

    return {
        (first, second)
        for first, second in permutations(options, 2)
        if strongest(first, second) > strongest(second, first)
    }


def lock(order: Sequence[Pair], options: Sequence[Slug]) -> set[Pair]:
    """Return who stands above whom when links are taken in this order."""
    locked: set[Pair] = set()
    for first, second in order:
        if (second, first) not in reachable(locked, options):
            locked.add((first, second))
    return reachable(locked, options)


def reachable(locked: set[Pair], options: Sequence[Slug]) -> set[Pair]:
    """Return all pairs that a path connects, adding one step at a time until nothing is new."""
    found = set(locked)
    while True:
        longer = {
            (first, last)
            for first, middle, last in product(options, repeat=3)
            if (first, middle) in found and (middle, last) in found
        }
        if longer <= found:
            return found
        found |= longer


def orders_of_links(won: Mapping[Pair, tuple[int, ...]]) -> Iterator[tuple[Pair, ...]]:
    """Yield every order of links from the strongest to the weakest."""
    strengths = sorted(set(won.values()), reverse=True)
    classes = [[link for link in sorted(won) if won[link] == strength] for strength in strengths]
    for chosen in product(*(permutations(equal) for equal in classes)):
        yield tuple(link for equal in chosen for link in equal)


def literal_tiers(above: set[Pair], options: Sequence[Slug]) -> tuple[tuple[Slug, ...], ...]:
    """Return tiers: an option stands one below the lowest of those above it."""
    depth: dict[Slug, int] = {}
    while len(depth) < len(options):
        for option in options:
            over = [first for first, second in above if second == option]
            if option not in depth and all(first in depth for first in over):
                depth[option] = 1 + max((depth[first] for first in over), default=-1)
    return tuple(
        tuple(sorted(option for option in options if depth[option] == number))
        for number in range(max(depth.values(), default=-1) + 1)
    )
