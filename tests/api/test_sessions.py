"""Sessions over HTTP: fixation, requests forged by other sites, logging out, and how often is asked."""

from collections.abc import Iterator
from typing import Any

import pytest

from backend.api.auth import csrf_token
from backend.settings import LimitSettings, LoginSettings
from backend.storage.sessions import IDLE, LIFETIME
from tests.support.http_browser import UNLIMITED, Browser, personal_signature
from tests.support.http_sessions import session_headers
from tests.support.http_world import World, applicant, opened
from tests.support.model_organisation import FOUNDERS, SLUG, Actor

CHAIR, TREASURER, _ = FOUNDERS
KEEPER = Actor("keeper", device="ES256")
OWN_ORIGIN = "https://ledger.example"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(tmp_path_factory.mktemp("sessions") / "data", login=UNLIMITED) as world:
        world.found()
        yield world


def entered(world: World, actor: Actor = CHAIR) -> Browser:
    """Return a browser in which an actor is logged in."""
    browser = Browser(world)
    assert browser.enter_by_wallet(actor).status_code == 201
    return browser


def test_session__given_before_the_login__is_never_kept(served: World) -> None:
    """Fixation: who plants a session in a browser does not share the one that begins there."""
    planted = entered(served, TREASURER).cookies["psephos_session"]
    for before in (planted, "a" * 43):
        browser = Browser(served, {"psephos_session": before})
        assert browser.enter_by_wallet(CHAIR).status_code == 201
        assert browser.cookies["psephos_session"] != before
        planter = Browser(served, {"psephos_session": before})
        assert planter.get("session").status_code == 401


def test_session__at_every_login__has_another_token(served: World) -> None:
    browser = entered(served)
    first = browser.cookies["psephos_session"]
    browser.enter_by_wallet(CHAIR)
    assert browser.cookies["psephos_session"] != first
    assert Browser(served, {"psephos_session": first}).get("session").status_code == 401


def test_session__logged_out__is_over_and_its_cookie_forgotten(served: World) -> None:
    browser = entered(served)
    token = browser.cookies["psephos_session"]
    assert browser.delete("session", browser.csrf()).status_code == 204
    assert browser.cookies == {}
    assert Browser(served, {"psephos_session": token}).get("session").status_code == 401


def test_session__left_alone_or_old__is_over(served: World) -> None:
    browser = entered(served)
    served.clock.advance(int(IDLE.total_seconds()) + 1)
    assert browser.get("session").json()["code"] == "session.required"
    browser = entered(served)
    for _ in range(int(LIFETIME / IDLE)):
        assert browser.get("session").status_code == 200
        served.clock.advance(int(IDLE.total_seconds()))
    served.clock.advance(1)
    assert browser.get("session").status_code == 401


def test_request__of_another_site__is_refused(served: World) -> None:
    """Forgery: without the session's token, with another session's, or from a page elsewhere."""
    browser, other = entered(served), entered(served, TREASURER)
    own, foreign = browser.csrf(), other.csrf()
    assert own != foreign
    forged: list[tuple[dict[str, str], str]] = [
        ({}, "csrf.token"),
        ({"X-CSRF-Token": ""}, "csrf.token"),
        ({"X-CSRF-Token": foreign}, "csrf.token"),
        ({"X-CSRF-Token": own[:-1]}, "csrf.token"),
        ({"X-CSRF-Token": own, "Origin": "https://evil.example"}, "csrf.origin"),
        ({"X-CSRF-Token": own, "Origin": "http://ledger.example"}, "csrf.origin"),
        ({"X-CSRF-Token": own, "Origin": "null"}, "csrf.origin"),
        ({"X-CSRF-Token": own, "Origin": "http://testserver"}, "csrf.origin"),
    ]
    for headers, code in forged:
        refused = browser.request("DELETE", "session", headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, code), headers
    assert browser.delete("session", own, Origin=OWN_ORIGIN).status_code == 204


def test_login__asked_by_another_site__is_refused(served: World) -> None:
    browser = Browser(served)
    answer = browser.ask_wallet(CHAIR)
    for path, body in (
        ("session/challenges/wallet", {"address": f"0x{CHAIR.address.hex()}"}),
        ("session/wallet", answer),
    ):
        refused = browser.post(path, body, Origin="https://evil.example")
        assert (refused.status_code, refused.json()["code"]) == (403, "csrf.origin")
    assert browser.post("session/wallet", answer, Origin=OWN_ORIGIN).status_code == 201


def test_token__of_requests__is_not_the_token_of_the_session(served: World) -> None:
    browser = entered(served)
    token = browser.cookies["psephos_session"]
    assert browser.csrf() == csrf_token(token)
    assert token not in browser.csrf()


def test_session__in_another_organisation__is_none(served: World) -> None:
    headers = session_headers(served, CHAIR.id)
    answer = served.client.get("/v1/organisations/elsewhere/session", headers=headers)
    assert answer.status_code == 401


def test_sessions__of_a_member__are_listed_and_ended_one_by_one(served: World) -> None:
    served.clock.advance(int(LIFETIME.total_seconds()) + 1)
    first, second, third = (entered(served) for _ in range(3))
    stranger = entered(served, TREASURER)
    listed = second.get("sessions").json()["sessions"]
    assert [each["current"] for each in listed].count(True) == 1
    assert len(listed) == 3
    assert {each["assurance"] for each in listed} == {"substantial"}
    [own] = [each["id"] for each in listed if each["current"]]
    [ours] = [each["id"] for each in first.get("sessions").json()["sessions"] if each["current"]]
    assert stranger.delete(f"sessions/{ours}", stranger.csrf()).status_code == 204
    assert first.get("session").status_code == 200
    assert second.delete(f"sessions/{ours}", second.csrf()).status_code == 204
    assert [each.get("session").status_code for each in (first, second, third)] == [401, 200, 200]
    assert second.delete("sessions", second.csrf()).status_code == 204
    assert [each.get("session").status_code for each in (second, third)] == [200, 401]
    assert [each["id"] for each in second.get("sessions").json()["sessions"]] == [own]
    assert stranger.get("session").status_code == 200


def test_document__of_the_interface__says_what_goes_with_a_session(served: World) -> None:
    document = served.client.get("/openapi.json").json()
    operations: dict[str, Any] = document["paths"]["/v1/organisations/{slug}/session"]
    assert operations["get"]["security"] == [{"Session": []}]
    assert operations["delete"]["security"] == [{"Session": [], "CsrfToken": []}]
    schemes = document["components"]["securitySchemes"]
    assert (schemes["Session"]["in"], schemes["CsrfToken"]["in"]) == ("cookie", "header")


def test_passkey__where_the_founders_named_no_page__is_refused(served: World) -> None:
    browser = Browser(served)
    assert browser.post("session/challenges/passkey").json()["relying_party"] is None
    refused = browser.enter_by_passkey(KEEPER)
    assert (refused.status_code, refused.json()["code"]) == (403, "signature.passkeys")


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server of this machine, behind one proxy, on which little may be asked in an hour."""
    limits = LimitSettings(
        challenges="9/hour",
        logins="2/hour",
        links="3/hour",
        applications="2/hour",
        failures="3/hour",
    )
    login = LoginSettings(limits=limits, proxies=1, origin="http://localhost:8000")
    with opened(tmp_path_factory.mktemp("limited") / "data", login=login) as world:
        world.found()
        yield world


def from_(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


def test_attempts__of_one_client__are_bounded(limited: World) -> None:
    browser = Browser(limited)
    body = {"token": "00" * 32}
    answers = [browser.post("session/link", body, **from_("192.0.2.1")) for _ in range(3)]
    assert [each.status_code for each in answers] == [401, 401, 429]
    assert answers[-1].json()["code"] == "rate.limited"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 3600
    elsewhere = browser.post("session/link", body, **from_("192.0.2.2"))
    assert elsewhere.status_code == 401


def test_client__behind_a_proxy__is_whom_the_proxy_names(limited: World) -> None:
    """What a client writes into the header itself stands before what the proxy appends."""
    browser, body = Browser(limited), {"token": "00" * 32}
    statuses = [
        browser.post("session/link", body, **from_(f"203.0.113.{number}, 192.0.2.3")).status_code
        for number in range(3)
    ]
    assert statuses == [401, 401, 429]


def test_challenges__of_one_client__are_bounded(limited: World) -> None:
    browser = Browser(limited)
    asked = [
        browser.post("session/challenges/passkey", **from_("2001:db8::1")).status_code
        for _ in range(10)
    ]
    assert asked == [201] * 9 + [429]
    neighbour = browser.post("session/challenges/passkey", **from_("2001:db8::ffff:2"))
    assert neighbour.status_code == 429
    stranger = browser.post("session/challenges/passkey", **from_("2001:db8:0:1::1"))
    assert stranger.status_code == 201


def test_failures__under_one_name__are_bounded_wherever_they_come_from(limited: World) -> None:
    wrong = personal_signature(CHAIR, "something else")
    for claimed in (TREASURER, Actor("stranger")):
        statuses = []
        for number in range(4):
            browser = Browser(limited)
            network = from_(f"198.51.{len(claimed.role)}.{number}")
            address = {"address": f"0x{claimed.address.hex()}"}
            asked = browser.post("session/challenges/wallet", address, **network).json()
            body = {"nonce": asked["nonce"], "message": asked["message"], "signature": wrong}
            statuses.append(browser.post("session/wallet", body, **network).status_code)
        assert statuses == [401, 401, 401, 429]


def test_applications__of_one_client__are_bounded(limited: World) -> None:
    for number, status in ((1, 201), (2, 201), (3, 429)):
        actor = Actor(f"newcomer-{number}")
        body = limited.signed(actor, "members", limited.application(actor))
        answer = limited.post(f"{limited.root}/members", body, **from_("192.0.2.9"))
        assert answer.status_code == status
    assert applicant(actor)["member"] not in limited.client.get(f"{limited.root}/members").text


@pytest.mark.parametrize(
    ("number", "path", "last"),
    [
        (1, f"/v1/organisations/{SLUG}/acts/member.reapplied", 429),
        (2, f"/v1/organisations/{SLUG}/acts/member.resigned", 422),
        (3, f"/v1/organisations/{SLUG}/centres/harbour/presentations", 429),
        (4, f"/v1/organisations/{SLUG}/members/{CHAIR.id}/identity/connect", 429),
        (5, f"/v1/foundings/{'0' * 32}/enrolment", 429),
    ],
)
def test_ways_to_join__of_one_client__are_bounded_whatever_they_carry(
    limited: World, number: int, path: str, last: int
) -> None:
    """An act that asks for nothing of the kind is not counted: its signature bounds it."""
    client = from_(f"192.0.2.{20 + number}")
    statuses = [limited.post(path, {}, **client).status_code for _ in range(3)]
    assert 429 not in statuses[:2]
    assert statuses[2] == last


def test_cookies__on_this_machine__need_no_tls(limited: World) -> None:
    browser = Browser(limited)
    asked = browser.post("session/challenges/passkey", Origin="http://testserver")
    assert asked.status_code == 201
    assert "secure" not in asked.headers["set-cookie"].lower()
    foreign = browser.post("session/challenges/passkey", Origin="http://evil.example")
    assert foreign.json()["code"] == "csrf.origin"
