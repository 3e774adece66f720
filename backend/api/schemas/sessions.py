"""Sessions: what is asked to log in, what is answered, who is logged in."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from anchoring.core.types import Address, ChainId
from backend.api.schemas.fields import (
    AddressText,
    AnswerModel,
    InstantText,
    MemberText,
    PrefixedHex,
    RequestModel,
    SaltHex,
    unprefixed,
)
from backend.api.schemas.signatures import (
    ContractAccountSignature,
    ContractChainId,
    PasskeySignature,
    RelyingPartyAnswer,
    WalletSignature,
    signature_bytes,
)
from backend.domain.contract_accounts import ContractAccount
from backend.domain.siwe import MAX_MESSAGE_BYTES
from backend.services.login import NONCE_DIGITS
from backend.services.login_addresses import MAX_ADDRESS_LENGTH

NonceText = Annotated[str, StringConstraints(pattern=f"^[0-9a-f]{{{NONCE_DIGITS}}}$")]
"""Name of a challenge, lowercase hex."""


class WalletChallengeRequest(RequestModel):
    """Who wants to log in with a wallet."""

    address: AddressText
    """Address of the wallet."""
    chain_id: ContractChainId | None = None
    """Chain on which the address is a contract account, such as a Safe; left out for any other wallet."""

    def key(self) -> bytes:
        """Return the key of the wallet, in the form in which members bind it."""
        address = unprefixed(self.address)
        if self.chain_id is None:
            return address
        return ContractAccount(ChainId(self.chain_id), Address(address)).to_bytes()


class WalletChallengeAnswer(AnswerModel):
    """What a wallet signs."""

    nonce: str
    """Names the challenge; to be sent back."""
    message: str
    """Message of EIP-4361, to be signed as it is with ``personal_sign``."""
    expires_at: str
    """Last moment to answer."""


class WalletLoginRequest(RequestModel):
    """The signed message."""

    nonce: NonceText
    """From the challenge."""
    message: Annotated[str, StringConstraints(min_length=1, max_length=MAX_MESSAGE_BYTES)]
    """The message, byte for byte."""
    signature: WalletSignature | ContractAccountSignature
    """Of the message, by ``personal_sign``; of a contract account, what its chain is asked about."""

    def signature_bytes(self) -> bytes:
        """Return the signature."""
        return signature_bytes(self.signature)


class PasskeyChallengeAnswer(AnswerModel):
    """What a passkey signs."""

    nonce: str
    """Names the challenge; to be sent back."""
    digest: PrefixedHex
    """The challenge for ``navigator.credentials.get``; docs/login.md says how it follows from the nonce."""
    relying_party: RelyingPartyAnswer | None
    """Where passkeys sign; null where the organisation takes none."""
    expires_at: str
    """Last moment to answer."""


class PasskeyLoginRequest(RequestModel):
    """The answer of a passkey."""

    nonce: NonceText
    """From the challenge."""
    member: MemberText
    """The user handle of the passkey: the pseudonym under which it was made."""
    assertion: PasskeySignature
    """What ``navigator.credentials.get`` answered."""

    def assertion_bytes(self) -> bytes:
        """Return the assertion as one text of bytes."""
        return signature_bytes(self.assertion)


class LinkRequest(RequestModel):
    """Who wants a link by mail."""

    email: Annotated[
        str, StringConstraints(pattern="^[^@\\s]+@[^@\\s]+$", max_length=MAX_ADDRESS_LENGTH)
    ]
    """The address that the member declared."""


class LinkAnswer(AnswerModel):
    """The same whether a member has the address or not."""

    valid_s: int
    """Seconds within which a link opens a session, in this browser."""


class LinkLoginRequest(RequestModel):
    """What a link carries after its number sign."""

    token: SaltHex
    """The token."""


class SessionAnswer(AnswerModel):
    """Who is logged in."""

    member: str
    """Pseudonym."""
    assurance: Literal["low", "substantial"]
    """``low`` after a link sent by mail, which opens no office; ``substantial`` after a key."""
    csrf_token: str
    """To be sent as ``X-CSRF-Token`` with every request that changes something."""


class OpenSessionAnswer(AnswerModel):
    """One session of the member who asks."""

    id: str
    """Names it, and opens nothing."""
    assurance: Literal["low", "substantial"]
    """How it was opened."""
    opened_at: InstantText
    """When it was opened."""
    used_at: InstantText
    """When it was last used, to the minute."""
    current: bool
    """Whether it is the one that asks."""


class OpenSessionsAnswer(AnswerModel):
    """Every session of the member who asks."""

    sessions: list[OpenSessionAnswer]
    """Oldest first."""
