"""Sessions: who is logged in, and how surely we know it. What is signed as an act needs none."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from backend.domain.acts import MemberId, Slug
from backend.domain.instants import Instant

Assurance = Literal["low", "substantial"]
"""How someone logged in: with a link sent by mail (low), or with a key bound to them (substantial)."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody logged in to one organisation."""

    organisation: Slug
    """The organisation."""
    member: MemberId
    """Who."""
    assurance: Assurance
    """How surely."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One session, as its member may see it."""

    id: str
    """Tells it from the member's others; opens nothing. 16 hexadecimal digits."""
    assurance: Assurance
    """How surely its holder is the member."""
    opened_at: Instant
    """When it was opened."""
    used_at: Instant
    """When its token was last shown, to the minute."""


class Sessions(Protocol):
    """Sessions of a server. Only the hash of a token is stored."""

    def open(self, principal: Principal, *, now: datetime) -> str:
        """Open a session and return its token, URL-safe text of 256 random bits.

        Args:
            principal: Who logged in.
            now: The time, UTC.
        """
        ...

    def principal(self, slug: Slug, token: str, *, now: datetime) -> Principal | None:
        """Return who a token stands for; None where it is unknown, over, or another organisation's."""
        ...

    def close(self, slug: Slug, token: str) -> None:
        """End a session; harmless to repeat."""
        ...

    def id_of(self, token: str) -> str:
        """Return the id under which a token's session is listed."""
        ...

    def open_sessions(
        self, slug: Slug, member: MemberId, *, now: datetime
    ) -> tuple[OpenSession, ...]:
        """Return the sessions of a member that are not over, oldest first."""
        ...

    def close_one(self, slug: Slug, member: MemberId, session: str) -> None:
        """End the session of a member that has an id; harmless to repeat."""
        ...

    def close_others(self, slug: Slug, member: MemberId, token: str) -> None:
        """End every session of a member but the one of a token."""
        ...

    def close_all(self, slug: Slug, member: MemberId) -> None:
        """End every session of a member."""
        ...
