"""Attendance, H1 to H5, and who represents whom."""

import pytest

from backend.domain.acts import MemberResigned, PresenceRecorded, ProxyGiven, ProxyRevoked
from backend.domain.assemblies import attending, attends, present, represented
from backend.domain.rulebook.sessions import Proxies
from tests.support.assembly_world import (
    COUNCILLOR,
    OTHER,
    PARTNER,
    PRESIDENT,
    SECRETARY,
    STRANGER,
    THIRD,
    VOTER,
    Person,
    World,
    altered,
    refused,
    rules_with,
)


def _presence(person: Person, presence: str = "room", assembly: str = "annual") -> PresenceRecorded:
    return PresenceRecorded(assembly, person.id, presence)  # type: ignore[arg-type]  # of a Literal


def _held(*changed: Proxies, **fields: object) -> World:
    world = World(rules_with(*changed))
    world.ready("bridge", **fields)
    return world


def test_presence__by_oneself_and_by_the_convener__is_recorded() -> None:
    world = _held()
    world.act(VOTER, _presence(VOTER))
    world.act(PRESIDENT, _presence(OTHER))
    assert present(world.state.assembly("annual")) == {VOTER.id, OTHER.id}


def test_presence__of_no_assembly__refuses() -> None:
    with refused("assembly.unknown"):
        World().act(VOTER, _presence(VOTER))


def test_h1__neither_elector_nor_holder__refuses_under_the_voting_right() -> None:
    world = _held()
    with refused("presence.stranger", rule="vote-person", article="3"):
        world.act(PRESIDENT, _presence(PARTNER))
    world.act(PRESIDENT, _presence(VOTER))


def test_h1__holder_of_a_proxy_without_a_vote__may_be_there_and_is_not_counted() -> None:
    world = _held(altered(Proxies, "proxies", holder="member"))
    world.act(VOTER, ProxyGiven("first", "annual", PARTNER.id))
    world.act(PARTNER, _presence(PARTNER))
    assert present(world.state.assembly("annual")) == frozenset()
    assert represented(world.state, "annual") == {VOTER.id: PARTNER.id}


def test_attends__of_each_person__is_what_the_whole_attendance_says() -> None:
    world = _held(altered(Proxies, "proxies", holder="member"))
    world.act(VOTER, ProxyGiven("first", "annual", PARTNER.id))
    world.act(THIRD, ProxyGiven("second", "annual", SECRETARY.id))
    world.act(PARTNER, _presence(PARTNER))
    world.act(PRESIDENT, _presence(OTHER))
    everyone = (VOTER, OTHER, THIRD, PARTNER, PRESIDENT, SECRETARY, STRANGER)
    there = {each.id for each in everyone if attends(world.state, "annual", each.id)}
    assert there == attending(world.state, "annual") == {VOTER.id, OTHER.id}


def test_h1__member_outside_the_body_that_meets__refuses() -> None:
    world = _held(session="meeting")
    with refused("presence.stranger", rule="meeting", article="7"):
        world.act(VOTER, _presence(VOTER, assembly="meeting"))
    world.act(COUNCILLOR, _presence(COUNCILLOR, assembly="meeting"))


def test_h1__no_member_or_one_who_left__refuses() -> None:
    world = _held()
    with refused("member.unknown"):
        world.act(PRESIDENT, _presence(STRANGER))
    world.record(MemberResigned(VOTER.id), VOTER)
    with refused("member.inactive"):
        world.act(PRESIDENT, _presence(VOTER))


def test_h2__by_another_member__refuses() -> None:
    world = _held()
    with refused("assembly.officer", rule="convocation", article="8"):
        world.act(OTHER, _presence(VOTER))
    world.act(PRESIDENT, _presence(VOTER))


def test_h2__remote_presence__only_by_oneself() -> None:
    world = _held(channel="remote")
    with refused("presence.self", rule="psephos.assembly"):
        world.act(PRESIDENT, _presence(VOTER, "remote"))
    world.act(VOTER, _presence(VOTER, "remote"))
    world.act(PRESIDENT, _presence(OTHER, "room"))
    assert present(world.state.assembly("annual")) == {VOTER.id, OTHER.id}


@pytest.mark.parametrize(
    ("presence", "days", "code"),
    [
        ("room", 14, "presence.time"),
        ("excused", 14, None),
        ("excused", 0, None),
        ("room", 15, None),
        ("room", 17, "presence.time"),
        ("excused", 17, "presence.time"),
    ],
)
def test_h3__there_while_it_is_held__excused_before_or_then(
    presence: str, days: int, code: str | None
) -> None:
    world = World()
    world.convene("bridge")
    world.advance(days=days)
    if code is None:
        world.act(VOTER, _presence(VOTER, presence))
        return
    with refused(code, rule="psephos.assembly"):
        world.act(VOTER, _presence(VOTER, presence))


def test_h3__after_the_close__refuses() -> None:
    world = _held()
    world.end("annual")
    with refused("assembly.closed"):
        world.act(VOTER, _presence(VOTER))


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("excused", "room", None),
        ("excused", "excused", "presence.recorded"),
        ("room", "room", "presence.recorded"),
        ("room", "excused", "presence.recorded"),
        ("remote", "room", "presence.recorded"),
    ],
)
def test_h4__recorded_once__but_who_was_excused_may_come(
    first: str, second: str, code: str | None
) -> None:
    world = _held(channel="remote")
    world.act(VOTER, _presence(VOTER, first))
    if code is None:
        world.act(VOTER, _presence(VOTER, second))
        assert world.state.assembly("annual").presence[VOTER.id] == second
        return
    with refused(code) as caught:
        world.act(VOTER, _presence(VOTER, second))
    assert caught.value.found == first


def test_h5__from_elsewhere_in_a_room__refuses() -> None:
    world = _held(channel="room")
    with refused("presence.place", rule="psephos.assembly"):
        world.act(VOTER, _presence(VOTER, "remote"))
    world.act(VOTER, _presence(VOTER, "room"))


def test_represented__only_while_the_holder_is_there_and_the_grantor_is_not() -> None:
    world = _held()
    world.act(VOTER, ProxyGiven("first", "annual", OTHER.id))
    world.act(THIRD, ProxyGiven("second", "annual", OTHER.id))
    assert represented(world.state, "annual") == {}
    world.act(OTHER, _presence(OTHER))
    assert represented(world.state, "annual") == {VOTER.id: OTHER.id, THIRD.id: OTHER.id}
    world.act(VOTER, _presence(VOTER))
    assert represented(world.state, "annual") == {THIRD.id: OTHER.id}
    world.act(THIRD, ProxyRevoked("second"))
    assert represented(world.state, "annual") == {}


def test_represented__holder_who_is_excused__does_not_represent() -> None:
    world = _held()
    world.act(VOTER, ProxyGiven("first", "annual", SECRETARY.id))
    world.act(SECRETARY, _presence(SECRETARY, "excused"))
    assert represented(world.state, "annual") == {}
    with refused("assembly.unknown"):
        represented(world.state, "summer")


def test_presence__signed_by_another__refuses() -> None:
    world = _held()
    with refused("signature.signer"):
        world.act(VOTER, _presence(VOTER), signers=[OTHER])
    with refused("signature.signer"):
        world.act(PRESIDENT, _presence(VOTER), signers=[VOTER])
