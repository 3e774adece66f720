"""Transferable votes counted the slow, literal way: paper by paper, in fractions, every rounding spelt out.

Oracle for ``backend.domain.methods.stv_scottish`` and ``stv_meek``; where the priority does not decide, both
stop without a result.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from backend.domain.acts import Slug
from backend.domain.methods.choices import Ranking
from backend.domain.methods.contest import Contest

Stage = dict[Slug, Fraction]
"""Votes at the end of a stage or round."""

Result = tuple[list[Stage], list[Slug]]
"""All stages, and who was chosen so far."""

UNIT = Fraction(1, 10**9)
"""Ninth decimal of Meek's method."""


@dataclass
class Paper:
    """One ballot paper on the table."""

    options: list[Slug]
    worth: Fraction
    lies_with: Slug | None


def papers_of(ballots: Mapping[Ranking, int]) -> list[list[Slug]]:
    """Return the options on every single paper."""
    return [
        [option for tier in ranking for option in tier]
        for ranking, voters in ballots.items()
        for _ in range(voters)
    ]


def down(number: Fraction, decimals: int) -> Fraction:
    """Cut a number off."""
    return Fraction(floor(number * 10**decimals), 10**decimals)


def up(number: Fraction) -> Fraction:
    """Round a number up to nine decimals."""
    return Fraction(ceil(number / UNIT)) * UNIT


def in_order(
    options: Iterable[Slug], held: Mapping[Slug, Fraction], contest: Contest
) -> list[Slug]:
    """Return options as they are named when chosen together."""
    return sorted(options, key=lambda each: (-held[each], contest.tier(each), each))


def literal_scottish(ballots: Mapping[Ranking, int], contest: Contest) -> Result:
    """Count as SSI 2007/42 reads."""
    table = Table(ballots, contest)
    if table.papers:
        while table.rule_47() and table.rule_52() and table.transfer():
            pass
    return table.stages or [table.held], table.chosen


class Table:
    """A table with papers on it; each method is told by the rule that it follows."""

    def __init__(self, ballots: Mapping[Ranking, int], contest: Contest) -> None:
        """Rules 45 and 46."""
        self.contest = contest
        self.papers = [Paper(options, Fraction(1), None) for options in papers_of(ballots)]
        self.quota = Fraction(len(self.papers) // (contest.seats + 1) + 1)
        self.continuing = list(contest.options)
        self.chosen: list[Slug] = []
        self.stages: list[Stage] = []
        self.held = {option: Fraction(0) for option in contest.options}
        for paper in self.papers:
            self.hand_on(paper)

    def hand_on(self, paper: Paper) -> None:
        """Rules 48 (2) and 50 (3): to the next available preference."""
        on_it = [option for option in paper.options if option in self.continuing]
        paper.lies_with = on_it[0] if on_it else None
        if on_it:
            self.held[on_it[0]] += paper.worth

    def rule_47(self) -> bool:
        """Deem elected; whether a vacancy is left."""
        self.stages.append(dict(self.held))
        reached = [option for option in self.continuing if self.held[option] >= self.quota]
        self.chosen += in_order(reached, self.held, self.contest)
        self.continuing = [option for option in self.continuing if option not in reached]
        return len(self.chosen) < self.contest.seats

    def rule_52(self) -> bool:
        """Fill the last vacancies; whether the count goes on."""
        if len(self.continuing) > self.contest.seats - len(self.chosen):
            return True
        self.chosen += in_order(self.continuing, self.held, self.contest)
        return False

    def transfer(self) -> bool:
        """Rules 48 to 51; whether the lot said whose papers."""
        above = [option for option in self.chosen if self.held[option] > self.quota]
        among, extreme = (above, max) if above else (self.continuing, min)
        sought = extreme(self.held[option] for option in among)
        tied = [option for option in among if self.held[option] == sought]
        tied = self.looked_back(tied, extreme)
        drawn = self.contest.preferred(tied) if above else self.contest.deferred(tied)
        if len(drawn) > 1:
            return False
        (option,) = drawn
        total = self.held.pop(option)
        if above:
            self.held[option] = self.quota
        else:
            self.continuing.remove(option)
        for paper in self.papers:
            if paper.lies_with == option:
                if above:
                    paper.worth = down((total - self.quota) * paper.worth / total, 5)
                self.hand_on(paper)
        return True

    def looked_back(
        self, tied: list[Slug], extreme: Callable[[Iterable[Fraction]], Fraction]
    ) -> list[Slug]:
        """Rules 49 (2) and 51 (2)."""
        for stage in self.stages[::-1]:
            sought = extreme(stage[option] for option in tied)
            tied = [option for option in tied if stage[option] == sought]
        return tied


def literal_meek(ballots: Mapping[Ranking, int], contest: Contest) -> Result:
    """Count as the Reference Meek Rule reads, every ballot on its own, excluded options kept at 0."""
    papers = papers_of(ballots)
    keep = {option: Fraction(1) for option in contest.options}
    hopeful = list(contest.options)
    chosen: list[Slug] = []
    rounds: list[Stage] = []
    while papers and hopeful and len(chosen) < contest.seats:
        held, reached, surplus = _iterated(papers, contest, keep, hopeful, chosen)
        rounds.append({option: held[option] for option in contest.options if keep[option]})
        if reached:
            chosen += in_order(reached, held, contest)
            hopeful = [option for option in hopeful if option not in reached]
            continue
        lowest = min(held[option] for option in hopeful)
        tied = [option for option in hopeful if held[option] <= lowest + surplus]
        excluded = contest.deferred(tied)
        if len(excluded) > 1:
            break
        keep[excluded[0]] = Fraction(0)
        hopeful.remove(excluded[0])
    return rounds, chosen


def _iterated(
    papers: list[list[Slug]],
    contest: Contest,
    keep: Stage,
    hopeful: list[Slug],
    chosen: list[Slug],
) -> tuple[Stage, list[Slug], Fraction]:
    """Step B.2: change keep factors until somebody is elected or it no longer helps."""
    surpluses: list[Fraction] = []
    while True:
        held = _distributed(papers, keep)
        votes = sum(held.values(), Fraction(0))
        quota = down(votes / (contest.seats + 1), 9) + UNIT
        reached = [option for option in hopeful if held[option] >= quota]
        if len(hopeful) <= contest.seats - len(chosen):
            reached = hopeful
        above = [held[option] - quota for option in chosen if held[option] > quota]
        surpluses.append(sum(above, Fraction(0)))
        is_small = surpluses[-1] < Fraction(1, 10**6)
        is_stuck = len(surpluses) > 1 and surpluses[-1] >= surpluses[-2]
        if reached or is_small or is_stuck:
            return held, reached, surpluses[-1]
        for option in chosen:
            keep[option] = up(up(keep[option] * quota) / held[option])


def _distributed(papers: list[list[Slug]], keep: Stage) -> Stage:
    held = {option: Fraction(0) for option in keep}
    for paper in papers:
        weight = Fraction(1)
        for option in paper:
            taken = up(weight * keep[option])
            held[option] += taken
            weight -= taken
    return held
