"""What a file of ballots says: names, seats and ballots, equal ones once.

E1  Names are 1 to ``MAX_OPTIONS``, each 1 to ``MAX_NAME`` characters after normalisation (NFC), no two
    equal.
E2  The id of an option is its name in lowercase ASCII letters, digits and hyphens; where that is empty, taken
    or reserved, a number follows, in the order of the file. Ids never decide anything.
E3  Seats, where the file names them, are 1 to the number of options.
E4  Withdrawn options leave every ballot; a ballot that is then empty, or was before, is blank.
E5  An option stands once on a ballot at most.
E6  A file holds ``MAX_BALLOTS`` ballots at most.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from backend.domain.acts import Slug
from backend.domain.methods.choices import BLANK, Marks, Ranking
from backend.domain.methods.contest import MAX_OPTIONS
from backend.domain.recount.lines import MAX_BALLOTS, Line, at_line, integer

MAX_NAME = 200
"""Longest name of an option, in characters."""

FileKind = Literal["rankings", "marks"]
"""What each ballot of a file is: an order of options, or a number for each."""

NumberedRanking = tuple[tuple[int, ...], ...]
"""Tiers of options by their number in the file, from 1, best first."""

_ID_LENGTH = 56
_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class RankedBallot:
    """Equal rankings of a file."""

    ranking: Ranking
    """What they say, at least one option."""
    voters: int
    """How many there are."""
    line: Line
    """Where the first of them stands."""


@dataclass(frozen=True, slots=True)
class MarkedBallot:
    """Equal marks of a file."""

    marks: Marks
    """What they say, a mark for one option at least."""
    voters: int
    """How many there are."""
    line: Line
    """Where the first of them stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    """The ballots of a file."""

    title: str = ""
    """What was decided; empty where the file does not say."""
    names: Mapping[Slug, str]
    """Names of the options as the file writes them, by id, in its order; withdrawn ones are absent."""
    seats: int | None = None
    """How many options are chosen; None where the file does not say."""
    withdrawn: tuple[str, ...] = ()
    """Names of withdrawn options, in the order of the file."""
    costs: Mapping[Slug, int] = field(default_factory=dict)
    """Cost of each option; empty where the file has none."""
    kind: FileKind
    """What the ballots are."""
    ballots: tuple[RankedBallot, ...] | tuple[MarkedBallot, ...]
    """Ballots that choose something, in the order of the file, different from each other."""
    blank: int
    """Ballots that choose nothing."""


@dataclass(frozen=True, slots=True)
class RankedPaper:
    """A line of a file with a ranking."""

    line: Line
    """The line."""
    voters: int
    """How many ballots it stands for."""
    tiers: NumberedRanking
    """What they say."""


@dataclass(frozen=True, slots=True)
class MarkedPaper:
    """A line of a file with marks."""

    line: Line
    """The line."""
    voters: int
    """How many ballots it stands for."""
    marks: tuple[tuple[int, int], ...]
    """Number of an option, from 1, and its mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a file says besides its ballots."""

    names: Sequence[Line]
    """Names of the options, each with its line, in the order of their numbers."""
    title: str = ""
    """What was decided."""
    seats: int | None = None
    """How many options are chosen."""
    withdrawn: frozenset[int] = frozenset()
    """Numbers of withdrawn options."""
    costs: tuple[int, ...] = ()
    """Costs in the order of the options, or none at all."""


def ranking_election(heading: Heading, papers: Sequence[RankedPaper]) -> Election:
    """Return an election of rankings (E1 to E6).

    Raises:
        InvalidInputError: ``recount.name``, ``recount.repeated`` or ``recount.count``.
    """
    written = checked_names(heading.names)
    _check_total(papers)
    ids = option_ids(written)
    counted: dict[Ranking, RankedBallot] = {}
    for paper in papers:
        _check_once(paper)
        kept = (
            tuple(sorted(ids[number - 1] for number in tier if number not in heading.withdrawn))
            for tier in paper.tiers
        )
        ranking = tuple(tier for tier in kept if tier)
        before = counted.get(ranking, RankedBallot(ranking, 0, paper.line))
        counted[ranking] = replace(before, voters=before.voters + paper.voters)
    blank = counted.pop((), None)
    return Election(
        title=heading.title,
        names=_standing(ids, written, heading.withdrawn),
        seats=heading.seats,
        withdrawn=tuple(written[number - 1] for number in sorted(heading.withdrawn)),
        costs=_costs(ids, heading),
        kind="rankings",
        ballots=tuple(counted.values()),
        blank=blank.voters if blank else 0,
    )


def marks_election(heading: Heading, papers: Sequence[MarkedPaper]) -> Election:
    """Return an election of marks (E1, E2, E4, E6).

    Raises:
        InvalidInputError: ``recount.name`` or ``recount.count``.
    """
    written = checked_names(heading.names)
    _check_total(papers)
    ids = option_ids(written)
    counted: dict[Marks, MarkedBallot] = {}
    for paper in papers:
        marks = tuple(sorted((ids[number - 1], mark) for number, mark in paper.marks))
        before = counted.get(marks, MarkedBallot(marks, 0, paper.line))
        counted[marks] = replace(before, voters=before.voters + paper.voters)
    blank = counted.pop((), None)
    return Election(
        names=_standing(ids, written, frozenset()),
        costs=_costs(ids, heading),
        kind="marks",
        ballots=tuple(counted.values()),
        blank=blank.voters if blank else 0,
    )


def option_ids(names: Sequence[str]) -> tuple[Slug, ...]:
    """Return the ids of options, in the order of their names (E2)."""
    taken = {BLANK}
    ids = []
    for name in names:
        ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        stem = _NOT_IN_ID.sub("-", ascii_name.lower()).strip("-")[:_ID_LENGTH].rstrip("-")
        found = stem = stem or "option"
        number = 1
        while found in taken:
            number += 1
            found = f"{stem}-{number}"
        taken.add(found)
        ids.append(found)
    return tuple(ids)


def option_number(text: str, line: Line, *, options: int) -> int:
    """Return the number of an option.

    Args:
        text: The number as written.
        line: Where it stands.
        options: How many options there are.

    Raises:
        InvalidInputError: ``recount.candidate``.
    """
    number = integer(text)
    if number is None or not 1 <= number <= options:
        raise at_line("recount.candidate", line, expected=f"a number from 1 to {options}")
    return number


def option_total(text: str, line: Line) -> int:
    """Return how many options a file announces.

    Raises:
        InvalidInputError: ``recount.options``.
    """
    options = integer(text)
    if options is None or not 1 <= options <= MAX_OPTIONS:
        raise at_line("recount.options", line, expected=f"1 to {MAX_OPTIONS} options")
    return options


def seat_total(text: str, line: Line, *, options: int) -> int:
    """Return how many seats a file announces (E3).

    Args:
        text: The number as written.
        line: Where it stands.
        options: How many options there are.

    Raises:
        InvalidInputError: ``recount.seats``.
    """
    seats = integer(text)
    if seats is None or not 1 <= seats <= options:
        raise at_line("recount.seats", line, expected=f"1 to {options} seats")
    return seats


def normal_name(text: str) -> str:
    """Return a name as it is compared (E1)."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def checked_names(names: Sequence[Line]) -> tuple[str, ...]:
    """Return names as they are compared (E1).

    Args:
        names: As written, each with its line.

    Raises:
        InvalidInputError: ``recount.name``.
    """
    seen: set[str] = set()
    for number, raw in names:
        name = normal_name(raw)
        if not 1 <= len(name) <= MAX_NAME:
            expected = f"a name of 1 to {MAX_NAME} characters"
            raise at_line("recount.name", (number, name), expected=expected)
        if name in seen:
            raise at_line("recount.name", (number, name), expected="different names")
        seen.add(name)
    return tuple(normal_name(raw) for _, raw in names)


def _standing(
    ids: Sequence[Slug], names: Sequence[str], withdrawn: Collection[int]
) -> dict[Slug, str]:
    return {
        option: name
        for number, (option, name) in enumerate(zip(ids, names, strict=True), start=1)
        if number not in withdrawn
    }


def _costs(ids: Sequence[Slug], heading: Heading) -> dict[Slug, int]:
    return dict(zip(ids, heading.costs, strict=True)) if heading.costs else {}


def _check_once(paper: RankedPaper) -> None:
    numbers = [number for tier in paper.tiers for number in tier]
    if len(set(numbers)) != len(numbers):
        raise at_line("recount.repeated", paper.line, expected="each option once")


def _check_total(papers: Sequence[RankedPaper | MarkedPaper]) -> None:
    total = 0
    for paper in papers:
        total += paper.voters
        if total > MAX_BALLOTS:
            raise at_line("recount.count", paper.line, expected=f"at most {MAX_BALLOTS} ballots")
