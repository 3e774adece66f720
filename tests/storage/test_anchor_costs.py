"""What anchors cost and how each stands, recorded or on its way."""

import pytest

from anchoring.adapters.memory_chain import PUBLISHER, MemoryChain
from anchoring.core.anchor_states import (
    AnchorState,
    Attempt,
    AttemptState,
    Fees,
    Nonce,
    Seconds,
    Wei,
)
from anchoring.core.types import ChainId, TransactionHash
from backend.domain.errors import NotFoundError
from backend.services.anchor_status import AnchorStanding, StandingState, standing_members
from backend.storage.anchor_costs import SqlAnchorCosts
from backend.storage.anchors import SqlAnchorJournal
from backend.storage.database import Database
from backend.storage.reads import SqlReads
from tests.support.chain_contract import proof_of
from tests.support.chain_world import head_of
from tests.support.model_organisation import SLUG
from tests.support.organisations import Simulation

CHAIN = MemoryChain().chain_id
AT = Seconds(1_700_000_000)


@pytest.fixture
def costs(simulation: Simulation, database: Database) -> SqlAnchorCosts:
    """Sizes 1 and 2 recorded, size 3 on its way."""
    simulation.found()
    journal = SqlAnchorJournal(database, SLUG, CHAIN, PUBLISHER)
    for size in (1, 2):
        journal.record(*proof_of(size), state=AnchorState.SAFE, at=Seconds(AT + size))
    fees = Fees(Wei(2), Wei(1))
    waiting = TransactionHash(b"\7" * 32)
    journal.save_attempt(Attempt(head_of(3), Nonce(2), fees, b"bytes", waiting, Seconds(AT + 9)))
    return SqlAnchorCosts(database)


def test_missing__of_recorded_anchors__until_each_is_saved(costs: SqlAnchorCosts) -> None:
    first, second = (proof_of(size)[0].transaction_hash for size in (1, 2))
    assert costs.missing(SLUG, CHAIN) == (first, second)
    assert costs.missing(SLUG, ChainId(CHAIN + 1)) == ()
    for _ in range(2):
        costs.save(SLUG, CHAIN, first, gas_used=29_081, gas_price=Wei(10**9))
    assert costs.missing(SLUG, CHAIN) == (second,)


def test_standings__of_a_ledger__tell_state_since_and_cost(costs: SqlAnchorCosts) -> None:
    first, second = proof_of(1)[0], proof_of(2)[0]
    costs.save(SLUG, CHAIN, first.transaction_hash, gas_used=29_081, gas_price=Wei(10**9))
    known, unknown, waiting = costs.standings(SLUG)
    assert known == AnchorStanding(
        CHAIN, 1, StandingState.SAFE, Seconds(AT + 1), first.transaction_hash, first.block_number, 29_081,
        Wei(10**9),
    )  # fmt: skip
    assert known.cost == 29_081 * 10**9
    assert (unknown.transaction_hash, unknown.gas_used, unknown.cost) == (
        second.transaction_hash,
        None,
        None,
    )
    assert waiting == AnchorStanding(
        CHAIN, 3, StandingState.BROADCAST, Seconds(AT + 9), TransactionHash(b"\7" * 32)
    )


def test_standings__whatever_became_of_an_attempt__are_what_members_are_told(
    costs: SqlAnchorCosts, database: Database, reads: SqlReads
) -> None:
    def told() -> list[tuple[int, str]]:
        standings = [(each.size, each.state.value) for each in costs.standings(SLUG)]
        assert [(view.size, view.state.value) for view in reads.anchors(SLUG)] == standings
        return standings

    journal = SqlAnchorJournal(database, SLUG, CHAIN, PUBLISHER)
    assert told() == [(1, "safe"), (2, "safe"), (3, "broadcast")]
    intent = journal.intent()
    assert intent is not None
    journal.close_intent(intent, AttemptState.FAILED)
    assert told() == [(1, "safe"), (2, "safe"), (3, "failed")]
    sent = proof_of(4)[0].transaction_hash
    fees = Fees(Wei(2), Wei(1))
    for size, name in ((4, sent), (5, TransactionHash(b"\5" * 32))):
        journal.save_attempt(Attempt(head_of(size), Nonce(size), fees, b"%d" % size, name, AT))
        if size == 4:
            journal.record(*proof_of(4), state=AnchorState.INCLUDED, at=AT)
    assert told()[2:] == [(3, "failed"), (4, "included"), (5, "broadcast")]
    journal.mark(proof_of(4)[0], AnchorState.STALLED)
    assert told()[3:] == [(4, "stalled"), (5, "broadcast")]
    journal.mark(proof_of(4)[0], AnchorState.FINALIZED)
    journal.record(*proof_of(6), state=AnchorState.FINALIZED, at=AT)
    assert told()[3:] == [(4, "finalized"), (5, "replaced"), (6, "finalized")]


def test_standings__of_a_reorganised_anchor__are_reorged_until_it_is_recorded_again(
    costs: SqlAnchorCosts, database: Database, reads: SqlReads
) -> None:
    journal = SqlAnchorJournal(database, SLUG, CHAIN, PUBLISHER)
    intent = journal.intent()
    assert intent is not None
    journal.close_intent(intent, AttemptState.REPLACED)
    anchor, evidence = proof_of(4)
    attempt = Attempt(
        anchor.head, Nonce(3), Fees(Wei(2), Wei(1)), b"four", anchor.transaction_hash, AT
    )
    journal.save_attempt(attempt)
    journal.record(anchor, evidence, state=AnchorState.INCLUDED, at=AT)
    journal.withdraw(anchor, at=Seconds(AT + 5))
    standing = costs.standings(SLUG)[-1]
    assert (standing.size, standing.state, standing.since) == (4, StandingState.REORGED, AT + 5)
    view = reads.anchors(SLUG)[-1]
    assert (view.state, view.block_number) == (StandingState.REORGED, None)
    journal.record(anchor, evidence, state=AnchorState.INCLUDED, at=AT)
    assert reads.anchors(SLUG)[-1].state is StandingState.INCLUDED


def test_standing_state__of_every_word_of_the_anchorer__is_the_same_word() -> None:
    words = {*AnchorState, *AttemptState} - {AttemptState.OPEN}
    never_recorded = {AnchorState.EMPTY, AnchorState.PENDING, AnchorState.BEHIND}
    assert {word.value for word in words - never_recorded} == {each.value for each in StandingState}


def test_standings__of_nobody__are_refused(costs: SqlAnchorCosts) -> None:
    with pytest.raises(NotFoundError):
        costs.standings("nobody")


def test_standing_members__of_an_anchor_on_its_way__have_no_cost(costs: SqlAnchorCosts) -> None:
    waiting = costs.standings(SLUG)[-1]
    assert standing_members(waiting, name_of=lambda _: "local", now=Seconds(AT + 10)) == {
        "network": "local",
        "chainId": CHAIN,
        "size": 3,
        "state": "broadcast",
        "ageSeconds": 1,
        "transactionHash": "0x" + "07" * 32,
        "blockNumber": None,
        "gasUsed": None,
        "gasPriceWei": None,
        "costWei": None,
    }
    early = standing_members(waiting, name_of=lambda _: "local", now=AT)
    assert early["ageSeconds"] == 0, "a clock that was set back makes nothing younger than now"
