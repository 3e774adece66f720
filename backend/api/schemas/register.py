"""The register: its document, and what attests it."""

from backend.api.schemas.fields import AnswerModel


class RegisterLineAnswer(AnswerModel):
    """One member, applicant or former member; what does not apply is left out."""

    member: str
    """Pseudonym."""
    member_class: str
    """Class, as the rulebook names it."""
    status: str
    """``applied``, ``refused``, ``active``, ``suspended``, ``in_arrears``, ``resigned`` or ``ended``."""
    entry: int
    """Index of the application or the founding."""
    since: int | None = None
    """Index of the admission or the founding."""
    place: str | None = None
    """The place to which they belong."""
    suspended_until: str | None = None
    """Last day of the latest suspension."""
    arrears_since: str | None = None
    """Day on which dues fell due that they owe."""
    ended_by: str | None = None
    """Why the membership ended."""


class RegisterAnswer(AnswerModel):
    """A register, in the bytes of which SHA-256 is the fingerprint."""

    format: str
    """``psephos-register/1``."""
    origin: str
    """Origin of the ledger."""
    entry: int
    """Index of the last entry told."""
    at: str
    """Instant at which it is read."""
    lines: list[RegisterLineAnswer]
    """Everyone, by pseudonym."""


class AttestationAnswer(AnswerModel):
    """Fields of the act ``register.attested`` for the register as it stands."""

    at_entry: int
    """Index of the last entry that changed the register."""
    members: int
    """How many members there are."""
    fingerprint: str
    """Fingerprint of the register after that entry."""
