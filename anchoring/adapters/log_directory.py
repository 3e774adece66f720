"""A ledger as static files in a directory, in the layout of C2SP tlog-tiles.

Any web server can publish the directory as it stands, and an auditor reads the same files from a
bundle. Hash tiles, entry bundles and their partial forms are immutable; only ``checkpoint`` is
replaced, and last, so that whatever a checkpoint promises is already there.

Source: https://c2sp.org/tlog-tiles
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from anchoring.core.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from anchoring.core.errors import MalformedError, UnavailableError, VerificationError
from anchoring.core.merkle import LeafNodes, NodeReader, leaf_hash, root_at
from anchoring.core.note import MAX_NOTE_BYTES, NoteVerifier, parse_note
from anchoring.core.tiles import (
    CHECKPOINT_PATH,
    MAX_BUNDLE_BYTES,
    TILE_WIDTH,
    bundle_addresses,
    entries_path,
    entry_files,
    format_tile,
    parse_entry_bundle,
    tile_addresses,
    tile_files,
    tile_path,
)
from anchoring.core.types import HASH_BYTES, Head, TreeSize

_MAX_TILE_BYTES = TILE_WIDTH * HASH_BYTES


@dataclass(frozen=True, slots=True)
class VerifiedLog:
    """A ledger whose checkpoint, entries and hash tiles all agree."""

    entries: tuple[bytes, ...]
    """All entries that the checkpoint covers, in order."""
    checkpoint: Checkpoint
    """The verified checkpoint."""


def write_log(
    directory: Path, entries: Sequence[bytes], checkpoints: Mapping[TreeSize, bytes]
) -> None:
    """Write the files of a ledger, or those that are missing since the last time.

    Every file is written under a temporary name, synced and renamed; the largest checkpoint is
    published after all of them. A crash leaves a directory that serves its old checkpoint, and
    calling again completes it. One writer at a time.

    Args:
        directory: Folder of the ledger; made if missing.
        entries: All entries, in order, at least as many as the largest checkpoint covers.
        checkpoints: Published checkpoint notes by tree size, at least one. The partial tiles and
            bundles of every size are kept, since a client may still hold that checkpoint.

    Raises:
        MalformedError: There is no checkpoint, one covers more entries than there are, one does not
            parse, or an entry is longer than 65,535 bytes.
        VerificationError: A checkpoint states another size or root than its entries have, the
            published checkpoint is of another origin or history or covers more than the largest one
            given, or an immutable file is there with other content. Nothing is overwritten then.
        UnavailableError: The file system refuses.
    """
    if not checkpoints:
        raise MalformedError("checkpoints", "none given")
    sizes = sorted(checkpoints)
    if sizes[-1] > len(entries):
        raise MalformedError("checkpoints", f"size {sizes[-1]} of {len(entries)} entries")
    covered = entries[: sizes[-1]]
    node = LeafNodes([leaf_hash(entry) for entry in covered])
    for size in sizes:
        _check_head(_parse(checkpoints[size]).head, Head(size, root_at(size, node)))
    try:
        directory.mkdir(parents=True, exist_ok=True)
        _check_forward(directory, _parse(checkpoints[sizes[-1]]), node)
        folders = {directory}
        for since, size in pairwise([TreeSize(0), *sizes]):
            for path, content in _files(covered[:size], node, since=since):
                _write_immutable(directory / path, content)
                folders.update(_folders(directory, path))
        for folder in folders:
            _sync_folder(folder)
        _replace(directory / CHECKPOINT_PATH, checkpoints[sizes[-1]])
        _sync_folder(directory)
    except OSError as error:
        raise UnavailableError(str(directory), error.strerror or str(error)) from error


def read_log(directory: Path, verifier: NoteVerifier, origin: str) -> VerifiedLog:
    """Read a ledger and check it against its checkpoint, trusting nothing else in the directory.

    The root is recomputed from the entries, and every hash tile of the checkpoint's size is
    compared with what the entries give. Where a partial file is missing the full one may stand in,
    as a ledger may delete partial files once it has the full one.

    Args:
        directory: Folder of the ledger.
        verifier: Key of the ledger.
        origin: Origin that the checkpoint must state.

    Raises:
        UnavailableError: A file that the checkpoint's size requires is missing or cannot be read.
        MalformedError: The checkpoint or an entry bundle does not parse, or a file is too long.
        VerificationError: The checkpoint is not signed by the key or states another origin, the
            entries do not give its root, or a hash tile is not what the entries give.
    """
    note = _read(directory / CHECKPOINT_PATH, limit=MAX_NOTE_BYTES)
    checkpoint = open_checkpoint(note, verifier, origin=origin)
    size = checkpoint.head.size
    entries: list[bytes] = []
    for address in bundle_addresses(size):
        path = directory / entries_path(*address)
        full = directory / entries_path(address.position)
        data, width = _read_or_full(path, full, width=address.width, limit=MAX_BUNDLE_BYTES)
        entries += parse_entry_bundle(data, width=width)[: address.width]
    node = LeafNodes([leaf_hash(entry) for entry in entries])
    _check_head(checkpoint.head, Head(size, root_at(size, node)))
    for tile in tile_addresses(size):
        name = tile_path(*tile)
        full = directory / tile_path(tile.level, tile.position)
        data, width = _read_or_full(directory / name, full, width=tile.width, limit=_MAX_TILE_BYTES)
        if len(data) != width * HASH_BYTES or not data.startswith(format_tile(tile, node)):
            raise VerificationError("log.tile", expected=f"the hashes of {name}", found="others")
    return VerifiedLog(tuple(entries), checkpoint)


def _files(
    entries: Sequence[bytes], node: NodeReader, *, since: TreeSize
) -> Iterator[tuple[str, bytes]]:
    yield from entry_files(entries, since=since)
    yield from tile_files(TreeSize(len(entries)), node, since=since)


def _folders(directory: Path, path: str) -> Iterator[Path]:
    """Every folder between ``directory`` and the file at ``path`` below it."""
    folder = (directory / path).parent
    while folder != directory:
        yield folder
        folder = folder.parent


def _parse(note: bytes) -> Checkpoint:
    return parse_checkpoint(parse_note(note).text)


def _check_head(stated: Head, found: Head) -> None:
    if stated != found:
        raise VerificationError(
            "log.head",
            expected=f"size {stated.size} root {stated.root.hex()}",
            found=f"size {found.size} root {found.root.hex()}",
        )


def _check_forward(directory: Path, newest: Checkpoint, node: NodeReader) -> None:
    """The published checkpoint, if there is one, is an earlier one of the same ledger and history.

    Two histories need not meet in any file: partial tiles of different widths never do.
    """
    path = directory / CHECKPOINT_PATH
    if not path.exists():
        return
    published = _parse(_read(path, limit=MAX_NOTE_BYTES))
    if published.origin != newest.origin:
        raise VerificationError("log.origin", expected=published.origin, found=newest.origin)
    size = published.head.size
    if size > newest.head.size:
        raise VerificationError(
            "log.checkpoint", expected=f"size {size} or more", found=f"size {newest.head.size}"
        )
    root = root_at(size, node)
    if root != published.head.root:
        raise VerificationError(
            "log.history", expected=f"root {published.head.root.hex()}", found=root.hex()
        )


def _write_immutable(path: Path, content: bytes) -> None:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, content)
    elif path.read_bytes() != content:
        raise VerificationError("log.immutable", expected=f"{path} unchanged", found="new content")


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut (POSIX: a rename is durable only then)."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_or_full(partial: Path, full: Path, *, width: int, limit: int) -> tuple[bytes, int]:
    """Content of the partial file, or of the full one if only that is there, and its width."""
    if not partial.exists() and full.exists():
        return _read(full, limit=limit), TILE_WIDTH
    return _read(partial, limit=limit), width


def _read(path: Path, *, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise UnavailableError(str(path), error.strerror or str(error)) from error
    if len(content) > limit:
        raise MalformedError(str(path), f"longer than {limit} bytes")
    return content
