"""The fault table of networks, nodes, clocks and operators, each survived by the anchorer."""

from dataclasses import replace
from itertools import pairwise, product

import pytest

from anchoring.adapters.memory_chain import Fate, MemoryChain
from anchoring.anchorer import STOPPING, Anchorer
from anchoring.core.anchor_policy import AnchorPolicy
from anchoring.core.anchor_states import (
    AnchorState,
    AttemptState,
    ChainChangedError,
    Fees,
    LeaseHeldError,
    Nonce,
    Plan,
    Seconds,
    Wei,
)
from anchoring.core.errors import RejectedError, UnavailableError
from anchoring.core.types import BlockHash, TreeSize
from tests.support.anchored_world import POLICY, World
from tests.support.chain_faults import Fault, Killed, Moment, with_fault

DEPTHS = range(1, 21)
"""Depths of reorganisations."""


@pytest.fixture
def world() -> World:
    return World()


def test_anchor__as_blocks_follow__is_included_then_safe_then_final(world: World) -> None:
    world.ledger.append()
    found = []
    for _ in range(30):
        found.append(world.step().state)
        world.chain.mine_empty()
    expected = [AnchorState.INCLUDED] * 5 + [AnchorState.SAFE] * 20 + [AnchorState.FINALIZED] * 5
    assert found == expected
    world.assert_final()


@pytest.mark.parametrize(("depth", "fate"), list(product(DEPTHS, Fate)))
def test_reorganisation__of_any_depth__ends_with_every_head_anchored_once(
    world: World, depth: int, fate: Fate
) -> None:
    world.anchor(22)
    before = world.transactions()
    world.clock.advance(600)
    world.chain.reorganise(depth, fate)
    report = world.step()
    assert [anchor.head.size for anchor in report.withdrawn] == list(range(23 - depth, 23))
    world.ledger.append()
    world.settle()
    assert world.transactions()[:22] == before, "the same bytes, and none of them twice"
    assert [anchor.head.size for anchor in world.chain.anchors()] == list(range(1, 24))
    assert set(world.states()) == {AttemptState.INCLUDED}


def test_reorganisation__that_moves_an_anchor__replaces_record_and_evidence(world: World) -> None:
    world.anchor(2)
    old, old_evidence = world.journal.anchors[TreeSize(2)]
    world.chain.reorganise(1, Fate.REORDER)
    report = world.step()
    new, new_evidence = world.journal.anchors[TreeSize(2)]
    assert report.withdrawn == (old.anchor,)
    assert report.recorded == (new.anchor,)
    assert new.anchor.transaction_hash == old.anchor.transaction_hash
    assert new.anchor.block_hash != old.anchor.block_hash
    assert new_evidence.header != old_evidence.header


def test_reorganisation__without_our_transaction__withdraws_nothing(world: World) -> None:
    world.anchor(2)
    world.chain.mine_empty(3)
    world.chain.reorganise(3, Fate.DROP)
    report = world.step()
    assert (report.withdrawn, report.recorded, report.transaction_hash) == ((), (), None)


@pytest.mark.parametrize(
    ("operation", "moment", "call"),
    list(
        product(
            ["withdraw", "mark", "record", "find_anchor", "broadcast", "capture_evidence"],
            ["before", "after"],
            [1, 2, 3],
        )
    ),
)
def test_restart__after_death_while_a_reorganisation_is_healed__loses_nothing(
    world: World, operation: str, moment: Moment, call: int
) -> None:
    world.anchor(5)
    world.chain.reorganise(4, Fate.DELAY)
    fault = Fault(operation, moment, call)
    mortal = Anchorer(
        ledger=world.ledger,
        journal=with_fault(world.journal, fault),
        chain=with_fault(world.chain, fault),
        clock=world.clock,
        owner="first",
    )
    for _ in range(30):
        try:
            mortal.step()
        except Killed:
            break
        world.chain.mine()
        world.chain.mine_empty()
    world.settle()
    assert len(world.transactions()) == 5


def test_broadcast__answered_with_an_error_after_acceptance__anchors_once(world: World) -> None:
    world.chain.accepted_errors = 1
    world.ledger.append()
    with pytest.raises(UnavailableError):
        world.step()
    world.settle()
    assert len(world.transactions()) == 1


def test_pool__that_forgets_the_transaction__gets_the_same_bytes_again(world: World) -> None:
    world.chain.paused = True
    world.ledger.append()
    world.step()
    [sent] = world.chain.waiting
    world.chain.waiting.clear()
    world.step()
    assert world.chain.waiting == [sent]


def test_fee_spike__raises_both_fees_up_to_the_cap__then_fails_until_it_is_over(
    world: World,
) -> None:
    world.chain.base_fee, world.chain.tip = 10, 4
    world.ledger.append()
    world.chain.paused = True
    assert world.step().state is AnchorState.BROADCAST
    world.chain.base_fee = 10_000
    found = []
    for _ in range(16):
        world.clock.advance(121)
        world.chain.mine()
        found.append(world.step().state)
    attempts = world.journal.attempts_of(Nonce(0))
    assert found[0] is AnchorState.BROADCAST
    assert found[-1] is AnchorState.FAILED
    for cheaper, dearer in pairwise(attempts):
        assert dearer.fees.max_fee * 8 >= cheaper.fees.max_fee * 9
        assert dearer.fees.priority_fee * 8 >= cheaper.fees.priority_fee * 9
    assert attempts[-1].fees.max_fee <= POLICY.max_fee_cap
    world.chain.base_fee = 10
    world.settle()
    assert world.transactions() == [attempts[-1].signed_transaction]


def test_older_attempt__when_it_is_the_one_included__settles_the_intent(world: World) -> None:
    world.chain.paused = True
    world.ledger.append()
    world.step()
    world.clock.advance(121)
    world.step()
    older, newer = world.journal.attempts_of(Nonce(0))
    world.chain.waiting = [older.signed_transaction]
    world.chain.mine()
    report = world.step()
    assert [anchor.transaction_hash for anchor in report.recorded] == [older.transaction_hash]
    assert world.states() == [AttemptState.INCLUDED, AttemptState.REPLACED]
    assert newer.signed_transaction not in world.transactions()


def foreign(world: World, *, ahead: int = 0, fee: int = 50) -> bytes:
    """A transaction of another program with our key, that many nonces ahead."""
    plan = Plan(Nonce(world.chain.next_nonce() + ahead), Fees(Wei(fee), Wei(fee)))
    return world.chain.sign_foreign(plan)


def test_nonce__taken_by_another_program__is_given_up_and_signed_again(world: World) -> None:
    world.chain.paused = True
    world.ledger.append()
    first = world.step().transaction_hash
    world.chain.waiting = [foreign(world)]
    world.chain.mine()
    report = world.step()
    assert report.replaced == (first,)
    world.settle()
    assert world.states() == [AttemptState.REPLACED, AttemptState.INCLUDED]
    assert len(world.chain.anchors()) == 1


def test_nonce__ahead_of_ours_used_by_another_program__is_no_obstacle(world: World) -> None:
    world.chain.paused = True
    world.ledger.append()
    world.chain.waiting = [foreign(world, ahead=1)]
    world.step()
    world.settle()
    assert [bool(block.anchor) for block in world.chain.blocks if block.transaction] == [
        True,
        False,
    ]


def test_gap__that_another_program_left_before_our_nonce__is_closed_after_a_while(
    world: World,
) -> None:
    world.chain.broadcast(foreign(world))
    world.chain.paused = True
    world.ledger.append()
    stranded = world.step().transaction_hash
    world.chain.reorganise(1, Fate.DROP)
    assert world.step().replaced == ()
    world.clock.advance(121)
    report = world.step()
    assert report.replaced == (stranded,)
    assert [attempt.nonce for attempt, _ in world.journal.attempts.values()] == [1, 0]
    world.settle()
    assert len(world.chain.anchors()) == 1


def test_contract__that_refuses__fails_the_intent_and_says_so(world: World) -> None:
    world.chain.paused = True
    world.ledger.append(2)
    plan = Plan(world.chain.next_nonce(), world.chain.suggested_fees())
    world.step()
    doomed = world.journal.attempts_of(plan.nonce)[0]
    # A block that includes the transaction and no event: the contract reverted it.
    world.chain.mine()
    world.chain.blocks[-1] = replace(world.chain.blocks[-1], anchor=None)
    with pytest.raises(RejectedError):
        world.step()
    assert world.states() == [AttemptState.FAILED]
    assert doomed.signed_transaction in world.transactions()
    world.settle()
    assert world.states() == [AttemptState.FAILED, AttemptState.INCLUDED]


def test_chain__that_was_wiped__stops_the_anchorer_and_keeps_the_records(world: World) -> None:
    world.anchor(2)
    world.ledger.append()
    world.chain = MemoryChain(changed="genesis")
    with pytest.raises(STOPPING) as caught:
        world.step()
    assert isinstance(caught.value, ChainChangedError)
    assert world.chain.blocks == []
    assert sorted(world.journal.anchors) == [1, 2]


def test_chain__rewritten_below_a_final_block__stops_the_anchorer(world: World) -> None:
    world.anchor(1)
    world.settle()
    height = len(world.chain.blocks)
    world.chain.reorganise(height, Fate.DELAY)
    with pytest.raises(ChainChangedError) as caught:
        world.step()
    assert caught.value.fact == "final block 1"
    assert sorted(world.journal.anchors) == [1]


def test_node__that_lags__is_waited_for(world: World) -> None:
    world.anchor(2)
    world.ledger.append()
    world.chain.hidden = 1
    report = world.step()
    assert (report.state, report.withdrawn, report.transaction_hash) == (
        AnchorState.BEHIND,
        (),
        None,
    )
    world.chain.hidden = 0
    assert world.step().state is AnchorState.INCLUDED
    world.settle()


def test_node__that_lies_about_a_block_hash__contradicts_its_events(world: World) -> None:
    world.anchor(1)
    world.chain.lies[1] = BlockHash(b"\1" * 32)
    known = dict(world.journal.anchors)
    with pytest.raises(UnavailableError):
        world.step()
    world.chain.lies[2] = BlockHash(b"\1" * 32)
    assert world.journal.anchors == known
    world.chain.lies = {2: BlockHash(b"\1" * 32)}
    world.ledger.append()
    with pytest.raises(UnavailableError):
        world.step()
    assert world.journal.anchors == known
    world.chain.lies.clear()
    world.settle()


def test_inclusion__that_does_not_come__stalls_the_anchor(world: World) -> None:
    world.chain.paused = True
    world.ledger.append()
    world.step()
    found = []
    for _ in range(16):
        world.clock.advance(119)
        found.append(world.step().state)
    assert AnchorState.STALLED not in found[:15]
    assert found[15] is AnchorState.STALLED


@pytest.mark.parametrize("jump", [-100_000, -1, 100_000])
def test_clock__that_jumps__costs_at_most_one_raise(world: World, jump: int) -> None:
    world.chain.paused = True
    world.ledger.append()
    world.step()
    world.clock.advance(jump)
    for _ in range(3):
        world.step()
    assert len(world.journal.attempts) == 2
    world.settle()
    assert len(world.transactions()) == 1


def test_two_anchorers__on_one_journal__leave_one(world: World) -> None:
    first, second = world.anchorer("first"), world.anchorer("second")
    world.ledger.append()
    first.step()
    world.ledger.append()
    with pytest.raises(STOPPING) as caught:
        second.step()
    assert isinstance(caught.value, LeaseHeldError)
    assert caught.value.owner == "first"
    assert [anchor.head.size for anchor in world.chain.anchors()] == [1]
    assert first.step().state is AnchorState.INCLUDED
    assert len(world.transactions()) == 2


def test_lease__that_lapsed_or_was_released__lets_another_take_over(world: World) -> None:
    first, second = world.anchorer("first"), world.anchorer("second")
    first.step()
    first.release()
    second.step()
    with pytest.raises(LeaseHeldError):
        first.step()
    world.clock.advance(POLICY.lease)
    first.step()
    with pytest.raises(LeaseHeldError):
        second.step()


def test_policy__of_few_anchors__waits_and_anchors_a_closing_at_once(world: World) -> None:
    patient = AnchorPolicy(entries=10, interval=Seconds(3_600))
    anchorer = Anchorer(
        ledger=world.ledger,
        journal=world.journal,
        chain=world.chain,
        clock=world.clock,
        policy=patient,
    )
    world.ledger.append()
    assert anchorer.step().state is AnchorState.INCLUDED
    world.ledger.append()
    assert anchorer.step(TreeSize(1)).state is AnchorState.PENDING
    assert anchorer.step(TreeSize(2)).state is AnchorState.INCLUDED
    world.ledger.append()
    world.clock.advance(3_599)
    assert anchorer.step(TreeSize(2)).state is AnchorState.PENDING
    world.clock.advance(1)
    assert anchorer.step(TreeSize(2)).state is AnchorState.INCLUDED
    assert len(world.transactions()) == 3
