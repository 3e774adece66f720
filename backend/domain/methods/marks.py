"""What options receive from ballots that give them integers: points, grades or votes."""

from backend.domain.acts import Slug
from backend.domain.methods.choices import Marks
from backend.domain.methods.contest import Contest, Votes


def sum_marks(votes: Votes[Marks], contest: Contest) -> dict[Slug, int]:
    """Return the sum of the marks of every option; where a ballot gives none, it adds nothing."""
    totals = dict.fromkeys(contest.options, 0)
    for marks, weight in votes.ballots.items():
        for option, mark in marks:
            totals[option] += mark * weight
    return totals


def count_grades(votes: Votes[Marks], contest: Contest) -> dict[Slug, tuple[int, ...]]:
    """Return how many ballots give every option each grade, worst first; where one gives none, it gives 0.

    The numbers of each option add up to the number of valid ballots.
    """
    counts = {option: [0] * contest.grades for option in contest.options}
    for marks, weight in votes.ballots.items():
        for option, grade in marks:
            counts[option][grade] += weight
    valid = votes.valid
    return {option: (valid - sum(row[1:]), *row[1:]) for option, row in counts.items()}
