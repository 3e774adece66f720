"""The closed vocabulary of the ledger: one frozen structure per act.

``backend.domain.entry`` carries them; unknown acts and unknown fields are refused.

No field ever names a person: members and voters are random pseudonyms, facts about a person and
signatures of a person are salted commitments (``backend.domain.commitments``).

``docs/formats/entry.md`` describes every act for readers in other languages.
"""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from backend.domain.commitments import Hex32
from backend.domain.instants import Instant
from backend.domain.quantities import MAX_INTEGER

SYSTEM = "system"
"""Author of acts that follow from the rules without anyone's choice."""

Slug = Annotated[str, Meta(pattern=r"^[a-z0-9](-?[a-z0-9])*\Z", max_length=63)]
"""Readable id chosen by its author: lowercase letters, digits, single hyphens; 1 to 63 characters."""

MemberId = Annotated[str, Meta(pattern=r"^m[0-9a-f]{32}\Z")]
"""Pseudonym of a member: ``m`` and 128 random bits as hex."""

VoterId = Annotated[str, Meta(pattern=r"^v[0-9a-f]{32}\Z")]
"""Pseudonym of an elector for one decision only: ``v`` and 128 random bits as hex."""

AddressHex = Annotated[str, Meta(pattern=r"^0x[0-9a-f]{40}\Z")]
"""Ethereum address, lowercase hex."""

LogKeyText = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9.:-]{1,190}/[a-z0-9-]{1,63}\+[0-9a-f]{8}\+A[A-Za-z0-9+/]{43}\Z",
        max_length=308,
    ),
]
"""Verifier key of a C2SP signed note with an Ed25519 key (https://c2sp.org/signed-note)."""

CidText = Annotated[
    str, Meta(pattern=r"^baf(krei|ybei)[a-h][a-z2-7]{50}[aeimquy4]\Z", min_length=59, max_length=59)
]
"""CIDv1 of a document in profile ``unixfs-v1-2025``, exactly as ``anchoring.core.cid`` parses it: base32 of
version 1, codec raw or dag-pb, SHA-256, 32 bytes and two zero bits."""

Title = Annotated[str, Meta(min_length=1, max_length=200)]
"""Short public text in one language."""

DecimalText = Annotated[str, Meta(min_length=1, max_length=32)]
"""A decimal as text; ``backend.domain.quantities.parse_decimal`` gives its grammar."""

Count = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
"""A number of things."""

MemberClass = Literal["individual", "collective"]
"""Natural person or organisation; the rulebook gives or denies each the right to vote."""

MotionKind = Literal["constituent", "abrogative", "revocatory", "legislative"]
"""Kinds of motion of the permanent process."""

Outcome = Literal["adopted", "rejected", "no_quorum"]
"""How a decision ends."""


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Root of every act's ``data``."""

    act: ClassVar[str]
    """Name of the act, the value of the entry's key ``act``."""

    def signed_part(self) -> msgspec.Struct:
        """Return the part its author signs: all of it, unless the server adds to what was asked."""
        return self


class StatutesReference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statutes version's two documents."""

    text: CidText
    """The text, UTF-8."""
    rulebook: CidText
    """The rulebook, canonical JSON."""
    rules: Hex32
    """SHA-256 of the rulebook's bytes; ballots are signed over it."""


class SigningDomain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where signatures of this organisation are valid (EIP-712 domain)."""

    chain_id: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
    """EIP-155 chain id."""
    contract: AddressHex
    """Registry contract that anchors this ledger."""


class Applicant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the ledger knows of someone who joins."""

    member: MemberId
    """Pseudonym, chosen at random by the applicant."""
    member_class: MemberClass
    """Natural person or organisation."""
    key: Hex32
    """Commitment to the address of the signing key."""
    person: Hex32
    """Commitment to the declared facts."""


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


class MemberApplied(Act, frozen=True):
    """Someone asks to join; signed with the key that is being bound."""

    act: ClassVar[str] = "member.applied"
    applicant: Applicant
    """Who asks."""


class MemberAdmitted(Act, frozen=True):
    """An applicant becomes a member, by right or by decision of the bureau."""

    act: ClassVar[str] = "member.admitted"
    member: MemberId
    """Who is admitted."""


class MemberResigned(Act, frozen=True):
    """A member leaves."""

    act: ClassVar[str] = "member.resigned"
    member: MemberId
    """Who leaves."""


class StatutesEffect(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="statutes"
):
    """Adoption replaces the statutes."""

    statutes: StatutesReference
    """The proposed version."""


class FrameworkEffect(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="framework"
):
    """Adoption puts a valuation framework in force."""

    framework: Slug
    """Id of the framework; its versions share it."""
    document: CidText
    """The framework document, canonical JSON."""


class ResolutionEffect(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="resolution"
):
    """Adoption records the motion's text as a resolution."""


Effect = StatutesEffect | FrameworkEffect | ResolutionEffect
"""What a motion changes when it is adopted."""


class MotionProposed(Act, frozen=True):
    """A member proposes."""

    act: ClassVar[str] = "motion.proposed"
    motion: Slug
    """Id of the motion."""
    kind: MotionKind
    """Kind, which decides quorum, majority and permitted effects."""
    title: Title
    """Title in the language of the statutes."""
    text: CidText
    """Text of the motion, UTF-8."""
    effect: Effect
    """What adoption changes."""


class Electorate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The frozen list of those who may vote on one decision."""

    root: Hex32
    """Merkle root over the salted leaves."""
    size: Count
    """Number of electors."""
    leaves: CidText
    """Document that lists the salted leaves."""


class AgendaItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One motion put to the vote."""

    motion: Slug
    """The motion."""
    decision: Hex32
    """Id of the decision, bound to the motion's whole content; ballots are signed over it."""
    electorate: Electorate
    """Who may vote on it."""


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the convener asks for and signs."""

    assembly: Slug
    """Id of the assembly."""
    title: Title
    """Title in the language of the statutes."""
    channel: Literal["remote", "room", "correspondence"]
    """How votes are cast."""
    opens_at: Instant
    """First instant at which ballots are taken."""
    closes_at: Instant
    """First instant at which they no longer are."""
    motions: Annotated[tuple[Slug, ...], Meta(min_length=1, max_length=100)]
    """Motions put to the vote, in order."""


class AssemblyConvened(Act, frozen=True):
    """An assembly is called: agenda, rules and electorates are frozen from here on."""

    act: ClassVar[str] = "assembly.convened"
    call: Call
    """What the convener signed."""
    statutes: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
    """Version of the statutes in force, whose rules govern to the end."""
    rules: Hex32
    """SHA-256 of that version's rulebook."""
    agenda: Annotated[tuple[AgendaItem, ...], Meta(min_length=1, max_length=100)]
    """One item for each motion of the call, in its order."""

    def signed_part(self) -> Call:
        """Return the call: the electorates are drawn up by the server after it was signed."""
        return self.call


class BallotCast(Act, frozen=True):
    """An elector votes, or votes again: the last ballot of a voter counts, all stay."""

    act: ClassVar[str] = "ballot.cast"
    motion: Slug
    """The motion voted on."""
    decision: Hex32
    """Id of the decision."""
    voter: VoterId
    """Pseudonym of the elector for this decision."""
    choice: Hex32
    """Commitment to the choice."""
    cast_at: Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
    """Time of signature claimed by the voter, seconds since the epoch."""
    nonce: Count
    """Number of ballots this voter cast on this decision before."""


class MotionResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What closing establishes for one motion."""

    motion: Slug
    """The motion."""
    openings: CidText
    """Document that opens every choice."""
    ballots: Count
    """Ballots in the ledger, replaced ones included."""
    voters: Count
    """Distinct voters."""
    tally: dict[str, Count]
    """Votes per choice, last ballots only, every choice present."""


class AssemblyClosed(Act, frozen=True):
    """Voting is over: choices are opened and counted."""

    act: ClassVar[str] = "assembly.closed"
    assembly: Slug
    """The assembly."""
    results: Annotated[tuple[MotionResult, ...], Meta(min_length=1, max_length=100)]
    """Results in the order of the agenda."""


class DerivationStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule applied to stated inputs."""

    rule: str
    """Id of the rule."""
    article: str
    """Its article; empty for a built-in rule."""
    inputs: dict[str, str]
    """Named inputs, numbers as decimal text or ``num/den``."""
    verdict: Literal["met", "not_met", "not_applicable"]
    """What the rule says of them."""


class DecisionMade(Act, frozen=True):
    """The outcome of a motion, with the derivation that makes it valid."""

    act: ClassVar[str] = "decision.made"
    motion: Slug
    """The motion decided."""
    assembly: Slug
    """The assembly that decided."""
    decision: Hex32
    """Id of the decision."""
    outcome: Outcome
    """How it ends."""
    derivation: Annotated[tuple[DerivationStep, ...], Meta(min_length=1, max_length=100)]
    """Steps in the order in which rules apply."""


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


class CommonsRegistered(Act, frozen=True):
    """A resource or solution is put on the list of what is valued."""

    act: ClassVar[str] = "commons.registered"
    commons: Slug
    """Id of the commons."""
    title: Title
    """Title in the language of the statutes."""
    description: CidText
    """Description, UTF-8."""


class ObservationRecorded(Act, frozen=True):
    """A measurement of one indicator for one commons."""

    act: ClassVar[str] = "observation.recorded"
    observation: Slug
    """Id of the observation."""
    commons: Slug
    """What was measured."""
    framework: Slug
    """Framework that defines the indicator."""
    indicator: Slug
    """The indicator."""
    value: DecimalText
    """Measured value."""
    unit: Annotated[str, Meta(min_length=1, max_length=40)]
    """Unit of the value; must be the indicator's."""
    period_from: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
    """First day of the period measured."""
    period_to: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
    """Last day of the period measured."""
    method: CidText
    """How it was measured and on what evidence, UTF-8."""


class IndicatorScore(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One indicator's part in a valuation."""

    indicator: Slug
    """The indicator."""
    observation: Slug
    """The observation that counts."""
    score: tuple[str, str]
    """Normalised score between 0 and 1: numerator, denominator, in lowest terms, decimal text."""


class ValuationPublished(Act, frozen=True):
    """The recomputable result for one commons under one framework version."""

    act: ClassVar[str] = "valuation.published"
    valuation: Slug
    """Id of the valuation."""
    commons: Slug
    """What is valued."""
    framework: Slug
    """The framework."""
    version: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
    """Version of the framework."""
    scores: Annotated[tuple[IndicatorScore, ...], Meta(min_length=1, max_length=200)]
    """Scores in the order of the framework's indicators."""
    result: tuple[str, str]
    """Weighted mean: numerator, denominator, in lowest terms, decimal text."""
    rounded: DecimalText
    """The result rounded as the framework declares."""


class LogKeyRotated(Act, frozen=True):
    """The bureau hands the signing of checkpoints to another key.

    Checkpoints that cover this entry bear its signature, the first of them that of the key before too.
    """

    act: ClassVar[str] = "log_key.rotated"
    log_key: LogKeyText
    """The new key, named after the ledger's origin."""


class PublisherRotated(Act, frozen=True):
    """The bureau hands the anchoring on one chain to another account.

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


ACTS: dict[str, type[Act]] = {
    schema.act: schema
    for schema in (
        OrganisationFounded,
        MemberApplied,
        MemberAdmitted,
        MemberResigned,
        MotionProposed,
        AssemblyConvened,
        BallotCast,
        AssemblyClosed,
        DecisionMade,
        StatutesAdopted,
        FrameworkAdopted,
        CommonsRegistered,
        ObservationRecorded,
        ValuationPublished,
        LogKeyRotated,
        PublisherRotated,
    )
}
"""Every act by its name."""


def differing_fields(expected: Act, found: Act) -> tuple[str, str]:
    """Return in words what differs between two acts of one kind: the first's values, the second's.

    Args:
        expected: What follows from the rules.
        found: What the ledger says.
    """
    names = [
        name
        for name in expected.__struct_fields__
        if getattr(expected, name) != getattr(found, name)
    ]
    return _fields_text(expected, names), _fields_text(found, names)


def _fields_text(data: Act, names: list[str]) -> str:
    values = msgspec.to_builtins(data)
    return ", ".join(f"{name} {values[name]}" for name in names)
