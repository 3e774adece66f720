"""Members: applications, admissions, resignations."""

from typing import Annotated

from pydantic import Field, StringConstraints

from backend.api.schemas.fields import (
    AnswerModel,
    Id,
    MemberText,
    RecordedAnswer,
    RequestModel,
    SaltHex,
    Unsigned,
)
from backend.api.schemas.signatures import MemberKey, MemberSignature, signature_bytes
from backend.services.commands import Statement
from backend.services.identity import MAX_FACT_LENGTH, MAX_FACTS
from backend.services.members import Application

FactName = Annotated[str, StringConstraints(pattern="^[ -~]+$", max_length=MAX_FACT_LENGTH)]
"""Name of a fact, printable ASCII."""

FactText = Annotated[str, StringConstraints(max_length=MAX_FACT_LENGTH)]
"""A fact."""


class ApplicantFields(RequestModel):
    """Someone who joins; salts are drawn by the applicant and kept private by the server."""

    member: MemberText
    """Pseudonym, drawn at random by the applicant."""
    member_class: Id
    """Class, as the rulebook names it."""
    key: MemberKey
    """The signing key."""
    key_salt: SaltHex
    """Salt of the commitment to the key."""
    facts: Annotated[dict[FactName, FactText], Field(max_length=MAX_FACTS)]
    """Declared facts: natural persons ``name`` and ``born``, organisations ``name`` and ``registration``."""
    facts_salt: SaltHex
    """Salt of the commitment to the facts."""

    def application(self) -> Application:
        """Return what the services understand."""
        return Application(
            self.member,
            self.member_class,
            self.key.key(),
            bytes.fromhex(self.key_salt),
            self.facts,
            bytes.fromhex(self.facts_salt),
        )


class ApplicationDraft(ApplicantFields, Unsigned):
    """An application to be signed with the key that is being bound."""


class ApplicationRequest(ApplicationDraft):
    """A signed application."""

    signature: MemberSignature
    """By that key, over the statement of the application."""


class Authored(Unsigned):
    """What a member states."""

    author: MemberText
    """Who acts."""


class AuthoredSigned(Authored):
    """What a member states and signs."""

    signature: MemberSignature
    """By a key in force of the author, over the statement of the act."""

    def statement(self) -> Statement:
        """Return what the services understand."""
        return Statement(self.author, self.issued_at, signature_bytes(self.signature))


class ResignationRequest(Unsigned):
    """A signed resignation."""

    signature: MemberSignature
    """By a key in force of the member, over the statement of the resignation."""


class ApplicationAnswer(RecordedAnswer):
    """What an application recorded."""

    status: str
    """``active`` where the statutes admit by right and at once, else ``applied``."""


class MemberAnswer(AnswerModel):
    """Someone on the register."""

    member: str
    """Pseudonym."""
    member_class: str
    """Class, as the rulebook names it."""
    status: str
    """``applied``, ``active``, ``resigned`` or ``ended``."""
    founder: bool
    """Whether they signed the founding."""
    applied_at: str
    """When they applied, or founded."""
    since: str
    """When they took their present status."""
    entry: int
    """The entry of their application or of the founding."""
