"""A server in this process, played over HTTP as clients would, under a clock the test moves."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from httpx2 import Response
from starlette.testclient import TestClient

from backend.demo.request_bodies import key_fields
from backend.domain.acts import FirstMandate
from backend.domain.framework import Framework, format_framework
from backend.domain.instants import format_instant
from backend.domain.passkeys import Assertion
from backend.domain.rulebook.book import Rulebook, format_rulebook
from backend.main import create_app
from backend.settings import LoginSettings, PasskeySettings, Settings, SmtpSettings
from backend.wiring import Container
from backend.worker import Worker
from tests.support.chain_world import FixedClock
from tests.support.contract_actors import ContractActor
from tests.support.model_organisation import (
    CARING_TEXT,
    FOUNDERS,
    MODEL_TEXT,
    SLUG,
    START,
    Actor,
    digest,
    first_mandates,
    model_framework,
    model_rulebook,
    stricter_rulebook,
)

HOST = "ledger.example"
"""Host part of origins."""

_NUMBERS = count()
"""Never gives a number twice, so that a server opened again is told new keys."""

Answer = Any
"""Parsed JSON."""


class CountingRandomness:
    """Salts and pseudonyms that are new within a test run."""

    def salt(self) -> bytes:
        return digest("server-salt", str(next(_NUMBERS)))

    def voter(self) -> str:
        return f"v{digest('server-voter', str(next(_NUMBERS))).hex()[:32]}"


class RefusedError(AssertionError):
    """The server refused what the play needed."""


@dataclass
class World:
    """A server, its only client, its worker, and the clock of both."""

    container: Container
    client: TestClient
    worker: Worker
    clock: FixedClock
    root: str = f"/v1/organisations/{SLUG}"
    salts: int = 0
    nonces: dict[tuple[str, str], int] = field(default_factory=dict)

    def key(self) -> str:
        """Return a fresh idempotency key."""
        return f"key-{next(_NUMBERS)}"

    def seconds(self) -> int:
        """Return the time in seconds since the epoch."""
        return int(self.clock.now().timestamp())

    def post(self, path: str, body: object, *, key: str | None = None, **headers: str) -> Response:
        """Post a body to an absolute path, whatever comes of it."""
        headers = {"Idempotency-Key": key or self.key(), **headers}
        return self.client.post(path, json=body, headers=headers)

    def get(self, path: str, **parameters: str | int) -> Answer:
        """Read a path below the organisation."""
        response = self.client.get(f"{self.root}/{path}", params=parameters)
        if response.status_code != 200:
            raise RefusedError(response.text)
        return response.json()

    def signed(self, actor: Actor, path: str, body: Mapping[str, object]) -> dict[str, object]:
        """Return a body with the actor's signature of what the server says is to be signed."""
        prepared = self.client.post(f"{self.root}/{path}/typed-data", json=body)
        if prepared.status_code != 200:
            raise RefusedError(prepared.text)
        return {**body, "signature": signature(actor, prepared.json())}

    def act(self, actor: Actor, path: str, body: Mapping[str, object]) -> Answer:
        """Sign and post an act; anything but 201 fails the test."""
        response = self.post(f"{self.root}/{path}", self.signed(actor, path, body))
        if response.status_code != 201:
            raise RefusedError(response.text)
        return response.json()

    def authored(self, actor: Actor, **fields: object) -> dict[str, object]:
        """Return what an actor states now."""
        return {"author": actor.id, "issued_at": self.seconds(), **fields}

    def founding(
        self,
        founders: Sequence[Actor] = FOUNDERS,
        rulebook: Rulebook | None = None,
        mandates: Sequence[FirstMandate] | None = None,
    ) -> dict[str, Any]:
        """Return a signed founding; unless told otherwise, the founders fill the bureau."""
        rules = rulebook or model_rulebook()
        given = first_mandates(founders, rules) if mandates is None else mandates
        draft = {
            "slug": SLUG,
            "name": "River cooperative",
            "language": "en",
            "statutes_text": MODEL_TEXT,
            "rulebook": json.loads(format_rulebook(rules)),
            "mandates": [msgspec.to_builtins(each) for each in given],
            "issued_at": self.seconds(),
            "founders": [applicant(founder) for founder in founders],
        }
        prepared = self.client.post("/v1/organisations/typed-data", json=draft)
        if prepared.status_code != 200:
            raise RefusedError(prepared.text)
        signatures = [signature(founder, prepared.json()) for founder in founders]
        signed = [
            {**applicant(founder), "signature": text}
            for founder, text in zip(founders, signatures, strict=True)
        ]
        return {**draft, "founders": signed}

    def operator(self) -> dict[str, str]:
        """Return the operator's header."""
        token = self.container.archive.keys.operator_token()
        return {"Authorization": f"Bearer {token}"}

    def found(
        self,
        rulebook: Rulebook | None = None,
        mandates: Sequence[FirstMandate] | None = None,
    ) -> Answer:
        """Found the model organisation."""
        body = self.founding(rulebook=rulebook, mandates=mandates)
        response = self.post("/v1/organisations", body, **self.operator())
        if response.status_code != 201:
            raise RefusedError(response.text)
        return response.json()

    def application(self, actor: Actor) -> dict[str, object]:
        """Return an unsigned application."""
        return {**applicant(actor), "issued_at": self.seconds()}

    def motion(
        self, actor: Actor, motion: str, *, kind: str = "legislative", effect: object = None
    ) -> dict[str, object]:
        """Return an unsigned motion."""
        return self.authored(
            actor,
            motion=motion,
            kind=kind,
            title=f"Motion {motion}",
            text=f"Text of {motion}.\n",
            effect=effect or {"type": "resolution"},
        )

    def act_as_chair(self, motion: str) -> Answer:
        """Have the first founder propose a resolution."""
        return self.act(FOUNDERS[0], "motions", self.motion(FOUNDERS[0], motion))

    def call(
        self,
        actor: Actor,
        assembly: str,
        *motions: str,
        days: int = 15,
        hours: int = 48,
        session: str = "assembly",
    ) -> dict[str, object]:
        """Return an unsigned call."""
        opens = self.clock.now() + timedelta(days=days)
        return self.authored(
            actor,
            assembly=assembly,
            session=session,
            title=f"Assembly {assembly}",
            channel="remote",
            opens_at=format_instant(opens),
            closes_at=format_instant(opens + timedelta(hours=hours)),
            motions=list(motions),
        )

    def ballot(self, actor: Actor, motion: str, choice: str) -> dict[str, object]:
        """Return an unsigned ballot."""
        self.salts += 1
        return {
            "member": actor.id,
            "choice": choice,
            "choice_salt": digest("choice", str(self.salts)).hex(),
            "cast_at": self.seconds(),
            "nonce": self.nonces.get((motion, actor.id), 0),
        }

    def cast(self, actor: Actor, motion: str, choice: str, *, hand: Actor | None = None) -> Answer:
        """Vote, or vote again; ``hand`` signs where a proxy votes for the actor."""
        body = self.ballot(actor, motion, choice)
        if hand is not None:
            body["holder"] = hand.id
        answer = self.act(hand or actor, f"motions/{motion}/ballots", body)
        self.nonces[motion, actor.id] = self.nonces.get((motion, actor.id), 0) + 1
        return answer

    def observation(
        self, actor: Actor, observation: str, *, indicator: int, value: str
    ) -> dict[str, object]:
        """Return an unsigned observation under the model framework."""
        measured = model_framework().indicators[indicator]
        return self.authored(
            actor,
            observation=observation,
            framework="river-health",
            indicator=measured.id,
            value=value,
            unit=measured.unit,
            period_from="2026-01-01",
            period_to="2026-01-31",
            method="Counted by hand.\n",
        )


def signature(actor: Actor, typed_data: dict[str, Any]) -> str | dict[str, str]:
    """Return an actor's signature of typed data as the API takes it."""
    if isinstance(actor, ContractActor):
        answer = actor.answer_of(bytes.fromhex(typed_data["digest"][2:]))
        return {"type": "contract", "signature": f"0x{answer.hex()}"}
    if actor.device == "wallet":
        return f"0x{actor.sign(typed_data).hex()}"
    return assertion_fields(actor.answer(bytes.fromhex(typed_data["digest"][2:])))


def assertion_fields(assertion: Assertion) -> dict[str, str]:
    """Return an assertion as the API takes it."""
    return {
        "type": "webauthn",
        "authenticatorData": f"0x{assertion.authenticator_data.hex()}",
        "clientDataJSON": f"0x{assertion.client_data.hex()}",
        "signature": f"0x{assertion.signature.hex()}",
    }


def facts(actor: Actor) -> dict[str, str]:
    """Return the facts that an actor declares; actors whose roles differ by ``~2`` are one person."""
    second = "born" if actor.member_class == "individual" else "registration"
    return {"name": f"The {actor.person_key}", second: "1980-01-01"}


def presented(actor: Actor) -> dict[str, Any]:
    """Return what a correspondent hands in about an actor, who has no key."""
    return {
        name: value for name, value in applicant(actor).items() if name not in ("key", "key_salt")
    }


def applicant(actor: Actor) -> dict[str, Any]:
    """Return what an actor hands in to join."""
    return {
        "member": actor.id,
        "member_class": actor.member_class,
        "key": key_fields(actor.key),
        "key_salt": actor.key_opening.salt.hex(),
        "facts": facts(actor),
        "facts_salt": actor.person.salt.hex(),
        "consents": {"membership": 1},
    }


def framework_change(framework: Framework | None = None) -> dict[str, object]:
    """Return the effect that puts the model framework in force."""
    content = format_framework(framework or model_framework())
    return {"type": "framework", "document": json.loads(content)}


def statutes_change() -> dict[str, object]:
    """Return the effect that puts a stricter version of the statutes in force."""
    rulebook = msgspec.json.decode(format_rulebook(stricter_rulebook()))
    return {
        "type": "statutes",
        "text": CARING_TEXT,
        "rulebook": rulebook,
    }


@contextmanager
def opened(
    data: Path,
    clock: FixedClock | None = None,
    *,
    passkeys: PasskeySettings | None = None,
    login: LoginSettings | None = None,
    smtp: SmtpSettings | None = None,
) -> Iterator[World]:
    """Open a server on a data folder, without worker thread and socket."""
    clock = clock or FixedClock(START)
    settings = Settings(
        data=data,
        origin_host=HOST,
        passkeys=passkeys,
        login=login or LoginSettings(),
        smtp=smtp,
    )
    with (
        Container(settings, clock, CountingRandomness()) as container,
        TestClient(create_app(container)) as client,
    ):
        yield World(container, client, Worker(container), clock)


def join(world: World, actor: Actor, *, officer: Actor | None = None) -> Answer:
    """Apply, and be admitted by an officer where there is one."""
    answer = world.act(actor, "members", world.application(actor))
    if officer is not None:
        world.act(officer, f"members/{actor.id}/admission", world.authored(officer))
    return answer


def play_whole_life(world: World) -> None:
    """Play a history with every act: the one of ``organisations.play_whole_life``, over HTTP."""
    chair, treasurer, secretary = FOUNDERS
    gardener, partner, visitor = Actor("gardener"), Actor("partner", "collective"), Actor("visitor")
    world.found()
    join(world, gardener)
    join(world, visitor)
    join(world, partner, officer=chair)
    world.act(visitor, f"members/{visitor.id}/resignation", {"issued_at": world.seconds()})
    statutes = world.motion(chair, "new-statutes", kind="constituent", effect=statutes_change())
    world.act(chair, "motions", statutes)
    framework = world.motion(gardener, "river-framework", effect=framework_change())
    world.act(gardener, "motions", framework)
    world.act(treasurer, "motions", world.motion(treasurer, "new-bridge"))
    motions = ("new-statutes", "river-framework", "new-bridge")
    world.act(chair, "assemblies", world.call(chair, "spring", *motions))
    world.worker.step_all()
    world.clock.advance(15 * 86_400 + 3600)
    for voter in (chair, treasurer, gardener):
        world.cast(voter, "new-statutes", "yes")
    world.cast(chair, "river-framework", "no")
    world.cast(chair, "river-framework", "yes")
    world.cast(gardener, "river-framework", "yes")
    world.cast(treasurer, "new-bridge", "yes")
    world.cast(secretary, "new-bridge", "no")
    world.clock.advance(2 * 86_400)
    world.worker.step_all()
    world.act(
        partner,
        "commons",
        world.authored(partner, commons="weir", title="The weir", description="About the weir.\n"),
    )
    path = "commons/weir/observations"
    fish = world.observation(partner, "fish-january", indicator=0, value="120.5")
    world.act(partner, path, fish)
    nitrate = world.observation(gardener, "nitrate-january", indicator=1, value="12.5")
    world.act(gardener, path, nitrate)
    valuation = {"valuation": "weir-january", "framework": "river-health"}
    response = world.post(f"{world.root}/commons/weir/valuations", valuation)
    if response.status_code != 201:
        raise RefusedError(response.text)
    world.worker.step_all()
