"""What an operator does about personal data: master keys, backups, breaches, the record of processing."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import typer

from anchoring.core.errors import AnchoringError, MalformedError, RejectedError
from anchoring.ports import Clock
from backend.archive import ERASURES_FILE, Archive, key_files
from backend.domain.breaches import Breach, breach_of, check_breach, due_at, hours_left, newest
from backend.domain.errors import GovernanceError
from backend.domain.instants import Instant, format_instant
from backend.domain.messages import Language
from backend.domain.processing_record import processing_record
from backend.machine import SystemClock
from backend.settings import Settings
from backend.storage.backups import KEYS_FOLDER, MARKS_SUFFIX, read_backup, write_data, write_keys
from backend.storage.breach_log import BREACHES_FILE, add_breach, read_breaches, read_fields
from backend.storage.erasure import erase_marked
from backend.storage.private_data import publish_marks, read_marks
from backend.storage.vault import check_masters, rotate_master


def rotate_vault(settings: Settings) -> int:
    """Put a new master key in the place of the one in use; return the exit code: 0 done, 1 refused.

    Args:
        settings: Where the data is; a server may run on it meanwhile.
    """
    try:
        with Archive(settings) as archive:
            done = rotate_master(archive.database, archive.masters)
            number = archive.masters.current()
    except (GovernanceError, AnchoringError) as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(f"{done} keys of persons are under master key {number}; no other is left")
    return 0


def back_up(settings: Settings, file: Path, *, with_keys: Path | None) -> int:
    """Write a backup with the list of erasures beside it; return the exit code: 0 written, 1 refused.

    Args:
        settings: Where the data is; a server may run on it meanwhile.
        file: The backup.
        with_keys: A second file, for the secrets; None to leave them out.
    """
    try:
        if settings.database is not None:
            raise RejectedError("backup", "the database is not SQLite: use its own backup")
        if not settings.data.is_dir():
            raise RejectedError("backup", f"{settings.data} is no data folder")
        if file.resolve().is_relative_to(settings.data.resolve()):
            raise RejectedError("backup", "a backup is kept outside the data folder")
        if with_keys is not None and with_keys.resolve() == file.resolve():
            raise RejectedError("backup", "secrets and data never share a file")
        write_data(settings.data, file)
        publish_marks(_beside(file), read_marks(settings.data / ERASURES_FILE))
        if with_keys is not None:
            # Drawn now, so that these secrets also read the lists of erasures to come.
            key_files(settings, may_draw=False).erasure_key()
            write_keys(settings.data, with_keys)
    except AnchoringError as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(f"{file} written; keep the newest {ERASURES_FILE} with every backup")
    return 0


def restore(
    settings: Settings, file: Path, *, with_keys: Path | None, erasures: Sequence[Path]
) -> int:
    """Unpack a backup into an empty data folder and erase again who was erased since.

    Args:
        settings: Where the data goes: nothing but the folder of secrets may be there.
        file: The backup.
        with_keys: The backup of the secrets; None where they are in the folder.
        erasures: Lists of erasures, besides the one beside the backup.

    Returns:
        The exit code: 0 restored, 1 refused; nothing is left of what was unpacked then.
    """
    try:
        _check_empty(settings)
        marks = frozenset[bytes]().union(*map(read_marks, (_beside(file), *erasures)))
        try:
            _unpack(settings, file, with_keys)
            done = _replay(settings, marks)
        except (GovernanceError, AnchoringError):
            _clear(settings.data)
            raise
    except (GovernanceError, AnchoringError) as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(f"{settings.data} restored; {done} persons erased again")
    return 0


def record_breach(
    settings: Settings,
    file: Path,
    number: int | None,
    *,
    clock: Callable[[], Clock] = SystemClock,
) -> int:
    """Write a breach down, or add to one; return the exit code: 0 written, 1 refused.

    Args:
        settings: Where the log is.
        file: What is known, a JSON object of fields of ``Breach``; ``discovered_at`` is now where it is
            missing.
        number: The breach that it is added to; None for a new one.
        clock: Gives the clock.
    """
    now = format_instant(clock().now())
    path = settings.data / BREACHES_FILE
    try:
        breaches, fields = read_breaches(path), read_fields(file)
        if number is None:
            known: dict[str, object] = {"discovered_at": now}
            number = max((each.number for each in breaches), default=0) + 1
        else:
            known = msgspec.to_builtins(breach_of(breaches, number))
        breach = _breach({**known, **fields, "number": number, "recorded_at": now})
        settings.data.mkdir(parents=True, exist_ok=True)
        add_breach(path, breach)
    except (GovernanceError, AnchoringError) as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(_breach_line(breach, now))
    return 0


def list_breaches(settings: Settings, *, clock: Callable[[], Clock] = SystemClock) -> int:
    """Print what is known of each breach, and when the authority must be told; return the exit code."""
    now = format_instant(clock().now())
    try:
        breaches = newest(read_breaches(settings.data / BREACHES_FILE))
    except AnchoringError as error:
        typer.echo(str(error), err=True)
        return 1
    for breach in breaches:
        typer.echo(_breach_line(breach, now))
    return 0


def export_breaches(settings: Settings) -> int:
    """Print the whole log as a JSON array; return the exit code: 0 printed, 1 unreadable."""
    try:
        breaches = read_breaches(settings.data / BREACHES_FILE)
    except AnchoringError as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(msgspec.json.format(msgspec.json.encode(breaches), indent=2).decode())
    return 0


def print_processing(settings: Settings, organisation: str, language: Language) -> int:
    """Print the record of processing of an organisation; return the exit code: 0 printed, 1 none such."""
    try:
        with Archive(settings) as archive:
            name = archive.reads.organisation(organisation).name
    except (GovernanceError, AnchoringError) as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(processing_record(name, language), nl=False)
    return 0


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}{MARKS_SUFFIX}")


def _check_empty(settings: Settings) -> None:
    if settings.database is not None:
        raise RejectedError("restore", "the database is not SQLite: use its own restore")
    there = {path.name for path in settings.data.glob("*")} - {KEYS_FOLDER}
    if there:
        raise RejectedError(str(settings.data), f"{min(there)} is there: choose an empty folder")


def _unpack(settings: Settings, file: Path, with_keys: Path | None) -> None:
    if with_keys is not None:
        read_backup(with_keys, settings.data)
    elif not (settings.data / KEYS_FOLDER).is_dir():
        # Without them new ones would be made, and nobody who was erased would be recognised.
        raise RejectedError(
            "restore", f"no secrets: give their backup, or put them in {KEYS_FOLDER}/"
        )
    read_backup(file, settings.data)


def _replay(settings: Settings, marks: frozenset[bytes]) -> int:
    """Erase again everyone who has a mark, and have the folder remember the marks."""
    with Archive(settings) as archive:
        if marks and archive.vault.own_mark() not in marks:
            raise RejectedError("restore", "the list of erasures was made under another key")
        done = 0
        with archive.database.writing() as session:
            check_masters(session, archive.masters)
            archive.database.overwrite_deleted(session)
            for slug in archive.ledgers.slugs():
                done += erase_marked(session, slug, marks, archive.vault)
        publish_marks(settings.data / ERASURES_FILE, marks)
        archive.private.settle_erasures()
    return done


def _clear(data: Path) -> None:
    """Remove what was unpacked: data of people who were erased must not stay because of a failure."""
    for path in data.glob("*"):
        if path.name != KEYS_FOLDER:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _breach(values: dict[str, object]) -> Breach:
    try:
        breach = msgspec.convert(values, Breach)
    except msgspec.ValidationError as error:
        raise MalformedError("breach", str(error)) from error
    check_breach(breach)
    return breach


def _breach_line(breach: Breach, now: Instant) -> str:
    if breach.authority_told_at is not None:
        notice = f"authority told at {breach.authority_told_at}"
    elif breach.reason is not None:
        notice = f"authority not told: {breach.reason}"
    else:
        left = hours_left(breach, now)
        state = f"{left} h left" if left >= 0 else "OVERDUE"
        notice = f"tell the authority by {due_at(breach)} ({state})"
    return f"{breach.number}  discovered {breach.discovered_at}  {notice}  {breach.nature}"
