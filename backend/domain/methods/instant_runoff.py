"""Instant runoff: round by round the last option leaves, until one has a majority of the votes that count.

I1. Ballots rank options, one at each rank; rankings of some options are allowed. One option is chosen,
    whatever ``Contest.seats`` says.
I2. In each round a ballot counts for the first option on it that continues. A ballot that names none any
    more is exhausted.
I3. An option with more than half of the votes that are not exhausted is chosen, and the count ends; the
    votes it needs are the quota of the round.
I4. Else the option with the fewest votes is excluded, and its ballots go on to their next options.
I5. Where several options have the fewest votes, and together they have fewer than any other option, all of
    them are excluded in this round: in whatever order they leave, no other option can leave before them.
I6. Else the contest's priority excludes the one that it places last. Where it places several last, the count
    stops: they are undecided, and nobody is chosen.
I7. Without a ballot that names an option nobody is chosen.

The method ranks nothing: who leaves late need not be better liked than who leaves early. Its known failures:
it may pass over the option that wins every duel, and more votes for an option may make it lose (it is not
monotonic).

Source: H. M. Robert, "Robert's Rules of Order" (11th edition, 2011), section 45, "preferential voting"; a
wider form of I5 is the "batch elimination" of Maine Revised Statutes, title 21-A, section 723-A.
"""

from backend.domain.acts import Slug
from backend.domain.methods.choices import BallotSchema, Ranking, parse_strict_ranking
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.papers import count_papers, sort_papers
from backend.domain.methods.tally import Round, Tally, TieUnresolvedError, figure, figures

SCHEMA: BallotSchema = "ranking"
"""A ballot ranks options (I1)."""


parse_choice = parse_strict_ranking
"""Reads a ranking; no two options share a rank."""


def count(votes: Votes[Ranking], contest: Contest) -> Tally:
    """Count; totals are first preferences."""
    rounds: list[Round] = []
    undecided: tuple[Slug, ...] = ()
    parcels, exhausted = sort_papers(votes.ballots.items(), contest.options)
    standing = {option: count_papers(parcel) for option, parcel in parcels.items()}
    totals = figures(standing)
    elected = _majority(standing)
    while not elected and any(standing.values()):
        try:
            excluded, tied = _last(standing, contest)
        except TieUnresolvedError as tie:
            undecided = tie.tied
            break
        rounds.append(_round(standing, exhausted, excluded=excluded, tied=tied))
        freed = [paper for option in excluded for paper in parcels.pop(option)]
        standing = {option: standing[option] for option in parcels}
        moved, newly_exhausted = sort_papers(freed, parcels)
        exhausted += newly_exhausted
        for option, parcel in moved.items():
            parcels[option] += parcel
            standing[option] += count_papers(parcel)
        elected = _majority(standing)
    rounds.append(_round(standing, exhausted, elected=elected))
    return Tally(
        method="instant_runoff",
        seats=1,
        valid=votes.valid,
        blank=votes.blank,
        void=votes.void,
        totals=totals,
        rounds=tuple(rounds),
        elected=elected,
        undecided=undecided,
    )


def _majority(standing: dict[Slug, int]) -> tuple[Slug, ...]:
    whole = sum(standing.values())
    return tuple(option for option, voters in standing.items() if 2 * voters > whole)


def _last(standing: dict[Slug, int], contest: Contest) -> tuple[tuple[Slug, ...], tuple[Slug, ...]]:
    """Return who leaves, and between whom the priority chose (I4 to I6).

    Raises:
        TieUnresolvedError: The priority does not choose.
    """
    fewest = min(standing.values())
    last = tuple(sorted(option for option, voters in standing.items() if voters == fewest))
    others = [voters for voters in standing.values() if voters != fewest]
    if len(last) == 1 or (others and fewest * len(last) < min(others)):
        return last, ()
    deferred = contest.deferred(last)
    if len(deferred) > 1:
        raise TieUnresolvedError(deferred)
    return deferred, last


def _round(
    standing: dict[Slug, int],
    exhausted: int,
    *,
    elected: tuple[Slug, ...] = (),
    excluded: tuple[Slug, ...] = (),
    tied: tuple[Slug, ...] = (),
) -> Round:
    return Round(
        votes=figures(standing),
        quota=figure(sum(standing.values()) // 2 + 1),
        exhausted=figure(exhausted),
        elected=elected,
        excluded=excluded,
        tied=tied,
    )
