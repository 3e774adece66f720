"""What is read of bodies, mandates, proceedings, requested sessions and disputes."""

from pydantic import AliasPath, Field

from backend.api.schemas.fields import AnswerModel


class MandateAnswer(AnswerModel):
    """A mandate, whether it runs, is over, or was taken back."""

    mandate: str = Field(validation_alias="id")
    """Its id."""
    body: str
    """The body."""
    seat: str
    """The kind of seat."""
    holder: str
    """Pseudonym of who holds it."""
    way: str
    """How it was given: ``founding``, ``designation`` or ``co_option``."""
    starts: str
    """First day."""
    ends: str
    """Last day of its term."""
    holds_over: bool
    """Whether the holder stays after the term until replaced."""
    ended_on: str | None
    """Day from which the seat is vacant, where it ended before its term; null otherwise."""
    cause: str | None
    """Why it did; null otherwise."""
    entry: int
    """Index of the act that gave it."""


class SeatAnswer(AnswerModel):
    """One kind of seat of a body on a day."""

    seat: str
    """Its id."""
    title: str
    """What the statutes call it."""
    minimum: int
    """Holders there must be."""
    maximum: int | None
    """Holders there may be; null for no bound."""
    missing: int
    """Holders below the minimum."""
    holders: list[MandateAnswer]
    """Mandates held, oldest first."""


class BodyAnswer(AnswerModel):
    """A body on a day."""

    body: str
    """Its id."""
    title: str
    """What the statutes call it."""
    article: str
    """Article that creates it."""
    day: str
    """The day."""
    seats: list[SeatAnswer]
    """Its kinds of seat, in the order of the statutes."""


class ProceedingAnswer(AnswerModel):
    """A measure asked for against a member, and how far that has come."""

    proceeding: str = Field(validation_alias=AliasPath("data", "proceeding"))
    """Its id."""
    measure: str = Field(validation_alias=AliasPath("data", "measure"))
    """What is asked for: ``exclusion``, ``sanction`` or ``revocation``."""
    member: str = Field(validation_alias=AliasPath("data", "member"))
    """Pseudonym of the member concerned."""
    grounds: str = Field(validation_alias=AliasPath("data", "grounds"))
    """CID of the grounds."""
    status: str
    """``open``, ``taken``, ``refused``, ``appealed``, ``upheld`` or ``reversed``."""
    served_at: str | None
    """When the member was told; null before."""
    replied: bool
    """Whether the member answered."""
    taken_at: str | None
    """When the measure was decided; null before."""
    entry: int
    """Index of its opening."""


class DraftAnswer(AnswerModel):
    """A session that members ask for."""

    draft: str = Field(validation_alias=AliasPath("data", "draft"))
    """Its id."""
    session: str = Field(validation_alias=AliasPath("data", "session"))
    """The kind of session."""
    title: str = Field(validation_alias=AliasPath("data", "title"))
    """Its title."""
    motions: list[str] = Field(validation_alias=AliasPath("data", "motions"))
    """Motions asked for."""
    supporters: list[str]
    """Pseudonyms of who asks for it."""
    complete_at: str | None
    """When so many did that it has to be called; null before."""
    assembly: str | None
    """The assembly that answered it; null before."""
    entry: int
    """Index of the draft."""


class DisputeAnswer(AnswerModel):
    """A dispute on its ladder."""

    dispute: str = Field(validation_alias=AliasPath("data", "dispute"))
    """Its id."""
    parties: list[str] = Field(validation_alias=AliasPath("data", "parties"))
    """Pseudonyms of those concerned."""
    step: str
    """Where it stands."""
    settled: bool
    """Whether it is over."""
