"""Transferable votes beside pref_voting and votekit."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from random import Random

from pref_voting.proportional_methods import stv_meek as pref_meek
from pref_voting.proportional_methods import stv_scottish as pref_scottish
from votekit.elections import STV

from backend.domain.methods import stv_meek, stv_scottish
from backend.domain.methods.contest import Votes
from backend.domain.methods.tally import Tally
from tests.oracles.comparison import Comparison, Difference, Disagreements, compare
from tests.oracles.rankings import (
    Rankings,
    different,
    draw_strict,
    votekit_profile,
    with_ties,
)
from tests.oracles.totals import SLOW

VOTERS = 40
"""Most voters of one ballot."""

UNIT = Fraction(1, 10**5)
"""What a paper can lose at most when its value is cut off."""

LOT = "only a lot breaks the tie"
"""Why somebody is undecided for whom the other program draws a lot of its own."""

ROUNDED = "votes differ only by what is rounded at nine decimals"
"""Why one of two options leaves that would be tied without rounding: pref_voting rounds elsewhere."""

CUT_OFF = "votes differ only by what is cut off after five decimals"
"""Why another option leaves: the other program transfers what in Scotland is not transferable."""

TOGETHER = "votekit transfers the surpluses of one stage together"
"""Why votes reach other options: in Scotland those chosen by the first transfer get nothing of the second."""

UNVOTED = "votekit fails where a seat is left for options without a vote"
"""Why votekit says nothing of votes of which ours says who is chosen, and between whom lots decide."""


def compare_scottish(seed: int, profiles: int) -> Disagreements:
    """Compare who is elected with pref_voting's reading of the Scottish rules."""

    def differ(profile: Rankings) -> Difference | None:
        tally = stv_scottish.count(Votes(profile.ballots), profile.contest)
        lot = Random(1)  # noqa: S311 - nothing rests on it
        theirs = pref_scottish(with_ties(profile), num_seats=profile.contest.seats, rng=lot)
        return elected_differ(tally, theirs, reason=_cut_off(tally))

    return compare(seed=seed, profiles=profiles, draw=_draw_seats, differ=differ)


def compare_scottish_rounds(seed: int, profiles: int) -> Disagreements:
    """Compare who is elected with votekit's fractions."""

    def differ(profile: Rankings) -> Difference | None:
        tally = stv_scottish.count(Votes(profile.ballots), profile.contest)
        try:
            held = STV(
                votekit_profile(profile),
                n_seats=profile.contest.seats,
                tiebreak="lexicographic",
                exact=True,
            )
        except IndexError:
            unvoted = UNVOTED if _seats_the_unvoted(tally) else None
            return different(set(tally.elected), (), reason=unvoted)
        theirs = [option for tier in held.get_elected() for option in tier]
        together = TOGETHER if _has_two_surpluses(tally) else None
        return elected_differ(tally, theirs, reason=together or _cut_off(tally))

    return compare(seed=seed, profiles=profiles, draw=_draw_seats, differ=differ)


def compare_meek(seed: int, profiles: int) -> Disagreements:
    """Compare who is elected with pref_voting's floating-point numbers."""

    def differ(profile: Rankings) -> Difference | None:
        tally = stv_meek.count(Votes(profile.ballots), profile.contest)
        theirs = pref_meek(with_ties(profile), num_seats=profile.contest.seats)
        # Each ballot is rounded once for every option that takes a share of it.
        rounded = Fraction(tally.valid * len(profile.contest.options), stv_meek.VOTE)
        reason = ROUNDED if _differ_by_less(tally, rounded) else None
        return elected_differ(tally, theirs, reason=reason)

    return compare(seed=seed, profiles=profiles, draw=_draw_seats, differ=differ)


COMPARISONS: Sequence[Comparison] = (
    Comparison("stv_scottish", "pref_voting stv_scottish", compare_scottish),
    Comparison("stv_scottish", "votekit STV", compare_scottish_rounds, thinned=SLOW),
    Comparison("stv_meek", "pref_voting stv_meek", compare_meek),
)
"""Methods of several seats."""


def elected_differ(
    tally: Tally, theirs: Sequence[object], *, reason: str | None = None
) -> Difference | None:
    """Compare who is elected; where only a lot decides, those who are certain must be among theirs."""
    certain = set(tally.elected)
    is_lot = tally.undecided and certain <= set(theirs)
    return different(certain, theirs, reason=LOT if is_lot else reason)


def _cut_off(tally: Tally) -> str | None:
    """Return the reason if at some stage two options differ by less than all that can be cut off."""
    cut = tally.valid * UNIT * len(tally.rounds)
    return CUT_OFF if _differ_by_less(tally, cut) else None


def _differ_by_less(tally: Tally, bound: Fraction) -> bool:
    """Tell whether in some round two options have different votes, but by less than a bound."""
    for stage in tally.rounds:
        votes = sorted(map(Fraction, stage.votes.values()))
        if any(0 < more - fewer < bound for fewer, more in pairwise(votes)):
            return True
    return False


def _has_two_surpluses(tally: Tally) -> bool:
    return any(
        sum(Fraction(votes) > Fraction(stage.quota or 0) for votes in stage.votes.values()) > 1
        for stage in tally.rounds
    )


def _seats_the_unvoted(tally: Tally) -> bool:
    """Tell whether fewer options have a vote at the end than there are seats left."""
    last = tally.rounds[-1].votes
    voted = [option for option in last if option not in tally.elected and last[option] != "0"]
    return len(voted) < tally.seats - len(tally.elected)


def _draw_seats(randomness: Random) -> Rankings:
    """Draw fewer seats than options that some ballot names, and enough voters that few are tied."""
    while True:
        profile = draw_strict(randomness, most=VOTERS)
        named = {option for ranking in profile.ballots for tier in ranking for option in tier}
        if len(named) > 1:
            seats = randomness.randint(1, len(named) - 1)
            return replace(profile, contest=replace(profile.contest, seats=seats))
