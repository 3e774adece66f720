"""What a witness remembers: kept through restarts, moved by one of several at a time."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from anchoring.core.cosignature import verify_cosignature
from anchoring.core.errors import UnavailableError
from anchoring.core.note import parse_note, parse_signature
from anchoring.core.types import Head, RootHash, TreeSize
from anchoring.core.witness import Refusal
from anchoring.ports import WitnessStore
from backend.domain.errors import NotFoundError
from backend.services.witnessing import OwnWitness
from backend.storage.checkpoints import SqlCheckpoints
from backend.storage.database import Database
from backend.storage.schema import migrate
from backend.storage.witnesses import SqlCosignedSizes, SqlWitnessStore
from tests.support.chain_world import FixedClock
from tests.support.model_organisation import SLUG
from tests.support.organisations import Simulation
from tests.support.witness_store import MemoryWitnessStore
from tests.support.witnessed_log import ORIGIN, log_signer, numbered_log
from tests.support.witnesses import witness

LOG, FORK = numbered_log(20), numbered_log(20, fork=5)
HASH = sha256(ORIGIN.encode()).hexdigest()
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def own_witness(store: WitnessStore) -> OwnWitness:
    return OwnWitness(lambda: witness(1), (log_signer().verifier,), store, FixedClock(NOW))


@pytest.fixture(params=["sql", "memory"])
def store(request: pytest.FixtureRequest, database: Database) -> WitnessStore:
    return SqlWitnessStore(database) if request.param == "sql" else MemoryWitnessStore()


def test_store__before_the_first_head__has_none(store: WitnessStore) -> None:
    assert store.head(ORIGIN) is None
    assert store.note(HASH) is None


def test_store__advanced__has_the_head_and_the_note(store: WitnessStore) -> None:
    assert store.advance(ORIGIN, seen=None, head=LOG.head(5), note=b"5")
    assert store.advance(ORIGIN, seen=LOG.head(5), head=LOG.head(9), note=b"9")
    assert store.head(ORIGIN) == LOG.head(9)
    assert store.note(HASH) == b"9"
    assert store.head("other.example/log") is None


@pytest.mark.parametrize("seen", [None, LOG.head(4), FORK.head(9), LOG.head(10)])
def test_store__head_that_is_not_the_one_seen__stays(
    store: WitnessStore, seen: Head | None
) -> None:
    store.advance(ORIGIN, seen=None, head=LOG.head(9), note=b"9")
    assert not store.advance(ORIGIN, seen=seen, head=LOG.head(12), note=b"12")
    assert store.head(ORIGIN) == LOG.head(9)
    assert store.note(HASH) == b"9"


def test_store__seen_head_where_there_is_none__stores_nothing(store: WitnessStore) -> None:
    assert not store.advance(ORIGIN, seen=LOG.head(5), head=LOG.head(9), note=b"9")
    assert store.head(ORIGIN) is None


def test_store__size_of_64_bits__is_kept(store: WitnessStore) -> None:
    head = Head(TreeSize(2**64 - 1), RootHash(bytes(32)))
    assert store.advance(ORIGIN, seen=None, head=head, note=b"note")
    assert store.head(ORIGIN) == head


def test_store__same_head_again__takes_the_new_note(store: WitnessStore) -> None:
    store.advance(ORIGIN, seen=None, head=LOG.head(5), note=b"earlier")
    assert store.advance(ORIGIN, seen=LOG.head(5), head=LOG.head(5), note=b"later")
    assert store.note(HASH) == b"later"


def test_sql_store__opened_again__has_the_head(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'witness.sqlite'}"
    for expected, (old, size) in ((None, (0, 5)), (5, (5, 9)), (9, (9, 9))):
        database = Database(url)
        migrate(database)
        store = SqlWitnessStore(database)
        known = store.head(ORIGIN)
        assert (None if known is None else known.size) == expected
        assert isinstance(own_witness(store).add_checkpoint(LOG.body(old, size)), bytes)
        database.close()


def test_witness__reply__comes_after_the_head_is_stored(store: WitnessStore) -> None:
    line = own_witness(store).add_checkpoint(LOG.body(0, 5))
    assert isinstance(line, bytes)
    assert store.head(ORIGIN) == LOG.head(5)
    assert own_witness(store).checkpoint(HASH) == LOG.checkpoint(5) + line


def test_witness__cosignature__is_of_the_checkpoint_at_the_time_of_the_clock(
    store: WitnessStore,
) -> None:
    line = own_witness(store).add_checkpoint(LOG.body(0, 5))
    assert isinstance(line, bytes)
    text = parse_note(LOG.checkpoint(5)).text
    at = verify_cosignature(text, parse_signature(line.decode()), witness(1).verifier)
    assert at == NOW.timestamp()


def test_witness__refusal__stores_nothing(store: WitnessStore) -> None:
    own = own_witness(store)
    own.add_checkpoint(LOG.body(0, 9))
    note = own.checkpoint(HASH)
    for body in (FORK.body(9, 12), LOG.body(5, 12), b"old 9\n", FORK.body(9, 9)):
        assert isinstance(own.add_checkpoint(body), Refusal)
    assert own.checkpoint(HASH) == note


def test_witness__log_it_never_saw__has_no_checkpoint(store: WitnessStore) -> None:
    with pytest.raises(NotFoundError):
        own_witness(store).checkpoint(HASH)


def test_witness__overtaken_between_check_and_write__refuses() -> None:
    pending: Iterator[bytes] = iter([LOG.body(0, 9)])

    def overtake() -> None:
        for body in pending:
            assert isinstance(own_witness(memory).add_checkpoint(body), bytes)

    memory = MemoryWitnessStore(overtake)
    answer = own_witness(memory).add_checkpoint(FORK.body(0, 12))
    assert isinstance(answer, Refusal)
    assert (answer.status, answer.known_size) == (409, 9)


def test_witness__overtaken_at_every_attempt__is_unavailable() -> None:
    class Moving(MemoryWitnessStore):
        def advance(self, *_: object, **__: object) -> bool:
            return False

    with pytest.raises(UnavailableError):
        own_witness(Moving()).add_checkpoint(LOG.body(0, 9))


def run_at_once(calls: list[Callable[[], None]]) -> None:
    barrier = threading.Barrier(len(calls))

    def started(call: Callable[[], None]) -> None:
        barrier.wait()
        call()

    threads = [threading.Thread(target=started, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("old", [0, 4])
def test_witness__concurrent_requests_of_two_histories__cosigns_one(
    tmp_path: Path, old: int
) -> None:
    for turn in range(8):
        # Each side has a database of its own, as two processes would.
        databases = [Database(f"sqlite:///{tmp_path / f'{turn}.sqlite'}") for _ in range(2)]
        migrate(databases[0])
        stores = [SqlWitnessStore(database) for database in databases]
        if old:
            own_witness(stores[0]).add_checkpoint(LOG.body(0, old))
        heads: list[Head] = []
        statuses: list[int] = []

        def ask(number: int, size: int, side: int) -> None:
            log = (LOG, FORK)[number % 2]
            answer = own_witness(stores[side]).add_checkpoint(log.body(old, size))  # noqa: B023
            if isinstance(answer, bytes):
                heads.append(log.head(size))  # noqa: B023
            else:
                statuses.append(answer.status)  # noqa: B023

        run_at_once(
            [
                lambda number=number: ask(number, 8 + number, number // 2 % 2)  # type: ignore[misc]
                for number in range(6)
            ]
        )
        assert len(heads) == 1
        assert statuses == [409] * 5
        assert stores[0].head(ORIGIN) == heads[0]
        for database in databases:
            database.close()


def test_witness__database_that_cannot_write__gives_no_cosignature(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'witness.sqlite'}")
    migrate(database)
    database.close()
    readonly = Database(f"sqlite:///file:{tmp_path / 'witness.sqlite'}?mode=ro&uri=true")
    with pytest.raises(UnavailableError):
        own_witness(SqlWitnessStore(readonly)).add_checkpoint(LOG.body(0, 5))
    readonly.close()


def test_cosigned_sizes__saved__are_of_one_ledger_and_witness(
    database: Database, simulation: Simulation
) -> None:
    simulation.found()
    sizes = SqlCosignedSizes(database)
    assert sizes.size(SLUG, "first") == 0
    sizes.save(SLUG, "first", TreeSize(3))
    sizes.save(SLUG, "first", TreeSize(4))
    assert (sizes.size(SLUG, "first"), sizes.size(SLUG, "second")) == (4, 0)


def test_checkpoints__held__is_forgotten_when_one_as_large_is_published(
    database: Database, simulation: Simulation
) -> None:
    simulation.found()
    checkpoints = SqlCheckpoints(database)
    assert checkpoints.held(SLUG) is None
    checkpoints.hold(SLUG, TreeSize(1), b"held")
    assert checkpoints.held(SLUG) == b"held"
    assert checkpoints.pending(SLUG) == (1,)
    checkpoints.save(SLUG, TreeSize(1), b"published")
    assert checkpoints.held(SLUG) is None
    assert checkpoints.pending(SLUG) == ()


def test_checkpoints__held_for_a_size_the_ledger_never_had__is_refused(
    database: Database, simulation: Simulation
) -> None:
    simulation.found()
    with pytest.raises(NotFoundError):
        SqlCheckpoints(database).hold(SLUG, TreeSize(2), b"held")
    with pytest.raises(NotFoundError):
        SqlCheckpoints(database).held("nobody")
