"""Erasing a vote: children before parents, overwritten, and out of the write-ahead log."""

import pytest
from sqlmodel import select

from anchoring.core.errors import UnavailableError
from backend.storage.database import Database
from backend.storage.ledgers import SqlLedgers
from backend.storage.private import erase_vote
from backend.storage.private_tables import BallotChoiceRow, RollLineRow, RollRow, SignatureRow
from backend.storage.reads import SqlReads
from backend.storage.tables import OutboxRow
from tests.support.model_organisation import FOUNDERS, SLUG
from tests.support.organisations import Simulation

CHAIR, TREASURER, _ = FOUNDERS
TABLES = (SignatureRow, BallotChoiceRow, RollLineRow, RollRow)


@pytest.fixture
def voted(simulation: Simulation) -> Simulation:
    """Two votes of one assembly, with ballots."""
    simulation.found()
    for motion in ("one", "two"):
        simulation.propose(CHAIR, motion)
    simulation.convene(CHAIR, "assembly", "one", "two")
    simulation.advance(days=15)
    for motion in ("one", "two"):
        simulation.cast(CHAIR, motion, "yes")
        simulation.cast(TREASURER, motion, "no")
    return simulation


def _counts(database: Database) -> list[int]:
    with database.reading() as session:
        return [len(session.exec(select(table)).all()) for table in TABLES]


def test_erase_vote__leaves_the_other_vote_whole_and_is_undone_with_its_unit(
    voted: Simulation, ledgers: SqlLedgers, reads: SqlReads, database: Database
) -> None:
    before = _counts(database)
    assert before[1:] == [4, 6, 2]
    polls = [reads.state(SLUG).poll(motion) for motion in ("one", "two")]
    erased, kept = (poll.item.decision for poll in polls)
    ballots = sorted(polls[0].ballots)
    with ledgers.unit(SLUG) as unit:
        unit.erase_vote(erased, ballots)
        assert unit.sources.roll(erased) is None
        assert [unit.sources.signatures(index) for index in ballots] == [None, None]
        assert len(unit.sources.roll(kept) or ()) == len(FOUNDERS)
    assert _counts(database) == before
    with database.writing() as session:
        database.overwrite_deleted(session)
        erase_vote(session, SLUG, erased, ballots)
        erase_vote(session, SLUG, erased, ballots)
    assert _counts(database) == [before[0] - 2, 2, 3, 1]
    voted.cast(CHAIR, "two", "no")


def test_overwrite_deleted__whatever_the_build_does_by_itself__is_on(database: Database) -> None:
    with database.session() as session:
        session.connection().exec_driver_sql("PRAGMA secure_delete = OFF")
        database.overwrite_deleted(session)
        pragma = session.connection().exec_driver_sql("PRAGMA secure_delete")
        assert pragma.scalar_one() == 1


def test_truncate_log__while_an_older_page_is_read__says_so_and_succeeds_afterwards(
    database: Database, voted: Simulation
) -> None:
    assert voted.now is not None
    with database.reading() as reader:
        reader.exec(select(RollRow)).all()
        with database.session() as writer, writer.begin():
            # Else it waits for the reader as long as for any writer.
            writer.connection().exec_driver_sql("PRAGMA busy_timeout = 0")
            writer.add(OutboxRow(organisation=SLUG, kind="test", size=1))
        with pytest.raises(UnavailableError):
            database.truncate_log()
    database.truncate_log()
