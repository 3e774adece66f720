"""Every comparison on a few hundred profiles; ``scripts/oracles`` runs them on many more."""

import pytest

from tests.oracles.comparison import Comparison, Difference, compare
from tests.oracles.families import COMPARISONS

PROFILES = 300


@pytest.mark.parametrize("comparison", COMPARISONS, ids=str)
def test_counts__beside_another_program__differ_only_for_known_reasons(
    comparison: Comparison,
) -> None:
    profiles = PROFILES // min(comparison.thinned, 10)
    seen = comparison.run(seed=7, profiles=profiles)
    assert seen.profiles == profiles
    assert seen.shown == ()
    assert seen.unexplained == 0
    assert seen.agreements > 0


def test_compare__differences__are_sorted_by_reason() -> None:
    def differ(profile: int) -> Difference | None:
        if profile == 0:
            return None
        return Difference(ours="1", theirs="2", reason="known" if profile == 1 else None)

    seen = compare(seed=3, profiles=90, draw=lambda source: source.randrange(3), differ=differ)
    assert seen.agreements + seen.explained["known"] + seen.unexplained == 90
    assert min(seen.agreements, seen.explained["known"], seen.unexplained) > 0
    assert seen.shown == ("2: ours 1, theirs 2",) * 3
    assert seen == compare(
        seed=3, profiles=90, draw=lambda source: source.randrange(3), differ=differ
    )
