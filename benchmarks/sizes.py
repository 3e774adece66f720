"""How much a run measures."""

from dataclasses import dataclass
from typing import Final

ENTRY_BYTES: Final = 457
"""Length of the entries of a run: that of a signed ballot."""

LONG_ENTRY_BYTES: Final = 1_466
"""Length of the entry in a receipt: that of a founding by three, the longest act of the model life."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much a run measures; the defaults are those of the published figures."""

    entries: int = 1_000_000
    """Entries of the ledger whose tiles and proofs are measured."""
    rounds: int = 15
    """Rounds of the timings that write durably; their medians count."""
    appends: int = 100
    """Single appends in a round."""
    batches: int = 8
    """Batches in a round."""
    batch: int = 256
    """Entries of one batch."""
    builds: int = 5
    """Rounds of building all tiles."""
    proofs: int = 1_000
    """Inclusion proofs made and verified."""
    peer_proofs: int = 40
    """Inclusion proofs of the peer: they take a thousand times longer."""
    acts: int = 40
    """Signed acts in a round of the governance path."""


def numbered_entry(number: int, length: int = ENTRY_BYTES) -> bytes:
    """Return an entry of that length, another one for each number."""
    return (b'{"act":"ballot.cast","number":%d}' % number).ljust(length)
