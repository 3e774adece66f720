"""However commands are grouped, they and the ledger come out as if they had come one by one (G3 to G5)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from anchoring.adapters.documents_memory import MemoryDocuments
from backend.domain.acts import CommonsRegistered
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError
from backend.services.ports import Recorded, UnitOfWork
from backend.storage.database import Database
from backend.storage.groups import Asked, Outcome, carry_out_together
from backend.storage.ledgers import SqlLedgers
from backend.storage.reads import SqlReads
from backend.storage.schema import migrate
from tests.support.model_organisation import FOUNDERS, SLUG, Actor
from tests.support.organisations import Simulation
from tests.support.stored_organisations import command_of, simulation_on
from tests.support.vaults import memory_vault

Kind = Literal["lawful", "refused", "spoiling", "idle"]


@dataclass(frozen=True, slots=True)
class Wish:
    """A command, so described that it can be asked of any ledger."""

    kind: Kind
    key: int
    name: int


WISHES = st.lists(
    st.builds(
        Wish,
        st.sampled_from(["lawful", "lawful", "refused", "spoiling", "idle"]),
        st.integers(0, 4),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=8,
)


FEWER = max(10, settings().max_examples // 6)
"""Each example founds two organisations on disk."""


class River:
    """A founded organisation in a database of its own."""

    def __init__(self, database: Database) -> None:
        self.ledgers = SqlLedgers(database, MemoryDocuments(), memory_vault())
        self.simulation: Simulation = simulation_on(self.ledgers)
        self.simulation.found()
        self.reads = SqlReads(database, self.ledgers.folds, memory_vault())

    def carry_out(self, wishes: Sequence[Wish]) -> list[object]:
        """Carry out as one group; returns what came of each, errors by their type."""
        group = [self._asked(wish) for wish in wishes]
        outcomes = carry_out_together(lambda: self.ledgers.unit(SLUG), group)
        return [_comparable(outcome) for outcome in outcomes]

    def history(self) -> list[tuple[int, str]]:
        """Return index and name of every commons of the ledger."""
        found = []
        for index in range(self.ledgers.head(SLUG).size):
            data = Entry.from_bytes(self.reads.entry(SLUG, index).content).data
            if isinstance(data, CommonsRegistered):
                found.append((index, data.commons))
        return found

    def _asked(self, wish: Wish) -> Asked:
        def work(unit: UnitOfWork) -> None:
            if wish.kind == "idle":
                return
            if wish.kind == "spoiling":
                applicant = Actor("applicant")
                unit.keep_key(applicant.id, applicant.key_opening)
                raise ConflictError("key.in_use", expected="a key of one's own", found="another's")
            author = FOUNDERS[0] if wish.kind == "lawful" else Actor("stranger")
            data = CommonsRegistered(f"commons-{wish.name}", "It", unit.put_document(b"About.\n"))
            entry, openings = self.simulation.signed(unit, author, data)
            unit.append(entry, signatures=openings)

        body = f"{wish.kind} {wish.name}"
        return Asked(command_of(f"key-{wish.key}", body=body), work)


def _comparable(outcome: Outcome) -> object:
    if isinstance(outcome, Recorded):
        return (outcome.indices, outcome.head.size)
    return type(outcome).__name__


@contextmanager
def rivers() -> Iterator[tuple[River, River]]:
    """Give two organisations alike, in databases of their own."""
    with TemporaryDirectory() as folder:
        databases = [Database(f"sqlite:///{Path(folder) / name}.sqlite") for name in ("a", "b")]
        for database in databases:
            migrate(database)
        yield River(databases[0]), River(databases[1])
        for database in databases:
            database.close()


@settings(max_examples=FEWER)
@given(wishes=WISHES, cuts=st.lists(st.integers(1, 8), min_size=8, max_size=8))
def test_commands__in_any_groups__come_out_as_one_by_one(
    wishes: list[Wish], cuts: list[int]
) -> None:
    with rivers() as (alone, grouped):
        expected = [outcome for wish in wishes for outcome in alone.carry_out([wish])]
        found: list[object] = []
        remaining, sizes = wishes, iter(cuts)
        while remaining:
            size = next(sizes)
            found += grouped.carry_out(remaining[:size])
            remaining = remaining[size:]
        assert found == expected
        assert grouped.history() == alone.history()
        assert grouped.reads.state(SLUG).size == alone.reads.state(SLUG).size
