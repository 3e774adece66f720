"""Backups of a data folder: one tar file, made while a server runs, and one for the secrets, kept elsewhere.

Databases are copied with SQLite's own backup, so each copy is of one committed moment; documents come
after them, so that every document a copy refers to is there. Secrets and databases never share a file.
Source: https://www.sqlite.org/backup.html
"""

import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from anchoring.core.errors import MalformedError, RejectedError, UnavailableError

KEYS_FOLDER: Final = "keys"
"""Folder of secrets among the data."""

MARKS_SUFFIX: Final = ".erasures"
"""Ends the name of the list of erasures beside a backup."""

_DATABASES: Final = ("psephos.sqlite", "chain.sqlite")
_UNCOPIED: Final = tuple(f"{name}{end}" for name in _DATABASES for end in ("", "-wal", "-shm"))


def write_data(data: Path, file: Path) -> None:
    """Write the backup of a data folder, secrets left out.

    Args:
        data: The folder; a server may run on it.
        file: The backup; replaced as a whole, readable by its owner alone.

    Raises:
        UnavailableError: Something cannot be read or written.
    """

    def fill(archive: tarfile.TarFile, scratch: Path) -> None:
        for name in _DATABASES:
            if (data / name).exists():
                _copy_database(data / name, scratch / name)
                archive.add(scratch / name, name)
        for path in sorted(data.iterdir()):
            if path.name not in (*_UNCOPIED, KEYS_FOLDER) and not path.name.startswith("."):
                archive.add(path, path.name, filter=_without_temporary)

    _write(file, fill)


def write_keys(data: Path, file: Path) -> None:
    """Write the backup of the secrets of a data folder; as ``write_data``."""
    _write(file, lambda archive, _: archive.add(data / KEYS_FOLDER, KEYS_FOLDER))


def read_backup(file: Path, data: Path) -> None:
    """Unpack a backup into a data folder.

    Args:
        file: Written by ``write_data`` or ``write_keys``.
        data: The folder; made if missing.

    Raises:
        MalformedError: No such backup, or one that would write elsewhere.
        RejectedError: Something of the same name is there.
        UnavailableError: Something cannot be read or written.
    """
    with _telling(file):
        try:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tarfile.open(file, "r:") as archive:
                names = archive.getnames()
                there = [name for name in names if (data / name).exists()]
                if there:
                    raise RejectedError(str(data), f"{min(there)} is there already")
                archive.extractall(data, filter="data")
        except tarfile.TarError as error:
            raise MalformedError(str(file), "no backup, or one that writes elsewhere") from error
    keys = data / KEYS_FOLDER
    if keys.exists():
        keys.chmod(0o700)


def _copy_database(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reader,
        closing(sqlite3.connect(target)) as writer,
    ):
        reader.backup(writer)


def _without_temporary(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if Path(member.name).name.startswith(".") else member


def _write(file: Path, fill: Callable[[tarfile.TarFile, Path], None]) -> None:
    with _telling(file), tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        whole = Path(folder) / "backup.tar"
        descriptor = os.open(whole, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w") as archive:
                fill(archive, Path(folder))
            stream.flush()
            os.fsync(stream.fileno())
        whole.replace(file)


@contextmanager
def _telling(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnavailableError(str(file), error.strerror or str(error)) from error
    except sqlite3.Error as error:
        raise UnavailableError(str(file), str(error)) from error
