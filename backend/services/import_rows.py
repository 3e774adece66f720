"""Reading the table of an import: UTF-8, RFC 4180, columns by name.

T1 the file is UTF-8, with or without byte order mark, separated by commas and quoted as RFC 4180 section
2 says (https://www.rfc-editor.org/rfc/rfc4180); what is not such a file is refused whole, since no row
of it can be trusted. T2 the first record names the columns, each once, all of them among ``COLUMNS``. T3
a row that cannot be a member is a finding, and the rows around it are read. An empty field is a fact
that was not declared. No error quotes a field.
"""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from backend.domain.acts import MAX_IMPORTED, MemberClass
from backend.domain.errors import GovernanceError, InvalidInputError
from backend.domain.identity.attributes import MAX_FACT_LENGTH, Facts, Persons, check_facts

COLUMNS: Final = (
    "member_class", "name", "family_name", "given_names", "born", "birthplace", "registration", "document",
    "email", "phone", "language",
)  # fmt: skip
"""Names of the columns: the class as the rulebook names it, and facts."""

MAX_TABLE_BYTES: Final = MAX_IMPORTED * 1024
"""Longest file, in bytes."""

_LANGUAGES: Final = ("fr", "en")

csv.field_size_limit(MAX_FACT_LENGTH * 64)


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row that can be a member."""

    number: int
    """Place in the file, 1 for the first record after the names of the columns."""
    member_class: MemberClass
    """Class."""
    persons: Persons
    """What stands behind the class."""
    facts: Facts
    """Declared facts, checked."""


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that cannot be a member."""

    number: int
    """Place in the file."""
    error: GovernanceError
    """Why; it quotes nothing of the row."""


def read_table(
    content: bytes, persons_of: Callable[[MemberClass], Persons]
) -> Iterator[ImportRow | BrokenRow]:
    """Yield the rows of a table, in order.

    Args:
        content: The file.
        persons_of: What stands behind a class; raises ``GovernanceError`` for one that nobody joins.

    Raises:
        InvalidInputError: ``import.encoding``, ``import.malformed``, ``import.columns`` or
            ``import.rows``: the whole file is refused.
    """
    if len(content) > MAX_TABLE_BYTES:
        raise _too_many(f"{len(content)} bytes")
    records = _records(content)
    columns = next(records, [])
    _check_columns(columns)
    number = 0
    for number, record in enumerate(records, start=1):
        if number > MAX_IMPORTED:
            raise _too_many("more rows")
        try:
            yield _row(number, columns, record, persons_of)
        except GovernanceError as error:
            yield BrokenRow(number, error)
    if not number:
        raise _too_many("no row")


def _records(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            "import.encoding", expected="UTF-8", found=f"byte {error.start}"
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise InvalidInputError(
            "import.malformed", expected="RFC 4180", found=f"line {reader.line_num}"
        ) from error


def _check_columns(columns: list[str]) -> None:
    unknown = sum(name not in COLUMNS for name in columns)
    if unknown or len(set(columns)) != len(columns) or "member_class" not in columns:
        raise InvalidInputError(
            "import.columns",
            expected=", ".join(COLUMNS),
            found=f"{unknown} unknown of {len(columns)}",
        )


def _row(
    number: int,
    columns: list[str],
    record: list[str],
    persons_of: Callable[[MemberClass], Persons],
) -> ImportRow:
    if len(record) != len(columns):
        raise InvalidInputError(
            "import.fields", expected=f"{len(columns)} fields", found=str(len(record))
        )
    facts = {name: text.strip() for name, text in zip(columns, record, strict=True) if text.strip()}
    for name, text in facts.items():
        if any(unicodedata.category(character)[0] == "C" for character in text):
            raise InvalidInputError("import.characters", expected="printable text", found=name)
    if facts.get("language", _LANGUAGES[0]) not in _LANGUAGES:
        raise InvalidInputError(
            "import.language", expected=", ".join(_LANGUAGES), found="another language"
        )
    member_class = facts.pop("member_class", "")
    persons = persons_of(member_class)
    check_facts(facts, persons)
    return ImportRow(number, member_class, persons, facts)


def _too_many(found: str) -> InvalidInputError:
    return InvalidInputError(
        "import.rows", expected=f"1 to {MAX_IMPORTED} rows, {MAX_TABLE_BYTES} bytes", found=found
    )
