"""Electorates, and how one asks for the proof of one's own place in them."""

from typing import Annotated

from pydantic import StringConstraints

from backend.api.schemas.fields import (
    AnswerModel,
    MemberText,
    RequestModel,
    SaltHex,
    Unsigned,
)
from backend.api.schemas.signatures import MemberSignature, signature_bytes
from backend.services.commands import Statement

VoterText = Annotated[str, StringConstraints(pattern="^v[0-9a-f]{32}$")]
"""Pseudonym of an elector for one decision."""


class ElectorateAnswer(AnswerModel):
    """What is public of the electorate of one decision."""

    motion: str
    """The motion."""
    assembly: str
    """The assembly."""
    decision: str
    """Id of the decision."""
    root: str
    """RFC 9162 root over the salted leaves, hex."""
    size: int
    """Number of electors."""
    leaves: str
    """CID of the document that lists the salted leaves, ascending."""
    entry: int
    """The entry that freezes it: the convocation."""


class ElectorDraft(Unsigned):
    """A member's request for their own line, to be signed."""

    author: MemberText
    """The member."""


class ElectorStatement(ElectorDraft):
    """A member asks for the proof of their own line of the roll."""

    signature: MemberSignature
    """By a key in force of the member."""

    def statement(self) -> Statement:
        """Return what the services understand."""
        return Statement(self.author, self.issued_at, signature_bytes(self.signature))


class ElectorOpening(RequestModel):
    """What the answer to a ballot gave its voter."""

    voter: VoterText
    """The voter pseudonym."""
    elector_salt: SaltHex
    """Salt of its leaf."""


class ElectorProofAnswer(AnswerModel):
    """A ``psephos-elector/1`` file, canonical JSON."""

    decision: str
    """The decision."""
    format: str
    """Always ``psephos-elector/1``."""
    index: int
    """Place of the leaf among the ascending leaves, from 0."""
    path: list[str]
    """Siblings from the leaf to the root, hex."""
    root: str
    """Root over the leaves, hex."""
    salt: str
    """Salt of the leaf, hex."""
    size: int
    """Number of leaves."""
    voter: str
    """The voter pseudonym."""
