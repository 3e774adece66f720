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
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    """The ballots of a file."""

    title: str
    """What was decided; empty where the file does not say."""
    names: Mapping[Slug, str]
    """Names of the options as the file writes them, by id, in its order; withdrawn ones are absent."""
    seats: int | None
    """How many options are chosen; None where the file does not say."""
    withdrawn: tuple[str, ...]
    """Names of withdrawn options, in the order of the file."""
    kind: FileKind
    """What the ballots are."""
    ballots: Mapping[Ranking | Marks, int]
    """Ballots that choose something, with their number."""
    lines: Mapping[Ranking | Marks, Line]
    """Where each of them stands first."""
    blank: int
    """Ballots that choose nothing."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Equal ballots on one line of a file."""

    line: Line
    """The line."""
    count: int
    """How many there are."""
    tiers: NumberedRanking = ()
    """Their ranking, where the file has rankings."""
    marks: tuple[tuple[int, int], ...] = ()
    """Number of an option and its mark, where the file has marks."""


def ranking_election(
    title: str,
    names: Sequence[Line],
    papers: Sequence[Paper],
    *,
    seats: int | None,
    withdrawn: Collection[int] = (),
) -> Election:
    """Return an election of rankings.

    Args:
        title: What was decided.
        names: Names of the options, each with its line, in the order of their numbers.
        papers: The ballots.
        seats: How many options are chosen.
        withdrawn: Numbers of withdrawn options.

    Raises:
        InvalidInputError: ``recount.name``, ``recount.repeated`` or ``recount.ballots``.
    """
    written = _checked_names(names)
    ids = option_ids(written)
    ballots: Counter[Ranking | Marks] = Counter()
    lines: dict[Ranking | Marks, Line] = {}
    for paper in papers:
        _check_once(paper)
        kept = (
            tuple(sorted(ids[number - 1] for number in tier if number not in withdrawn))
            for tier in paper.tiers
        )
        ranking = tuple(tier for tier in kept if tier)
        ballots[ranking] += paper.count
        lines.setdefault(ranking, paper.line)
    _check_total(papers)
    blank = ballots.pop((), 0)
    return Election(
        title=title,
        names={
            each: name
            for number, (each, name) in enumerate(zip(ids, written, strict=True), start=1)
            if number not in withdrawn
        },
        seats=seats,
        withdrawn=tuple(written[number - 1] for number in sorted(withdrawn)),
        kind="rankings",
        ballots=ballots,
        lines=lines,
        blank=blank,
    )


def marks_election(names: Sequence[Line], papers: Sequence[Paper]) -> Election:
    """Return an election of marks; a ballot without any is blank.

    Args:
        names: Names of the options, each with its line, in the order of their numbers.
        papers: The ballots.

    Raises:
        InvalidInputError: ``recount.name`` or ``recount.ballots``.
    """
    written = _checked_names(names)
    ids = option_ids(written)
    ballots: Counter[Ranking | Marks] = Counter()
    lines: dict[Ranking | Marks, Line] = {}
    for paper in papers:
        marks = tuple(sorted((ids[number - 1], mark) for number, mark in paper.marks))
        ballots[marks] += paper.count
        lines.setdefault(marks, paper.line)
    _check_total(papers)
    blank = ballots.pop((), 0)
    return Election(
        title="",
        names=dict(zip(ids, written, strict=True)),
        seats=None,
        withdrawn=(),
        kind="marks",
        ballots=ballots,
        lines=lines,
        blank=blank,
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


def _checked_names(names: Sequence[Line]) -> tuple[str, ...]:
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


def _check_once(paper: Paper) -> None:
    numbers = [number for tier in paper.tiers for number in tier]
    if len(set(numbers)) != len(numbers):
        raise at_line("recount.repeated", paper.line, expected="each option once")


def _check_total(papers: Sequence[Paper]) -> None:
    total = 0
    for paper in papers:
        total += paper.count
        if total > MAX_BALLOTS:
            raise at_line("recount.count", paper.line, expected=f"at most {MAX_BALLOTS} ballots")
