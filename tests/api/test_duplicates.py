"""One person, one record: candidates are found, shown to those who keep the register, and decided by them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from httpx2 import Response

from backend.domain.acts import MemberId
from tests.support.http_sessions import session_headers
from tests.support.http_world import Answer, World, applicant, opened
from tests.support.model_organisation import FOUNDERS, Actor

CHAIR, TREASURER, SECRETARY = FOUNDERS
ROSE = {"name": "Rose Bonheur", "born": "1987-03-12"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path / "data") as world:
        world.found()
        yield world


def apply(world: World, actor: Actor, facts: dict[str, str]) -> str:
    body = {**applicant(actor), "facts": facts, "issued_at": world.seconds()}
    return str(world.act(actor, "members", body)["status"])


def listed(world: World, reviewer: Actor = CHAIR, **query: str | int | bool) -> Answer:
    response = world.client.get(
        f"{world.root}/duplicates", params=query, headers=session_headers(world, reviewer.id)
    )
    assert response.status_code == 200, response.text
    return response.json()


def decided(world: World, reviewer: Actor, duplicate: str, verdict: str) -> Response:
    return world.client.post(
        f"{world.root}/duplicates/{duplicate}",
        json={"verdict": verdict},
        headers=session_headers(world, reviewer.id),
    )


def pair(newer: Actor, earlier: Actor) -> str:
    return f"{newer.id}-{earlier.id}"


def status(world: World, member: MemberId) -> str:
    return str(world.get(f"members/{member}")["status"])


def test_application__that_resembles_a_member__waits_until_decided_to_be_another(
    world: World,
) -> None:
    first, second = Actor("first"), Actor("second")
    assert apply(world, first, ROSE) == "active"
    assert apply(world, second, {"name": "BONNHEUR Rose", "born": "1987-12-03"}) == "applied"
    world.worker.step_all()
    assert status(world, second.id) == "applied"
    (found,) = listed(world)["items"]
    assert found == {
        "id": pair(second, first),
        "newer": {
            "member": second.id,
            "status": "applied",
            "facts": {"name": "BONNHEUR Rose", "born": "1987-12-03"},
        },
        "earlier": {"member": first.id, "status": "active", "facts": ROSE},
        "reasons": ["names_near", "born_swapped"],
        "edits": 1,
        "found_at": found["found_at"],
        "verdict": None,
        "decided_by": None,
        "decided_at": None,
        "follow_up": "",
    }
    answer = decided(world, CHAIR, found["id"], "different").json()
    assert (answer["verdict"], answer["decided_by"]) == ("different", CHAIR.id)
    world.worker.step_all()
    assert status(world, second.id) == "active"
    assert listed(world)["items"] == []
    assert [each["id"] for each in listed(world, undecided=False)["items"]] == [found["id"]]


def test_application__decided_to_be_the_same__waits_for_the_act_that_follows(world: World) -> None:
    first, second = Actor("first"), Actor("second")
    apply(world, first, ROSE)
    apply(world, second, ROSE)
    answer = decided(world, CHAIR, pair(second, first), "same").json()
    assert answer["follow_up"] == "refuse_application"
    world.worker.step_all()
    assert status(world, second.id) == "applied"
    world.act(CHAIR, f"members/{second.id}/admission", world.authored(CHAIR))
    (found,) = listed(world, undecided=False)["items"]
    assert found["follow_up"] == "merge_records"


def test_application__in_two_centres_at_once__is_recorded_twice_and_one_waits(
    world: World,
) -> None:
    applicants = Actor("north-centre"), Actor("south-centre")
    with ThreadPoolExecutor(2) as both:
        found = list(both.map(lambda actor: apply(world, actor, ROSE), applicants))
    assert sorted(found) == ["active", "applied"]
    assert len(listed(world)["items"]) == 1


def test_twins__with_names_of_their_own__are_both_admitted(world: World) -> None:
    twins = ("Pierre Martin", "Paul Martin")
    found = [apply(world, Actor(name), {"name": name, "born": "1990-01-01"}) for name in twins]
    assert found == ["active", "active"]
    assert listed(world)["items"] == []


def test_decision__on_ones_own_record__is_refused(world: World) -> None:
    again = Actor("chair-again")
    mine = applicant(CHAIR)["facts"]
    assert apply(world, again, mine) == "applied"
    own = pair(again, CHAIR)
    refused = decided(world, CHAIR, own, "different")
    assert (refused.status_code, refused.json()["code"]) == (403, "duplicate.own")
    assert decided(world, CHAIR, own.replace(CHAIR.id, TREASURER.id), "same").status_code == 404


def test_decision__that_was_taken__is_not_taken_back(world: World) -> None:
    first, second = Actor("first"), Actor("second")
    apply(world, first, ROSE)
    apply(world, second, ROSE)
    taken = decided(world, CHAIR, pair(second, first), "same").json()
    world.clock.advance(60)
    assert decided(world, CHAIR, pair(second, first), "same").json() == taken
    refused = decided(world, CHAIR, pair(second, first), "different")
    assert (refused.status_code, refused.json()["code"]) == (409, "duplicate.decided")
    unknown = decided(world, CHAIR, pair(first, second), "same")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "duplicate.unknown")


def test_duplicates__asked_for_without_office__are_refused(world: World) -> None:
    member = Actor("member")
    apply(world, member, ROSE)
    path = f"{world.root}/duplicates"
    assert world.client.get(path).status_code == 401
    for headers in (session_headers(world, member.id), session_headers(world, CHAIR.id, "low")):
        assert world.client.get(path, headers=headers).status_code == 403
        answer = world.client.post(
            f"{path}/{pair(member, CHAIR)}", json={"verdict": "same"}, headers=headers
        )
        assert answer.status_code == 403


def test_duplicates__listed_by_pages__come_once(world: World) -> None:
    people = [Actor(f"person-{number}") for number in range(4)]
    for person in people:
        apply(world, person, ROSE)
    found, after = [], ""
    while True:
        answer = listed(world, limit=2, after=after)
        found += [each["id"] for each in answer["items"]]
        if answer["next"] is None:
            break
        after = answer["next"]
    assert len(found) == len(set(found)) == 6
    assert found == sorted(found)


def test_facts__that_are_refused__are_not_in_the_refusal(world: World) -> None:
    actor = Actor("someone")
    facts = {"name": "Rose Bonheur", "born": "12 mars 1987"}
    body = {**applicant(actor), "facts": facts, "issued_at": world.seconds()}
    refused = world.post(f"{world.root}/members", world.signed(actor, "members", body))
    assert (refused.status_code, refused.json()["code"]) == (422, "facts.born")
    assert "Bonheur" not in refused.text
    assert "1987" not in refused.json()["found"]
