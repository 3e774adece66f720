"""Acts on the register: joining, leaving, and what is done about a member."""

from typing import ClassVar, Literal

import msgspec

from backend.domain.acts.vocabulary import (
    Act,
    CidText,
    LossCause,
    MemberClass,
    MemberId,
    NoticeChannel,
    Slug,
)
from backend.domain.commitments import Hex32
from backend.domain.deadlines import Day
from backend.domain.instants import Instant


class Applicant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the ledger knows of someone who joins."""

    member: MemberId
    """Pseudonym, chosen at random by the applicant."""
    member_class: MemberClass
    """Natural person or organisation."""
    key: Hex32
    """Commitment to the signing key: the address of a wallet, or the key of a passkey."""
    person: Hex32
    """Commitment to the declared facts."""


class MemberApplied(Act, frozen=True):
    """Someone asks to join; signed with the key that is being bound."""

    act: ClassVar[str] = "member.applied"
    applicant: Applicant
    """Who asks."""


class AdmissionObjected(Act, frozen=True):
    """A member objects to an application within the time the statutes give; the body then decides."""

    act: ClassVar[str] = "admission.objected"
    applicant: MemberId
    """The application."""
    grounds: CidText
    """Why, UTF-8."""


class MemberAdmitted(Act, frozen=True):
    """An applicant becomes a member, by right or by those who decide."""

    act: ClassVar[str] = "member.admitted"
    member: MemberId
    """Who is admitted."""


class MemberResigned(Act, frozen=True):
    """A member leaves."""

    act: ClassVar[str] = "member.resigned"
    member: MemberId
    """Who leaves."""


class MembershipEnded(Act, frozen=True):
    """Membership ends for a cause that somebody establishes, other than resigning or a decided measure."""

    act: ClassVar[str] = "membership.ended"
    member: MemberId
    """Whose."""
    cause: LossCause
    """The cause."""
    grounds: CidText
    """What establishes it, UTF-8, without personal data."""


class ProceedingOpened(Act, frozen=True):
    """Grounds are put forward against a member; nothing is decided yet."""

    act: ClassVar[str] = "proceeding.opened"
    proceeding: Slug
    """Id of the proceeding."""
    measure: Literal["exclusion", "sanction", "revocation"]
    """What is asked for."""
    member: MemberId
    """Against whom."""
    grounds: CidText
    """Why, UTF-8."""
    sanction: Slug | None = None
    """The sanction asked for, exactly if the measure is one."""
    mandate: Slug | None = None
    """The mandate to be ended, exactly if the measure is revocation."""
    place: Slug | None = None
    """The place at whose level it is decided; the member belongs there. None for the whole organisation."""


class GroundsServed(Act, frozen=True):
    """The member was told the grounds and invited to reply; from here time runs."""

    act: ClassVar[str] = "proceeding.served"
    proceeding: Slug
    """The proceeding."""
    channel: NoticeChannel
    """How."""
    served_at: Instant
    """When; not after the act."""


class ReplyGiven(Act, frozen=True):
    """The member answers."""

    act: ClassVar[str] = "proceeding.replied"
    proceeding: Slug
    """The proceeding."""
    text: CidText
    """The answer, UTF-8."""


class HearingHeld(Act, frozen=True):
    """The member was heard, or was invited and did not come."""

    act: ClassVar[str] = "hearing.held"
    proceeding: Slug
    """The proceeding."""
    held_on: Day
    """The day; not before the grounds were served, nor after the act."""
    record: CidText
    """What was said, or how the member was invited and declined, UTF-8."""
    declined: bool = False
    """Whether the member was invited and did not come."""


class MeasureTaken(Act, frozen=True):
    """A body that is competent by itself decides the measure; an assembly does it by a motion."""

    act: ClassVar[str] = "measure.taken"
    proceeding: Slug
    """The proceeding."""
    reasons: CidText
    """Why, UTF-8."""
    until: Day | None = None
    """Last day of a suspension; None for any other measure."""


class AppealLodged(Act, frozen=True):
    """The member contests a measure; who decides again, by a motion or a body, the statutes say."""

    act: ClassVar[str] = "appeal.lodged"
    proceeding: Slug
    """The proceeding."""
    grounds: CidText
    """Why, UTF-8."""


class AppealAnswered(Act, frozen=True):
    """A body that hears appeals by itself upholds a measure, or reverses it."""

    act: ClassVar[str] = "appeal.answered"
    proceeding: Slug
    """The proceeding."""
    upheld: bool
    """Whether the measure stands."""
    reasons: CidText
    """Why, UTF-8."""


MemberAct = (
    MemberApplied
    | AdmissionObjected
    | MemberAdmitted
    | MemberResigned
    | MembershipEnded
    | ProceedingOpened
    | GroundsServed
    | ReplyGiven
    | HearingHeld
    | MeasureTaken
    | AppealLodged
    | AppealAnswered
)
"""Every act on the register."""
