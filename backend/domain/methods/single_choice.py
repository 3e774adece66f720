"""Ballots on which each voter has one choice: what is on them, and how many chose it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

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


def tally_single(
    choices: Iterable[str] | Mapping[str, int], *, on_ballot: Sequence[str]
) -> dict[str, int]:
    """Count choices; every choice is present in the result, in the order of the ballot.

    Args:
        choices: One for each voter, or how many made each.
        on_ballot: Choices there are.

    Raises:
        InvalidInputError: A choice is not on the ballot.
    """
    counts = Counter(choices)
    for choice in counts:
        check_single(choice, on_ballot=on_ballot)
    return {choice: counts[choice] for choice in on_ballot}
