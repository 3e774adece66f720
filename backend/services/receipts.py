"""Receipts and proof files: what one entry needs to be proven without the server."""

from enum import StrEnum

from anchoring.core.checkpoint import parse_checkpoint
from anchoring.core.finality_file import AnchorFinality
from anchoring.core.merkle import inclusion_proof
from anchoring.core.note import parse_note
from anchoring.core.receipt import MAX_ANCHORS, Receipt, ReceiptAnchor, keep_short_links
from anchoring.core.tlog_proof import TlogProof
from anchoring.core.types import ChainId, LeafIndex, TreeSize
from backend.domain.acts import Slug
from backend.domain.errors import ConflictError, NotFoundError
from backend.services.views import Reads


class Links(StrEnum):
    """Which finality statements a receipt carries."""

    SHORT = "short"
    """Those that keep the file within ``MAX_RECEIPT_JSON``; the others are files of their own."""
    FULL = "full"
    """All there are, however long the file gets."""


def receipt_of(reads: Reads, slug: Slug, index: int, links: Links = Links.SHORT) -> Receipt:
    """Return the receipt of an entry, with an anchor of every network that holds its checkpoint.

    All anchors of a receipt are of one checkpoint: that of the smallest size that the most networks hold,
    which is the first one where every network anchors every size. A receipt asked for again may so have
    another checkpoint, and each stays true. While no anchor covers the entry, the receipt has the latest
    signed checkpoint and no anchor.

    Args:
        reads: Committed facts.
        slug: The organisation.
        index: The entry.
        links: Which finality statements it carries.

    Raises:
        NotFoundError: No such organisation or entry.
        ConflictError: ``receipt.pending``: no signed checkpoint covers the entry yet; ask again.
    """
    entry = reads.entry(slug, index).content
    covering = reads.covering_anchors(slug, index)
    if covering is None:
        checkpoint, size = _covering_checkpoint(reads, slug, index)
        anchors: tuple[ReceiptAnchor, ...] = ()
    else:
        checkpoint, size = covering.checkpoint, covering.size
        anchors = tuple(
            ReceiptAnchor.of(anchor, evidence, reads.anchor_finality(slug, anchor.chain_id, size))
            for anchor, evidence in covering.anchors[:MAX_ANCHORS]
        )
    place = LeafIndex(index)
    receipt = Receipt(
        entry, place, inclusion_proof(place, size, reads.node(slug)), checkpoint, anchors
    )
    return receipt if links is Links.FULL else keep_short_links(receipt)


def finality_of(reads: Reads, slug: Slug, chain_id: ChainId, size: TreeSize) -> AnchorFinality:
    """Return the finality statement of an anchor, as a file of its own says it.

    Args:
        reads: Committed facts.
        slug: The organisation.
        chain_id: Chain of the anchor.
        size: Size that it anchored.

    Raises:
        NotFoundError: No such organisation or anchor, or nothing ties it to a final block yet.
    """
    anchor, _ = reads.anchor_evidence(slug, chain_id, size)
    statement = reads.anchor_finality(slug, chain_id, size)
    if statement is None:
        raise NotFoundError("finality", f"{size} on chain {chain_id}")
    return AnchorFinality(chain_id, anchor.block_number, anchor.block_hash, statement)


def proof_of(reads: Reads, slug: Slug, index: int) -> TlogProof:
    """Return the C2SP tlog-proof of an entry, against the latest signed checkpoint.

    The latest one, not the first anchored one, because witnesses go on cosigning it.

    Args:
        reads: Committed facts.
        slug: The organisation.
        index: The entry.

    Raises:
        NotFoundError: No such organisation or entry.
        ConflictError: ``receipt.pending``: no signed checkpoint covers the entry yet; ask again.
    """
    reads.entry(slug, index)
    checkpoint, size = _covering_checkpoint(reads, slug, index)
    place = LeafIndex(index)
    return TlogProof(place, inclusion_proof(place, size, reads.node(slug)), checkpoint)


def signed_size(checkpoint: bytes) -> TreeSize:
    """Return the size that one of our own checkpoints states.

    Raises:
        MalformedError: Not a checkpoint note.
    """
    return parse_checkpoint(parse_note(checkpoint).text).head.size


def _covering_checkpoint(reads: Reads, slug: Slug, index: int) -> tuple[bytes, TreeSize]:
    try:
        checkpoint = reads.checkpoint(slug)
    except NotFoundError as error:
        raise _pending(index, TreeSize(0)) from error
    size = signed_size(checkpoint)
    if size <= index:
        raise _pending(index, size)
    return checkpoint, size


def _pending(index: int, size: TreeSize) -> ConflictError:
    return ConflictError(
        "receipt.pending",
        expected=f"a signed checkpoint of {index + 1} entries or more",
        found=f"{size} entries",
    )
