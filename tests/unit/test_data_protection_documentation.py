"""docs/data-protection.md: every table has its line, and every proof that it names is there."""

import re
from pathlib import Path

import pytest

from backend.domain.data_map import DATA_MAP
from backend.domain.purposes import PURPOSES

PAGE = Path("docs/data-protection.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:tests|backend|docs)/[a-z0-9_/.-]+)`", PAGE)))
LINKED = sorted(set(re.findall(r"\]\(([a-z0-9/.-]+)\)", PAGE)))


@pytest.mark.parametrize("table", sorted({datum.table for datum in DATA_MAP}))
def test_page__has_a_line_for_every_table_of_the_data_map(table: str) -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith("|") and f"`{table}`" in line]
    assert len(lines) == 1


@pytest.mark.parametrize("path", NAMED)
def test_page__names_files_that_are_there(path: str) -> None:
    assert Path(path).exists()


@pytest.mark.parametrize("path", LINKED)
def test_page__links_to_pages_that_are_there(path: str) -> None:
    assert (Path("docs") / path).exists()


def test_page__names_enough_to_be_checked_and_every_purpose() -> None:
    assert len(NAMED) > 30
    assert [name for name in PURPOSES if f"`{name}`" not in PAGE] == []
