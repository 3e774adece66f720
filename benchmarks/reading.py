"""Tiles of a large ledger built from its entries, and inclusion proofs read back from them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Final

from anchoring.adapters.log_directory import write_log
from anchoring.adapters.tile_nodes import TileNodes
from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.merkle import (
    LeafNodes,
    inclusion_proof,
    leaf_hash,
    root_at,
    verify_inclusion,
)
from anchoring.core.note import NoteSigner
from anchoring.core.tiles import tile_files
from anchoring.core.types import Head, LeafHash, LeafIndex, TreeSize
from benchmarks.figures import Figure, Reference, Target
from benchmarks.peer import PeerTree, peer_is_installed, peer_name
from benchmarks.sizes import Sizes
from benchmarks.timing import time_in_turn

SIGNER: Final = NoteSigner.from_seed("ledger.example/benchmark", bytes(32))
"""Key of the measured ledger."""

BUILD_TARGET: Final = Target("value", 400_000)
"""Leaves a second, from entries to the bytes of every hash tile."""

PROOF_TARGET: Final = Target("value", 1)
"""Milliseconds of a median inclusion proof, no tile read before."""

VERIFICATION_TARGET: Final = Target("value", 30)
"""Microseconds of a median verification."""

SEED: Final = 6962
"""Of the choice of entries to prove: the same in every run."""


def measure_tiles(folder: Path, entries: Sequence[bytes], sizes: Sizes) -> list[Figure]:
    """Return how fast tiles are built and published; leaves the ledger in ``folder``.

    Args:
        folder: Folder to make the ledger in.
        entries: Its entries.
        sizes: How much to measure.
    """
    size = TreeSize(len(entries))
    cases: dict[str, Callable[[], object]] = {
        "tiles": lambda: _build(entries),
        "leaves": lambda: [leaf_hash(entry) for entry in entries],
    }
    timings = time_in_turn(cases, rounds=sizes.builds, calls=1)
    head = Head(size, root_at(size, LeafNodes([leaf_hash(entry) for entry in entries])))
    checkpoint = sign_checkpoint(Checkpoint(SIGNER.name, head), SIGNER)
    started = perf_counter()
    write_log(folder, entries, {size: checkpoint})
    published = perf_counter() - started
    return [
        Figure(
            f"hash tiles of {size:,} entries built",
            timings.rate("tiles", size),
            "leaves/s",
            Reference("hashing the leaves alone", timings.rate("leaves", size)),
            BUILD_TARGET,
            timings.speed_up("tiles", "leaves"),
        ),
        Figure(
            "the same published with entry bundles, every file synced (once)",
            size / published,
            "leaves/s",
        ),
    ]


def measure_proofs(folder: Path, entries: Sequence[bytes], sizes: Sizes) -> list[Figure]:
    """Return how long inclusion proofs and their verification take.

    Args:
        folder: The ledger that ``measure_tiles`` left; the peer's file is made beside it.
        entries: Its entries.
        sizes: How much to measure.
    """
    leaves = [leaf_hash(entry) for entry in entries]
    proving, verifying = _time_ours(folder, leaves, sizes)
    theirs = _time_peer(folder, entries, leaves, sizes) if peer_is_installed() else None
    size = f"{len(entries):,} entries"
    return [
        Figure(
            f"inclusion proof at {size}, from tiles, none kept",
            proving * 1e3,
            "ms",
            None if theirs is None else Reference(peer_name(), theirs[0] * 1e3),
            PROOF_TARGET,
        ),
        Figure(
            f"verification of an inclusion proof at {size}",
            verifying * 1e6,
            "µs",
            None if theirs is None else Reference(peer_name(), theirs[1] * 1e6),
            VERIFICATION_TARGET,
        ),
    ]


def _build(entries: Sequence[bytes]) -> int:
    node = LeafNodes([leaf_hash(entry) for entry in entries])
    return sum(len(content) for _, content in tile_files(TreeSize(len(entries)), node))


def _time_ours(folder: Path, leaves: Sequence[LeafHash], sizes: Sizes) -> tuple[float, float]:
    """Median seconds of proving and of verifying."""
    size = TreeSize(len(leaves))
    root = root_at(size, LeafNodes(leaves))
    proving, verifying = [], []
    for index in _places(len(leaves), sizes.proofs):
        started = perf_counter()
        proof = inclusion_proof(index, size, TileNodes(folder, size))
        proven = perf_counter()
        verify_inclusion(leaf=leaves[index], index=index, size=size, proof=proof, root=root)
        proving.append(proven - started)
        verifying.append(perf_counter() - proven)
    return median(proving), median(verifying)


def _time_peer(
    folder: Path, entries: Sequence[bytes], leaves: Sequence[LeafHash], sizes: Sizes
) -> tuple[float, float]:
    """Median seconds of proving and of verifying; the peer keeps the cache it comes with."""
    path = folder.with_name("peer.sqlite")
    writer = PeerTree(path)
    writer.extend(entries)
    root = writer.root(len(entries))
    writer.close()
    tree = PeerTree(path)
    proving, verifying = [], []
    for index in _places(len(entries), sizes.peer_proofs):
        started = perf_counter()
        proof = tree.prove(index, len(entries))
        proven = perf_counter()
        tree.verify(proof, leaf=leaves[index], index=index, size=len(entries), root=root)
        proving.append(proven - started)
        verifying.append(perf_counter() - proven)
    tree.close()
    return median(proving), median(verifying)


def _places(size: int, number: int) -> list[LeafIndex]:
    """Places of the entries to prove."""
    choice = Random(SEED)  # noqa: S311  # a repeatable choice, no secret
    return [LeafIndex(choice.randrange(size)) for _ in range(number)]
