"""Ballots."""

from typing import Annotated

from pydantic import Field, StringConstraints

from backend.api.schemas.fields import (
    EpochSeconds,
    MemberText,
    RecordedAnswer,
    RequestModel,
    SaltHex,
)
from backend.api.schemas.signatures import MemberSignature
from backend.domain.methods.choices import MAX_CHOICE_BYTES
from backend.domain.quantities import MAX_INTEGER
from backend.services.ballots import Vote


class BallotDraft(RequestModel):
    """A ballot to be signed; only the server learns the choice, and opens it after the close."""

    member: MemberText
    """Whose vote it is; the ledger will only know a pseudonym for this decision."""
    choice: Annotated[str, StringConstraints(min_length=1, max_length=MAX_CHOICE_BYTES)]
    """``yes``, ``no`` or ``abstain``; in a consent round ``consent`` or ``abstain``; on several options the
    canonical text that the ballot's schema asks for, or ``blank``."""
    choice_salt: SaltHex
    """Salt of the commitment to the choice, drawn by the voter."""
    cast_at: EpochSeconds
    """Time of signature."""
    nonce: Annotated[int, Field(ge=0, le=MAX_INTEGER)]
    """Number of ballots cast for this member on this motion before."""
    holder: MemberText | None = None
    """Who votes and signs for the member under a proxy; null where the member does."""

    def vote(self, motion: str) -> Vote:
        """Return what the services understand."""
        salt = bytes.fromhex(self.choice_salt)
        return Vote(motion, self.member, self.choice, salt, self.cast_at, self.nonce, self.holder)


class BallotRequest(BallotDraft):
    """A signed ballot."""

    signature: MemberSignature
    """By the key bound to the member, or to the holder of the proxy, over the ballot."""


class BallotRecordedAnswer(RecordedAnswer):
    """What a ballot recorded, and what its voter keeps to find it again."""

    voter: str
    """Pseudonym of the member for this decision."""
    elector_salt: str
    """Salt of the voter's leaf in the electorate, hex."""
