"""Group commit: commands that wait for one ledger are written in one transaction by one of them.

A ledger takes one writer at a time, and a commit waits for the disk. While one is under way others gather;
one synchronisation then serves them all.

G1 a command that finds its ledger free is carried out at once. G2 those that come meanwhile wait in the
order in which they came; when the transaction under way has ended, the first of them leads the next one: it
carries out itself and those behind it, at most ``MAX_GROUP``, in that order. Who comes later is not taken
in, so a command waits for no more than the group before its own and its own, and no group waits to fill. G3
each one is looked up under its key, checked and recorded by itself, in the state that those before it left;
the same key twice in a group is told twice what it wrote once. G4 a refusal before anything was written
takes nothing from the others. G5 where a command fails after it wrote something, the transaction is undone
and every command of the group is carried out again, each in a transaction of its own. G6 nobody is told
anything before the commit has returned: if it fails, all are told that, and a process that dies has told
nobody. G7 a command that is in no group after ``BUSY_TIMEOUT_S`` is given up.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from anchoring.core.errors import UnavailableError
from backend.domain.acts import Slug
from backend.services.ports import Command, Recorded, Work
from backend.storage.database import BUSY_TIMEOUT_S
from backend.storage.unit_of_work import SqlUnitOfWork

MAX_GROUP: Final = 64
"""Most commands of one transaction: more than the threads of an API server, so that it bounds what others
may ask; at a millisecond each, a group stays below a tenth of a second."""

Outcome = Recorded | Exception
"""What a command wrote, or why it wrote nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command to carry out."""

    command: Command
    """Key and body hash."""
    work: Work
    """What it does."""


class _SpoiltError(Exception):
    """A command failed after it wrote something: its transaction must not be committed."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause: Final = cause


@dataclass(slots=True, eq=False)
class _Waiting:
    """A command in the queue; woken when it has its outcome, or leads the next group."""

    asked: Asked
    woken: threading.Event = field(default_factory=threading.Event)
    outcome: Outcome | None = None


class CommandQueue:
    """The commands that wait for one ledger in this process; safe to share between threads.

    Args:
        slug: The ledger.
        open_unit: Gives a unit of work on it.
        patience_s: Seconds a command waits to be taken into a group.
    """

    def __init__(
        self,
        slug: Slug,
        open_unit: Callable[[], SqlUnitOfWork],
        *,
        patience_s: float = BUSY_TIMEOUT_S,
    ) -> None:
        self._slug: Final = slug
        self._open_unit: Final = open_unit
        self._patience_s: Final = patience_s
        self._waiting: Final[deque[_Waiting]] = deque()
        self._guard: Final = threading.Lock()
        self._led = False

    def __len__(self) -> int:
        return len(self._waiting)

    def carry_out(self, asked: Asked) -> Recorded:
        """Carry a command out; see ``Ledgers.carry_out``."""
        mine = _Waiting(asked)
        with self._guard:
            self._waiting.append(mine)
            leads, self._led = not self._led, True
        outcome = None if leads else self._wait(mine)
        if outcome is None:
            outcome = self._lead()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _wait(self, mine: _Waiting) -> Outcome | None:
        """Wait to be told the outcome; None if it is to lead instead.

        Raises:
            UnavailableError: Neither came in time (G7).
        """
        if not mine.woken.wait(self._patience_s):
            with self._guard:
                if mine in self._waiting and not mine.woken.is_set():
                    self._waiting.remove(mine)
                    raise UnavailableError(f"ledger {self._slug}", f"held for {self._patience_s} s")
            # It is being carried out, so it will be told what came of it.
            mine.woken.wait()
        return mine.outcome

    def _lead(self) -> Outcome:
        """Carry out those who wait and tell them; the first of those who came since leads then.

        Returns:
            What came of the first, which is the one that leads.
        """
        with self._guard:
            group = [self._waiting.popleft() for _ in range(min(MAX_GROUP, len(self._waiting)))]
        outcomes: Sequence[Outcome] = [_stopped(self._slug)] * len(group)
        try:
            outcomes = carry_out_together(self._open_unit, [each.asked for each in group])
        finally:
            with self._guard:
                self._led = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].woken.set()
            for each, outcome in zip(group, outcomes, strict=True):
                each.outcome = outcome
                each.woken.set()
        return outcomes[0]


def _stopped(slug: Slug) -> UnavailableError:
    return UnavailableError(f"ledger {slug}", "its writer was stopped")


def carry_out_together(
    open_unit: Callable[[], SqlUnitOfWork], group: Sequence[Asked]
) -> Sequence[Outcome]:
    """Carry commands out in one transaction, or each in its own where one of them spoils it (G3 to G6).

    Args:
        open_unit: Gives a unit of work on their ledger.
        group: The commands, one or more.

    Returns:
        What came of each, in order; whatever was written is on stable storage.
    """
    try:
        return _share_transaction(open_unit(), group)
    except _SpoiltError as error:
        if len(group) == 1:
            return [error.cause]
    except Exception as error:  # noqa: BLE001 - every thread that waits for it raises it
        return [error] * len(group)
    return [outcome for each in group for outcome in carry_out_together(open_unit, [each])]


def _share_transaction(unit: SqlUnitOfWork, group: Sequence[Asked]) -> Sequence[Outcome]:
    with unit:
        size = unit.state.size
        outcomes = [_attempt(unit, each) for each in group]
        if unit.state.size > size:
            unit.make_durable()
    return outcomes


def _attempt(unit: SqlUnitOfWork, asked: Asked) -> Outcome:
    """Carry one command out in the transaction of its group.

    Raises:
        _SpoiltError: It failed after it wrote something.
    """
    try:
        earlier = unit.recorded(asked.command)
        if earlier is not None:
            return earlier
        asked.work(unit)
        return unit.record(asked.command)
    except Exception as error:
        if unit.touched:
            raise _SpoiltError(error) from error
        return error
