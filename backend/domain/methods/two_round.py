"""Two rounds in one ballot: an absolute majority at once, or a second round between the two best.

T1. Ballots rank options, one at each rank; rankings of some options are allowed. One option is chosen,
    whatever ``Contest.seats`` says.
T2. In round 1 a ballot counts for the first option on it. An option with more than half of all ballots that
    are valid is chosen; where the rulebook counts blank ballots as cast, of valid and blank ballots together.
T3. Else the two options with the most votes go on to round 2; an option without a vote does not. Ties for a
    place in round 2 are treated as ``seating`` says (S2, S3).
T4. In round 2 a ballot counts for the one of the two that it places higher, or is exhausted. The option with
    more votes is chosen; with as many, the one that the contest's priority prefers. Where it prefers neither,
    both are undecided.

The method ranks nothing. Voters decide on round 2 without having seen round 1; for the rest it fails where a
second round on another day fails: the option that wins every duel may miss round 2, and more votes for an
option may make it lose (it is not monotonic).

Source: French Constitution of 4 October 1958, article 7 (absolute majority, then the two best); in one ballot
with rankings it is the "contingent vote" of B. Reilly, "The Global Spread of Preferential Voting",
Australian Journal of Political Science 39 (2004), 253-266.
"""

from dataclasses import replace

from backend.domain.acts import Slug
from backend.domain.methods.choices import BallotSchema, Ranking, parse_strict_ranking
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.papers import count_papers, sort_papers
from backend.domain.methods.seating import Seating, rank, seat
from backend.domain.methods.tally import Round, Tally, figure, figures

SCHEMA: BallotSchema = "ranking"
"""A ballot ranks options (T1)."""


parse_choice = parse_strict_ranking
"""Reads a ranking; no two options share a rank."""


def count(votes: Votes[Ranking], contest: Contest) -> Tally:
    """Count; totals are first preferences."""
    parcels, _ = sort_papers(votes.ballots.items(), contest.options)
    first = {option: count_papers(parcel) for option, parcel in parcels.items()}
    whole = votes.valid + (votes.blank if contest.blanks_cast else 0)
    elected = tuple(option for option, voters in first.items() if 2 * voters > whole)
    finalists = Seating(elected=()) if elected else _best(first, contest, places=2)
    rounds = [
        Round(
            votes=figures(first), quota=figure(whole // 2 + 1), elected=elected, tied=finalists.tied
        )
    ]
    undecided = finalists.undecided
    if finalists.elected and not undecided:
        last, final = _second_round(votes, contest, finalists=finalists.elected)
        rounds.append(last)
        elected, undecided = final.elected, final.undecided
    return Tally(
        method="two_round",
        seats=1,
        valid=votes.valid,
        blank=votes.blank,
        void=votes.void,
        totals=figures(first),
        rounds=tuple(rounds),
        elected=elected,
        undecided=undecided,
    )


def _second_round(
    votes: Votes[Ranking], contest: Contest, *, finalists: tuple[Slug, ...]
) -> tuple[Round, Seating]:
    parcels, exhausted = sort_papers(votes.ballots.items(), finalists)
    standing = {option: count_papers(parcel) for option, parcel in parcels.items()}
    final = _best(standing, contest, places=1)
    second = Round(
        votes=figures(standing),
        exhausted=figure(exhausted),
        elected=final.elected,
        tied=final.tied,
    )
    return second, final


def _best(standing: dict[Slug, int], contest: Contest, *, places: int) -> Seating:
    supported = [option for option, voters in standing.items() if voters]
    return seat(rank(standing), replace(contest, seats=places), supported=supported)
