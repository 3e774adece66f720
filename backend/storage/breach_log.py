"""The log of breaches: a file of its own, a line whenever something is written down, never changed."""

import os
from pathlib import Path
from typing import Final

import msgspec

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import MalformedError, UnavailableError
from backend.domain.breaches import Breach

BREACHES_FILE: Final = "breaches.ndjson"
"""Name of the log in the data folder."""

MAX_FIELDS_BYTES: Final = 65_536
"""Longest description of a breach, in bytes."""

_DECODER: Final = msgspec.json.Decoder(Breach)


def read_breaches(path: Path) -> tuple[Breach, ...]:
    """Return the log, oldest first; empty where there is no file.

    Raises:
        MalformedError: A line is not the format.
        UnavailableError: It cannot be read.
    """
    try:
        content = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise UnavailableError(str(path), error.strerror or str(error)) from error
    found = []
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        try:
            parse_canonical(line, what="breach")
            found.append(_DECODER.decode(line))
        except (MalformedError, msgspec.DecodeError) as error:
            raise MalformedError(f"{path.name}, line {number}", str(error)[:200]) from error
    return tuple(found)


def read_fields(path: Path) -> dict[str, object]:
    """Return the fields of a breach as somebody wrote them, a JSON object.

    Raises:
        MalformedError: No JSON object, or longer than ``MAX_FIELDS_BYTES``.
        UnavailableError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FIELDS_BYTES + 1)
    except OSError as error:
        raise UnavailableError(str(path), error.strerror or str(error)) from error
    if len(content) > MAX_FIELDS_BYTES:
        raise MalformedError(path.name, f"longer than {MAX_FIELDS_BYTES} bytes")
    try:
        return msgspec.json.decode(content, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedError(path.name, str(error)[:200]) from error


def add_breach(path: Path, breach: Breach) -> None:
    """Write a line at the end of the log; it is on stable storage when this returns.

    Raises:
        UnavailableError: It cannot be written.
    """
    values = {
        name: value for name, value in msgspec.to_builtins(breach).items() if value is not None
    }
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(canonical_json(values) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UnavailableError(str(path), error.strerror or str(error)) from error
