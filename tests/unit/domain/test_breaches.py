"""Breaches: what is written down fits together, and 72 hours are counted."""

import msgspec
import pytest

from backend.domain.breaches import Breach, breach_of, check_breach, due_at, hours_left, newest
from backend.domain.errors import GovernanceError, NotFoundError

DISCOVERED = "2026-02-01T09:00:00.000Z"
DUE = "2026-02-04T09:00:00.000Z"
LATE = "2026-02-04T09:00:00.001Z"
BREACH = Breach(
    number=1,
    recorded_at="2026-02-10T09:00:00.000Z",
    discovered_at=DISCOVERED,
    nature="A laptop was stolen.",
    categories="Members: names, addresses",
    persons=40,
    records=80,
    consequences="Unwanted letters.",
    measures="The disk was encrypted; its key was changed.",
)
REPLACE = msgspec.structs.replace


def test_due__is_72_hours_after_the_discovery() -> None:
    assert due_at(BREACH) == DUE
    assert hours_left(BREACH, DISCOVERED) == 72
    assert hours_left(BREACH, DUE) == 0
    assert hours_left(BREACH, LATE) == -1


@pytest.mark.parametrize(
    "breach",
    [
        BREACH,
        REPLACE(BREACH, authority_told_at=DUE, persons_told_at=DISCOVERED),
        REPLACE(BREACH, authority_told_at=LATE, reason="The office was closed."),
    ],
)
def test_breach__that_fits_together__passes(breach: Breach) -> None:
    check_breach(breach)


@pytest.mark.parametrize(
    ("breach", "code"),
    [
        (REPLACE(BREACH, authority_told_at=LATE), "breach.reason"),
        (REPLACE(BREACH, authority_told_at="2026-01-31T09:00:00.000Z"), "breach.times"),
        (REPLACE(BREACH, persons_told_at="2026-02-11T09:00:00.000Z"), "breach.times"),
        (REPLACE(BREACH, recorded_at="2026-01-31T09:00:00.000Z"), "breach.times"),
        (REPLACE(BREACH, discovered_at="yesterday"), "instant.malformed"),
    ],
)
def test_breach__that_does_not_fit_together__is_refused(breach: Breach, code: str) -> None:
    with pytest.raises(GovernanceError) as caught:
        check_breach(breach)
    assert caught.value.code == code


def test_log__with_additions__tells_what_is_known_last() -> None:
    added = REPLACE(BREACH, authority_told_at=DUE)
    other = REPLACE(BREACH, number=2)
    log = (BREACH, other, added)
    assert newest(log) == (added, other)
    assert (breach_of(log, 1), breach_of(log, 2)) == (added, other)
    with pytest.raises(NotFoundError):
        breach_of(log, 3)
