"""Founding by links: who may do what, in which order, once; and that nothing of a draft outlives it."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from backend.postman import Postman
from backend.services.founding_desk import LIFETIME
from tests.support.founding_play import FoundingPlay, address, plan, with_address
from tests.support.http_world import World, opened
from tests.support.model_organisation import FOUNDERS, SLUG, Actor

CHAIR, TREASURER, SECRETARY = FOUNDERS
STRANGER = Actor("stranger")
DAY = 86_400


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server on which nothing is founded, for drafts that come and go."""
    with opened(tmp_path_factory.mktemp("foundings") / "data") as world:
        yield world


@pytest.fixture
def play(server: World) -> Iterator[FoundingPlay]:
    """A draft that is over after the test."""
    yield FoundingPlay.prepare(server)
    server.clock.advance(int(LIFETIME.total_seconds()))


def codes(*answers: object) -> list[tuple[int, str]]:
    return [(each.status_code, each.json()["code"]) for each in answers]  # type: ignore[attr-defined]  # responses


def test_founding__by_links__records_what_all_signed(world: World) -> None:
    play = FoundingPlay.prepare(world)
    play.enrol_all()
    assert play.sign(CHAIR).json() == {"signed": 1, "founders": 3, "recorded": None}
    assert play.sign(TREASURER).json()["signed"] == 2
    last = play.sign(SECRETARY)
    assert last.status_code == 201
    assert last.json()["recorded"]["entries"] == [0]
    members = play.world.get("members")["items"]
    assert {each["member"] for each in members} == {founder.id for founder in FOUNDERS}
    assert all(each["founder"] for each in members)
    again = world.client.post("/v1/foundings", json=plan(), headers=world.operator())
    assert codes(again) == [(409, "founding.exists")]


def test_founding__an_operator_prepares__and_nobody_else(server: World) -> None:
    world = server
    assert world.client.post("/v1/foundings", json=plan()).status_code == 401
    wrong = {"Authorization": "Bearer nobody"}
    assert world.client.post("/v1/foundings", json=plan(), headers=wrong).status_code == 403
    assert world.client.get(f"/v1/foundings/{'0' * 32}", headers=wrong).status_code == 403
    assert world.client.delete(f"/v1/foundings/{'0' * 32}", headers=wrong).status_code == 403


def test_founding__progress__is_shown_to_the_operator(play: FoundingPlay) -> None:
    play.enrol(CHAIR)
    headers = play.world.operator()
    answer = play.world.client.get(f"/v1/foundings/{play.draft}", headers=headers).json()
    assert answer["slug"] == SLUG
    assert [(each["label"], each["enrolled"]) for each in answer["founders"]] == [
        ("Label of chair", True),
        ("Label of treasurer", False),
        ("Label of secretary", False),
    ]


def test_link__without_it_or_of_another_draft__opens_nothing(play: FoundingPlay) -> None:
    body = with_address(CHAIR)
    bare = play.world.client.post(f"/v1/foundings/{play.draft}/enrolment", json=body)
    other = play.ask("POST", "/enrolment", "A" * 43, body)
    unknown = play.world.client.post(
        f"/v1/foundings/{'0' * 32}/enrolment",
        json=body,
        headers={"Authorization": f"Bearer {play.tokens[CHAIR]}"},
    )
    assert codes(bare, other, unknown) == [
        (401, "founding.token"),
        (403, "founding.token"),
        (404, "founding_draft.unknown"),
    ]


def test_link__of_a_withdrawn_draft__does_not_open_the_next_one(play: FoundingPlay) -> None:
    headers = play.world.operator()
    assert (
        play.world.client.delete(f"/v1/foundings/{play.draft}", headers=headers).status_code == 204
    )
    after = FoundingPlay.prepare(play.world)
    body = with_address(CHAIR)
    assert codes(
        after.ask("POST", "/enrolment", play.tokens[CHAIR], body),
        play.ask("POST", "/enrolment", play.tokens[CHAIR], body),
    ) == [(403, "founding.token"), (404, "founding_draft.unknown")]


def test_link__used_twice__serves_the_first_key_only(play: FoundingPlay) -> None:
    assert play.enrol(CHAIR).json() == {"enrolled": 1, "founders": 3}
    assert play.enrol(CHAIR).status_code == 201
    again = play.ask("POST", "/enrolment", play.tokens[CHAIR], with_address(STRANGER))
    assert codes(again) == [(409, "founding.enrolled")]
    theirs = play.ask("POST", "/enrolment", play.tokens[TREASURER], with_address(CHAIR))
    assert codes(theirs) == [(409, "member.exists")]
    same_key = {**with_address(TREASURER), "key": with_address(CHAIR)["key"]}
    assert codes(play.ask("POST", "/enrolment", play.tokens[TREASURER], same_key)) == [
        (409, "key.in_use")
    ]


def test_enrolment__in_another_class_or_without_a_name__is_refused(play: FoundingPlay) -> None:
    body = with_address(CHAIR)
    other = play.ask(
        "POST", "/enrolment", play.tokens[CHAIR], {**body, "member_class": "collective"}
    )
    nameless = play.ask("POST", "/enrolment", play.tokens[CHAIR], {**body, "facts": {}})
    assert codes(other, nameless) == [(422, "founding.class"), (422, "facts.missing")]


def test_link__after_its_time__opens_nothing_and_leaves_nothing(play: FoundingPlay) -> None:
    play.enrol_all()
    play.world.clock.advance(int(LIFETIME.total_seconds()) - 1)
    assert play.enrol(CHAIR).status_code == 201
    play.world.clock.advance(1)
    assert codes(play.enrol(CHAIR)) == [(404, "founding_draft.unknown")]
    Postman(play.world.container).step_all()
    assert play.world.container.mailroom.drafts.expired(play.world.clock.now()) == ()


def test_signing__before_all_enrolled__is_refused(play: FoundingPlay) -> None:
    play.enrol(CHAIR)
    assert (
        codes(
            play.ask("POST", "/signing", play.tokens[CHAIR]),
            play.ask("GET", "/typed-data", play.tokens[CHAIR]),
        )
        == [(409, "founding.not_enrolled")] * 2
    )


def test_signing__over__is_opened_again_without_the_signatures(play: FoundingPlay) -> None:
    play.enrol_all()
    early = play.signed(CHAIR)
    assert play.sign(TREASURER).json()["signed"] == 1
    play.world.clock.advance(901)
    late = play.ask("POST", "/signature", play.tokens[CHAIR], early)
    assert codes(late) == [(409, "founding.signing_over")]
    again = play.signed(CHAIR)
    assert again["issued_at"] == early["issued_at"] + 901
    mixed = play.ask("POST", "/signature", play.tokens[CHAIR], early)
    assert codes(mixed) == [(409, "founding.signing_over")]
    assert play.ask("POST", "/signature", play.tokens[CHAIR], again).json()["signed"] == 1


def test_signature__by_another_key__is_refused_to_whoever_hands_it_in(play: FoundingPlay) -> None:
    play.enrol_all()
    theirs = play.signed(TREASURER)
    answer = play.ask("POST", "/signature", play.tokens[CHAIR], theirs)
    assert codes(answer) == [(403, "signature.signer")]
    assert play.sign(CHAIR).json()["signed"] == 1


def test_last_signatures__two_at_once__found_once(world: World) -> None:
    play = FoundingPlay.prepare(world)
    play.enrol_all()
    play.sign(CHAIR)
    bodies = {actor: play.signed(actor) for actor in (TREASURER, SECRETARY)}

    def hand_in(actor: Actor) -> int:
        return play.ask("POST", "/signature", play.tokens[actor], bodies[actor]).status_code

    # Each twice, as by a client that is told nothing and repeats.
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(hand_in, [TREASURER, SECRETARY] * 2))
    assert set(found) <= {201, 404}
    assert found.count(201) >= 2
    acts = [each["act"] for each in play.world.get("entries")["items"]]
    assert acts == ["organisation.founded"]


@pytest.mark.parametrize("end", ["founded", "withdrawn", "expired"])
def test_draft__at_its_end__leaves_no_trace_in_any_file(tmp_path: Path, end: str) -> None:
    told = {CHAIR: address(CHAIR)}
    with opened(tmp_path / "data") as world:
        play = FoundingPlay.prepare(world, addresses=told)
        Postman(world.container).step_all()
        (written,) = (tmp_path / "data" / "mail" / SLUG).iterdir()
        assert play.tokens[CHAIR].encode() in _unfolded(written)
        play.enrol_all()
        if end == "founded":
            play.sign_all()
        elif end == "withdrawn":
            world.client.delete(f"/v1/foundings/{play.draft}", headers=world.operator())
        else:
            world.clock.advance(int(LIFETIME.total_seconds()))
        Postman(world.container).step_all()
        assert not written.exists()
        database = tmp_path / "data" / "psephos.sqlite"
        files = [*database.parent.glob("psephos.sqlite*")]
        everything = b"".join(path.read_bytes() for path in files)
        with sqlite3.connect(database) as connection:
            for table in ("founding_draft", "founder"):
                assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608 - our own names
    connection.close()
    assert b"Label of" not in everything
    for actor, token in play.tokens.items():
        assert token.encode() not in everything
        # Nor are members' addresses, once there are members: they are sealed.
        assert address(actor).encode() not in everything


def test_database__while_a_draft_waits__tells_no_name_address_or_token(
    tmp_path: Path,
) -> None:
    with opened(tmp_path / "data") as world:
        play = FoundingPlay.prepare(world, addresses={CHAIR: address(CHAIR)})
        play.enrol_all()
        files = (tmp_path / "data").glob("psephos.sqlite*")
        everything = b"".join(path.read_bytes() for path in files)
    secrets = [*play.tokens.values(), *map(address, FOUNDERS), "Label of", "The chair"]
    assert [each for each in secrets if each.encode() in everything] == []


def test_prepare__what_cannot_be_founded__is_refused_at_once(play: FoundingPlay) -> None:
    world = play.world

    def prepared(body: dict[str, object]) -> object:
        return world.client.post("/v1/foundings", json=body, headers=world.operator())

    other_text = {**plan(), "statutes_text": "Article 1. Another river."}
    no_founder = {**plan(), "mandates": [{**plan()["mandates"][0], "founder": 3}]}
    assert codes(prepared(plan()), prepared(other_text), prepared(no_founder)) == [
        (409, "founding.drafted"),
        (422, "statutes.text_named"),
        (422, "founding.place"),
    ]


def test_prepare__after_an_expired_draft__takes_its_place(play: FoundingPlay) -> None:
    play.world.clock.advance(int((LIFETIME + timedelta(seconds=1)).total_seconds()))
    assert FoundingPlay.prepare(play.world).draft != play.draft


def _unfolded(path: Path) -> bytes:
    return path.read_bytes().replace(b"=\r\n", b"")
