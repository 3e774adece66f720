"""Projections are what the ledger says: rebuilt rows equal those written at each append."""

from collections.abc import Callable

import pytest
from sqlmodel import col, delete, select

from backend.domain.errors import NotFoundError
from backend.storage.database import Database
from backend.storage.private_tables import SignatureRow
from backend.storage.projection_tables import PROJECTIONS, MemberRow
from backend.storage.projections import rebuild
from backend.storage.reads import SqlReads
from backend.storage.tables import EntryRow
from tests.support.eventful_life import play_drawn_year
from tests.support.model_organisation import SLUG, Actor
from tests.support.organisations import Simulation, play_whole_life

Rows = dict[str, list[dict[str, object]]]


def projected(database: Database) -> Rows:
    """Return every row of every projection, in the order of the keys."""
    rows: Rows = {}
    with database.reading() as session:
        for table in PROJECTIONS:
            found = [row.model_dump() for row in session.exec(select(table))]
            rows[str(table.__tablename__)] = sorted(found, key=repr)
    return rows


@pytest.mark.parametrize("play", [play_whole_life, play_drawn_year])
def test_rebuild__after_a_play__gives_the_live_rows(
    simulation: Simulation,
    database: Database,
    reads: SqlReads,
    play: Callable[[Simulation], None],
) -> None:
    play(simulation)
    live = projected(database)
    assert all(live.values()), "the play fills every projection"
    with database.writing() as session:
        state = rebuild(session, SLUG, reads.sources(SLUG))
    assert projected(database) == live
    assert state == reads.state(SLUG)


@pytest.mark.parametrize("table", PROJECTIONS, ids=lambda table: str(table.__tablename__))
def test_rebuild__after_a_loss__restores_the_rows(
    simulation: Simulation, database: Database, reads: SqlReads, table: type[MemberRow]
) -> None:
    play_whole_life(simulation)
    live = projected(database)
    with database.writing() as session:
        session.exec(delete(table).where(col(table.entry) >= 0))
    assert projected(database) != live
    with database.writing() as session:
        rebuild(session, SLUG, reads.sources(SLUG))
    assert projected(database) == live


def test_rebuild__of_a_ledger_with_a_hole__changes_nothing(
    simulation: Simulation, database: Database, reads: SqlReads
) -> None:
    simulation.found()
    for number in range(3):
        simulation.apply(Actor(f"applicant-{number}"))
    live = projected(database)
    with database.writing() as session:
        session.exec(delete(SignatureRow).where(col(SignatureRow.index) == 3))
        session.exec(delete(EntryRow).where(col(EntryRow.index) == 3))
    with pytest.raises(NotFoundError, match=r"entry\.unknown"), database.writing() as session:
        rebuild(session, SLUG, reads.sources(SLUG))
    assert projected(database) == live
