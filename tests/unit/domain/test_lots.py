"""Lots on a tie as an act: only where a tie waits for them, once, by the first anchor of the closing."""

from dataclasses import replace

import msgspec
import pytest

from backend.domain.acts import LotsDrawn
from backend.domain.decisions import lots_awaited
from backend.domain.entry import Entry
from backend.domain.errors import RuleViolation
from backend.domain.lawfulness import check
from backend.domain.rulebook.sessions import Quorum
from tests.support.contest_world import (
    MOTION,
    contest_rules,
    draw,
    polled,
    put_to_vote,
    seed_of,
    selection,
)
from tests.support.governance import CHAIR, TREASURER, append, closed, refused
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import FOUNDERS
from tests.support.organisations import Simulation
from tests.support.vote_world import derived, quorum_of


def _waiting(*rules: Quorum) -> tuple[Simulation, MemoryLedger]:
    """Return the assembly after a tie that only lots can break."""
    return polled(contest_rules(*rules), selection("bridge", "weir"), ["bridge", "weir"])


def _awaited(ledger: MemoryLedger, motion: str = MOTION) -> bool:
    return lots_awaited(ledger.state, motion, ledger.sources)


def test_lots__while_a_tie_waits__are_recorded_once() -> None:
    simulation, ledger = _waiting()
    assert _awaited(ledger)
    index = draw(simulation, ledger)
    poll = ledger.state.poll(MOTION)
    assert (poll.lots, poll.lots_entry) == (ledger.entries[index].data, index)
    assert not _awaited(ledger)
    with refused("lots.none") as caught:
        draw(simulation, ledger)
    assert caught.value.found == MOTION
    simulation.decide(MOTION)
    with refused("lots.none"):
        draw(simulation, ledger)


def test_decision__before_the_lots__is_refused() -> None:
    simulation, ledger = _waiting()
    with refused("lots.awaited") as caught:
        simulation.decide(MOTION)
    assert caught.value.found == MOTION
    draw(simulation, ledger)
    with_lots = derived(ledger, MOTION)
    before = ledger.states[-2]
    with refused("lots.awaited"):
        check(before, Entry(simulation.at(), "system", with_lots), ledger.sources)
    simulation.decide(MOTION)


@pytest.mark.parametrize("choices", [["bridge", "bridge", "weir"], ["bridge"], ["blank"], [None]])
def test_lots__where_votes_decide_or_are_missing__are_refused(choices: list[str | None]) -> None:
    simulation, ledger = polled(contest_rules(), selection("bridge", "weir"), choices)
    assert not _awaited(ledger)
    with refused("lots.none"):
        draw(simulation, ledger)


def test_lots__of_a_motion_that_is_no_longer_closed__are_not_awaited() -> None:
    _, ledger = _waiting()
    state = ledger.state
    settled = replace(state.motion(MOTION), status="rejected")
    later = replace(state, motions=state.motions.set(MOTION, settled))
    assert not lots_awaited(later, MOTION, ledger.sources)


def test_lots__where_the_chain_has_none__are_refused() -> None:
    rulebook = contest_rules(chain=("status_quo", "seniority"))
    simulation, ledger = polled(rulebook, selection("bridge", "weir"), ["bridge", "weir"])
    with refused("lots.none"):
        draw(simulation, ledger)


def test_lots__without_quorum__are_refused() -> None:
    simulation, ledger = _waiting(quorum_of(3, 4))
    assert not _awaited(ledger)
    with refused("lots.none"):
        draw(simulation, ledger)


def test_lots__before_the_closing_or_off_every_agenda__are_refused() -> None:
    simulation, ledger = put_to_vote(contest_rules(), selection("bridge", "weir"))
    simulation.cast(CHAIR, MOTION, "bridge")
    simulation.cast(TREASURER, MOTION, "weir")
    with refused("lots.none"):
        draw(simulation, ledger)
    simulation.propose(CHAIR, "dam")
    for motion, code in (("dam", "lots.none"), ("tunnel", "motion.unknown")):
        with refused(code):
            draw(simulation, ledger, motion=motion)
    simulation.advance(days=2)
    simulation.close("spring")
    draw(simulation, ledger)


def test_lots__on_one_proposal__are_refused() -> None:
    simulation, ledger = closed(dict.fromkeys(FOUNDERS[:1], "yes") | {FOUNDERS[1]: "no"})
    assert not _awaited(ledger, "bridge")
    with refused("lots.none"):
        draw(simulation, ledger, motion="bridge")


def test_lots__of_another_chain__are_refused() -> None:
    simulation, ledger = _waiting()
    with refused("lots.chain", rule="psephos.lots") as caught:
        draw(simulation, ledger, chain_id=1338)
    assert isinstance(caught.value, RuleViolation)
    assert (caught.value.expected, caught.value.found) == ("chain 1337", "chain 1338")
    draw(simulation, ledger)


def test_lots__of_an_anchor_that_does_not_cover_the_closing__are_refused() -> None:
    simulation, ledger = _waiting()
    closing = ledger.state.poll(MOTION).closed_entry
    assert closing is not None
    with refused("lots.early", rule="psephos.lots") as caught:
        draw(simulation, ledger, size=closing)
    assert caught.value.found == str(closing)
    assert str(closing) in caught.value.expected
    draw(simulation, ledger, size=closing + 1)


def test_lots__signed_by_a_member__are_refused() -> None:
    simulation, ledger = _waiting()
    signed = simulation.signed(ledger, CHAIR, seed_of(ledger))
    with refused("author.system"):
        append(ledger, signed)
    draw(simulation, ledger)


def test_lots__of_a_vote_held_again__are_not_those_of_the_first() -> None:
    simulation, ledger = polled(
        contest_rules(quorum_of(1, 2)), selection("bridge", "weir"), ["bridge", None]
    )
    simulation.decide(MOTION)
    assert ledger.state.decisions[MOTION].outcome == "no_quorum"
    simulation.convene(CHAIR, "summer", MOTION, round_=2, previous="spring")
    assert not _awaited(ledger)
    simulation.advance(days=15)
    simulation.cast(CHAIR, MOTION, "bridge")
    simulation.cast(TREASURER, MOTION, "weir")
    simulation.advance(days=2)
    simulation.close("summer")
    assert _awaited(ledger)
    draw(simulation, ledger)
    simulation.decide(MOTION)
    assert len(ledger.state.decisions[MOTION].chosen) == 1


def test_lots__as_an_entry__read_back_as_they_were_written() -> None:
    _, ledger = _waiting()
    data = seed_of(ledger)
    entry = Entry("2026-03-01T00:00:00.000Z", "system", data)
    assert Entry.from_bytes(entry.to_bytes()) == entry
    assert isinstance(data, LotsDrawn)
    short = msgspec.structs.replace(data, seed="5e" * 31)
    with refused("entry.malformed"):
        Entry.from_bytes(Entry(entry.at, "system", short).to_bytes())
