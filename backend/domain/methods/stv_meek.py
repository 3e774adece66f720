"""Single transferable vote by Meek's method: an elected option keeps of every ballot the share that it needs.

M1. Ballots rank options, one at each rank; rankings of some options are allowed.
M2. Every option has a keep value: 1 while it is hopeful, 0 once it is excluded, between them when chosen. A
    ballot starts with the weight 1; each option on it, in order, takes weight times keep value, rounded up,
    and the next gets what is left. What no option takes is exhausted.
M3. The quota is the sum of all votes divided by one more than the seats, cut off, plus one unit.
M4. A hopeful option with the quota or more is chosen.
M5. A round distributes votes (M2), sets the quota (M3) and chooses (M4). If it chooses nobody it adjusts the
    keep value of every chosen option: times the quota, rounded up, divided by its votes, rounded up. So it
    goes on until the surplus, which is the votes of chosen options above the quota together, is less than
    ``SURPLUS_LIMIT`` or no longer gets less.
M6. When a round ends without a choice the hopeful option with the fewest votes is excluded. Options that have
    no more than the fewest votes plus the surplus left are equal to it, since the surplus not yet
    transferred could have gone to them: the contest's priority excludes the one of them that it places
    last. Where it places several last, the count stops: they are undecided.
M7. The count ends when the seats are taken, or when no more options are chosen and hopeful than there are
    seats: then all of them are chosen. Where no ballot names an option nobody is chosen.

Arithmetic: all figures are integers of units of a thousand-millionth of a vote (``VOTE``), so "rounded up"
and "cut off" happen at nine decimals and every machine counts the same. The weight of a ballot never gets
below 0, and no unit is lost: the votes and what is exhausted add up to the valid ballots in every round.

Why it ends: a round that neither chooses nor ends leaves a smaller surplus, and surpluses are whole units;
every end of a round chooses or excludes an option.

Options chosen in one round are named by votes, most first, equal ones in the order of the priority, then of
their ids, which decides nothing. The rounds of the tally are taken when they end: votes of all options that
are not excluded, before the exclusion.

Source: I. D. Hill, B. A. Wichmann and D. R. Woodall, "Algorithm 123: Single Transferable Vote by Meek's
Method", The Computer Journal 30 (1987), 277-281. Decimals, roundings and the end of a round are those of the
Reference Meek Rule of the Proportional Representation Foundation, whose lot in M6 is the priority here,
https://prfound.org/resources/reference/reference-meek-rule/. New Zealand's count, Local Electoral Regulations
2001, schedule 1A, also rounds keep values up at nine decimals, but ends a round at another surplus and draws
random numbers of its own.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from backend.domain.acts import Slug
from backend.domain.methods.choices import BallotSchema, Ranking, parse_strict_ranking
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.seating import rank, seat
from backend.domain.methods.tally import Round, Tally, TieUnresolvedError, figure, figures

SCHEMA: BallotSchema = "ranking"
"""A ballot ranks options (M1)."""

VOTE = 10**9
"""One vote, in the unit in which all figures are counted: nine decimals."""

SURPLUS_LIMIT = VOTE // 10**6
"""Surplus below which a round ends: a millionth of a vote."""


parse_choice = parse_strict_ranking
"""Reads a ranking; no two options share a rank."""


def count(votes: Votes[Ranking], contest: Contest) -> Tally:
    """Count; totals are first preferences."""
    rounds = _Rounds(votes, contest)
    undecided: tuple[Slug, ...] = ()
    try:
        while rounds.is_unfinished():
            rounds.count_round()
    except TieUnresolvedError as tie:
        undecided = tie.tied
    return Tally(
        method="stv_meek",
        seats=contest.seats,
        valid=votes.valid,
        blank=votes.blank,
        void=votes.void,
        totals=_first_preferences(votes, contest),
        rounds=tuple(rounds.rounds),
        elected=tuple(rounds.elected),
        undecided=undecided,
    )


class _Rounds:
    """A count under way; votes, weights, keep values and the quota are in units of ``1 / VOTE``."""

    def __init__(self, votes: Votes[Ranking], contest: Contest) -> None:
        self.rounds: list[Round] = []
        self.elected: list[Slug] = []
        self._contest = contest
        self._ballots = votes.ballots
        self._whole = votes.valid * VOTE
        self._hopeful = set(contest.options)
        self._keep = dict.fromkeys(contest.options, VOTE)
        self._votes: dict[Slug, int] = {}
        self._quota = 0

    def is_unfinished(self) -> bool:
        """Tell whether a seat is free that somebody can take (M7)."""
        return bool(self._whole and self._free and self._hopeful)

    def count_round(self) -> None:
        """Count until an option is chosen or excluded (M5 to M7).

        Raises:
            TieUnresolvedError: The priority is silent about who is excluded.
        """
        ways = self._ways()
        surplus = self._whole
        while True:
            self._distribute(ways)
            if chosen := self._chosen():
                self._end_round(elected=chosen)
                return
            before, surplus = surplus, self._surplus()
            if surplus < SURPLUS_LIMIT or surplus >= before:
                self._exclude(surplus)
                return
            self._adjust()

    @property
    def _free(self) -> int:
        return self._contest.seats - len(self.elected)

    def _ways(self) -> Counter[tuple[Slug, ...]]:
        """Return the options that take a share of a ballot, in order, and how many ballots have these.

        The first hopeful option takes all that is left, so ballots that differ only after it are one.
        """
        ways: Counter[tuple[Slug, ...]] = Counter()
        for ranking, voters in self._ballots.items():
            way = []
            for (option,) in ranking:
                if option in self._keep:
                    way.append(option)
                    if option in self._hopeful:
                        break
            ways[tuple(way)] += voters
        return ways

    def _distribute(self, ways: Counter[tuple[Slug, ...]]) -> None:
        """Give every ballot to the options on it (M2), and set the quota (M3)."""
        self._votes = dict.fromkeys(self._keep, 0)
        for way, voters in ways.items():
            weight = VOTE
            for option in way:
                share = _divided_up(weight * self._keep[option], VOTE)
                self._votes[option] += share * voters
                weight -= share
        self._quota = sum(self._votes.values()) // (self._contest.seats + 1) + 1

    def _chosen(self) -> tuple[Slug, ...]:
        """Return who has the quota (M4) or is left (M7), most votes first."""
        chosen = {
            option: self._votes[option]
            for option in self._hopeful
            if len(self._hopeful) <= self._free or self._votes[option] >= self._quota
        }
        free = replace(self._contest, seats=self._free)
        return seat(rank(chosen), free, supported=chosen).elected

    def _surplus(self) -> int:
        return sum(max(self._votes[option] - self._quota, 0) for option in self.elected)

    def _adjust(self) -> None:
        for option in self.elected:
            needed = _divided_up(self._keep[option] * self._quota, VOTE)
            self._keep[option] = _divided_up(needed * VOTE, self._votes[option])

    def _exclude(self, surplus: int) -> None:
        fewest = min(self._votes[option] for option in self._hopeful)
        equal = [each for each in self._hopeful if self._votes[each] <= fewest + surplus]
        excluded = self._contest.deferred(equal)
        if len(excluded) > 1:
            self._end_round()
            raise TieUnresolvedError(excluded)
        self._end_round(excluded=excluded, tied=equal if len(equal) > 1 else ())

    def _end_round(
        self,
        *,
        elected: tuple[Slug, ...] = (),
        excluded: tuple[Slug, ...] = (),
        tied: Iterable[Slug] = (),
    ) -> None:
        exhausted = self._whole - sum(self._votes.values())
        self.rounds.append(
            Round(
                votes=figures(
                    {each: Fraction(each_has, VOTE) for each, each_has in self._votes.items()}
                ),
                quota=figure(Fraction(self._quota, VOTE)),
                exhausted=figure(Fraction(exhausted, VOTE)),
                elected=elected,
                excluded=excluded,
                tied=tuple(sorted(tied)),
            )
        )
        self.elected += elected
        self._hopeful.difference_update(elected, excluded)
        for option in excluded:
            del self._keep[option]


def _divided_up(number: int, divisor: int) -> int:
    return -(-number // divisor)


def _first_preferences(votes: Votes[Ranking], contest: Contest) -> dict[Slug, str]:
    first = dict.fromkeys(contest.options, 0)
    for ranking, voters in votes.ballots.items():
        first[ranking[0][0]] += voters
    return figures(first)
