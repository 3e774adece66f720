"""A repeated command is told what it wrote; a key is never used for two."""

import pytest

from tests.support.http_world import World, applicant
from tests.support.model_organisation import FOUNDERS, SLUG, Actor

CHAIR = FOUNDERS[0]


def test_command__repeated__has_the_same_answer_and_writes_once(founded: World) -> None:
    body = founded.signed(CHAIR, "motions", founded.motion(CHAIR, "bridge"))
    answers = [founded.post(f"{founded.root}/motions", body, key="once") for _ in range(2)]
    assert answers[0].status_code == answers[1].status_code == 201
    assert answers[0].json() == answers[1].json()
    assert founded.client.get(founded.root).json()["size"] == 2


def test_command__repeated_later__is_told_the_head_of_then(founded: World) -> None:
    body = founded.signed(CHAIR, "motions", founded.motion(CHAIR, "bridge"))
    first = founded.post(f"{founded.root}/motions", body, key="once").json()
    founded.act(CHAIR, "motions", founded.motion(CHAIR, "weir"))
    assert founded.post(f"{founded.root}/motions", body, key="once").json() == first


def test_command__key_of_another_body__is_refused(founded: World) -> None:
    body = founded.signed(CHAIR, "motions", founded.motion(CHAIR, "bridge"))
    founded.post(f"{founded.root}/motions", body, key="once")
    other = founded.signed(CHAIR, "motions", founded.motion(CHAIR, "weir"))
    response = founded.post(f"{founded.root}/motions", other, key="once")
    assert (response.status_code, response.json()["code"]) == (409, "command.reused")


def test_command__same_body_at_another_path__is_another_command(founded: World) -> None:
    for actor in ("mill", "dam"):
        founded.act(
            Actor(actor, "collective"), "members", founded.application(Actor(actor, "collective"))
        )
    mill, dam = Actor("mill", "collective").id, Actor("dam", "collective").id
    body = founded.signed(CHAIR, f"members/{mill}/admission", founded.authored(CHAIR))
    assert founded.post(f"{founded.root}/members/{mill}/admission", body, key="k").is_success
    response = founded.post(f"{founded.root}/members/{dam}/admission", body, key="k")
    assert response.json()["code"] == "command.reused"


def test_command__ballot_repeated__tells_the_voter_again(founded: World) -> None:
    founded.act(CHAIR, "motions", founded.motion(CHAIR, "bridge"))
    founded.act(CHAIR, "assemblies", founded.call(CHAIR, "spring", "bridge"))
    founded.clock.advance(15 * 86_400 + 60)
    path = "motions/bridge/ballots"
    body = founded.signed(CHAIR, path, founded.ballot(CHAIR, "bridge", "yes"))
    answers = [founded.post(f"{founded.root}/{path}", body, key="vote").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["voter"].startswith("v")


def test_command__application_repeated_after_resignation__has_the_first_answer(
    founded: World,
) -> None:
    gardener = Actor("gardener")
    body = founded.signed(gardener, "members", founded.application(gardener))
    first = founded.post(f"{founded.root}/members", body, key="join").json()
    resignation = {"issued_at": founded.seconds()}
    founded.act(gardener, f"members/{gardener.id}/resignation", resignation)
    assert founded.post(f"{founded.root}/members", body, key="join").json() == first


def test_command__founding_repeated__writes_once(world: World) -> None:
    body = world.founding()
    answers = [
        world.post("/v1/organisations", body, key="found", **world.operator()) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert world.client.get(f"/v1/organisations/{SLUG}").json()["size"] == 1


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "x" * 201}])
def test_command__without_usable_key__is_refused_before_its_body(
    founded: World, headers: dict[str, str]
) -> None:
    response = founded.client.post(f"{founded.root}/motions", json={}, headers=headers)
    assert (response.status_code, response.json()["code"]) == (400, "idempotency.required")


def test_typed_data__never__stores_anything(founded: World) -> None:
    gardener = Actor("gardener")
    body = {**applicant(gardener), "issued_at": founded.seconds()}
    founded.client.post(f"{founded.root}/members/typed-data", json=body)
    assert founded.client.get(founded.root).json()["size"] == 1
    assert founded.client.get(f"{founded.root}/members/{gardener.id}").status_code == 404


def test_typed_data__domain__is_the_one_of_the_organisation(founded: World) -> None:
    body = founded.motion(CHAIR, "bridge")
    prepared = founded.client.post(f"{founded.root}/motions/typed-data", json=body).json()
    domain = founded.get("signing-domain")
    signing = founded.client.get("/v1/signing").json()
    assert domain == {**prepared["domain"], "fields": "0x1f", "extensions": [], "passkeys": None}
    assert domain["verifyingContract"] == signing["contract"]
    assert domain["chainId"] == signing["chain_id"]
