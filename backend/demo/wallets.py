"""What members of the demonstration keep: keys, pseudonyms and salts, all derived from one random seed.

Deriving them makes a run repeatable: after an interruption the same members sign the same acts again.
Real members draw these values at random, each on their own device.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from eth_account import Account
from eth_account.messages import encode_defunct

from backend.demo.model import ModelMember
from backend.demo.passkeys import Authenticator
from backend.domain.acts import MemberClass, MemberId, RelyingParty
from backend.domain.signing import TypedData, sign, typed_data_digest
from backend.services.members import Application

SEED_BYTES = 32
"""Length of a seed, in bytes."""

HOST = "demonstration.example"
"""Host of the demonstration: reserved for examples (RFC 2606), so nobody's."""

RELYING_PARTY = RelyingParty(HOST, (f"https://{HOST}",))
"""Where its passkeys sign."""

Signature = str | dict[str, str]
"""A signature as the API takes it: of a wallet 65 bytes as 0x and hex, of a passkey its assertion."""


@dataclass(frozen=True)
class Wallet:
    """What a member's own software keeps."""

    seed: bytes
    """Seed of the demonstration, 32 bytes."""
    label: str
    """What tells this wallet from the others of the seed."""
    member_class: MemberClass
    """Class, as the rulebook names it."""
    facts: Mapping[str, str]
    """Facts declared on joining."""
    device: Literal["wallet", "passkey"] = "wallet"
    """What signs."""

    @property
    def name(self) -> str:
        """Name, for the account of the demonstration."""
        return self.facts["name"]

    @cached_property
    def member(self) -> MemberId:
        """Pseudonym."""
        return f"m{self.secret('member').hex()[:32]}"

    @cached_property
    def key(self) -> bytes:
        """The signing key: address of a wallet, 20 bytes, or key of a passkey."""
        if self.device == "passkey":
            return self._authenticator.key
        return bytes.fromhex(Account.from_key(self.secret("key")).address[2:])

    @cached_property
    def application(self) -> Application:
        """What is handed in to join."""
        return Application(
            member=self.member,
            member_class=self.member_class,
            key=self.key,
            key_salt=self.secret("key-salt"),
            facts=self.facts,
            facts_salt=self.secret("facts-salt"),
            consents={"membership": 1},
        )

    def secret(self, *purpose: str) -> bytes:
        """Return 32 bytes that only this wallet knows.

        Args:
            purpose: What they are for; another purpose gives other bytes.
        """
        return hmac.digest(self.seed, "\x1f".join((self.label, *purpose)).encode(), hashlib.sha256)

    def sign(self, typed_data: TypedData) -> Signature:
        """Sign typed data."""
        if self.device == "passkey":
            return self.answer(typed_data_digest(typed_data))
        return f"0x{sign(typed_data, private_key=self.secret('key')).hex()}"

    def sign_text(self, text: str) -> str:
        """Sign a text with the wallet, as ``personal_sign`` does; returns 65 bytes as 0x and hex."""
        signed = Account.sign_message(encode_defunct(text=text), self.secret("key"))
        return f"0x{signed.signature.hex()}"

    def answer(self, digest: bytes) -> dict[str, str]:
        """Answer a challenge of 32 bytes with the passkey."""
        assertion = self._authenticator.answer(digest, RELYING_PARTY)
        return {
            "type": "webauthn",
            "authenticatorData": f"0x{assertion.authenticator_data.hex()}",
            "clientDataJSON": f"0x{assertion.client_data.hex()}",
            "signature": f"0x{assertion.signature.hex()}",
        }

    @cached_property
    def _authenticator(self) -> Authenticator:
        return Authenticator(self.secret("key"))


def wallet_of(seed: bytes, member: ModelMember, *, label: str) -> Wallet:
    """Return what an invented member keeps: every other natural person has a passkey, the others a wallet.

    Args:
        seed: Seed of the demonstration, 32 bytes.
        member: Who it is.
        label: A number, unique among the members of the seed.
    """
    facts = {"email": f"membre-{label}@membres.example", **member.facts}
    device: Literal["wallet", "passkey"] = (
        "passkey" if int(label) % 2 and "born" in facts else "wallet"
    )
    return Wallet(seed, label, member.member_class, facts, device)
