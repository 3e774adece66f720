"""Papers sorted by the option for which each counts: what the counts in rounds share.

A paper counts for the first option on it that continues. When an option leaves the count only its own papers
are sorted again. A paper that names no option which continues is exhausted.
"""

from collections.abc import Collection, Iterable

from backend.domain.acts import Slug
from backend.domain.methods.choices import Ranking

Paper = tuple[Ranking, int]
"""A ranking without equal ranks, and how many voters cast it."""

Parcels = dict[Slug, list[Paper]]
"""Papers by the option for which they count."""


def sort_papers(papers: Iterable[Paper], continuing: Collection[Slug]) -> tuple[Parcels, int]:
    """Sort papers by the first option on each that continues.

    Args:
        papers: In any order.
        continuing: Options that may receive papers.

    Returns:
        A parcel for every option that continues, and the number of voters whose paper is exhausted.
    """
    parcels: dict[tuple[Slug, ...], list[Paper]] = {(option,): [] for option in continuing}
    exhausted = 0
    for paper in papers:
        for tier in paper[0]:
            if tier in parcels:
                parcels[tier].append(paper)
                break
        else:
            exhausted += paper[1]
    return {option: parcel for (option,), parcel in parcels.items()}, exhausted


def count_papers(papers: Iterable[Paper]) -> int:
    """Return how many voters cast papers."""
    return sum([voters for _, voters in papers])
