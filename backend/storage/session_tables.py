"""Tables of who is logged in."""

from sqlmodel import Field

from backend.storage.tables import Table


class SessionRow(Table, table=True):
    """Somebody logged in."""

    __tablename__ = "session"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The organisation."""
    token_hash: str = Field(primary_key=True, max_length=64)
    """SHA-256 of the token, hex."""
    member: str = Field(max_length=33, index=True)
    """Pseudonym."""
    assurance: str = Field(max_length=16)
    """``low`` or ``substantial``."""
    opened_at: str = Field(max_length=24)
    """When, an instant."""
    used_at: str = Field(max_length=24)
    """When the token was last shown, an instant."""
