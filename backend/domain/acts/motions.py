"""Acts on motions: what is proposed, supported, changed, objected to, taken back."""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from backend.domain.acts.vocabulary import (
    Act,
    CidText,
    Count,
    MemberId,
    MotionKind,
    Slug,
    StatutesReference,
    Title,
)
from backend.domain.deadlines import Day


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


class Obligation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something a resolution charges someone with."""

    obligation: Slug
    """Id, unique in the resolution."""
    title: Title
    """What is to be done."""
    bearer: Title
    """By whom, in words: a body, a seat, the members; never a person's name."""
    due: Day
    """Last day."""


class ResolutionEffect(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="type",
    tag="resolution",
):
    """Adoption records the motion's text as a resolution."""

    obligations: Annotated[tuple[Obligation, ...], Meta(max_length=50)] = ()
    """What it charges whom with."""


class AbrogationEffect(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="type",
    tag="abrogation",
):
    """Adoption ends a rule, or a resolution; exactly one of the two is named."""

    rule: Slug | None = None
    """Id of a rule of the rulebook in force."""
    resolution: Slug | None = None
    """The motion whose resolution ends."""


class RevocationEffect(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="type",
    tag="revocation",
):
    """Adoption ends a mandate before its term."""

    mandate: Slug
    """The mandate."""
    proceeding: Slug | None = None
    """The proceeding in which the holder could be heard, where the statutes ask for one."""


class SeatGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A seat that an election fills."""

    mandate: Slug
    """Id of the mandate."""
    seat: Slug
    """The kind of seat."""
    holder: MemberId
    """Who takes it."""


class ElectionEffect(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="type",
    tag="election",
):
    """Adoption gives mandates in a body."""

    body: Slug
    """The body."""
    way: Literal["designation", "co_option"]
    """The ordinary way of filling its seats, or taking in further holders in its first time."""
    starts: Day
    """First day of the mandates, not before the vote is over."""
    attested: bool
    """Whether the proposer attests that every holder is of the age the statutes ask for, if any."""
    seats: Annotated[tuple[SeatGiven, ...], Meta(min_length=1, max_length=100)]
    """The seats; where the vote chooses among candidates, one line for each candidate."""
    elects: Count = 0
    """How many of the candidates the vote chooses; 0 where all seats are filled together, or none."""


class ApprovalEffect(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="approval"
):
    """Adoption approves a report for a year."""

    report: Literal["activities", "accounts"]
    """Which report."""
    year: Annotated[int, Meta(ge=1900, le=9999)]
    """Calendar year it is about."""
    document: CidText
    """The report."""


class AffiliationEffect(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="affiliation"
):
    """Adoption makes the organisation join another, or leave it."""

    organisation: Title
    """The other organisation."""
    joins: bool
    """Whether it joins; otherwise it leaves."""


class MeasureEffect(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="type",
    tag="measure",
):
    """Adoption takes the measure a proceeding asks for: an exclusion or a sanction."""

    proceeding: Slug
    """The proceeding."""
    until: Day | None = None
    """Last day of a suspension; None for any other measure."""


class ReversalEffect(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="reversal"
):
    """Adoption reverses a measure on appeal; rejection upholds it."""

    proceeding: Slug
    """The proceeding."""


class InternalRulesEffect(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="internal_rules"
):
    """Adoption puts rules beside the statutes, where these leave room."""

    text: CidText
    """The rules in words, UTF-8."""
    rules: CidText
    """The rules for the machine: a ``psephos-supplement/1`` document."""


class RatificationEffect(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="ratification"
):
    """Adoption confirms internal rules that hold provisionally; rejection ends them."""

    internal_rules: Slug
    """The motion that made them."""


class InterpretationEffect(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="interpretation"
):
    """Adoption settles a matter that the statutes leave open, as a precedent bound to its article."""

    settles: Slug
    """Id of the silent rule."""
    rules: CidText
    """What holds from now on: a ``psephos-supplement/1`` document."""


class SelectionOption(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One of several options put to the vote together."""

    option: Slug
    """Id, unique in the motion; ballots name it."""
    title: Title
    """What it is."""
    text: CidText | None = None
    """It at length, UTF-8; None where the motion's text says all."""
    cost: Count = 0
    """What it costs, in the smallest unit of the currency; 0 where the vote shares out no budget."""


class SelectionEffect(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="type",
    tag="selection",
):
    """Adoption records the options chosen as a resolution."""

    options: Annotated[tuple[SelectionOption, ...], Meta(min_length=2, max_length=50)]
    """The options; their order says nothing."""
    chosen: Annotated[int, Meta(ge=1, le=50)] = 1
    """How many are chosen at most; a budget is bounded by what it may spend instead."""
    status_quo: Slug | None = None
    """The option by which nothing changes: if it is chosen the motion is rejected."""
    budget: Count = 0
    """What the options chosen may cost in all; 0 where the vote shares out no budget."""


class DissolutionEffect(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="dissolution"
):
    """Adoption dissolves the organisation: only its winding up goes on."""

    liquidators: Annotated[tuple[MemberId, ...], Meta(min_length=1, max_length=20)]
    """Who winds it up."""
    devolution: CidText
    """What becomes of what is left, UTF-8."""


Effect = (
    StatutesEffect
    | FrameworkEffect
    | ResolutionEffect
    | AbrogationEffect
    | RevocationEffect
    | ElectionEffect
    | ApprovalEffect
    | AffiliationEffect
    | MeasureEffect
    | ReversalEffect
    | InternalRulesEffect
    | RatificationEffect
    | InterpretationEffect
    | DissolutionEffect
    | SelectionEffect
)
"""What a motion changes when it is adopted."""


def puts_several(effect: Effect) -> bool:
    """Tell whether a motion puts several options to the vote, not one proposal."""
    match effect:
        case ElectionEffect(elects=elects):
            return elects > 0
        case SelectionEffect():
            return True
        case _:
            return False


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


class MotionSupported(Act, frozen=True):
    """A member with a vote supports a motion as it stands."""

    act: ClassVar[str] = "motion.supported"
    motion: Slug
    """The motion."""


class MotionAmended(Act, frozen=True):
    """The proposer changes a motion before it is put to the vote; support given before is lost."""

    act: ClassVar[str] = "motion.amended"
    motion: Slug
    """The motion."""
    title: Title
    """Its title from here on."""
    text: CidText
    """Its text from here on, UTF-8."""
    effect: Effect
    """What adoption changes from here on."""


class MotionWithdrawn(Act, frozen=True):
    """The proposer takes a motion back before it is put to the vote."""

    act: ClassVar[str] = "motion.withdrawn"
    motion: Slug
    """The motion."""


class ObjectionRaised(Act, frozen=True):
    """In a consent round, an elector objects with reasons; the motion cannot pass while it stands."""

    act: ClassVar[str] = "objection.raised"
    objection: Slug
    """Id of the objection."""
    motion: Slug
    """The motion."""
    grounds: CidText
    """The reasons, UTF-8."""


class ObjectionResolved(Act, frozen=True):
    """The objector is satisfied, or gives the objection up."""

    act: ClassVar[str] = "objection.resolved"
    objection: Slug
    """The objection."""
    how: Literal["withdrawn", "met"]
    """Given up, or met by what was said and promised since."""
    text: CidText
    """How, UTF-8."""


class ObligationFulfilled(Act, frozen=True):
    """The proposer's side or a body reports that an obligation of a resolution is done."""

    act: ClassVar[str] = "obligation.fulfilled"
    motion: Slug
    """The motion whose resolution charges it."""
    obligation: Slug
    """The obligation."""
    evidence: CidText
    """What shows it, UTF-8."""


MotionAct = (
    MotionProposed
    | MotionSupported
    | MotionAmended
    | MotionWithdrawn
    | ObjectionRaised
    | ObjectionResolved
    | ObligationFulfilled
)
"""Every act on motions."""
