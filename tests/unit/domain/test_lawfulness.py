"""Order of a ledger, acts nobody knows, and the state as a fold."""

from typing import ClassVar

import msgspec
import pytest

from backend.domain.acts import ACTS, Act, MemberAdmitted, MemberApplied, StatutesAdopted
from backend.domain.entry import Entry
from backend.domain.errors import GovernanceError
from backend.domain.lawfulness import check
from backend.domain.state import State, evolve
from tests.support.governance import CHAIR, GARDENER, STRANGER, append, founded, refused
from tests.support.memory_ledger import MemoryLedger, MemorySources
from tests.support.organisations import Simulation, play_whole_life

AT = "2026-01-05T09:00:00.000Z"


class _Unheard(Act, frozen=True):
    act: ClassVar[str] = "member.crowned"


def test_order__anything_before_the_founding__refuses() -> None:
    entry = Entry(AT, "system", MemberAdmitted(GARDENER.id))
    with refused("entry.first", rule="psephos.order"):
        check(State(), entry, MemorySources())


def test_order__same_time__passes_and_a_millisecond_earlier_is_refused() -> None:
    simulation, ledger = founded()
    simulation.apply(STRANGER)
    simulation.advance(milliseconds=-1)
    with refused("entry.time", rule="psephos.order"):
        simulation.admit(STRANGER)
    simulation.advance(milliseconds=1)
    simulation.admit(STRANGER)
    assert ledger.state.at == simulation.at()


def test_order__a_day_that_does_not_exist__refuses() -> None:
    _, ledger = founded()
    entry = Entry("2026-02-30T09:00:00.000Z", "system", MemberAdmitted(STRANGER.id))
    with refused("instant.malformed"):
        check(ledger.state, entry, ledger.sources)


def test_act__nobody_knows__is_refused_by_both() -> None:
    _, ledger = founded()
    entry = Entry(ledger.state.at, "system", _Unheard())
    with refused("act.unknown"):
        check(ledger.state, entry, ledger.sources)
    with refused("act.unknown"):
        evolve(ledger.state, entry, ledger.sources)


def test_evolve__second_founding__refuses() -> None:
    _, ledger = founded()
    with refused("organisation.founded_twice"):
        evolve(ledger.state, ledger.entries[0], ledger.sources)


def test_state__before_the_founding__knows_nothing() -> None:
    state = State()
    for code, ask in (
        ("organisation.unknown", state.founded),
        ("statutes.unknown", state.in_force),
        ("statutes.unknown", lambda: state.version(1)),
        ("member.unknown", lambda: state.member(CHAIR.id)),
        ("motion.unknown", lambda: state.motion("bridge")),
        ("assembly.unknown", lambda: state.assembly("spring")),
        ("framework.unknown", lambda: state.framework("river-health")),
        ("poll.unknown", lambda: state.poll("bridge")),
    ):
        with refused(code):
            ask()


@pytest.mark.parametrize("number", [0, -1, 2])
def test_state__version_that_is_not__refuses(number: int) -> None:
    _, ledger = founded()
    assert ledger.state.version(1).number == 1
    with refused("statutes.unknown"):
        ledger.state.version(number)


def _life() -> MemoryLedger:
    simulation, ledger = Simulation.in_memory()
    play_whole_life(simulation)
    return ledger


def test_check__whole_life_again__redacts_nothing_and_folds_to_the_same() -> None:
    ledger = _life()
    state = State()
    for entry in ledger.entries:
        assert check(state, entry, ledger.sources) == 0
        state = evolve(state, entry, ledger.sources)
    assert state == ledger.state
    assert state.size == len(ledger.entries)


def test_check__every_private_table_erased__counts_and_still_passes() -> None:
    ledger = _life()
    bare = MemorySources(documents=ledger.sources.documents)
    redacted = [
        check(state, entry, bare)
        for state, entry in zip(ledger.states[:-1], ledger.entries, strict=True)
    ]
    by_act = {
        entry.data.act: number for entry, number in zip(ledger.entries, redacted, strict=True)
    }
    assert redacted[0] == 3
    assert by_act["ballot.cast"] == 2
    assert by_act["assembly.convened"] == 2
    assert by_act["decision.made"] == by_act["statutes.adopted"] == 0


def test_check__every_entry_moved_to_another_place__refuses() -> None:
    ledger = _life()
    for place, entry in enumerate(ledger.entries[1:], 1):
        with pytest.raises(GovernanceError):
            check(ledger.states[place + 1], entry, ledger.sources)


def test_check__every_signed_entry_by_another_author__refuses() -> None:
    ledger = _life()
    for place, entry in enumerate(ledger.entries):
        other = msgspec.structs.replace(entry, by="m" + "0" * 32)
        with pytest.raises(GovernanceError):
            check(ledger.states[place], other, ledger.sources)


def test_evolve__every_act__leaves_the_earlier_state_alone() -> None:
    ledger = _life()
    again = State()
    for before, entry in zip(ledger.states, ledger.entries, strict=False):
        assert before == again
        again = evolve(again, entry, ledger.sources)
        assert again != before


def test_evolve__statutes_whose_rulebook_is_gone__refuses() -> None:
    ledger = _life()
    place = next(
        index
        for index, entry in enumerate(ledger.entries)
        if isinstance(entry.data, StatutesAdopted)
    )
    with refused("document.unknown"):
        evolve(ledger.states[place], ledger.entries[place], MemorySources())


def test_acts__names__are_a_noun_and_a_verb() -> None:
    assert all(name.count(".") == 1 for name in ACTS)
    assert len(set(ACTS.values())) == len(ACTS)


def test_append__refused_entry__leaves_the_state() -> None:
    simulation, ledger = founded()
    before = ledger.state
    with refused("member.exists"):
        append(ledger, simulation.signed(ledger, GARDENER, MemberApplied(GARDENER.applicant)))
    assert ledger.state is before
