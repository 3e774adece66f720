"""Sessions: who is logged in, and how surely we know it. What is signed as an act needs none."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from backend.domain.acts import MemberId, Slug

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

    def close_all(self, slug: Slug, member: MemberId) -> None:
        """End every session of a member."""
        ...
