"""Passkeys as keys of members: WebAuthn assertions over the digest that a wallet would sign.

W1 the founding act names a relying party and its origins; without them no passkey is accepted. W2 a key is
ES256 or EdDSA, in one form. W3 the assertion has one form too, within its limits. W4 it was made to get an
assertion (``webauthn.get``), for exactly this digest. W5 it was made on one of the origins, not inside a page
of another site, for that relying party. W6 the user was there and was verified. W7 the key signed it.

Fields of the client data that nobody asked for are left alone, as the standard wants. Both forms s and n - s
of an ES256 signature are accepted, as the standard does; the commitment in the entry says which one was
given. Counters of signatures are not compared for acts: most passkeys have none, and nonces and times keep
acts from coming again. Logging in compares them.
Source: Web Authentication Level 3, section 7.2, https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any, Final, Self

from cryptography.exceptions import InvalidSignature
from webauthn import verify_authentication_response
from webauthn.helpers import parse_authenticator_data
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorData,
)

from backend.domain.acts import RelyingParty
from backend.domain.errors import InvalidInputError, RuleReference, RuleViolation
from backend.domain.signing import BOUND_KEY

PASSKEY_RULE = RuleReference("psephos.passkey", "")
"""Built-in rule: a passkey signs for the relying party that the founders named, its user being verified."""

MAX_AUTHENTICATOR_DATA_BYTES: Final = 1024
"""Longest authenticator data: 37 bytes, and what extensions add that nobody asked for."""

MAX_CLIENT_DATA_BYTES: Final = 2048
"""Longest client data: some 150 bytes, the origin, and fields that browsers add."""

MAX_ASSERTION_SIGNATURE_BYTES: Final = 72
"""Longest signature: two integers of P-256 in DER; Ed25519 takes 64."""

_LENGTH_BYTES: Final = 2

MAX_ASSERTION_BYTES: Final = (
    2 * _LENGTH_BYTES
    + MAX_AUTHENTICATOR_DATA_BYTES
    + MAX_CLIENT_DATA_BYTES
    + MAX_ASSERTION_SIGNATURE_BYTES
)
"""Longest assertion in the form of ``Assertion.to_bytes``."""

_LEAST_AUTHENTICATOR_DATA: Final = 37
_FLAGS_AT: Final = 32
_COUNTER_AT: Final = 33
_COUNTER_BYTES: Final = 4
_ATTESTED: Final = 0x40
_EXTENDED: Final = 0x80
_BYTES, _TEXT, _ARRAY, _MAP, _TAG = 2, 3, 4, 5, 6
_LONGEST: Final = 27
_MAX_DEPTH: Final = 4
_COORDINATE: Final = 32
_ES256_X: Final = bytes.fromhex("a5010203262001215820")
_ES256_Y: Final = bytes.fromhex("225820")
_EDDSA_X: Final = bytes.fromhex("a4010103272006215820")


@dataclass(frozen=True, slots=True)
class Assertion:
    """What an authenticator answers when it is asked to sign."""

    authenticator_data: bytes
    """What the authenticator vouches for: relying party, flags, counter, extensions; 37 to 1024 bytes."""
    client_data: bytes
    """What the browser vouches for: JSON of type, challenge and origin, at most 2048 bytes."""
    signature: bytes
    """Over the authenticator data and the SHA-256 of the client data; at most 72 bytes."""

    def to_bytes(self) -> bytes:
        """Return the one form in which it is committed to and kept.

        Returns:
            Length of the authenticator data in two bytes, most significant first, and the authenticator data;
            the same of the client data; the signature.
        """
        return b"".join(
            (
                len(self.authenticator_data).to_bytes(_LENGTH_BYTES, "big"),
                self.authenticator_data,
                len(self.client_data).to_bytes(_LENGTH_BYTES, "big"),
                self.client_data,
                self.signature,
            )
        )

    @classmethod
    def from_bytes(cls, encoded: bytes) -> Self:
        """Read the form of ``to_bytes`` (W3).

        Raises:
            InvalidInputError: ``signature.malformed``: another form, or a part is too long or too short.
        """
        authenticator_data, rest = _split(encoded)
        client_data, signature = _split(rest)
        lengths = (len(authenticator_data), len(client_data), len(signature))
        found = cls(authenticator_data, client_data, signature)
        if (
            found.to_bytes() != encoded
            or not _LEAST_AUTHENTICATOR_DATA <= lengths[0] <= MAX_AUTHENTICATOR_DATA_BYTES
            or lengths[1] > MAX_CLIENT_DATA_BYTES
            or lengths[2] > MAX_ASSERTION_SIGNATURE_BYTES
        ):
            raise InvalidInputError(
                "signature.malformed",
                expected="an assertion of 37 to 1024, at most 2048 and at most 72 bytes",
                found=" and ".join(map(str, lengths)),
            )
        return found


def is_passkey(key: bytes) -> bool:
    """Tell whether a key has the form of a passkey's: a COSE key in canonical CBOR (W2).

    Args:
        key: 77 bytes for ES256: ``a5010203262001215820``, x, ``225820``, y. 42 bytes for EdDSA:
            ``a4010103272006215820``, x. Coordinates have 32 bytes. It is the canonical form of CTAP 2, in
            which authenticators emit keys.
    """
    at = len(_ES256_X) + _COORDINATE
    es256 = key.startswith(_ES256_X) and key[at : at + len(_ES256_Y)] == _ES256_Y
    if es256:
        return len(key) == at + len(_ES256_Y) + _COORDINATE
    return key.startswith(_EDDSA_X) and len(key) == len(_EDDSA_X) + _COORDINATE


def sign_count(assertion: Assertion) -> int:
    """Return the signature counter of an assertion, 0 where the authenticator has none.

    Args:
        assertion: Checked for its lengths.
    """
    end = _COUNTER_AT + _COUNTER_BYTES
    return int.from_bytes(assertion.authenticator_data[_COUNTER_AT:end], "big")


def check_assertion(
    relying_party: RelyingParty | None, digest: bytes, *, key: bytes, signature: bytes
) -> None:
    """Check that a passkey signed a digest, with its user verified, where the founders allow it (W1 to W7).

    Args:
        relying_party: From the founding act; None where it names none.
        digest: What was to be signed, 32 bytes; the challenge.
        key: In the form of ``is_passkey``.
        signature: An assertion in the form of ``Assertion.to_bytes``.

    Raises:
        InvalidInputError: ``signature.malformed``: not an assertion in its one form; ``key.malformed``: the
            key is no point of its curve.
        RuleViolation: ``signature.passkeys``: the organisation takes none; ``signature.origin``: made for
            another site; ``signature.unverified``: nobody was there, or nobody was verified;
            ``signature.signer``: another key signed, or other data were signed.
    """
    if relying_party is None:
        raise RuleViolation(
            "signature.passkeys", PASSKEY_RULE, expected="a key of a wallet", found="a passkey"
        )
    assertion = Assertion.from_bytes(signature)
    _check_client_data(_client_data(assertion.client_data), relying_party, digest)
    _check_authenticator_data(_authenticator_data(assertion), relying_party)
    try:
        verify_authentication_response(
            credential=AuthenticationCredential(
                id="",
                raw_id=b"",
                response=AuthenticatorAssertionResponse(
                    client_data_json=assertion.client_data,
                    authenticator_data=assertion.authenticator_data,
                    signature=assertion.signature,
                ),
            ),
            expected_challenge=digest,
            expected_rp_id=relying_party.id,
            expected_origin=list(relying_party.origins),
            credential_public_key=key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        if isinstance(error.__context__, InvalidSignature):
            raise _other_signer("a signature by another key, or over other data") from error
        raise _malformed("an assertion of one kind of credential", str(error)) from error
    except ValueError as error:
        raise InvalidInputError(
            "key.malformed", expected="a point of its curve", found="another pair of numbers"
        ) from error


def _split(encoded: bytes) -> tuple[bytes, bytes]:
    """Return what a length of two bytes announces, and what follows it."""
    end = _LENGTH_BYTES + int.from_bytes(encoded[:_LENGTH_BYTES], "big")
    return encoded[_LENGTH_BYTES:end], encoded[end:]


def _client_data(encoded: bytes) -> dict[str, Any]:
    try:
        # Decoded first: the parser would guess UTF-16 and UTF-32 too.
        fields = json.loads(encoded.decode(), object_pairs_hook=_members)
    except (ValueError, RecursionError) as error:
        raise _malformed("client data in JSON", str(error)[:100]) from error
    if not isinstance(fields, dict):
        raise _malformed("client data that is an object", type(fields).__name__)
    return fields


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands twice")
    return members


def _check_client_data(fields: dict[str, Any], relying_party: RelyingParty, digest: bytes) -> None:
    """Check what the browser says (W4, W5)."""
    if fields.get("type") != "webauthn.get":
        raise _malformed("webauthn.get", repr(fields.get("type"))[:100])
    if fields.get("challenge") != urlsafe_b64encode(digest).rstrip(b"=").decode():
        raise _other_signer(f"a signature over {fields.get('challenge')!r}"[:100])
    origin, embedded = fields.get("origin"), fields.get("crossOrigin", False)
    if origin not in relying_party.origins or embedded is not False or "topOrigin" in fields:
        place = repr(origin) if embedded is False else f"{origin!r} inside a page of another site"
        raise RuleViolation(
            "signature.origin",
            PASSKEY_RULE,
            expected=", ".join(relying_party.origins),
            found=place[:200],
        )


def _authenticator_data(assertion: Assertion) -> AuthenticatorData:
    data = assertion.authenticator_data
    if data[_FLAGS_AT] & _ATTESTED:
        raise _malformed("authenticator data of an assertion", "those of a registration")
    try:
        if data[_FLAGS_AT] & _EXTENDED:
            _check_extensions(data)
        return parse_authenticator_data(data)
    except (ValueError, WebAuthnException) as error:
        raise _malformed("whole authenticator data and nothing else", str(error)) from error


def _check_extensions(data: bytes) -> None:
    """Check that extensions are one map in the canonical CBOR of CTAP 2, before a general parser sees them.

    Such a parser may take years over a dozen bytes that a tag makes a fraction.

    Raises:
        ValueError: They are something else, or do not end where the data end.
    """
    if len(data) == _LEAST_AUTHENTICATOR_DATA or data[_LEAST_AUTHENTICATOR_DATA] >> 5 != _MAP:
        raise ValueError("no map of extensions")
    if _item_end(data, _LEAST_AUTHENTICATOR_DATA, _MAX_DEPTH) != len(data):
        raise ValueError("bytes after the extensions")


def _item_end(data: bytes, start: int, depth: int) -> int:
    """Return where a CBOR item ends: no tags, no open lengths, no deeper than CTAP 2 nests (section 8).

    Raises:
        ValueError: It is cut short, or in another form.
    """
    if start >= len(data):
        raise ValueError("extensions that are cut short")
    kind, low = divmod(data[start], 32)
    if kind == _TAG or low > _LONGEST or (kind in (_ARRAY, _MAP) and depth == 0):
        raise ValueError("extensions that are tagged, open or too deep")
    width = 0 if low < 24 else 1 << (low - 24)
    at = start + 1 + width
    argument = int.from_bytes(data[start + 1 : at], "big") if width else low
    if kind in (_BYTES, _TEXT):
        at += argument
    elif kind in (_ARRAY, _MAP):
        for _ in range(argument if kind == _ARRAY else 2 * argument):
            at = _item_end(data, at, depth - 1)
    if at > len(data):
        raise ValueError("extensions that are cut short")
    return at


def _check_authenticator_data(found: AuthenticatorData, relying_party: RelyingParty) -> None:
    """Check what the authenticator says (W5, W6)."""
    if found.rp_id_hash != hashlib.sha256(relying_party.id.encode()).digest():
        raise RuleViolation(
            "signature.origin",
            PASSKEY_RULE,
            expected=", ".join(relying_party.origins),
            found=f"a passkey of the domain that hashes to {found.rp_id_hash.hex()}",
        )
    if not (found.flags.up and found.flags.uv):
        raise RuleViolation(
            "signature.unverified",
            PASSKEY_RULE,
            expected="a user who was there and was verified",
            found="there, not verified" if found.flags.up else "not there",
        )


def _malformed(expected: str, found: str) -> InvalidInputError:
    return InvalidInputError("signature.malformed", expected=expected, found=found)


def _other_signer(found: str) -> RuleViolation:
    return RuleViolation("signature.signer", PASSKEY_RULE, expected=BOUND_KEY, found=found[:200])
