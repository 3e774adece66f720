"""Counting methods, one module each, under the names by which rulebooks call them."""

from collections.abc import Iterable, Mapping
from typing import Literal, Protocol, TypeVar

from backend.domain.methods import consent, yes_no_abstain
from backend.domain.methods.choices import BallotSchema
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.tally import Tally

B = TypeVar("B")


class OptionMethod(Protocol[B]):
    """What every method for several options offers."""

    @property
    def SCHEMA(self) -> BallotSchema:  # noqa: N802 - modules offer it, as a constant
        """What a ballot looks like."""
        ...

    def parse_choice(self, text: str, contest: Contest) -> B:
        """Read a choice that is not blank.

        Raises:
            InvalidInputError: The text is not a canonical choice of this contest.
        """
        ...

    def count(self, votes: Votes[B], contest: Contest) -> Tally:
        """Count votes; neither the order of ballots nor of options matters."""
        ...


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

    def tally(self, choices: Iterable[str] | Mapping[str, int]) -> dict[str, int]:
        """Count choices; every choice is present in the result, in the order of the ballot.

        Raises:
            InvalidInputError: A choice is not on the ballot.
        """
        ...


METHODS: Mapping[str, Method] = {
    "yes_no_abstain": yes_no_abstain,
    "consent": consent,
}
"""Methods for one proposal, by the value of ``BallotRule.method``."""
