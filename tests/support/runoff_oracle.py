"""Instant runoff and two rounds counted the slow, literal way: every voter is asked again in every round.

Oracle for ``backend.domain.methods.instant_runoff`` and ``two_round``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from backend.domain.acts import Slug
from backend.domain.methods.choices import Ranking
from backend.domain.methods.contest import Contest


def preferred(ranking: Ranking, among: Sequence[Slug]) -> Slug | None:
    """Return the first option on a ballot that is among these."""
    for (option,) in ranking:
        if option in among:
            return option
    return None


def asked(ballots: Mapping[Ranking, int], among: Sequence[Slug]) -> dict[Slug, int]:
    """Return how many voters prefer each of these options to the others."""
    answers = [
        preferred(ranking, among) for ranking, voters in ballots.items() for _ in range(voters)
    ]
    return {option: answers.count(option) for option in among}


def runoff_winners(ballots: Mapping[Ranking, int], contest: Contest) -> set[Slug]:
    """Return who can win when options leave one by one, and any leaves that the priority may exclude."""
    if not ballots:
        return set()
    return _winners(ballots, contest, contest.options)


def _winners(
    ballots: Mapping[Ranking, int], contest: Contest, among: tuple[Slug, ...]
) -> set[Slug]:
    has = asked(ballots, among)
    for option, voters in has.items():
        if voters > sum(has.values()) - voters:
            return {option}
    last = [option for option in among if has[option] == min(has.values())]
    winners: set[Slug] = set()
    for leaving in contest.deferred(last):
        winners |= _winners(ballots, contest, tuple(each for each in among if each != leaving))
    return winners


def two_round_winners(ballots: Mapping[Ranking, int], contest: Contest, *, blank: int) -> set[Slug]:
    """Return who can win when any two go on, and any wins, whom the priority does not place behind."""
    has = asked(ballots, contest.options)
    cast = sum(has.values()) + (blank if contest.blanks_cast else 0)
    for option, voters in has.items():
        if voters > cast - voters:
            return {option}
    named = [option for option in contest.options if has[option] > 0]
    if len(named) < 2:
        return set(named)
    winners: set[Slug] = set()
    for pair in combinations(named, 2):
        if all(
            not _before(out, into, has, contest)
            for into in pair
            for out in named
            if out not in pair
        ):
            final = asked(ballots, pair)
            best = [option for option in pair if final[option] == max(final.values())]
            winners |= set(replace(contest, options=pair).preferred(best))
    return winners


def _before(first: Slug, second: Slug, has: Mapping[Slug, int], contest: Contest) -> bool:
    if has[first] != has[second]:
        return has[first] > has[second]
    return contest.tier(first) < contest.tier(second)
