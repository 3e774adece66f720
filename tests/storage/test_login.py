"""Logging in, in the database: challenges are taken once, failures counted, counters never set back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from backend.domain.instants import format_instant
from backend.domain.login import FAILURES_KEPT, LIFETIMES, wait_after
from backend.services.login_ports import Challenge
from backend.storage.database import Database
from backend.storage.login import (
    SqlChallenges,
    SqlHeldKeys,
    SqlLockouts,
    SqlLoginAddresses,
    SqlSignCounters,
    keep_address,
)
from backend.storage.login_tables import LoginChallengeRow, LoginFailureRow
from tests.support.model_organisation import FOUNDERS, SLUG, START, Actor
from tests.support.organisations import Simulation

CHAIR, TREASURER, _ = FOUNDERS
SECOND = timedelta(seconds=1)
SUBJECT, OTHER = "aa" * 32, "bb" * 32
CHALLENGE = Challenge(
    organisation=SLUG,
    kind="wallet",
    id="0" * 32,
    browser="cc" * 32,
    subject=f"0x{CHAIR.address.hex()}",
    text="To be signed.",
    expires_at=format_instant(START + LIFETIMES["wallet"]),
)


@pytest.fixture
def stored(simulation: Simulation, database: Database) -> Database:
    """A database with the model organisation."""
    simulation.found()
    return database


def take(challenges: SqlChallenges, challenge: Challenge = CHALLENGE) -> Challenge | None:
    """Take a challenge as the browser that asked, at once."""
    return challenges.take(
        challenge.organisation,
        challenge.kind,
        challenge=challenge.id,
        browser=challenge.browser,
        now=START,
    )


def test_challenge__taken__is_given_once(stored: Database) -> None:
    challenges = SqlChallenges(stored)
    challenges.put(CHALLENGE, now=START)
    assert take(challenges) == CHALLENGE
    assert take(challenges) is None


def test_challenge__that_the_database_refuses__is_not_told_in_the_error(stored: Database) -> None:
    """Errors reach the log; what opens something does not."""
    nowhere = replace(CHALLENGE, organisation="nowhere")
    with pytest.raises(IntegrityError) as refusal:
        SqlChallenges(stored).put(nowhere, now=START)
    told = str(refusal.value)
    assert "FOREIGN KEY" in told
    assert not [value for value in (CHALLENGE.id, CHALLENGE.subject, "nowhere") if value in told]


def test_challenge__taken_by_many_at_once__is_given_to_one(stored: Database) -> None:
    challenges = SqlChallenges(stored)
    challenges.put(CHALLENGE, now=START)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: take(challenges), range(8)))
    assert found.count(None) == 7


@pytest.mark.parametrize(
    "other",
    [
        replace(CHALLENGE, organisation="elsewhere"),
        replace(CHALLENGE, kind="passkey"),
        replace(CHALLENGE, id="1" * 32),
        replace(CHALLENGE, browser="dd" * 32),
    ],
    ids=["organisation", "kind", "nonce", "browser"],
)
def test_challenge__taken_otherwise__stays(stored: Database, other: Challenge) -> None:
    challenges = SqlChallenges(stored)
    challenges.put(CHALLENGE, now=START)
    assert take(challenges, other) is None
    assert take(challenges) == CHALLENGE


def test_challenge__expired__is_not_given_and_is_forgotten(stored: Database) -> None:
    challenges = SqlChallenges(stored)
    last = START + LIFETIMES["wallet"]
    for now, expected in ((last, CHALLENGE), (last + SECOND, None)):
        challenges.put(CHALLENGE, now=START)
        found = challenges.take(
            SLUG, "wallet", challenge=CHALLENGE.id, browser=CHALLENGE.browser, now=now
        )
        assert found == expected
    challenges.put(CHALLENGE, now=START)
    later = format_instant(START + timedelta(hours=1))
    challenges.put(replace(CHALLENGE, id="2" * 32, expires_at=later), now=last + SECOND)
    with stored.reading() as session:
        assert [row.id for row in session.exec(select(LoginChallengeRow))] == ["2" * 32]


def test_challenges__beyond_their_bound__push_out_the_oldest(stored: Database) -> None:
    challenges = SqlChallenges(stored, most=3)
    many = [
        replace(CHALLENGE, id=f"{n:032}", expires_at=format_instant(START + n * SECOND))
        for n in range(5)
    ]
    for challenge in many:
        challenges.put(challenge, now=START)
    assert [take(challenges, each) for each in many] == [None, None, *many[2:]]


def test_failures__counted__lock_out_until_they_are_forgotten(stored: Database) -> None:
    lockouts = SqlLockouts(stored)
    for _ in range(5):
        lockouts.fail(SLUG, SUBJECT, wait_after, now=START)
    assert lockouts.locked_until(SLUG, SUBJECT, now=START) is None
    lockouts.fail(SLUG, SUBJECT, wait_after, now=START)
    until = START + timedelta(seconds=30)
    assert lockouts.locked_until(SLUG, SUBJECT, now=START) == until
    assert lockouts.locked_until(SLUG, SUBJECT, now=until) is None
    assert lockouts.locked_until(SLUG, OTHER, now=START) is None
    assert lockouts.locked_until("elsewhere", SUBJECT, now=START) is None
    lockouts.fail(SLUG, SUBJECT, wait_after, now=until)
    assert lockouts.locked_until(SLUG, SUBJECT, now=until) == until + timedelta(seconds=60)
    lockouts.forget(SLUG, SUBJECT)
    assert lockouts.locked_until(SLUG, SUBJECT, now=until) is None


def test_failures__a_day_later__count_from_one_again(stored: Database) -> None:
    lockouts = SqlLockouts(stored)
    for subject in (SUBJECT, OTHER):
        for _ in range(6):
            lockouts.fail(SLUG, subject, wait_after, now=START)
    lockouts.fail(SLUG, SUBJECT, wait_after, now=START + FAILURES_KEPT + SECOND)
    with stored.reading() as session:
        rows = session.exec(select(LoginFailureRow)).all()
    assert [(row.subject, row.failures) for row in rows] == [(SUBJECT, 1)]


def test_counter__of_a_passkey__never_goes_back(stored: Database) -> None:
    counters, key = SqlSignCounters(stored), b"key"
    asked = [0, 0, 3, 3, 2, 0, 4, 2**32 - 1]
    answers = [counters.advance(SLUG, CHAIR.id, key, count) for count in asked]
    assert answers == [True, True, True, False, False, False, True, True]
    assert counters.advance(SLUG, CHAIR.id, b"other", 1)
    assert counters.advance(SLUG, TREASURER.id, key, 1)


def test_keys__kept__are_found_by_key_and_by_member(stored: Database) -> None:
    keys = SqlHeldKeys(stored)
    assert keys.holder(SLUG, CHAIR.address) == (CHAIR.id, CHAIR.key_opening)
    assert keys.holder("elsewhere", CHAIR.address) is None
    assert keys.holder(SLUG, Actor("stranger").address) is None
    assert keys.held_by(SLUG, CHAIR.id) == (CHAIR.key_opening,)
    assert keys.held_by(SLUG, Actor("stranger").id) == ()


def test_addresses__kept__are_found_until_another_or_none_is_declared(stored: Database) -> None:
    addresses, first, second = SqlLoginAddresses(stored), b"1" * 32, b"2" * 32
    for address, expected in (
        (first, ((CHAIR.id,), ())),
        (second, ((), (CHAIR.id,))),
        (None, ((), ())),
    ):
        with stored.writing() as session:
            keep_address(session, SLUG, CHAIR.id, address)
        found = tuple(addresses.members(SLUG, known) for known in (first, second))
        assert found == expected
    with stored.writing() as session:
        for actor in (TREASURER, CHAIR):
            keep_address(session, SLUG, actor.id, first)
    assert addresses.members(SLUG, first) == tuple(sorted((CHAIR.id, TREASURER.id)))
    assert addresses.members("elsewhere", first) == ()
