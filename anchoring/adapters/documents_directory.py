"""A document store in a directory: one file per block, named by its CID.

A block is written to a temporary file, flushed to the device, then renamed, so a file with the name
of a CID is always whole. The root block is renamed only after every block below it is durable: who
finds the root after a crash finds the document.
"""

import os
import tempfile
from pathlib import Path

from anchoring.core.cid import (
    MAX_BLOCK_BYTES,
    Block,
    document_blocks,
    join_document,
    parse_cid,
    verify_block,
)
from anchoring.core.errors import AnchoringError, UnavailableError

TEMPORARY_PREFIX = ".incoming-"
"""Starts the name of a file being written; no CID starts so, and any left over may be deleted."""


class DirectoryDocuments:
    """Blocks as files of one directory, which is created when missing.

    Args:
        root: The directory. Several processes may share it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._name = f"directory {root}"

    def put(self, content: bytes) -> str:
        """Store a document and return its CID; see ``DocumentStore.put``.

        A block that is already there is read, and kept when it is sound, replaced when it is not.

        Raises:
            MalformedError: The document exceeds ``core.cid.MAX_DOCUMENT_BYTES``.
            UnavailableError: The directory could not be written.
        """
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            *below, top = document_blocks(content)
            for block in below:
                self._write(block)
            if below:
                self._flush_directory()
            self._write(top)
            self._flush_directory()
        except OSError as error:
            raise UnavailableError(self._name, str(error)) from error
        return top.cid

    def get(self, cid: str) -> bytes:
        """Return the whole document, every block hashed again; see ``DocumentStore.get``."""
        return join_document(cid, self._load)

    def has(self, cid: str) -> bool:
        """Tell whether the root block of ``cid`` is held; see ``DocumentStore.has``.

        Raises:
            MalformedError: ``cid`` is not a CID of the profile.
        """
        parse_cid(cid)
        return (self._root / cid).is_file()

    def _load(self, cid: str) -> bytes:
        # Only parsed CIDs come here, so no name leaves the directory.
        try:
            with (self._root / cid).open("rb") as file:
                return file.read(MAX_BLOCK_BYTES + 1)
        except OSError as error:
            block = f"block {cid}"
            raise UnavailableError(block, str(error)) from error

    def _holds(self, block: Block) -> bool:
        try:
            verify_block(Block(block.cid, self._load(block.cid)))
        except AnchoringError:
            return False
        return True

    def _write(self, block: Block) -> None:
        if self._holds(block):
            return
        descriptor, name = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, dir=self._root)
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                # Blocks are public, and whoever serves them may run under another account.
                os.fchmod(file.fileno(), 0o644)
                file.write(block.content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._root / block.cid)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise

    def _flush_directory(self) -> None:
        descriptor = os.open(self._root, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
