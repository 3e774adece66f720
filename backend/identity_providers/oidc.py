"""OpenID Connect, for FranceConnect and others with its claims.

The authorization code flow with PKCE. Checked are, in this order: the provider's own issuer (discovery
and RFC 9207), the algorithm of the token, its signature under the provider's keys, issuer, audience,
times, nonce, level (``acr``), and that the claims are of the person in the token. Sources: OpenID
Connect Core 1.0 sections 3.1 and 5.3 (https://openid.net/specs/openid-connect-core-1_0.html), Discovery
1.0, RFC 7636, RFC 9207; the claims and levels of FranceConnect at
https://docs.partenaires.franceconnect.gouv.fr/.
"""

import hmac
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import msgspec
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from anchoring.core.errors import UnavailableError
from anchoring.ports import Clock
from backend.domain.errors import GovernanceError, InvalidInputError, NotPermittedError
from backend.domain.identity.attributes import Facts, check_facts
from backend.services.identity_checks import (
    ASSURANCES,
    Attempt,
    IdentityAssurance,
    ShownIdentity,
)

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""Signatures that are taken: a token never brings its own, and no secret is a key."""

EIDAS: Final[Mapping[str, IdentityAssurance]] = MappingProxyType(
    {"eidas1": "low", "eidas2": "substantial", "eidas3": "high"}
)
"""Levels of FranceConnect by claim ``acr``."""

MAX_ANSWER_BYTES: Final = 1 << 18
"""Longest answer of a provider, in bytes."""

LEEWAY_S: Final = 60
"""Seconds by which two clocks may differ."""

TIMEOUT_S: Final = 10
"""Seconds that a provider has to answer."""

MAX_SUBJECT: Final = 255
"""Longest claim ``sub``, OpenID Connect Core section 2."""

_CLAIMS: Final = {
    "given_name": "given_names",
    "family_name": "family_name",
    "birthdate": "born",
    "birthplace": "birthplace",
}
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class ProviderTerms:
    """What was agreed with a provider."""

    name: str
    """Our name for it."""
    issuer: str
    """Its identifier, an address."""
    client_id: str
    """Its name for this server."""
    client_secret: str = field(repr=False)
    """Secret of this server."""
    redirect_uri: str
    """Where it sends browsers back to, as it was told."""
    scope: str
    """What is asked for, words joined by spaces."""
    least: IdentityAssurance
    """Least level that is taken."""

    def __post_init__(self) -> None:
        """Check that nothing is asked in the clear.

        Raises:
            InvalidInputError: ``identity_provider.address``: an address without TLS that is not this
                machine's.
        """
        _check_address(self.issuer)
        _check_address(self.redirect_uri)


class _Metadata(msgspec.Struct, frozen=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str
    access_token: str


class OidcProvider:
    """Implements ``IdentityProvider``. Nothing is kept between two calls: checks are rare, keys change.

    Args:
        terms: What was agreed.
        clock: Current time.
    """

    def __init__(self, terms: ProviderTerms, clock: Clock) -> None:
        self._terms: Final = terms
        self._clock: Final = clock
        # Made once: reading the certificates takes longer than a request.
        self._tls: Final = ssl.create_default_context()

    def address(self, attempt: Attempt, state: str) -> str:
        """Return where to send the browser.

        Raises:
            UnavailableError: The provider did not answer.
        """
        terms = self._terms
        least = next(acr for acr, assurance in EIDAS.items() if assurance == terms.least)
        return str(
            prepare_grant_uri(
                self._metadata().authorization_endpoint,
                client_id=terms.client_id,
                response_type="code",
                redirect_uri=terms.redirect_uri,
                scope=terms.scope,
                state=state,
                nonce=attempt.nonce,
                acr_values=least,
                code_challenge=create_s256_code_challenge(attempt.verifier),
                code_challenge_method="S256",
            )
        )

    def complete(self, attempt: Attempt, code: str, issuer: str | None) -> ShownIdentity:
        """Return who somebody is who came back.

        Raises:
            NotPermittedError: ``identity.token``, ``identity.assurance`` or ``identity.claims``.
            UnavailableError: The provider did not answer.
        """
        if issuer not in (None, self._terms.issuer):
            raise _untrue("another issuer")
        metadata = self._metadata()
        tokens = self._tokens(metadata, attempt, code)
        keys = self._keys(metadata)
        claims = self._checked(tokens, keys, attempt.nonce)
        level = EIDAS.get(str(claims.get("acr")))
        if level is None or ASSURANCES.index(level) < ASSURANCES.index(self._terms.least):
            raise NotPermittedError(
                "identity.assurance", expected=self._terms.least, found=level or "none"
            )
        person = self._person(metadata, tokens.access_token, keys)
        return self._shown(claims, person, level)

    def _tokens(self, metadata: _Metadata, attempt: Attempt, code: str) -> _Tokens:
        terms = self._terms
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": terms.redirect_uri,
            "client_id": terms.client_id,
            "client_secret": terms.client_secret,
            "code_verifier": attempt.verifier,
        }
        request = httpx.Request("POST", metadata.token_endpoint, data=form)
        try:
            return msgspec.json.decode(self._answer(request), type=_Tokens)
        except msgspec.DecodeError as error:
            raise self._silent("unreadable tokens") from error

    def _metadata(self) -> _Metadata:
        place = f"{self._terms.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            metadata = msgspec.json.decode(self._get(place), type=_Metadata)
            for address in (
                metadata.authorization_endpoint,
                metadata.token_endpoint,
                metadata.userinfo_endpoint,
                metadata.jwks_uri,
            ):
                _check_address(address)
        except (msgspec.DecodeError, InvalidInputError) as error:
            raise self._silent("unreadable discovery document") from error
        if metadata.issuer != self._terms.issuer:
            raise self._silent("its discovery document is of another issuer")
        return metadata

    def _keys(self, metadata: _Metadata) -> KeySet:
        try:
            content = msgspec.json.decode(
                self._get(metadata.jwks_uri), type=dict[str, list[dict[str, Any]]]
            )
            # Only what can have signed a token: a secret among them would be a key that others know.
            kept = [key for key in content["keys"] if key.get("kty") in ("RSA", "EC")]
            return KeySet.import_key_set({"keys": kept})
        except (msgspec.DecodeError, JoseError, ValueError, KeyError) as error:
            raise self._silent("unreadable keys") from error

    def _checked(self, tokens: _Tokens, keys: KeySet, nonce: str) -> Mapping[str, Any]:
        """Return the claims of the token of identity, all of it checked."""
        terms, now = self._terms, int(self._clock.now().timestamp())
        try:
            decoded = jwt.decode(tokens.id_token, keys, algorithms=list(ALGORITHMS))
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                options={
                    "iss": {"essential": True, "value": terms.issuer},
                    "aud": {"essential": True, "value": terms.client_id},
                    "nonce": {"essential": True, "value": nonce},
                },
                params={
                    "nonce": nonce,
                    "client_id": terms.client_id,
                    "access_token": tokens.access_token,
                },
            )
            claims.validate(now=now, leeway=LEEWAY_S)
        except (JoseError, AuthlibBaseError, ValueError, TypeError) as error:
            raise _untrue(type(error).__name__) from error
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 1 <= len(subject) <= MAX_SUBJECT:
            raise _untrue("no subject")
        return dict(claims)

    def _person(self, metadata: _Metadata, access_token: str, keys: KeySet) -> Mapping[str, Any]:
        """Return the claims about the person: JSON, or a token that the provider signed for us."""
        bearer = {"Authorization": f"Bearer {access_token}"}
        answer = self._answer(httpx.Request("GET", metadata.userinfo_endpoint, headers=bearer))
        if not answer.startswith(b"{"):
            try:
                claims = dict(jwt.decode(answer, keys, algorithms=list(ALGORITHMS)).claims)
            except (JoseError, ValueError) as error:
                raise _untrue(type(error).__name__) from error
            audience = claims.get("aud")
            if claims.get("iss") != self._terms.issuer or self._terms.client_id not in (
                audience if isinstance(audience, list) else [audience]
            ):
                raise _untrue("claims for somebody else")
            return claims
        try:
            return msgspec.json.decode(answer, type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise self._silent("unreadable claims") from error

    def _shown(
        self, token: Mapping[str, Any], person: Mapping[str, Any], level: IdentityAssurance
    ) -> ShownIdentity:
        if not hmac.compare_digest(str(person.get("sub")).encode(), token["sub"].encode()):
            raise _untrue("claims of another person")
        facts: Facts = {
            ours: value
            for theirs, ours in _CLAIMS.items()
            if isinstance(value := person.get(theirs), str) and value
        }
        try:
            check_facts(facts, "natural")
        except GovernanceError as error:
            raise NotPermittedError(
                "identity.claims", expected=error.expected, found=error.found
            ) from error
        return ShownIdentity(self._terms.issuer, token["sub"], level, facts)

    def _get(self, address: str) -> bytes:
        return self._answer(httpx.Request("GET", address))

    def _answer(self, request: httpx.Request) -> bytes:
        """Return the content of an answer; nothing is followed elsewhere."""
        try:
            with httpx.Client(timeout=TIMEOUT_S, verify=self._tls, trust_env=False) as client:
                answer = client.send(request, stream=True)
                if answer.status_code == httpx.codes.BAD_REQUEST:
                    raise _untrue("a code that it does not know")
                if answer.status_code != httpx.codes.OK:
                    raise self._silent(f"status {answer.status_code}")
                content = b""
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > MAX_ANSWER_BYTES:
                        raise self._silent(f"more than {MAX_ANSWER_BYTES} bytes")
        except httpx.HTTPError as error:
            raise self._silent(type(error).__name__) from error
        return content

    def _silent(self, reason: str) -> UnavailableError:
        return UnavailableError(f"identity provider {self._terms.name}", reason)


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise InvalidInputError(
        "identity_provider.address", expected="an address with https", found=address
    )


def _untrue(found: str) -> NotPermittedError:
    return NotPermittedError(
        "identity.token", expected="a token that the provider signed for us", found=found
    )
