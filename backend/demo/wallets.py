"""Wallets of the demonstration: keys, pseudonyms and salts, all derived from one random seed.

Deriving them makes a run repeatable: after an interruption the same members sign the same acts again.
Real members draw these values at random, each on their own device.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from eth_account import Account

from backend.demo.model import ModelMember
from backend.domain.acts import MemberClass, MemberId
from backend.domain.signing import TypedData, sign
from backend.services.members import Application

SEED_BYTES = 32
"""Length of a seed, in bytes."""


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

    @property
    def name(self) -> str:
        """Name, for the account of the demonstration."""
        return self.facts["name"]

    @cached_property
    def member(self) -> MemberId:
        """Pseudonym."""
        return f"m{self.secret('member').hex()[:32]}"

    @cached_property
    def address(self) -> bytes:
        """Address of the signing key, 20 bytes."""
        return bytes.fromhex(Account.from_key(self.secret("key")).address[2:])

    @cached_property
    def application(self) -> Application:
        """What is handed in to join."""
        return Application(
            member=self.member,
            member_class=self.member_class,
            key=self.address,
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

    def sign(self, typed_data: TypedData) -> str:
        """Sign typed data; returns 65 bytes as 0x and hex."""
        return f"0x{sign(typed_data, private_key=self.secret('key')).hex()}"


def wallet_of(seed: bytes, member: ModelMember, *, label: str) -> Wallet:
    """Return the wallet of an invented member.

    Args:
        seed: Seed of the demonstration, 32 bytes.
        member: Who it is.
        label: Unique among the wallets of the seed.
    """
    return Wallet(seed, label, member.member_class, member.facts)
