"""Equal shares beside abcvoting, where all costs are 1, and pabutools, with any costs."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from abcvoting.abcrules import compute_equal_shares
from abcvoting.preferences import Profile as Approvals
from pabutools.election import ApprovalBallot, ApprovalProfile, Cost_Sat, Instance, Project
from pabutools.rules import (
    completion_by_rule_combination,
    greedy_utilitarian_welfare,
    method_of_equal_shares,
)
from pabutools.tiebreaking import TieBreakingRule

from backend.domain.acts import Slug
from backend.domain.methods import equal_shares
from backend.domain.methods.choices import Approved
from backend.domain.methods.contest import Contest, Votes
from backend.domain.methods.tally import Tally
from tests.oracles.comparison import Comparison, Difference, Disagreements, compare
from tests.oracles.totals import OPTIONS

UNAPPROVED = "an option that nobody approves is not bought"
"""Why the other program spends more: its completion takes options without an approval too."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Approvals of options with costs."""

    contest: Contest
    """Costs, budget and an order of all options as the priority."""
    ballots: Mapping[Approved, int]
    """Voters of each distinct ballot."""

    @property
    def order(self) -> tuple[Slug, ...]:
        """Options in the order of the priority."""
        return tuple(option for tier in self.contest.priority for option in tier)

    def counted(self, *, ties: str) -> Tally:
        """Return our count, ties "decided" by the priority or "open"."""
        priority = self.contest.priority if ties == "decided" else ()
        contest = replace(self.contest, priority=priority)
        return equal_shares.count(Votes(self.ballots), contest)


def compare_committees(seed: int, profiles: int) -> Disagreements:
    """Compare what is bought with shares at a cost of 1 each with all committees of abcvoting."""

    def differ(profile: Profile) -> Difference | None:
        options = profile.contest.options
        approvals = Approvals(len(options))
        for approved, voters in profile.ballots.items():
            approvals.add_voters([[options.index(option) for option in approved]] * voters)
        committees = compute_equal_shares(
            approvals,
            profile.contest.budget,
            algorithm="standard-fractions",
            resolute=False,
            max_num_of_committees=None,
            completion=None,
        )
        return _sets_differ(
            profile, [{options[nth] for nth in committee} for committee in committees]
        )

    return compare(seed=seed, profiles=profiles, draw=_draw_committee, differ=differ)


def compare_budgets(seed: int, profiles: int) -> Disagreements:
    """Compare what is bought with shares with all outcomes of pabutools."""

    def differ(profile: Profile) -> Difference | None:
        instance, approvals = _election(profile)
        outcomes = method_of_equal_shares(
            instance, approvals, sat_class=Cost_Sat, resoluteness=False
        )
        return _sets_differ(profile, [_names(outcome) for outcome in outcomes])

    return compare(seed=seed, profiles=profiles, draw=_draw_budget, differ=differ)


def compare_completed(seed: int, profiles: int) -> Disagreements:
    """Compare what is bought in all with pabutools, which breaks ties as our priority does."""

    def differ(profile: Profile) -> Difference | None:
        instance, approvals = _election(profile)
        rules = {"sat_class": Cost_Sat, "tie_breaking": TieBreakingRule(_place_in(profile.order))}
        outcome = completion_by_rule_combination(
            instance,
            approvals,
            [method_of_equal_shares, greedy_utilitarian_welfare],
            [rules, rules],
        )
        return _spending_differs(profile, _names(outcome))

    return compare(seed=seed, profiles=profiles, draw=_draw_budget, differ=differ)


COMPARISONS: Sequence[Comparison] = (
    Comparison("equal_shares", "abcvoting equal shares, no completion", compare_committees),
    Comparison(
        "equal_shares", "pabutools equal shares, no completion", compare_budgets, thinned=10
    ),
    Comparison("equal_shares", "pabutools equal shares, then greedy", compare_completed),
)
"""Methods of budgets."""


def _sets_differ(profile: Profile, theirs: Collection[set[Slug]]) -> Difference | None:
    """Compare with all sets that some way of breaking ties buys with shares.

    Our priority leads to one of them; without it we buy what all of them hold, and all of it where there
    is one set only.
    """
    decided = _with_shares(profile.counted(ties="decided"))
    open_ties = profile.counted(ties="open")
    certain = _with_shares(open_ties)
    one = [certain] == list(theirs)
    if decided in theirs and (
        one or (open_ties.undecided and certain <= set.intersection(*theirs))
    ):
        return None
    return Difference(ours=f"{sorted(decided)} {sorted(certain)}", theirs=str(theirs))


def _spending_differs(profile: Profile, theirs: set[Slug]) -> Difference | None:
    tally = profile.counted(ties="decided")
    ours = set(tally.elected)
    if ours == theirs:
        return None
    unapproved = ours < theirs and all(tally.totals[option] == "0" for option in theirs - ours)
    return Difference(
        ours=str(sorted(ours)),
        theirs=str(sorted(theirs)),
        reason=UNAPPROVED if unapproved else None,
    )


def _with_shares(tally: Tally) -> set[Slug]:
    return {option for each in tally.rounds if each.quota for option in each.elected}


def _names(projects: Iterable[Project]) -> set[Slug]:
    return {project.name for project in projects}


def _election(profile: Profile) -> tuple[Instance, ApprovalProfile]:
    contest = profile.contest
    projects = {option: Project(option, contest.costs[option]) for option in contest.options}
    instance = Instance(projects.values(), budget_limit=contest.budget)
    ballots = [
        ApprovalBallot(projects[option] for option in approved)
        for approved in Counter(profile.ballots).elements()
    ]
    return instance, ApprovalProfile(ballots, instance=instance)


def _place_in(order: Sequence[Slug]) -> Callable[[object, object, Project], int]:
    def place(_instance: object, _approvals: object, project: Project) -> int:
        return order.index(project.name)

    return place


def _draw_committee(randomness: Random) -> Profile:
    """Draw options that cost 1 and a budget for some of them."""
    return _draw(randomness, highest_cost=1)


def _draw_budget(randomness: Random) -> Profile:
    """Draw options that cost up to 12 and a budget for some of them."""
    return _draw(randomness, highest_cost=12)


def _draw(randomness: Random, *, highest_cost: int) -> Profile:
    """Draw 2 to 5 options and up to 6 ballots of up to 3 voters each."""
    options = OPTIONS[: randomness.randint(2, len(OPTIONS))]
    costs = {option: randomness.randint(1, highest_cost) for option in options}
    order = randomness.sample(options, len(options))
    contest = Contest(
        options=options,
        seats=len(options),
        costs=costs,
        budget=randomness.randint(1, sum(costs.values())),
        priority=tuple((option,) for option in order),
    )
    ballots: Counter[Approved] = Counter()
    for _ in range(randomness.randint(1, 6)):
        number = randomness.randint(1, len(options))
        ballots[tuple(sorted(randomness.sample(options, number)))] += randomness.randint(1, 3)
    return Profile(contest, ballots)
