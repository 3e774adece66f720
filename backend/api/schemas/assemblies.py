"""Assemblies: calls, agendas, decisions."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from backend.api.schemas.fields import AnswerModel, Id, InstantText, RequestModel, TitleText
from backend.api.schemas.members import Authored, AuthoredSigned
from backend.domain.acts import Call


class CallFields(RequestModel):
    """What the convener asks for."""

    assembly: Id
    """Id of the assembly."""
    session: Id
    """Kind of session, as the rulebook names it."""
    title: TitleText
    """Title in the language of the statutes."""
    channel: Literal["remote", "room", "correspondence"]
    """How votes are cast."""
    opens_at: InstantText
    """First instant at which ballots are taken."""
    closes_at: InstantText
    """First instant at which they no longer are."""
    motions: Annotated[list[Id], Field(min_length=1, max_length=100)]
    """Motions put to the vote, in order."""
    round: Literal[1, 2] = 1
    """First or second convocation."""
    previous: Id | None = None
    """The assembly that was not quorate, exactly on second convocation."""
    draft: Id | None = None
    """The draft whose supporters ask for it, where they do."""
    place: Id | None = None
    """The place it concerns, exactly where the session meets at a territorial level."""

    def call(self) -> Call:
        """Return what the services understand."""
        return Call(
            assembly=self.assembly,
            session=self.session,
            title=self.title,
            channel=self.channel,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            motions=tuple(self.motions),
            round=self.round,
            previous=self.previous,
            draft=self.draft,
            place=self.place,
        )


class CallDraft(CallFields, Authored):
    """A call to be signed."""


class CallRequest(CallFields, AuthoredSigned):
    """A signed call."""


class AgendaItemAnswer(AnswerModel):
    """One motion on an agenda."""

    motion: str
    """The motion."""
    decision: str
    """Id of the decision."""
    electorate_root: str
    """Merkle root over the salted leaves of the electors."""
    electorate_size: int
    """Number of electors."""
    electorate_leaves: str
    """CID of the document of the leaves."""


class AssemblyAnswer(AnswerModel):
    """An assembly."""

    assembly: str
    """Id."""
    session: str
    """Kind of session."""
    round: int
    """First or second convocation."""
    previous: str | None
    """The assembly that was not quorate, on second convocation."""
    draft: str | None
    """The draft that it answers."""
    place: str | None
    """The place it concerns; None for the whole organisation."""
    title: str
    """Title."""
    channel: str
    """How votes are cast."""
    convener: str
    """Who called it."""
    convened_at: str
    """When it was called."""
    opens_at: str
    """First instant of voting, after every adjournment."""
    closes_at: str
    """First instant after voting."""
    statutes: int
    """Version of the statutes that governs it."""
    rules: str
    """SHA-256 of the rulebook that governs it."""
    closed: bool
    """Whether ballots were opened and counted."""
    agenda: list[AgendaItemAnswer]
    """Items in the order of the call."""
    entry: int
    """The entry that convened it."""


class OpeningAnswer(AnswerModel):
    """Who was there when a session opened."""

    entitled: int
    """Members with a vote in it."""
    present: int
    """Of these, those there."""
    represented: int
    """Of these, those absent whose proxy is there."""


class ProxyAnswer(AnswerModel):
    """A proxy."""

    proxy: str = Field(validation_alias="id")
    """Id."""
    grantor: str
    """Pseudonym of who is represented."""
    holder: str
    """Pseudonym of who represents."""
    motions: list[str]
    """Motions for which it was given; empty for all of the agenda."""
    until: str | None
    """Last instant for which it was given; null for the whole session."""
    revoked: bool
    """Whether it was taken back."""
    entry: int
    """Index of the act."""


class AttendanceAnswer(AnswerModel):
    """How a session went: who was told, who was there, and what followed."""

    assembly: str
    """The assembly."""
    electors: int
    """Members with a vote in it, frozen at the call."""
    notice_entry: int | None
    """Index of the record of notices; null where none is recorded."""
    must_open: bool
    """Whether an opening comes before the first ballot."""
    opened: OpeningAnswer | None
    """Who was there at the opening; null before, and where none is needed."""
    opened_entry: int | None
    """Index of the opening; null without one."""
    presence: dict[str, str]
    """Attendance by pseudonym: ``room``, ``remote`` or ``excused``."""
    proxies: list[ProxyAnswer]
    """Proxies given, by id."""
    represented: dict[str, str]
    """Who stands for whom: absent grantor to present holder."""
    quorate: dict[str, bool]
    """For each motion whose quorum is judged at the opening, whether it was met; empty before."""
    minutes_entry: int | None
    """Index of the minutes; null before."""


class DecisionAnswer(AnswerModel):
    """The outcome of a motion, with the derivation that makes it valid."""

    motion: str
    """The motion."""
    assembly: str
    """The assembly."""
    decision: str
    """Id of the decision."""
    outcome: str
    """``adopted``, ``rejected`` or ``no_quorum``."""
    derivation: list[dict[str, JsonValue]]
    """Steps: ``rule``, ``article``, ``inputs``, ``verdict``, and ``entries`` where inputs come from some."""
    chosen: list[str]
    """Of several options, those chosen, in the order of their choice."""
    count: str | None
    """CID of the tally of a vote on several options, ties broken; null for one proposal."""
    decided_at: str
    """When it was recorded."""
    entry: int
    """The entry that records it."""
