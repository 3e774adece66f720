"""One profile for every reason why another program counts otherwise."""

from pabutools.election import ApprovalBallot, ApprovalProfile, Cost_Sat, Instance, Project
from pabutools.rules import (
    completion_by_rule_combination,
    greedy_utilitarian_welfare,
    method_of_equal_shares,
)
from pref_voting.grade_methods import majority_judgement as pref_majority_judgement
from pref_voting.grade_methods import score_voting as pref_score
from pref_voting.grade_profiles import GradeProfile

from backend.domain.methods import equal_shares, majority_judgement, quadratic, score
from backend.domain.methods.choices import Marks
from backend.domain.methods.contest import Contest
from tests.support.contests import votes_of

OPTIONS = ("ash", "birch")


def _graded(ballots: list[Marks], grades: list[int]) -> GradeProfile:
    return GradeProfile([dict(marks) for marks in ballots], grades, candidates=list(OPTIONS))


def test_grades__equal_gauge__ties_in_pref_voting_and_is_decided_here() -> None:
    ash, birch = [0, 2, 2, 2, 3], [1, 2, 2, 2, 3]
    ballots: list[Marks] = [
        (("ash", one), ("birch", other)) for one, other in zip(ash, birch, strict=True)
    ]
    contest = Contest(options=OPTIONS, grades=4)
    assert pref_majority_judgement(_graded(ballots, [0, 1, 2, 3])) == ["ash", "birch"]
    assert majority_judgement.count(votes_of(ballots), contest).elected == ("birch",)


def test_scores__all_zero__elect_everybody_in_pref_voting_and_nobody_here() -> None:
    ballots: list[Marks] = [(("ash", 0), ("birch", 0))]
    contest = Contest(options=OPTIONS, grades=2, highest=5, credits=4)
    grades = _graded(ballots, [0, 1])
    assert pref_score(grades) == ["ash", "birch"]
    assert score.count(votes_of(ballots), contest).elected == ()
    assert pref_majority_judgement(grades) == ["ash", "birch"]
    assert majority_judgement.count(votes_of(ballots), contest).elected == ()


def test_votes__more_against_than_for__elect_the_least_opposed_in_pref_voting_and_nobody_here() -> (
    None
):
    ballots: list[Marks] = [(("ash", -2),), (("birch", -1),)]
    contest = Contest(options=OPTIONS, credits=4)
    assert pref_score(_graded(ballots, [-2, -1, 0, 1, 2])) == ["birch"]
    assert quadratic.count(votes_of(ballots), contest).elected == ()


def test_budget__left_over__buys_what_nobody_approves_in_pabutools_and_not_here() -> None:
    projects = {option: Project(option, 1) for option in OPTIONS}
    instance = Instance(projects.values(), budget_limit=2)
    approvals = ApprovalProfile([ApprovalBallot([projects["ash"]])], instance=instance)
    outcome = completion_by_rule_combination(
        instance,
        approvals,
        [method_of_equal_shares, greedy_utilitarian_welfare],
        [{"sat_class": Cost_Sat}, {"sat_class": Cost_Sat}],
    )
    assert sorted(project.name for project in outcome) == ["ash", "birch"]
    contest = Contest(options=OPTIONS, seats=2, costs={"ash": 1, "birch": 1}, budget=2)
    assert equal_shares.count(votes_of([("ash",)]), contest).elected == ("ash",)
