"""A browser before a served world: it keeps cookies, and signs as the wallet or the passkey of its owner."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.cookies import SimpleCookie
from typing import Any

from coincurve import PrivateKey
from httpx2 import Response

from backend.api.deps import ApiContext
from backend.demo.passkeys import PRESENT, VERIFIED, Authenticator, client_data
from backend.domain.acts import MemberId, Slug
from backend.domain.siwe import personal_digest
from backend.settings import LimitSettings, LoginSettings
from tests.support.http_world import World, assertion_fields
from tests.support.model_organisation import RELYING_PARTY, Actor

UNLIMITED = LoginSettings(
    limits=LimitSettings(
        challenges="100000/minute",
        logins="100000/minute",
        failures="100000/minute",
        links="100000/minute",
        addresses="100000/minute",
    )
)
"""For tests that ask more often than people do: windows follow the clock of the machine."""


@dataclass
class Browser:
    """One browser; its cookies go along with every request."""

    world: World
    cookies: dict[str, str] = field(default_factory=dict)

    def request(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Send a request to a path below the organisation, and keep what it sets."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**({"Cookie": cookies} if cookies else {}), **(headers or {})}
        client = self.world.client
        answer = client.request(method, f"{self.world.root}/{path}", json=body, headers=sent)
        # What is kept, and sent, is decided here alone.
        client.cookies.clear()
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return answer

    def post(self, path: str, body: object = None, **headers: str) -> Response:
        """Post a body."""
        return self.request("POST", path, body, headers)

    def get(self, path: str) -> Response:
        """Read a path."""
        return self.request("GET", path)

    def delete(self, path: str, csrf: str, **headers: str) -> Response:
        """Delete a path, with the token of the session."""
        return self.request("DELETE", path, headers={"X-CSRF-Token": csrf, **headers})

    def ask_wallet(self, actor: Actor) -> dict[str, Any]:
        """Ask for a message to sign, and return the answer signed by the actor's wallet."""
        asked = self.post("session/challenges/wallet", {"address": f"0x{actor.address.hex()}"})
        assert asked.status_code == 201, asked.text
        challenge = asked.json()
        return {
            "nonce": challenge["nonce"],
            "message": challenge["message"],
            "signature": personal_signature(actor, challenge["message"]),
        }

    def enter_by_wallet(self, actor: Actor) -> Response:
        """Log in with the actor's wallet."""
        return self.post("session/wallet", self.ask_wallet(actor))

    def ask_passkey(self, actor: Actor, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - of several types
        """Ask for a challenge, and return the answer of the actor's passkey; see ``passkey_answer``."""
        asked = self.post("session/challenges/passkey")
        assert asked.status_code == 201, asked.text
        digest = bytes.fromhex(asked.json()["digest"][2:])
        assertion = passkey_answer(actor, digest, **changes)
        return {"nonce": asked.json()["nonce"], "member": actor.id, "assertion": assertion}

    def enter_by_passkey(self, actor: Actor, **changes: Any) -> Response:  # noqa: ANN401 - of several types
        """Log in with the actor's passkey."""
        return self.post("session/passkey", self.ask_passkey(actor, **changes))

    def csrf(self) -> str:
        """Return the token that the server names for the session."""
        answer = self.get("session")
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["csrf_token"]
        return token


@dataclass
class Letters:
    """Implements ``Post``: keeps what is queued."""

    queued: list[tuple[MemberId, str, Mapping[str, str]]] = field(default_factory=list)

    def queue(
        self,
        slug: Slug,
        member: MemberId,
        template: str,
        values: Mapping[str, str],
        *,
        now: datetime,
    ) -> None:
        """Keep a message."""
        assert (slug, now.tzinfo is None) == ("river-coop", False)
        self.queued.append((member, template, values))

    def tokens(self) -> list[str]:
        """Return the tokens of every link, oldest first."""
        return [values["link"].partition("#")[2] for _, _, values in self.queued]


def give_post(world: World) -> Letters:
    """Have a world's server send its mail into a list, before it answers: tests look at once."""
    letters = Letters()
    state = world.client.app.state  # type: ignore[attr-defined]  # Starlette types it as an ASGI callable
    context: ApiContext = state.context
    state.context = replace(
        context, login=replace(context.login, post=letters), afterwards=lambda work: work()
    )
    return letters


def personal_signature(actor: Actor, text: str) -> str:
    """Return the signature of a text as ``personal_sign`` gives it."""
    signed = PrivateKey(actor.private_key).sign_recoverable(personal_digest(text), hasher=None)
    return f"0x{signed[:64].hex()}{signed[64] + 27:02x}"


def passkey_answer(
    actor: Actor,
    digest: bytes,
    *,
    origin: str = RELYING_PARTY.origins[0],
    flags: int = PRESENT | VERIFIED,
    count: int = 0,
) -> dict[str, str]:
    """Return what a passkey answers, as the API takes it.

    Args:
        actor: Whose passkey signs.
        digest: The challenge, 32 bytes.
        origin: Of the page that asks.
        flags: What the authenticator says of its user.
        count: Its signature counter.
    """
    vouched = (
        hashlib.sha256(RELYING_PARTY.id.encode()).digest()
        + bytes((flags,))
        + count.to_bytes(4, "big")
    )
    device = Authenticator(actor.private_key, "EdDSA" if actor.device == "EdDSA" else "ES256")
    return assertion_fields(device.sign(vouched, client_data(digest, origin)))
