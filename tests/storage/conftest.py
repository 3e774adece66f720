"""A migrated database of its own for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from anchoring.adapters.documents_memory import MemoryDocuments
from backend.storage.database import Database
from backend.storage.ledgers import SqlLedgers
from backend.storage.reads import SqlReads
from backend.storage.schema import migrate
from tests.support.organisations import Simulation
from tests.support.stored_organisations import simulation_on
from tests.support.vaults import memory_vault


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'psephos.sqlite'}")
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def documents() -> MemoryDocuments:
    return MemoryDocuments()


@pytest.fixture
def ledgers(database: Database, documents: MemoryDocuments) -> SqlLedgers:
    return SqlLedgers(database, documents, memory_vault())


@pytest.fixture
def reads(database: Database, ledgers: SqlLedgers) -> SqlReads:
    return SqlReads(database, ledgers.folds, memory_vault())


@pytest.fixture
def simulation(ledgers: SqlLedgers) -> Simulation:
    return simulation_on(ledgers)
