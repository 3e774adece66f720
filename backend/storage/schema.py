"""The whole schema, and how a database is brought to it."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData

from backend.storage import (
    cost_tables,
    founding_tables,
    identity_tables,
    login_tables,
    mail_tables,
    private_tables,
    projection_tables,
    session_tables,
    tables,
    witness_tables,
)
from backend.storage.database import Database

MODULES: Final = (
    tables,
    private_tables,
    projection_tables,
    witness_tables,
    cost_tables,
    session_tables,
    login_tables,
    identity_tables,
    mail_tables,
    founding_tables,
)
"""Modules whose import declares the tables."""

SCHEMA: Final[MetaData] = tables.Table.metadata
"""Every table; the migrations lead exactly here."""

_MIGRATIONS: Final = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Bring a database, empty or of an earlier version, to the schema; harmless to repeat.

    All of it happens in one transaction that holds the write lock, so processes that start at the same
    time wait for each other.

    Raises:
        UnavailableError: The database did not answer.
    """
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with database.writing() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "head")
