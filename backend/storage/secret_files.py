"""Files of secrets: written whole and once, for their owner alone; overwritten before they are removed."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from anchoring.core.errors import MalformedError, UnavailableError

MAX_SECRET_BYTES: Final = 8192
"""Longest file of a secret, in bytes."""


def read_secret(path: Path) -> bytes | None:
    """Return the content of a file, None where there is none.

    Raises:
        MalformedError: It is longer than ``MAX_SECRET_BYTES``.
        UnavailableError: It cannot be read.
    """
    with _telling(path):
        try:
            with path.open("rb") as file:
                content = file.read(MAX_SECRET_BYTES + 1)
        except FileNotFoundError:
            return None
    if len(content) > MAX_SECRET_BYTES:
        raise MalformedError(f"key file {path.name}", f"longer than {MAX_SECRET_BYTES} bytes")
    return content


def create_secret(path: Path, content: bytes) -> None:
    """Write a file that is not there; who loses a race keeps the winner's secret.

    Durability: the file is on stable storage, whole, when this returns.

    Raises:
        UnavailableError: It cannot be written.
    """
    with _telling(path):
        _write_once(path, content)


def destroy_secret(path: Path) -> None:
    """Overwrite a file with zeros, then remove it; harmless where it is not there.

    A file system that keeps old blocks, or a copy elsewhere, may still hold it.

    Raises:
        UnavailableError: It cannot be written or removed.
    """
    if not path.exists():
        return
    with _telling(path):
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        _sync_folder(path.parent)


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnavailableError(str(path), error.strerror or str(error)) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_once(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(temporary)
        except FileExistsError:
            return
    finally:
        temporary.unlink()
    _sync_folder(path.parent)
