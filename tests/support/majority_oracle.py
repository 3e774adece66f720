"""Majorities counted the slow, literal way: one vote laid beside another, no fraction, no division.

Oracle for ``backend.domain.methods.yes_no_abstain`` and ``Threshold``.
"""

from collections.abc import Sequence


def whole_of(votes: Sequence[str], base: str, *, electors: int, attending: int) -> int:
    """Return how many votes form the whole, by looking at each.

    Args:
        votes: One of "yes", "no", "abstain" for each voter.
        base: As ``Majority.base``.
        electors: Size of the electorate.
        attending: Electors present or represented.
    """
    if base == "entitled":
        return electors
    if base == "present_or_represented":
        return attending
    counted = {"valid": ("yes", "no"), "cast": ("yes", "no", "abstain")}[base]
    whole = 0
    for vote in votes:
        if vote in counted:
            whole += 1
    return whole


def enough(part: int, whole: int, *, num: int, den: int, strict: bool) -> bool:
    """Tell whether ``part`` is at least, or more than, ``num`` parts of ``whole`` cut into ``den``.

    Every one of the part is cut into ``den`` pieces, and every one of the whole into ``num``.
    """
    if whole == 0:
        return False
    pieces = 0
    for _ in range(part):
        pieces += den
    wanted = 0
    for _ in range(whole):
        wanted += num
    return pieces > wanted or (pieces == wanted and not strict)


def least(whole: int, *, num: int, den: int, strict: bool) -> int:
    """Return the smallest number that is enough, by trying each from 0; ``whole`` is 1 or more."""
    part = 0
    while not enough(part, whole, num=num, den=den, strict=strict):
        part += 1
    return part
