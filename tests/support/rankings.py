"""Rankings for tests: spelt, drawn, turned round, and a favourite raised."""

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from backend.domain.acts import Slug
from backend.domain.methods.choices import Ranking
from backend.domain.methods.contest import Votes
from tests.support.contests import OPTIONS


def spelt(text: str) -> Ranking:
    """Return the ranking of options that are single letters: best first, equal ones in brackets.

    ``spelt("b(ac)d")`` places b first, then a and c, then d.
    """
    tiers: list[tuple[Slug, ...]] = []
    for number, part in enumerate(text.replace(")", "(").split("(")):
        if number % 2:
            tiers.append(tuple(sorted(part)))
        else:
            tiers += [(letter,) for letter in part]
    return tuple(tiers)


def spelt_votes(ballots: Mapping[str, int]) -> Votes[Ranking]:
    """Return votes whose ballots are spelt."""
    return Votes({spelt(text): voters for text, voters in ballots.items()})


def strict_rankings(options: Sequence[Slug] = OPTIONS) -> st.SearchStrategy[Ranking]:
    """Return a strategy of rankings of some options, one at each rank."""
    return st.lists(st.sampled_from(options), unique=True, min_size=1, max_size=len(options)).map(
        lambda drawn: tuple((option,) for option in drawn)
    )


def weak_rankings(options: Sequence[Slug] = OPTIONS) -> st.SearchStrategy[Ranking]:
    """Return a strategy of rankings of some options, some of them equal."""
    places = st.dictionaries(st.sampled_from(options), st.integers(0, len(options) - 1), min_size=1)
    return places.map(tiers_by_place)


def tiers_by_place(places: Mapping[Slug, int]) -> Ranking:
    """Return the ranking in which options stand by their places, least first."""
    return tuple(
        tuple(sorted(option for option in places if places[option] == place))
        for place in sorted(set(places.values()))
    )


def ballots_of(
    rankings: st.SearchStrategy[Ranking], *, most: int = 9
) -> st.SearchStrategy[dict[Ranking, int]]:
    """Return a strategy of ballots, each of one or a few voters."""
    return st.dictionaries(rankings, st.integers(1, 5), max_size=most)


def raised(option: Slug, ranking: Ranking) -> Ranking:
    """Return a ranking with an option alone in the first place, the others as they were."""
    others = (tuple(each for each in tier if each != option) for tier in ranking)
    return ((option,), *(tier for tier in others if tier))


def turned_round(ranking: Ranking, options: Sequence[Slug]) -> Ranking:
    """Return a ranking from the last to the first; what it leaves out comes first."""
    named = {option for tier in ranking for option in tier}
    unranked = tuple(sorted(set(options) - named))
    return ((unranked,) if unranked else ()) + ranking[::-1]
