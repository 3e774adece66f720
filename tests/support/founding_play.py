"""Founding the model organisation by links: every founder hands in a key, with an address, and signs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from httpx2 import Response

from backend.domain.rulebook.book import Rulebook, format_rulebook
from tests.support.http_world import RefusedError, World, applicant, facts, signature
from tests.support.model_organisation import (
    FOUNDERS,
    MODEL_TEXT,
    SLUG,
    Actor,
    first_mandates,
    model_rulebook,
)


def address(actor: Actor) -> str:
    """Return the address that an actor declares."""
    return f"{actor.role.replace('~', '-')}@river.example"


def with_address(actor: Actor, **more: str) -> dict[str, Any]:
    """Return what an actor hands in to join, with an address."""
    return {
        **applicant(actor),
        "facts": {**facts(actor), "email": address(actor), **more},
    }


def plan(
    founders: Sequence[Actor] = FOUNDERS,
    rulebook: Rulebook | None = None,
    *,
    addresses: Mapping[Actor, str] | None = None,
) -> dict[str, Any]:
    """Return what founders are asked to adopt; links are sent to the addresses."""
    rules = rulebook or model_rulebook()
    places = {founder.id: place for place, founder in enumerate(founders)}
    mandates = []
    for given in first_mandates(founders, rules):
        seat = msgspec.to_builtins(given)
        mandates.append({"founder": places[seat.pop("holder")], **seat})
    known = addresses or {}
    return {
        "slug": SLUG,
        "name": "River cooperative",
        "language": "en",
        "statutes_text": MODEL_TEXT,
        "rulebook": json.loads(format_rulebook(rules)),
        "mandates": mandates,
        "founders": [
            {
                "label": f"Label of {founder.role}",
                "member_class": founder.member_class,
                **({"email": known[founder]} if founder in known else {}),
            }
            for founder in founders
        ],
    }


@dataclass
class FoundingPlay:
    """A draft and the links of its founders."""

    world: World
    draft: str
    tokens: dict[Actor, str]

    @classmethod
    def prepare(cls, world: World, **given: Any) -> "FoundingPlay":  # noqa: ANN401 - as plan
        """Have the operator prepare a founding; arguments as for ``plan``."""
        founders = given.get("founders", FOUNDERS)
        answer = world.client.post("/v1/foundings", json=plan(**given), headers=world.operator())
        if answer.status_code != 201:
            raise RefusedError(answer.text)
        body = answer.json()
        tokens = [link["token"] for link in body["links"]]
        return cls(world, body["draft"], dict(zip(founders, tokens, strict=True)))

    def ask(self, method: str, path: str, token: str, body: object = None) -> Response:
        """Ask something below the draft with a token."""
        return self.world.client.request(
            method,
            f"/v1/foundings/{self.draft}{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
        )

    def enrol(self, actor: Actor, **more: str) -> Response:
        """Hand in an actor's key."""
        return self.ask("POST", "/enrolment", self.tokens[actor], with_address(actor, **more))

    def enrol_all(self, **more: str) -> None:
        """Hand in everybody's."""
        for actor in self.tokens:
            answer = self.enrol(actor, **more)
            if answer.status_code != 201:
                raise RefusedError(answer.text)

    def signed(self, actor: Actor) -> dict[str, Any]:
        """Open the signing, and return an actor's signature."""
        opened = self.ask("POST", "/signing", self.tokens[actor])
        prepared = self.ask("GET", "/typed-data", self.tokens[actor])
        if prepared.status_code != 200:
            raise RefusedError(prepared.text)
        return {
            "issued_at": opened.json()["issued_at"],
            "signature": signature(actor, prepared.json()),
        }

    def sign(self, actor: Actor) -> Response:
        """Sign."""
        return self.ask("POST", "/signature", self.tokens[actor], self.signed(actor))

    def sign_all(self) -> Any:  # noqa: ANN401 - parsed JSON
        """Have everybody sign; returns what the last one was answered."""
        for actor in self.tokens:
            answer = self.sign(actor)
            if answer.status_code != 201:
                raise RefusedError(answer.text)
        return answer.json()


def found_with_addresses(world: World, rulebook: Rulebook | None = None, **more: str) -> None:
    """Found the model organisation by links; founders declare addresses, and further facts."""
    play = FoundingPlay.prepare(world, rulebook=rulebook)
    play.enrol_all(**more)
    play.sign_all()
