"""The migrations lead exactly to the schema that the code declares."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from anchoring.core.errors import UnavailableError
from backend.storage.database import Database
from backend.storage.schema import SCHEMA, migrate
from backend.storage.tables import EntryRow, LedgerRow


def differences(database: Database) -> list[object]:
    with database.reading() as session:
        context = MigrationContext.configure(session.connection())
        return list(compare_metadata(context, SCHEMA))


def test_migrate__on_an_empty_database__gives_the_declared_schema(database: Database) -> None:
    assert differences(database) == []


def test_compare__with_a_column_too_many__sees_it(database: Database) -> None:
    with database.writing() as session:
        session.connection().execute(text("ALTER TABLE member ADD COLUMN surplus TEXT"))
    assert len(differences(database)) == 1


def test_migrate__twice__changes_nothing(database: Database) -> None:
    migrate(database)
    assert differences(database) == []


def test_database__opened__keeps_every_commit_and_every_reference(database: Database) -> None:
    with database.reading() as session:
        connection = session.connection()
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


def test_entry__of_no_ledger__is_refused_by_the_database(database: Database) -> None:
    entry = EntryRow(organisation="nobody", index=0, act="x", at="", by="", content=b"")
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(entry)


def test_reading__of_a_session_that_adds__loses_what_was_added(database: Database) -> None:
    with database.reading() as session:
        session.add(LedgerRow(slug="a", origin="h/a", size=0, root=bytes(32)))
        session.flush()
    with database.reading() as session:
        assert session.get(LedgerRow, "a") is None


def test_every_table__carries_its_organisation__in_its_key(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    migrate(database)
    inspector = inspect(database.engine)
    # What is witnessed is the logs of others.
    for table in set(SCHEMA.tables) - {"ledger", "witnessed_head"}:
        assert inspector.get_pk_constraint(table)["constrained_columns"][0] == "organisation"
    database.close()


def test_reading__of_a_database_that_cannot_be_opened__is_unavailable(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'missing' / 'psephos.sqlite'}")
    with pytest.raises(UnavailableError), database.reading() as session:
        session.connection()
    with pytest.raises(UnavailableError):
        migrate(database)
    database.close()
