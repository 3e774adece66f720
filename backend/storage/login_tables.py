"""Tables of logging in: what was asked, who failed, and what finds a member; none of it is in the ledger."""

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from backend.storage.tables import Table


class LoginChallengeRow(Table, table=True):
    """Something asked of one browser and not answered yet; it is destroyed when it is answered."""

    __tablename__ = "login_challenge"
    # The oldest of an organisation are looked for with every new one.
    __table_args__ = (Index(None, "organisation", "expires_at"),)

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The organisation."""
    id: str = Field(primary_key=True, max_length=64)
    """The nonce, or the SHA-256 of a link's token; hex."""
    kind: str = Field(max_length=16)
    """``wallet``, ``passkey`` or ``link``."""
    browser: str = Field(max_length=64)
    """SHA-256 of the cookie of the browser that asked, hex."""
    subject: str = Field(max_length=80)
    """Address of a wallet, pseudonym of a link's member, or empty."""
    text: str
    """What is to be signed, or empty."""
    expires_at: str = Field(max_length=24)
    """Last moment to answer, an instant."""


class LoginFailureRow(Table, table=True):
    """Somebody failed to log in."""

    __tablename__ = "login_failure"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The organisation."""
    subject: str = Field(primary_key=True, max_length=64)
    """Keyed hash of who was tried from where, hex."""
    failures: int
    """How often in a row."""
    failed_at: str = Field(max_length=24, index=True)
    """When last, an instant."""
    locked_until: str = Field(max_length=24)
    """Until when they wait, an instant."""


class LoginAddressRow(Table, table=True):
    """What finds a member by their e-mail address."""

    __tablename__ = "login_address"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The organisation."""
    member: str = Field(primary_key=True, max_length=33)
    """Pseudonym."""
    address: bytes = Field(index=True)
    """Keyed hash of the address, 32 bytes."""


class PasskeyCounterRow(Table, table=True):
    """The signature counter of a passkey that has one."""

    __tablename__ = "passkey_counter"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The organisation."""
    member: str = Field(primary_key=True, max_length=33)
    """Pseudonym."""
    key_hash: str = Field(primary_key=True, max_length=64)
    """SHA-256 of the passkey's key, hex."""
    count: int = Field(sa_type=BigInteger)
    """The greatest counter that it showed."""
