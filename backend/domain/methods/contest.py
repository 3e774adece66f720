"""What is counted: the options, how many are to be chosen, and in which order equal ones are preferred.

A count never depends on the order in which options or ballots arrive: where figures are equal it asks
``Contest.priority``, which the decision draws from the rulebook's chain (status quo, casting vote, seniority,
sortition), and where that is silent too the tie stands and is told as such.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from backend.domain.acts import Slug

OptionMethodName = Literal[
    "plurality",
    "two_round",
    "approval",
    "score",
    "majority_judgement",
    "schulze",
    "ranked_pairs",
    "instant_runoff",
    "stv_scottish",
    "stv_meek",
    "quadratic",
    "equal_shares",
]
"""Methods that choose among several options, by the value of ``BallotRule.method``."""

MAX_OPTIONS = 50
"""Options of one contest: more than any ballot of an association has, so that a choice stays short."""

MAX_GRADES = 10
"""Grades of majority judgement: words that voters can still tell apart."""

MAX_SCORE = 100
"""Highest score of score voting."""

MAX_CREDITS = 10_000
"""Voice credits of quadratic voting."""

B = TypeVar("B")

Order = tuple[tuple[Slug, ...], ...]
"""A weak order: tiers of equally placed options, best tier first, each tier ascending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """A question with several options."""

    options: tuple[Slug, ...]
    """Ids of the options, ascending, each once, 1 to ``MAX_OPTIONS``."""
    seats: int = 1
    """How many options are chosen at most, 1 or more; for a budget it is the number of options."""
    grades: int = 0
    """Number of grades of majority judgement, 2 to ``MAX_GRADES``; grade 0 is the worst."""
    highest: int = 0
    """Highest score of score voting, 1 to ``MAX_SCORE``; the lowest is 0."""
    approvals: int = 0
    """Options one ballot may approve at most; 0 for no bound."""
    credits: int = 0
    """Voice credits of each voter in quadratic voting, 1 to ``MAX_CREDITS``."""
    costs: Mapping[Slug, int] = field(default_factory=dict)
    """Cost of each option in a budget, 1 or more, in the smallest unit of the currency."""
    budget: int = 0
    """What may be spent in all, in the same unit."""
    blanks_cast: bool = False
    """Whether blank ballots count in the whole of which an absolute majority is asked."""
    priority: Order = ()
    """Which options are preferred where figures are equal; options it leaves out share the last tier."""

    def tier(self, option: Slug) -> int:
        """Return the place of an option in the priority, 0 for the most preferred tier."""
        for place, tier in enumerate(self.priority):
            if option in tier:
                return place
        return len(self.priority)

    def preferred(self, tied: Collection[Slug]) -> tuple[Slug, ...]:
        """Return those of the tied options that the priority prefers, ascending; one if it decides."""
        best = min(map(self.tier, tied))
        return tuple(sorted(option for option in tied if self.tier(option) == best))

    def deferred(self, tied: Collection[Slug]) -> tuple[Slug, ...]:
        """Return those of the tied options that the priority places last, ascending."""
        worst = max(map(self.tier, tied))
        return tuple(sorted(option for option in tied if self.tier(option) == worst))

    def ordered(self, tied: Iterable[Slug]) -> Order:
        """Return tied options in tiers, preferred first; one option a tier where the priority is complete."""
        tiers: dict[int, list[Slug]] = {}
        for option in sorted(tied):
            tiers.setdefault(self.tier(option), []).append(option)
        return tuple(tuple(tiers[place]) for place in sorted(tiers))


@dataclass(frozen=True, slots=True)
class Votes(Generic[B]):
    """The last ballots of all voters: equal ones once, with their number; their order means nothing."""

    ballots: Mapping[B, int]
    """Valid ballots, and how many voters cast each, 1 or more."""
    blank: int = 0
    """Voters who chose nothing on purpose."""
    void: int = 0
    """Papers that nobody could read as a vote; signed ballots are never void, they are refused when cast."""

    @property
    def valid(self) -> int:
        """Number of valid ballots."""
        return sum(self.ballots.values())
