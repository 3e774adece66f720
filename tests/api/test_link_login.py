"""Logging in with a link sent by mail: once, in time, where it was asked for, telling nobody who is known."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from backend.domain.login import LIFETIMES
from backend.services.link_login import MAX_SHARING
from tests.support.http_browser import UNLIMITED, Browser, Letters, give_post
from tests.support.http_world import World, opened
from tests.support.model_organisation import Actor

READER, LEAVER = Actor("reader"), Actor("leaver")
ADDRESS = "Reader@River.example"
SHARED = "household@river.example"


def apply(world: World, actor: Actor, address: str) -> None:
    """Have someone join who declares an address."""
    body = world.application(actor)
    facts = body["facts"]
    assert isinstance(facts, dict)
    body["facts"] = {**facts, "email": address}
    world.act(actor, "members", body)


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Letters]]:
    with opened(tmp_path_factory.mktemp("links") / "data", login=UNLIMITED) as world:
        world.found()
        apply(world, READER, ADDRESS)
        yield world, give_post(world)


@pytest.fixture
def world(posted: tuple[World, Letters]) -> World:
    posted[0].clock.advance(86_400 + 3600)
    return posted[0]


@pytest.fixture
def letters(posted: tuple[World, Letters]) -> Letters:
    posted[1].queued.clear()
    return posted[1]


def asked(world: World, letters: Letters, address: str = ADDRESS) -> tuple[Browser, str]:
    """Return a browser that asked for a link, and the token that was sent last."""
    browser = Browser(world)
    answer = browser.post("session/links", {"email": address})
    assert answer.status_code == 202, answer.text
    return browser, letters.tokens()[-1]


def test_link__opened_where_it_was_asked_for__opens_a_session_of_low_assurance(
    world: World, letters: Letters
) -> None:
    browser, token = asked(world, letters)
    answer = browser.post("session/link", {"token": token})
    assert answer.status_code == 201
    assert (answer.json()["member"], answer.json()["assurance"]) == (READER.id, "low")
    assert browser.get("session").json() == answer.json()


def test_letter__with_a_link__goes_to_the_member_and_carries_the_token_after_the_number_sign(
    world: World, letters: Letters
) -> None:
    _, token = asked(world, letters)
    [(member, template, values)] = letters.queued
    assert (member, template) == (READER.id, "login_link")
    assert values == {
        "link": f"https://ledger.example/organisations/river-coop/login#{token}",
        "minutes": "15",
    }
    assert len(bytes.fromhex(token)) == 32


def test_link__opened_twice__is_refused_the_second_time(world: World, letters: Letters) -> None:
    browser, token = asked(world, letters)
    cookies = dict(browser.cookies)
    assert browser.post("session/link", {"token": token}).status_code == 201
    browser.cookies = cookies
    again = browser.post("session/link", {"token": token})
    assert (again.status_code, again.json()["code"]) == (401, "login.challenge")


def test_link__opened_in_another_browser__is_refused(world: World, letters: Letters) -> None:
    """A link that somebody forwards, or that a mail scanner opens, opens nothing there."""
    browser, token = asked(world, letters)
    for other in (Browser(world), Browser(world, {"psephos_login": "cd" * 32})):
        refused = other.post("session/link", {"token": token})
        assert (refused.status_code, refused.json()["code"]) == (401, "login.challenge")
    assert browser.post("session/link", {"token": token}).status_code == 201


def test_link__in_time_and_too_late__is_taken_and_refused(world: World, letters: Letters) -> None:
    lifetime = int(LIFETIMES["link"].total_seconds())
    for wait, status in ((lifetime, 201), (lifetime + 1, 401)):
        browser, token = asked(world, letters)
        world.clock.advance(wait)
        assert browser.post("session/link", {"token": token}).status_code == status


def test_answers__for_known_and_unknown_addresses__are_the_same(
    world: World, letters: Letters
) -> None:
    told = []
    for address in (ADDRESS, "nobody@river.example"):
        answer = Browser(world).post("session/links", {"email": address})
        told.append((answer.status_code, answer.json(), sorted(answer.headers.keys())))
    assert told[0] == told[1] == (202, {"valid_s": 900}, told[0][2])
    assert len(letters.queued) == 1


def test_answer__to_any_address__comes_before_it_is_looked_up(
    world: World, letters: Letters
) -> None:
    """The time that the answer takes tells nothing either."""
    state = world.client.app.state  # type: ignore[attr-defined]  # Starlette types it as an ASGI callable
    left: list[Callable[[], None]] = []
    before, state.context = state.context, replace(state.context, afterwards=left.append)
    for address in (ADDRESS, "nobody@river.example"):
        assert Browser(world).post("session/links", {"email": address}).status_code == 202
    state.context = before
    assert (len(left), letters.queued) == (2, [])
    for work in left:
        work()
    assert len(letters.queued) == 1


@pytest.mark.parametrize(
    "address", ["reader@river.example", "READER@RIVER.EXAMPLE", "\uff32eader@river.example"]
)
def test_address__written_otherwise__is_the_same(
    world: World, letters: Letters, address: str
) -> None:
    asked(world, letters, address)
    assert [member for member, _, _ in letters.queued] == [READER.id]


def test_address__that_several_share__brings_each_their_own_link(
    world: World, letters: Letters
) -> None:
    household = [Actor(f"cohabitant-{number}") for number in range(MAX_SHARING + 1)]
    for actor in household:
        apply(world, actor, SHARED)
    browser, _ = asked(world, letters, SHARED)
    assert len(letters.queued) == MAX_SHARING
    (member, _, _), token = letters.queued[0], letters.tokens()[0]
    answer = browser.post("session/link", {"token": token})
    assert answer.json()["member"] == member


def test_link__to_who_left__is_sent_for_thirty_days(world: World, letters: Letters) -> None:
    apply(world, LEAVER, "leaver@river.example")
    world.act(LEAVER, f"members/{LEAVER.id}/resignation", {"issued_at": world.seconds()})
    world.clock.advance(30 * 86_400 - 60)
    browser, token = asked(world, letters, "leaver@river.example")
    world.clock.advance(61)
    refused = browser.post("session/link", {"token": token})
    assert (refused.status_code, refused.json()["code"]) == (401, "login.refused")
    letters.queued.clear()
    Browser(world).post("session/links", {"email": "leaver@river.example"})
    assert letters.queued == []


def test_session__opened_with_a_link__ends_when_a_key_opens_a_better_one(
    world: World, letters: Letters
) -> None:
    browser, token = asked(world, letters)
    browser.post("session/link", {"token": token})
    low = browser.cookies["psephos_session"]
    assert browser.enter_by_wallet(READER).json()["assurance"] == "substantial"
    assert browser.cookies["psephos_session"] != low
    assert Browser(world, {"psephos_session": low}).get("session").status_code == 401


def test_tokens__guessed__lead_to_a_wait(world: World, letters: Letters) -> None:
    browser, token = asked(world, letters)
    guesses = [browser.post("session/link", {"token": "00" * 32}) for _ in range(7)]
    assert [each.status_code for each in guesses] == [401] * 6 + [429]
    assert browser.post("session/link", {"token": token}).status_code == 429
    world.clock.advance(30)
    assert browser.post("session/link", {"token": token}).status_code == 201


def test_tables__of_links__hold_neither_token_nor_address(world: World, letters: Letters) -> None:
    _, token = asked(world, letters)
    database = world.container.settings.data / "psephos.sqlite"
    kept = b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
    assert token.encode() not in kept
    declared = world.container.api_context().persons.facts("river-coop", READER.id)
    assert declared is not None
    # The declared facts hold it once; no index does.
    assert kept.count(ADDRESS.casefold().encode()) == 0
