"""Plurality: each voter names one option, and the options named most often are chosen.

P1. A ballot names exactly one option.
P2. The total of an option is the number of ballots that name it.
P3. The ``seats`` options with the highest totals are chosen; ties, and options without a vote, are treated
    as ``seating`` says (S1 to S4). With several seats this is the single non-transferable vote.
P4. No majority is asked for: the most votes suffice, be they few.

Source: W. Zwicker, "Introduction to the Theory of Voting", Handbook of Computational Social Choice (2016),
chapter 2; for several seats P. Faliszewski, P. Skowron, A. Slinko and N. Talmon, "Multiwinner Voting", Trends
in Computational Social Choice (2017), chapter 2.
"""

from backend.domain.acts import Slug
from backend.domain.methods.choices import BallotSchema, parse_single
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.seating import tally_totals
from backend.domain.methods.tally import Tally

SCHEMA: BallotSchema = "single"
"""A ballot names one option (P1)."""


def parse_choice(text: str, contest: Contest) -> Slug:
    """Read the option that a ballot names.

    Raises:
        InvalidInputError: ``choice.unknown``.
    """
    return parse_single(text, contest)


def count(votes: Votes[Slug], contest: Contest) -> Tally:
    """Count; totals are votes (P2, P3)."""
    totals = {option: votes.ballots.get(option, 0) for option in contest.options}
    return tally_totals("plurality", totals, votes, contest)
