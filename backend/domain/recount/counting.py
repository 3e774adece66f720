"""Counting the ballots of a file by any method that suits them, exactly as signed ballots are counted.

N1  Every ballot is written as a choice of the method and read back by the method's own parser.
N2  A method of one choice counts the option ranked first; a first rank with several options is refused.
N3  A method of approvals counts as approved every option that is ranked, or that has a mark above 0; a ballot
    that approves nothing so is blank.
N4  A method of marks counts marks only: no rule makes them from ranks. A method of rankings counts rankings
    only.
N5  Seats are those asked for, else those of the file, else one; in a budget every option may be chosen.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.domain.acts import Slug
from backend.domain.errors import InvalidInputError
from backend.domain.methods import OPTION_METHODS
from backend.domain.methods.choices import (
    BLANK,
    BallotSchema,
    format_approved,
    format_marks,
    format_ranking,
)
from backend.domain.methods.contest import (
    MAX_CREDITS,
    MAX_GRADES,
    MAX_SCORE,
    Contest,
    OptionMethodName,
    Votes,
)
from backend.domain.methods.tally import Tally
from backend.domain.recount.election import Election, FileKind, MarkedBallot, RankedBallot
from backend.domain.recount.lines import Line, at_line

MAX_MONEY = 10**15
"""Greatest budget: any sum that an association can have, in cents."""

SUITED: Mapping[FileKind, tuple[BallotSchema, ...]] = {
    "rankings": ("single", "approval", "ranking"),
    "marks": ("approval", "marks"),
}
"""What each kind of file can be counted as (N2 to N4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How ballots are to be counted, beyond what their file says; 0 and None where nothing is asked."""

    seats: int | None = None
    """How many options are chosen."""
    grades: int = 0
    """Number of grades of majority judgement."""
    highest: int = 0
    """Highest score of score voting."""
    credits: int = 0
    """Voice credits of each voter in quadratic voting."""
    budget: int = 0
    """What may be spent in all, in the unit of the costs."""
    priority: tuple[Slug, ...] = ()
    """Which options are preferred where figures are equal; those left out come last, equal."""


def recount(election: Election, method: OptionMethodName, terms: Terms) -> Tally:
    """Count the ballots of a file.

    Args:
        election: The ballots.
        method: The method.
        terms: What the file does not say.

    Raises:
        InvalidInputError: ``recount.unsuited``, ``recount.option`` or ``recount.priority``; or, with the line
            of a ballot, ``recount.first``, ``recount.equal`` or ``recount.mark``.
    """
    counted_as = OPTION_METHODS[method].SCHEMA
    if counted_as not in SUITED[election.kind]:
        suited = (
            name for name, each in OPTION_METHODS.items() if each.SCHEMA in SUITED[election.kind]
        )
        raise InvalidInputError("recount.unsuited", expected=", ".join(suited), found=method)
    contest = _contest(election, method, terms)
    return OPTION_METHODS[method].count(_votes(election, method, contest), contest)


def _contest(election: Election, method: OptionMethodName, terms: Terms) -> Contest:
    options = tuple(sorted(election.names))
    _check_asked(method, terms)
    if method == "equal_shares":
        if not election.costs:
            raise _option_refused("costs", method)
        seats = len(options)
    else:
        seats = terms.seats or election.seats or 1
    if not 1 <= seats <= len(options):
        raise _option_refused(f"--seats 1-{len(options)}", str(seats))
    return Contest(
        options=options,
        seats=seats,
        grades=terms.grades,
        highest=terms.highest,
        credits=terms.credits,
        costs=election.costs,
        budget=terms.budget,
        priority=_priority(terms.priority, options),
    )


def _check_asked(method: OptionMethodName, terms: Terms) -> None:
    """A term that its method needs is there and within bounds, and no other is there."""
    bounds = (
        ("majority_judgement", "--grades", terms.grades, 2, MAX_GRADES),
        ("score", "--highest", terms.highest, 1, MAX_SCORE),
        ("quadratic", "--credits", terms.credits, 1, MAX_CREDITS),
        ("equal_shares", "--budget", terms.budget, 1, MAX_MONEY),
    )
    for needing, option, value, least, most in bounds:
        if method == needing and not least <= value <= most:
            raise _option_refused(f"{option} {least}-{most}", str(value))
        if method != needing and value:
            raise _option_refused(f"{needing}: {option}", f"{method}: {option} {value}")


def _option_refused(expected: str, found: str) -> InvalidInputError:
    return InvalidInputError("recount.option", expected=expected, found=found)


def _priority(named: tuple[Slug, ...], options: tuple[Slug, ...]) -> tuple[tuple[Slug, ...], ...]:
    for place, option in enumerate(named):
        if option not in options or option in named[:place]:
            raise InvalidInputError(
                "recount.priority", expected=", ".join(options), found=option[:60]
            )
    return tuple((option,) for option in named)


def _votes(election: Election, method: OptionMethodName, contest: Contest) -> Votes[Any]:
    ballots: Counter[Any] = Counter()
    blank = election.blank
    for ballot in election.ballots:
        choice = _choice(ballot, OPTION_METHODS[method].SCHEMA)
        if choice == BLANK:
            blank += ballot.voters
        else:
            ballots[_parsed(choice, ballot.line, method, contest)] += ballot.voters
    return Votes(ballots, blank=blank)


def _choice(ballot: RankedBallot | MarkedBallot, counted_as: BallotSchema) -> str:
    """Text of a ballot as a choice (N2, N3)."""
    if isinstance(ballot, MarkedBallot):
        if counted_as == "marks":
            return format_marks(ballot.marks)
        approved = tuple(option for option, mark in ballot.marks if mark > 0)
        return format_approved(approved) if approved else BLANK
    if counted_as == "ranking":
        return format_ranking(ballot.ranking)
    if counted_as == "approval":
        return format_approved(tuple(option for tier in ballot.ranking for option in tier))
    first, *others = ballot.ranking[0]
    if others:
        raise at_line("recount.first", ballot.line, expected="one first choice")
    return first


def _parsed(choice: str, line: Line, method: OptionMethodName, contest: Contest) -> object:
    try:
        return OPTION_METHODS[method].parse_choice(choice, contest)
    except InvalidInputError as error:
        code = "recount.equal" if error.code == "choice.equal_ranks" else "recount.mark"
        raise at_line(code, line, expected=error.expected) from error
