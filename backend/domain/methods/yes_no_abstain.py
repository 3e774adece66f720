"""Yes, no or abstain.

Each voter has one choice. Yes and no are *valid* votes; with abstentions they are the votes *cast*.
The count is their number; whether it suffices is a matter for the majority rule.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal

from backend.domain.errors import InvalidInputError
from backend.domain.quantities import Ratio

CHOICES = ("yes", "no", "abstain")
"""Choices on the ballot, in the order of publication."""


def check_choice(choice: str) -> None:
    """Check that a choice is on the ballot.

    Raises:
        InvalidInputError: ``choice.unknown``.
    """
    if choice not in CHOICES:
        raise InvalidInputError("choice.unknown", expected=" or ".join(CHOICES), found=choice[:64])


def tally(choices: Iterable[str]) -> dict[str, int]:
    """Count choices; every choice is present in the result, in the order of ``CHOICES``.

    Raises:
        InvalidInputError: A choice is not on the ballot.
    """
    counts = dict.fromkeys(CHOICES, 0)
    for choice in choices:
        check_choice(choice)
        counts[choice] += 1
    return counts


def carried(
    counts: Mapping[str, int],
    *,
    electors: int,
    base: Literal["valid", "cast", "entitled"],
    fraction: Ratio,
    strict: bool,
) -> tuple[bool, int]:
    """Tell whether the yes votes reach the majority, and of how many.

    Args:
        counts: From ``tally``.
        electors: Size of the electorate.
        base: Which votes form the whole.
        fraction: Threshold.
        strict: Whether the share must exceed the threshold.

    Returns:
        The verdict and the size of the base. An empty base carries nothing.
    """
    valid = counts["yes"] + counts["no"]
    whole = {"valid": valid, "cast": valid + counts["abstain"], "entitled": electors}[base]
    if whole == 0:
        return False, 0
    share = Fraction(counts["yes"], whole)
    threshold = fraction.fraction()
    return (share > threshold if strict else share >= threshold), whole
