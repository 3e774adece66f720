"""The benchmark of ballots runs, says what it should, and compares counts that agree."""

import json
from contextlib import redirect_stdout
from importlib.util import find_spec
from io import StringIO
from typing import Any

import pytest

from backend.domain.methods import yes_no_abstain
from benchmarks.__main__ import main
from benchmarks.ballots.oracles import (
    ORACLES,
    DisagreementError,
    PrefVoting,
    Votekit,
    check_agreement,
)
from benchmarks.ballots.profiles import drawn_choices, drawn_grades, drawn_rankings
from benchmarks.ballots.yes_no import bare_loop

TINY = (
    *("--ballots", "300", "--distinct", "60"),
    *("--slow-distinct", "20", "--tally-rounds", "2"),
    *("--verified", "3", "--verification-rounds", "2"),
    *("--intake", "6", "--connections", "2"),
    *("--members", "8", "--turnout", "5", "--threads", "2"),
)
"""A run of seconds."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("bench")
    with redirect_stdout(StringIO()) as written:
        status = main(["ballots", "--folder", str(folder), *TINY, "--json"])
    assert status in {0, 1}
    assert list(folder.iterdir()) == []
    found: dict[str, Any] = json.loads(written.getvalue())
    return found


def test_ballots__of_a_tiny_profile__has_every_figure(
    report: dict[str, Any],
) -> None:
    figures = report["figures"]
    assert [str(figure["name"]).partition(",")[0] for figure in figures] == [
        "yes/no tally of 300 choices",
        "Schulze",
        "Schulze",
        "instant runoff",
        "instant runoff",
        "instant runoff",
        "Schulze",
        "majority judgement",
        "ballots of wallets",
        "ballots of passkeys (ES256)",
        "signed ballots over HTTP",
        "signed ballots over HTTP",
        "signed ballots over HTTP",
        "convocation of 8 members",
        "ballots through the use case",
        "close",
        "state folded again from 26 entries",
    ]
    assert all(each["value"] > 0 for each in figures)
    assert [each["target"] is not None for each in figures] == [
        True, True, False, True, False, False, False, True,
        True, False, True, False, True, False, False, True, False,
    ]  # fmt: skip


def test_ballots__names_what_is_measured_beside(
    report: dict[str, Any],
) -> None:
    shown = json.dumps(report)
    assert "pref-voting 1." in shown
    assert "votekit 3." in shown
    assert report["sizes"] == {
        "ballots": 300, "distinct": 60, "slow_distinct": 20, "tally_rounds": 2,
        "verified": 3, "verification_rounds": 2, "intake": 6, "connections": 2,
        "members": 8, "turnout": 5, "threads": 2,
    }  # fmt: skip


def test_profiles__drawn_twice__are_the_same_and_of_the_size() -> None:
    assert drawn_rankings(5, distinct=50, ballots=70) == drawn_rankings(5, distinct=50, ballots=70)
    ranked = drawn_rankings(5, distinct=50, ballots=70)
    graded = drawn_grades(3, 4, distinct=30, ballots=31)
    assert (len(ranked), sum(ranked.values())) == (50, 70)
    assert (len(graded), sum(graded.values())) == (30, 31)
    assert all(sorted(ranking) == [0, 1, 2, 3, 4] for ranking in ranked)
    assert all(set(grades) <= {0, 1, 2, 3} and len(grades) == 3 for grades in graded)


def test_bare_loop__of_choices__counts_as_the_tally_does() -> None:
    choices = drawn_choices(yes_no_abstain.CHOICES, 100)
    assert bare_loop(choices) == yes_no_abstain.tally(choices)


def test_oracles__of_a_clear_profile__choose_the_clear_winner() -> None:
    rankings: dict[tuple[int, ...], int] = {(0, 1, 2): 5, (1, 0, 2): 3, (2, 1, 0): 1}
    first, second = PrefVoting(), Votekit()
    profile = first.ranked(rankings)
    assert first.schulze(profile) == first.instant_runoff(profile) == [0]
    other = second.ranked(rankings)
    assert second.schulze(other) == second.instant_runoff(other) == [0]
    assert first.majority_judgement(first.graded({(2, 0): 2, (0, 1): 1}, 3)) == [0]


def test_check_agreement__different_winners__are_refused_and_open_ties_are_not() -> None:
    check_agreement("schulze", ours=[1], theirs=[1, 2])
    check_agreement("schulze", ours=[], theirs=[2])
    with pytest.raises(DisagreementError, match="schulze"):
        check_agreement("schulze", ours=[1], theirs=[2])


def test_oracles__all__are_installed_for_tests() -> None:
    assert set(ORACLES) == {"pref_voting", "votekit"}
    assert all(find_spec(package) for package in ORACLES)
