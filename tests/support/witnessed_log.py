"""A log that asks to be cosigned: honest, or with a second history that leaves the first somewhere."""

from dataclasses import dataclass, field

from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.merkle import LeafNodes, consistency_proof, leaf_hash, root
from anchoring.core.note import NoteSigner
from anchoring.core.types import Head, TreeSize
from anchoring.core.witness import AddCheckpoint, format_add_checkpoint

ORIGIN = "partner.example/log"
"""Origin of the log."""


def log_signer(number: int = 1, *, origin: str = ORIGIN) -> NoteSigner:
    """Return one of the log's keys, or one that is not its own."""
    return NoteSigner.from_seed(origin, bytes((number,)) * 32)


@dataclass(frozen=True)
class WitnessedLog:
    """Entries, and what the log says of them."""

    entries: tuple[bytes, ...]
    signer: NoteSigner = field(default_factory=log_signer)

    def head(self, size: int) -> Head:
        """Return the head of the first entries."""
        leaves = [leaf_hash(entry) for entry in self.entries[:size]]
        return Head(TreeSize(size), root(leaves))

    def checkpoint(self, size: int) -> bytes:
        """Return the signed checkpoint of the first entries."""
        return sign_checkpoint(Checkpoint(self.signer.name, self.head(size)), self.signer)

    def proof(self, old_size: int, size: int) -> tuple[bytes, ...]:
        """Return the consistency proof between two sizes; empty from size 0."""
        nodes = LeafNodes([leaf_hash(entry) for entry in self.entries])
        return consistency_proof(TreeSize(old_size), TreeSize(size), nodes) if old_size else ()

    def request(self, old_size: int, size: int) -> AddCheckpoint:
        """Return an honest request."""
        return AddCheckpoint(TreeSize(old_size), self.proof(old_size, size), self.checkpoint(size))

    def body(self, old_size: int, size: int) -> bytes:
        """Return the body of an honest request."""
        return format_add_checkpoint(self.request(old_size, size))


def numbered_log(size: int, *, fork: int | None = None) -> WitnessedLog:
    """Return a log of numbered entries; a fork has others from that index on."""
    start = size if fork is None else fork
    return WitnessedLog(
        tuple(f"{'entry' if index < start else 'forged'} {index}".encode() for index in range(size))
    )
