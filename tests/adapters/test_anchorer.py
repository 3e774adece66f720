"""The anchorer: reconciliation, the fault table, and divergence."""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import pytest
import rlp

from anchoring.adapters.memory_chain import MemoryChain, MemoryJournal
from anchoring.anchorer import Anchorer
from anchoring.core.errors import DivergedError, RejectedError, UnavailableError
from anchoring.core.evidence import verify_evidence
from anchoring.core.lifecycle import AnchorIntent, AnchorState
from anchoring.core.types import Head, RootHash, TreeSize
from anchoring.ports import AnchorJournal, Chain
from tests.support.chain_contract import anchored
from tests.support.chain_faults import Fault, Killed, Moment, with_fault
from tests.support.chain_world import ListLedger, head_of, open_embedded, publish_on

CHAIN_OPERATIONS = [
    "published_head",
    "sign_anchor",
    "broadcast",
    "find_anchor",
    "capture_evidence",
]
JOURNAL_OPERATIONS = ["intent", "recorded_size", "save_intent", "record"]
MOMENTS: list[Moment] = ["before", "after"]


class World:
    """A ledger, a journal and a chain that outlive any anchorer."""

    def __init__(self, chain: Chain) -> None:
        self.ledger = ListLedger()
        self.journal = MemoryJournal()
        self.chain = chain

    def anchorer(
        self, *, chain: Chain | None = None, journal: AnchorJournal | None = None
    ) -> Anchorer:
        """A process that has just started."""
        return Anchorer(
            ledger=self.ledger, journal=journal or self.journal, chain=chain or self.chain
        )

    def assert_settled(self, sizes: Sequence[int]) -> None:
        """Exactly these heads are anchored, once each, recorded with evidence that verifies."""
        assert sorted(self.journal.records) == list(sizes)
        previous = 0
        for size in sizes:
            anchor, evidence = self.journal.records[TreeSize(size)]
            assert anchor.head == head_of(size)
            assert anchor == self.chain.find_anchor(TreeSize(size))
            assert verify_evidence(evidence, anchor).previous_size == previous
            previous = size
        assert self.chain.published_head().size == previous
        assert self.journal.intent() is None


@pytest.fixture
def memory() -> MemoryChain:
    return MemoryChain()


@pytest.fixture(params=["memory", "embedded"])
def world(request: pytest.FixtureRequest, memory: MemoryChain, tmp_path: Path) -> Iterator[World]:
    if request.param == "memory":
        yield World(memory)
        return
    embedded = open_embedded(tmp_path / "chain.sqlite")
    yield World(publish_on(embedded))
    embedded.close()


def test_step__on_an_empty_ledger__does_nothing(world: World) -> None:
    report = world.anchorer().step()
    assert (report.state, report.recorded, report.transaction_hash) == (AnchorState.EMPTY, (), None)
    world.assert_settled([])


def test_step__on_a_new_head__anchors_and_records_it(world: World) -> None:
    world.ledger.append(3)
    report = world.anchorer().step()
    assert report.state == AnchorState.INCLUDED
    assert report.ledger_head == head_of(3)
    assert [anchor.head for anchor in report.recorded] == [head_of(3)]
    assert report.transaction_hash == report.recorded[0].transaction_hash
    world.assert_settled([3])


def test_step__again_without_news__sends_nothing(world: World) -> None:
    world.ledger.append(3)
    world.anchorer().step()
    report = world.anchorer().step()
    assert (report.state, report.recorded, report.transaction_hash) == (
        AnchorState.INCLUDED,
        (),
        None,
    )
    world.assert_settled([3])


def test_step__after_several_heads__anchors_the_newest_only(world: World) -> None:
    world.ledger.append()
    world.anchorer().step()
    for _ in range(4):
        world.ledger.append()
    world.anchorer().step()
    world.assert_settled([1, 5])


@pytest.mark.parametrize(
    ("operation", "moment", "call"), list(product(CHAIN_OPERATIONS, MOMENTS, [1, 2, 3]))
)
def test_restart__after_death_in_a_chain_operation__anchors_each_head_once(
    world: World, operation: str, moment: Moment, call: int
) -> None:
    fault = Fault(operation, moment, call)
    die_and_restart(world, world.anchorer(chain=with_fault(world.chain, fault)))


@pytest.mark.parametrize(
    ("operation", "moment", "call"), list(product(JOURNAL_OPERATIONS, MOMENTS, [1, 2, 3]))
)
def test_restart__after_death_in_a_journal_operation__anchors_each_head_once(
    world: World, operation: str, moment: Moment, call: int
) -> None:
    fault = Fault(operation, moment, call)
    die_and_restart(world, world.anchorer(journal=with_fault(world.journal, fault)))


def die_and_restart(world: World, mortal: Anchorer) -> None:
    """Anchor two heads with an anchorer that may die; a fresh one finishes what it left."""
    for size in (2, 5):
        world.ledger.append(size - len(world.ledger.entries))
        try:
            mortal.step()
        except Killed:
            assert world.anchorer().step().state == AnchorState.INCLUDED
    assert world.anchorer().step().state == AnchorState.INCLUDED
    world.assert_settled([2, 5])


def test_restart__after_death_and_growth__sends_the_old_intent_first(memory: MemoryChain) -> None:
    world = World(memory)
    world.ledger.append(2)
    mortal = world.anchorer(chain=with_fault(memory, Fault("broadcast", "before")))
    with pytest.raises(Killed):
        mortal.step()
    stored = world.journal.intent()
    assert stored is not None
    world.ledger.append(3)
    report = world.anchorer().step()
    assert [anchor.head.size for anchor in report.recorded] == [2, 5]
    assert memory.blocks[0].transaction == stored.signed_transaction
    world.assert_settled([2, 5])


def test_step__while_no_block_includes_it__resends_the_same_bytes(memory: MemoryChain) -> None:
    memory.paused = True
    world = World(memory)
    world.ledger.append(2)
    first = world.anchorer().step()
    world.ledger.append(1)
    second = world.anchorer().step()
    assert first.state == second.state == AnchorState.BROADCAST
    assert first.transaction_hash == second.transaction_hash
    assert len(memory.waiting) == 1
    memory.mine()
    memory.paused = False
    assert world.anchorer().step().state == AnchorState.INCLUDED
    world.assert_settled([2, 3])


def test_step__after_the_chain_lost_the_transaction__sends_it_again(memory: MemoryChain) -> None:
    memory.paused = True
    world = World(memory)
    world.ledger.append(2)
    world.anchorer().step()
    memory.waiting.clear()
    memory.paused = False
    world.anchorer().step()
    world.assert_settled([2])


def test_step__without_its_journal__records_every_anchor_again(world: World) -> None:
    for size in (1, 2, 4):
        world.ledger.append(size - len(world.ledger.entries))
        world.anchorer().step()
    world.journal.records.clear()
    report = world.anchorer().step()
    assert [anchor.head.size for anchor in report.recorded] == [1, 2, 4]
    assert report.transaction_hash is None
    world.assert_settled([1, 2, 4])


def test_step__when_another_transaction_took_the_nonce__drops_the_intent_and_recovers(
    world: World,
) -> None:
    world.ledger.append(3)
    stale = AnchorIntent(head_of(3), world.chain.sign_anchor(head_of(3)))
    anchored(world.chain, head_of(2))
    world.journal.save_intent(stale)
    anchor = world.chain.find_anchor(TreeSize(2))
    assert anchor is not None
    world.journal.record(anchor, world.chain.capture_evidence(anchor))
    with pytest.raises(RejectedError):
        world.anchorer().step()
    assert world.journal.intent() is None
    assert world.anchorer().step().state == AnchorState.INCLUDED
    world.assert_settled([2, 3])


def test_step__when_the_intent_was_overtaken__settles_it_without_sending(world: World) -> None:
    world.ledger.append(3)
    world.journal.save_intent(AnchorIntent(head_of(2), world.chain.sign_anchor(head_of(2))))
    anchored(world.chain, head_of(3))
    report = world.anchorer().step()
    assert (report.state, report.transaction_hash) == (AnchorState.INCLUDED, None)
    world.assert_settled([3])


class RacingChain:
    """Another process of the same publisher anchors between our look and our sending."""

    def __init__(self, inner: MemoryChain) -> None:
        self.inner = inner

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def broadcast(self, signed_transaction: bytes) -> bytes:
        anchored(self.inner, head_of(2))
        return self.inner.broadcast(signed_transaction)


def test_step__when_a_rival_anchors_the_same_head__records_the_rival_s(memory: MemoryChain) -> None:
    world = World(memory)
    world.ledger.append(2)
    fields = rlp.decode(memory.sign_anchor(head_of(2))[1:])
    dearer = b"\x02" + rlp.encode([*fields[:2], b"\x09", b"\x09", *fields[4:]])
    world.journal.save_intent(AnchorIntent(head_of(2), dearer))
    racing: Chain = RacingChain(memory)  # type: ignore[assignment]  # passes the rest through
    report = world.anchorer(chain=racing).step()
    assert (report.state, report.transaction_hash) == (AnchorState.INCLUDED, None)
    assert memory.blocks[0].transaction != dearer
    world.assert_settled([2])


def test_step__on_a_chain_ahead_of_the_ledger__diverges(world: World) -> None:
    anchored(world.chain, head_of(3))
    world.ledger.append(2)
    with pytest.raises(DivergedError):
        world.anchorer().step()
    assert world.journal.records == {}


@pytest.mark.parametrize("byte", [0, 23, 24, 31])
def test_step__on_another_root_at_the_anchored_size__diverges(world: World, byte: int) -> None:
    """Also in the 8 bytes that the contract does not keep: the event has them."""
    root = bytearray(head_of(2).root)
    root[byte] ^= 1
    anchored(world.chain, Head(TreeSize(2), RootHash(bytes(root))))
    world.ledger.append(3)
    with pytest.raises(DivergedError):
        world.anchorer().step()
    assert world.journal.records == {}


def test_step__on_a_chain_behind_the_journal__sends_nothing(memory: MemoryChain) -> None:
    world = World(memory)
    world.ledger.append(2)
    world.anchorer().step()
    block = memory.blocks.pop()
    world.ledger.append(1)
    report = world.anchorer().step()
    assert (report.state, report.transaction_hash) == (AnchorState.BEHIND, None)
    memory.blocks.append(block)
    world.anchorer().step()
    world.assert_settled([2, 3])


class ForgetfulChain(RacingChain):
    """Shows a head and not its event, as a node between two indexes does."""

    def broadcast(self, signed_transaction: bytes) -> bytes:
        return self.inner.broadcast(signed_transaction)

    def find_anchor(self, size: TreeSize) -> None:
        del size


def test_step__when_the_event_is_not_shown_yet__is_unavailable_and_keeps_the_intent(
    memory: MemoryChain,
) -> None:
    world = World(memory)
    world.ledger.append(2)
    forgetful: Chain = ForgetfulChain(memory)  # type: ignore[assignment]  # passes the rest through
    with pytest.raises(UnavailableError):
        world.anchorer(chain=forgetful).step()
    assert world.journal.intent() is not None
    world.anchorer().step()
    world.assert_settled([2])


class RestlessLedger(ListLedger):
    """Grows whenever someone looks."""

    def head(self) -> Head:
        self.append()
        return super().head()


def test_step__on_a_ledger_that_never_rests__ends_and_is_pending(memory: MemoryChain) -> None:
    world = World(memory)
    world.ledger = RestlessLedger()
    report = world.anchorer().step()
    assert report.state == AnchorState.PENDING
    assert report.ledger_head.size > report.published.size
    sizes = [anchor.head.size for anchor in report.recorded]
    assert len(sizes) == 3
    world.assert_settled(sizes)
