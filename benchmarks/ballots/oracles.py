"""Other programs that count the same ballots in Python, called through their documented functions.

``pref_voting`` keeps a profile as numpy arrays and compiles its inner loops; ``votekit`` keeps it as a table
of pandas. They are imported only when a benchmark runs.

Source: https://pref-voting.readthedocs.io/, https://votekit.readthedocs.io/
"""

import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from importlib import import_module, metadata
from typing import Any, Final

PREF_VOTING: Final = "pref-voting"
"""Name of the distribution."""

VOTEKIT: Final = "votekit"
"""Name of the distribution."""

ORACLES: Final = ("pref_voting", "votekit")
"""Names of the packages, as they are imported."""


def check_agreement(method: str, *, ours: list[int], theirs: list[int]) -> None:
    """Check that two programs chose alike; what we leave undecided the other may decide by chance.

    Args:
        method: What both counted.
        ours: Options we chose.
        theirs: Options the other program chose; several where it leaves a tie.

    Raises:
        DisagreementError: We chose an option that the other program did not choose.
    """
    if not set(ours) <= set(theirs):
        raise DisagreementError(method, ours=ours, theirs=theirs)


class DisagreementError(Exception):
    """Two programs chose different options: their times cannot be compared.

    Args:
        method: What both counted.
        ours: Options we chose.
        theirs: Options the other program chose.
    """

    def __init__(self, method: str, *, ours: object, theirs: object) -> None:
        super().__init__(f"{method}: {ours} here, {theirs} there")


def oracle_name(distribution: str) -> str:
    """Return name and version of an oracle.

    Raises:
        PackageNotFoundError: It is not installed.
    """
    return f"{distribution} {metadata.version(distribution)}"


class PrefVoting:
    """``pref_voting``; options are numbers, and so are its winners."""

    def __init__(self) -> None:
        self._profiles: Final[Any] = import_module("pref_voting.profiles")
        self._graded: Final[Any] = import_module("pref_voting.grade_profiles")
        self._margins: Final[Any] = import_module("pref_voting.margin_based_methods")
        self._rounds: Final[Any] = import_module("pref_voting.iterative_methods")
        self._grades: Final[Any] = import_module("pref_voting.grade_methods")

    def ranked(self, ballots: Mapping[tuple[int, ...], int]) -> Any:  # noqa: ANN401 - its own type
        """Return its profile of rankings; building it also counts the duels."""
        rankings = [list(ranking) for ranking in ballots]
        return self._profiles.Profile(rankings, rcounts=list(ballots.values()))

    def graded(self, ballots: Mapping[tuple[int, ...], int], grades: int) -> Any:  # noqa: ANN401 - the same
        """Return its profile of grades."""
        given = [dict(enumerate(ballot)) for ballot in ballots]
        counts = list(ballots.values())
        return self._graded.GradeProfile(given, list(range(grades)), gcounts=counts)

    def schulze(self, profile: Any) -> list[int]:  # noqa: ANN401 - the same
        """Return the winners by Schulze."""
        return [int(each) for each in self._margins.beat_path(profile)]

    def instant_runoff(self, profile: Any) -> list[int]:  # noqa: ANN401 - the same
        """Return the winners by instant runoff."""
        return [int(each) for each in self._rounds.instant_runoff(profile)]

    def majority_judgement(self, profile: Any) -> list[int]:  # noqa: ANN401 - the same
        """Return the winners by majority judgement, with its one-step gauge."""
        return [int(each) for each in self._grades.majority_judgement(profile)]


class Votekit:
    """``votekit``; options are names."""

    def __init__(self) -> None:
        self._package: Final[Any] = import_module("votekit")
        self._elections: Final[Any] = import_module("votekit.elections")

    def ranked(self, ballots: Mapping[tuple[int, ...], int]) -> Any:  # noqa: ANN401 - its own type
        """Return its profile of rankings."""
        papers = tuple(
            self._package.RankBallot(
                ranking=tuple(frozenset({str(option)}) for option in ranking), weight=voters
            )
            for ranking, voters in ballots.items()
        )
        return self._package.RankProfile(ballots=papers)

    def schulze(self, profile: Any) -> list[int]:  # noqa: ANN401 - the same
        """Return the winners by Schulze."""
        return self._winners(self._elections.Schulze, profile)

    def instant_runoff(self, profile: Any) -> list[int]:  # noqa: ANN401 - the same
        """Return the winners by instant runoff, counted by the faster of its two ways."""
        return self._winners(lambda given: self._elections.FastSTV(given, n_seats=1), profile)

    def _winners(self, election: Callable[[object], Any], profile: object) -> list[int]:
        with redirect_stdout(sys.stderr):  # where a tie makes it speak, the report stays whole
            counted = election(profile)
        return sorted(int(each) for tier in counted.get_elected() for each in tier)
