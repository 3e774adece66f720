"""Letters to members, and how electors were told."""

from typing import Annotated, Literal

from pydantic import Field

from backend.api.schemas.fields import AnswerModel, InstantText, MemberText, RequestModel
from backend.domain.acts import NoticeChannel
from backend.services.letters import LetterState


class LetterAnswer(AnswerModel):
    """A letter, without its words and its reader's address."""

    id: str
    """Its id."""
    message_id: str
    """Its Message-ID."""
    member: str
    """To whom: a pseudonym."""
    template: str
    """Which text."""
    about: str
    """What it is about: an assembly, a proceeding; empty for none."""
    entry: int | None
    """The entry it follows from; null where somebody asked for it."""
    state: LetterState
    """``queued``, ``failed`` (waiting to be tried again), ``sent``, ``given_up``, ``no_address`` or
    ``unsubscribed``."""
    attempts: int
    """How often it was handed on."""
    queued_at: str
    """When it was written."""
    next_at: str | None
    """When it is handed on next; null once it is over."""
    sent_at: str | None
    """When the mail server, or the folder, took it over; null before."""
    channel: str | None
    """How the member was told: ``email``, or ``platform`` where letters only lie in the folder."""
    answer: str
    """What the mail server answered, addresses cut out."""


class LetterWordsAnswer(LetterAnswer):
    """A letter with its words; what opens something is left out."""

    subject: str
    """Its subject."""
    text: str
    """Its text."""


class NewsFields(RequestModel):
    """Whether a member wants news."""

    news: Literal["wanted", "refused"]
    """``wanted`` or ``refused``; letters that concern rights come in any case."""


class NewsAnswer(AnswerModel):
    """Whether a member wants news."""

    news: Literal["wanted", "refused"]
    """``wanted`` or ``refused``."""


class ToldFields(RequestModel):
    """An elector was told."""

    member: MemberText
    """Who."""
    channel: Literal["post", "text_message", "platform", "by_hand"]
    """How; of e-mail only our own letters tell."""
    sent_at: InstantText
    """When."""


class ToldRequest(RequestModel):
    """How an officer told electors."""

    notices: Annotated[list[ToldFields], Field(min_length=1, max_length=10_000)]
    """One for each elector told."""


class NoticeAnswer(AnswerModel):
    """An elector was told."""

    member: str
    """Pseudonym."""
    channel: NoticeChannel
    """How."""
    sent_at: str
    """When."""


class UnreachedAnswer(AnswerModel):
    """An elector whom nothing told that the statutes permit."""

    member: str
    """Pseudonym."""
    letter: str
    """State of our letter; ``none`` where there is none yet."""


class NoticesDraftAnswer(AnswerModel):
    """What an officer may sign as the record of notices."""

    assembly: str
    """The assembly."""
    channels: list[NoticeChannel]
    """How the statutes let electors be told."""
    notices: list[NoticeAnswer]
    """Who was told, when and how, by member."""
    unreached: list[UnreachedAnswer]
    """Electors who were not, by member."""
    late: list[str]
    """Electors who were told too late, by member."""
    document: str | None
    """The ``psephos-notices/1`` document for ``notice.recorded``; null until every elector was told."""
    cid: str | None
    """Its CID."""
