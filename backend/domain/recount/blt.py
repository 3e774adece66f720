"""BLT files, as programs for the single transferable vote exchange them.

B1  One statement a line; a ``#`` outside quotation marks begins a comment.
B2  First the number of options and the number of seats.
B3  Then, where options withdrew, their numbers with a minus sign, on one line or several.
B4  Then ballots: how many, the options best first, ``=`` between equal ones without spaces, and 0. A ballot
    without options is blank.
B5  Then 0 alone, which ends the ballots.
B6  Then the names in the order of the numbers, in quotation marks, one a line; then the title, in quotation
    marks, which may be absent; then at most two remarks in quotation marks, which are skipped.

What some programs add to it, ballot numbers in parentheses, skipped ranks written ``-`` and bracketed
options, is refused: how it counts differs between them.

Source: Hill, Wichmann and Woodall, Algorithm 123, The Computer Journal 30 (1987), section 3.1; equal ranks
and comments as OpenSTV writes them, https://www.opavote.com/help/overview#blt-file-format; remarks as in
https://github.com/jklundell/droop/wiki/BltFileFormat.
"""

from backend.domain.recount.election import (
    Election,
    Heading,
    NumberedRanking,
    RankedPaper,
    option_number,
    option_total,
    ranking_election,
    seat_total,
)
from backend.domain.recount.lines import Line, at_line, ballot_count

_QUOTE = '"'
_REMARKS = 2


def parse_blt(lines: list[Line]) -> Election:
    """Read a BLT file.

    Args:
        lines: From ``read_lines``.

    Raises:
        InvalidInputError: ``recount.`` and ``header``, ``options``, ``seats``, ``candidate``, ``count``,
            ``end``, ``line``, ``name``, ``repeated`` or ``excess``.
    """
    statements = _statements(lines)
    options, seats = _sizes(statements[0])
    ended = _end_of_ballots(statements)
    place = 1
    withdrawn: set[int] = set()
    while place < ended and statements[place][1].startswith("-"):
        withdrawn |= _withdrawn(statements[place], options)
        place += 1
    if len(withdrawn) == options:
        raise at_line("recount.options", statements[place - 1], expected="an option that stands")
    papers = [_paper(statement, options) for statement in statements[place:ended]]
    names, title = _names(statements[ended:], options)
    heading = Heading(names=names, title=title, seats=seats, withdrawn=frozenset(withdrawn))
    return ranking_election(heading, papers)


def _statements(lines: list[Line]) -> list[Line]:
    """Lines without comments; at least one."""
    statements = []
    for number, text in lines:
        kept = _without_comment(text)
        if kept:
            statements.append((number, kept))
    if not statements:
        raise at_line("recount.header", lines[0], expected="options and seats")
    return statements


def _without_comment(text: str) -> str:
    quoted = False
    for place, each in enumerate(text):
        if each == _QUOTE:
            quoted = not quoted
        elif each == "#" and not quoted:
            return text[:place].strip()
    return text


def _sizes(statement: Line) -> tuple[int, int]:
    words = statement[1].split()
    if len(words) != 2:
        raise at_line("recount.header", statement, expected="options and seats")
    options = option_total(words[0], statement)
    return options, seat_total(words[1], statement, options=options)


def _end_of_ballots(statements: list[Line]) -> int:
    """Place of the 0 that ends the ballots."""
    for place, statement in enumerate(statements):
        if statement[1] == "0":
            return place
        if statement[1].startswith(_QUOTE):
            raise at_line("recount.end", statement, expected="0 after the last ballot")
    raise at_line("recount.end", statements[-1], expected="0 after the last ballot")


def _withdrawn(statement: Line, options: int) -> set[int]:
    words = statement[1].split()
    if not all(word.startswith("-") for word in words):
        raise at_line("recount.line", statement, expected="numbers with a minus sign alone")
    return {option_number(word[1:], statement, options=options) for word in words}


def _paper(statement: Line, options: int) -> RankedPaper:
    count, *ranks = statement[1].split()
    counted = ballot_count(count, statement)
    if not ranks or ranks[-1] != "0":
        raise at_line("recount.end", statement, expected="0 after the last option")
    tiers: NumberedRanking = tuple(
        tuple(option_number(word, statement, options=options) for word in rank.split("="))
        for rank in ranks[:-1]
    )
    return RankedPaper(statement, counted, tiers)


def _names(statements: list[Line], options: int) -> tuple[list[Line], str]:
    """Names and title after the end of the ballots, which is the first of the statements."""
    texts = [_quoted(statement) for statement in statements[1:]]
    if len(texts) < options:
        raise at_line("recount.name", statements[-1], expected=f"{options} names")
    if len(texts) > options + 1 + _REMARKS:
        raise at_line("recount.excess", statements[options + 2 + _REMARKS], expected="nothing more")
    title = texts[options][1] if len(texts) > options else ""
    return texts[:options], title


def _quoted(statement: Line) -> Line:
    number, text = statement
    inner = text[1:-1]
    if len(text) < 2 or not (text[0] == text[-1] == _QUOTE) or _QUOTE in inner:
        raise at_line("recount.name", statement, expected="a name in quotation marks")
    return number, inner
