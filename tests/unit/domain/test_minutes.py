"""Minutes, K1 to K3."""

import msgspec
import pytest

from backend.domain.acts import MandateResigned, MinutesPublished
from backend.domain.rulebook.topics import AnyRule, Silent
from tests.support.assembly_world import (
    COUNCILLOR,
    NO_DOCUMENT,
    PRESIDENT,
    SECRETARY,
    VOTER,
    Person,
    World,
    refused,
    rules_with,
)


def _ended(*changed: AnyRule, without: tuple[str, ...] = ()) -> World:
    world = World(rules_with(*changed, without=without))
    world.ready("bridge")
    world.advance(days=2)
    world.end("annual")
    return world


def _minutes(world: World, *signers: Person) -> MinutesPublished:
    named = signers or (PRESIDENT, SECRETARY)
    return MinutesPublished(
        "annual", world.put(b"What was done."), tuple(person.id for person in named)
    )


def _publish(world: World, *signers: Person, by: Person = SECRETARY) -> int:
    return world.act(by, _minutes(world, *signers), signers=signers or (PRESIDENT, SECRETARY))


def test_minutes__signed_by_both__are_published() -> None:
    world = _ended()
    index = _publish(world)
    assert world.state.assembly("annual").minutes_entry == index


def test_k1__before_the_close__refuses() -> None:
    world = World()
    world.ready("bridge")
    with refused("minutes.early"):
        _publish(world)


def test_k1__published_twice_or_of_no_assembly__refuses() -> None:
    world = _ended()
    _publish(world)
    with refused("minutes.exists"):
        _publish(world)
    with refused("assembly.unknown"):
        World().act(PRESIDENT, _minutes(world), signers=(PRESIDENT, SECRETARY))


@pytest.mark.parametrize("signers", [(PRESIDENT,), (PRESIDENT, SECRETARY, COUNCILLOR)])
def test_k2__too_few_or_too_many__refuse(signers: tuple[Person, ...]) -> None:
    world = _ended()
    with refused("minutes.signers", rule="minutes", article="15") as caught:
        _publish(world, *signers, by=PRESIDENT)
    assert caught.value.expected == "council (president) and council (secretary)"
    assert caught.value.found == f"{len(signers)} signers"


@pytest.mark.parametrize("signers", [(SECRETARY, PRESIDENT), (PRESIDENT, COUNCILLOR)])
def test_k2__other_seats_or_another_order__refuse(signers: tuple[Person, ...]) -> None:
    world = _ended()
    with refused("minutes.seat", rule="minutes", article="15"):
        _publish(world, *signers, by=PRESIDENT)
    _publish(world, by=PRESIDENT)


def test_k2__seat_given_back_after_the_session__still_signs() -> None:
    world = _ended()
    world.record(MandateResigned("first-secretary"), SECRETARY)
    world.advance(days=3)
    _publish(world)


def test_k2__seat_given_back_before_the_session__refuses() -> None:
    world = World()
    world.record(MandateResigned("first-secretary"), SECRETARY)
    world.advance(days=1)
    world.ready("bridge")
    world.advance(days=2)
    world.end("annual")
    with refused("minutes.seat") as caught:
        _publish(world)
    assert (caught.value.expected, caught.value.found) == ("council (secretary)", SECRETARY.id)


def test_k2__published_by_someone_who_does_not_sign__refuses() -> None:
    world = _ended()
    with refused("minutes.author", rule="psephos.assembly"):
        _publish(world, by=VOTER)


def test_k2__statutes_say_nothing_or_are_silent__refuse() -> None:
    with refused("rule.missing"):
        _publish(_ended(without=("minutes",)))
    silent = Silent(id="minutes", article="15", matter="minutes", settled_by="Decide.")
    with refused("rule.silent", rule="minutes", article="15"):
        _publish(_ended(silent))


def test_k2__signature_missing_or_of_another__refuses() -> None:
    world = _ended()
    with refused("signature.missing"):
        world.act(PRESIDENT, _minutes(world), signers=(PRESIDENT,))
    with refused("signature.signer"):
        world.act(PRESIDENT, _minutes(world), signers=(PRESIDENT, VOTER))


def test_k3__no_text__refuses() -> None:
    world = _ended()
    data = _minutes(world)
    for document, code in ((NO_DOCUMENT, "document.unknown"), (world.put(b"\xff"), None)):
        changed = msgspec.structs.replace(data, minutes=document)
        with refused(code or "text.encoding"):
            world.act(PRESIDENT, changed, signers=(PRESIDENT, SECRETARY))
