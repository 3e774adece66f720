"""Every comparison on a few hundred profiles; ``scripts/oracles`` runs them on many more."""

import pytest

from tests.oracles.__main__ import main
from tests.oracles.comparison import Comparison, Difference, Disagreements, compare
from tests.oracles.families import COMPARISONS

PROFILES = 300


# votekit 3.5 uses what pandas 3.1 deprecates; https://pandas.pydata.org/docs/dev/whatsnew/v3.1.0.html
@pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame")
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


def _half_known(seed: int, profiles: int) -> Disagreements:
    def differ(profile: int) -> Difference:
        return Difference(ours="1", theirs="2", reason="known" if profile % 2 else None)

    return compare(seed=seed, profiles=profiles, draw=lambda _: seed, differ=differ)


@pytest.mark.parametrize(
    ("seed", "status", "line"),
    [(1, 0, "         40 known\n"), (2, 1, "    ! 2: ours 1, theirs 2\n" * 3)],
)
def test_main__differences__are_told_and_fail_unless_known(
    seed: int, status: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    comparison = Comparison("score", "another", _half_known, thinned=2)
    arguments = ["--profiles", "80", "--seed", str(seed), "--method", "score"]
    assert main(arguments, [comparison]) == status
    output = capsys.readouterr().out
    assert output.startswith(f"seed {seed}\nmethod ")
    assert output.endswith(line)
    counts = "40 0 40 0" if status == 0 else "40 0 0 40"
    assert f"score another {counts}" in " ".join(output.split())
