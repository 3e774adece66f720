"""Our own table of ballots, which a spreadsheet can write: rankings, or a mark for each option.

T1  Cells are separated by commas, or by semicolons where one follows the first word of the file.
T2  The first line is ``rankings`` or ``marks``, then the names of the options.
T3  A second line ``costs``, where there is one, gives the cost of each option, 1 or more, in its order.
T4  Every other line is how many ballots, then what they say.
T5  Rankings: names best first, `` = `` between equal ones in one cell; options left out are unranked.
T6  Marks: an integer for each option in the order of the first line, between ``-MAX_MARK`` and ``MAX_MARK``;
    an empty cell is no mark.
T7  A ballot that says nothing is blank. Empty cells at the end of a line mean nothing.
"""

from typing import Literal

from backend.domain.methods.contest import MAX_CREDITS, MAX_OPTIONS
from backend.domain.recount.cells import cells
from backend.domain.recount.election import (
    Election,
    FileKind,
    Heading,
    MarkedPaper,
    RankedPaper,
    checked_names,
    marks_election,
    normal_name,
    ranking_election,
)
from backend.domain.recount.lines import Line, at_line, ballot_count, integer

FILE_KINDS: tuple[FileKind, ...] = ("rankings", "marks")
"""First words of such files (T2)."""

MAX_MARK = MAX_CREDITS
"""Greatest mark for or against an option: no method knows a greater one."""

Separator = Literal[",", ";"]
"""What stands between cells."""

_SEPARATORS: tuple[Separator, ...] = (",", ";")
_EQUAL = "="
_MINUS = "-"


def parse_plain_csv(lines: list[Line]) -> Election:
    """Read a table of ballots.

    Args:
        lines: From ``read_lines``.

    Raises:
        InvalidInputError: ``recount.`` and ``header``, ``options``, ``candidate``, ``cost``, ``count``,
            ``line``, ``mark``, ``excess``, ``name`` or ``repeated``.
    """
    separator = next((each for each in _SEPARATORS if _begins_with(lines[0], each)), None)
    if separator is None:
        raise at_line("recount.header", lines[0], expected="rankings or marks, then names")
    kind, *written = cells(lines[0], separator=separator)
    names = [(lines[0][0], name) for name in written]
    if not 1 <= len(names) <= MAX_OPTIONS:
        raise at_line("recount.options", lines[0], expected=f"1 to {MAX_OPTIONS} options")
    for name in written:
        if _EQUAL in name:
            raise at_line("recount.name", (lines[0][0], name), expected="names without =")
    numbers = {name: number for number, name in enumerate(checked_names(names), start=1)}
    rows = [(line, cells(line, separator=separator)) for line in lines[1:]]
    costs = _costs(rows, len(names))
    heading = Heading(names=names, costs=costs)
    papers = rows[1:] if costs else rows
    if kind == "marks":
        return marks_election(heading, [_marked(line, row, len(names)) for line, row in papers])
    return ranking_election(heading, [_ranked(line, row, numbers) for line, row in papers])


def _begins_with(line: Line, separator: Separator) -> bool:
    return any(line[1].startswith(f"{kind}{separator}") for kind in FILE_KINDS)


def _costs(rows: list[tuple[Line, list[str]]], options: int) -> tuple[int, ...]:
    """Costs of the second line, or nothing where it is a ballot (T3)."""
    if not rows or rows[0][1][:1] != ["costs"]:
        return ()
    line, (_, *row) = rows[0]
    costs = [integer(cell) for cell in row]
    known = tuple(cost for cost in costs if cost)
    if len(known) != len(costs) or len(costs) != options:
        raise at_line("recount.cost", line, expected=f"{options} costs of 1 or more")
    return known


def _ranked(line: Line, row: list[str], numbers: dict[str, int]) -> RankedPaper:
    counted = ballot_count(row[0] if row else "", line)
    tiers = []
    for cell in row[1:]:
        names = [normal_name(name) for name in cell.split(_EQUAL)]
        for name in names:
            if name not in numbers:
                raise at_line("recount.candidate", (line[0], name), expected="a name of line 1")
        tiers.append(tuple(numbers[name] for name in names))
    return RankedPaper(line, counted, tuple(tiers))


def _marked(line: Line, row: list[str], options: int) -> MarkedPaper:
    counted = ballot_count(row[0] if row else "", line)
    if len(row) - 1 > options:
        raise at_line("recount.excess", line, expected=f"at most {options} marks")
    marks = []
    for number, cell in enumerate(row[1:], start=1):
        if not cell:
            continue
        size = integer(cell.removeprefix(_MINUS))
        if size is None or size > MAX_MARK:
            expected = f"-{MAX_MARK} to {MAX_MARK}"
            raise at_line("recount.mark", (line[0], cell), expected=expected)
        marks.append((number, -size if cell.startswith(_MINUS) else size))
    return MarkedPaper(line, counted, tuple(marks))
