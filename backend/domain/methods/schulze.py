"""Schulze: the option is chosen that no other beats along the strongest chains of duels.

Z1. Ballots are rankings; equal ranks and rankings of some options are allowed (``pairwise``, D1 and D2).
Z2. A duel that the first option wins is a link. Of two links the one with more voters for its winner is the
    stronger ("winning votes"); with as many, the one with fewer voters for its loser.
Z3. A path is a chain of links from one option to another, as strong as its weakest link.
Z4. An option stands above another when its strongest path to it is stronger than the strongest path back,
    or when there is no path back. This order is transitive; of two options neither may stand above the other.
Z5. The ranking is the tiers of this order (D5). Its first tier are the winners; whoever beats every other in
    duels stands there alone.
Z6. The first ``seats`` options of the ranking are chosen; ties are treated as ``seating`` says (S1 to S4).
    With several seats a majority takes all of them: for a proportional result use a single transferable vote.

Where no duel is tied the winner is unique but for links of equal strength. Of the two known failures one
is shared by all methods of Condorcet: a voter may do better by staying at home (no-show paradox), or by
ranking a second choice lower.

Source: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
single-winner election method", Social Choice and Welfare 36 (2011), 267-303, sections 2.1 to 2.3; the same,
"The Schulze Method of Voting" (2018), https://arxiv.org/abs/1804.02973. Links as in Z2 also in the Debian
Constitution, appendix A.5, https://www.debian.org/devel/constitution; its quorum, and its majority over the
default option, are no part of this method.
"""

from backend.domain.acts import Slug
from backend.domain.methods.choices import BallotSchema, Ranking, parse_weak_ranking
from backend.domain.methods.columns import Duels, count_duels
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.pairwise import Above, supported_options, tally_duels, tiers_of
from backend.domain.methods.seating import seat
from backend.domain.methods.tally import Tally

SCHEMA: BallotSchema = "ranking"
"""A ballot ranks options (Z1)."""


parse_choice = parse_weak_ranking
"""Reads a ranking; options may share a rank."""


def count(votes: Votes[Ranking], contest: Contest) -> Tally:
    """Count; totals are duels won."""
    duels = count_duels(votes.ballots, contest.options)
    ranking = tiers_of(standing_above(duels))
    seating = seat(ranking, contest, supported=supported_options(votes, duels))
    return tally_duels("schulze", votes, contest, duels=duels, ranking=ranking, seating=seating)


def standing_above(duels: Duels) -> Above:
    """Return, for every option, the options that it stands above (Z4)."""
    paths = _strongest_paths(duels)
    return {
        option: frozenset(other for other in duels[option] if row[other] > paths[other][option])
        for option, row in paths.items()
    }


def _strongest_paths(duels: Duels) -> dict[Slug, dict[Slug, int]]:
    """Return the strength of the strongest path between every two options, 0 where there is none (Z3).

    R. W. Floyd's "Algorithm 97: Shortest Path" (1962), with the weakest link for the length.
    """
    most = max((voters for row in duels.values() for voters in row.values()), default=0)
    paths = {
        first: {
            second: for_first * (most + 1) + most - duels[second][first]
            if for_first > duels[second][first]
            else 0
            for second, for_first in row.items()
        }
        for first, row in duels.items()
    }
    for middle, onward in paths.items():
        for first, row in paths.items():
            if first == middle or not row[middle]:
                continue
            reached = row[middle]
            for last, strength in onward.items():
                if last != first and row[last] < strength and row[last] < reached:
                    row[last] = min(reached, strength)
    return paths
