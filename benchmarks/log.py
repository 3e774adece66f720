"""The benchmark of the ledger and its anchors: every figure of docs/benchmarks.md."""

from pathlib import Path

from anchoring.core.types import TreeSize
from benchmarks.anchors import measure_gas, measure_receipts
from benchmarks.appending import measure_appends
from benchmarks.figures import Figure
from benchmarks.reading import measure_proofs, measure_tiles
from benchmarks.sizes import Sizes, numbered_entry


def measure_log(folder: Path, sizes: Sizes) -> list[Figure]:
    """Return every figure.

    Args:
        folder: Empty folder on the disk to measure; takes about 2 GB with the default sizes.
        sizes: How much to measure.
    """
    figures = measure_appends(folder, sizes)
    figures += measure_gas(folder, sizes.entries)
    entries = [numbered_entry(number) for number in range(sizes.entries)]
    log = folder / "log"
    figures += measure_tiles(log, entries, sizes)
    figures += measure_receipts(log, TreeSize(sizes.entries))
    figures += measure_proofs(log, entries, sizes)
    return figures
