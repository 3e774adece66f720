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

    def call(self) -> Call:
        """Return what the services understand."""
        return Call(
            self.assembly,
            self.title,
            self.channel,
            self.opens_at,
            self.closes_at,
            tuple(self.motions),
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
    title: str
    """Title."""
    channel: str
    """How votes are cast."""
    convener: str
    """Who called it."""
    convened_at: str
    """When it was called."""
    opens_at: str
    """First instant of voting."""
    closes_at: str
    """First instant after voting."""
    statutes: int
    """Version of the statutes that governs it."""
    rules: str
    """SHA-256 of that version's rulebook."""
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
    """Steps: ``rule``, ``article``, ``inputs``, ``verdict``."""
    decided_at: str
    """When it was recorded."""
    entry: int
    """The entry that records it."""
