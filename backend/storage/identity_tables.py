"""Tables of what identifies members, and of records that may be of one person."""

from sqlalchemy import Index
from sqlmodel import Field

from backend.storage.tables import Table


class IdentityHashRow(Table, table=True):
    """The keyed hash of one attribute of somebody."""

    __tablename__ = "identity_hash"
    __table_args__ = (Index(None, "organisation", "digest"),)

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The organisation."""
    member: str = Field(primary_key=True, max_length=33)
    """Pseudonym."""
    kind: str = Field(primary_key=True, max_length=24)
    """Kind of the attribute."""
    digest: bytes = Field(primary_key=True)
    """32 bytes."""


class DuplicateCandidateRow(Table, table=True):
    """Two records that may be of one person."""

    __tablename__ = "duplicate_candidate"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The organisation."""
    member: str = Field(primary_key=True, max_length=33)
    """Pseudonym of the newer record."""
    other: str = Field(primary_key=True, max_length=33)
    """Pseudonym of the earlier one."""
    reasons: str = Field(max_length=200)
    """What is alike, words joined by spaces."""
    edits: int
    """Typing errors between the names."""
    found_at: str = Field(max_length=24)
    """When, an instant."""
    verdict: str | None = Field(default=None, max_length=16)
    """``different`` or ``same``; None while nobody has decided."""
    decided_by: str | None = Field(default=None, max_length=33)
    """Pseudonym of who decided."""
    decided_at: str | None = Field(default=None, max_length=24)
    """When, an instant."""


class IdentityAttemptRow(Table, table=True):
    """Somebody on the way to a provider of electronic identities and back."""

    __tablename__ = "identity_attempt"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The organisation."""
    state: str = Field(primary_key=True, max_length=64, index=True)
    """SHA-256 of what the provider hands back, hex."""
    member: str = Field(max_length=33)
    """The application."""
    provider: str = Field(max_length=63)
    """Name of the provider."""
    browser: str = Field(max_length=64)
    """SHA-256 of what the browser keeps, hex."""
    nonce: str = Field(max_length=43)
    """What the provider puts in the token."""
    verifier: str = Field(max_length=43)
    """Secret of the code."""
    ends_at: str = Field(max_length=24, index=True)
    """When it is over, an instant."""


class IdentityCheckRow(Table, table=True):
    """What is kept of a check of electronic identity."""

    __tablename__ = "identity_check"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The organisation."""
    member: str = Field(primary_key=True, max_length=33)
    """Pseudonym."""
    provider: str = Field(primary_key=True, max_length=63)
    """Name of the provider."""
    assurance: str = Field(max_length=16)
    """``low``, ``substantial`` or ``high``."""
    agrees: bool
    """Whether it agreed with what was declared."""
    checked_at: str = Field(max_length=24)
    """When, an instant."""
