"""Score voting: each voter marks options with points, and the highest sums are chosen.

C1. A ballot marks at least one option with an integer from 0 to ``Contest.highest``.
C2. An option that a ballot does not mark has 0 points from it, as if it were marked 0.
C3. The total of an option is the sum of its points. With C2 the order of sums is the order of means.
C4. The ``seats`` options with the highest totals are chosen; ties, and options whose total is 0, are
    treated as ``seating`` says (S1 to S4).

Source: C. Hillinger, "The Case for Utilitarian Voting", Homo Oeconomicus 22 (2005), 295-321; the rule for
options without a mark varies between users of the method, and C2 is the one that favours nobody unknown.
"""

from backend.domain.methods.choices import BallotSchema, Marks, parse_marks
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.marks import sum_marks
from backend.domain.methods.seating import tally_totals
from backend.domain.methods.tally import Tally

SCHEMA: BallotSchema = "marks"
"""A ballot gives options points (C1)."""


def parse_choice(text: str, contest: Contest) -> Marks:
    """Read the points that a ballot gives.

    Raises:
        InvalidInputError: ``choice.malformed``, ``choice.unknown`` or ``choice.range``.
    """
    return parse_marks(text, contest, lowest=0, highest=contest.highest)


def count(votes: Votes[Marks], contest: Contest) -> Tally:
    """Count; totals are points (C2 to C4)."""
    return tally_totals("score", sum_marks(votes, contest), votes, contest)
