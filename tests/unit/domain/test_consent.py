"""Consent: somebody consents, and no objection stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.methods.consent import CHOICES, carried, check_choice, tally
from tests.support.governance import refused


@pytest.mark.parametrize(
    ("consenting", "abstaining", "standing", "passes"),
    [
        (1, 0, 0, True),
        (1, 99, 0, True),
        (0, 1, 0, False),
        (0, 0, 0, False),
        (1, 0, 1, False),
        (99, 0, 1, False),
    ],
)
def test_carried__objection_or_nobody__stops_it(
    consenting: int,
    abstaining: int,
    standing: int,
    passes: bool,  # noqa: FBT001 - parametrised
) -> None:
    counts = {"consent": consenting, "abstain": abstaining}
    assert carried(counts, standing=standing) is passes


@given(st.lists(st.sampled_from(CHOICES), max_size=20), st.integers(0, 3))
def test_carried__any_round__agrees_with_its_definition(votes: list[str], standing: int) -> None:
    counts = tally(votes)
    assert sum(counts.values()) == len(votes)
    assert carried(counts, standing=standing) == ("consent" in votes and not standing)


@pytest.mark.parametrize("choice", ["yes", "object", "Consent", ""])
def test_choice__off_the_ballot__refuses(choice: str) -> None:
    with refused("choice.unknown") as caught:
        check_choice(choice)
    assert caught.value.expected == "consent or abstain"
    with refused("choice.unknown"):
        tally(["consent", choice])


def test_tally__nobody__has_every_choice() -> None:
    assert tally([]) == {"consent": 0, "abstain": 0}
