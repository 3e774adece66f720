"""Logging in with a passkey over HTTP, and what is wrong with other assertions."""

from collections.abc import Iterator

import pytest

from backend.demo.passkeys import PRESENT, VERIFIED
from backend.domain.login import passkey_challenge
from backend.settings import PasskeySettings
from tests.support.http_browser import UNLIMITED, Browser
from tests.support.http_world import World, join, opened
from tests.support.model_organisation import FOUNDERS, ORIGIN, RELYING_PARTY, Actor

CHAIR = FOUNDERS[0]
KEEPER = Actor("keeper", device="ES256")
WALKER = Actor("walker", device="EdDSA")
STRANGER = Actor("stranger", device="ES256")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    passkeys = PasskeySettings(id=RELYING_PARTY.id, origins=RELYING_PARTY.origins)
    folder = tmp_path_factory.mktemp("passkeys") / "data"
    with opened(folder, passkeys=passkeys, login=UNLIMITED) as world:
        world.found()
        for actor in (KEEPER, WALKER):
            join(world, actor)
        yield world


@pytest.fixture
def browser(world: World) -> Browser:
    """A new browser, in a time in which earlier failures are forgotten."""
    world.clock.advance(86_400 + 3600)
    return Browser(world)


@pytest.mark.parametrize("actor", [KEEPER, WALKER], ids=lambda actor: actor.device)
def test_login__with_the_passkey_of_a_member__opens_a_session(
    browser: Browser, actor: Actor
) -> None:
    answer = browser.enter_by_passkey(actor)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["member"], answer.json()["assurance"]) == (actor.id, "substantial")
    assert browser.get("session").json() == answer.json()


def test_challenge__of_the_server__follows_from_its_nonce(browser: Browser) -> None:
    """Who signs can see that it is no act: the digest is a hash of the nonce, of a kind of its own."""
    asked = browser.post("session/challenges/passkey").json()
    assert asked["digest"] == f"0x{passkey_challenge(ORIGIN, asked['nonce']).hex()}"
    assert asked["relying_party"] == {
        "id": RELYING_PARTY.id,
        "origins": list(RELYING_PARTY.origins),
    }


def test_answer__given_again__is_refused(browser: Browser) -> None:
    answer = browser.ask_passkey(KEEPER)
    cookies = dict(browser.cookies)
    assert browser.post("session/passkey", answer).status_code == 201
    browser.cookies = cookies
    again = browser.post("session/passkey", answer)
    assert (again.status_code, again.json()["code"]) == (401, "login.challenge")


def test_answer__too_late__is_refused(browser: Browser, world: World) -> None:
    answer = browser.ask_passkey(KEEPER)
    world.clock.advance(301)
    refused = browser.post("session/passkey", answer)
    assert (refused.status_code, refused.json()["code"]) == (401, "login.challenge")


def test_answer__of_another_browser__is_refused(browser: Browser, world: World) -> None:
    answer = browser.ask_passkey(KEEPER)
    refused = Browser(world).post("session/passkey", answer)
    assert (refused.status_code, refused.json()["code"]) == (401, "login.challenge")


def test_answer__to_another_challenge__is_refused(browser: Browser) -> None:
    first, second = browser.ask_passkey(KEEPER), browser.ask_passkey(KEEPER)
    crossed = {**first, "assertion": second["assertion"]}
    refused = browser.post("session/passkey", crossed)
    assert (refused.status_code, refused.json()["code"]) == (401, "login.refused")


@pytest.mark.parametrize("actor", [KEEPER, STRANGER], ids=["member", "stranger"])
def test_passkey__on_another_page__is_refused(browser: Browser, actor: Actor) -> None:
    for origin in ("https://river.example.evil", "http://river.example"):
        refused = browser.enter_by_passkey(actor, origin=origin)
        assert (refused.status_code, refused.json()["code"]) == (403, "signature.origin")
    taken = browser.enter_by_passkey(KEEPER, origin=RELYING_PARTY.origins[1])
    assert taken.status_code == 201


@pytest.mark.parametrize("flags", [0, PRESENT, VERIFIED])
@pytest.mark.parametrize("actor", [KEEPER, STRANGER], ids=["member", "stranger"])
def test_passkey__whose_user_is_not_verified__is_refused(
    browser: Browser, actor: Actor, flags: int
) -> None:
    refused = browser.enter_by_passkey(actor, flags=flags)
    assert (refused.status_code, refused.json()["code"]) == (403, "signature.unverified")


def test_counter__of_a_passkey__only_goes_up(browser: Browser, world: World) -> None:
    """A copy of a passkey shows a counter that the other has passed already."""
    counted = Actor("counted", device="ES256")
    join(world, counted)
    for count, status in ((0, 201), (7, 201), (7, 401), (6, 401), (0, 401), (8, 201)):
        answer = browser.enter_by_passkey(counted, count=count)
        assert answer.status_code == status, count
        if status == 401:
            assert answer.json()["code"] == "login.refused"


def test_refusals__of_members_and_strangers__are_the_same(browser: Browser) -> None:
    told = []
    for claimed, signer in (
        (KEEPER, STRANGER),
        (STRANGER, STRANGER),
        (STRANGER, KEEPER),
        (CHAIR, STRANGER),
        (KEEPER, WALKER),
    ):
        answer = browser.ask_passkey(signer)
        refused = browser.post("session/passkey", {**answer, "member": claimed.id})
        told.append((refused.status_code, refused.json(), sorted(refused.headers.keys())))
    assert all(each == told[0] for each in told)
    assert told[0][:1] == (401,)
    assert told[0][1]["code"] == "login.refused"


def test_key__that_stands_in_for_nobodys__opens_nothing(browser: Browser) -> None:
    """It is the base point of P-256, whose secret is 1: everybody can sign under it."""

    class One(Actor):
        @property
        def private_key(self) -> bytes:
            return (1).to_bytes(32, "big")

    one = One("one", device="ES256")
    for claimed in (STRANGER, CHAIR):
        refused = browser.post(
            "session/passkey", {**browser.ask_passkey(one), "member": claimed.id}
        )
        assert (refused.status_code, refused.json()["code"]) == (401, "login.refused")


def test_failures__of_one_member__lead_to_a_wait(browser: Browser, world: World) -> None:
    for claimed in (WALKER, STRANGER):
        statuses = []
        for _ in range(7):
            body = {**browser.ask_passkey(KEEPER), "member": claimed.id}
            statuses.append(browser.post("session/passkey", body).status_code)
        assert statuses == [401] * 6 + [429]
    assert browser.enter_by_passkey(KEEPER).status_code == 201
    world.clock.advance(30)
    assert browser.enter_by_passkey(WALKER).status_code == 201
