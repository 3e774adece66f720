"""Logging in, L1 to L4: who may, and how long is waited."""

from datetime import timedelta
from typing import Literal

import pytest

from backend.domain.acts import LossCause
from backend.domain.deadlines import Day
from backend.domain.facts import Member
from backend.domain.login import (
    FAREWELL,
    FIRST_WAIT,
    FREE_FAILURES,
    LONGEST_WAIT,
    STATEMENTS,
    may_log_in,
    passkey_challenge,
    statement_of,
    wait_after,
)
from backend.domain.siwe import SiweMessage, format_siwe, parse_siwe
from tests.support.model_organisation import FOUNDERS, ORIGIN, SLUG, START

SECOND = timedelta(seconds=1)
Status = Literal["applied", "active", "resigned", "ended"]


def member(
    status: Status, *, lost_by: LossCause | None = None, suspended_until: Day | None = None
) -> Member:
    applicant = FOUNDERS[0].applicant
    return Member(
        applicant.member,
        applicant.member_class,
        (applicant.key,),
        status,
        founder=False,
        entry=0,
        applied_at="2026-01-05T09:00:00.000Z",
        suspended_until=suspended_until,
        lost_by=lost_by,
    )


@pytest.mark.parametrize("status", ["applied", "active"])
def test_login__of_who_is_on_the_register__is_open_for_ever(status: Status) -> None:
    for each in (member(status), member(status, suspended_until="9999-12-31")):
        assert may_log_in(each, since=START, now=START + 100 * FAREWELL)


@pytest.mark.parametrize("status", ["resigned", "ended"])
def test_login__of_who_left__is_open_for_thirty_days(status: Status) -> None:
    assert may_log_in(member(status), since=START, now=START + FAREWELL)
    assert not may_log_in(member(status), since=START, now=START + FAREWELL + SECOND)


def test_login__as_someone_who_died__is_never_open() -> None:
    assert may_log_in(member("ended", lost_by="exclusion"), since=START, now=START)
    assert not may_log_in(member("ended", lost_by="death"), since=START, now=START)


def test_wait__after_failures__grows_and_is_bounded() -> None:
    waits = [wait_after(failures) for failures in range(40)]
    assert not any(waits[: FREE_FAILURES + 1])
    assert waits[FREE_FAILURES + 1 : FREE_FAILURES + 4] == [
        FIRST_WAIT,
        2 * FIRST_WAIT,
        4 * FIRST_WAIT,
    ]
    assert waits == sorted(waits)
    assert waits[-1] == wait_after(10**9) == LONGEST_WAIT


def test_challenge__of_a_passkey__depends_on_the_ledger_and_the_nonce() -> None:
    found = passkey_challenge(ORIGIN, "aa")
    assert len(found) == 32
    others = (passkey_challenge(ORIGIN, "ab"), passkey_challenge(f"{ORIGIN}a", "a"))
    assert found not in others


def test_statements__in_every_language__fit_the_message() -> None:
    for language in STATEMENTS:
        statement = statement_of(SLUG, language)
        message = SiweMessage(
            "river.example",
            "0x52908400098527886E0F7030069857D2E4169EE7",
            "https://river.example",
            1,
            "12345678",
            "2026-01-05T09:00:00.000Z",
            statement=statement,
        )
        assert SLUG in statement
        assert parse_siwe(format_siwe(message)).statement == statement
