"""What the record of notices would say: the earliest permitted notice of each, the missing, the late."""

import pytest

from backend.domain.acts import NoticeChannel
from backend.domain.assemblies.notices import Notice, format_notices
from backend.domain.assemblies.telling import check_told_by_officer, telling
from backend.domain.errors import ConflictError, InvalidInputError, RuleViolation
from backend.domain.instants import Instant
from backend.domain.state import State
from tests.support.governance import CHAIR, GARDENER, STRANGER, founded
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import FOUNDERS
from tests.support.organisations import Simulation

IDS = tuple(sorted(elector.id for elector in (*FOUNDERS, GARDENER)))


@pytest.fixture
def called() -> tuple[Simulation, MemoryLedger]:
    """A session called fifteen days ahead, which is as short as the statutes let it be."""
    simulation, ledger = founded()
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    return simulation, ledger


def told(at: Instant, channel: NoticeChannel = "email") -> list[Notice]:
    return [Notice(member, channel, at) for member in IDS]


def test_telling__all_told_in_time__is_the_whole_record(
    called: tuple[Simulation, MemoryLedger],
) -> None:
    simulation, ledger = called
    found = telling(ledger.state, "spring", reversed(told(simulation.at())))
    assert (found.missing, found.late) == ((), ())
    assert found.notices == tuple(told(simulation.at()))
    assert format_notices(found.notices) == format_notices(tuple(told(simulation.at())))


def test_telling__told_twice__counts_the_earliest_permitted(
    called: tuple[Simulation, MemoryLedger],
) -> None:
    simulation, ledger = called
    first = simulation.at()
    simulation.advance(hours=1)
    known = [*told(simulation.at(), "post"), *told(first, "by_hand"), *told(simulation.at())]
    assert telling(ledger.state, "spring", known).notices == tuple(told(simulation.at()))


@pytest.mark.parametrize("change", ["channel", "before", "stranger"])
def test_telling__what_does_not_count__leaves_them_missing(
    called: tuple[Simulation, MemoryLedger], change: str
) -> None:
    simulation, ledger = called
    at = simulation.at()
    known = {
        "channel": told(at, "platform"),
        "before": told("2020-01-01T00:00:00.000Z"),
        "stranger": [Notice(STRANGER.id, "email", at)],
    }[change]
    found = telling(ledger.state, "spring", known)
    assert (found.notices, found.missing) == ((), IDS)


def test_telling__told_a_day_too_late__says_so(called: tuple[Simulation, MemoryLedger]) -> None:
    simulation, ledger = called
    one = Notice(IDS[0], "email", simulation.at())
    simulation.advance(days=1)
    later = [each for each in told(simulation.at()) if each.member != IDS[0]]
    assert telling(ledger.state, "spring", [one, *later]).late == IDS[1:]


def refused(state: State, notice: Notice, now: Instant, code: str) -> None:
    with pytest.raises((InvalidInputError, RuleViolation, ConflictError)) as caught:
        check_told_by_officer(state, "spring", [notice], now=now)
    assert caught.value.code == code


def test_check_told_by_officer__what_can_be__passes_and_its_neighbours_do_not(
    called: tuple[Simulation, MemoryLedger],
) -> None:
    simulation, ledger = called
    at, state = simulation.at(), ledger.state
    check_told_by_officer(state, "spring", told(at, "post"), now=at)
    refused(state, Notice(STRANGER.id, "post", at), at, "notice.elector")
    refused(state, Notice(IDS[0], "email", at), at, "notice.by_us")
    refused(state, Notice(IDS[0], "post", "2020-01-01T00:00:00.000Z"), at, "notice.time")
    simulation.advance(minutes=1)
    refused(state, Notice(IDS[0], "post", simulation.at()), at, "notice.time")
    simulation.advance(days=17)
    simulation.settle("spring")
    refused(ledger.state, Notice(IDS[0], "post", at), simulation.at(), "assembly.closed")
