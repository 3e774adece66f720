"""The anchorer: reconciliation, the fault table, and divergence."""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import pytest
from eth_hash.auto import keccak

from anchoring.adapters.memory_chain import MemoryChain
from anchoring.adapters.memory_journal import MemoryJournal
from anchoring.anchorer import MAX_ACTIONS, Anchorer
from anchoring.core.anchor_states import AnchorState, Attempt, Fees, Plan, Seconds, Wei
from anchoring.core.errors import DivergedError, UnavailableError
from anchoring.core.evidence import verify_evidence
from anchoring.core.types import Head, RootHash, TransactionHash, TreeSize
from anchoring.journal import AnchorJournal
from anchoring.ports import Chain
from tests.support.chain_contract import anchored
from tests.support.chain_faults import Fault, Killed, Moment, with_fault
from tests.support.chain_world import FixedClock, ListLedger, head_of, open_embedded, publish_on

CHAIN_OPERATIONS = [
    "check_identity",
    "next_nonce",
    "finality",
    "block_hash",
    "transaction_status",
    "suggested_fees",
    "published_head",
    "sign_anchor",
    "broadcast",
    "find_anchor",
    "capture_evidence",
    "capture_finality",
]
JOURNAL_OPERATIONS = [
    "claim",
    "intent",
    "records",
    "attempts_of",
    "recorded_size",
    "save_attempt",
    "record",
    "record_finality",
]
MOMENTS: list[Moment] = ["before", "after"]


class World:
    """A ledger, a journal and a chain that outlive any anchorer."""

    def __init__(self, chain: Chain) -> None:
        self.ledger = ListLedger()
        self.journal = MemoryJournal()
        self.chain = chain
        self.clock = FixedClock()

    def anchorer(
        self, *, chain: Chain | None = None, journal: AnchorJournal | None = None
    ) -> Anchorer:
        """A process that has just started."""
        return Anchorer(
            ledger=self.ledger,
            journal=journal or self.journal,
            chain=chain or self.chain,
            clock=self.clock,
        )

    def assert_settled(self, sizes: Sequence[int]) -> None:
        """Exactly these heads are anchored, once each, recorded with evidence that verifies."""
        assert sorted(self.journal.anchors) == list(sizes)
        previous = 0
        for size in sizes:
            record, evidence = self.journal.anchors[TreeSize(size)]
            anchor = record.anchor
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
    assert report.state == AnchorState.FINALIZED
    assert report.ledger_head == head_of(3)
    assert [anchor.head for anchor in report.recorded] == [head_of(3)]
    assert report.transaction_hash == report.recorded[0].transaction_hash
    world.assert_settled([3])


def test_step__again_without_news__sends_nothing(world: World) -> None:
    world.ledger.append(3)
    world.anchorer().step()
    report = world.anchorer().step()
    assert (report.state, report.recorded, report.transaction_hash) == (
        AnchorState.FINALIZED,
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
            assert world.anchorer().step().state == AnchorState.FINALIZED
    assert world.anchorer().step().state == AnchorState.FINALIZED
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
    assert memory.blocks[0].transaction == stored.newest.signed_transaction
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
    assert world.anchorer().step().state == AnchorState.FINALIZED
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
    world.journal.anchors.clear()
    report = world.anchorer().step()
    assert [anchor.head.size for anchor in report.recorded] == [1, 2, 4]
    assert report.transaction_hash is None
    world.assert_settled([1, 2, 4])


def test_step__when_another_transaction_took_the_nonce__signs_again(world: World) -> None:
    world.ledger.append(3)
    stale = intended(world.chain, head_of(3))
    anchored(world.chain, head_of(2))
    world.journal.save_attempt(stale)
    report = world.anchorer().step()
    assert (report.state, report.replaced) == (AnchorState.FINALIZED, (stale.transaction_hash,))
    world.assert_settled([2, 3])


def test_step__when_the_intent_was_overtaken__settles_it_without_sending(world: World) -> None:
    world.ledger.append(3)
    world.journal.save_attempt(intended(world.chain, head_of(2)))
    anchored(world.chain, head_of(3))
    report = world.anchorer().step()
    assert (report.state, report.transaction_hash) == (AnchorState.FINALIZED, None)
    world.assert_settled([3])


def intended(chain: Chain, head: Head, factor: int = 1) -> Attempt:
    """A transaction for that head, signed and not sent, at a multiple of the fees."""
    fees = chain.suggested_fees()
    fees = Fees(Wei(fees.max_fee * factor), Wei(fees.priority_fee * factor))
    nonce = chain.next_nonce()
    signed = chain.sign_anchor(head, Plan(nonce, fees))
    return Attempt(head, nonce, fees, signed, TransactionHash(keccak(signed)), now())


def now() -> Seconds:
    return Seconds(int(FixedClock().now().timestamp()))


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
    dearer = intended(memory, head_of(2), factor=9)
    world.journal.save_attempt(dearer)
    racing: Chain = RacingChain(memory)  # type: ignore[assignment]  # passes the rest through
    report = world.anchorer(chain=racing).step()
    assert (report.state, report.transaction_hash) == (AnchorState.FINALIZED, None)
    assert memory.blocks[0].transaction != dearer.signed_transaction
    world.assert_settled([2])


def test_step__on_a_chain_ahead_of_the_ledger__diverges(world: World) -> None:
    anchored(world.chain, head_of(3))
    world.ledger.append(2)
    with pytest.raises(DivergedError):
        world.anchorer().step()
    assert world.journal.anchors == {}


@pytest.mark.parametrize("byte", [0, 23, 24, 31])
def test_step__on_another_root_at_the_anchored_size__diverges(world: World, byte: int) -> None:
    """Also in the 8 bytes that the contract does not keep: the event has them."""
    root = bytearray(head_of(2).root)
    root[byte] ^= 1
    anchored(world.chain, Head(TreeSize(2), RootHash(bytes(root))))
    world.ledger.append(3)
    with pytest.raises(DivergedError):
        world.anchorer().step()
    assert world.journal.anchors == {}


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
    assert len(sizes) == MAX_ACTIONS // 2
    world.assert_settled(sizes)
