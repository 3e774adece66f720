"""Short files of ballots in every format, and a way to ask why one is refused."""

import pytest

from backend.domain.errors import InvalidInputError
from backend.domain.recount.election import Election, MarkedBallot, RankedBallot
from backend.domain.recount.formats import parse_election

BLT = """\
4 2          # four stand, two are chosen
-2
3 1 3 4 0
4 1 3 2 0
2 4 1=3 0
1 2 0
5 0
0
"Adam"
"Basil"
"Charlotte # the second"
"Donald"
"A title"
"""
"""The example of the format, with a comment, a withdrawal, equal ranks and blank ballots."""

SOI = """\
# FILE NAME: 1.soi
# TITLE: A title
# DATA TYPE: soi
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 6
# NUMBER UNIQUE ORDERS: 2
# ALTERNATIVE NAME 1: Adam
# ALTERNATIVE NAME 2: Basil
# ALTERNATIVE NAME 3: Charlotte
4: 3,1
2: 2
"""
"""Strict orders, incomplete."""

SCOTTISH = """\
3,2,
4,3,1,
2,2,
"Candidate 1","Adam, of the Hill","Independent (Ind)",
"Candidate 2","Basil","Labour (Lab)",
"Candidate 3","Charlotte","Green (Gr)",
"A ward",
"""
"""Ballots of a ward."""

RANKINGS = """\
rankings,Ada,Bede,Cleo
40,Ada,Bede
35,Bede,Ada = Cleo
25,Cleo
3
"""
"""Our own table of rankings."""

MARKS = """\
marks;Ada;Bede;Cleo
3;2;0;
2;1;2;0
1;;;
"""
"""Our own table of marks, as a spreadsheet writes it where decimals have commas."""


def read(text: str, ending: str) -> Election:
    """Read a file."""
    return parse_election(text.encode(), ending)


def rankings(election: Election) -> dict[tuple[tuple[str, ...], ...], int]:
    """Return the rankings of an election with their number."""
    return {
        each.ranking: each.voters for each in election.ballots if isinstance(each, RankedBallot)
    }


def marks(election: Election) -> dict[tuple[tuple[str, int], ...], int]:
    """Return the marks of an election with their number."""
    return {each.marks: each.voters for each in election.ballots if isinstance(each, MarkedBallot)}


def refusal(content: str | bytes, ending: str) -> tuple[str, str]:
    """Return code and finding of the refusal of a file."""
    with pytest.raises(InvalidInputError) as caught:
        parse_election(content.encode() if isinstance(content, str) else content, ending)
    return caught.value.code, caught.value.found
