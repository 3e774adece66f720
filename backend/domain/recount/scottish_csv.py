"""Files of Scottish council elections, as researchers publish the ballots of a ward.

C1  First the number of options and the number of seats.
C2  Then ballots: how many, and the numbers of the options best first. Every line but the first may end with a
    comma, which means nothing.
C3  Then a line an option, in order: ``Candidate n``, its name, its party. The party is skipped.
C4  Last the ward, which is the title.

Source: the reader of VoteKit 3.5.0, https://votekit.readthedocs.io/, for files of
https://github.com/mggg/scot-elex
"""

from backend.domain.recount.cells import cells
from backend.domain.recount.election import (
    Election,
    Heading,
    RankedPaper,
    option_number,
    option_total,
    ranking_election,
    seat_total,
)
from backend.domain.recount.lines import Line, at_line, ballot_count

_SEPARATOR = ","


def parse_scottish_csv(lines: list[Line]) -> Election:
    """Read the ballots of a ward.

    Args:
        lines: From ``read_lines``.

    Raises:
        InvalidInputError: ``recount.`` and ``header``, ``options``, ``seats``, ``candidate``, ``count``,
            ``end``, ``line``, ``name`` or ``repeated``.
    """
    sizes = cells(lines[0], separator=_SEPARATOR)
    if len(sizes) != 2:
        raise at_line("recount.header", lines[0], expected="options and seats")
    options = option_total(sizes[0], lines[0])
    seats = seat_total(sizes[1], lines[0], options=options)
    ended = len(lines) - options - 1
    if ended < 1:
        raise at_line("recount.end", lines[-1], expected=f"{options} options, then the ward")
    names = [_name(line, number) for number, line in enumerate(lines[ended:-1], start=1)]
    papers = [_paper(line, options) for line in lines[1:ended]]
    heading = Heading(names=names, title=_title(lines[-1]), seats=seats)
    return ranking_election(heading, papers)


def _paper(line: Line, options: int) -> RankedPaper:
    found = cells(line, separator=_SEPARATOR)
    counted = ballot_count(found[0] if found else "", line)
    tiers = tuple((option_number(cell, line, options=options),) for cell in found[1:])
    return RankedPaper(line, counted, tiers)


def _name(line: Line, number: int) -> Line:
    found = cells(line, separator=_SEPARATOR)
    if not 2 <= len(found) <= 3 or found[0] != f"Candidate {number}":
        raise at_line("recount.name", line, expected=f"Candidate {number}, name, party")
    return line[0], found[1]


def _title(line: Line) -> str:
    found = cells(line, separator=_SEPARATOR)
    if len(found) != 1 or found[0].startswith("Candidate "):
        raise at_line("recount.end", line, expected="the ward in one cell")
    return found[0]
