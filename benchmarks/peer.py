"""pymerkle 7, the closest peer in Python: a Merkle log on SQLite.

It is licensed under the GPL, so it is called here through its documented functions and nowhere else, and
nothing that ships depends on it. It is imported only when a benchmark runs and it is installed.

Source: https://pymerkle.readthedocs.io/
"""

from collections.abc import Sequence
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from anchoring.core.types import LeafIndex

PEER: Final = "pymerkle"
"""Name of the package."""


def peer_is_installed() -> bool:
    """Return whether there is a peer to measure."""
    return find_spec(PEER) is not None


def peer_name() -> str:
    """Return name and version of the peer.

    Raises:
        PackageNotFoundError: It is not installed.
    """
    return f"{PEER} {metadata.version(PEER)}"


class PeerTree:
    """The peer's tree in a file of its own, as it opens it: rollback journal, full synchronisation.

    Args:
        path: File of the tree; made if missing.

    Raises:
        ModuleNotFoundError: The peer is not installed.
    """

    def __init__(self, path: Path) -> None:
        self._module: Final[Any] = import_module(PEER)
        self._tree: Final[Any] = self._module.SqliteTree(str(path))

    def write_ahead(self) -> None:
        """Switch its database to write-ahead mode, which the peer itself does not do."""
        self._tree.con.execute("PRAGMA journal_mode = WAL")
        self._tree.con.execute("PRAGMA synchronous = FULL")

    def append(self, content: bytes) -> None:
        """Append one entry durably."""
        self._tree.append_entry(content)

    def extend(self, contents: Sequence[bytes]) -> None:
        """Append entries in one transaction."""
        self._tree.append_entries(contents)

    def root(self, size: int) -> bytes:
        """Return the root over the first ``size`` entries."""
        root: bytes = self._tree.get_root(size)
        return root

    def prove(self, index: LeafIndex, size: int) -> object:
        """Return the peer's inclusion proof; it counts entries from 1."""
        proof: object = self._tree.prove_inclusion(index + 1, size)
        return proof

    def verify(
        self, proof: object, *, leaf: bytes, index: LeafIndex, size: int, root: bytes
    ) -> None:
        """Check such a proof as the peer does, index and size included."""
        self._module.verify_inclusion(leaf, root, proof, index=index + 1, size=size)

    def close(self) -> None:
        """Close its file."""
        self._tree.close()
