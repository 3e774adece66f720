"""Statements that are executed often, as the driver takes them."""

import pytest
from sqlmodel import select

from anchoring.core.merkle import EMPTY_ROOT
from backend.domain.errors import NotFoundError
from backend.storage.database import Database
from backend.storage.statements import Row, insert_rows, update_row
from backend.storage.tables import LedgerRow


def ledger(slug: str) -> Row:
    return {"slug": slug, "origin": f"ledger.example/{slug}", "size": 0, "root": EMPTY_ROOT}


def test_insert_rows__several_and_none__are_there_as_given(database: Database) -> None:
    with database.writing() as session:
        insert_rows(session.connection(), LedgerRow, [ledger("river"), ledger("mill")])
        insert_rows(session.connection(), LedgerRow, [])
    with database.reading() as session:
        found = {row.slug: row.model_dump() for row in session.exec(select(LedgerRow))}
    assert found == {slug: ledger(slug) for slug in ("river", "mill")}


def test_update_row__of_a_key__changes_that_row_alone(database: Database) -> None:
    with database.writing() as session:
        connection = session.connection()
        insert_rows(connection, LedgerRow, [ledger("river"), ledger("mill")])
        update_row(connection, LedgerRow, key={"slug": "mill"}, values={"size": 7, "root": b"r"})
    with database.reading() as session:
        sizes = {row.slug: (row.size, row.root) for row in session.exec(select(LedgerRow))}
    assert sizes == {"river": (0, EMPTY_ROOT), "mill": (7, b"r")}


def test_update_row__of_no_row__is_not_found(database: Database) -> None:
    with pytest.raises(NotFoundError, match="mill"), database.writing() as session:
        update_row(session.connection(), LedgerRow, key={"slug": "mill"}, values={"size": 7})
