"""Checks of electronic identity against a provider on loopback, and all that may be wrong with them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from httpx2 import Response
from joserfc.jwk import OctKey, RSAKey
from sqlmodel import select

from backend.domain.errors import InvalidInputError
from backend.identity_providers.oidc import MAX_ANSWER_BYTES, OidcProvider, ProviderTerms
from backend.settings import IdentityProviderSettings
from backend.storage.identity_tables import IdentityAttemptRow, IdentityCheckRow
from tests.support.http_sessions import session_headers
from tests.support.http_world import Answer, World, applicant, opened
from tests.support.model_organisation import FOUNDERS, Actor
from tests.support.oidc_provider import (
    CLIENT,
    KEY,
    ROSE_CLAIMS,
    SECRET,
    Lies,
    LocalProvider,
    running_provider,
)

CHAIR = FOUNDERS[0]
ROSE = {"name": "Rose-Marie Bonheur", "born": "1987-03-12"}
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "provider"})


@dataclass
class Desk:
    """A server, a provider, and the way between them."""

    world: World
    provider: LocalProvider
    people: int = 0
    known: Actor | None = None
    untold: Actor | None = None

    def apply(self, facts: dict[str, str] | None = None) -> Actor:
        """Apply as somebody new."""
        self.people += 1
        actor = Actor(f"applicant-{self.people}")
        body = {
            **applicant(actor),
            "facts": {**(facts or ROSE), "phone": f"06000000{self.people:02}"},
            "issued_at": self.world.seconds(),
        }
        self.world.act(actor, "members", body)
        return actor

    def rose(self) -> Actor:
        """Return somebody whose application is there, for what changes nothing about it."""
        if self.known is None:
            self.known = self.apply()
        return self.known

    def unchecked(self) -> Actor:
        """Return somebody for whom no check was ever kept."""
        if self.untold is None:
            self.untold = self.apply({"name": "Adèle Lafont", "born": "1969-09-09"})
        return self.untold

    def start(self, actor: Actor, salt: bytes | None = None) -> Response:
        path = f"{self.world.root}/members/{actor.id}/identity/connect"
        body = {"facts_salt": (salt or actor.person.salt).hex()}
        return self.world.client.post(path, json=body)

    def finish(self, query: dict[str, str], cookie: str | None = None) -> Response:
        headers = {} if cookie is None else {"Cookie": f"psephos_identity={cookie}"}
        self.world.client.cookies.clear()
        return self.world.client.get("/v1/identity/connect/callback", params=query, headers=headers)

    def check(self, actor: Actor, **query: str) -> Response:
        """Go to the provider and come back."""
        started = self.start(actor)
        assert started.status_code == 200, started.text
        brought = self.provider.authorise(started.json()["location"])
        return self.finish({**brought, **query}, cookie_of(started))


def cookie_of(started: Response) -> str:
    return started.headers["set-cookie"].split("=", 1)[1].split(";", 1)[0]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with opened(tmp_path_factory.mktemp("identity") / "data") as world:
        world.found()
        with running_provider(world.clock.now) as provider:
            terms = ProviderTerms(
                "connect",
                provider.issuer,
                CLIENT,
                SECRET,
                "http://127.0.0.1/v1/identity/connect/callback",
                "openid given_name family_name birthdate birthplace",
                "substantial",
            )
            context = world.client.app.state.context  # type: ignore[attr-defined]  # an ASGI application
            world.client.app.state.context = replace(  # type: ignore[attr-defined]  # as above
                context, identity_providers={"connect": OidcProvider(terms, world.clock)}
            )
            yield Desk(world, provider)


@pytest.fixture
def desk(shared: Desk) -> Desk:
    shared.provider.lies, shared.provider.acr = Lies(), "eidas2"
    return shared


def code_of(response: Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_check__of_the_person_who_applied__is_kept_without_what_was_said(desk: Desk) -> None:
    actor = desk.apply()
    answer = desk.check(actor)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["assurance"], found["agrees"]) == ("substantial", True)
    path = f"{desk.world.root}/members/{actor.id}/identity"
    assert desk.world.client.get(path).status_code == 401
    kept = desk.world.client.get(path, headers=session_headers(desk.world, CHAIR.id))
    assert kept.json() == [found]
    with desk.world.container.archive.database.reading() as session:
        rows = session.exec(select(IdentityCheckRow)).all()
        attempts = select(IdentityAttemptRow).where(IdentityAttemptRow.member == actor.id)
        assert session.exec(attempts).all() == []
    stored = json.dumps([row.model_dump() for row in rows])
    for said in (ROSE_CLAIMS["sub"], "BONHEUR", "33063", "99100"):
        assert said not in stored + answer.text


def test_check__of_somebody_else__is_told_to_those_who_admit(desk: Desk) -> None:
    actor = desk.apply({"name": "Jean Petit", "born": "1950-01-01"})
    assert desk.check(actor).json()["agrees"] is False


def test_check__with_claims_in_a_signed_token__is_the_same(desk: Desk) -> None:
    desk.provider.lies.person_signed_for = CLIENT
    assert desk.check(desk.apply()).json()["agrees"] is True


def test_one_person_of_the_provider__behind_two_records__is_a_candidate(desk: Desk) -> None:
    desk.provider.lies.person = {**ROSE_CLAIMS, "sub": "one-person"}
    desk.provider.lies.claims = {"sub": "one-person"}
    first = desk.apply({"name": "Anne Lenoir", "born": "1960-01-01"})
    second = desk.apply({"name": "Paul Leblanc", "born": "1970-02-02"})
    for actor in (second, first):
        assert desk.check(actor).status_code == 200
    listed: Answer = desk.world.client.get(
        f"{desk.world.root}/duplicates",
        params={"limit": 500},
        headers=session_headers(desk.world, CHAIR.id),
    ).json()["items"]
    found = [each for each in listed if each["id"] == f"{second.id}-{first.id}"]
    assert [each["reasons"] for each in found] == [["electronic_identity"]]


def test_start__without_the_salt_of_the_application__is_refused(desk: Desk) -> None:
    actor = desk.rose()
    assert code_of(desk.start(actor, bytes(32))) == (403, "identity.applicant")
    assert code_of(desk.start(Actor("nobody"))) == (403, "identity.applicant")
    unknown = desk.world.client.post(
        f"{desk.world.root}/members/{actor.id}/identity/other",
        json={"facts_salt": actor.person.salt.hex()},
    )
    assert code_of(unknown) == (404, "identity_provider.unknown")


def test_start__of_a_check__ties_it_to_the_browser(desk: Desk) -> None:
    cookie = desk.start(desk.rose()).headers["set-cookie"].lower()
    for part in ("httponly", "secure", "samesite=lax", "path=/v1/identity/connect", "max-age=900"):
        assert part in cookie


def test_callback__of_another_browser_or_none__is_refused_and_spends_the_attempt(
    desk: Desk,
) -> None:
    actor = desk.rose()
    started = desk.start(actor)
    brought = desk.provider.authorise(started.json()["location"])
    assert code_of(desk.finish(brought)) == (403, "identity.browser")
    assert code_of(desk.finish(brought, cookie_of(started))) == (403, "identity.state")
    other = cookie_of(desk.start(actor))
    brought = desk.provider.authorise(desk.start(actor).json()["location"])
    assert code_of(desk.finish(brought, other)) == (403, "identity.browser")


def test_callback__with_another_state__is_refused(desk: Desk) -> None:
    started = desk.start(desk.rose())
    brought = desk.provider.authorise(started.json()["location"])
    wrong = {**brought, "state": "A" * 43}
    assert code_of(desk.finish(wrong, cookie_of(started))) == (403, "identity.state")


def test_callback__a_second_time__is_refused(desk: Desk) -> None:
    started = desk.start(desk.rose())
    brought = desk.provider.authorise(started.json()["location"])
    assert desk.finish(brought, cookie_of(started)).status_code == 200
    assert code_of(desk.finish(brought, cookie_of(started))) == (403, "identity.state")


def test_code__of_another_attempt__is_not_taken(desk: Desk) -> None:
    spent = desk.provider.authorise(desk.start(desk.rose()).json()["location"])
    started = desk.start(desk.rose())
    brought = desk.provider.authorise(started.json()["location"])
    swapped = {**brought, "code": spent["code"]}
    assert code_of(desk.finish(swapped, cookie_of(started))) == (403, "identity.token")


def test_callback__after_the_time__is_refused(desk: Desk) -> None:
    started = desk.start(desk.rose())
    brought = desk.provider.authorise(started.json()["location"])
    desk.world.clock.advance(901)
    assert code_of(desk.finish(brought, cookie_of(started))) == (403, "identity.state")


def test_callback__with_the_provider_s_refusal__says_so(desk: Desk) -> None:
    started = desk.start(desk.rose())
    brought = desk.provider.authorise(started.json()["location"])
    refused = {"state": brought["state"], "error": "access_denied"}
    assert code_of(desk.finish(refused, cookie_of(started))) == (403, "identity.declined")


LYING: dict[str, Callable[[int], dict[str, Any]]] = {
    "nonce": lambda _: {"claims": {"nonce": "another"}},
    "no nonce": lambda _: {"claims": {"nonce": None}},
    "issuer": lambda _: {"claims": {"iss": "https://other.example"}},
    "audience": lambda _: {"claims": {"aud": "another-client"}},
    "audiences without party": lambda _: {"claims": {"aud": [CLIENT, "other"], "azp": "other"}},
    "expired": lambda now: {"claims": {"exp": now - 61, "iat": now - 200}},
    "no expiry": lambda _: {"claims": {"exp": None}},
    "from the future": lambda now: {"claims": {"iat": now + 600, "exp": now + 900}},
    "no subject": lambda _: {"claims": {"sub": None}},
    "algorithm none": lambda _: {"algorithm": "none"},
    "another key": lambda _: {"key": OTHER_KEY},
    "the public key as a secret": lambda _: {
        "algorithm": "HS256",
        "key": KEY.as_pem(private=False),
    },
    "our secret as a key": lambda _: {"algorithm": "HS256", "key": SECRET.encode()},
    "a secret among its keys": lambda _: {
        "algorithm": "HS256",
        "key": SECRET.encode(),
        "published": {
            "keys": [
                OctKey.import_key(SECRET, {"kid": "provider"}).as_dict(),
                {**KEY.as_dict(private=False), "kid": "other"},
            ]
        },
    },
    "claims of another person": lambda _: {"person": {**ROSE_CLAIMS, "sub": "somebody"}},
    "claims for another client": lambda _: {"person_signed_for": "another-client"},
}


@pytest.mark.parametrize("lie", LYING)
def test_answer__that_does_not_hold__is_refused(desk: Desk, lie: str) -> None:
    desk.provider.lies = Lies(**LYING[lie](desk.world.seconds()))
    actor = desk.unchecked()
    assert code_of(desk.check(actor)) == (403, "identity.token")
    with desk.world.container.archive.database.reading() as session:
        checks = select(IdentityCheckRow).where(IdentityCheckRow.member == actor.id)
        assert session.exec(checks).all() == []


def test_answer__that_names_another_issuer__is_refused(desk: Desk) -> None:
    mixed = desk.check(desk.rose(), iss="https://other.example")
    assert code_of(mixed) == (403, "identity.token")


@pytest.mark.parametrize(("acr", "status"), [("eidas1", 403), ("eidas2", 200), ("eidas3", 200)])
def test_level__below_what_is_demanded__is_refused(desk: Desk, acr: str, status: int) -> None:
    desk.provider.acr = acr
    answer = desk.check(desk.rose())
    assert answer.status_code == status
    if status == 403:
        assert (answer.json()["code"], answer.json()["found"]) == ("identity.assurance", "low")


def test_claims__without_a_name__are_refused(desk: Desk) -> None:
    desk.provider.lies.person = {"sub": ROSE_CLAIMS["sub"], "birthdate": "1987-03-12"}
    assert code_of(desk.check(desk.rose())) == (403, "identity.claims")


@pytest.mark.parametrize(
    "lies",
    [
        Lies(discovery={"issuer": "https://other.example"}),
        Lies(discovery={"token_endpoint": "http://other.example/token"}),
        Lies(raw={"/.well-known/openid-configuration": b"<html>"}),
        Lies(raw={"/.well-known/openid-configuration": b" " * (MAX_ANSWER_BYTES + 1)}),
    ],
)
def test_provider__whose_discovery_does_not_hold__is_out_of_service(desk: Desk, lies: Lies) -> None:
    desk.provider.lies = lies
    assert desk.start(desk.rose()).status_code == 503


@pytest.mark.parametrize("path", ["/jwks", "/token", "/userinfo"])
def test_provider__that_answers_nonsense__is_out_of_service(desk: Desk, path: str) -> None:
    desk.provider.lies.raw = {path: b"{"}
    assert desk.check(desk.rose()).status_code == 503


@pytest.mark.parametrize("field", ["issuer", "redirect_uri"])
def test_settings__in_the_clear__are_refused(field: str) -> None:
    fields = {
        "issuer": "https://provider.example",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uri": "https://vote.example/v1/identity/connect/callback",
    }
    assert IdentityProviderSettings(**fields).terms("connect").least == "substantial"  # type: ignore[arg-type]  # texts
    with pytest.raises(ValueError, match="https"):
        IdentityProviderSettings(**{**fields, field: "http://provider.example"})  # type: ignore[arg-type]  # texts
    assert SECRET not in repr(IdentityProviderSettings(**fields).terms("connect"))  # type: ignore[arg-type]  # texts


def test_terms__in_the_clear__are_refused() -> None:
    with pytest.raises(InvalidInputError, match="https"):
        ProviderTerms("a", "http://a.example", "c", "s", "https://b.example", "openid", "low")
