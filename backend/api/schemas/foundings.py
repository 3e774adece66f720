"""Foundings that are being prepared."""

from typing import Annotated

from pydantic import Field, StringConstraints

from backend.api.schemas.fields import (
    AnswerModel,
    Id,
    JsonObject,
    LongText,
    RecordedAnswer,
    RequestModel,
    TitleText,
    Unsigned,
)
from backend.api.schemas.organisations import canonical_document
from backend.api.schemas.signatures import MemberSignature
from backend.domain.mail_addresses import MAX_ADDRESS_LENGTH
from backend.services.founding_drafts import Invited, Plan, PlannedMandate


class PlannedMandateFields(RequestModel):
    """A seat that the founding fills."""

    mandate: Id
    """Id of the mandate."""
    body: Id
    """The body."""
    seat: Id
    """The kind of seat."""
    founder: Annotated[int, Field(ge=0, lt=100)]
    """Place of the founder who takes it, from 0."""


class InvitedFields(RequestModel):
    """Someone who is invited to found."""

    label: TitleText
    """How you tell them apart; destroyed with the draft."""
    member_class: Id
    """Class in which they found."""
    email: Annotated[str, StringConstraints(max_length=MAX_ADDRESS_LENGTH)] | None = None
    """Where the link is sent; without it, pass the link on yourself. Destroyed with the draft."""


class PlanRequest(RequestModel):
    """What founders are asked to adopt, and who they are."""

    slug: Id
    """Name of the organisation in addresses, and the end of its ledger's origin."""
    name: TitleText
    """Name of the organisation."""
    language: Annotated[str, StringConstraints(pattern="^[a-z]{2}$")]
    """Language of the statutes, ISO 639-1."""
    statutes_text: LongText
    """Text of the statutes."""
    rulebook: JsonObject
    """Machine-readable side of the statutes, ``psephos-rulebook/1``; it names the text by its CID."""
    mandates: Annotated[list[PlannedMandateFields], Field(max_length=200, default_factory=list)]
    """Seats of bodies that the statutes let the founders fill."""
    founders: Annotated[list[InvitedFields], Field(min_length=1, max_length=100)]
    """Founders, in the order of their signatures; the first one is the author."""

    def plan(self) -> Plan:
        """Return what the services understand.

        Raises:
            MalformedError: The rulebook has no canonical form.
        """
        return Plan(
            slug=self.slug,
            name=self.name,
            language=self.language,
            text=self.statutes_text,
            rulebook=canonical_document(self.rulebook).decode(),
            mandates=tuple(
                PlannedMandate(given.mandate, given.body, given.seat, given.founder)
                for given in self.mandates
            ),
        )

    def invited(self) -> list[Invited]:
        """Return who is invited, in order."""
        return [Invited(each.label, each.member_class, each.email) for each in self.founders]


class SignatureRequest(Unsigned):
    """A founder's signature."""

    signature: MemberSignature
    """By the key handed in, over the typed data of the signing that is open."""


class LinkAnswer(AnswerModel):
    """A link, told this once."""

    label: str
    """Whose."""
    token: str
    """What it carries: what the founder shows as ``Authorization: Bearer``."""
    url: str
    """The link."""


class DraftedAnswer(AnswerModel):
    """A draft that was made."""

    draft: str
    """Its id."""
    expires_at: str
    """When it ends by itself."""
    links: list[LinkAnswer]
    """A link for each founder, in order."""


class FounderAnswer(AnswerModel):
    """How far a founder is."""

    label: str
    """Who."""
    enrolled: bool
    """Whether they handed in a key."""
    signed: bool
    """Whether they signed in the signing that is open."""


class DraftAnswer(AnswerModel):
    """How far a draft is."""

    draft: str
    """Its id."""
    slug: str
    """The organisation to be founded."""
    expires_at: str
    """When it ends by itself."""
    founders: list[FounderAnswer]
    """Founders, in order."""


class EnrolledAnswer(AnswerModel):
    """What a founder handed in is kept."""

    enrolled: int
    """Founders who handed in a key."""
    founders: int
    """All of them."""


class SigningOpenAnswer(AnswerModel):
    """The signing is open."""

    issued_at: int
    """Time of signature that all sign, seconds since the epoch."""
    seconds: int
    """How long it is open, from that time."""


class SignedAnswer(AnswerModel):
    """How far the signing is."""

    signed: int
    """Founders who signed."""
    founders: int
    """All of them."""
    recorded: RecordedAnswer | None
    """What the founding recorded; null while signatures are missing."""
