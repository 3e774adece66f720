"""Durable appends: the ledger's storage beside the peer's, and the whole path of a signed act."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from anchoring.adapters.documents_memory import MemoryDocuments
from anchoring.core.merkle import EMPTY_ROOT, CompactRange
from anchoring.core.types import Head
from backend.domain.acts import MemberApplied, Slug
from backend.storage.database import Database
from backend.storage.ledger import StoredEntry, append_entries, move_head
from backend.storage.ledgers import SqlLedgers
from backend.storage.schema import migrate
from backend.storage.tables import LedgerRow
from benchmarks.figures import Figure, Reference, Target
from benchmarks.peer import PeerTree, peer_is_installed, peer_name
from benchmarks.sizes import Sizes, numbered_entry
from benchmarks.timing import Timings, time_in_turn
from tests.support.model_organisation import FOUNDERS, SLUG, Actor
from tests.support.organisations import Simulation
from tests.support.stored_organisations import command_of, simulation_on
from tests.support.vaults import memory_vault

TARGET: Final = Target("ratio", 3)
"""Single durable appends, over those of the peer."""

_LEDGER: Final = "benchmark"
_OURS: Final = "ledger"
_PEER: Final = "peer"
_PEER_AHEAD: Final = "peer, write-ahead"
_FLOOR: Final = "floor"
_ACT: Final = "act"


class _Writer:
    """Appends numbered entries to one ledger, a durable transaction a call."""

    def __init__(self, connection: Connection, organisation: Slug) -> None:
        self._connection = connection
        self._organisation = organisation
        self._tree = CompactRange.empty()

    def append(self, contents: list[bytes]) -> None:
        entries = [
            StoredEntry("ballot.cast", "2026-01-05T09:00:00.000Z", f"m{'0' * 32}", content)
            for content in contents
        ]
        with self._connection.begin():
            tree = append_entries(self._connection, self._organisation, self._tree, entries)
            move_head(self._connection, self._organisation, Head(tree.size, tree.root()))
        self._tree = tree


def measure_appends(folder: Path, sizes: Sizes) -> list[Figure]:
    """Return single appends, batches and signed acts.

    Args:
        folder: Empty folder on the disk to measure.
        sizes: How much to measure.
    """
    singles = _time_appends(folder, sizes, batch=1, calls=sizes.appends)
    batches = _time_appends(folder, sizes, batch=sizes.batch, calls=sizes.batches)
    acts = _time_acts(folder, sizes)
    single = "append of one entry, durable"
    figures = [_beside(singles, single, _PEER, target=TARGET)]
    if _PEER_AHEAD in singles.seconds:
        figures.append(_beside(singles, single, _PEER_AHEAD))
    return [
        *figures,
        Figure(
            single,
            singles.rate(_OURS),
            "entries/s",
            Reference("fdatasync of its bytes alone", singles.rate(_FLOOR)),
            paired=singles.speed_up(_OURS, _FLOOR),
        ),
        _beside(batches, f"append of {sizes.batch} entries, durable", _PEER, batch=sizes.batch),
        Figure(
            "signed act: checked, folded, projected, durable",
            acts.rate(_ACT),
            "acts/s",
            Reference("its storage append alone", acts.rate(_OURS)),
            paired=acts.speed_up(_ACT, _OURS),
        ),
    ]


def _beside(
    timings: Timings, name: str, peer: str, *, batch: int = 1, target: Target | None = None
) -> Figure:
    if peer not in timings.seconds:
        return Figure(name, timings.rate(_OURS, batch), "entries/s", target=target)
    label = f"{peer_name()}{peer.removeprefix(_PEER)}"
    return Figure(
        name,
        timings.rate(_OURS, batch),
        "entries/s",
        Reference(label, timings.rate(peer, batch)),
        target,
        timings.speed_up(_OURS, peer),
    )


def _time_appends(folder: Path, sizes: Sizes, *, batch: int, calls: int) -> Timings:
    place = folder / f"append-{batch}"
    place.mkdir()
    numbers = count()

    def contents() -> list[bytes]:
        return [numbered_entry(next(numbers)) for _ in range(batch)]

    with ExitStack() as opened:
        writer = opened.enter_context(_ledger_writer(place))
        floor = opened.enter_context(_synced_file(place / "floor"))
        cases: dict[str, Callable[[], object]] = {
            _OURS: lambda: writer.append(contents()),
            _FLOOR: lambda: floor(b"".join(contents())),
        }
        if peer_is_installed():
            cases |= {name: _peer_case(tree, contents) for name, tree in _peers(place, opened)}
        return time_in_turn(cases, rounds=sizes.rounds, calls=calls)


def _peers(place: Path, opened: ExitStack) -> Iterator[tuple[str, PeerTree]]:
    for name in (_PEER, _PEER_AHEAD):
        tree = PeerTree(place / f"{name}.sqlite")
        opened.callback(tree.close)
        if name == _PEER_AHEAD:
            tree.write_ahead()
        yield name, tree


def _peer_case(tree: PeerTree, contents: Callable[[], list[bytes]]) -> Callable[[], None]:
    def append() -> None:
        batch = contents()
        if len(batch) == 1:
            tree.append(batch[0])
        else:
            tree.extend(batch)

    return append


def _time_acts(folder: Path, sizes: Sizes) -> Timings:
    """Time signed applications of new members; keys and signatures are the members' work, not timed."""
    place = folder / "acts"
    place.mkdir()
    with _database(place) as database, _ledger_writer(place / "alone") as writer:
        ledgers = SqlLedgers(database, MemoryDocuments(), memory_vault())
        simulation = simulation_on(ledgers)
        simulation.found(founders=FOUNDERS)
        acts = _signed_acts(ledgers, simulation, sizes.rounds * sizes.acts)
        numbers = count()

        def act() -> None:
            next(acts)()

        cases: dict[str, Callable[[], object]] = {
            _ACT: act,
            _OURS: lambda: writer.append([numbered_entry(next(numbers))]),
        }
        return time_in_turn(cases, rounds=sizes.rounds, calls=sizes.acts)


def _signed_acts(
    ledgers: SqlLedgers, simulation: Simulation, number: int
) -> Iterator[Callable[[], None]]:
    """Prepare the acts of as many applicants; each one is appended when called."""
    return iter([_signed_act(ledgers, simulation, each) for each in range(number)])


def _signed_act(ledgers: SqlLedgers, simulation: Simulation, number: int) -> Callable[[], None]:
    actor = Actor(f"applicant-{number}")
    member, key, person, applicant = actor.id, actor.key_opening, actor.person, actor.applicant
    with ledgers.unit(SLUG) as unit:
        entry, openings = simulation.signed(unit, actor, MemberApplied(applicant))
    command = command_of(f"apply-{number}")

    def append() -> None:
        with ledgers.unit(SLUG) as unit:
            unit.keep_key(member, key)
            unit.keep_person(member, person)
            unit.append(entry, signatures=openings)
            unit.commit(command)

    return append


@contextmanager
def _database(place: Path) -> Iterator[Database]:
    place.mkdir(exist_ok=True)
    database = Database(f"sqlite:///{place / 'ledger.sqlite'}")
    migrate(database)
    yield database
    database.close()


@contextmanager
def _ledger_writer(place: Path) -> Iterator[_Writer]:
    with _database(place) as database:
        with database.writing() as session:
            session.add(LedgerRow(slug=_LEDGER, origin=_LEDGER, size=0, root=EMPTY_ROOT))
        with database.appending() as connection:
            yield _Writer(connection, _LEDGER)


@contextmanager
def _synced_file(path: Path) -> Iterator[Callable[[bytes], None]]:
    """Give what appends bytes to a file and waits until they are on the disk."""
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

    def append(content: bytes) -> None:
        os.write(descriptor, content)
        os.fdatasync(descriptor)

    yield append
    os.close(descriptor)
