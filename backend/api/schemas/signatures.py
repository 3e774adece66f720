"""Keys and signatures of members: of wallets as hex, of passkeys as a browser gives them, of contracts."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from anchoring.core.contract_signatures import MAX_SIGNATURE_BYTES
from anchoring.core.types import Address, ChainId
from backend.api.schemas.fields import AddressText, AnswerModel, RequestModel, unprefixed
from backend.domain.contract_accounts import ContractAccount
from backend.domain.passkeys import (
    MAX_ASSERTION_SIGNATURE_BYTES,
    MAX_AUTHENTICATOR_DATA_BYTES,
    MAX_CLIENT_DATA_BYTES,
    Assertion,
)
from backend.domain.quantities import MAX_INTEGER

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
_ContractSignature = Annotated[
    str, StringConstraints(pattern=_BYTES, max_length=2 + 2 * MAX_SIGNATURE_BYTES)
]

ContractChainId = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
"""EIP-155 id of the chain of a contract account."""


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


class ContractKey(RequestModel):
    """A contract account, such as a Safe, for members of a class of organisations."""

    type: Literal["contract"]
    """Always ``contract``."""
    chain_id: ContractChainId
    """EIP-155 id of its chain."""
    address: AddressText
    """Its address there."""

    def key(self) -> bytes:
        """Return the CAIP-10 account."""
        return self.account().to_bytes()

    def account(self) -> ContractAccount:
        """Return the account."""
        return ContractAccount(ChainId(self.chain_id), Address(unprefixed(self.address)))


MemberKey = Annotated[WalletKey | PasskeyKey | ContractKey, Field(discriminator="type")]
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


class ContractAccountSignature(RequestModel):
    """What a contract account is asked about (https://eips.ethereum.org/EIPS/eip-1271)."""

    type: Literal["contract"]
    """Always ``contract``."""
    signature: _ContractSignature
    """What its owners signed, at most 8192 bytes: for a Safe their signatures in the order of their
    addresses; ``0x`` where the account approved the digest on its chain; with the suffix of ERC-6492 where
    it is not deployed yet."""


MemberSignature = WalletSignature | PasskeySignature | ContractAccountSignature
"""Signature by a member's key."""


def signature_bytes(signature: MemberSignature) -> bytes:
    """Return a signature as the ledger commits to it, but a contract account's as it is asked about it."""
    if isinstance(signature, str):
        return unprefixed(signature)
    if isinstance(signature, ContractAccountSignature):
        return unprefixed(signature.signature)
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
