"""Contests and votes for tests of counting methods, and all that can happen to their ties."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import permutations
from typing import TypeVar

from hypothesis import strategies as st

from backend.domain.acts import Slug
from backend.domain.methods.contest import Order, Votes

B = TypeVar("B", bound=Hashable)

OPTIONS: tuple[Slug, ...] = ("ash", "birch", "cedar", "elm")
"""Options of small contests, ascending."""


def votes_of(ballots: Iterable[B], *, blank: int = 0, void: int = 0) -> Votes[B]:
    """Return votes of one voter for each ballot."""
    return Votes(Counter(ballots), blank=blank, void=void)


def orders(options: Sequence[Slug] = OPTIONS) -> st.SearchStrategy[Order]:
    """Return a strategy of priorities: tiers of some of the options, in any order."""

    def tiers(drawn: Mapping[Slug, int]) -> Order:
        places = sorted(set(drawn.values()))
        return tuple(
            tuple(sorted(option for option in drawn if drawn[option] == place)) for place in places
        )

    places = st.dictionaries(st.sampled_from(options), st.integers(0, len(options) - 1))
    return places.map(tiers)


def strict_orders(ranking: Order, priority: Order) -> Iterator[tuple[Slug, ...]]:
    """Yield every strict order that breaks the ties of a ranking as the priority does, by trying all.

    Args:
        ranking: Tiers of options.
        priority: Tiers; options it leaves out share the last.
    """
    place = {option: nth for nth, tier in enumerate(ranking) for option in tier}
    favour = {option: nth for nth, tier in enumerate(priority) for option in tier}
    last = len(priority)
    for order in permutations(place):
        keys = [(place[option], favour.get(option, last)) for option in order]
        if all(keys[i] <= keys[i + 1] for i in range(len(keys) - 1)):
            yield order


def seats_in_every_order(
    ranking: Order, priority: Order, *, seats: int
) -> tuple[set[Slug], set[Slug]]:
    """Return the options that take a seat in every strict order, and those that do only in some."""
    seated = [set(order[:seats]) for order in strict_orders(ranking, priority)]
    always = set.intersection(*seated)
    return always, set.union(*seated) - always


def renamed(order: Order, names: Mapping[Slug, Slug]) -> Order:
    """Return an order with other names for its options, each tier ascending."""
    return tuple(tuple(sorted(names[option] for option in tier)) for tier in order)
