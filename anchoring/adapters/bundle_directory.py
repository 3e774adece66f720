"""A bundle in a directory, as the exporter writes it (docs/formats/bundle.md).

Every file is written under a temporary name, synced and renamed, so that a crash leaves whole files,
and the next export completes what is missing.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from anchoring.adapters.documents_directory import DirectoryDocuments
from anchoring.adapters.log_directory import write_log
from anchoring.core.errors import MalformedError, UnavailableError
from anchoring.core.trust import MAX_TRUST_BYTES, parse_trust
from anchoring.core.types import TreeSize


class BundleDirectory:
    """The files of one bundle.

    Args:
        root: The directory; made if missing.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._documents = DirectoryDocuments(root / "documents")

    def origin(self) -> str | None:
        """Return the origin of the bundle that is there, None for an empty or missing directory.

        Raises:
            MalformedError: The directory holds files but no trust file, or one that does not parse.
            UnavailableError: The file system refuses.
        """
        try:
            if not self._root.exists() or not any(self._root.iterdir()):
                return None
            trust = self._root / "trust.json"
            if not trust.exists():
                raise MalformedError("bundle", f"{self._root} holds other files and no trust.json")
            with trust.open("rb") as file:
                return parse_trust(file.read(MAX_TRUST_BYTES + 1)).origin
        except OSError as error:
            raise UnavailableError(str(self._root), error.strerror or str(error)) from error

    def put_document(self, content: bytes) -> str:
        """Store a document among the bundle's documents and return its CID."""
        return self._documents.put(content)

    def write(self, path: str, content: bytes) -> None:
        """Write or replace a file.

        Raises:
            UnavailableError: The file system refuses.
        """
        target = self._root / path
        temporary = target.with_name(f".{target.name}.tmp")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        except OSError as error:
            raise UnavailableError(str(target), error.strerror or str(error)) from error

    def write_log(self, entries: Sequence[bytes], checkpoints: Mapping[TreeSize, bytes]) -> None:
        """Write the ledger; see ``log_directory.write_log``."""
        write_log(self._root / "ledger", entries, checkpoints)
