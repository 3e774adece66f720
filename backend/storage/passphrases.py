"""Where the passphrase of a server's keys comes from: a file that is named, one drawn here, or a person."""

import os
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from getpass import getpass
from pathlib import Path
from typing import Final

from anchoring.core.errors import MalformedError, UnavailableError
from anchoring.core.key_file import MAX_PASSPHRASE_BYTES, check_passphrase

DRAWN_NAME: Final = "passphrase"
"""Name of the drawn passphrase's file in the folder of keys."""

DRAWN_BYTES: Final = 32
"""Randomness of a drawn passphrase, in bytes."""


@dataclass(frozen=True, slots=True)
class Passphrase:
    """What seals keys."""

    secret: bytes = field(repr=False)
    """1 to ``MAX_PASSPHRASE_BYTES`` bytes of UTF-8."""
    drawn: bool
    """Whether it is 256 random bits, which no stretching makes harder to guess."""


class Passphrases:
    """The one passphrase of a folder of keys, asked for when first needed and kept in memory only.

    The named file comes first; then the drawn one, if it is there; then, in a folder without keys, one is
    drawn where that is allowed; else the person at the terminal is asked.

    Args:
        root: The folder of keys.
        file: File whose first line is the passphrase, None where none is named.
        may_draw: Whether a passphrase may be drawn for a folder without keys.
        ask: Asks a person, given whether the passphrase is new; None where nobody is there.
    """

    def __init__(
        self,
        root: Path,
        *,
        file: Path | None,
        may_draw: bool,
        ask: Callable[[bool], str] | None,
    ) -> None:
        self._drawn_file: Final = root / DRAWN_NAME
        self._file: Final = file
        self._may_draw: Final = may_draw
        self._ask: Final = ask
        self._known: Passphrase | None = None

    def get(self, *, first: bool, create: Callable[[Path, bytes], None]) -> Passphrase:
        """Return the passphrase.

        Args:
            first: Whether the folder holds no sealed key yet.
            create: Writes a file that is not there, durably, for its owner alone.

        Raises:
            MalformedError: It is empty, too long or not UTF-8.
            UnavailableError: Its file cannot be read, or there is no file and nobody to ask.
        """
        if self._known is None:
            self._known = self._find(first=first, create=create)
        return self._known

    def _find(self, *, first: bool, create: Callable[[Path, bytes], None]) -> Passphrase:
        if self._file is not None:
            return Passphrase(_first_line(self._file), drawn=False)
        if not self._drawn_file.exists() and first and self._may_draw:
            create(self._drawn_file, secrets.token_hex(DRAWN_BYTES).encode())
        if self._drawn_file.exists():
            return Passphrase(_first_line(self._drawn_file), drawn=True)
        if self._ask is None:
            raise UnavailableError(
                "the passphrase of the keys",
                "name the file that holds it in PSEPHOS_PASSPHRASE_FILE",
            )
        secret = self._ask(first).encode("utf-8", "surrogateescape")
        check_passphrase(secret)
        return Passphrase(secret, drawn=False)


def person_at_terminal() -> Callable[[bool], str] | None:
    """Return how to ask the person at the terminal, None where the input is no terminal."""
    return _ask_person if sys.stdin is not None and sys.stdin.isatty() else None


def _ask_person(new: bool) -> str:  # noqa: FBT001 - the shape of a callback
    secret = getpass("New passphrase of the keys: " if new else "Passphrase of the keys: ")
    if new and getpass("Again: ") != secret:
        raise MalformedError("passphrase", "the second was not the first")
    return secret


def _first_line(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_PASSPHRASE_BYTES + len(os.linesep) + 1)
    except OSError as error:
        raise UnavailableError(str(path), error.strerror or str(error)) from error
    line = content.partition(b"\n")[0].removesuffix(b"\r")
    check_passphrase(line)
    return line
