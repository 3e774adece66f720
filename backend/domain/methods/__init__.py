"""Counting methods, one module each, under the names by which rulebooks call them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from backend.domain.methods import (
    approval,
    consent,
    equal_shares,
    instant_runoff,
    majority_judgement,
    plurality,
    quadratic,
    ranked_pairs,
    schulze,
    score,
    stv_meek,
    stv_scottish,
    two_round,
    yes_no_abstain,
)
from backend.domain.methods.choices import BLANK, BallotSchema
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

OPTION_METHODS: Mapping[str, OptionMethod[Any]] = {
    "plurality": plurality,
    "two_round": two_round,
    "approval": approval,
    "score": score,
    "majority_judgement": majority_judgement,
    "schulze": schulze,
    "ranked_pairs": ranked_pairs,
    "instant_runoff": instant_runoff,
    "stv_scottish": stv_scottish,
    "stv_meek": stv_meek,
    "quadratic": quadratic,
    "equal_shares": equal_shares,
}
"""Methods that choose among several options, by the value of ``BallotRule.method``; what a ballot is after
parsing differs from one to the other and stays between ``parse_choice`` and ``count``."""


def count_choices(
    name: str,
    choices: Iterable[str] | Mapping[str, int],
    contest: Contest,
    *,
    void: int = 0,
) -> Tally:
    """Count the last choices of all voters.

    Equal texts are parsed once: a choice has one canonical text, and voters agree more often than not.

    Args:
        name: The method.
        choices: One text a voter, in any order; or how many voters chose each text.
        contest: What is counted.
        void: Papers that nobody could read as a vote.

    Raises:
        InvalidInputError: A text is not a canonical choice of this contest.
    """
    method = OPTION_METHODS[name]
    texts = Counter(choices)
    blank = texts.pop(BLANK, 0)
    ballots: Counter[Any] = Counter()
    for text, voters in texts.items():
        ballot = method.parse_choice(text, contest)
        # Tellers may list choices that nobody made; votes have none of these.
        if voters:
            ballots[ballot] += voters
    return method.count(Votes(ballots, blank=blank, void=void), contest)
