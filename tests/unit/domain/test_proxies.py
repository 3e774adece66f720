"""Proxies, X1 to X6."""

import pytest

from backend.domain.acts import (
    AssemblyOpened,
    MemberResigned,
    ProxyGiven,
    ProxyRevoked,
)
from backend.domain.assemblies import proxies_in_force
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


def _convened(*changed: Proxies, without: tuple[str, ...] = ()) -> World:
    world = World(rules_with(*changed, without=without))
    world.convene("bridge")
    return world


def _given(world: World, by: Person, to: Person, name: str = "first") -> None:
    world.act(by, ProxyGiven(name, "annual", to.id))


def test_proxy__lawful__is_in_force() -> None:
    world = _convened()
    _given(world, VOTER, OTHER)
    (proxy,) = proxies_in_force(world.state.assembly("annual"), world.at())
    assert (proxy.grantor, proxy.holder) == (VOTER.id, OTHER.id)


def test_proxy__id_in_use_in_any_assembly__refuses() -> None:
    world = _convened()
    world.convene("weir", assembly="summer")
    world.act(OTHER, ProxyGiven("first", "summer", THIRD.id))
    with refused("proxy.exists"):
        _given(world, VOTER, OTHER)
    _given(world, VOTER, OTHER, "second")


def test_proxy__no_such_assembly__refuses() -> None:
    with refused("assembly.unknown"):
        _given(World(), VOTER, OTHER)


def test_x1__statutes_forbid_it__refuses() -> None:
    world = _convened(altered(Proxies, "proxies", modality="must_not"))
    with refused("proxy.forbidden", rule="proxies", article="13"):
        _given(world, VOTER, OTHER)


def test_x1__statutes_say_nothing__refuses() -> None:
    world = _convened(without=("proxies",))
    with refused("rule.missing"):
        _given(world, VOTER, OTHER)


def test_x2__without_a_vote_in_it__refuses_under_the_voting_right() -> None:
    world = _convened()
    with refused("proxy.grantor", rule="vote-person", article="3"):
        _given(world, PARTNER, OTHER)
    _given(world, VOTER, OTHER)


def test_x2__member_outside_the_body_that_meets__refuses() -> None:
    world = World()
    world.convene("bridge", session="meeting")
    with refused("proxy.grantor", rule="meeting", article="7"):
        world.act(VOTER, ProxyGiven("first", "meeting", SECRETARY.id))
    world.act(COUNCILLOR, ProxyGiven("first", "meeting", SECRETARY.id))


def test_x2__grantor_who_left__refuses() -> None:
    world = _convened()
    world.record(MemberResigned(VOTER.id), VOTER)
    with refused("member.inactive"):
        _given(world, VOTER, OTHER)


def test_x3__to_oneself__refuses() -> None:
    world = _convened()
    with refused("proxy.self", rule="proxies", article="13"):
        _given(world, VOTER, VOTER)


def test_x3__holder_without_a_vote__refuses_unless_any_member_may_hold() -> None:
    world = _convened()
    with refused("proxy.holder", rule="proxies", article="13") as caught:
        _given(world, VOTER, PARTNER)
    assert caught.value.found == PARTNER.id
    world = _convened(altered(Proxies, "proxies", holder="member"))
    _given(world, VOTER, PARTNER)


@pytest.mark.parametrize("holder", ["voter", "member"])
def test_x3__holder_who_is_no_member__refuses(holder: str) -> None:
    world = _convened(altered(Proxies, "proxies", holder=holder))
    with refused("member.unknown"):
        _given(world, VOTER, STRANGER)


def test_x4__third_proxy_beyond_a_cap_of_two__refuses() -> None:
    world = _convened()
    _given(world, VOTER, OTHER, "first")
    _given(world, THIRD, OTHER, "second")
    with refused("proxy.cap", rule="proxies", article="13") as caught:
        _given(world, SECRETARY, OTHER, "third")
    assert (caught.value.expected, caught.value.found) == ("at most 2", "3")
    _given(world, SECRETARY, PRESIDENT, "third")


def test_x4__proxy_taken_back__makes_room() -> None:
    world = _convened(altered(Proxies, "proxies", cap=1))
    _given(world, VOTER, OTHER)
    with refused("proxy.cap"):
        _given(world, THIRD, OTHER, "second")
    world.act(VOTER, ProxyRevoked("first"))
    _given(world, THIRD, OTHER, "second")


def test_x4__no_cap__takes_any_number() -> None:
    world = _convened(altered(Proxies, "proxies", cap=None))
    for number, person in enumerate((VOTER, THIRD, SECRETARY, COUNCILLOR, PRESIDENT)):
        _given(world, person, OTHER, f"proxy-{number}")


def test_x5__second_proxy_while_one_holds__refuses() -> None:
    world = _convened()
    _given(world, VOTER, OTHER)
    with refused("proxy.given") as caught:
        _given(world, VOTER, THIRD, "second")
    assert caught.value.found == OTHER.id
    world.act(VOTER, ProxyRevoked("first"))
    _given(world, VOTER, THIRD, "second")


def test_x6__at_the_closing_time__is_too_late() -> None:
    world = _convened()
    _given(world, VOTER, OTHER)
    world.advance(days=16, hours=23)
    _given(world, THIRD, OTHER, "second")
    world.advance(hours=1)
    with refused("assembly.over", rule="psephos.assembly"):
        _given(world, SECRETARY, THIRD, "third")
    with refused("assembly.over", rule="psephos.assembly"):
        world.act(VOTER, ProxyRevoked("first"))


def test_x6__after_the_close__refuses() -> None:
    world = _convened()
    _given(world, VOTER, OTHER)
    world.end("annual")
    with refused("assembly.closed"):
        _given(world, THIRD, OTHER, "second")
    with refused("assembly.closed"):
        world.act(VOTER, ProxyRevoked("first"))


def test_x6__taken_back_by_the_holder__refuses() -> None:
    world = _convened()
    _given(world, VOTER, OTHER)
    with refused("author.self"):
        world.act(OTHER, ProxyRevoked("first"))
    world.act(VOTER, ProxyRevoked("first"))
    with refused("proxy.revoked"):
        world.act(VOTER, ProxyRevoked("first"))


def test_x6__unknown_proxy__refuses() -> None:
    with refused("proxy.unknown"):
        _convened().act(VOTER, ProxyRevoked("first"))


def test_x6__until_the_opening__refuses_from_the_opening_time_on() -> None:
    world = _convened(altered(Proxies, "proxies", revocable_until="opening"))
    _given(world, VOTER, OTHER, "first")
    _given(world, THIRD, OTHER, "second")
    world.advance(days=14, hours=23)
    world.act(THIRD, ProxyRevoked("second"))
    world.advance(hours=1)
    with refused("proxy.late", rule="proxies", article="13") as caught:
        world.act(VOTER, ProxyRevoked("first"))
    assert caught.value.expected == "before the opening, 2026-01-20T09:00:00.000Z"


def test_x6__until_the_opening__refuses_once_opened_though_put_off_since() -> None:
    world = _convened(altered(Proxies, "proxies", revocable_until="opening"))
    _given(world, VOTER, OTHER)
    world.record(AssemblyOpened("annual", 6, 1, 0), PRESIDENT)
    with refused("proxy.late"):
        world.act(VOTER, ProxyRevoked("first"))


def test_x6__until_the_closing__may_be_taken_back_while_voting() -> None:
    world = _convened()
    _given(world, VOTER, OTHER)
    world.advance(days=16)
    world.act(VOTER, ProxyRevoked("first"))
    assert not proxies_in_force(world.state.assembly("annual"), world.at())


def test_proxy__signed_by_another__refuses() -> None:
    world = _convened()
    with refused("signature.signer"):
        world.act(VOTER, ProxyGiven("first", "annual", OTHER.id), signers=[OTHER])
    _given(world, VOTER, OTHER)
    with refused("signature.signer"):
        world.act(VOTER, ProxyRevoked("first"), signers=[OTHER])
