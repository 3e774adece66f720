"""Plurality, approval, score and quadratic voting beside pref_voting and votekit."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from random import Random
from typing import Any, Generic, TypeVar

from pref_voting.grade_methods import approval as pref_approval
from pref_voting.grade_methods import score_voting as pref_score
from pref_voting.grade_profiles import GradeProfile
from pref_voting.profiles_with_ties import ProfileWithTies
from pref_voting.scoring_methods import plurality as pref_plurality
from votekit.ballot import RankBallot, ScoreBallot
from votekit.elections import Approval, Plurality, Rating
from votekit.models import Election
from votekit.pref_profile import RankProfile, ScoreProfile

from backend.domain.acts import Slug
from backend.domain.methods import OptionMethod, approval, plurality, quadratic, score
from backend.domain.methods.choices import Approved, Marks
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.tally import Tally
from tests.oracles.comparison import Comparison, Difference, Disagreements, compare

B = TypeVar("B", bound=Hashable)

OPTIONS: tuple[Slug, ...] = ("ash", "birch", "cedar", "elm", "fir")
"""Options of the profiles; each has two of them or more."""

HIGHEST = 5
"""Highest score."""

CREDITS = 25
"""Credits of each voter in quadratic voting."""

UNSUPPORTED = "an option without support takes no seat"
"""Why the other program elects one where we elect nobody: no total is above 0."""

SLOW = 20
"""One in so many profiles goes to votekit, which takes some milliseconds for each."""


@dataclass(frozen=True, slots=True)
class Profile(Generic[B]):
    """Ballots of a contest."""

    contest: Contest
    """Options and seats."""
    ballots: Mapping[B, int]
    """Voters of each distinct ballot."""


def compare_plurality(seed: int, profiles: int) -> Disagreements:
    """Compare the winners of one seat with those of pref_voting."""

    def theirs(profile: Profile[Slug]) -> Sequence[str]:
        named = [{name: 1} for name in profile.ballots]
        counted = ProfileWithTies(
            named, list(profile.ballots.values()), candidates=list(profile.contest.options)
        )
        return list(pref_plurality(counted))

    def differ(profile: Profile[Slug]) -> Difference | None:
        tally = plurality.count(Votes(profile.ballots), profile.contest)
        return _winners_differ(tally, theirs(profile))

    return compare(seed=seed, profiles=profiles, draw=_draw_names, differ=differ)


def compare_approval(seed: int, profiles: int) -> Disagreements:
    """Compare the winners of one seat with those of pref_voting."""

    def differ(profile: Profile[Approved]) -> Difference | None:
        tally = approval.count(Votes(profile.ballots), profile.contest)
        graded = [dict.fromkeys(approved, 1) for approved in profile.ballots]
        return _winners_differ(tally, list(pref_approval(_graded(graded, profile, [0, 1]))))

    return compare(seed=seed, profiles=profiles, draw=_draw_approvals, differ=differ)


def compare_score(seed: int, profiles: int) -> Disagreements:
    """Compare the winners of one seat with those of pref_voting."""

    def differ(profile: Profile[Marks]) -> Difference | None:
        tally = score.count(Votes(profile.ballots), profile.contest)
        graded = [dict(marks) for marks in profile.ballots]
        counted = _graded(graded, profile, list(range(HIGHEST + 1)))
        return _winners_differ(tally, list(pref_score(counted, ungraded_score=0)))

    return compare(seed=seed, profiles=profiles, draw=_draw_scores, differ=differ)


def compare_quadratic(seed: int, profiles: int) -> Disagreements:
    """Compare the winners of one seat with those of pref_voting's sum of grades below and above 0."""

    def differ(profile: Profile[Marks]) -> Difference | None:
        tally = quadratic.count(Votes(profile.ballots), profile.contest)
        graded = [dict(marks) for marks in profile.ballots]
        counted = _graded(graded, profile, list(range(-CREDITS, CREDITS + 1)))
        return _winners_differ(tally, list(pref_score(counted, ungraded_score=0)))

    return compare(seed=seed, profiles=profiles, draw=_draw_votes, differ=differ)


def compare_plurality_seats(seed: int, profiles: int) -> Disagreements:
    """Compare totals and winners of several seats with those of votekit."""

    def differ(profile: Profile[Slug]) -> Difference | None:
        ballots = tuple(
            RankBallot(ranking=({name},), weight=voters) for name, voters in profile.ballots.items()
        )
        counted = RankProfile(ballots=ballots, candidates=profile.contest.options)
        tally = plurality.count(Votes(profile.ballots), profile.contest)
        return _seats_differ(tally, partial(Plurality, counted))

    return compare(
        seed=seed, profiles=profiles, draw=_with_seats(_draw_names, plurality), differ=differ
    )


def compare_approval_seats(seed: int, profiles: int) -> Disagreements:
    """Compare totals and winners of several seats with those of votekit."""

    def differ(profile: Profile[Approved]) -> Difference | None:
        tally = approval.count(Votes(profile.ballots), profile.contest)
        scored = [dict.fromkeys(approved, 1) for approved in profile.ballots]
        return _seats_differ(tally, partial(Approval, _scored(scored, profile)))

    return compare(
        seed=seed, profiles=profiles, draw=_with_seats(_draw_approvals, approval), differ=differ
    )


def compare_score_seats(seed: int, profiles: int) -> Disagreements:
    """Compare totals and winners of several seats with those of votekit, which reads no score of 0."""

    def differ(profile: Profile[Marks]) -> Difference | None:
        tally = score.count(Votes(profile.ballots), profile.contest)
        scored = _scored([dict(marks) for marks in profile.ballots], profile)
        return _seats_differ(tally, partial(Rating, scored, per_candidate_limit=HIGHEST))

    draw = _with_seats(partial(_draw_scores, lowest=1), score)
    return compare(seed=seed, profiles=profiles, draw=draw, differ=differ)


COMPARISONS: Sequence[Comparison] = (
    Comparison("plurality", "pref_voting plurality", compare_plurality),
    Comparison("plurality", "votekit Plurality", compare_plurality_seats, thinned=SLOW),
    Comparison("approval", "pref_voting approval", compare_approval),
    Comparison("approval", "votekit Approval", compare_approval_seats, thinned=SLOW),
    Comparison("score", "pref_voting score_voting", compare_score),
    Comparison("score", "votekit Rating", compare_score_seats, thinned=SLOW),
    Comparison("quadratic", "pref_voting score_voting", compare_quadratic),
)
"""Methods that add up."""


def winners(tally: Tally) -> set[Slug]:
    """Return who wins the one seat, or may win it."""
    return set(tally.elected or tally.undecided)


def _winners_differ(tally: Tally, theirs: Sequence[str]) -> Difference | None:
    ours = winners(tally)
    if ours == set(theirs):
        return None
    best = tally.ranking[0]
    unsupported = not ours and set(theirs) == set(best) and int(tally.totals[best[0]]) <= 0
    return Difference(
        ours=str(sorted(ours)),
        theirs=str(sorted(theirs)),
        reason=UNSUPPORTED if unsupported else None,
    )


def _seats_differ(tally: Tally, election: Callable[..., Election[Any]]) -> Difference | None:
    """Compare with an election of votekit, which refuses where a tie would have to be broken."""
    try:
        held = election(n_seats=tally.seats)
    except ValueError as error:
        return None if tally.undecided else Difference(ours=str(tally.elected), theirs=str(error))
    elected = {option for tier in held.get_elected() for option in tier}
    totals = {option: Fraction(total) for option, total in tally.totals.items() if total != "0"}
    theirs = {option: Fraction(total) for option, total in held.election_states[0].scores.items()}
    if elected == set(tally.elected) and totals == {
        str(option): total for option, total in theirs.items() if total
    }:
        return None
    return Difference(ours=f"{tally.elected} {totals}", theirs=f"{elected} {theirs}")


def _graded(
    graded: list[dict[Slug, int]], profile: Profile[Any], grades: list[int]
) -> GradeProfile:
    return GradeProfile(
        graded,
        grades,
        gcounts=list(profile.ballots.values()),
        candidates=list(profile.contest.options),
    )


def _scored(scored: list[dict[Slug, int]], profile: Profile[Any]) -> ScoreProfile:
    ballots = tuple(
        ScoreBallot(scores=scores, weight=voters)
        for scores, voters in zip(scored, profile.ballots.values(), strict=True)
    )
    return ScoreProfile(ballots=ballots, candidates=profile.contest.options)


def _draw(randomness: Random, ballot: Callable[[Contest], B]) -> Profile[B]:
    """Draw options, then up to 8 ballots of up to 3 voters each."""
    options = OPTIONS[: randomness.randint(2, len(OPTIONS))]
    contest = Contest(options=options, highest=HIGHEST, credits=CREDITS)
    ballots: Counter[B] = Counter()
    for _ in range(randomness.randint(1, 8)):
        ballots[ballot(contest)] += randomness.randint(1, 3)
    return Profile(contest, ballots)


def _draw_names(randomness: Random) -> Profile[Slug]:
    return _draw(randomness, lambda contest: randomness.choice(contest.options))


def _draw_approvals(randomness: Random) -> Profile[Approved]:
    def ballot(contest: Contest) -> Approved:
        number = randomness.randint(1, len(contest.options))
        return tuple(sorted(randomness.sample(contest.options, number)))

    return _draw(randomness, ballot)


def _draw_scores(randomness: Random, *, lowest: int = 0) -> Profile[Marks]:
    def ballot(contest: Contest) -> Marks:
        number = randomness.randint(1, len(contest.options))
        marked = sorted(randomness.sample(contest.options, number))
        return tuple((option, randomness.randint(lowest, HIGHEST)) for option in marked)

    return _draw(randomness, ballot)


def _draw_votes(randomness: Random) -> Profile[Marks]:
    """Draw ballots that spend their credits until an option takes more than is left."""

    def ballot(contest: Contest) -> Marks:
        left = CREDITS
        marks: dict[Slug, int] = {}
        for option in randomness.sample(contest.options, len(contest.options)):
            mark = randomness.choice((-4, -2, -1, 1, 1, 2, 2, 3, 4, 5))
            if mark * mark > left:
                break
            marks[option] = mark
            left -= mark * mark
        return tuple(sorted(marks.items()))

    return _draw(randomness, ballot)


def _with_seats(
    draw: Callable[[Random], Profile[B]], method: OptionMethod[B]
) -> Callable[[Random], Profile[B]]:
    """Return a drawing of profiles with as many seats as votekit fills: options that somebody supports."""

    def drawn(randomness: Random) -> Profile[B]:
        profile = draw(randomness)
        totals = method.count(Votes(profile.ballots), profile.contest).totals.values()
        seats = randomness.randint(1, sum(total != "0" for total in totals))
        return Profile(replace(profile.contest, seats=seats), profile.ballots)

    return drawn
