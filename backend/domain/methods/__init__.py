"""Counting methods, one module each, under the names by which rulebooks call them."""

from collections.abc import Iterable, Mapping
from typing import Literal, Protocol

from backend.domain.methods import consent, yes_no_abstain


class Method(Protocol):
    """What every counting method offers."""

    @property
    def CHOICES(self) -> tuple[str, ...]:  # noqa: N802 - modules offer it, as a constant
        """Choices on the ballot, in the order of publication."""
        ...

    def check_choice(self, choice: str) -> None:
        """Check that a choice is on the ballot.

        Raises:
            InvalidInputError: ``choice.unknown``.
        """
        ...

    def tally(self, choices: Iterable[str]) -> dict[str, int]:
        """Count choices; every choice is present in the result, in the order of the ballot.

        Raises:
            InvalidInputError: A choice is not on the ballot.
        """
        ...


METHODS: Mapping[Literal["yes_no_abstain", "consent"], Method] = {
    "yes_no_abstain": yes_no_abstain,
    "consent": consent,
}
"""Every method, by the value of ``BallotRule.method``."""
