"""Which parser reads a file: the ending of its name says, and for ``.csv`` the first word."""

from collections.abc import Callable, Mapping

from backend.domain.errors import InvalidInputError
from backend.domain.recount.blt import parse_blt
from backend.domain.recount.election import Election
from backend.domain.recount.lines import Line, read_lines
from backend.domain.recount.plain_csv import parse_plain_csv
from backend.domain.recount.preflib import parse_preflib
from backend.domain.recount.scottish_csv import parse_scottish_csv


def _parse_csv(lines: list[Line]) -> Election:
    """Files of wards begin with a number, tables of ours with a word."""
    _, first = lines[0]
    return parse_scottish_csv(lines) if first[0].isdecimal() else parse_plain_csv(lines)


PARSERS: Mapping[str, Callable[[list[Line]], Election]] = {
    "blt": parse_blt,
    "csv": _parse_csv,
    "soc": lambda lines: parse_preflib(lines, "soc"),
    "soi": lambda lines: parse_preflib(lines, "soi"),
    "toc": lambda lines: parse_preflib(lines, "toc"),
    "toi": lambda lines: parse_preflib(lines, "toi"),
}
"""Parsers by the ending of a file's name."""


def parse_election(content: bytes, ending: str) -> Election:
    """Read a file of ballots.

    Args:
        content: The file.
        ending: Ending of its name, without the point, in any case of letters.

    Raises:
        InvalidInputError: ``recount.format`` for another ending; ``recount.empty`` for a file without
            ballots; and what ``read_lines`` and the parsers raise.
    """
    parser = PARSERS.get(ending.lower())
    if parser is None:
        raise InvalidInputError("recount.format", expected=", ".join(PARSERS), found=ending[:20])
    lines = read_lines(content)
    election = parser(lines)
    if not election.ballots and not election.blank:
        raise InvalidInputError("recount.empty", expected="ballots", found="none")
    return election
