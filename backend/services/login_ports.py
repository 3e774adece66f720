"""What logging in needs from storage; each docstring is the contract of the port."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from backend.domain.acts import MemberId, Slug
from backend.domain.instants import Instant
from backend.domain.login import ChallengeKind
from backend.domain.sources import KeyOpening
from backend.services.login_addresses import LoginAddresses
from backend.services.ports import Ports
from backend.services.post import Post
from backend.services.sessions import Sessions
from backend.services.views import Reads

MAX_OUTSTANDING: Final = 10_000
"""Most challenges of one organisation that wait for an answer; beyond it the oldest are forgotten."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """Something asked once, of one browser."""

    organisation: Slug
    """The organisation."""
    kind: ChallengeKind
    """What answers it."""
    id: str
    """The nonce, or the SHA-256 of a link's token; hex."""
    browser: str
    """SHA-256 of the cookie of the browser that asked, hex."""
    subject: str
    """Whom it is for: address of a wallet, pseudonym of a link's member, empty for a passkey."""
    text: str
    """What is to be signed, where it is a text."""
    expires_at: Instant
    """Last moment to answer it."""


class Challenges(Protocol):
    """What was asked and not answered yet."""

    def put(self, challenge: Challenge, *, now: datetime) -> None:
        """Keep a challenge; forgets those that expired, and the oldest beyond ``MAX_OUTSTANDING``."""
        ...

    def take(
        self, slug: Slug, kind: ChallengeKind, *, challenge: str, browser: str, now: datetime
    ) -> Challenge | None:
        """Return a challenge and forget it: of two who take it, one gets it.

        Args:
            slug: The organisation.
            kind: What answers it.
            challenge: Its id.
            browser: SHA-256 of the cookie of the browser that answers, hex.
            now: The time, UTC.

        Returns:
            None where there is none, it expired, or another browser asked; in the last case it stays.
        """
        ...


class HeldKeys(Protocol):
    """The keys of members, beside the ledger."""

    def holder(self, slug: Slug, key: bytes) -> tuple[MemberId, KeyOpening] | None:
        """Return whose key it is and what opens its commitment, None where nobody's."""
        ...

    def held_by(self, slug: Slug, member: MemberId) -> tuple[KeyOpening, ...]:
        """Return what opens the key commitments of a member; none for who is unknown."""
        ...


class SignCounters(Protocol):
    """Signature counters of passkeys, where they count."""

    def advance(self, slug: Slug, member: MemberId, key: bytes, count: int) -> bool:
        """Keep a counter and tell whether it may be believed.

        Source: Web Authentication Level 3, section 7.2, step 22: where either counter is not 0, the new one
        must be greater.

        Args:
            slug: The organisation.
            member: Whose passkey it is.
            key: The passkey's key.
            count: From the authenticator data, 0 to 2**32 - 1.
        """
        ...


class Lockouts(Protocol):
    """Who failed, and until when they wait."""

    def locked_until(self, slug: Slug, subject: str, *, now: datetime) -> datetime | None:
        """Return until when a subject waits, None if it does not."""
        ...

    def fail(
        self, slug: Slug, subject: str, wait: Callable[[int], timedelta], *, now: datetime
    ) -> None:
        """Count a failure of a subject; forgets those that are too old to count.

        Args:
            slug: The organisation.
            subject: 64 hexadecimal digits.
            wait: Gives the wait after a number of failures.
            now: The time, UTC.
        """
        ...

    def forget(self, slug: Slug, subject: str) -> None:
        """Forget the failures of a subject."""
        ...


class FailureWindow(Protocol):
    """How often anybody, from anywhere, lately failed under one name; kept in memory."""

    def check_failures(self, slug: Slug, identifier: str) -> None:
        """Refuse further attempts under a name while too many failed.

        Raises:
            TooSoonError: ``rate.limited``.
        """
        ...

    def count_failure(self, slug: Slug, identifier: str) -> None:
        """Count an attempt that failed."""
        ...


@dataclass(frozen=True, slots=True)
class LoginPlace:
    """Where members log in."""

    origin: str
    """Origin of the pages: scheme, host, and port unless it is the scheme's own."""
    origins: frozenset[str]
    """Every origin from which requests with a session's cookie are taken."""

    @property
    def secure(self) -> bool:
        """Whether the pages are served over TLS, so that cookies may demand it."""
        return self.origin.startswith("https://")

    @property
    def domain(self) -> str:
        """Authority of the pages."""
        return self.origin.partition("://")[2]


@dataclass(frozen=True, slots=True)
class Login:
    """Everything that logging in touches."""

    ports: Ports
    """Clock, randomness, and the key of hashes."""
    reads: Reads
    """The register."""
    sessions: Sessions
    """Who is logged in."""
    challenges: Challenges
    """What was asked."""
    keys: HeldKeys
    """Keys of members."""
    counters: SignCounters
    """Counters of passkeys."""
    lockouts: Lockouts
    """Who failed too often, by name and network."""
    window: FailureWindow
    """Who failed too often, by name alone."""
    addresses: LoginAddresses
    """Members by address."""
    post: Post
    """Mail to members."""
    place: LoginPlace
    """Where the pages are."""
