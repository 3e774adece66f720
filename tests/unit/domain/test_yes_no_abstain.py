"""Counting yes, no and abstentions."""

from itertools import product
from typing import Literal

import pytest

from backend.domain.methods.yes_no_abstain import CHOICES, carried, check_choice, tally
from backend.domain.quantities import Ratio
from tests.support.governance import refused

Base = Literal["valid", "cast", "entitled"]


def test_tally__nobody__has_every_choice() -> None:
    assert tally([]) == {"yes": 0, "no": 0, "abstain": 0}
    assert list(tally([])) == list(CHOICES)


def test_tally__votes__are_counted() -> None:
    assert tally(["no", "yes", "no", "abstain"]) == {"yes": 1, "no": 2, "abstain": 1}


@pytest.mark.parametrize("choice", ["", "Yes", "oui", "yes ", "yes\n", "1"])
def test_choice__off_the_ballot__refuses(choice: str) -> None:
    with refused("choice.unknown"):
        check_choice(choice)
    with refused("choice.unknown"):
        tally(["yes", choice])


@pytest.mark.parametrize("base", ["valid", "cast", "entitled"])
def test_carried__every_small_count__agrees_with_cross_multiplication(base: Base) -> None:
    for yes, no, abstain in product(range(4), repeat=3):
        for num, den in ((1, 2), (2, 3), (0, 1), (1, 1)):
            voters = yes + no + abstain
            whole = {"valid": yes + no, "cast": voters, "entitled": voters + 1}[base]
            for strict in (True, False):
                verdict = carried(
                    {"yes": yes, "no": no, "abstain": abstain},
                    electors=voters + 1,
                    base=base,
                    fraction=Ratio(num, den),
                    strict=strict,
                )
                reached = yes * den > num * whole if strict else yes * den >= num * whole
                assert verdict == (whole > 0 and reached, whole)


@pytest.mark.parametrize("base", ["valid", "cast", "entitled"])
def test_carried__nobody_entitled__carries_nothing(base: Base) -> None:
    verdict = carried(tally([]), electors=0, base=base, fraction=Ratio(0, 1), strict=False)
    assert verdict == (False, 0)
