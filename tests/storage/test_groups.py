"""Group commit (G1 to G7): commands that wait for one ledger share a transaction; none of them notices."""

import threading
from collections.abc import Callable, Sequence

import pytest

from anchoring.adapters.documents_memory import MemoryDocuments
from anchoring.core.errors import UnavailableError
from anchoring.core.types import Head, TreeSize
from backend.domain.acts import CommonsRegistered
from backend.domain.errors import ConflictError, InvalidInputError, NotFoundError
from backend.services.ports import Recorded, UnitOfWork, Work
from backend.storage.checkpoints import SqlCheckpoints
from backend.storage.database import Database
from backend.storage.groups import MAX_GROUP, Asked, CommandQueue, carry_out_together
from backend.storage.ledgers import SqlLedgers
from backend.storage.reads import SqlReads
from backend.storage.unit_of_work import SqlUnitOfWork
from tests.support.model_organisation import FOUNDERS, SLUG, Actor
from tests.support.organisations import Simulation
from tests.support.stored_organisations import command_of
from tests.support.vaults import memory_vault

CHAIR = FOUNDERS[0]
PATIENT_S = 60
"""Bound on what a test waits for: not an expectation of speed."""


class UnsoundUnit(SqlUnitOfWork):
    """A unit whose commit fails, as on a full disk."""

    def make_durable(self) -> None:
        raise UnavailableError("database", "disk full")


@pytest.fixture
def founded(simulation: Simulation) -> Simulation:
    simulation.found()
    return simulation


@pytest.fixture
def open_unit(
    ledgers: SqlLedgers, database: Database, documents: MemoryDocuments
) -> Callable[[], SqlUnitOfWork]:
    lock = threading.Lock()
    return lambda: SqlUnitOfWork(
        SLUG,
        origin=None,
        database=database,
        documents=documents,
        folds=ledgers.folds,
        lock=lock,
        vault=memory_vault(),
    )


def registering(simulation: Simulation, name: str, *, author: Actor = CHAIR) -> Work:
    """Return the work of registering a commons; refused where its author is nobody here."""

    def work(unit: UnitOfWork) -> None:
        data = CommonsRegistered(name, f"The {name}", unit.put_document(b"About.\n"))
        entry, openings = simulation.signed(unit, author, data)
        unit.append(entry, signatures=openings)

    return work


def asked(simulation: Simulation, *names: str) -> list[Asked]:
    return [Asked(command_of(name), registering(simulation, name)) for name in names]


def written(outcomes: Sequence[Recorded | BaseException]) -> list[tuple[int, ...] | str]:
    """Return the indices each outcome tells, or the name of its error."""
    return [
        outcome.indices if isinstance(outcome, Recorded) else type(outcome).__name__
        for outcome in outcomes
    ]


def test_group__of_lawful_commands__is_as_each_alone_and_owes_one_checkpoint(
    founded: Simulation,
    ledgers: SqlLedgers,
    database: Database,
    open_unit: Callable[[], SqlUnitOfWork],
) -> None:
    outcomes = carry_out_together(open_unit, asked(founded, "weir", "mill", "pond"))
    assert written(outcomes) == [(1,), (2,), (3,)]
    for outcome in outcomes:
        assert isinstance(outcome, Recorded)
        assert outcome.head == ledgers.head(SLUG, outcome.head.size)
    assert ledgers.folds.committed(SLUG).size == 4
    assert SqlCheckpoints(database).pending(SLUG) == (1, 4)
    for name, outcome in zip(("weir", "mill", "pond"), outcomes, strict=True):
        with ledgers.unit(SLUG) as unit:
            assert unit.recorded(command_of(name)) == outcome


def test_group__with_a_refusal_in_the_middle__keeps_the_others(
    founded: Simulation, ledgers: SqlLedgers, open_unit: Callable[[], SqlUnitOfWork]
) -> None:
    stranger = Asked(command_of("dam"), registering(founded, "dam", author=Actor("stranger")))
    weir, mill = asked(founded, "weir", "mill")
    outcomes = carry_out_together(open_unit, [weir, stranger, mill])
    assert written(outcomes) == [(1,), "NotFoundError", (2,)]
    assert ledgers.head(SLUG).size == 3
    assert not isinstance(outcomes[1], Recorded)
    with ledgers.unit(SLUG) as unit:
        assert unit.recorded(stranger.command) is None


def test_group__whose_second_depends_on_the_first__sees_what_it_left(
    founded: Simulation, open_unit: Callable[[], SqlUnitOfWork]
) -> None:
    again = Asked(command_of("weir again"), registering(founded, "weir"))
    outcomes = carry_out_together(open_unit, [*asked(founded, "weir"), again])
    assert written(outcomes) == [(1,), "ConflictError"]


def test_group__with_one_key_twice__tells_both_what_was_written_once(
    founded: Simulation, ledgers: SqlLedgers, open_unit: Callable[[], SqlUnitOfWork]
) -> None:
    weir, mill = asked(founded, "weir", "mill")
    other = Asked(command_of("weir", body="another"), registering(founded, "dam"))
    outcomes = carry_out_together(open_unit, [weir, weir, other, mill])
    assert written(outcomes) == [(1,), (1,), "ConflictError", (2,)]
    assert outcomes[0] == outcomes[1]
    assert ledgers.head(SLUG).size == 3


def test_group__of_repeated_commands_only__writes_nothing(
    founded: Simulation,
    ledgers: SqlLedgers,
    database: Database,
    open_unit: Callable[[], SqlUnitOfWork],
) -> None:
    first = carry_out_together(open_unit, asked(founded, "weir"))
    assert carry_out_together(open_unit, asked(founded, "weir", "weir")) == [*first, *first]
    assert SqlCheckpoints(database).pending(SLUG) == (1, 2)
    assert ledgers.head(SLUG).size == 2


def spoiling(error: Exception, *, calls: list[str] | None = None) -> Work:
    """Return work that writes before it fails."""

    def work(unit: UnitOfWork) -> None:
        if calls is not None:
            calls.append("spoilt")
        applicant = Actor("applicant")
        unit.keep_key(applicant.id, applicant.key_opening)
        raise error

    return work


def test_group__spoilt_by_a_command_that_wrote__is_carried_out_again_one_by_one(
    founded: Simulation,
    database: Database,
    reads: SqlReads,
    open_unit: Callable[[], SqlUnitOfWork],
) -> None:
    calls: list[str] = []

    def counted(name: str) -> Work:
        work = registering(founded, name)

        def counting(unit: UnitOfWork) -> None:
            calls.append(name)
            work(unit)

        return counting

    refusal = ConflictError("key.in_use", expected="a key bound to nobody", found="somebody")
    group = [
        Asked(command_of("weir"), counted("weir")),
        Asked(command_of("spoilt"), spoiling(refusal, calls=calls)),
        Asked(command_of("mill"), counted("mill")),
    ]
    outcomes = carry_out_together(open_unit, group)
    assert written(outcomes) == [(1,), "ConflictError", (2,)]
    assert outcomes[1] is refusal
    assert calls == ["weir", "spoilt", "weir", "spoilt", "mill"]
    assert reads.sources(SLUG).key(Actor("applicant").id) is None
    assert SqlCheckpoints(database).pending(SLUG) == (1, 2, 3)


@pytest.mark.usefixtures("founded")
def test_group__of_one_that_spoils__is_told_why(
    ledgers: SqlLedgers, open_unit: Callable[[], SqlUnitOfWork]
) -> None:
    error = RuntimeError("a defect")
    assert carry_out_together(open_unit, [Asked(command_of("a"), spoiling(error))]) == [error]
    assert ledgers.head(SLUG).size == 1


def test_group__with_a_command_that_appends_nothing__is_as_without_it(
    founded: Simulation, open_unit: Callable[[], SqlUnitOfWork]
) -> None:
    idle = Asked(command_of("idle"), lambda _: None)
    outcomes = carry_out_together(open_unit, [idle, *asked(founded, "weir")])
    assert written(outcomes) == ["InvalidInputError", (1,)]
    assert isinstance(outcomes[0], InvalidInputError)
    assert outcomes[0].code == "command.empty"


def test_group__whose_commit_fails__tells_all_of_them_and_leaves_nothing(
    founded: Simulation, ledgers: SqlLedgers, database: Database, documents: MemoryDocuments
) -> None:
    head, state = ledgers.head(SLUG), ledgers.folds.committed(SLUG)
    lock = threading.Lock()

    def unsound() -> SqlUnitOfWork:
        return UnsoundUnit(
            SLUG,
            origin=None,
            database=database,
            documents=documents,
            folds=ledgers.folds,
            lock=lock,
            vault=memory_vault(),
        )

    group = asked(founded, "weir", "mill")
    outcomes = carry_out_together(unsound, group)
    assert written(outcomes) == ["UnavailableError"] * 2
    assert (ledgers.head(SLUG), ledgers.folds.committed(SLUG)) == (head, state)
    for each in group:
        assert ledgers.carry_out(SLUG, each.command, each.work).head == ledgers.head(SLUG)


class Crowd:
    """Threads that carry commands out on one queue while its first command is held at a gate."""

    def __init__(self, queue: CommandQueue, first: Asked) -> None:
        self.queue = queue
        self.outcomes: dict[str, Recorded | BaseException] = {}
        self._entered, self._gate = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []

        def held(unit: UnitOfWork) -> None:
            self._entered.set()
            self._gate.wait(PATIENT_S)
            first.work(unit)

        self._start(Asked(first.command, held))
        assert self._entered.wait(PATIENT_S)

    def join(self, each: Asked) -> None:
        """Have a command wait behind those that wait already."""
        ahead = len(self.queue)
        self._start(each)
        while len(self.queue) == ahead:
            self._threads[-1].join(0.001)
            assert self._threads[-1].is_alive()

    def let_go(self) -> dict[str, Recorded | BaseException]:
        """Open the gate; returns what came of each command, by its key."""
        self._gate.set()
        for thread in self._threads:
            thread.join(PATIENT_S)
            assert not thread.is_alive()
        return self.outcomes

    def _start(self, each: Asked) -> None:
        def run() -> None:
            try:
                self.outcomes[each.command.key] = self.queue.carry_out(each)
            except BaseException as error:  # noqa: BLE001 - the test looks at it
                self.outcomes[each.command.key] = error

        self._threads.append(threading.Thread(target=run))
        self._threads[-1].start()


@pytest.fixture
def units(open_unit: Callable[[], SqlUnitOfWork]) -> tuple[list[int], Callable[[], SqlUnitOfWork]]:
    """Give a list that grows with every unit, and what opens them."""
    opened: list[int] = []

    def counted() -> SqlUnitOfWork:
        opened.append(len(opened))
        return open_unit()

    return opened, counted


def test_queue__while_its_ledger_is_held__gathers_one_group_in_the_order_of_coming(
    founded: Simulation,
    ledgers: SqlLedgers,
    units: tuple[list[int], Callable[[], SqlUnitOfWork]],
) -> None:
    opened, open_counted = units
    names = [f"commons-{number}" for number in range(7)]
    first, *others = asked(founded, *names)
    stranger = Asked(command_of("dam"), registering(founded, "dam", author=Actor("stranger")))
    crowd = Crowd(CommandQueue(SLUG, open_counted), first)
    for each in (*others[:3], stranger, *others[3:]):
        crowd.join(each)
    outcomes = crowd.let_go()
    assert opened == [0, 1]
    assert written([outcomes[name] for name in names]) == [(index,) for index in range(1, 8)]
    assert written([outcomes["dam"]]) == ["NotFoundError"]
    assert ledgers.head(SLUG).size == 8
    assert len(crowd.queue) == 0


def test_queue__with_more_than_a_group__takes_them_in_turns(
    founded: Simulation,
    units: tuple[list[int], Callable[[], SqlUnitOfWork]],
) -> None:
    opened, open_counted = units
    first, *others = asked(founded, *(f"commons-{number}" for number in range(MAX_GROUP + 3)))
    crowd = Crowd(CommandQueue(SLUG, open_counted), first)
    for each in others:
        crowd.join(each)
    outcomes = crowd.let_go()
    assert opened == [0, 1, 2]
    told = [outcomes[each.command.key] for each in (first, *others)]
    assert written(told) == [(index,) for index in range(1, MAX_GROUP + 4)]


def test_queue__held_for_too_long__gives_up_who_is_in_no_group(
    founded: Simulation, open_unit: Callable[[], SqlUnitOfWork]
) -> None:
    weir, mill, pond = asked(founded, "weir", "mill", "pond")
    crowd = Crowd(CommandQueue(SLUG, open_unit, patience_s=0.01), weir)
    with pytest.raises(UnavailableError):
        crowd.queue.carry_out(mill)
    assert len(crowd.queue) == 0
    assert written([crowd.let_go()["weir"]]) == [(1,)]
    assert crowd.queue.carry_out(pond).indices == (2,)


def test_queue__whose_unit_cannot_be_opened__tells_everyone_and_goes_on(
    founded: Simulation, open_unit: Callable[[], SqlUnitOfWork]
) -> None:
    failing = iter([False, True, False])

    def sometimes() -> SqlUnitOfWork:
        if next(failing):
            raise UnavailableError("database", "unable to open database file")
        return open_unit()

    weir, mill, pond = asked(founded, "weir", "mill", "pond")
    crowd = Crowd(CommandQueue(SLUG, sometimes), weir)
    for each in (mill, pond):
        crowd.join(each)
    outcomes = crowd.let_go()
    assert written([outcomes[name] for name in ("weir", "mill", "pond")]) == [
        (1,),
        "UnavailableError",
        "UnavailableError",
    ]
    assert crowd.queue.carry_out(pond).indices == (2,)


class StoppedError(BaseException):
    """What ends a thread in the middle of its work."""


def test_queue__whose_leader_is_stopped__tells_those_behind_and_goes_on(
    founded: Simulation, ledgers: SqlLedgers, open_unit: Callable[[], SqlUnitOfWork]
) -> None:
    def stop(_: UnitOfWork) -> None:
        raise StoppedError

    weir, mill = asked(founded, "weir", "mill")
    crowd = Crowd(CommandQueue(SLUG, open_unit), weir)
    crowd.join(Asked(command_of("stopped"), stop))
    crowd.join(mill)
    outcomes = crowd.let_go()
    assert written([outcomes[name] for name in ("weir", "stopped", "mill")]) == [
        (1,),
        "StoppedError",
        "UnavailableError",
    ]
    assert ledgers.head(SLUG).size == 2
    assert crowd.queue.carry_out(mill).indices == (2,)


def test_carry_out__on_an_unknown_organisation__is_not_found(ledgers: SqlLedgers) -> None:
    for _ in range(2):
        with pytest.raises(NotFoundError):
            ledgers.carry_out("nobody", command_of("weir"), lambda _: None)


@pytest.fixture
def servers(database: Database, documents: MemoryDocuments) -> Sequence[SqlLedgers]:
    """Give two sets of ledgers that share no lock, queue or state, as two processes would."""
    return [SqlLedgers(database, documents, memory_vault()) for _ in range(2)]


def test_threads__of_two_servers_at_once__leave_no_gap_and_are_told_their_own(
    founded: Simulation, servers: Sequence[SqlLedgers], reads: SqlReads
) -> None:
    threads_number, each_number = 8, 6
    barrier = threading.Barrier(threads_number)
    told: dict[str, Recorded] = {}
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            barrier.wait(PATIENT_S)
            for each in asked(founded, *(f"c-{number}-{turn}" for turn in range(each_number))):
                ledger = servers[number % 2]
                told[each.command.key] = ledger.carry_out(SLUG, each.command, each.work)
        except BaseException as error:  # noqa: BLE001 - the main thread reports it
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(threads_number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    total = threads_number * each_number
    assert sorted(recorded.indices for recorded in told.values()) == [
        (index,) for index in range(1, total + 1)
    ]
    for name, recorded in told.items():
        (index,) = recorded.indices
        assert f'"commons":"{name}"'.encode() in reads.entry(SLUG, index).content
        head = Head(TreeSize(index + 1), recorded.head.root)
        assert recorded.head == head == servers[0].head(SLUG, head.size)
    assert reads.state(SLUG).size == total + 1
