"""PrefLib files of ordinal preferences: ``.soc``, ``.soi``, ``.toc`` and ``.toi``.

P1  Lines that begin with ``#`` are the header, ``# KEY: value``, each key once, before all others; a key
    that is not named below is skipped.
P2  ``NUMBER ALTERNATIVES``, ``NUMBER VOTERS``, ``NUMBER UNIQUE ORDERS`` and an ``ALTERNATIVE NAME n`` for
    each option must be there; ``DATA TYPE``, where it is there, must be the ending of the file's name;
    ``TITLE`` is the title.
P3  Then orders: how many voters, a colon, the options best first with commas between, equal ones in braces.
P4  Endings with an s have no equal options; endings with a second c name every option on each line.
P5  Voters and different orders must be as many as the header says.

Source: https://www.preflib.org/format
"""

import re
from collections.abc import Mapping
from typing import Literal

from backend.domain.recount.election import (
    Election,
    Heading,
    RankedPaper,
    option_number,
    option_total,
    ranking_election,
)
from backend.domain.recount.lines import Line, at_line, ballot_count, integer

PreflibType = Literal["soc", "soi", "toc", "toi"]
"""Strict orders or orders with ties, complete or incomplete."""

_MARK = "#"
_TIER = re.compile(r"\{([^{},]+(?:,[^{},]+)+)\}|([^{},]+)")
_ORDER = re.compile(rf"(?:{_TIER.pattern})(?:,(?:{_TIER.pattern}))*")


def parse_preflib(lines: list[Line], data_type: PreflibType) -> Election:
    """Read a PrefLib file.

    Args:
        lines: From ``read_lines``.
        data_type: Ending of the file's name.

    Raises:
        InvalidInputError: ``recount.`` and ``header``, ``options``, ``name``, ``kind``, ``candidate``,
            ``count``, ``line``, ``repeated`` or ``total``.
    """
    header = _header(lines)
    last = lines[len(header) - 1] if header else lines[0]
    number, written = _required(header, "NUMBER ALTERNATIVES", last)
    options = option_total(written, (number, written))
    declared = header.get("DATA TYPE")
    if declared is not None and declared[1] != data_type:
        raise at_line("recount.kind", declared, expected=data_type)
    names = [_required(header, f"ALTERNATIVE NAME {each}", last) for each in range(1, options + 1)]
    papers = [_paper(line, options, data_type) for line in lines[len(header) :]]
    _, title = header.get("TITLE", (0, ""))
    election = ranking_election(Heading(names=names, title=title), papers)
    voters = sum(paper.voters for paper in papers)
    _check_total(_required(header, "NUMBER VOTERS", last), voters)
    _check_total(_required(header, "NUMBER UNIQUE ORDERS", last), len(election.ballots))
    return election


def _header(lines: list[Line]) -> dict[str, Line]:
    """Values by key, each with its line (P1)."""
    header: dict[str, Line] = {}
    for line in lines:
        number, text = line
        if not text.startswith(_MARK):
            break
        key, colon, value = text.removeprefix(_MARK).strip().partition(":")
        if not colon or key in header:
            raise at_line("recount.header", line, expected="# KEY: value, each key once")
        header[key] = (number, value.strip())
    return header


def _required(header: Mapping[str, Line], key: str, last: Line) -> Line:
    if key not in header:
        raise at_line("recount.header", last, expected=f"# {key}: before the orders")
    return header[key]


def _paper(line: Line, options: int, data_type: PreflibType) -> RankedPaper:
    count, colon, order = line[1].partition(":")
    written = order.replace(" ", "")
    if not colon or not _ORDER.fullmatch(written):
        raise at_line("recount.line", line, expected="count: option,option or {option,option}")
    counted = ballot_count(count.strip(), line)
    tiers = tuple(
        tuple(
            option_number(each, line, options=options) for each in (match[1] or match[2]).split(",")
        )
        for match in _TIER.finditer(written)
    )
    if data_type.startswith("s") and any(len(tier) > 1 for tier in tiers):
        raise at_line("recount.kind", line, expected="no equal options")
    if data_type.endswith("c") and sum(map(len, tiers)) != options:
        raise at_line("recount.kind", line, expected=f"all {options} options")
    return RankedPaper(line, counted, tiers)


def _check_total(announced: Line, found: int) -> None:
    if integer(announced[1]) != found:
        raise at_line("recount.total", announced, expected=str(found))
