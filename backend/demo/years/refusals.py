"""Refusals that a year has shown, kept so that an interrupted year tells them again instead of trying again.

A command that was refused at its time might be allowed later: what is tried once is not tried twice.
"""

import os
from pathlib import Path
from typing import Any

import msgspec

from backend.demo.client import RefusedError


class KeptRefusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One refusal."""

    status: int
    """HTTP status."""
    problem: dict[str, Any]
    """Members of the problem document."""
    now: float
    """Time of the play after it, seconds since the epoch."""

    def error(self) -> RefusedError:
        """Return it as the client raises it."""
        return RefusedError(self.status, self.problem)


class Refusals:
    """The refusals of a year, in their order.

    Args:
        path: File they are kept in; made with the first.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: list[KeptRefusal] = []
        if path.exists():
            self._kept = msgspec.json.decode(path.read_bytes(), type=list[KeptRefusal])
        self._told = 0

    def next(self) -> KeptRefusal | None:
        """Return the next refusal if it was met before; None if it has yet to be met."""
        if self._told == len(self._kept):
            return None
        self._told += 1
        return self._kept[self._told - 1]

    def keep(self, refused: RefusedError, now: float) -> None:
        """Keep a refusal that was just met.

        Args:
            refused: The refusal.
            now: Time of the play after it, seconds since the epoch.
        """
        self._kept.append(KeptRefusal(refused.status, dict(refused.problem), now))
        self._told += 1
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        draft.write_bytes(msgspec.json.encode(self._kept))
        draft.replace(self._path)
