"""Organisations, their statutes, and where signatures are valid."""

from typing import Annotated

from pydantic import Field, StringConstraints

from anchoring.core.canonical import Json, canonical_json
from backend.api.schemas.fields import (
    AnswerModel,
    Id,
    JsonObject,
    LongText,
    MemberText,
    RequestModel,
    SigningDomainAnswer,
    TitleText,
    Unsigned,
)
from backend.api.schemas.members import ApplicantFields
from backend.api.schemas.signatures import (
    MemberSignature,
    RelyingPartyAnswer,
    signature_bytes,
)
from backend.domain.acts import FirstMandate, SigningDomain
from backend.services.organisations import Founding, StatutesDocuments


def canonical_document(document: JsonObject) -> bytes:
    """Return the canonical bytes of a document sent as JSON.

    Raises:
        MalformedError: It holds a float, a null, or another value without canonical form.
    """
    value: dict[str, Json] = document  # type: ignore[assignment]  # canonical_json refuses the rest
    return canonical_json(value)


class FounderRequest(ApplicantFields):
    """A founder, with the signature of the founding."""

    signature: MemberSignature
    """By that key, over the statement of the founding by the first founder."""


class MandateFields(RequestModel):
    """A seat that the founding fills."""

    mandate: Id
    """Id of the mandate."""
    body: Id
    """The body."""
    seat: Id
    """The kind of seat."""
    holder: MemberText
    """The founder who takes it."""


class FoundingFields(Unsigned):
    """What the founders adopt, founders apart."""

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
    mandates: Annotated[list[MandateFields], Field(max_length=200, default_factory=list)]
    """Seats of bodies that the statutes let the founders fill."""


def founding(
    fields: FoundingFields,
    founders: "list[ApplicantFields] | list[FounderRequest]",
    *,
    host: str,
    signing: SigningDomain,
) -> Founding:
    """Return what the services understand.

    Raises:
        MalformedError: The rulebook has no canonical form.
    """
    return Founding(
        slug=fields.slug,
        name=fields.name,
        language=fields.language,
        host=host,
        signing=signing,
        statutes=StatutesDocuments(
            fields.statutes_text.encode(), canonical_document(fields.rulebook)
        ),
        founders=[founder.application() for founder in founders],
        mandates=[
            FirstMandate(given.mandate, given.body, given.seat, given.holder)
            for given in fields.mandates
        ],
    )


class FoundingDraft(FoundingFields):
    """A founding to be signed."""

    founders: Annotated[list[ApplicantFields], Field(min_length=1, max_length=100)]
    """Founders, in the order of their signatures; the first one is the author."""


class FoundingRequest(FoundingFields):
    """A signed founding."""

    founders: Annotated[list[FounderRequest], Field(min_length=1, max_length=100)]
    """Founders, in the order of their signatures; the first one is the author."""

    def signatures(self) -> list[bytes]:
        """Return the signatures, in order."""
        return [signature_bytes(founder.signature) for founder in self.founders]


class SigningAnswer(AnswerModel):
    """What founders need to know before the organisation exists."""

    chain_id: int
    """EIP-155 chain id of signatures."""
    contract: str
    """The registry contract that signatures name."""
    host: str
    """Host part of the origin: the origin is ``<host>/<slug>``."""
    passkeys: RelyingPartyAnswer | None
    """Where passkeys sign; null where the server takes none."""


class DomainAnswer(SigningDomainAnswer):
    """The EIP-712 domain in the shape of ERC-5267 (https://eips.ethereum.org/EIPS/eip-5267)."""

    fields: str
    """``0x1f``: all five fields are used."""
    extensions: list[int]
    """None."""
    passkeys: RelyingPartyAnswer | None
    """Where passkeys sign; null where the organisation takes none. No part of the domain."""


class OrganisationAnswer(AnswerModel):
    """An organisation."""

    slug: str
    """Its name in addresses."""
    name: str
    """Its name."""
    origin: str
    """Origin of its checkpoints."""
    language: str
    """Language of its statutes."""
    chain_id: int
    """EIP-155 chain id of its signatures."""
    contract: str
    """Contract that its signatures name."""
    statutes_version: int
    """Number of the statutes in force."""
    size: int
    """Entries of its ledger."""


class StatutesAnswer(AnswerModel):
    """One version of the statutes."""

    version: int
    """1 for the founding version."""
    text: str
    """CID of the text."""
    rulebook: str
    """CID of the latest rulebook on that text."""
    rules: str
    """SHA-256 of that rulebook; ballots are signed over it."""
    diff: str
    """CID of the difference to the version before; empty for version 1."""
    motion: str
    """Motion that carried it; empty for version 1."""
    adopted_at: str
    """When it came into force."""
    entry: int
    """The entry that put it in force."""
