"""Bundles of a memory ledger on disk, honest or rebuilt after tampering."""

from collections.abc import Sequence
from pathlib import Path

from anchoring.adapters.documents_directory import DirectoryDocuments
from anchoring.adapters.log_directory import write_log
from anchoring.adapters.memory_chain import BLOCK_SECONDS, MemoryChain
from anchoring.core.anchors_file import AnchoredCheckpoint, format_anchors
from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.merkle import LeafNodes, consistency_proof, leaf_hash, root
from anchoring.core.note import NoteSigner
from anchoring.core.receipt import ReceiptAnchor
from anchoring.core.trust import Network, Trust, format_trust
from anchoring.core.types import Address, ChainId, Head, TreeSize
from backend.domain.detached import format_keys, format_rolls, format_signatures
from backend.domain.documents import documents_of
from backend.domain.entry import Entry
from backend.domain.instants import epoch_seconds
from tests.support.memory_ledger import MemoryLedger
from tests.support.model_organisation import DOMAIN, ORIGIN
from tests.support.organisations import Simulation, play_whole_life

LOG_KEY = NoteSigner.from_seed(ORIGIN, bytes(range(32)))
"""The log key, which a forger of these tests holds too."""


def whole_life() -> MemoryLedger:
    simulation, ledger = Simulation.in_memory()
    play_whole_life(simulation)
    return ledger


def checkpoint(entries: Sequence[bytes]) -> tuple[Head, bytes]:
    head = Head(TreeSize(len(entries)), root([leaf_hash(entry) for entry in entries]))
    return head, sign_checkpoint(Checkpoint(ORIGIN, head), LOG_KEY)


def write_bundle(
    directory: Path,
    ledger: MemoryLedger,
    *,
    entries: Sequence[Entry] | None = None,
    anchored: Sequence[int] | None = None,
    detached: bool = True,
    block_delay_s: int = 0,
    late: int | None = None,
) -> None:
    """Write what an export would.

    ``entries`` replaces the ledger's own when it was tampered with; blocks are ``block_delay_s`` later
    than the last entry they anchor. A second chain anchors the size ``late`` after the last entry of all.
    """
    written = list(ledger.entries if entries is None else entries)
    encoded = [entry.to_bytes() for entry in written]
    head, note = checkpoint(encoded)
    directory.mkdir(parents=True, exist_ok=True)
    write_log(directory / "ledger", encoded, {head.size: note})
    store = DirectoryDocuments(directory / "documents")
    for entry in written:
        for cid in documents_of(entry.data):
            store.put(ledger.sources.document(cid))
    _write_anchors(directory, written, encoded, anchored, block_delay_s, late)
    if detached:
        folder = directory / "detached"
        folder.mkdir(exist_ok=True)
        sources = ledger.sources
        (folder / "signatures.ndjson").write_bytes(format_signatures(sources.signatures_by_entry))
        (folder / "keys.ndjson").write_bytes(format_keys(sources.keys))
        rolls = {decision: list(roll.values()) for decision, roll in sources.rolls.items()}
        (folder / "rolls.ndjson").write_bytes(format_rolls(rolls))


def _write_anchors(
    directory: Path,
    written: Sequence[Entry],
    encoded: Sequence[bytes],
    anchored: Sequence[int] | None,
    block_delay_s: int,
    late: int | None,
) -> None:
    contract = Address(bytes.fromhex(DOMAIN.contract[2:]))
    chain = MemoryChain(chain_id=ChainId(DOMAIN.chain_id), contract=contract)
    second = MemoryChain(chain_id=ChainId(DOMAIN.chain_id + 1), contract=contract)
    anchors: list[AnchoredCheckpoint] = []
    nodes = LeafNodes([leaf_hash(entry) for entry in encoded])
    last: TreeSize | None = None
    sizes = anchored if anchored is not None else range(1, len(encoded) + 1)
    plan = [(size, chain, size) for size in sizes]
    plan += [] if late is None else [(late, second, len(encoded))]
    for size, place, timed_by in sorted(plan, key=lambda each: each[0]):
        block = len(place.blocks) + 1
        place.genesis_time = (
            epoch_seconds(written[timed_by - 1].at) - BLOCK_SECONDS * block + block_delay_s
        )
        head, note = checkpoint(encoded[:size])
        place.broadcast(place.sign_anchor(head))
        anchor = place.find_anchor(head.size)
        if anchor is None:
            message = "the memory chain mines at once"
            raise LookupError(message)
        evidence = place.capture_evidence(anchor)
        proof = None if last is None else consistency_proof(last, head.size, nodes)
        anchors.append(AnchoredCheckpoint(note, ReceiptAnchor.of(anchor, evidence), proof))
        last = head.size
    (directory / "anchors.json").write_bytes(format_anchors(tuple(anchors)))
    networks = tuple(
        Network(name, place.chain_id, place.contract, place.publisher)
        for name, place in (("memory", chain), ("second", second))
        if place.blocks
    )
    trust = Trust(ORIGIN, LOG_KEY.verifier, networks)
    (directory / "trust.json").write_bytes(format_trust(trust))
