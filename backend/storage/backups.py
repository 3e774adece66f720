"""Backups of a data folder: one tar file, made while a server runs, and one for the secrets, kept elsewhere.

The database is copied with SQLite's own backup, so the copy is of one committed moment; documents come after
it, so that every document it refers to is there. Secrets and data never share a file.
Source: https://www.sqlite.org/backup.html
"""

import os
import shutil
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

LETTERS_FOLDER: Final = "mail"
"""Folder of letters among the data: they are in clear, so no backup holds them; the database does."""

MARKS_SUFFIX: Final = ".erasures"
"""Ends the name of the list of erasures beside a backup."""

COPIES: Final = 20
"""How often a file that is being written is copied anew before that is given up."""

_DATABASE: Final = "psephos.sqlite"
_CHAIN: Final = "chain.sqlite"
_DATABASES: Final = (_DATABASE, _CHAIN)
_UNCOPIED: Final = (
    KEYS_FOLDER,
    LETTERS_FOLDER,
    *(f"{name}{end}" for name in _DATABASES for end in ("", "-wal", "-shm")),
)


def write_data(data: Path, file: Path) -> None:
    """Write the backup of a data folder, secrets and letters left out.

    Args:
        data: The folder; a server may run on it.
        file: The backup; replaced as a whole, readable by its owner alone.

    Raises:
        UnavailableError: Something cannot be read or written.
    """

    def fill(archive: tarfile.TarFile, scratch: Path) -> None:
        for name, copy in ((_DATABASE, _copy_database), (_CHAIN, _copy_locked)):
            if (data / name).exists():
                copy(data / name, scratch / name)
                archive.add(scratch / name, name)
        for path in sorted(data.iterdir()):
            if path.name not in _UNCOPIED and not path.name.startswith("."):
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


def _copy_locked(source: Path, target: Path) -> None:
    """Copy a database that its server keeps locked, with its log, between two writes.

    A copy during which neither file changed is what a loss of power would leave, and SQLite recovers it.
    """
    for _ in range(COPIES):
        before = _versions(source)
        for path in (source, _log(source)):
            if path.exists():
                shutil.copyfile(path, target.with_name(path.name))
        if _versions(source) == before:
            break
    else:
        raise UnavailableError(str(source), "it is written all the time: try again")
    with closing(sqlite3.connect(target)) as copy:
        [sound] = copy.execute("PRAGMA quick_check").fetchone()
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if sound != "ok":
        raise UnavailableError(str(source), f"its copy is not sound: {sound}")


def _log(database: Path) -> Path:
    return database.with_name(f"{database.name}-wal")


def _versions(database: Path) -> list[tuple[int, int]]:
    found = [path.stat() for path in (database, _log(database)) if path.exists()]
    return [(each.st_mtime_ns, each.st_size) for each in found]


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
