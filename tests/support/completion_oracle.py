"""What a vote may still come to, the slow way: every way in which the missing electors may vote is tried.

Oracle for ``backend.domain.ballots.early``.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, combinations_with_replacement

from backend.domain.methods import count_choices
from backend.domain.methods.choices import BLANK, format_approved
from backend.domain.methods.contest import Contest
from backend.domain.rulebook.rule import Threshold
from tests.support.majority_oracle import enough, whole_of

Vote = str | None
"""A choice; None for an elector who does not vote."""


@dataclass(frozen=True)
class Terms:
    """What one proposal needs."""

    majority: Threshold
    base: str
    quorum: Threshold
    casting: bool
    """Whether a casting vote decides a tie."""


def completions(choices: Sequence[str], missing: int) -> Iterator[tuple[Vote, ...]]:
    """Yield every way in which the missing electors may vote or not, up to their order."""
    return combinations_with_replacement((*choices, None), missing)


def outcomes(
    cast: Sequence[str], terms: Terms, *, size: int, attending: Sequence[int], holder: int | None
) -> set[str]:
    """Return how a vote on one proposal may end.

    Args:
        cast: Votes cast so far.
        terms: What adoption needs.
        size: Electors.
        attending: How many may be there or represented at the close.
        holder: Place of the elector with the casting vote; those who voted come first. None for nobody.
    """
    found = set()
    for more in completions(("yes", "no", "abstain"), size - len(cast)):
        # The holder may be any of the missing, so that each order of them counts.
        for turned in {more[place:] + more[:place] for place in range(max(len(more), 1))}:
            votes = (*cast, *turned)
            deciding = None if holder is None else votes[holder]
            for there in attending:
                found.add(_outcome(votes, terms, size=size, there=there, deciding=deciding))
    return found


def possible(cast: Sequence[str], terms: Terms, *, size: int) -> set[str]:
    """Return how a vote may end where a casting vote that decides may go either way."""
    found = set()
    for more in completions(("yes", "no", "abstain"), size - len(cast)):
        for deciding in ("yes", "no"):
            found.add(_outcome((*cast, *more), terms, size=size, there=size, deciding=deciding))
    return found


def rankings(
    method: str, cast: Sequence[str], contest: Contest, *, missing: int
) -> set[tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]]:
    """Return who is chosen, in tiers, and tied, for each way to complete a vote on several options."""
    options: Sequence[str] = contest.options
    if method == "approval":
        most = contest.approvals or len(options)
        sets = chain.from_iterable(combinations(options, count + 1) for count in range(most))
        options = [format_approved(each) for each in sets]
    found = set()
    for more in completions((*options, BLANK), missing):
        votes = Counter([*cast, *(vote for vote in more if vote is not None)])
        tally = count_choices(method, votes, contest)
        tiers = tuple(
            tuple(option for option in tier if option in tally.elected) for tier in tally.ranking
        )
        found.add((tuple(tier for tier in tiers if tier), tally.undecided))
    return found


def _outcome(votes: Sequence[Vote], terms: Terms, *, size: int, there: int, deciding: Vote) -> str:
    cast = [vote for vote in votes if vote is not None]
    if not _enough(len(cast), size, terms.quorum):
        return "no_quorum"
    yes, no = cast.count("yes"), cast.count("no")
    if yes == no:
        if not terms.casting or deciding != "yes":
            return "rejected"
        yes, cast = yes + 1, [*cast, "yes"]
    whole = whole_of(cast, terms.base, electors=size, attending=there)
    return "adopted" if _enough(yes, whole, terms.majority) else "rejected"


def _enough(part: int, whole: int, threshold: Threshold) -> bool:
    share = threshold.fraction
    return enough(part, whole, num=share.num, den=share.den, strict=threshold.strict)
