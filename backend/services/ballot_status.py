"""How far a ballot has come, and whether it is the one that counts.

The ladder has five rungs. ``received``: the server has the request in hand. This is a moment, not a state
that can be asked for: what was received and not recorded leaves nothing behind, and whoever got no answer
sends the same request again. ``logged``: the entry is in the ledger, on stable storage, and the voter is
answered only then. ``checkpointed``: a signed checkpoint covers it, so the server can no longer leave it out
unseen. ``anchored``: a block includes the head of such a checkpoint. ``final``: that block is final.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from anchoring.core.evidence import verify_evidence
from anchoring.core.types import TreeSize
from backend.domain.acts import BallotCast, Slug, VoterId
from backend.domain.commitments import Hex32
from backend.domain.entry import Entry
from backend.domain.errors import NotFoundError
from backend.domain.instants import Instant
from backend.services.anchor_status import StandingState
from backend.services.receipts import signed_size
from backend.services.view_types import AnchorView
from backend.services.views import Reads


class Rung(StrEnum):
    """How far an entry has come; each rung includes those before it."""

    LOGGED = "logged"
    """It is in the ledger."""
    CHECKPOINTED = "checkpointed"
    """A signed checkpoint covers it."""
    ANCHORED = "anchored"
    """A block includes a head that covers it."""
    FINAL = "final"
    """That block is final."""


@dataclass(frozen=True, slots=True)
class AnchoredRung:
    """A block that includes a head that covers the entry."""

    chain_id: int
    """EIP-155 chain id."""
    size: int
    """Size of the head."""
    state: StandingState
    """How the anchor stands."""
    block_number: int
    """The block."""
    block_hash: bytes
    """Its hash, 32 bytes."""
    block_time: int
    """Its time, seconds since the epoch, as the block itself says."""
    transaction_hash: bytes
    """The transaction, 32 bytes."""


@dataclass(frozen=True, slots=True)
class BallotStatus:
    """Everything that is public of one ballot."""

    entry: int
    """Its entry."""
    motion: Slug
    """The motion."""
    assembly: Slug
    """The assembly."""
    decision: Hex32
    """The decision."""
    voter: VoterId
    """Pseudonym of the voter for this decision."""
    choice: Hex32
    """Commitment to the choice."""
    nonce: int
    """Ballots of this voter before it."""
    status: Rung
    """The highest rung reached."""
    received_at: Instant
    """When the server took the request up, as the entry claims."""
    logged_size: int
    """Size of the ledger right after it."""
    checkpoint_size: int | None
    """Size of the first signed checkpoint that covers it; None while there is none."""
    anchors: tuple[AnchoredRung, ...]
    """For each chain the first block with a head that covers it, by chain id."""
    final: tuple[AnchoredRung, ...]
    """For each chain the first such block that is final, by chain id."""
    replaced_by: int | None
    """Entry of the voter's next ballot; None for the last one."""
    counts: bool
    """Whether it is the one that counts, or would if voting ended now."""
    closed: bool
    """Whether voting is over and the ballots are counted."""


def ballot_status(reads: Reads, slug: Slug, motion: Slug, index: int) -> BallotStatus:
    """Return how far a ballot has come.

    Args:
        reads: Committed facts.
        slug: The organisation.
        motion: The motion.
        index: Entry of the ballot.

    Raises:
        NotFoundError: No such organisation or entry, or it is no ballot on this motion.
    """
    view = reads.entry(slug, index)
    data = Entry.from_bytes(view.content).data
    if not isinstance(data, BallotCast) or data.motion != motion:
        raise NotFoundError("ballot", str(index))
    assembly, _ = reads.state(slug).item_of(data.decision)
    checkpoint_size = _checkpoint_size(reads, slug, index)
    anchors = reads.anchors(slug)
    later = [each.entry for each in reads.ballots_of(slug, motion, data.voter)]
    replaced_by = next((entry for entry in later if entry > index), None)
    first = _first_of_each_chain(anchors, index)
    final = _first_of_each_chain(_final(anchors), index)
    return BallotStatus(
        entry=index,
        motion=motion,
        assembly=assembly.data.call.assembly,
        decision=data.decision,
        voter=data.voter,
        choice=data.choice,
        nonce=data.nonce,
        status=rung_of(checkpoint_size, first, final),
        received_at=view.at,
        logged_size=index + 1,
        checkpoint_size=checkpoint_size,
        anchors=tuple(_anchored(reads, slug, anchor) for anchor in first),
        final=tuple(_anchored(reads, slug, anchor) for anchor in final),
        replaced_by=replaced_by,
        counts=replaced_by is None,
        closed=assembly.closed,
    )


def rung_of(
    checkpoint_size: int | None, anchored: Sequence[AnchorView], final: Sequence[AnchorView]
) -> Rung:
    """Return the highest rung that a logged entry has reached.

    Args:
        checkpoint_size: Size of a signed checkpoint that covers it; None for none.
        anchored: Anchors in blocks that cover it.
        final: Those whose blocks are final.
    """
    if final:
        return Rung.FINAL
    if anchored:
        return Rung.ANCHORED
    return Rung.LOGGED if checkpoint_size is None else Rung.CHECKPOINTED


def _final(anchors: Sequence[AnchorView]) -> list[AnchorView]:
    return [anchor for anchor in anchors if anchor.state is StandingState.FINALIZED]


def _first_of_each_chain(anchors: Sequence[AnchorView], index: int) -> list[AnchorView]:
    """Return the smallest anchor in a block that covers an entry, for each chain that has one."""
    found: dict[int, AnchorView] = {}
    for anchor in anchors:
        if anchor.block_number is not None and anchor.size > index:
            found.setdefault(anchor.chain_id, anchor)
    return [found[chain_id] for chain_id in sorted(found)]


def _anchored(reads: Reads, slug: Slug, view: AnchorView) -> AnchoredRung:
    anchor, evidence = reads.anchor_evidence(slug, view.chain_id, TreeSize(view.size))
    return AnchoredRung(
        view.chain_id,
        view.size,
        view.state,
        anchor.block_number,
        anchor.block_hash,
        verify_evidence(evidence, anchor).block_time,
        anchor.transaction_hash,
    )


def _checkpoint_size(reads: Reads, slug: Slug, index: int) -> int | None:
    try:
        return signed_size(reads.covering_checkpoint(slug, index))
    except NotFoundError:
        return None
