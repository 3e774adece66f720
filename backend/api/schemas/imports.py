"""Imports of a register that was kept elsewhere."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from backend.api.schemas.fields import AnswerModel, MemberText, RequestModel, SaltHex, Unsigned
from backend.api.schemas.signatures import MemberSignature, signature_bytes
from backend.domain.acts import MAX_IMPORTED
from backend.services.commands import Statement
from backend.services.import_rows import MAX_TABLE_BYTES
from backend.services.imports import Choice, Import

TableText = Annotated[str, StringConstraints(max_length=MAX_TABLE_BYTES)]
"""A table, RFC 4180."""

RowNumbers = Annotated[
    list[Annotated[int, Field(ge=1, le=MAX_IMPORTED)]], Field(max_length=MAX_IMPORTED)
]
"""Rows of a table, 1 for the first one after the names of the columns."""


class TableRequest(RequestModel):
    """A table to report on."""

    table: TableText
    """The table, RFC 4180; the first record names the columns."""


class ImportDraft(TableRequest, Unsigned):
    """An import to be signed."""

    author: MemberText
    """Who imports."""
    seed: SaltHex
    """32 secret random bytes, drawn for this import: pseudonyms and salts follow from them."""
    left_out: RowNumbers
    """Rows that are left out: the broken ones, and possible duplicates that are not taken in."""
    taken_in: RowNumbers
    """Possible duplicates that are taken in, to be looked at."""

    def asked(self) -> Import:
        """Return what the services understand."""
        choice = Choice(frozenset(self.left_out), frozenset(self.taken_in))
        return Import(self.table.encode("utf-8", "replace"), bytes.fromhex(self.seed), choice)


class ImportRequest(ImportDraft):
    """A signed import."""

    signature: MemberSignature
    """By the key bound to the author, over the statement of the import."""

    def statement(self) -> Statement:
        """Return what the services understand."""
        return Statement(self.author, self.issued_at, signature_bytes(self.signature))


class FindingAnswer(AnswerModel):
    """Something to be said of a row."""

    row: int
    """The row."""
    kind: Literal["broken", "same_person", "similar_person"]
    """Whether it cannot be taken in, or may be of somebody who is there already."""
    code: str
    """Stable machine name of what is wrong."""
    other_row: int | None
    """An earlier row that may be of the same person."""
    member: str | None
    """A record of the register that may be of the same person."""
    reasons: list[str]
    """What is alike; see the pairs of records that may be of one person."""
    title: str
    """What is wrong, a few words."""
    detail: str
    """Why, without any personal data."""
    remedy: str
    """What to do next."""


class ReportAnswer(AnswerModel):
    """What a table would bring; nothing was stored."""

    total: int
    """Rows of the table."""
    findings: list[FindingAnswer]
    """What whoever imports has to decide, broken rows first."""
