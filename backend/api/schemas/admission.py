"""Applications as those concerned see them, presentations by centres, and the centres."""

from typing import Literal

from backend.api.schemas.fields import AnswerModel, Id, MemberText, SaltHex
from backend.api.schemas.members import Authored, Consents, DeclaredFacts
from backend.api.schemas.signatures import MemberSignature, signature_bytes
from backend.services.admission import Presentation
from backend.services.commands import Statement


class PresentationDraft(Authored):
    """Somebody whom a correspondent, the author, registers; salts are drawn by the correspondent's device."""

    member: MemberText
    """Pseudonym of the applicant, drawn at random."""
    member_class: Id
    """Class, as the rulebook names it."""
    facts: DeclaredFacts
    """Declared facts: natural persons ``name`` and ``born``, organisations ``name`` and ``registration``."""
    facts_salt: SaltHex
    """Salt of the commitment to facts and consents."""
    consents: Consents
    """Purposes that the applicant gives, each with the version of the words they were read; ``membership`` is
    needed."""

    def presentation(self, centre: str) -> Presentation:
        """Return what the services understand.

        Args:
            centre: The centre of the path.
        """
        return Presentation(
            self.member,
            self.member_class,
            centre,
            self.facts,
            bytes.fromhex(self.facts_salt),
            {str(name): version for name, version in self.consents.items()},
        )


class PresentationRequest(PresentationDraft):
    """A signed presentation."""

    signature: MemberSignature
    """By the correspondent's key, over the statement of the presentation."""

    def statement(self) -> Statement:
        """Return what the services understand."""
        return Statement(self.author, self.issued_at, signature_bytes(self.signature))


class CheckAnswer(AnswerModel):
    """An identity check."""

    evidence: str
    """By what: ``in_person``, ``document``, ``vouching``, ``electronic_identity``, ``registry_extract`` or
    ``known``."""
    assurance: str
    """How sure it makes: ``low``, ``substantial`` or ``high``."""
    checked_on: str
    """Day of the check."""
    by: str
    """Who looked."""
    entry: int
    """The entry of the check."""


class RefusalAnswer(AnswerModel):
    """A decision against an application."""

    entry: int
    """The entry of the refusal; its document holds the reasons."""
    refused_at: str
    """When."""
    appeal_until: str | None
    """Last day to appeal; null where the statutes give no appeal."""
    appeal_entry: int | None
    """The entry of the appeal; null where there is none."""
    upheld: bool | None
    """Whether the refusal stands after the appeal; null while nobody answered."""


class ApplicationState(AnswerModel):
    """An application, what was done about it, and what it waits for."""

    member: str
    """Pseudonym."""
    member_class: str
    """Class applied for."""
    status: str
    """``applied``, ``refused``, ``active``, ``resigned`` or ``ended``."""
    applied_at: str
    """When they asked."""
    entry: int
    """The entry with which they did."""
    centre: str | None
    """The centre that presented them; null where they applied themselves."""
    facts: dict[str, str] | None
    """What they declared; null once it was erased."""
    objections_until: str | None
    """Last day on which members may object; null where they may not."""
    objected: bool
    """Whether a member did."""
    assurance_needed: str | None
    """Least level of an identity check; null where none is needed."""
    evidence_accepted: list[str]
    """Kinds of evidence that count for it; empty for all."""
    checks: list[CheckAnswer]
    """Identity checks, oldest first."""
    vouchers_needed: int
    """Members who must vouch."""
    vouchers: list[str]
    """Members who did."""
    refusals: list[RefusalAnswer]
    """Decisions against it, oldest first."""
    missing: list[
        Literal["objections", "identity_check", "vouching", "decision", "review", "answer"]
    ]
    """What it waits for; empty where nothing is missing, or it is decided."""


class CentreAnswer(AnswerModel):
    """A registration centre."""

    centre: str
    """Id."""
    name: str
    """Public name."""
    open: bool
    """Whether it may present applicants."""
    correspondents: list[str]
    """Pseudonyms of those who register for it."""
    presented: int
    """How many it presented."""
    entry: int
    """The entry that opened it."""
