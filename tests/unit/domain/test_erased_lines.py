"""Rolls of which single lines were erased: what is left is checked, what is gone counts as redacted."""

from collections.abc import Callable

import pytest

from backend.domain.acts import AssemblyConvened, MemberId
from backend.domain.ballots import cast_by_proxy
from backend.domain.commitments import Hex32
from backend.domain.electorate import whole_roll
from backend.domain.entry import Entry
from backend.domain.lawfulness import check
from backend.domain.sources import Elector
from tests.support.governance import CHAIR, GARDENER, SECRETARY, TREASURER, founded, refused
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import Actor
from tests.support.organisations import Simulation
from tests.support.vote_world import derived, held, voted, votes_of


def _decision(ledger: MemoryLedger) -> Hex32:
    return ledger.state.poll("bridge").item.decision


def _line(ledger: MemoryLedger, member: MemberId) -> Elector:
    [found] = [
        each for each in ledger.sources.rolls[_decision(ledger)].values() if each.member == member
    ]
    return found


def _erase_line(ledger: MemoryLedger, member: MemberId) -> None:
    del ledger.sources.rolls[_decision(ledger)][_line(ledger, member).voter]


def _convened() -> tuple[Simulation, MemoryLedger, Callable[[], int]]:
    """Return a convocation that was checked when it was recorded, and how to check it again."""
    simulation, ledger = founded()
    simulation.propose(CHAIR, "bridge")
    before = len(ledger.entries)
    simulation.convene(CHAIR, "spring", "bridge")
    [place] = [
        number
        for number in range(before, len(ledger.entries))
        if isinstance(ledger.entries[number].data, AssemblyConvened)
    ]

    def again() -> int:
        return check(ledger.states[place], ledger.entries[place], ledger.sources)

    return simulation, ledger, again


def test_convocation__with_erased_lines__counts_one_check_however_many() -> None:
    _, ledger, again = _convened()
    item = ledger.state.poll("bridge").item
    assert (again(), whole_roll(ledger.sources, item) is None) == (0, False)
    for member in (GARDENER.id, TREASURER.id):
        _erase_line(ledger, member)
        assert (again(), whole_roll(ledger.sources, item)) == (1, None)


def test_convocation__with_a_changed_line_beside_an_erased_one__refuses() -> None:
    _, ledger, again = _convened()
    _erase_line(ledger, GARDENER.id)
    line, roll = _line(ledger, CHAIR.id), ledger.sources.rolls[_decision(ledger)]
    roll[line.voter] = Elector(line.member, line.voter, bytes(32))
    with refused("electorate.roll"):
        again()
    roll[line.voter] = Elector("m" + "0" * 32, line.voter, line.salt)
    with refused("electorate.members"):
        again()
    roll[line.voter] = Elector(TREASURER.id, line.voter, line.salt)
    with refused("electorate.members"):
        again()
    roll[line.voter] = line
    assert again() == 1


def test_convocation__with_a_line_too_many__refuses() -> None:
    _, ledger, again = _convened()
    stranger = Elector("m" + "0" * 32, "v" + "0" * 32, bytes(32))
    ledger.sources.rolls[_decision(ledger)][stranger.voter] = stranger
    with refused("electorate.roll"):
        again()
    assert whole_roll(ledger.sources, ledger.state.poll("bridge").item) is None


def _ballot(simulation: Simulation, ledger: MemoryLedger) -> Entry:
    index = simulation.cast(GARDENER, "bridge", "yes")
    return ledger.entries[index]


def test_ballot__of_an_erased_line__is_redacted_and_of_another_is_checked() -> None:
    simulation, ledger = held()
    entry = _ballot(simulation, ledger)
    before = ledger.states[-2]
    assert check(before, entry, ledger.sources) == 0
    _erase_line(ledger, TREASURER.id)
    assert check(before, entry, ledger.sources) == 0
    _erase_line(ledger, GARDENER.id)
    assert check(before, entry, ledger.sources) == 2


def test_ballot__of_a_voter_who_is_on_no_whole_roll__refuses() -> None:
    simulation, ledger = held()
    entry = _ballot(simulation, ledger)
    line, roll = _line(ledger, GARDENER.id), ledger.sources.rolls[_decision(ledger)]
    del roll[line.voter]
    other = "v" + "0" * 32
    roll[other] = Elector(line.member, other, line.salt)
    with refused("ballot.voter"):
        check(ledger.states[-2], entry, ledger.sources)


@pytest.mark.parametrize("erased", [CHAIR, SECRETARY], ids=lambda actor: actor.role)
def test_casting_vote__without_the_whole_roll__is_believed_and_counted(erased: Actor) -> None:
    """Whoever of the council was erased: the holder of the seat may be among them."""
    simulation, ledger = held(session="council")
    voted(simulation, votes_of("yn-"))
    entry = Entry(simulation.at(), "system", derived(ledger))
    assert check(ledger.state, entry, ledger.sources) == 0
    _erase_line(ledger, erased.id)
    assert check(ledger.state, entry, ledger.sources) == 1


def test_ballots_by_proxy__without_the_whole_roll__are_not_known() -> None:
    simulation, ledger = founded()
    simulation.propose(CHAIR, "bridge")
    simulation.convene(CHAIR, "spring", "bridge")
    simulation.give_proxy(GARDENER, "garden", "spring", TREASURER)
    simulation.advance(days=15)
    simulation.attend(TREASURER, "spring")
    simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    assert cast_by_proxy(ledger.state, "bridge", ledger.sources) == 1
    _erase_line(ledger, SECRETARY.id)
    assert cast_by_proxy(ledger.state, "bridge", ledger.sources) is None
