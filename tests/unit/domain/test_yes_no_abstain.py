"""Counting yes, no and abstentions, beside an oracle that counts vote by vote."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.domain.methods import METHODS
from backend.domain.methods.yes_no_abstain import CHOICES, Base, carried, check_choice, tally
from backend.domain.quantities import Ratio
from backend.domain.rulebook.rule import Threshold
from tests.support.governance import refused
from tests.support.majority_oracle import enough, least, whole_of

BASES: tuple[Base, ...] = ("valid", "cast", "entitled", "present_or_represented")
VOTES = st.lists(st.sampled_from(CHOICES), max_size=40)
SHARES = st.tuples(st.integers(0, 12), st.integers(1, 12)).filter(
    lambda share: share[0] <= share[1]
)


def _threshold(num: int, den: int, *, strict: bool) -> Threshold:
    return Threshold(Ratio(num, den), strict=strict)


def test_methods__name__is_the_one_that_rulebooks_use() -> None:
    assert METHODS["yes_no_abstain"].CHOICES == CHOICES
    assert METHODS["consent"].CHOICES == ("consent", "abstain")


def test_tally__nobody__has_every_choice() -> None:
    assert tally([]) == {"yes": 0, "no": 0, "abstain": 0}
    assert list(tally([])) == list(CHOICES)


def test_tally__votes__are_counted() -> None:
    assert tally(["no", "yes", "no", "abstain"]) == {"yes": 1, "no": 2, "abstain": 1}


@pytest.mark.parametrize("choice", ["", "Yes", "oui", "yes ", "yes\n", "1", "consent"])
def test_choice__off_the_ballot__refuses(choice: str) -> None:
    with refused("choice.unknown") as caught:
        check_choice(choice)
    assert caught.value.expected == "yes or no or abstain"
    with refused("choice.unknown"):
        tally(["yes", choice])


def test_choice__far_too_long__is_cut_in_the_refusal() -> None:
    with refused("choice.unknown") as caught:
        check_choice("y" * 65)
    assert caught.value.found == "y" * 64


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("strict", [True, False])
def test_carried__every_small_count__agrees_with_the_oracle(base: Base, *, strict: bool) -> None:
    for yes, no, abstain in product(range(4), repeat=3):
        votes = ["yes"] * yes + ["no"] * no + ["abstain"] * abstain
        electors, attending = len(votes) + 2, len(votes) + 1
        for num, den in ((1, 2), (2, 3), (1, 4), (0, 1), (1, 1)):
            verdict = carried(
                tally(votes),
                threshold=_threshold(num, den, strict=strict),
                base=base,
                electors=electors,
                attending=attending,
            )
            whole = whole_of(votes, base, electors=electors, attending=attending)
            assert verdict == (enough(yes, whole, num=num, den=den, strict=strict), whole)


@given(VOTES, SHARES, st.sampled_from(BASES), st.booleans(), st.integers(0, 9), st.integers(0, 9))
def test_carried__any_count__agrees_with_the_oracle(
    votes: list[str],
    share: tuple[int, int],
    base: Base,
    strict: bool,  # noqa: FBT001 - drawn
    absent: int,
    away: int,
) -> None:
    num, den = share
    attending = len(votes) + away
    electors = attending + absent
    whole = whole_of(votes, base, electors=electors, attending=attending)
    yes = Counter(votes)["yes"]
    verdict, size = carried(
        tally(votes),
        threshold=_threshold(num, den, strict=strict),
        base=base,
        electors=electors,
        attending=attending,
    )
    assert size == whole
    assert verdict == enough(yes, whole, num=num, den=den, strict=strict)


@given(VOTES, SHARES, st.booleans())
def test_carried__one_more_yes__never_loses_a_motion(
    votes: list[str],
    share: tuple[int, int],
    strict: bool,  # noqa: FBT001 - drawn
) -> None:
    threshold = _threshold(*share, strict=strict)
    for base in BASES:
        before, _ = carried(
            tally(votes), threshold=threshold, base=base, electors=100, attending=60
        )
        after, _ = carried(
            tally([*votes, "yes"]), threshold=threshold, base=base, electors=100, attending=60
        )
        assert after or not before


@given(VOTES)
def test_tally__any_order__conserves_votes(votes: list[str]) -> None:
    counts = tally(votes)
    assert sum(counts.values()) == len(votes)
    assert counts == tally(reversed(votes))


@given(whole=st.integers(1, 200), share=SHARES, strict=st.booleans())
@example(whole=101, share=(1, 4), strict=False)
@example(whole=101, share=(1, 2), strict=True)
@example(whole=100, share=(1, 2), strict=True)
def test_threshold__least__is_enough_and_one_less_is_not(
    whole: int,
    share: tuple[int, int],
    strict: bool,  # noqa: FBT001 - drawn
) -> None:
    num, den = share
    threshold = _threshold(num, den, strict=strict)
    number = threshold.least(whole)
    assert number == least(whole, num=num, den=den, strict=strict)
    assert threshold.met(number, whole)
    assert not threshold.met(number - 1, whole) or number == 0


@pytest.mark.parametrize(
    ("num", "den", "strict", "whole", "number"),
    [
        (1, 4, False, 101, 26),
        (1, 4, False, 100, 25),
        (1, 4, True, 100, 26),
        (1, 2, True, 100, 51),
        (1, 2, True, 101, 51),
        (1, 2, False, 100, 50),
        (2, 3, False, 100, 67),
        (2, 3, False, 99, 66),
        (2, 3, True, 99, 67),
    ],
)
def test_threshold__fractions_of_statutes__count_whole_people(
    num: int,
    den: int,
    strict: bool,  # noqa: FBT001 - parametrised
    whole: int,
    number: int,
) -> None:
    threshold = _threshold(num, den, strict=strict)
    assert threshold.least(whole) == number
    assert threshold.met(number, whole)
    assert not threshold.met(number - 1, whole)


def test_majority__of_a_tie__is_not_one() -> None:
    half = _threshold(1, 2, strict=True)
    tied = carried(tally(["yes", "no"]), threshold=half, base="valid", electors=2, attending=2)
    one_more = carried(
        tally(["yes", "no", "yes"]), threshold=half, base="valid", electors=3, attending=3
    )
    assert (tied, one_more) == ((False, 2), (True, 3))


@pytest.mark.parametrize("base", BASES)
def test_carried__nobody__carries_nothing(base: Base) -> None:
    everything = _threshold(0, 1, strict=False)
    verdict = carried(tally([]), threshold=everything, base=base, electors=0, attending=0)
    assert verdict == (False, 0)
