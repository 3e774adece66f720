"""Tables of letters to members: what waits, what left, and who was told by another way."""

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from backend.storage.tables import Table


class MailRow(Table, table=True):
    """One letter. Addresses and names are never here: they are looked up when it is sent."""

    __tablename__ = "mail"
    __table_args__ = (
        # What an entry gives rise to is written once, whoever reads the entry.
        UniqueConstraint("organisation", "entry", "member", "template"),
        Index(None, "state", "next_at"),
        Index(None, "organisation", "member"),
    )

    organisation: str = Field(primary_key=True, max_length=63)
    """The organisation, which may not be founded yet."""
    id: str = Field(primary_key=True, max_length=32)
    """Random id, hex; its Message-ID follows from it."""
    member: str = Field(max_length=33)
    """Pseudonym, or the id of someone who is invited to found."""
    template: str = Field(max_length=32)
    """Name of the text."""
    place: int
    """Whom it goes before: smaller ones leave first."""
    values: str
    """What fills the text, a JSON object of texts; what opens something is sealed, then wiped."""
    entry: int | None = Field(default=None, sa_type=BigInteger)
    """The entry it follows from, None where somebody asked for it."""
    about: str = Field(max_length=63)
    """What it is about: an assembly, a proceeding; empty for none."""
    state: str = Field(max_length=16)
    """See ``LetterState``."""
    attempts: int
    """How often it was handed on, or would have been."""
    queued_at: str = Field(max_length=24)
    """When it was written, an instant."""
    next_at: str = Field(max_length=24)
    """When it is handed on next, an instant; without meaning once it is over."""
    sent_at: str | None = Field(default=None, max_length=24)
    """When it was accepted, an instant."""
    channel: str | None = Field(default=None, max_length=16)
    """How the member was told."""
    answer: str = Field(max_length=200)
    """What the other side said last, without addresses."""


class MailCursorRow(Table, table=True):
    """How far the entries of a ledger were turned into letters."""

    __tablename__ = "mail_cursor"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    size: int = Field(sa_type=BigInteger)
    """Entries that were read."""


class NewsRefusalRow(Table, table=True):
    """A member wants no news."""

    __tablename__ = "news_refusal"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The organisation."""
    member: str = Field(primary_key=True, max_length=33)
    """Pseudonym."""
    since: str = Field(max_length=24)
    """From when on, an instant."""


class ManualNoticeRow(Table, table=True):
    """An officer told an elector of a session by another way than a letter of ours."""

    __tablename__ = "manual_notice"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The organisation."""
    assembly: str = Field(primary_key=True, max_length=63)
    """The session."""
    member: str = Field(primary_key=True, max_length=33)
    """Who was told."""
    channel: str = Field(max_length=16)
    """How."""
    sent_at: str = Field(max_length=24)
    """When, an instant."""
    by: str | None = Field(max_length=33)
    """The officer who says so, None once they are erased."""
    noted_at: str = Field(max_length=24)
    """When the officer said so, an instant."""
