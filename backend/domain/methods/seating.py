"""Who takes the seats once options are ranked; what plurality, approval, score and others share.

S1. Seats go to the tiers of a ranking, best first, as long as a whole tier fits.
S2. Where the seats left are fewer than the options of a tier, the contest's priority chooses among them.
S3. Where the priority leaves open which of them is chosen, they stay undecided, and counting stops there.
S4. An option that no ballot supports takes no seat, though one stay empty: nobody wins by lot or by
    seniority alone. The method says what support is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from backend.domain.acts import Slug
from backend.domain.methods.contest import Contest, OptionMethodName, Order, Votes
from backend.domain.methods.tally import Round, Tally, figures

B = TypeVar("B")
K = TypeVar("K", int, Fraction, tuple[int, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """Who takes the seats."""

    elected: tuple[Slug, ...]
    """Options that take a seat for certain, best first; equal ones by priority, then ascending."""
    tied: tuple[Slug, ...] = ()
    """Options between which only the priority chose, ascending (S2)."""
    undecided: tuple[Slug, ...] = ()
    """Options between which nothing decides, ascending (S3)."""


def rank(worth: Mapping[Slug, K]) -> Order:
    """Return options in tiers of equal worth, highest first; tuples are compared item by item."""
    tiers: dict[K, list[Slug]] = {}
    for option in sorted(worth):
        tiers.setdefault(worth[option], []).append(option)
    return tuple(tuple(tiers[each]) for each in sorted(tiers, reverse=True))


def seat(ranking: Order, contest: Contest, *, supported: Collection[Slug]) -> Seating:
    """Give the seats of a contest to the best of a ranking (S1 to S4).

    Args:
        ranking: Options, best first.
        contest: Its seats and its priority.
        supported: Options that may take a seat.
    """
    elected: list[Slug] = []
    for whole in ranking:
        free = contest.seats - len(elected)
        tier = tuple(option for option in whole if option in supported)
        parts = contest.ordered(tier)
        if len(tier) <= free:
            elected += [option for part in parts for option in part]
        elif free:
            return _share(parts, elected=tuple(elected), free=free)
    return Seating(elected=tuple(elected))


def tally_totals(
    method: OptionMethodName, totals: Mapping[Slug, int], votes: Votes[B], contest: Contest
) -> Tally:
    """Return the tally of a method that seats the highest totals; a total above 0 is support (S4).

    The tally has a round only where the priority chose.
    """
    ranking = rank(totals)
    supported = {option for option, total in totals.items() if total > 0}
    seating = seat(ranking, contest, supported=supported)
    decisive = Round(votes=figures(totals), elected=seating.elected, tied=seating.tied)
    return Tally(
        method=method,
        seats=contest.seats,
        valid=votes.valid,
        blank=votes.blank,
        void=votes.void,
        totals=figures(totals),
        rounds=(decisive,) if seating.tied else (),
        ranking=ranking,
        elected=seating.elected,
        undecided=seating.undecided,
    )


def _share(parts: Order, *, elected: tuple[Slug, ...], free: int) -> Seating:
    """Seat tied options part by part, in the order of the priority; the parts hold more than are free."""
    tied = tuple(sorted(option for part in parts for option in part)) if len(parts) > 1 else ()
    nth = 0
    while len(parts[nth]) <= free:
        elected += parts[nth]
        free -= len(parts[nth])
        nth += 1
    return Seating(elected=elected, tied=tied, undecided=parts[nth] if free else ())
