"""Genuine anchors files, made by a ledger and chains in memory."""

from collections.abc import Sequence

from anchoring.adapters.memory_chain import MemoryChain
from anchoring.core.anchors_file import AnchoredCheckpoint
from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.finality import FinalityStatement
from anchoring.core.merkle import LeafNodes, consistency_proof, leaf_hash
from anchoring.core.receipt import ReceiptAnchor
from anchoring.core.types import Head, TreeSize
from tests.support.receipts import ORIGIN, SIGNER, ledger_head


def entries_of(count: int, *, word: bytes = b"entry") -> list[bytes]:
    """Entries of a ledger; another ``word`` makes another history."""
    return [word + b" %d" % number for number in range(count)]


def note_of(head: Head) -> bytes:
    return sign_checkpoint(Checkpoint(ORIGIN, head), SIGNER)


def anchored(
    chains: Sequence[MemoryChain], sizes: Sequence[int], *, entries: Sequence[bytes] | None = None
) -> tuple[AnchoredCheckpoint, ...]:
    """Anchor each size on each chain, in this order, and return the file's items."""
    written = entries_of(max(sizes)) if entries is None else entries
    nodes = LeafNodes([leaf_hash(entry) for entry in written])
    items: list[AnchoredCheckpoint] = []
    last: TreeSize | None = None
    for size in sizes:
        head = ledger_head(written[:size])
        for chain in chains:
            chain.broadcast(chain.sign_anchor(head))
            anchor = chain.find_anchor(head.size)
            if anchor is None:
                raise LookupError(head)
            proof = None if last is None else consistency_proof(last, head.size, nodes)
            about = ReceiptAnchor.of(anchor, chain.capture_evidence(anchor))
            items.append(AnchoredCheckpoint(note_of(head), about, proof))
            last = head.size
    return tuple(items)


def with_finality(anchor: ReceiptAnchor, statement: FinalityStatement) -> ReceiptAnchor:
    """Return the anchor with a statement about it."""
    return ReceiptAnchor.of(anchor.claim(Head(TreeSize(1), _ROOT)), anchor.evidence, statement)


_ROOT = ledger_head([b"any"]).root
