"""A witness's memory that a test can look into, and delay between reading and writing."""

from collections.abc import Callable
from hashlib import sha256

from anchoring.core.types import Head


class MemoryWitnessStore:
    """Implements ``WitnessStore`` for one thread.

    Args:
        meanwhile: Called after every read, to let something else happen before the write.
    """

    def __init__(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        self._heads: dict[str, Head] = {}
        self._notes: dict[str, bytes] = {}
        self._meanwhile = meanwhile

    def head(self, origin: str) -> Head | None:
        """Return the stored head."""
        head = self._heads.get(origin)
        self._meanwhile()
        return head

    def advance(self, origin: str, *, seen: Head | None, head: Head, note: bytes) -> bool:
        """Store the head if the stored one was seen."""
        if self._heads.get(origin) != seen:
            return False
        self._heads[origin] = head
        self._notes[sha256(origin.encode()).hexdigest()] = note
        return True

    def note(self, origin_hash: str) -> bytes | None:
        """Return the stored note."""
        return self._notes.get(origin_hash)
