"""Wording of refusals of ballot files: complete, in both languages, and with the line."""

import re
from pathlib import Path

import pytest

from backend.domain.errors import InvalidInputError
from backend.domain.messages import Language, message
from backend.domain.messages_recount import RECOUNT_EN, RECOUNT_FR
from backend.domain.methods.contest import MAX_OPTIONS
from backend.domain.recount.lines import MAX_BALLOTS

BACKEND = Path(__file__).parents[3] / "backend"
SOURCES = [
    *(BACKEND / "domain" / "recount").glob("*.py"),
    *(BACKEND / "recount_charts").glob("*.py"),
    BACKEND / "cli" / "recount.py",
]


def test_wording__of_ballot_files__is_that_of_every_code_raised() -> None:
    raised = {
        code
        for path in SOURCES
        for code in re.findall(r'"(recount\.[a-z_]+)"', path.read_text("utf-8"))
    }
    assert raised == set(RECOUNT_FR) == set(RECOUNT_EN)


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        (
            "fr",
            "Ligne 7: 0 1 2 0. Une ligne vaut au moins un bulletin, et un fichier dix millions au plus.",
        ),
        (
            "en",
            "Line 7: 0 1 2 0. A line stands for one ballot at least, and a file for ten million at most.",
        ),
    ],
)
def test_message__of_a_line__quotes_it(language: Language, detail: str) -> None:
    error = InvalidInputError("recount.count", expected="1 ballot", found="7: 0 1 2 0")
    assert message(error, language).detail == detail


def test_wording__bounds__are_those_of_the_code() -> None:
    assert MAX_BALLOTS == 10_000_000
    for wording in (RECOUNT_FR, RECOUNT_EN):
        assert str(MAX_OPTIONS) in wording["recount.options"][1]
