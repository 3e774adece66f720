"""A provider of electronic identities on loopback, as FranceConnect is one; it can be told to lie."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "psephos-test"
SECRET = "a-secret-of-the-client-that-is-long-enough"
ROSE_CLAIMS = {
    "sub": "b6048e95bb134ec5b1d1e1fa69f287172e91722b9354d637a1bcf2ebb0fd2ef5v1",
    "given_name": "Rose Marie",
    "family_name": "BONHEUR",
    "birthdate": "1987-03-12",
    "gender": "female",
    "birthplace": "33063",
    "birthcountry": "99100",
}
"""What the provider says of one person."""

KEY = RSAKey.generate_key(2048, {"kid": "provider", "use": "sig", "alg": "RS256"})
"""The provider's key; made once, since making one takes long."""


@dataclass
class Lies:
    """How the provider departs from the specification; nothing by default."""

    claims: dict[str, Any] = field(default_factory=dict)
    """Claims of the token that are other ones; None leaves one out."""
    algorithm: str = "RS256"
    """How the token is signed."""
    key: RSAKey | bytes = field(default_factory=lambda: KEY)
    """With which key; bytes are a secret."""
    person: dict[str, Any] | None = None
    """Claims about the person."""
    person_signed_for: str | None = None
    """Client for which the claims about the person are signed; None for plain JSON."""
    discovery: dict[str, Any] = field(default_factory=dict)
    """Parts of the discovery document that are other ones."""
    published: Mapping[str, Any] | None = None
    """The published keys."""
    raw: dict[str, bytes] = field(default_factory=dict)
    """Answers by path, in place of its own."""


@dataclass
class LocalProvider:
    """The provider.

    Args:
        now: Gives the time.
    """

    now: Any
    issuer: str = ""
    lies: Lies = field(default_factory=Lies)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    acr: str = "eidas2"

    def authorise(self, location: str) -> dict[str, str]:
        """Log the person in, as their browser would; returns what the browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def answer(self, path: str, form: Mapping[str, str], bearer: str) -> tuple[int, bytes]:
        """Answer a request of the client."""
        if path in self.lies.raw:
            return 200, self.lies.raw[path]
        if path == "/.well-known/openid-configuration":
            places = ("authorization", "token", "userinfo")
            known = {f"{place}_endpoint": f"{self.issuer}/{place}" for place in places}
            document = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks", **known}
            return 200, json.dumps({**document, **self.lies.discovery}).encode()
        if path == "/jwks":
            keys = self.lies.published or {"keys": [KEY.as_dict(private=False)]}
            return 200, json.dumps(keys).encode()
        if path == "/token":
            return self._token(form)
        if path == "/userinfo" and bearer in self.tokens:
            return 200, self._person()
        return 401, b"{}"

    def _token(self, form: Mapping[str, str]) -> tuple[int, bytes]:
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(
            hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        ).rstrip(b"=")
        known = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        if asked is None or not known or asked["code_challenge"] != challenge.decode():
            return 400, b'{"error":"invalid_grant"}'
        access = secrets.token_urlsafe(16)
        self.tokens.add(access)
        now = int(self.now().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": ROSE_CLAIMS["sub"],
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            "acr": self.acr,
            **self.lies.claims,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return 200, json.dumps(
            {"access_token": access, "token_type": "Bearer", "id_token": self._signed(kept)}
        ).encode()

    def _signed(self, claims: Mapping[str, Any]) -> str:
        lies = self.lies
        if lies.algorithm == "none":
            return f"{_base64({'alg': 'none'})}.{_base64(claims)}."
        header = {"alg": lies.algorithm, "kid": "provider"}
        if isinstance(lies.key, bytes):
            # By hand: the library refuses to sign with the public key of somebody.
            signed = f"{_base64(header)}.{_base64(claims)}"
            mac = hmac.digest(lies.key, signed.encode(), hashlib.sha256)
            return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
        return jwt.encode(header, dict(claims), lies.key, algorithms=[lies.algorithm])

    def _person(self) -> bytes:
        person = ROSE_CLAIMS if self.lies.person is None else self.lies.person
        if self.lies.person_signed_for is None:
            return json.dumps(person).encode()
        signed = {**person, "iss": self.issuer, "aud": self.lies.person_signed_for}
        return self._signed(signed).encode()


def _base64(part: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(dict(part)).encode()).rstrip(b"=").decode()


@contextmanager
def running_provider(now: Any) -> Iterator[LocalProvider]:  # noqa: ANN401 - a clock's method
    """Run a provider on loopback."""
    provider = LocalProvider(now)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self._reply(*provider.answer(self.path, {}, bearer))

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            fields = parse_qs(self.rfile.read(length).decode())
            form = {name: values[0] for name, values in fields.items()}
            self._reply(*provider.answer(self.path, form, ""))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _reply(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
