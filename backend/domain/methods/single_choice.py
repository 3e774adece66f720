"""Ballots on which each voter has one choice: what is on them, and how many chose it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from backend.domain.errors import InvalidInputError


def check_single(choice: str, *, on_ballot: Sequence[str]) -> None:
    """Check that a choice is on the ballot.

    Raises:
        InvalidInputError: ``choice.unknown``.
    """
    if choice not in on_ballot:
        raise InvalidInputError(
            "choice.unknown", expected=" or ".join(on_ballot), found=choice[:64]
        )


def tally_single(choices: Iterable[str], *, on_ballot: Sequence[str]) -> dict[str, int]:
    """Count choices; every choice is present in the result, in the order of the ballot.

    Raises:
        InvalidInputError: A choice is not on the ballot.
    """
    counted = Counter(choices)
    for choice in counted:
        check_single(choice, on_ballot=on_ballot)
    return {choice: counted[choice] for choice in on_ballot}
