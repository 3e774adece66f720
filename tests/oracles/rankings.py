"""Schulze, ranked pairs, instant runoff and two rounds beside pref_voting and votekit."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import factorial, prod
from random import Random

from pref_voting.iterative_methods import instant_runoff_tb, plurality_with_runoff_put
from pref_voting.margin_based_methods import beat_path as pref_beat_path
from pref_voting.margin_based_methods import ranked_pairs as pref_ranked_pairs
from pref_voting.profiles import Profile as PrefProfile
from pref_voting.profiles_with_ties import ProfileWithTies
from votekit.ballot import RankBallot
from votekit.elections import IRV, RankedPairs, Schulze
from votekit.pref_profile import RankProfile

from backend.domain.acts import Slug
from backend.domain.methods import instant_runoff, ranked_pairs, schulze, two_round
from backend.domain.methods.choices import Ranking
from backend.domain.methods.columns import count_duels
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.pairwise import Above
from tests.oracles.comparison import Comparison, Difference, Disagreements, compare
from tests.oracles.totals import OPTIONS, SLOW, Profile, winners
from tests.support.duel_oracle import links, literal_duels, lock

ORDERS_TRIED = 200
"""Orders of equal links that pref_voting may have to try; profiles that need more are drawn again."""

NOT_TRIED = "orders of equal links are bounded, not tried"
"""Why several stay undecided where pref_voting, trying every order, finds fewer winners."""

ONE_TIE = "the count stops at a tie"
"""Why nobody is chosen where each way out of the tie leads to the other program's winners."""

BY_NAME = "equal options are ordered by name"
"""Why votekit has one winner where figures leave several."""

WIDE_TIER = "votekit's first tier is the smallest set whose members beat all others"
"""Why votekit, where figures leave several winners, has an option of that set, which is wider."""

Rankings = Profile[Ranking]
"""Rankings of a contest."""


def compare_schulze(seed: int, profiles: int) -> Disagreements:
    """Compare the first tier with pref_voting's winners by winning votes, equal and short ranks included."""

    def differ(profile: Rankings) -> Difference | None:
        tally = schulze.count(Votes(profile.ballots), profile.contest)
        beside = with_ties(profile)
        theirs = pref_beat_path(beside, strength_function=winning_votes(beside))
        return different(set(tally.ranking[0]), theirs)

    return compare(seed=seed, profiles=profiles, draw=_draw_weak, differ=differ)


def compare_schulze_margins(seed: int, profiles: int) -> Disagreements:
    """Compare the winner with votekit's, on complete rankings, where margins and winning votes agree."""

    def differ(profile: Rankings) -> Difference | None:
        tally = schulze.count(Votes(profile.ballots), profile.contest)
        held = Schulze(votekit_profile(profile)).get_elected()
        above = schulze.standing_above(tally.duels or {})
        return _named_first(set(tally.ranking[0]), held[0], above)

    return compare(seed=seed, profiles=profiles, draw=draw_complete, differ=differ)


def compare_ranked_pairs(seed: int, profiles: int) -> Disagreements:
    """Compare who wins with whom pref_voting finds in all orders of links of equal winning votes."""

    def differ(profile: Rankings) -> Difference | None:
        tally = ranked_pairs.count(Votes(profile.ballots), profile.contest)
        beside = with_ties(profile)
        theirs = pref_ranked_pairs(beside, strength_function=winning_votes(beside))
        undecided = set(tally.undecided) > set(theirs)
        return different(winners(tally), theirs, reason=NOT_TRIED if undecided else None)

    return compare(seed=seed, profiles=profiles, draw=_draw_few_orders, differ=differ)


def compare_ranked_pairs_margins(seed: int, profiles: int) -> Disagreements:
    """Compare the winner with votekit's, on complete rankings, where margins and winning votes agree."""

    def differ(profile: Rankings) -> Difference | None:
        tally = ranked_pairs.count(Votes(profile.ballots), profile.contest)
        held = RankedPairs(votekit_profile(profile)).get_elected()
        won = links(literal_duels(profile.ballots, profile.contest.options))
        locked = lock(sorted(won, key=won.__getitem__, reverse=True), profile.contest.options)
        above = {
            option: {below for first, below in locked if first == option}
            for option in profile.contest.options
        }
        return _named_first(winners(tally), held[0], above)

    return compare(seed=seed, profiles=profiles, draw=draw_complete, differ=differ)


def compare_instant_runoff(seed: int, profiles: int) -> Disagreements:
    """Compare the winner with pref_voting's, with short ballots, and ties broken by one order."""

    def differ(profile: Rankings) -> Difference | None:
        order = [option for (option,) in profile.contest.priority]
        tally = instant_runoff.count(Votes(profile.ballots), profile.contest)
        theirs = instant_runoff_tb(with_ties(profile), tie_breaker=order[::-1])
        return different(set(tally.elected), theirs)

    return compare(seed=seed, profiles=profiles, draw=_draw_with_priority, differ=differ)


def compare_instant_runoff_rounds(seed: int, profiles: int) -> Disagreements:
    """Compare the winner with votekit's, where no tie has to be broken."""

    def differ(profile: Rankings) -> Difference | None:
        tally = instant_runoff.count(Votes(profile.ballots), profile.contest)
        if tally.undecided:
            return None
        held = IRV(votekit_profile(profile), tiebreak="lexicographic", exact=True).get_elected()
        return different(set(tally.elected), held[0])

    return compare(seed=seed, profiles=profiles, draw=draw_strict, differ=differ)


def compare_two_round(seed: int, profiles: int) -> Disagreements:
    """Compare who wins with whom pref_voting finds for every way out of a tie."""

    def differ(profile: Rankings) -> Difference | None:
        tally = two_round.count(Votes(profile.ballots), profile.contest)
        numbers = {option: number for number, option in enumerate(profile.contest.options)}
        linear = [[numbers[option] for (option,) in ranking] for ranking in profile.ballots]
        found = plurality_with_runoff_put(PrefProfile(linear, list(profile.ballots.values())))
        theirs = [profile.contest.options[number] for number in found]
        return different(winners(tally), theirs, reason=ONE_TIE if tally.undecided else None)

    return compare(seed=seed, profiles=profiles, draw=draw_complete, differ=differ)


COMPARISONS: Sequence[Comparison] = (
    Comparison("schulze", "pref_voting beat_path", compare_schulze),
    Comparison("schulze", "votekit Schulze", compare_schulze_margins, thinned=SLOW),
    Comparison("ranked_pairs", "pref_voting ranked_pairs", compare_ranked_pairs),
    Comparison("ranked_pairs", "votekit RankedPairs", compare_ranked_pairs_margins, thinned=SLOW),
    Comparison("instant_runoff", "pref_voting instant_runoff_tb", compare_instant_runoff),
    Comparison("instant_runoff", "votekit IRV", compare_instant_runoff_rounds, thinned=SLOW),
    Comparison("two_round", "pref_voting plurality_with_runoff_put", compare_two_round),
)
"""Methods that rank, or choose one option from rankings."""


def _named_first(ours: set[Slug], theirs: Iterable[object], above: Above) -> Difference | None:
    """Return how our winners differ from the one that votekit names first.

    Args:
        ours: One winner, or several that figures leave.
        theirs: Whom votekit elects.
        above: Who stands below whom.
    """
    others = {str(option) for option in theirs}
    reason = None
    if others < ours:
        reason = BY_NAME
    elif len(ours) > 1 and others < _dominant(ours, above):
        reason = WIDE_TIER
    return different(ours, others, reason=reason)


def _dominant(ours: set[Slug], above: Above) -> set[Slug]:
    """Return the smallest set with our winners in it whose members all stand above all that are not."""
    dominant = set(ours)
    while more := {
        option
        for option in above
        if option not in dominant and any(option not in above[member] for member in dominant)
    }:
        dominant |= more
    return dominant


def different(
    ours: set[Slug], theirs: Iterable[object], *, reason: str | None = None
) -> Difference | None:
    """Return how two sets of winners differ; None if they do not."""
    others = {str(option) for option in theirs}
    if ours == others:
        return None
    return Difference(ours=str(sorted(ours)), theirs=str(sorted(others)), reason=reason)


def with_ties(profile: Rankings) -> ProfileWithTies:
    """Return a profile of pref_voting in which options left out share the last place."""
    places = [
        {option: place for place, tier in enumerate(ranking, start=1) for option in tier}
        for ranking in profile.ballots
    ]
    beside = ProfileWithTies(
        places, list(profile.ballots.values()), candidates=list(profile.contest.options)
    )
    beside.use_extended_strict_preference()
    return beside


def winning_votes(profile: ProfileWithTies) -> Callable[[Slug, Slug], int]:
    """Return the strength of links by winning votes, then by losing votes; 0 for a tied duel."""
    more_than_all = sum(profile.rankings_counts[1]) + 1

    def strength(first: Slug, second: Slug) -> int:
        voters, against = profile.support(first, second), profile.support(second, first)
        return int(voters * more_than_all - against) if voters > against else 0

    return strength


def votekit_profile(profile: Rankings) -> RankProfile:
    """Return a profile of votekit."""
    ballots = tuple(
        RankBallot(ranking=[set(tier) for tier in ranking], weight=voters)
        for ranking, voters in profile.ballots.items()
    )
    return RankProfile(ballots=ballots, candidates=profile.contest.options)


def drawn_rankings(
    randomness: Random, ballot: Callable[[tuple[Slug, ...]], Ranking], *, most: int = 5
) -> Rankings:
    """Draw 3 to 5 options, then up to 8 ballots of up to ``most`` voters each."""
    options = OPTIONS[: randomness.randint(3, len(OPTIONS))]
    ballots: Counter[Ranking] = Counter()
    for _ in range(randomness.randint(1, 8)):
        ballots[ballot(options)] += randomness.randint(1, most)
    return Profile(Contest(options=options), ballots)


def draw_complete(randomness: Random) -> Rankings:
    """Draw rankings of all options, one at each rank."""
    return drawn_rankings(
        randomness,
        lambda options: tuple((option,) for option in randomness.sample(options, len(options))),
    )


def draw_strict(randomness: Random, *, most: int = 5) -> Rankings:
    """Draw rankings of some options, one at each rank, each of up to ``most`` voters."""
    return drawn_rankings(
        randomness,
        lambda options: tuple(
            (option,) for option in randomness.sample(options, randomness.randint(1, len(options)))
        ),
        most=most,
    )


def _draw_weak(randomness: Random) -> Rankings:
    def ballot(options: tuple[Slug, ...]) -> Ranking:
        named = randomness.sample(options, randomness.randint(1, len(options)))
        places = {option: randomness.randrange(len(options)) for option in named}
        return tuple(
            tuple(sorted(option for option in named if places[option] == place))
            for place in sorted(set(places.values()))
        )

    return drawn_rankings(randomness, ballot)


def _draw_few_orders(randomness: Random) -> Rankings:
    while True:
        profile = _draw_weak(randomness)
        duels = count_duels(profile.ballots, profile.contest.options)
        strengths = Counter(
            (max(voters, duels[second][first]), min(voters, duels[second][first]))
            if voters != duels[second][first]
            else None
            for first, row in duels.items()
            for second, voters in row.items()
            if voters >= duels[second][first]
        )
        if prod(map(factorial, strengths.values())) <= ORDERS_TRIED:
            return profile


def _draw_with_priority(randomness: Random) -> Rankings:
    profile = draw_strict(randomness)
    order = randomness.sample(profile.contest.options, len(profile.contest.options))
    priority = tuple((option,) for option in order)
    return replace(profile, contest=replace(profile.contest, priority=priority))
