"""What people are told of their data, what they take away, what they correct and consent to."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response

from backend.domain.acts import FactsRectified
from backend.domain.commitments import Tag, opens
from backend.domain.entry import Entry
from backend.domain.purposes import PURPOSES
from backend.services.identity import declaration_payload
from tests.support.http_sessions import session_headers
from tests.support.http_world import World, applicant, facts, join, opened, signature
from tests.support.model_organisation import FOUNDERS, SLUG, Actor, digest

CHAIR, TREASURER, _ = FOUNDERS
QUINCE = Actor("quince")
HOSTILE = "<script>alert('\u00e9')</script> & \"co\""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An organisation with a vote under way; tests add to it, each about a member of its own."""
    with opened(tmp_path_factory.mktemp("rights") / "data") as world:
        world.found()
        join(world, QUINCE)
        world.act(CHAIR, "motions", world.motion(CHAIR, "bridge"))
        world.act(CHAIR, "assemblies", world.call(CHAIR, "spring", "bridge"))
        world.clock.advance(15 * 86_400 + 60)
        world.cast(CHAIR, "bridge", "yes")
        yield world


def _read(world: World, path: str, actor: Actor) -> Response:
    headers = session_headers(world, actor.id)
    return world.client.get(f"{world.root}/me/{path}", headers=headers)


def _answer(world: World, actor: Actor, purpose: str, reply: str, version: int = 1) -> Response:
    body = {"purpose": purpose, "version": version, "reply": reply}
    headers = session_headers(world, actor.id)
    return world.client.post(f"{world.root}/me/consents", json=body, headers=headers)


def _rectify(world: World, actor: Actor, given: dict[str, str]) -> Response:
    path, headers = f"{world.root}/me/facts", session_headers(world, actor.id)
    salt = digest("rectified", actor.id, json.dumps(given)).hex()
    body = {"facts": given, "facts_salt": salt, "issued_at": world.seconds()}
    prepared = world.client.post(f"{path}/typed-data", json=body, headers=headers).json()
    return world.post(path, {**body, "signature": signature(actor, prepared)}, **headers)


@pytest.mark.parametrize("path", ["data", "data.html", "consents"])
def test_private_routes__without_session__are_closed(world: World, path: str) -> None:
    response = world.client.get(f"{world.root}/me/{path}")
    assert (response.status_code, response.json()["code"]) == (401, "session.required")


def test_consents__before_any_answer__show_what_is_needed_as_given(world: World) -> None:
    answer = _read(world, "consents", QUINCE).json()
    assert [each["name"] for each in answer["purposes"]] == list(PURPOSES)
    assert [each["name"] for each in answer["purposes"] if each["consents"]] == ["membership"]
    [first] = answer["history"]
    assert (first["purpose"], first["reply"]) == ("membership", "given")
    assert all(each["fr"] and each["en"] for each in answer["purposes"])


def test_consent__given_and_taken_back__is_kept_with_its_history(world: World) -> None:
    for reply in ("given", "withdrawn"):
        assert _answer(world, TREASURER, "mail_news", reply).status_code == 201
    again = _answer(world, TREASURER, "mail_news", "withdrawn")
    assert (again.status_code, again.json()["code"]) == (409, "consent.answered")
    answer = _read(world, "consents", TREASURER).json()
    assert [each["reply"] for each in answer["history"]] == ["given", "given", "withdrawn"]
    consented = {each["name"] for each in answer["purposes"] if each["consents"]}
    assert consented == {"membership"}


@pytest.mark.parametrize(
    ("purpose", "reply", "version", "expected"),
    [
        ("membership", "withdrawn", 1, (403, "consent.kept")),
        ("mail_news", "given", 2, (422, "consent.version")),
        ("advertising", "given", 1, (422, "request.invalid")),
    ],
)
def test_consent__that_cannot_be_answered_so__is_refused(
    world: World, purpose: str, reply: str, version: int, expected: tuple[int, str]
) -> None:
    response = _answer(world, QUINCE, purpose, reply, version)
    assert (response.status_code, response.json()["code"]) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"directory": 1}, "consent.needed"),
        ({"membership": 2}, "consent.version"),
        ({}, "request.invalid"),
    ],
)
def test_application__without_what_is_needed__is_refused(
    world: World, given: dict[str, int], expected: str
) -> None:
    actor = Actor("hasty")
    body = {**world.application(actor), "consents": given}
    prepared = world.client.post(f"{world.root}/members/typed-data", json=body)
    if prepared.status_code == 200:
        signed = {**body, "signature": signature(actor, prepared.json())}
        prepared = world.post(f"{world.root}/members", signed)
    assert prepared.json()["code"] == expected


def test_data__of_oneself__is_whole_and_of_nobody_else(world: World) -> None:
    response = _read(world, "data", CHAIR)
    assert response.headers["content-type"].startswith("application/ld+json")
    assert response.headers["cache-control"] == "no-store"
    data = response.json()
    assert data["@context"]["@vocab"] == "https://schema.org/"
    assert (data["@type"], data["name"], data["birthDate"]) == ("Person", "The chair", "1980-01-01")
    assert data["psephos:factsSalt"] == CHAIR.person.salt.hex()
    [key] = data["psephos:rows"]["member_key"]
    assert (key["key"], key["salt"]) == (CHAIR.key.hex(), CHAIR.key_opening.salt.hex())
    [session] = data["psephos:rows"]["session"][:1]
    assert "token_hash" not in session
    assert session["assurance"] == "substantial"
    assert [each["choice"] for each in data["psephos:ballots"]] == ["yes"]
    assert [each["id"] for each in data["psephos:mandates"]] == ["bureau-chair"]
    acts = [each["content"]["act"] for each in data["psephos:entries"]]
    assert {"organisation.founded", "motion.proposed", "assembly.convened"} <= set(acts)
    signed = {each["entry"] for each in data["psephos:signatures"]}
    assert {each["entry"] for each in data["psephos:ballots"]} <= signed
    for secret in (TREASURER.key.hex(), "The treasurer", TREASURER.person.salt.hex()):
        assert secret not in response.text


def test_data__of_facts__can_be_handed_in_elsewhere(world: World) -> None:
    taken = _read(world, "data", QUINCE).json()["psephos:facts"]
    body = {**applicant(Actor("quince~2")), "facts": taken, "issued_at": world.seconds()}
    prepared = world.client.post(f"{world.root}/members/typed-data", json=body)
    assert (prepared.status_code, taken) == (200, facts(QUINCE))


def test_page__with_hostile_facts__shows_them_as_text(world: World) -> None:
    actor = Actor("hostile")
    join(world, actor)
    given = {"name": HOSTILE, "born": "1980-01-01", HOSTILE.replace("\u00e9", "e"): "x"}
    assert _rectify(world, actor, given).status_code == 201
    response = _read(world, "data.html", actor)
    assert response.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "<script" not in response.text
    assert "&lt;script&gt;" in response.text
    for title in ("Faits déclarés", "Declared facts", "Vos signatures", "Your signatures"):
        assert title in response.text


def test_rectification__replaces_facts_and_commits_anew(world: World) -> None:
    actor = Actor("renamed")
    join(world, actor)
    given = {"name": "Maïa Öztürk", "born": "1980-01-01", "email": "maia@example.org"}
    recorded = _rectify(world, actor, given)
    assert recorded.status_code == 201
    [index] = recorded.json()["entries"]
    data = Entry.from_bytes(world.client.get(f"{world.root}/entries/{index}").content).data
    assert isinstance(data, FactsRectified)
    private = world.container.archive.private
    salt = private.salt(SLUG, actor.id) or b""
    payload = declaration_payload(given, {})
    assert opens(data.person, Tag.PERSON, salt=salt, payload=payload)
    taken: dict[str, Any] = _read(world, "data", actor).json()
    assert (taken["psephos:facts"], taken["email"]) == (given, "maia@example.org")
    # What was answered stays.
    assert [each["reply"] for each in taken["psephos:consents"]] == ["given"]


def test_rectification__without_what_identifies__changes_nothing(world: World) -> None:
    response = _rectify(world, QUINCE, {"name": "Only a name"})
    assert (response.status_code, response.json()["code"]) == (422, "facts.missing")
    assert _read(world, "data", QUINCE).json()["psephos:facts"] == facts(QUINCE)


def test_rectification__signed_by_another__is_refused(world: World) -> None:
    path, headers = f"{world.root}/me/facts", session_headers(world, QUINCE.id)
    body = {"facts": facts(QUINCE), "facts_salt": "ab" * 32, "issued_at": world.seconds()}
    prepared = world.client.post(f"{path}/typed-data", json=body, headers=headers).json()
    response = world.post(path, {**body, "signature": signature(CHAIR, prepared)}, **headers)
    assert (response.status_code, response.json()["code"]) == (403, "signature.signer")


def test_rectification__after_leaving__is_refused(world: World) -> None:
    actor = Actor("leaver")
    join(world, actor)
    world.act(actor, f"members/{actor.id}/resignation", {"issued_at": world.seconds()})
    response = _rectify(world, actor, facts(actor))
    assert (response.status_code, response.json()["code"]) == (409, "facts.left")
