"""Ballots."""

from typing import Annotated

from pydantic import Field, StringConstraints

from backend.api.schemas.fields import (
    AnswerModel,
    EpochSeconds,
    MemberText,
    PrefixedHex,
    RecordedAnswer,
    RequestModel,
    SaltHex,
)
from backend.api.schemas.signatures import MemberSignature
from backend.domain.methods.choices import MAX_CHOICE_BYTES
from backend.domain.quantities import MAX_INTEGER
from backend.services.anchor_status import StandingState
from backend.services.ballot_status import Rung
from backend.services.ballots import Vote
from backend.services.named_votes import Naming


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
    """By a key in force of the member, or of the holder of the proxy, over the ballot."""


class BallotRecordedAnswer(RecordedAnswer):
    """What a ballot recorded, and what its voter keeps to find it again."""

    voter: str
    """Pseudonym of the member for this decision."""
    elector_salt: str
    """Salt of the voter's leaf in the electorate, hex."""
    choice: str
    """Commitment to the choice, as the entry states it: the voter's own salt and choice open it."""


class NamedVoteAnswer(AnswerModel):
    """One vote that counts."""

    entry: int
    """Entry of the ballot."""
    voter: str
    """Pseudonym for this decision."""
    choice: str
    """What was chosen."""
    naming: Naming
    """`named`; `withheld`: the voter did not consent; `erased`: the register holds the name no more;
    `redacted`: the roll was destroyed, so nobody can tell whose vote it is."""
    name: str | None
    """The name that the register holds now; null where it is not shown."""


class AnchoredRungAnswer(AnswerModel):
    """A block that includes a head of the ledger that covers a ballot."""

    chain_id: int
    """EIP-155 chain id."""
    size: int
    """Size of the head."""
    state: StandingState
    """How the anchor stands."""
    block_number: int
    """The block."""
    block_hash: PrefixedHex
    """Its hash."""
    block_time: int
    """Its time, seconds since the epoch, as the block itself says."""
    transaction_hash: PrefixedHex
    """The transaction."""


class BallotStatusAnswer(AnswerModel):
    """How far a ballot has come, and whether it is the one that counts."""

    entry: int
    """Its entry."""
    motion: str
    """The motion."""
    assembly: str
    """The assembly."""
    decision: str
    """Id of the decision."""
    voter: str
    """Pseudonym of the voter for this decision."""
    choice: str
    """Commitment to the choice."""
    nonce: int
    """Ballots of this voter before it."""
    status: Rung
    """The highest rung reached: `logged`, `checkpointed`, `anchored` or `final`. The rung before them,
    `received`, is never reported: what was received and not logged leaves nothing behind."""
    received_at: str
    """When the server took the request up, as the entry claims."""
    logged_size: int
    """Size of the ledger right after it."""
    checkpoint_size: int | None
    """Size of the first signed checkpoint that covers it; null while there is none."""
    anchors: list[AnchoredRungAnswer]
    """For each chain the first block with a head that covers it."""
    final: list[AnchoredRungAnswer]
    """For each chain the first such block that is final."""
    replaced_by: int | None
    """Entry of the voter's next ballot; null for the last one."""
    counts: bool
    """Whether it is the one that counts, or would if voting ended now."""
    closed: bool
    """Whether voting is over and the ballots are counted."""
