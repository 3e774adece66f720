"""Logging in: who may, for how long, and how long someone waits who failed too often.

L1 members and applicants may log in, suspended ones too: they have to be able to defend themselves. L2 who
left may for 30 days, to take their data along; nobody logs in as someone who died. L3 what is asked is
answered within 5 minutes, a link sent by mail within 15. L4 five failures are free; each further one doubles
the wait, from 30 seconds to at most an hour; a day without failure forgets them.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

from backend.domain.acts import Slug
from backend.domain.facts import Member
from backend.domain.messages import Language

ChallengeKind = Literal["wallet", "passkey", "link"]
"""What answers a challenge: a wallet, a passkey, or whoever opens a link sent by mail."""

LIFETIMES: Final[Mapping[ChallengeKind, timedelta]] = {
    "wallet": timedelta(minutes=5),
    "passkey": timedelta(minutes=5),
    "link": timedelta(minutes=15),
}
"""Time to answer a challenge (L3): mail may be slow."""

FAREWELL: Final = timedelta(days=30)
"""Time after leaving during which one may still log in (L2)."""

FREE_FAILURES: Final = 5
"""Failures that cost nothing (L4)."""

FIRST_WAIT: Final = timedelta(seconds=30)
"""Wait after the first failure that costs something (L4)."""

LONGEST_WAIT: Final = timedelta(hours=1)
"""Longest wait (L4)."""

FAILURES_KEPT: Final = timedelta(days=1)
"""Time without failure after which earlier ones are forgotten (L4)."""

_DOUBLINGS: Final = 7
_TAG: Final = b"psephos/login/1"

STATEMENTS: Final[Mapping[Language, str]] = {
    "fr": "Ouvrir une session chez {slug}. Cette signature ne vote pas et n'engage rien d'autre.",
    "en": "Log in to {slug}. This signature casts no vote and commits you to nothing else.",
}
"""What a wallet shows, by language, in the characters that EIP-4361 allows: no accents, no double quotes."""


def may_log_in(member: Member, *, since: datetime, now: datetime) -> bool:
    """Tell whether someone may log in (L1, L2).

    Args:
        member: Who.
        since: When they took their present status, UTC.
        now: The time, UTC.
    """
    if member.status in ("applied", "active"):
        return True
    return member.lost_by != "death" and now - since <= FAREWELL


def wait_after(failures: int) -> timedelta:
    """Return how long to wait after a number of failures in a row (L4)."""
    surplus = failures - FREE_FAILURES
    if surplus <= 0:
        return timedelta(0)
    return min(FIRST_WAIT * (1 << min(surplus - 1, _DOUBLINGS)), LONGEST_WAIT)


def passkey_challenge(origin: str, nonce: str) -> bytes:
    """Return what a passkey signs to log in, 32 bytes.

    It is a hash of its own kind, so that a server cannot pass the digest of an act for it: whoever made the
    page that signs computes it from the nonce.

    Args:
        origin: Origin of the ledger.
        nonce: From the server.
    """
    content = b"\0".join((_TAG, origin.encode(), nonce.encode()))
    return hashlib.sha256(content).digest()


def statement_of(slug: Slug, language: Language) -> str:
    """Return what a wallet shows its owner."""
    return STATEMENTS[language].format(slug=slug)
