"""Quadratic voting: each voter spreads credits over options; so many votes cost as many credits squared.

Q1. A ballot gives at least one option a number of votes, for it or, below zero, against it; never 0.
Q2. n votes on one option cost n x n credits; a ballot costs ``Contest.credits`` at most in all, and what it
    leaves is lost.
Q3. The total of an option is the sum of its votes.
Q4. The ``seats`` options with the highest totals are chosen; ties are treated as ``seating`` says (S1 to
    S4), and so are options whose total is not above 0: as many votes oppose them as want them.

Source: S. Lalley and E. G. Weyl, "Quadratic Voting: How Mechanism Design Can Radicalize Democracy", AEA
Papers and Proceedings 108 (2018), 33-37, https://doi.org/10.1257/pandp.20181002. Credits replace money, as
when legislators in Colorado ranked bills in 2019.
"""

from math import isqrt

from backend.domain.errors import InvalidInputError
from backend.domain.methods.choices import BallotSchema, Marks, parse_marks
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.marks import sum_marks
from backend.domain.methods.seating import tally_totals
from backend.domain.methods.tally import Tally

SCHEMA: BallotSchema = "marks"
"""A ballot gives options votes (Q1)."""


def parse_choice(text: str, contest: Contest) -> Marks:
    """Read the votes that a ballot gives.

    Raises:
        InvalidInputError: ``choice.malformed``, ``choice.unknown``, ``choice.range``, or
            ``choice.credits`` where the votes cost more than there is (Q2).
    """
    most = isqrt(contest.credits)
    marks = parse_marks(text, contest, lowest=-most, highest=most)
    if any(mark == 0 for _, mark in marks):
        raise InvalidInputError(
            "choice.range",
            expected=f"a number of votes from 1 to {most}, for or against",
            found="0",
        )
    cost = sum(mark * mark for _, mark in marks)
    if cost > contest.credits:
        raise InvalidInputError("choice.credits", expected=str(contest.credits), found=str(cost))
    return marks


def count(votes: Votes[Marks], contest: Contest) -> Tally:
    """Count; totals are votes for less votes against (Q3, Q4)."""
    return tally_totals("quadratic", sum_marks(votes, contest), votes, contest)
