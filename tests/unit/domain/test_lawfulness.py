"""Order of a ledger, acts nobody knows, and the state as a fold."""

from collections.abc import Callable
from typing import ClassVar, Final

import msgspec
import pytest

from backend.domain import statutes
from backend.domain.acts import (
    ACTS,
    Act,
    DissolutionEffect,
    FrameworkAdopted,
    LogKeyRotated,
    MemberAdmitted,
    MemberApplied,
    Obligation,
    ResolutionEffect,
    RulesChanged,
    StatutesAdopted,
)
from backend.domain.entry import Entry
from backend.domain.errors import GovernanceError
from backend.domain.fold import evolve
from backend.domain.lawfulness import check
from backend.domain.state import State
from tests.support.governance import (
    CHAIR,
    GARDENER,
    SECRETARY,
    STRANGER,
    TREASURER,
    append,
    founded,
    refused,
    rules_with,
)
from tests.support.memory_ledger import MemoryLedger, MemorySources
from tests.support.model_organisation import model_framework
from tests.support.motion_world import carried, voted
from tests.support.organisations import Simulation, play_whole_life, put_text

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


def _dissolving(*others: str) -> tuple[Simulation, MemoryLedger]:
    """Return the organisation after the vote on its dissolution, before the decisions."""
    simulation, ledger = founded()
    simulation.propose(
        CHAIR,
        "end",
        kind="dissolution",
        effect=lambda book: DissolutionEffect((CHAIR.id,), put_text(book, "To the river.")),
    )
    paint = Obligation("paint", "Paint it.", "The bureau", "2026-06-30")
    for motion in others:
        simulation.propose_effect(CHAIR, motion, "legislative", ResolutionEffect((paint,)))
    voted(simulation, "spring", "end", *others)
    return simulation, ledger


def _dissolved(*others: str) -> tuple[Simulation, MemoryLedger]:
    simulation, ledger = _dissolving(*others)
    for motion in ("end", *others):
        simulation.decide(motion)
    return simulation, ledger


def test_dissolved__anything_new__is_refused_naming_the_dissolution() -> None:
    simulation, _ = _dissolved()
    acts: tuple[Callable[[], int], ...] = (
        lambda: simulation.propose(CHAIR, "bridge"),
        lambda: simulation.apply(STRANGER),
        lambda: simulation.register(CHAIR, "weir"),
        lambda: simulation.resign_mandate(CHAIR, "bureau-chair"),
        lambda: simulation.draft(CHAIR, "again", "end"),
    )
    for act in acts:
        with refused("organisation.dissolved", rule="dissolution", article="23") as caught:
            act()
        assert caught.value.found.endswith(", end")


def test_dissolved__winding_up__goes_on() -> None:
    simulation, ledger = _dissolved("bridge")
    assert ledger.state.dissolved_by == "end"
    simulation.publish_minutes("spring", CHAIR)
    simulation.fulfil(CHAIR, "bridge", "paint")
    simulation.open_dispute(CHAIR, "boats", TREASURER)
    simulation.resign(GARDENER)
    assert ledger.state.member(GARDENER.id).status == "resigned"


def test_dissolved__what_was_voted_with_it__is_still_decided_and_carried_out() -> None:
    simulation, ledger = founded()
    simulation.propose(
        CHAIR,
        "end",
        kind="dissolution",
        effect=lambda book: DissolutionEffect((CHAIR.id,), put_text(book, "To the river.")),
    )
    simulation.propose_framework(CHAIR, "value", model_framework())
    carried(simulation, "spring", "end", "value")
    assert ledger.state.framework("river-health").version == 1


def _pending() -> tuple[Simulation, MemoryLedger]:
    """Return the organisation that adopted new statutes and has not put them in force yet."""
    simulation, ledger = founded()
    simulation.propose_statutes(
        CHAIR, "reform", text="New.\n", rulebook=rules_with(without=["tie-council"])
    )
    simulation.propose_framework(CHAIR, "value", model_framework())
    simulation.propose_abrogation(CHAIR, "untie", rule="tie-council")
    voted(simulation, "spring", "reform", "value", "untie")
    simulation.decide("reform")
    return simulation, ledger


def test_unenacted__anything_else__is_refused_until_it_is_carried_out() -> None:
    simulation, _ = _pending()
    acts: tuple[Callable[[], int], ...] = (
        lambda: simulation.decide("value"),
        lambda: simulation.propose(CHAIR, "bridge"),
        lambda: simulation.apply(STRANGER),
    )
    for act in acts:
        with refused("motion.unenacted", rule="psephos.order") as caught:
            act()
        assert caught.value.expected == "statutes.adopted: reform"
    simulation.enact()
    simulation.decide("value")


def test_unenacted__another_enactment__is_refused() -> None:
    simulation, ledger = _pending()
    reform = statutes.adopt(
        ledger.state,
        "reform",
        ledger.put_document(statutes.difference_of(ledger.state, "reform", ledger.sources)),
    )
    for other in (
        FrameworkAdopted("river-health", 1, "value", reform.diff),
        RulesChanged("untie", "abrogation", reform.diff, "0" * 64),
        msgspec.structs.replace(reform, motion="value"),
    ):
        with refused("motion.unenacted"):
            ledger.append(Entry(simulation.at(), "system", other))
    ledger.append(Entry(simulation.at(), "system", reform))


def test_unenacted__another_cause__is_refused() -> None:
    simulation, ledger = _pending()
    simulation.enact()
    simulation.decide("value")
    simulation.enact()
    simulation.decide("untie")
    text = ledger.state.in_force().statutes.text
    causes: Final = ("interpretation", "lapse")
    for cause in causes:
        with refused("motion.unenacted") as caught:
            ledger.append(
                Entry(simulation.at(), "system", RulesChanged("untie", cause, text, "0" * 64))
            )
        assert caught.value.expected == "rules.changed: untie"
    simulation.enact()


def test_act__of_every_family__is_asked_of_its_own_module() -> None:
    simulation, ledger = founded()
    simulation.resign_mandate(SECRETARY, "bureau-secretary")
    simulation.open_dispute(CHAIR, "boats", TREASURER)
    with refused("log_key.malformed"):
        simulation.act(CHAIR, LogKeyRotated(f"other.example/river+00000000+A{'A' * 43}"))
    assert ledger.state.disputes["boats"].step == "crisis_meeting"
