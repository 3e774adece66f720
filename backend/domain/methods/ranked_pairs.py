"""Ranked pairs: duels are taken from the strongest to the weakest, and none may contradict those before it.

R1. Ballots are rankings; equal ranks and rankings of some options are allowed (``pairwise``, D1 and D2).
R2. A duel that the first option wins is a link. Of two links the one with more voters for its winner is the
    stronger ("winning votes"); with as many, the one with fewer voters for its loser.
R3. Links are taken from the strongest to the weakest. A link is locked unless the links locked before make a
    path from its second option to its first.
R4. Where links are equally strong, their order matters only if not all of them can be locked. No order is
    tried: a link is *out* if links that are sure make a path against it, and it is *sure* if no such path is
    made even by all links, as strong or stronger, that are not out. What is sure is locked in every order,
    what is out in none; a link that is neither is *open*, though some such link may be locked in every order.
R5. If sure links alone tell who takes the seats, figures decided. Else equal links are taken in the order of
    the contest's priority: first those whose loser it places last, among these first those whose winner it
    prefers, so that of a circle of equal links the one against its favourite is dropped. Where it leaves
    links equal, R4 applies to them.
R6. The ranking is the tiers (D5) of the paths that are sure by figures alone.
R7. When no link is open, the first ``seats`` options of the tiers of the locked paths are chosen; ties are
    treated as ``seating`` says (S1 to S4). When some are open even after R5, an option is chosen if all but
    fewer than ``seats`` others surely stand below it, and undecided if it is not chosen and fewer than
    ``seats`` others surely stand above it. With several seats a majority takes all of them: for a
    proportional result use a single transferable vote.

To find every winner of every order is not known to be possible in bounded time (M. Brill and F. Fischer, "The
Price of Neutrality for the Ranked Pairs Method", AAAI 2012); R4 takes n³ steps for n options. Known
failures are those of all methods of Condorcet: a voter may do better by staying at home (no-show paradox), or
by ranking a second choice lower.

Source: T. N. Tideman, "Independence of Clones as a Criterion for Voting Rules", Social Choice and Welfare 4
(1987), 185-206; T. M. Zavist and T. N. Tideman, "Complete Independence of Clones in the Ranked Pairs Rule",
Social Choice and Welfare 6 (1989), 167-173. Their strength is the margin; winning votes as in R2 are those of
S. Eppley, "Maximize Affirmed Majorities" (2000), as is the order of R5.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from backend.domain.acts import Slug
from backend.domain.methods.choices import BallotSchema, Ranking, parse_weak_ranking
from backend.domain.methods.columns import Duels, count_duels
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.pairwise import supported_options, tally_duels, tiers_of
from backend.domain.methods.seating import Seating, seat
from backend.domain.methods.tally import Tally

SCHEMA: BallotSchema = "ranking"
"""A ballot ranks options (R1)."""

_Link = tuple[Slug, Slug]
_Paths = dict[Slug, set[Slug]]


parse_choice = parse_weak_ranking
"""Reads a ranking; options may share a rank."""


def count(votes: Votes[Ranking], contest: Contest) -> Tally:
    """Count; totals are duels won."""
    duels = count_duels(votes.ballots, contest.options)
    supported = supported_options(votes, duels)
    places = {option: contest.tier(option) for option in contest.options}

    def strength(link: _Link) -> tuple[int, ...]:
        winner, loser = link
        return -duels[winner][loser], duels[loser][winner]

    def strength_and_priority(link: _Link) -> tuple[int, ...]:
        winner, loser = link
        return *strength(link), -places[loser], places[winner]

    by_figures = _lock(duels, strength)
    seating = _seating(by_figures, contest, supported)
    if seating.undecided and by_figures.open:
        seating = _seating(_lock(duels, strength_and_priority), contest, supported)
        if not seating.undecided:
            seating = replace(seating, tied=tuple(sorted({*seating.tied, *by_figures.open})))
    return tally_duels(
        "ranked_pairs",
        votes,
        contest,
        duels=duels,
        ranking=tiers_of(by_figures.sure),
        seating=seating,
    )


@dataclass(frozen=True, slots=True)
class _Locked:
    """Links taken in order."""

    sure: _Paths
    """For every option those that stand below it in every order of equal links."""
    possible: _Paths
    """For every option those that may stand below it in some order; those of ``sure`` are among them."""

    @property
    def open(self) -> frozenset[Slug]:
        """Options that the order of equal links places above or below others; empty if all is settled."""
        return frozenset(
            option
            for first, below in self.possible.items()
            for second in below - self.sure[first]
            for option in (first, second)
        )


def _lock(duels: Duels, key: Callable[[_Link], tuple[int, ...]]) -> _Locked:
    """Take links by ascending keys, and those of equal keys in every order at once (R3, R4)."""
    links = sorted(
        (
            (first, second)
            for first, row in duels.items()
            for second, voters in row.items()
            if voters > duels[second][first]
        ),
        key=key,
    )
    sure: _Paths = {option: set() for option in duels}
    possible: _Paths = {option: set() for option in duels}
    for _, equal in groupby(links, key=key):
        not_out = [(first, second) for first, second in equal if first not in sure[second]]
        _add(not_out, possible)
        _add([link for link in not_out if link[0] not in possible[link[1]]], sure)
    return _Locked(sure, possible)


def _add(links: Iterable[_Link], paths: _Paths) -> None:
    for first, second in links:
        gained = {second, *paths[second]}
        for option, below in paths.items():
            if option == first or first in below:
                below.update(gained)


def _seating(locked: _Locked, contest: Contest, supported: frozenset[Slug]) -> Seating:
    """Return who takes the seats (R7)."""
    ranking = tiers_of(locked.sure)
    if not locked.open:
        return seat(ranking, contest, supported=supported)
    elected = []
    undecided = []
    for option in (option for tier in ranking for option in tier if option in supported):
        not_below = supported - locked.sure[option] - {option}
        above = [other for other in supported if option in locked.sure[other]]
        if len(not_below) < contest.seats:
            elected.append(option)
        elif len(above) < contest.seats:
            undecided.append(option)
    return Seating(elected=tuple(elected), undecided=tuple(sorted(undecided)))
