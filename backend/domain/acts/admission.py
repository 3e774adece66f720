"""Acts on admission: centres that register, checks of identity, vouching, refusals, appeals, coming back."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from backend.domain.acts.vocabulary import UNSEEN, Act, CidText, MemberClass, MemberId, Slug
from backend.domain.commitments import Hex32
from backend.domain.deadlines import Day

AssuranceLevel = Literal["low", "substantial", "high"]
"""How surely an identity is known, least first.

Source: Regulation (EU) No 910/2014, article 8(2), http://data.europa.eu/eli/reg/2014/910/oj
"""

EvidenceKind = Literal[
    "in_person", "document", "vouching", "electronic_identity", "registry_extract", "known"
]
"""What an identity was checked by: a meeting, an identity document that was seen, people who vouch, an
electronic identity, an extract of a public registry, or personal acquaintance."""

CentreName = Annotated[str, Meta(pattern=rf"^[^{UNSEEN}]+\Z", min_length=1, max_length=200)]
"""Public name of a centre, on one line; never that of a person."""

Correspondents = Annotated[tuple[MemberId, ...], Meta(min_length=1, max_length=50)]
"""Members who register for a centre, each once."""


class IdentityChecked(Act, frozen=True):
    """Somebody looked who is behind a pseudonym; what they saw is never recorded."""

    act: ClassVar[str] = "identity.checked"
    applicant: MemberId
    """Who was checked: an applicant, or a member."""
    evidence: EvidenceKind
    """By what."""
    assurance: AssuranceLevel
    """How sure it makes."""
    checked_on: Day
    """When; not after the act."""


class MemberVouched(Act, frozen=True):
    """A member answers for an applicant."""

    act: ClassVar[str] = "member.vouched"
    applicant: MemberId
    """For whom."""


class CentreOpened(Act, frozen=True):
    """A registration centre may present members from now on."""

    act: ClassVar[str] = "centre.opened"
    centre: Slug
    """Its id."""
    name: CentreName
    """Its name."""
    correspondents: Correspondents
    """Who registers for it."""


class CentreChanged(Act, frozen=True):
    """Others register for a centre from now on."""

    act: ClassVar[str] = "centre.changed"
    centre: Slug
    """The centre."""
    correspondents: Correspondents
    """Everybody who registers for it."""


class CentreClosed(Act, frozen=True):
    """A centre presents nobody any more."""

    act: ClassVar[str] = "centre.closed"
    centre: Slug
    """The centre."""


class MemberPresented(Act, frozen=True):
    """A correspondent registers somebody who has no key yet and asks to join."""

    act: ClassVar[str] = "member.presented"
    member: MemberId
    """Pseudonym of the applicant, chosen at random."""
    member_class: MemberClass
    """Class applied for."""
    person: Hex32
    """Commitment to the declared facts."""
    centre: Slug
    """The centre that presents them."""


class AdmissionRefused(Act, frozen=True):
    """Those who decide on an application refuse it."""

    act: ClassVar[str] = "admission.refused"
    applicant: MemberId
    """Whose application."""
    reasons: CidText
    """Why, UTF-8, without personal data."""


class AdmissionAppealed(Act, frozen=True):
    """An applicant contests the refusal."""

    act: ClassVar[str] = "admission.appealed"
    applicant: MemberId
    """Who was refused."""
    grounds: CidText
    """Why, UTF-8, without personal data."""


class AdmissionAnswered(Act, frozen=True):
    """Those who hear appeals let a refusal stand, or open the application again."""

    act: ClassVar[str] = "admission.answered"
    applicant: MemberId
    """Who appealed."""
    upheld: bool
    """Whether the refusal stands."""
    reasons: CidText
    """Why, UTF-8, without personal data."""


class MemberReapplied(Act, frozen=True):
    """Somebody who left, or was refused, asks to join under the same pseudonym."""

    act: ClassVar[str] = "member.reapplied"
    member: MemberId
    """Who asks."""
    member_class: MemberClass
    """Class applied for."""


AdmissionAct = (
    IdentityChecked
    | MemberVouched
    | CentreOpened
    | CentreChanged
    | CentreClosed
    | MemberPresented
    | AdmissionRefused
    | AdmissionAppealed
    | AdmissionAnswered
    | MemberReapplied
)
"""Every act on admission that is not about the register alone."""
