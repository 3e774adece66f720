"""What is kept of a founding that is prepared, and where."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec

from backend.domain.acts import MemberId, Slug
from backend.domain.authorship import MAX_STATEMENT_AGE_S
from backend.domain.instants import Instant
from backend.services.members import Application
from backend.services.posting import Recipient


class PlannedMandate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A seat that the founding fills, its holder named by their place."""

    mandate: Slug
    """Id of the mandate."""
    body: Slug
    """The body."""
    seat: Slug
    """The kind of seat."""
    founder: int
    """Place of the holder among the founders, from 0."""


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the founders are asked to adopt; it names nobody."""

    slug: Slug
    """Name of the organisation in addresses."""
    name: str
    """Its name."""
    language: str
    """Language of the statutes, ISO 639-1."""
    text: str
    """Text of the statutes."""
    rulebook: str
    """Rulebook, canonical JSON."""
    mandates: tuple[PlannedMandate, ...]
    """Seats that the founders fill."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Someone who is invited to found."""

    label: str
    """How whoever prepares the founding tells them apart."""
    member_class: str
    """Class in which they found."""
    email: str | None
    """Where the link is sent; None where it is passed on otherwise."""


@dataclass(frozen=True, slots=True)
class Founder:
    """An invited founder, and how far they are."""

    invited: Invited
    """As invited."""
    invitation: MemberId
    """Random id to which the letter with the link goes."""
    token_hash: str
    """SHA-256 of the token of the link, hex."""
    application: Application | None = None
    """What they handed in; None before."""
    signature: bytes | None = None
    """Their signature; None before."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A founding that is being prepared."""

    id: str
    """Random id, 32 hexadecimal digits."""
    plan: Plan
    """What is adopted."""
    expires_at: Instant
    """When it ends by itself."""
    founders: tuple[Founder, ...]
    """Founders, in the order of their signatures."""
    issued_at: int | None = None
    """Time of signature that all sign, seconds since the epoch; None before the signing is opened."""

    def signing_open(self, now: datetime) -> bool:
        """Tell whether what is signed now still reaches the ledger in time."""
        return (
            self.issued_at is not None and now.timestamp() <= self.issued_at + MAX_STATEMENT_AGE_S
        )


class Drafts(Protocol):
    """Drafts of foundings. Every change is one transaction, durable when the call returns."""

    def keep(self, draft: Draft, *, now: datetime) -> None:
        """Keep a new draft.

        Raises:
            ConflictError: ``founding.drafted``: another draft of the same organisation is not over.
        """
        ...

    def one(self, draft: str, *, now: datetime) -> Draft:
        """Return a draft.

        Raises:
            NotFoundError: ``founding_draft``: there is none with this id, or it is over.
        """
        ...

    def keep_application(self, draft: str, place: int, application: Application) -> None:
        """Keep what a founder handed in.

        Raises:
            ConflictError: ``founding.enrolled``: they handed in something else before.
        """
        ...

    def open_signing(self, draft: str, *, before: int | None, issued_at: int) -> None:
        """Open the signing, without the signatures of an earlier one, unless it is not ``before`` any more.

        Args:
            draft: The draft.
            before: ``Draft.issued_at`` as the caller saw it.
            issued_at: The new one.
        """
        ...

    def keep_signature(self, draft: str, place: int, signature: bytes, *, issued_at: int) -> Draft:
        """Keep a signature and return the draft right after it.

        Raises:
            ConflictError: ``founding.signing_over``: the signing was opened again meanwhile.
            NotFoundError: ``founding_draft``: it is over.
        """
        ...

    def destroy(self, draft: str) -> None:
        """Destroy a draft, the letters to its founders with it; harmless to repeat."""
        ...

    def expired(self, now: datetime) -> tuple[str, ...]:
        """Return drafts whose time is over."""
        ...

    def recipient(self, slug: Slug, invitation: MemberId) -> Recipient | None:
        """Return whom an invitation goes to; None where there is none."""
        ...
