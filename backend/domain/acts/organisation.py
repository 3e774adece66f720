"""Acts that found an organisation and change what governs it."""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from backend.domain.acts.members import Applicant
from backend.domain.acts.vocabulary import (
    Act,
    AddressHex,
    CidText,
    LogKeyText,
    MemberId,
    SigningDomain,
    Slug,
    StatutesReference,
    Title,
)
from backend.domain.commitments import Hex32
from backend.domain.quantities import MAX_INTEGER


class FirstMandate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A seat that the founding fills."""

    mandate: Slug
    """Id of the mandate."""
    body: Slug
    """The body."""
    seat: Slug
    """The kind of seat."""
    holder: MemberId
    """The founder who takes it."""


class OrganisationFounded(Act, frozen=True):
    """The founders adopt the first statutes; every founder signs."""

    act: ClassVar[str] = "organisation.founded"
    slug: Slug
    """Name of the organisation in addresses."""
    name: Title
    """Name of the organisation."""
    origin: Annotated[str, Meta(pattern=r"^[a-z0-9.:-]{1,190}/[a-z0-9-]{1,63}\Z")]
    """Origin of the ledger's checkpoints, ``<host>/<slug>``; its id in signatures."""
    language: Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")]
    """Language of the statutes, ISO 639-1."""
    signing: SigningDomain
    """Domain of every signature that follows."""
    statutes: StatutesReference
    """Statutes version 1."""
    founders: Annotated[tuple[Applicant, ...], Meta(min_length=1, max_length=100)]
    """Founders in the order of their signatures."""
    mandates: Annotated[tuple[FirstMandate, ...], Meta(max_length=200)] = ()
    """Seats of bodies whose first holders the statutes let the founders fill."""


class StatutesAdopted(Act, frozen=True):
    """A constituent motion passed: a new version is in force."""

    act: ClassVar[str] = "statutes.adopted"
    version: Annotated[int, Meta(ge=2, le=MAX_INTEGER)]
    """Number of the version, one more than the last."""
    motion: Slug
    """The motion that carried it."""
    statutes: StatutesReference
    """Its documents."""
    diff: CidText
    """Line difference of the text against the previous version."""


class RulesChanged(Act, frozen=True):
    """A decision, or the lapse of one, changed the rulebook beside an unchanged text."""

    act: ClassVar[str] = "rules.changed"
    motion: Slug
    """The motion that was adopted, or that lapsed."""
    cause: Literal["internal_rules", "interpretation", "abrogation", "refusal", "lapse"]
    """What became of it."""
    rulebook: CidText
    """The rulebook in force from here on, canonical JSON."""
    rules: Hex32
    """SHA-256 of its bytes."""


class FrameworkAdopted(Act, frozen=True):
    """A valuation framework is in force."""

    act: ClassVar[str] = "framework.adopted"
    framework: Slug
    """Id of the framework."""
    version: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
    """Number of the version, from 1."""
    motion: Slug
    """The motion that carried it."""
    document: CidText
    """The framework document."""


class LogKeyRotated(Act, frozen=True):
    """Those who keep the registers hand the signing of checkpoints to another key.

    Checkpoints that cover this entry bear its signature, the first of them that of the key before too.
    """

    act: ClassVar[str] = "log_key.rotated"
    log_key: LogKeyText
    """The new key, named after the ledger's origin."""


class PublisherRotated(Act, frozen=True):
    """Those who keep the registers hand the anchoring on one chain to another account.

    Anchors there of more entries than the index of this one are the new account's work, others that of the
    account before.
    """

    act: ClassVar[str] = "publisher.rotated"
    chain_id: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
    """EIP-155 id of the chain."""
    previous: AddressHex
    """The account that anchored before."""
    publisher: AddressHex
    """The new account."""


OrganisationAct = (
    OrganisationFounded
    | StatutesAdopted
    | RulesChanged
    | FrameworkAdopted
    | LogKeyRotated
    | PublisherRotated
)
"""Every act that found an organisation or change what governs it."""
