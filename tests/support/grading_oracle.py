"""Majority judgement counted the slow, literal way: grades in a row, and one taken away at a time.

Oracle for ``backend.domain.methods.majority_judgement``.
"""

from collections.abc import Iterable, Mapping, Sequence

from backend.domain.acts import Slug
from backend.domain.methods.choices import Marks
from backend.domain.methods.contest import Order


def grades_of(ballots: Iterable[Marks], options: Iterable[Slug]) -> dict[Slug, list[int]]:
    """Return the grades of every option, one a ballot, 0 where a ballot gives none."""
    marked = [dict(marks) for marks in ballots]
    return {option: [marks.get(option, 0) for marks in marked] for option in options}


def lower_middle(grades: Sequence[int]) -> int:
    """Return the lower middle grade; there is one grade at least."""
    in_order = sorted(grades)
    return in_order[(len(in_order) + 1) // 2 - 1]


def majority_value(grades: Sequence[int]) -> list[int]:
    """Return the middle grades in the order in which they are taken away, to the last."""
    left = list(grades)
    taken = []
    while left:
        middle = lower_middle(left)
        left.remove(middle)
        taken.append(middle)
    return taken


def judged(grades: Mapping[Slug, Sequence[int]]) -> Order:
    """Return the options in tiers of equal majority values, best first."""
    values = {option: majority_value(each) for option, each in grades.items()}
    order: list[tuple[Slug, ...]] = []
    for value in sorted(values.values(), reverse=True):
        tier = tuple(sorted(option for option in values if values[option] == value))
        if tier not in order:
            order.append(tier)
    return tuple(order)
