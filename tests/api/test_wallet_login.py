"""Logging in with a wallet over HTTP, and every other signature, time, chain, site and browser."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from backend.domain.login import LIFETIMES
from backend.domain.siwe import format_siwe, parse_siwe
from backend.storage.private_tables import MemberKeyRow
from tests.support.http_browser import UNLIMITED, Browser, personal_signature
from tests.support.http_world import World, join, opened
from tests.support.model_organisation import FOUNDERS, SLUG, Actor

CHAIR, TREASURER, SECRETARY = FOUNDERS
STRANGER = Actor("stranger")
LEAVER = Actor("leaver")
SECOND = timedelta(seconds=1)
CHALLENGES = "session/challenges/wallet"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(tmp_path_factory.mktemp("wallets") / "data", login=UNLIMITED) as world:
        world.found()
        yield world


@pytest.fixture
def browser(world: World) -> Browser:
    """A new browser, in a time in which earlier failures are forgotten."""
    world.clock.advance(86_400 + 3600)
    return Browser(world)


def test_login__with_the_wallet_of_a_member__opens_a_session(browser: Browser) -> None:
    answer = browser.enter_by_wallet(CHAIR)
    assert answer.status_code == 201
    assert (answer.json()["member"], answer.json()["assurance"]) == (CHAIR.id, "substantial")
    assert answer.headers["cache-control"] == "no-store"
    known = browser.get("session")
    assert known.json() == answer.json()
    assert set(browser.cookies) == {"psephos_session"}


def test_message__of_the_server__says_what_it_is_for(browser: Browser, world: World) -> None:
    asked = browser.post(
        CHALLENGES, {"address": f"0x{CHAIR.address.hex()}"}, **{"Accept-Language": "en"}
    ).json()
    message = parse_siwe(asked["message"])
    assert message.domain == "ledger.example"
    assert message.uri == f"https://ledger.example/v1/organisations/{SLUG}/session"
    assert message.resources == (f"https://ledger.example/v1/organisations/{SLUG}",)
    assert message.chain_id == world.container.signing_domain().chain_id
    assert bytes.fromhex(message.address[2:]) == CHAIR.address
    assert (message.nonce, message.expiration_time) == (asked["nonce"], asked["expires_at"])
    assert message.statement is not None
    assert message.statement.startswith("Log in to river-coop.")


def test_cookies__of_logging_in__are_kept_from_scripts_and_other_sites(browser: Browser) -> None:
    asked = browser.post(CHALLENGES, {"address": f"0x{CHAIR.address.hex()}"})
    entered = browser.enter_by_wallet(CHAIR)
    kept = [asked.headers["set-cookie"], *entered.headers.get_list("set-cookie")]
    paths = [f"/v1/organisations/{SLUG}{rest}" for rest in ("/session", "", "/session")]
    for line, path in zip(kept, paths, strict=True):
        attributes = {part.strip().lower() for part in line.split(";")[1:]}
        assert {"httponly", "secure", "samesite=strict", f"path={path}"} <= attributes


def test_answer__given_again__is_refused(browser: Browser) -> None:
    answer = browser.ask_wallet(CHAIR)
    cookies = dict(browser.cookies)
    assert browser.post("session/wallet", answer).status_code == 201
    browser.cookies = cookies
    again = browser.post("session/wallet", answer)
    assert (again.status_code, again.json()["code"]) == (401, "login.challenge")


def test_answer__in_time_and_too_late__is_taken_and_refused(browser: Browser, world: World) -> None:
    for lateness, status in ((timedelta(0), 201), (SECOND, 401)):
        answer = browser.ask_wallet(CHAIR)
        world.clock.advance(int((LIFETIMES["wallet"] + lateness).total_seconds()))
        assert browser.post("session/wallet", answer).status_code == status


def test_answer__of_another_browser__is_refused_and_the_first_may_still_answer(
    browser: Browser, world: World
) -> None:
    answer = browser.ask_wallet(CHAIR)
    for other in (Browser(world), Browser(world, {"psephos_login": "ab" * 32})):
        refused = other.post("session/wallet", answer)
        assert (refused.status_code, refused.json()["code"]) == (401, "login.challenge")
        assert "psephos_session" not in other.cookies
    assert browser.post("session/wallet", answer).status_code == 201


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("//ledger.example wants", "//evil.example wants"),
        ("URI: https://ledger.example", "URI: https://evil.example"),
        ("Chain ID: ", "Chain ID: 1"),
        ("Expiration Time: 2", "Expiration Time: 3"),
    ],
    ids=["domain", "uri", "chain", "time"],
)
def test_answer__to_a_message_for_another_purpose__is_refused(
    browser: Browser, old: str, new: str
) -> None:
    answer = browser.ask_wallet(CHAIR)
    text = answer["message"].replace(old, new)
    assert text != answer["message"]
    signed = {**answer, "message": text, "signature": personal_signature(CHAIR, text)}
    refused = browser.post("session/wallet", signed)
    assert (refused.status_code, refused.json()["code"]) == (401, "login.refused")


def test_answer__that_hides_what_was_signed__is_refused(browser: Browser) -> None:
    answer = browser.ask_wallet(CHAIR)
    text = answer["message"].replace("//ledger.example", "//evil.example")
    refused = browser.post(
        "session/wallet", {**answer, "signature": personal_signature(CHAIR, text)}
    )
    assert (refused.status_code, refused.json()["code"]) == (401, "login.refused")


def test_message__shown_in_another_form__is_refused(browser: Browser) -> None:
    answer = browser.ask_wallet(CHAIR)
    refused = browser.post("session/wallet", {**answer, "message": answer["message"] + "\n"})
    assert (refused.status_code, refused.json()["code"]) == (401, "login.refused")


def test_answer__to_a_challenge_of_another_organisation__is_refused(browser: Browser) -> None:
    answer = browser.ask_wallet(CHAIR)
    world = Browser(browser.world, browser.cookies)
    world.world.root, root = "/v1/organisations/elsewhere", world.world.root
    refused = world.post("session/wallet", answer)
    world.world.root = root
    assert (refused.status_code, refused.json()["code"]) == (404, "organisation.unknown")


def test_refusals__of_members_and_strangers__are_the_same(browser: Browser) -> None:
    """Whoever asks learns neither from the challenge nor from the refusal who is a member."""
    told = []
    for claimed, signer in ((CHAIR, STRANGER), (STRANGER, CHAIR), (STRANGER, STRANGER)):
        answer = browser.ask_wallet(claimed)
        signature = personal_signature(signer, answer["message"])
        refused = browser.post("session/wallet", {**answer, "signature": signature})
        told.append((refused.status_code, refused.json(), sorted(refused.headers.keys())))
    assert told[0] == told[1] == told[2]
    assert told[0][1]["code"] == "login.refused"


def test_challenges__of_members_and_strangers__differ_in_the_address_alone(
    browser: Browser,
) -> None:
    found = []
    for actor in (CHAIR, STRANGER):
        message = parse_siwe(browser.ask_wallet(actor)["message"])
        text = format_siwe(message)
        found.append(text.replace(message.address, "").replace(message.nonce, ""))
    assert found[0] == found[1]


def test_login__of_who_left__ends_after_thirty_days(browser: Browser, world: World) -> None:
    join(world, LEAVER)
    world.act(LEAVER, f"members/{LEAVER.id}/resignation", {"issued_at": world.seconds()})
    assert browser.enter_by_wallet(LEAVER).status_code == 201
    world.clock.advance(31 * 86_400)
    refused = Browser(world).enter_by_wallet(LEAVER)
    assert (refused.status_code, refused.json()["code"]) == (401, "login.refused")


def test_failures__of_one_key__lead_to_waits_that_grow_for_anybody(
    browser: Browser, world: World
) -> None:
    """Brute force: the wait comes for members and strangers alike, and a right answer waits too."""
    for claimed in (TREASURER, STRANGER):
        waits = []
        for _ in range(9):
            answer = {**browser.ask_wallet(claimed), "signature": personal_signature(CHAIR, "x")}
            refused = browser.post("session/wallet", answer)
            if refused.status_code == 429:
                waits.append(int(refused.headers["retry-after"]))
                assert refused.json()["code"] == "login.locked"
                locked = browser.enter_by_wallet(claimed)
                assert (locked.status_code, locked.json()) == (429, refused.json())
                world.clock.advance(waits[-1])
        assert waits == [30, 60]
    assert browser.enter_by_wallet(SECRETARY).status_code == 201
    world.clock.advance(3600)
    assert browser.enter_by_wallet(TREASURER).status_code == 201


def test_wallet__that_is_kept_but_bound_by_no_act__is_refused(
    browser: Browser, world: World
) -> None:
    """So is a revoked key, whose opening stays for audits: the ledger says which keys are in force."""
    former = Actor("former")
    row = MemberKeyRow(
        organisation=SLUG,
        commitment="ab" * 32,
        member=CHAIR.id,
        key=former.address,
        salt=former.key_opening.salt,
    )
    with world.container.archive.database.writing() as session:
        session.add(row)
    refused = browser.enter_by_wallet(former)
    assert (refused.status_code, refused.json()["code"]) == (401, "login.refused")


@pytest.mark.parametrize(
    "signature", ["0x" + "00" * 65, "0x" + "11" * 64 + "1b", "0x" + "ff" * 64 + "1b"]
)
def test_signature__that_is_none__is_refused(browser: Browser, signature: str) -> None:
    answer = {**browser.ask_wallet(CHAIR), "signature": signature}
    assert browser.post("session/wallet", answer).status_code in {401, 422}
