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
    decided_at: str
    """When it was recorded."""
    entry: int
    """The entry that records it."""
