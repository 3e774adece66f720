"""Tables of foundings that are being prepared; no row outlives its draft."""

from sqlalchemy import BigInteger, ForeignKeyConstraint
from sqlmodel import Field

from backend.storage.tables import Table


class FoundingDraftRow(Table, table=True):
    """What some founders are asked to adopt."""

    __tablename__ = "founding_draft"

    organisation: str = Field(primary_key=True, max_length=63)
    """The organisation to be founded; one draft at a time."""
    draft: str = Field(unique=True, max_length=32)
    """Random id of the draft, hex."""
    content: str
    """What they adopt, a JSON object; nobody is named in it."""
    expires_at: str = Field(max_length=24)
    """When it ends by itself, an instant."""
    issued_at: int | None = Field(default=None, sa_type=BigInteger)
    """Time of signature that stands in what they sign, seconds since the epoch; None before the signing."""


class FounderRow(Table, table=True):
    """Someone who is invited to found."""

    __tablename__ = "founder"
    __table_args__ = (ForeignKeyConstraint(["organisation"], ["founding_draft.organisation"]),)

    organisation: str = Field(primary_key=True, max_length=63)
    """The organisation to be founded."""
    place: int = Field(primary_key=True)
    """Place among the founders, from 0."""
    invitation: str = Field(max_length=33)
    """Random id to which the letter with the link goes: ``f`` and 32 hexadecimal digits."""
    token_hash: str = Field(max_length=64)
    """SHA-256 of the token of the link, hex."""
    label: str
    """How whoever prepares the founding tells them apart, sealed."""
    member_class: str = Field(max_length=63)
    """Class in which they found."""
    email: str | None = Field(default=None)
    """Where the link is sent, sealed; None where it is passed on otherwise."""
    application: str | None = Field(default=None)
    """What they handed in, a sealed JSON object; None before."""
    signature: bytes | None = Field(default=None)
    """Their signature; None before."""
