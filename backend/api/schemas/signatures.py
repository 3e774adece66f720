"""Keys and signatures of members: a wallet's as hex, a passkey's as the parts that a browser gives."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from backend.api.schemas.fields import AddressText, AnswerModel, RequestModel, unprefixed
from backend.domain.passkeys import (
    MAX_ASSERTION_SIGNATURE_BYTES,
    MAX_AUTHENTICATOR_DATA_BYTES,
    MAX_CLIENT_DATA_BYTES,
    Assertion,
)

WalletSignature = Annotated[str, StringConstraints(pattern="^0x[0-9a-f]{130}$")]
"""EIP-712 signature of a wallet, 65 bytes r, s, v as lowercase hex."""

PublicKeyText = Annotated[
    str,
    StringConstraints(
        pattern="^0x(a5010203262001215820[0-9a-f]{64}225820[0-9a-f]{64}"
        "|a4010103272006215820[0-9a-f]{64})$"
    ),
]
"""COSE key of a passkey in canonical CBOR, ES256 or EdDSA, as lowercase hex."""

_BYTES = "^0x([0-9a-f]{2})*$"
_AuthenticatorData = Annotated[
    str, StringConstraints(pattern=_BYTES, max_length=2 + 2 * MAX_AUTHENTICATOR_DATA_BYTES)
]
_ClientData = Annotated[
    str, StringConstraints(pattern=_BYTES, max_length=2 + 2 * MAX_CLIENT_DATA_BYTES)
]
_AssertionSignature = Annotated[
    str, StringConstraints(pattern=_BYTES, max_length=2 + 2 * MAX_ASSERTION_SIGNATURE_BYTES)
]


class WalletKey(RequestModel):
    """The key of a wallet."""

    type: Literal["wallet"]
    """Always ``wallet``."""
    address: AddressText
    """Its address."""

    def key(self) -> bytes:
        """Return the address, 20 bytes."""
        return unprefixed(self.address)


class PasskeyKey(RequestModel):
    """The key of a passkey, where the organisation takes passkeys."""

    type: Literal["passkey"]
    """Always ``passkey``."""
    publicKey: PublicKeyText  # noqa: N815 - WebAuthn's spelling
    """COSE key in canonical CBOR, as the authenticator gives it; docs/formats/entry.md has its bytes."""

    def key(self) -> bytes:
        """Return the COSE key."""
        return unprefixed(self.publicKey)


MemberKey = Annotated[WalletKey | PasskeyKey, Field(discriminator="type")]
"""Key of a member."""


class PasskeySignature(RequestModel):
    """What ``navigator.credentials.get`` answers to the digest as challenge; bytes as 0x and hex."""

    type: Literal["webauthn"]
    """Always ``webauthn``."""
    authenticatorData: _AuthenticatorData  # noqa: N815 - WebAuthn's spelling
    """What the authenticator vouches for, at most 1024 bytes."""
    clientDataJSON: _ClientData  # noqa: N815 - WebAuthn's spelling
    """What the browser vouches for, byte for byte, at most 2048 bytes."""
    signature: _AssertionSignature
    """The authenticator's signature, at most 72 bytes."""


MemberSignature = WalletSignature | PasskeySignature
"""Signature by a member's key."""


def signature_bytes(signature: MemberSignature) -> bytes:
    """Return a signature as the ledger commits to it."""
    if isinstance(signature, str):
        return unprefixed(signature)
    return Assertion(
        unprefixed(signature.authenticatorData),
        unprefixed(signature.clientDataJSON),
        unprefixed(signature.signature),
    ).to_bytes()


class RelyingPartyAnswer(AnswerModel):
    """Where passkeys sign (https://www.w3.org/TR/webauthn-3/)."""

    id: str
    """Relying party id."""
    origins: list[str]
    """Origins of the pages on which they sign."""
