"""Motions and what they would change."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from backend.api.schemas.fields import (
    AnswerModel,
    Id,
    JsonObject,
    LongText,
    RequestModel,
    TitleText,
)
from backend.api.schemas.members import Authored, AuthoredSigned
from backend.api.schemas.organisations import canonical_document
from backend.domain.acts import MotionKind
from backend.services.motions import FrameworkDocument, Proposal
from backend.services.organisations import StatutesDocuments


class StatutesChange(RequestModel):
    """Adoption replaces the statutes."""

    type: Literal["statutes"]
    """Always ``statutes``."""
    text: LongText
    """Text of the proposed version."""
    rulebook: JsonObject
    """Rulebook of the proposed version."""


class FrameworkChange(RequestModel):
    """Adoption puts a valuation framework in force."""

    type: Literal["framework"]
    """Always ``framework``."""
    document: JsonObject
    """The framework, ``psephos-framework/1``."""


class NoChange(RequestModel):
    """Adoption records the text as a resolution."""

    type: Literal["resolution"]
    """Always ``resolution``."""


class MotionFields(RequestModel):
    """What is proposed."""

    motion: Id
    """Id, chosen by the proposer."""
    kind: MotionKind
    """Kind: decides quorum, majority and permitted effects."""
    title: TitleText
    """Title in the language of the statutes."""
    text: LongText
    """Text of the motion."""
    effect: Annotated[StatutesChange | FrameworkChange | NoChange, Field(discriminator="type")]
    """What adoption changes."""

    def proposal(self) -> Proposal:
        """Return what the services understand.

        Raises:
            MalformedError: A document has no canonical form.
        """
        change: StatutesDocuments | FrameworkDocument | None = None
        if isinstance(self.effect, StatutesChange):
            rulebook = canonical_document(self.effect.rulebook)
            change = StatutesDocuments(self.effect.text.encode(), rulebook)
        if isinstance(self.effect, FrameworkChange):
            change = FrameworkDocument(canonical_document(self.effect.document))
        return Proposal(self.motion, self.kind, self.title, self.text.encode(), change)


class MotionDraft(MotionFields, Authored):
    """A motion to be signed."""


class MotionRequest(MotionFields, AuthoredSigned):
    """A signed motion."""


class MotionAnswer(AnswerModel):
    """A motion."""

    motion: str
    """Id."""
    kind: str
    """Kind of motion."""
    title: str
    """Title."""
    text: str
    """CID of the text."""
    effect: dict[str, JsonValue]
    """What adoption changes, as the entry says it."""
    proposer: str
    """Who proposed."""
    status: str
    """``proposed``, ``withdrawn``, ``convened``, ``closed``, ``adopted``, ``rejected``, ``no_quorum`` or
    ``abrogated``."""
    proposed_at: str
    """When it was proposed."""
    changed_at: str
    """When it was proposed or last amended."""
    supporters: int
    """Members who support it as it stands, the proposer not included."""
    assembly: str | None
    """Last assembly that had it on its agenda."""
    entry: int
    """The entry that proposed it."""


class PollAnswer(AnswerModel):
    """The vote on one motion; what was chosen is opened at the close."""

    motion: str
    """The motion."""
    assembly: str
    """The assembly."""
    decision: str
    """Id of the decision."""
    electorate_size: int
    """Number of electors."""
    opens_at: str
    """First instant of voting."""
    closes_at: str
    """First instant after voting."""
    closed: bool
    """Whether ballots were opened and counted."""
    ballots: int
    """Ballots in the ledger, replaced ones included."""
    voters: int
    """Distinct voters so far."""
    replaced: int
    """Ballots that a later one of the same voter replaced."""
    by_proxy: int | None
    """Ballots that count and were cast under a proxy; null before the close, and where the signatures that
    would tell were destroyed."""
    tally: dict[str, int] | None
    """Votes per choice; null before the close."""
    openings: str | None
    """CID of the document that opens the ballots; null before the close, and where paper was counted."""
    count: str | None
    """CID of the tally of a vote on several options, no tie broken; null before the close, and for one
    proposal."""
