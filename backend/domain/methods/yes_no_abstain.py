"""Yes, no or abstain.

Each voter has one choice. Yes and no are *valid* votes; with abstentions they are the votes *cast*.
The count is their number; whether it suffices is a matter for the majority rule.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from backend.domain.methods.single_choice import check_single, tally_single
from backend.domain.rulebook.rule import Threshold

CHOICES = ("yes", "no", "abstain")
"""Choices on the ballot, in the order of publication."""

Base = Literal["valid", "cast", "entitled", "present_or_represented"]
"""Votes that form the whole of a majority, as ``Majority.base`` names them."""


def check_choice(choice: str) -> None:
    """Check that a choice is on the ballot.

    Raises:
        InvalidInputError: ``choice.unknown``.
    """
    check_single(choice, on_ballot=CHOICES)


def tally(choices: Iterable[str] | Mapping[str, int]) -> dict[str, int]:
    """Count choices, see ``tally_single``; every one is in the result, in the order of ``CHOICES``.

    Raises:
        InvalidInputError: A choice is not on the ballot.
    """
    return tally_single(choices, on_ballot=CHOICES)


def carried(
    counts: Mapping[str, int],
    *,
    threshold: Threshold,
    base: Base,
    electors: int,
    attending: int,
) -> tuple[bool, int]:
    """Tell whether the yes votes reach the threshold, and of how many.

    Args:
        counts: From ``tally``.
        threshold: Share that yes votes must reach, or exceed.
        base: Which votes form the whole.
        electors: Size of the electorate.
        attending: Electors present or represented at the opening; counts for that base alone.

    Returns:
        The verdict and the size of the base. An empty base carries nothing.
    """
    valid = counts["yes"] + counts["no"]
    whole = {
        "valid": valid,
        "cast": valid + counts["abstain"],
        "entitled": electors,
        "present_or_represented": attending,
    }[base]
    return threshold.met(counts["yes"], whole), whole
