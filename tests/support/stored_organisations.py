"""Plays of the model organisation into units of work."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from backend.services.ports import Command, Ledgers, UnitOfWork
from tests.support.model_organisation import ORIGIN, SLUG
from tests.support.organisations import Simulation


def command_of(key: str, *, body: str = "") -> Command:
    """Return a command; without a body, the key stands for it."""
    return Command(key, hashlib.sha256((body or key).encode()).hexdigest())


class StoredBook:
    """Opens a unit of work for every act and commits it under a fresh key; one that only reads is undone.

    Args:
        ledgers: Where the model organisation is, or is founded.
        prefix: Beginning of the keys.
    """

    def __init__(self, ledgers: Ledgers, *, prefix: str = "act") -> None:
        self._ledgers = ledgers
        self._prefix = prefix
        self._count = 0

    @contextmanager
    def __call__(self) -> Iterator[UnitOfWork]:
        self._count += 1
        with self._ledgers.founding(SLUG, origin=ORIGIN) as unit:
            size = unit.state.size
            yield unit
            if unit.state.size == size:
                return
            unit.commit(command_of(f"{self._prefix}-{self._count}"))


def simulation_on(ledgers: Ledgers) -> Simulation:
    """Return a simulation that writes units of work."""
    return Simulation(StoredBook(ledgers))
