"""Approval voting: each voter approves any number of options, and the most approved are chosen.

A1. A ballot approves at least one option, and at most ``Contest.approvals`` where that is not 0.
A2. The total of an option is the number of ballots that approve it.
A3. The ``seats`` options with the highest totals are chosen; ties, and options without an approval, are
    treated as ``seating`` says (S1 to S4). With several seats the largest group of voters can take them all.

Source: S. Brams and P. Fishburn, "Approval Voting", American Political Science Review 72 (1978), 831-847,
https://doi.org/10.2307/1955105
"""

from backend.domain.methods.choices import Approved, BallotSchema, parse_approved
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.seating import tally_totals
from backend.domain.methods.tally import Tally

SCHEMA: BallotSchema = "approval"
"""A ballot lists the options approved (A1)."""


parse_choice = parse_approved
"""Reads the options approved."""


def count(votes: Votes[Approved], contest: Contest) -> Tally:
    """Count; totals are approvals (A2, A3)."""
    totals = dict.fromkeys(contest.options, 0)
    for approved, weight in votes.ballots.items():
        for option in approved:
            totals[option] += weight
    return tally_totals("approval", totals, votes, contest)
