"""Rules on sessions: what kinds of assembly there are, when, who calls them, how, and with how many."""

from typing import Annotated, Literal

from msgspec import Meta

from backend.domain.acts import Channel, MotionKind, NoticeChannel, SessionRound, Slug, Title
from backend.domain.deadlines import Duration
from backend.domain.rulebook.rule import (
    Motions,
    Party,
    Rule,
    SeatParty,
    Sessions,
    Threshold,
    crossed,
)


class Session(Rule, frozen=True, kw_only=True, tag="session"):
    """A kind of session exists, of all members or of a body."""

    session: Slug
    """Its id: ``annual``, ``extraordinary``, ``permanent``, ``council``."""
    title: Title
    """What the statutes call it."""
    form: Literal["ordinary", "extraordinary", "permanent", "meeting"]
    """Ordinary and extraordinary assemblies, the permanent process between them, meetings of a body."""
    body: Slug | None = None
    """The body that meets; None where all members with a vote do."""
    level: Slug | None = None
    """The territorial level at which it meets, each time for one place; None for the whole organisation."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return (self.session,)


class _OfSessions(Rule, frozen=True, kw_only=True):
    """Root of rules about sessions."""

    sessions: Sessions = ()
    """The sessions; empty for all."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return self.sessions or ("*",)


class Periodicity(_OfSessions, frozen=True, kw_only=True, tag="periodicity"):
    """How often a session must be held, and in which months."""

    every_years: Annotated[int, Meta(ge=1, le=100)]
    """At least once in so many calendar years."""
    first_month: Annotated[int, Meta(ge=1, le=12)] = 1
    """First month in which it may be held."""
    last_month: Annotated[int, Meta(ge=1, le=12)] = 12
    """Last such month."""


class AgendaDuty(_OfSessions, frozen=True, kw_only=True, tag="agenda_duty"):
    """What each ordinary holding of a session must have on its agenda."""

    motions: Annotated[tuple[MotionKind, ...], Meta(min_length=1, max_length=20)]
    """Kinds of motion, of each at least one."""


class Convocation(_OfSessions, frozen=True, kw_only=True, tag="convocation"):
    """Who calls a session."""

    by: Annotated[tuple[Party, ...], Meta(min_length=1, max_length=10)]
    """Each of these may; a share of a group calls by supporting a draft."""


class OnRequest(_OfSessions, frozen=True, kw_only=True, tag="on_request"):
    """Who may demand that a session be called, so that the convener has to."""

    threshold: Threshold
    """Share of the members who have a vote and support the draft."""
    within_days: Annotated[int, Meta(ge=1, le=366)]
    """Days after the demand in which it must be called."""


class Notice(_OfSessions, frozen=True, kw_only=True, tag="notice"):
    """How long before, and how, those who may attend are told."""

    days: Annotated[int, Meta(ge=0, le=366)]
    """Days between the day of notice and the day of the session, at least."""
    channels: Annotated[tuple[NoticeChannel, ...], Meta(min_length=1)]
    """How notice may be given."""
    proven: bool = True
    """Whether the organisation records, for each of them, when and how it was given."""


class AgendaBinding(_OfSessions, frozen=True, kw_only=True, tag="agenda_binding"):
    """Only what stands on the agenda may be decided (``must``)."""


class Channels(_OfSessions, frozen=True, kw_only=True, tag="channels"):
    """Where votes may be cast."""

    channels: Annotated[tuple[Channel, ...], Meta(min_length=1)]
    """Permitted channels."""


class Competence(Rule, frozen=True, kw_only=True, tag="competence"):
    """Kinds of motion that these sessions, and no others, decide."""

    sessions: Annotated[tuple[Slug, ...], Meta(min_length=1, max_length=20)]
    """The sessions."""
    motions: Annotated[tuple[MotionKind, ...], Meta(min_length=1, max_length=20)]
    """The kinds."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return tuple(self.motions)


class Quorum(Rule, frozen=True, kw_only=True, tag="quorum"):
    """Share of those entitled that must take part for a decision to be valid; 0 where none need."""

    sessions: Sessions = ()
    """Sessions; empty for all."""
    motions: Motions = ()
    """Kinds of motion; empty for all."""
    round: SessionRound | None = None
    """First or second convocation; None for both."""
    threshold: Threshold
    """Least share."""
    base: Literal["voters", "present", "present_or_represented"]
    """Who counts as taking part: those who voted; those there; those there and those they stand for."""

    def subjects(self) -> tuple[str, ...]:
        """See ``Rule.subjects``."""
        return crossed(self.sessions, self.motions, f"/{self.round or '*'}")


class SecondConvocation(_OfSessions, frozen=True, kw_only=True, tag="second_convocation"):
    """A session that was not quorate may be called again."""

    notice_days: Annotated[int, Meta(ge=0, le=366)]
    """Days between the day of the second notice and the day of the session, at least."""
    within: Duration
    """Longest time from the day of the first session to that of the second."""


class Proxies(_OfSessions, frozen=True, kw_only=True, tag="proxies"):
    """A member may be represented (``may``) or not (``must_not``)."""

    cap: Annotated[int, Meta(ge=0, le=1000)] | None = None
    """How many one holder may hold; None for no bound."""
    holder: Literal["voter", "member"] = "voter"
    """Who may hold one: someone with a vote in the session, or any member."""
    revocable_until: Literal["opening", "closing"] = "closing"
    """Until when it may be taken back."""
    principal_overrides: bool = True
    """Whether the represented member's own ballot replaces the holder's."""


class Adjournment(_OfSessions, frozen=True, kw_only=True, tag="adjournment"):
    """A session may be put off with its agenda, its rules and its electorates (``may``) or not."""

    within: Duration
    """Longest time from the day fixed to the new one."""


class Minutes(_OfSessions, frozen=True, kw_only=True, tag="minutes"):
    """Minutes are kept."""

    by: Annotated[tuple[SeatParty, ...], Meta(min_length=1, max_length=5)]
    """Seats whose holders sign them."""
    within_days: Annotated[int, Meta(ge=0, le=366)]
    """Days after the close in which they are due."""
