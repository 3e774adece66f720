"""Consent: a motion passes unless a reasoned objection stands against it.

Each voter consents or abstains; who cannot consent raises an objection with its grounds, which is an act
of its own and stands until its author says that it is met or given up.
"""

from collections.abc import Iterable, Mapping

from backend.domain.methods.single_choice import check_single, tally_single

CHOICES = ("consent", "abstain")
"""Choices on the ballot, in the order of publication."""


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


def carried(counts: Mapping[str, int], *, standing: int) -> bool:
    """Tell whether there is consent: somebody consents, and no objection stands.

    Args:
        counts: From ``tally``.
        standing: Objections that are neither met nor given up.
    """
    return counts["consent"] > 0 and standing == 0
