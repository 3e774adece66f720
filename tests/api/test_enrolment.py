"""Members who came without a key, and their first one: from a registration centre to a signed act."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.eventful_life import eventful_rulebook
from tests.support.http_play import HttpPlay
from tests.support.http_world import World, opened
from tests.support.key_requests import offered, send, signed_body
from tests.support.model_organisation import FOUNDERS, Actor

CHAIR, TREASURER, SECRETARY = FOUNDERS


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server whose organisation knows registration centres."""
    with opened(tmp_path_factory.mktemp("enrolment") / "data") as world:
        HttpPlay(world).found(rulebook=eventful_rulebook())
        yield world


def presented(world: World, role: str) -> Actor:
    """Return a member whom the centre registered on paper."""
    actor, play = Actor(role), HttpPlay(world)
    # A centre presents three at most.
    play.open_centre(CHAIR, f"centre-{role}", SECRETARY)
    play.present(SECRETARY, f"centre-{role}", actor)
    assert world.get(f"members/{actor.id}")["status"] == "active"
    return actor


def enrolment(world: World, member: Actor, device: Actor) -> tuple[str, dict[str, object]]:
    path = f"members/{member.id}/keys/enrolment"
    draft = offered(world, device, author=CHAIR.id)
    return path, signed_body(world, path, draft, {"signature": CHAIR, "key_signature": device})


def at_once(world: World, asked: Sequence[tuple[str, dict[str, object]]]) -> list[int]:
    """Return the statuses of requests sent at the same time, ascending."""
    with ThreadPoolExecutor(len(asked)) as pool:
        answers = pool.map(lambda each: world.post(f"{world.root}/{each[0]}", each[1]), asked)
        return sorted(answer.status_code for answer in answers)


def test_enrolment__of_who_came_without_a_key__lets_them_act(world: World) -> None:
    walker, phone = presented(world, "walker"), Actor("walkers-phone")
    before = world.post(
        f"{world.root}/motions", {**world.motion(walker, "too-soon"), "signature": "0x" + "11" * 65}
    )
    assert (before.status_code, before.json()["code"]) == (404, "key.unknown")
    path, body = enrolment(world, walker, phone)
    assert world.post(f"{world.root}/{path}", body).status_code == 201
    after = send(world, "motions", world.motion(walker, "by-walker"), signature=phone)
    assert after.status_code == 201, after.text
    path, body = enrolment(world, walker, Actor("walkers-tablet"))
    again = world.post(f"{world.root}/{path}", body)
    assert (again.status_code, again.json()["code"]) == (409, "key.present")


def test_enrolment__signed_by_no_officer__is_refused(world: World) -> None:
    runner, phone = presented(world, "runner"), Actor("runners-phone")
    other = Actor("bystander")
    HttpPlay(world).apply(other)
    path = f"members/{runner.id}/keys/enrolment"
    draft = offered(world, phone, author=other.id)
    answer = send(world, path, draft, signature=other, key_signature=phone)
    assert (answer.status_code, answer.json()["code"]) == (422, "officer.required")


def test_race__two_first_keys_of_one_member__leaves_one(world: World) -> None:
    member = presented(world, "hurried")
    asked = [enrolment(world, member, Actor(f"hurried-{number}")) for number in range(2)]
    assert at_once(world, asked) == [201, 409]


def test_race__one_first_key_for_two_members__leaves_it_with_one(world: World) -> None:
    members, device = [presented(world, f"sharing-{number}") for number in range(2)], Actor("one")
    assert at_once(world, [enrolment(world, each, device) for each in members]) == [201, 409]
