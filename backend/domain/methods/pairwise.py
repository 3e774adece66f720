"""Duels: what the methods of Condorcet share, and how their results are shown.

D1. A voter prefers an option to another that stands in a later tier of the ballot, or is not on it.
D2. Options of one tier are equal, and so are all options that the ballot leaves out, in the last place; a
    ballot counts for neither of two equal options.
D3. An option wins a duel when more voters prefer it than prefer the other.
D4. The total of an option is the number of duels it wins.
D5. What is found to stand above what is a partial order. Its tiers are a ranking: in the first tier stand
    the options below none, in each next one those that stand below options of the tiers before alone.
D6. An option has support in the sense of ``seating`` when some ballot names it.

Source: the matrix of paired comparisons is Condorcet's, "Essai sur l'application de l'analyse à la
probabilité des décisions rendues à la pluralité des voix" (1785); truncated ballots and equal ranks as in
M. Schulze, "The Schulze Method of Voting" (2018), section 2.1, https://arxiv.org/abs/1804.02973.
"""

from collections.abc import Collection, Mapping

from backend.domain.acts import Slug
from backend.domain.methods.choices import Ranking
from backend.domain.methods.columns import Duels
from backend.domain.methods.contest import Contest, OptionMethodName, Order, Votes
from backend.domain.methods.seating import Seating
from backend.domain.methods.tally import Round, Tally, figures

Above = Mapping[Slug, Collection[Slug]]
"""For every option those that stand below it, directly or not."""


def tiers_of(above: Above) -> Order:
    """Return the tiers of a partial order, best first (D5)."""
    tiers: list[tuple[Slug, ...]] = []
    left = sorted(above)
    while left:
        beaten = {below for option in left for below in above[option]}
        tiers.append(tuple(option for option in left if option not in beaten))
        left = [option for option in left if option in beaten]
    return tuple(tiers)


def supported_options(votes: Votes[Ranking], duels: Duels) -> frozenset[Slug]:
    """Return the options that some ballot names (D6).

    Args:
        votes: The ballots.
        duels: Their duels: who is preferred to anything has been named, so few ballots are read again.
    """
    return frozenset(
        option
        for option, preferred in duels.items()
        if any(preferred.values())
        or any(option in tier for ranking in votes.ballots for tier in ranking)
    )


def tally_duels(
    method: OptionMethodName,
    votes: Votes[Ranking],
    contest: Contest,
    *,
    duels: Duels,
    ranking: Order,
    seating: Seating,
) -> Tally:
    """Return the tally of a method of Condorcet; it has a round only where the priority chose.

    Args:
        method: The method.
        votes: The ballots.
        contest: What is counted.
        duels: From ``count_duels``.
        ranking: All options as figures alone place them.
        seating: Who takes the seats.
    """
    totals = figures({option: _won(option, duels) for option in contest.options})
    decisive = Round(votes=totals, elected=seating.elected, tied=seating.tied)
    return Tally(
        method=method,
        seats=contest.seats,
        valid=votes.valid,
        blank=votes.blank,
        void=votes.void,
        totals=totals,
        duels=duels,
        rounds=(decisive,) if seating.tied else (),
        ranking=ranking,
        elected=seating.elected,
        undecided=seating.undecided,
    )


def _won(option: Slug, duels: Duels) -> int:
    return sum(preferred > duels[other][option] for other, preferred in duels[option].items())
