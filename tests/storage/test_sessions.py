from datetime import timedelta

import pytest

from backend.services.sessions import Principal
from backend.storage.database import Database
from backend.storage.sessions import IDLE, LIFETIME, SqlSessions
from tests.support.model_organisation import FOUNDERS, SLUG, START
from tests.support.organisations import Simulation

SOMEONE = Principal(SLUG, FOUNDERS[0].id, "substantial")
SECOND = timedelta(seconds=1)


@pytest.fixture
def sessions(simulation: Simulation, database: Database) -> SqlSessions:
    simulation.found()
    return SqlSessions(database)


def test_principal__of_an_open_session__is_who_opened_it(sessions: SqlSessions) -> None:
    token = sessions.open(SOMEONE, now=START)
    assert sessions.principal(SLUG, token, now=START + IDLE) == SOMEONE


def test_principal__of_another_token_or_organisation__is_nobody(sessions: SqlSessions) -> None:
    token = sessions.open(SOMEONE, now=START)
    assert sessions.principal(SLUG, token[:-1], now=START) is None
    assert sessions.principal("elsewhere", token, now=START) is None


def test_principal__left_alone_too_long__is_nobody(sessions: SqlSessions) -> None:
    token = sessions.open(SOMEONE, now=START)
    assert sessions.principal(SLUG, token, now=START + IDLE + SECOND) is None


def test_principal__of_a_session_in_use__ends_with_its_lifetime(sessions: SqlSessions) -> None:
    token = sessions.open(SOMEONE, now=START)
    steps = int(LIFETIME / IDLE)
    for step in range(steps + 1):
        assert sessions.principal(SLUG, token, now=START + step * IDLE) == SOMEONE
    assert sessions.principal(SLUG, token, now=START + LIFETIME + SECOND) is None


def test_close__of_a_session__ends_it_and_no_other(sessions: SqlSessions) -> None:
    first, second = (sessions.open(SOMEONE, now=START) for _ in range(2))
    sessions.close(SLUG, first)
    assert sessions.principal(SLUG, first, now=START) is None
    assert sessions.principal(SLUG, second, now=START) == SOMEONE


def test_close_all__of_a_member__ends_theirs_and_no_other(sessions: SqlSessions) -> None:
    other = Principal(SLUG, FOUNDERS[1].id, "low")
    ended, kept = sessions.open(SOMEONE, now=START), sessions.open(other, now=START)
    sessions.close_all(SLUG, SOMEONE.member)
    assert sessions.principal(SLUG, ended, now=START) is None
    assert sessions.principal(SLUG, kept, now=START) == other
