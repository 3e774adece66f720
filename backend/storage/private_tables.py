"""Tables of what lies beside the ledger and concerns persons: it can be erased, never rebuilt."""

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlmodel import Field

from backend.domain.methods.choices import MAX_CHOICE_BYTES
from backend.storage.tables import Table


class MemberKeyRow(Table, table=True):
    """What opens a commitment to a key of a member, in force or revoked."""

    __tablename__ = "member_key"
    __table_args__ = (
        # One key is one member's, and comes once: whoever held a revoked one may have been robbed of it.
        Index(None, "organisation", "key", unique=True),
        Index(None, "organisation", "member"),
    )

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    commitment: str = Field(primary_key=True, max_length=64)
    """The commitment, hex."""
    member: str = Field(max_length=33)
    """Pseudonym."""
    key: bytes
    """Address of a wallet, 20 bytes, key of a passkey, or contract account."""
    salt: bytes
    """32 bytes."""


class PersonRow(Table, table=True):
    """The facts behind a pseudonym."""

    __tablename__ = "person"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    member: str = Field(primary_key=True, max_length=33)
    """Pseudonym."""
    facts: bytes
    """Declared facts, a JSON object of texts; sealed, see ``vault``."""
    salt: bytes
    """Salt of the commitment to the declaration, 32 bytes; sealed."""


class RepresentativeRow(Table, table=True):
    """The facts of the person who acts for an organisation."""

    __tablename__ = "representative"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    member: str = Field(primary_key=True, max_length=33)
    """Pseudonym of the organisation that is a member."""
    facts: bytes
    """Declared facts, a JSON object of texts; sealed under the organisation's key."""
    salt: bytes
    """Salt of the commitment to them, 32 bytes; sealed."""


class PersonKeyRow(Table, table=True):
    """The key under which the data of one person is sealed, wrapped under a master key."""

    __tablename__ = "person_key"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    member: str = Field(primary_key=True, max_length=33)
    """Pseudonym."""
    master: int = Field(index=True)
    """Number of the master key."""
    wrapped: bytes
    """The key, as ``vault.MasterKeys`` wraps it."""


class ConsentRow(Table, table=True):
    """One answer of a person to a request for consent; later answers follow, none is changed."""

    __tablename__ = "consent"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    member: str = Field(primary_key=True, max_length=33)
    """Pseudonym."""
    number: int = Field(primary_key=True)
    """Place among the person's answers, from 0."""
    answer: bytes
    """Purpose, version of its wording, answer and time, a JSON object; sealed."""


class ErasureRow(Table, table=True):
    """The mark of someone erased, by which a restored backup is cleared of them."""

    __tablename__ = "erasure"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    mark: bytes = Field(primary_key=True)
    """Keyed hash of the pseudonym, 32 bytes; the key lies apart from the database."""


class RollRow(Table, table=True):
    """The roll of a decision was drawn up; its lines are in ``roll_line``."""

    __tablename__ = "roll"

    organisation: str = Field(primary_key=True, foreign_key="ledger.slug", max_length=63)
    """The ledger."""
    decision: str = Field(primary_key=True, max_length=64)
    """Id of the decision, hex."""


class RollLineRow(Table, table=True):
    """One elector of one decision."""

    __tablename__ = "roll_line"
    __table_args__ = (
        ForeignKeyConstraint(["organisation", "decision"], ["roll.organisation", "roll.decision"]),
        # A ballot finds its voter by member, among as many as the organisation has.
        Index(None, "organisation", "decision", "member", unique=True),
    )

    organisation: str = Field(primary_key=True, max_length=63)
    """The ledger."""
    decision: str = Field(primary_key=True, max_length=64)
    """Id of the decision, hex."""
    voter: str = Field(primary_key=True, max_length=33)
    """Pseudonym for this decision."""
    member: str = Field(max_length=33)
    """The member."""
    salt: bytes
    """Salt of the elector's leaf, 32 bytes."""


class BallotChoiceRow(Table, table=True):
    """The opening of a ballot, secret until the close."""

    __tablename__ = "ballot_choice"
    __table_args__ = (
        ForeignKeyConstraint(["organisation", "index"], ["entry.organisation", "entry.index"]),
    )

    organisation: str = Field(primary_key=True, max_length=63)
    """The ledger."""
    index: int = Field(primary_key=True, sa_type=BigInteger)
    """Entry of the ballot."""
    choice: str = Field(max_length=MAX_CHOICE_BYTES)
    """The choice."""
    salt: bytes
    """Salt of its commitment, 32 bytes."""


class SignatureRow(Table, table=True):
    """The opening of one signature of an entry."""

    __tablename__ = "detached_signature"
    __table_args__ = (
        ForeignKeyConstraint(["organisation", "index"], ["entry.organisation", "entry.index"]),
    )

    organisation: str = Field(primary_key=True, max_length=63)
    """The ledger."""
    index: int = Field(primary_key=True, sa_type=BigInteger)
    """The entry."""
    position: int = Field(primary_key=True)
    """Place among the entry's signatures, from 0."""
    key: bytes
    """Who signed: address of a wallet, 20 bytes, key of a passkey, or contract account."""
    signature: bytes
    """65 bytes of a wallet, the bytes of an assertion, or the record of a contract account's signature."""
    salt: bytes
    """Salt of the commitment, 32 bytes."""
