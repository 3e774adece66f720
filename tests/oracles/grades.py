"""Majority judgement beside pref_voting, whose rule is the majority gauge: one step instead of all."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from pref_voting.grade_methods import majority_judgement as pref_majority_judgement
from pref_voting.grade_profiles import GradeProfile

from backend.domain.acts import Slug
from backend.domain.methods import majority_judgement
from backend.domain.methods.choices import Marks
from backend.domain.methods.contest import Contest, Votes
from tests.oracles.comparison import Comparison, Difference, Disagreements, compare
from tests.oracles.totals import OPTIONS, UNSUPPORTED, winners
from tests.support.grading_oracle import grades_of, lower_middle

GAUGE = "the gauge of one step leaves a tie that grades further out decide"
"""Why pref_voting has more winners: they have equally many grades above and below their common middle one."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Ballots that grade every option."""

    contest: Contest
    """Options and number of grades."""
    ballots: Mapping[Marks, int]
    """Voters of each distinct ballot."""


def compare_majority_judgement(seed: int, profiles: int) -> Disagreements:
    """Compare the winners of one seat with those of pref_voting."""
    return compare(seed=seed, profiles=profiles, draw=_draw, differ=_differ)


COMPARISONS: Sequence[Comparison] = (
    Comparison("majority_judgement", "pref_voting majority_judgement", compare_majority_judgement),
)
"""Methods of grades."""


def gauge(grades: Sequence[int]) -> tuple[int, int]:
    """Return the middle grade and how many lie beyond it, below 0 where the lower are as many or more."""
    middle = lower_middle(grades)
    above = sum(grade > middle for grade in grades)
    below = sum(grade < middle for grade in grades)
    return middle, above if above > below else -below


def _differ(profile: Profile) -> Difference | None:
    ours = winners(majority_judgement.count(Votes(profile.ballots), profile.contest))
    theirs = set(
        pref_majority_judgement(
            GradeProfile(
                [dict(marks) for marks in profile.ballots],
                list(range(profile.contest.grades)),
                gcounts=list(profile.ballots.values()),
                candidates=list(profile.contest.options),
            )
        )
    )
    if ours == theirs:
        return None
    return Difference(
        ours=str(sorted(ours)), theirs=str(sorted(theirs)), reason=_reason(profile, ours, theirs)
    )


def _reason(profile: Profile, ours: set[Slug], theirs: set[Slug]) -> str | None:
    ballots = Counter(profile.ballots).elements()
    grades = grades_of(ballots, profile.contest.options)
    if not ours and not any(map(any, grades.values())):
        return UNSUPPORTED
    if ours and ours < theirs and len({gauge(grades[option]) for option in theirs}) == 1:
        return GAUGE
    return None


def _draw(randomness: Random) -> Profile:
    """Draw 2 to 5 options, 2 to 7 grades, and up to 6 distinct ballots of up to 4 voters each."""
    options = OPTIONS[: randomness.randint(2, len(OPTIONS))]
    contest = Contest(options=options, grades=randomness.randint(2, 7))
    ballots: Counter[Marks] = Counter()
    for _ in range(randomness.randint(1, 6)):
        graded = tuple((option, randomness.randrange(contest.grades)) for option in options)
        ballots[graded] += randomness.randint(1, 4)
    return Profile(contest, ballots)
