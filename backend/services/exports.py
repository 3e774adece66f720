"""Exporting a ledger: as a bundle (docs/formats/bundle.md), or its log alone.

A bundle is everything an auditor needs, as files. The log alone is what a web server publishes and what
the tools of other transparency logs read: tiles, entries and checkpoint (https://c2sp.org/tlog-tiles).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from anchoring.core.anchors_file import AnchoredCheckpoint, format_anchors
from anchoring.core.merkle import consistency_proof
from anchoring.core.note import NoteVerifier
from anchoring.core.receipt import ReceiptAnchor, format_receipt
from anchoring.core.rotations import KeyRotation, format_rotations
from anchoring.core.trust import Trust, format_trust
from anchoring.core.types import LeafIndex, TreeSize
from backend.domain.acts import Slug
from backend.domain.detached import format_keys, format_rolls, format_signatures
from backend.domain.documents import documents_of
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError
from backend.services.receipts import receipt_of, signed_size
from backend.services.views import MAX_PAGE, Reads

TRUST_PATH: Final = "trust.json"
"""The trust file of a bundle."""


LogWriter: TypeAlias = Callable[[Sequence[bytes], Mapping[TreeSize, bytes]], None]
"""Writes entries as tlog-tiles with the partial files of every checkpoint given, the largest checkpoint
last; raises ``VerificationError`` where another history is."""


class BundleFiles(Protocol):
    """The files of one bundle.

    Durability: each method returns after its files are on stable storage. Atomicity: a file is replaced
    as a whole. Paths are relative, with slashes.
    """

    def origin(self) -> str | None:
        """Return the origin of the bundle that is there, None where nothing is there.

        Raises:
            MalformedError: Something is there that is no bundle.
        """
        ...

    def put_document(self, content: bytes) -> str:
        """Store a document among the bundle's documents and return its CID."""
        ...

    def write(self, path: str, content: bytes) -> None:
        """Write or replace a file."""
        ...

    def write_log(self, entries: Sequence[bytes], checkpoints: Mapping[TreeSize, bytes]) -> None:
        """Write the ledger as tlog-tiles, the largest checkpoint last.

        Raises:
            VerificationError: The bundle holds another history.
        """
        ...


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote."""

    size: int
    """Entries, as many as the latest signed checkpoint covers."""
    anchors: int
    """Anchors with evidence."""
    documents: int
    """Documents that its acts refer to."""


def export_bundle(reads: Reads, slug: Slug, trust: Trust, files: BundleFiles) -> Exported:
    """Write the bundle of an organisation, or bring an earlier one up to date.

    The checkpoint comes last: until then an auditor finds the bundle as it was.

    Args:
        reads: Committed facts.
        slug: The organisation.
        trust: Its trust file.
        files: Where the bundle goes.

    Raises:
        NotFoundError: No such organisation, or it has no signed checkpoint yet.
        ConflictError: ``export.origin``: the bundle there is of another ledger.
        MalformedError: What is there is no bundle.
        VerificationError: What is there is another history.
    """
    there = files.origin()
    if there not in {None, trust.origin}:
        raise ConflictError("export.origin", expected=trust.origin, found=str(there))
    checkpoint = reads.checkpoint(slug)
    size = signed_size(checkpoint)
    contents = _contents(reads, slug, size)
    files.write(TRUST_PATH, format_trust(trust))
    documents = _write_documents(reads, slug, contents, files)
    _write_detached(reads, slug, size, files)
    for index in range(size):
        receipt = format_receipt(receipt_of(reads, slug, index))
        files.write(f"receipts/{index:06d}.receipt.json", receipt)
    anchored = _anchored_checkpoints(reads, slug)
    files.write("anchors.json", format_anchors(anchored))
    rotations = tuple(_rotations(reads, slug, size))
    if rotations:
        files.write("rotations.json", format_rotations(rotations))
    files.write_log(contents, _checkpoints(anchored, checkpoint))
    return Exported(size, len(anchored), documents)


def export_log(reads: Reads, slug: Slug, write: LogWriter) -> TreeSize:
    """Write the log of an organisation and nothing else, or bring an earlier one up to date.

    Args:
        reads: Committed facts.
        slug: The organisation.
        write: Writes the files.

    Returns:
        How many entries the checkpoint written covers.

    Raises:
        NotFoundError: No such organisation, or it has no signed checkpoint yet.
        VerificationError: What is there is another history or another log.
    """
    checkpoint = reads.checkpoint(slug)
    size = signed_size(checkpoint)
    anchored = _anchored_checkpoints(reads, slug)
    write(_contents(reads, slug, size), _checkpoints(anchored, checkpoint))
    return size


def _rotations(reads: Reads, slug: Slug, size: int) -> Iterator[KeyRotation]:
    for rotation in reads.state(slug).rotations:
        if rotation.entry < size:
            yield KeyRotation(
                LeafIndex(rotation.entry),
                NoteVerifier.from_text(rotation.log_key),
                reads.covering_checkpoint(slug, rotation.entry),
            )


def _checkpoints(anchored: Sequence[AnchoredCheckpoint], latest: bytes) -> Mapping[TreeSize, bytes]:
    """The checkpoints whose partial tiles are kept: who holds an anchored one may come back with it."""
    by_size = {signed_size(each.checkpoint): each.checkpoint for each in anchored}
    return {**by_size, signed_size(latest): latest}


def _contents(reads: Reads, slug: Slug, size: int) -> list[bytes]:
    contents: list[bytes] = []
    while len(contents) < size:
        limit = min(MAX_PAGE, size - len(contents))
        contents += [view.content for view in reads.entries(slug, len(contents), limit)]
    return contents


def _write_documents(
    reads: Reads, slug: Slug, contents: Sequence[bytes], files: BundleFiles
) -> int:
    sources = reads.sources(slug)
    cids = {cid for content in contents for cid in documents_of(Entry.from_bytes(content).data)}
    for cid in sorted(cids):
        files.put_document(sources.document(cid))
    return len(cids)


def _write_detached(reads: Reads, slug: Slug, size: int, files: BundleFiles) -> None:
    sources, state = reads.sources(slug), reads.state(slug)
    signatures = {index: sources.signatures(index) for index in range(size)}
    keys = {commitment: sources.key(commitment) for commitment in state.keys}
    decisions = [
        item.decision for assembly in state.assemblies.values() for item in assembly.data.agenda
    ]
    rolls = {decision: sources.roll(decision) for decision in decisions}
    files.write(
        "detached/signatures.ndjson",
        format_signatures({index: found for index, found in signatures.items() if found}),
    )
    files.write(
        "detached/keys.ndjson",
        format_keys({name: found for name, found in keys.items() if found is not None}),
    )
    files.write(
        "detached/rolls.ndjson",
        format_rolls(
            {decision: found.values() for decision, found in rolls.items() if found is not None}
        ),
    )


def _anchored_checkpoints(reads: Reads, slug: Slug) -> tuple[AnchoredCheckpoint, ...]:
    node = reads.node(slug)
    anchored: list[AnchoredCheckpoint] = []
    before: TreeSize | None = None
    for view in reads.anchors(slug):
        if view.block_number is None:
            continue
        size = TreeSize(view.size)
        anchor = ReceiptAnchor.of(
            *reads.anchor_evidence(slug, view.chain_id, size),
            reads.anchor_finality(slug, view.chain_id, size),
        )
        proof = None if before is None else consistency_proof(before, size, node)
        anchored.append(AnchoredCheckpoint(reads.checkpoint_at(slug, size), anchor, proof))
        before = size
    return tuple(anchored)
