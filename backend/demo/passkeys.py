"""An authenticator in software with the browser in front of it: what a member's passkey answers.

Real authenticators hold their key in hardware and ask for a fingerprint, a face or a code; this one says that
it did. Its answers are the same each time (RFC 6979), so that a run can be repeated.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Final, Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.domain.acts import RelyingParty
from backend.domain.passkeys import Assertion

Algorithm = Literal["ES256", "EdDSA"]
"""Algorithms of passkeys: ECDSA on P-256 with SHA-256, and Ed25519."""

PRESENT: Final = 0x01
"""Flag: the user was there (WebAuthn, authenticator data, UP)."""

VERIFIED: Final = 0x04
"""Flag: the user was verified (UV)."""

_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Authenticator:
    """One passkey."""

    secret: bytes
    """The private key, 32 bytes, taken modulo the order of the curve for ES256."""
    algorithm: Algorithm = "ES256"
    """Algorithm of the key."""

    @property
    def key(self) -> bytes:
        """COSE key in canonical CBOR (``backend.domain.passkeys.is_passkey``)."""
        if self.algorithm == "EdDSA":
            point = Ed25519PrivateKey.from_private_bytes(self.secret).public_key()
            return bytes.fromhex("a4010103272006215820") + point.public_bytes_raw()
        numbers = self._p256().public_key().public_numbers()
        x, y = (coordinate.to_bytes(32, "big") for coordinate in (numbers.x, numbers.y))
        return bytes.fromhex("a5010203262001215820") + x + bytes.fromhex("225820") + y

    def answer(self, digest: bytes, relying_party: RelyingParty) -> Assertion:
        """Sign a digest on the first page of an organisation.

        Args:
            digest: What is to be signed, 32 bytes.
            relying_party: Where passkeys of the organisation sign.
        """
        client = client_data(digest, relying_party.origins[0])
        return self.sign(authenticator_data(relying_party.id), client)

    def sign(self, authenticator: bytes, client: bytes) -> Assertion:
        """Sign authenticator data and client data, whatever they say."""
        message = authenticator + hashlib.sha256(client).digest()
        if self.algorithm == "EdDSA":
            signature = Ed25519PrivateKey.from_private_bytes(self.secret).sign(message)
        else:
            algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
            signature = self._p256().sign(message, algorithm)
        return Assertion(authenticator, client, signature)

    def _p256(self) -> ec.EllipticCurvePrivateKey:
        scalar = int.from_bytes(self.secret, "big") % _P256_ORDER
        return ec.derive_private_key(scalar, ec.SECP256R1())


def authenticator_data(relying_party_id: str, *, flags: int = PRESENT | VERIFIED) -> bytes:
    """Return what an authenticator without counter and extensions vouches for, 37 bytes."""
    return hashlib.sha256(relying_party_id.encode()).digest() + bytes((flags, 0, 0, 0, 0))


def client_data(digest: bytes, origin: str) -> bytes:
    """Return what a browser vouches for, in its order (WebAuthn, section 5.8.1.1).

    Args:
        digest: The challenge, 32 bytes.
        origin: Of the page that asked.
    """
    fields = {
        "type": "webauthn.get",
        "challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "origin": origin,
        "crossOrigin": False,
    }
    return json.dumps(fields, separators=(",", ":")).encode()
