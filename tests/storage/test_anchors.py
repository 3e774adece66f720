"""Anchors and checkpoints in the database keep their ports' contracts and serve receipts."""

import pytest

from anchoring.adapters.memory_chain import PUBLISHER, MemoryChain
from anchoring.anchorer import Anchorer
from anchoring.core.anchor_states import AnchorIntent, AnchorState, Nonce, Seconds
from anchoring.core.errors import RejectedError
from anchoring.core.evidence import verify_evidence
from anchoring.core.finality import FinalityStatement, HeaderChain
from anchoring.core.types import Address, ChainId, LeafIndex, TreeSize
from anchoring.journal import AnchorJournal
from backend.domain.errors import NotFoundError
from backend.storage.anchors import SqlAnchorJournal
from backend.storage.checkpoints import SqlCheckpoints
from backend.storage.database import Database
from backend.storage.ledgers import SqlLedgers
from backend.storage.reads import SqlReads
from tests.support.chain_contract import JournalContract, attempt_of, proof_of
from tests.support.chain_world import FixedClock
from tests.support.model_organisation import SLUG, Actor
from tests.support.organisations import Simulation
from tests.support.stored_heads import StoredHeads

CHAIN = MemoryChain().chain_id


@pytest.fixture
def founded(simulation: Simulation) -> Simulation:
    simulation.found()
    return simulation


@pytest.fixture
def stored_journal(founded: Simulation, database: Database) -> SqlAnchorJournal:  # noqa: ARG001 - the ledger must exist
    return SqlAnchorJournal(database, SLUG, CHAIN, PUBLISHER)


class TestSqlAnchorJournal(JournalContract):
    @pytest.fixture
    def journal(self, stored_journal: SqlAnchorJournal) -> AnchorJournal:
        return stored_journal


def test_journal__of_another_chain__is_another_journal(
    stored_journal: SqlAnchorJournal, database: Database, reads: SqlReads
) -> None:
    other = SqlAnchorJournal(database, SLUG, ChainId(CHAIN + 1), PUBLISHER)
    for fee in (10, 20):
        stored_journal.save_attempt(attempt_of(2, fee=fee))
    other.save_attempt(attempt_of(1))
    stored_journal.claim("first", now=Seconds(0), until=Seconds(9))
    other.claim("second", now=Seconds(0), until=Seconds(9))
    stored_journal.record(*proof_of(1), state=AnchorState.SAFE, at=Seconds(7))
    assert (stored_journal.recorded_size(), other.recorded_size()) == (1, 0)
    assert other.intent() == AnchorIntent((attempt_of(1),))
    with pytest.raises(RejectedError):
        other.record(*proof_of(1), state=AnchorState.SAFE, at=Seconds(7))
    states = [(view.size, view.chain_id, view.state) for view in reads.anchors(SLUG)]
    assert states == [(1, CHAIN, "safe"), (1, CHAIN + 1, "broadcast"), (2, CHAIN, "broadcast")]


def test_journal__of_another_publisher__is_another_journal_and_both_are_read_by_size(
    stored_journal: SqlAnchorJournal, database: Database, reads: SqlReads
) -> None:
    account = Address(b"\xbb" * 20)
    other = SqlAnchorJournal(database, SLUG, CHAIN, account)
    stored_journal.save_attempt(attempt_of(1, nonce=7))
    other.save_attempt(attempt_of(2, nonce=0))
    stored_journal.claim("first", now=Seconds(0), until=Seconds(9))
    other.claim("second", now=Seconds(0), until=Seconds(9))
    assert stored_journal.attempts_of(Nonce(0)) == ()
    other.record(*proof_of(2, publisher=account), state=AnchorState.FINALIZED, at=Seconds(7))
    assert (stored_journal.recorded_size(), other.recorded_size()) == (0, 2)
    assert stored_journal.intent() == AnchorIntent((attempt_of(1, nonce=7),))
    assert (stored_journal.is_settled(), other.is_settled()) == (False, True)
    stored_journal.record(*proof_of(1), state=AnchorState.SAFE, at=Seconds(8))
    assert not stored_journal.is_settled()
    stored_journal.mark(proof_of(1)[0], AnchorState.FINALIZED)
    assert stored_journal.is_settled()
    assert [(view.size, view.state) for view in reads.anchors(SLUG)] == [
        (1, "finalized"),
        (2, "finalized"),
    ]
    with pytest.raises(RejectedError):
        stored_journal.record(*proof_of(2), state=AnchorState.SAFE, at=Seconds(9))
    assert reads.anchor_evidence(SLUG, CHAIN, TreeSize(2))[0].publisher == account


def test_anchorer__over_the_database__records_what_receipts_need(
    founded: Simulation,
    database: Database,
    reads: SqlReads,
    ledgers: SqlLedgers,
    stored_journal: SqlAnchorJournal,
) -> None:
    chain = MemoryChain()
    heads = StoredHeads(ledgers)
    anchorer = Anchorer(ledger=heads, journal=stored_journal, chain=chain, clock=FixedClock())
    for number in range(3):
        founded.apply(Actor(f"applicant-{number}"))
        assert anchorer.step().state is AnchorState.FINALIZED
    assert [view.size for view in reads.anchors(SLUG)] == [2, 3, 4]
    assert reads.covering_anchors(SLUG, 0) is None, "no checkpoint is signed yet"
    checkpoints = SqlCheckpoints(database)
    checkpoints.save(SLUG, TreeSize(3), b"note 3")
    checkpoints.save(SLUG, TreeSize(4), b"note 4")
    covering = reads.covering_anchors(SLUG, LeafIndex(0))
    assert covering is not None
    ((anchor, evidence),) = covering.anchors
    assert (covering.size, covering.checkpoint) == (3, b"note 3")
    assert anchor.head == ledgers.head(SLUG, TreeSize(3))
    verify_evidence(evidence, anchor)
    assert reads.anchor_evidence(SLUG, CHAIN, TreeSize(3)) == (anchor, evidence)
    last = reads.covering_anchors(SLUG, 3)
    assert last is not None
    assert last.size == 4
    assert reads.covering_anchors(SLUG, 4) is None


def test_checkpoints__are_owed_by_every_commit__until_one_is_signed(
    founded: Simulation, database: Database, reads: SqlReads, ledgers: SqlLedgers
) -> None:
    checkpoints = SqlCheckpoints(database)
    founded.apply(Actor("first"))
    founded.apply(Actor("second"))
    assert checkpoints.pending(SLUG) == (1, 2, 3)
    checkpoints.save(SLUG, TreeSize(2), b"note 2")
    assert checkpoints.pending(SLUG) == (3,)
    checkpoints.save(SLUG, ledgers.head(SLUG).size, b"note 3")
    checkpoints.save(SLUG, TreeSize(3), b"note 3, cosigned")
    assert checkpoints.pending(SLUG) == ()
    assert reads.checkpoint(SLUG) == b"note 3, cosigned"
    assert reads.checkpoint_at(SLUG, 2) == b"note 2"


def test_checkpoint__beyond_the_ledger__is_refused(founded: Simulation, database: Database) -> None:
    founded.apply(Actor("applicant"))
    checkpoints = SqlCheckpoints(database)
    with pytest.raises(NotFoundError):
        checkpoints.save(SLUG, TreeSize(3), b"note")
    with pytest.raises(NotFoundError):
        checkpoints.save("nobody", TreeSize(0), b"note")
    with pytest.raises(NotFoundError):
        checkpoints.pending("nobody")
    assert checkpoints.pending(SLUG) == (1, 2)


def test_finality__of_a_recorded_anchor__is_read_back_until_it_is_withdrawn(
    stored_journal: SqlAnchorJournal, reads: SqlReads
) -> None:
    anchor, evidence = proof_of(1)
    statement = FinalityStatement(anchor.block_number, anchor.block_hash, HeaderChain((b"header",)))
    stored_journal.record_finality(anchor, statement)
    stored_journal.record(anchor, evidence, state=AnchorState.SAFE, at=Seconds(7))
    size = anchor.head.size
    assert reads.anchor_finality(SLUG, CHAIN, size) is None
    stored_journal.record_finality(proof_of(2)[0], statement)
    assert reads.anchor_finality(SLUG, CHAIN, size) is None
    stored_journal.record_finality(anchor, statement)
    assert reads.anchor_finality(SLUG, CHAIN, size) == statement
    stored_journal.withdraw(anchor, at=Seconds(8))
    with pytest.raises(NotFoundError):
        reads.anchor_finality(SLUG, CHAIN, size)
