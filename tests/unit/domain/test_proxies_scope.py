"""Proxies for some motions and for a time, X4, X5, X7 and X8, and what they let their holders do."""

import pytest

from backend.domain.acts import PresenceRecorded, ProxyGiven, ProxyRevoked
from backend.domain.assemblies import attending, opening_of, represented
from backend.domain.ballots import cast_by_proxy
from backend.domain.rulebook.sessions import Proxies
from tests.support.assembly_world import (
    OTHER,
    PRESIDENT,
    THIRD,
    VOTER,
    Person,
    World,
    altered,
    rules_with,
)
from tests.support.governance import (
    CHAIR,
    GARDENER,
    SECRETARY,
    TREASURER,
    founded,
    refused,
)
from tests.support.memory_ledger import MemoryLedger
from tests.support.organisations import Simulation
from tests.support.vote_world import held, in_room, paper_rules, quorum_of

OPENS = "2026-01-20T09:00:00.000Z"
"""When the session of the assembly world opens, as it is called."""


def _called(*changed: Proxies) -> World:
    world = World(rules_with(*changed))
    world.convene("bridge", "weir")
    return world


def _given(
    world: World,
    by: Person,
    to: Person,
    *motions: str,
    name: str = "first",
    until: str | None = None,
) -> int:
    return world.act(by, ProxyGiven(name, "annual", to.id, motions, until))


def test_x7__motions_of_the_agenda__are_taken_each_once() -> None:
    world = _called()
    with refused("proxy.motions", rule="psephos.assembly") as caught:
        _given(world, VOTER, OTHER, "bridge", "toll")
    assert (caught.value.expected, caught.value.found) == ("bridge, weir", "toll")
    with refused("motion.on_agenda"):
        _given(world, VOTER, OTHER, "bridge", "bridge")
    _given(world, VOTER, OTHER, "bridge")


def test_x5__another_holder_for_another_motion__is_lawful_and_for_the_same_is_not() -> None:
    world = _called()
    _given(world, VOTER, OTHER, "bridge")
    with refused("proxy.given") as caught:
        _given(world, VOTER, THIRD, "bridge", name="second")
    assert caught.value.found == OTHER.id
    with refused("proxy.given"):
        _given(world, VOTER, THIRD, name="second")
    _given(world, VOTER, THIRD, "weir", name="second")
    with refused("proxy.given"):
        _given(world, VOTER, PRESIDENT, "weir", name="third")


def test_x5__proxy_for_the_whole_agenda__leaves_no_motion_to_another() -> None:
    world = _called()
    _given(world, VOTER, OTHER)
    with refused("proxy.given"):
        _given(world, VOTER, THIRD, "weir", name="second")
    world.act(VOTER, ProxyRevoked("first"))
    _given(world, VOTER, THIRD, "weir", name="second")


def test_x4__two_proxies_of_one_member__count_once_and_of_two_members_twice() -> None:
    world = _called(altered(Proxies, "proxies", cap=1))
    _given(world, VOTER, OTHER, "bridge")
    _given(world, VOTER, OTHER, "weir", name="second")
    with refused("proxy.cap", rule="proxies") as caught:
        _given(world, THIRD, OTHER, "weir", name="third")
    assert (caught.value.expected, caught.value.found) == ("at most 1", "2")


@pytest.mark.parametrize(
    ("until", "code"),
    [
        ("2026-01-20T08:59:59.999Z", "proxy.period"),
        (OPENS, None),
        ("2026-02-30T09:00:00.000Z", "instant.malformed"),
    ],
)
def test_x8__ends_before_the_session_begins__refuses(until: str, code: str | None) -> None:
    world = _called()
    if code is None:
        _given(world, VOTER, OTHER, until=until)
        return
    with refused(code):
        _given(world, VOTER, OTHER, until=until)


def test_x8__ends_before_it_is_given__refuses() -> None:
    world = _called()
    world.advance(days=16)
    with refused("proxy.period", rule="psephos.assembly"):
        _given(world, VOTER, OTHER, until=OPENS)
    _given(world, VOTER, OTHER, until=world.at())


def test_period__over__makes_room_for_another_and_lifts_the_cap() -> None:
    world = _called(altered(Proxies, "proxies", cap=1))
    _given(world, VOTER, OTHER, until=OPENS)
    world.advance(days=15)
    with refused("proxy.given"):
        _given(world, VOTER, THIRD, name="second")
    with refused("proxy.cap"):
        _given(world, THIRD, OTHER, name="third")
    world.advance(seconds=1)
    _given(world, VOTER, THIRD, name="second")
    _given(world, PRESIDENT, OTHER, name="third")


def _opened(*proxies: ProxyGiven) -> World:
    """Return a session at its opening time where the other is there and others may be represented."""
    world = World()
    world.ready("bridge", "weir")
    for proxy in proxies:
        world.act(VOTER, proxy)
    world.act(PRESIDENT, PresenceRecorded("annual", OTHER.id, "room"))
    return world


def test_represented__on_one_motion__is_so_in_the_session_and_on_that_motion_only() -> None:
    world = _opened(ProxyGiven("first", "annual", OTHER.id, ("bridge",)))
    stands = {VOTER.id: OTHER.id}
    assert represented(world.state, "annual") == stands
    assert represented(world.state, "annual", motion="bridge") == stands
    assert represented(world.state, "annual", motion="weir") == {}
    assert attending(world.state, "annual", motion="bridge") == {VOTER.id, OTHER.id}
    assert attending(world.state, "annual", motion="weir") == {OTHER.id}
    assert opening_of(world.state, "annual", world.at()).represented == 1


def test_represented__by_two_of_whom_one_is_there__is_represented_by_that_one() -> None:
    world = _opened(
        ProxyGiven("first", "annual", OTHER.id, ("bridge",)),
        ProxyGiven("second", "annual", THIRD.id, ("weir",)),
    )
    assert represented(world.state, "annual") == {VOTER.id: OTHER.id}
    assert represented(world.state, "annual", motion="weir") == {}


def test_represented__for_a_time__is_so_to_its_last_instant() -> None:
    until = "2026-01-20T10:00:00.000Z"
    world = _opened(ProxyGiven("first", "annual", OTHER.id, (), until))
    assert represented(world.state, "annual", at=until) == {VOTER.id: OTHER.id}
    later = "2026-01-20T10:00:00.001Z"
    assert represented(world.state, "annual", at=later) == {}
    assert opening_of(world.state, "annual", until).represented == 1
    assert opening_of(world.state, "annual", later).represented == 0
    # Whoever was represented when the session began took part in it.
    assert attending(world.state, "annual") == {VOTER.id, OTHER.id}


def _voting(*motions: str, until: str | None = None) -> tuple[Simulation, MemoryLedger]:
    """Return a vote on two motions in which the treasurer stands for the gardener."""
    simulation, ledger = founded()
    for motion in ("bridge", "weir"):
        simulation.propose(CHAIR, motion)
    simulation.convene(CHAIR, "spring", "bridge", "weir")
    simulation.give_proxy(GARDENER, "garden", "spring", TREASURER, motions=motions, until=until)
    simulation.advance(days=15)
    simulation.attend(TREASURER, "spring")
    return simulation, ledger


def test_holder__on_a_motion_of_the_proxy__votes__and_on_another_does_not() -> None:
    simulation, ledger = _voting("bridge")
    simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    with refused("signature.signer"):
        simulation.cast(GARDENER, "weir", "no", hand=TREASURER)
    simulation.cast(GARDENER, "weir", "yes")
    assert cast_by_proxy(ledger.state, "bridge", ledger.sources) == 1
    assert cast_by_proxy(ledger.state, "weir", ledger.sources) == 0


def test_holder__after_the_last_instant__votes_no_more() -> None:
    simulation, _ = _voting(until="2026-01-20T10:00:00.000Z")
    simulation.advance(hours=1)
    simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    simulation.advance(seconds=1)
    with refused("signature.signer"):
        simulation.cast(GARDENER, "weir", "no", hand=TREASURER)


def test_b12__represented_on_another_motion_only__does_not_vote_where_presence_counts() -> None:
    quorum = quorum_of(1, 4, "present_or_represented")
    simulation, ledger = founded(in_room(quorum))
    for motion in ("bridge", "weir"):
        simulation.propose(CHAIR, motion)
    simulation.convene(CHAIR, "spring", "bridge", "weir", channel="room")
    simulation.give_proxy(GARDENER, "garden", "spring", TREASURER, motions=("bridge",))
    simulation.advance(days=15)
    simulation.attend(TREASURER, "spring", "room")
    simulation.open(CHAIR, "spring")
    opened = ledger.state.assembly("spring").opened
    assert opened is not None
    assert (opened.present, opened.represented) == (1, 1)
    simulation.cast(GARDENER, "bridge", "yes", hand=TREASURER)
    with refused("ballot.absent"):
        simulation.cast(GARDENER, "weir", "yes", hand=TREASURER)
    with refused("ballot.absent"):
        simulation.cast(GARDENER, "weir", "yes")


def test_cast_by_proxy__counts_the_ballots_that_count__not_those_replaced() -> None:
    simulation, ledger = _voting()
    assert cast_by_proxy(ledger.state, "bridge", ledger.sources) == 0
    simulation.cast(TREASURER, "bridge", "yes")
    simulation.cast(SECRETARY, "bridge", "yes")
    assert cast_by_proxy(ledger.state, "bridge", ledger.sources) == 0
    simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    simulation.cast(GARDENER, "bridge", "yes", hand=TREASURER)
    assert cast_by_proxy(ledger.state, "bridge", ledger.sources) == 1
    simulation.cast(GARDENER, "bridge", "yes")
    assert cast_by_proxy(ledger.state, "bridge", ledger.sources) == 0


def test_cast_by_proxy__where_what_would_tell_was_erased__is_not_known() -> None:
    simulation, ledger = _voting()
    index = simulation.cast(GARDENER, "bridge", "no", hand=TREASURER)
    openings = ledger.sources.signatures_by_entry.pop(index)
    assert cast_by_proxy(ledger.state, "bridge", ledger.sources) is None
    ledger.sources.signatures_by_entry[index] = openings
    assert cast_by_proxy(ledger.state, "bridge", ledger.sources) == 1
    ledger.sources.rolls.clear()
    assert cast_by_proxy(ledger.state, "bridge", ledger.sources) is None


def test_cast_by_proxy__nobody_represented__is_none_at_all_even_without_roll() -> None:
    simulation, ledger = held()
    simulation.cast(GARDENER, "bridge", "no")
    ledger.sources.rolls.clear()
    assert cast_by_proxy(ledger.state, "bridge", ledger.sources) == 0


def test_urn__represented_on_another_motion_only__has_no_paper_in_it() -> None:
    simulation, _ = founded(paper_rules())
    for motion in ("bridge", "weir"):
        simulation.propose(CHAIR, motion)
    simulation.convene(CHAIR, "spring", "bridge", "weir", channel="room")
    simulation.give_proxy(GARDENER, "garden", "spring", TREASURER, motions=("bridge",))
    simulation.advance(days=15)
    for member in (CHAIR, TREASURER):
        simulation.attend(member, "spring", "room")
    simulation.open(CHAIR, "spring")
    tally = {"yes": 3, "no": 0, "abstain": 0}
    with refused("urn.papers") as caught:
        simulation.count_urn((CHAIR, TREASURER), "spring", "weir", tally)
    assert caught.value.expected.startswith("at most 2 papers")
    simulation.count_urn((CHAIR, TREASURER), "spring", "bridge", tally)
