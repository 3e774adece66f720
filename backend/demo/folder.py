"""The folder of a demonstration: recognised, resumed, or moved aside; nothing unknown is ever touched.

F1 a folder is a demonstration's if it holds ``demo.json``. F2 the same texts resume it; other texts, or a
lost server below finished files, move it to ``<folder>.previous``. F3 an earlier ``.previous`` is replaced
only if it is a demonstration's too. F4 anything else in the way is an error.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from backend.demo.wallets import SEED_BYTES

MARKER = "demo.json"
"""File that makes a folder a demonstration's."""

SERVER = "server"
"""Folder of the server's data; everything beside it is what an auditor gets."""

_SEED = "demo.seed"
_LOCK = "demo.lock"


class Marker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Content of the marker."""

    format: Literal["psephos-demo/1"]
    """Format and version."""
    texts: str
    """SHA-256 over the texts that are played, hex."""


class FolderError(Exception):
    """The folder cannot be used.

    Args:
        path: What is in the way.
        reason: ``foreign`` not a demonstration's, ``busy`` in use by another process.
    """

    def __init__(self, path: Path, reason: Literal["foreign", "busy"]) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class DemoFolder:
    """A folder that belongs to a demonstration of certain texts.

    Args:
        root: The folder.
        moved: Where an earlier demonstration was moved, if one was in the way.
        resumed: Whether a demonstration of the same texts had begun in it.
    """

    def __init__(self, root: Path, *, moved: Path | None, resumed: bool) -> None:
        self.root = root
        self.moved = moved
        self.resumed = resumed

    @property
    def server(self) -> Path:
        """Data of the server."""
        return self.root / SERVER

    def seed(self) -> bytes:
        """Return the seed of the wallets, drawn on first use, 32 bytes."""
        path = self.server / _SEED
        if not path.exists():
            _write_whole(path, secrets.token_hex(SEED_BYTES).encode(), mode=0o600)
        return bytes.fromhex(path.read_text("ascii"))

    def write(self, name: str, content: bytes) -> None:
        """Write or replace a public file of the folder."""
        _write_whole(self.root / name, content, mode=0o644)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other demonstrations out of the folder.

        Raises:
            FolderError: ``busy``.
        """
        with _locked(self.root):
            yield


def open_folder(root: Path, *, texts: str) -> DemoFolder:
    """Make a folder ready for a demonstration (F1 to F4).

    Args:
        root: The folder; its parents are made.
        texts: SHA-256 over the texts that are to be played, hex.

    Raises:
        FolderError: ``foreign``: it, or the place to move it to, is not a demonstration's; ``busy``: it
            would have to be moved while another process uses it.
    """
    marker = _marker(root)
    moved = None
    resumed = marker is not None and marker.texts == texts and not _orphaned(root)
    if marker is not None and not resumed:
        moved = _move_aside(root)
    elif marker is None and root.exists() and not _empty(root):
        raise FolderError(root, "foreign")
    (root / SERVER).mkdir(parents=True, exist_ok=True)
    if not resumed:
        _write_whole(
            root / MARKER, msgspec.json.encode(Marker("psephos-demo/1", texts)), mode=0o644
        )
    return DemoFolder(root, moved=moved, resumed=resumed)


def _marker(root: Path) -> Marker | None:
    try:
        return msgspec.json.decode((root / MARKER).read_bytes(), type=Marker)
    except (FileNotFoundError, NotADirectoryError, msgspec.DecodeError):
        return None


def _orphaned(root: Path) -> bool:
    """Tell whether finished files outlived the server that wrote them: a new seed must not mix with them."""
    return not (root / SERVER / _SEED).exists() and (root / "trust.json").exists()


def _empty(root: Path) -> bool:
    # A kill between making the folder and marking it leaves this much.
    left = [path for path in root.rglob("*") if not path.name.startswith(f".{MARKER}")]
    return root.is_dir() and left in ([], [root / SERVER])


def _move_aside(root: Path) -> Path:
    previous = root.with_name(f"{root.name}.previous")
    if previous.exists() and _marker(previous) is None and not _empty(previous):
        raise FolderError(previous, "foreign")
    with _locked(root):
        if previous.exists():
            _discard(previous)
        root.rename(previous)
    return previous


def _discard(demonstration: Path) -> None:
    # The marker goes last: after a kill the rest is still recognised as a demonstration's.
    for path in demonstration.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != MARKER:
            path.unlink()
    (demonstration / MARKER).unlink(missing_ok=True)
    demonstration.rmdir()


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    (root / SERVER).mkdir(exist_ok=True)
    with (root / SERVER / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderError(root, "busy") from error
        yield


def _write_whole(path: Path, content: bytes, *, mode: int) -> None:
    """Write a file so that after a kill it is there whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
