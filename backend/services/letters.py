"""The outbox of letters as its keepers and the postman see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from backend.domain.acts import MemberId, NoticeChannel, Slug
from backend.domain.announcements import Announcement
from backend.domain.assemblies.notices import Notice
from backend.domain.instants import Instant

LetterState = Literal["queued", "failed", "sent", "given_up", "no_address", "unsubscribed"]
"""Waiting; waiting after a failure; accepted; refused for ever or too often; no address; not wanted."""

STATES: tuple[LetterState, ...] = (
    "queued",
    "failed",
    "sent",
    "given_up",
    "no_address",
    "unsubscribed",
)
"""Every state."""

Ending = Literal["given_up", "no_address", "unsubscribed"]
"""States in which a letter ends without being sent."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that its postman holds."""

    organisation: Slug
    """The organisation."""
    id: str
    """Its id."""
    member: MemberId
    """To whom."""
    template: str
    """Name of its text."""
    values: Mapping[str, str]
    """What fills it; what opens something, in clear."""
    attempts: int
    """Which attempt this is, from 1."""
    queued_at: Instant
    """When it was written."""


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter as it is shown: nothing in it opens anything."""

    id: str
    """Its id."""
    member: MemberId
    """To whom."""
    template: str
    """Name of its text."""
    values: Mapping[str, str]
    """What fills it, wiped."""
    entry: int | None
    """The entry it follows from, None where somebody asked for it."""
    about: str
    """What it is about."""
    state: LetterState
    """Where it stands."""
    attempts: int
    """How often it was handed on."""
    queued_at: Instant
    """When it was written."""
    next_at: Instant | None
    """When it is handed on next; None once it is over."""
    sent_at: Instant | None
    """When it was accepted."""
    channel: NoticeChannel | None
    """How the member was told."""
    answer: str
    """What the other side said last."""

    @property
    def cursor(self) -> str:
        """What continues a list after it."""
        return f"{self.queued_at}{self.id}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which letters somebody wants to see."""

    member: MemberId | None = None
    """Only of this member."""
    state: LetterState | None = None
    """Only in this state."""
    after: str = ""
    """Only after the one with this cursor."""
    limit: int = 100
    """At most so many, 1 to ``MAX_PAGE``."""


class Letters(Protocol):
    """The outbox. Every change is durable when the call returns."""

    def announced(self, slug: Slug) -> int:
        """Return how many entries of a ledger were turned into letters."""
        ...

    def announce(
        self,
        slug: Slug,
        announcements: Sequence[tuple[int, Announcement]],
        *,
        start: int,
        end: int,
        now: datetime,
    ) -> None:
        """Queue what the entries from ``start`` to before ``end`` give rise to, all or none of it, once.

        Nothing happens where others turned some of these entries into letters meanwhile.

        Args:
            slug: The ledger.
            announcements: Each with the index of its entry.
            start: What ``announced`` returned.
            end: How many entries are turned into letters after it.
            now: The time, UTC.
        """
        ...

    def claim(self, *, now: datetime, until: datetime, limit: int) -> tuple[Letter, ...]:
        """Take letters that are due; nobody else gets them before ``until``.

        Each counts an attempt: a postman who stops before telling what became of it loses that one only.
        Letters that somebody waits for come first, then legal ones, then news; older ones first.
        """
        ...

    def release(self, letters: Sequence[Letter], *, at: datetime) -> None:
        """Put letters back that were not handed on; they are due again at a time, and it is no attempt."""
        ...

    def sent(self, letter: Letter, *, now: datetime, channel: NoticeChannel, answer: str) -> bool:
        """Note that a letter was accepted, and wipe what opens something.

        Returns:
            Whether it is still known: it may have been destroyed while it was handed on.
        """
        ...

    def failed(self, letter: Letter, *, again_at: datetime, answer: str) -> None:
        """Note that a letter could not be handed on and when it is tried again."""
        ...

    def ended(self, letters: Sequence[Letter], state: Ending, *, answer: str = "") -> None:
        """Note in one transaction that letters will never be sent, and wipe what opens something."""
        ...

    def page(self, slug: Slug, asked: Asked) -> tuple[LetterView, ...]:
        """Return letters, oldest first."""
        ...

    def one(self, slug: Slug, letter: str) -> LetterView:
        """Return one letter.

        Raises:
            NotFoundError: ``letter``: there is none with this id.
        """
        ...

    def about(self, slug: Slug, about: str, templates: Sequence[str]) -> tuple[LetterView, ...]:
        """Return every letter of some templates about one thing, by member."""
        ...

    def unsubscribed(self, slug: Slug, member: MemberId) -> bool:
        """Tell whether a member unsubscribed from news."""
        ...

    def set_news(
        self, slug: Slug, member: MemberId, wanted: Literal["wanted", "refused"], *, now: datetime
    ) -> None:
        """Note that a member unsubscribes from news, or takes it back; harmless to repeat."""
        ...

    def note_told(
        self, slug: Slug, assembly: Slug, notices: Sequence[Notice], *, by: MemberId, now: datetime
    ) -> None:
        """Note how an officer told electors of a session; what was noted before of the same is replaced."""
        ...

    def told(self, slug: Slug, assembly: Slug) -> tuple[Notice, ...]:
        """Return what officers noted, by member."""
        ...

    def forget(self, slug: Slug, member: MemberId) -> tuple[str, ...]:
        """Destroy everything about a member, and return the ids of the letters there were."""
        ...
