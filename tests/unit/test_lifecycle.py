"""The pure decision of the anchorer, rule by rule (L1 to L12 of core.lifecycle)."""

from dataclasses import replace
from itertools import product

import pytest

from anchoring.core.anchor_policy import AnchorPolicy
from anchoring.core.anchor_states import (
    AnchorIntent,
    AnchorState,
    AttemptState,
    ChainChangedError,
    Nonce,
    Seconds,
    TransactionStatus,
)
from anchoring.core.errors import DivergedError
from anchoring.core.lifecycle import (
    BroadcastIntent,
    CloseIntent,
    MarkAnchor,
    RaiseFees,
    RecordAnchor,
    Rest,
    SignAnchor,
    WithdrawAnchors,
)
from anchoring.core.types import RootHash, TreeSize
from tests.support.chain_world import ListLedger, head_of
from tests.support.lifecycle_facts import POLICY, Case, published_prefix

FINAL = AnchorState.FINALIZED
SAFE = AnchorState.SAFE
INCLUDED = AnchorState.INCLUDED
STALLED = AnchorState.STALLED

SETTLED = Case(ledger=3, published=3, records=((3, 7, FINAL, 0),), next_nonce=1, finality=(9, 9))
"""Everything is anchored and final."""

SENT = Case(
    ledger=5,
    published=3,
    records=((3, 7, FINAL, 1_000),),
    intended=5,
    nonce=1,
    next_nonce=1,
    finality=(9, 9),
)
"""A second anchor is on its way."""


def test_decide__on_a_settled_ledger__rests() -> None:
    """L11."""
    assert SETTLED.decide() == Rest(FINAL)
    assert Case().decide() == Rest(AnchorState.EMPTY)


def test_decide__on_a_chain_ahead_of_the_ledger__diverges() -> None:
    """L1."""
    with pytest.raises(DivergedError):
        SETTLED.decide(ledger=2)
    assert SETTLED.decide(ledger=3) == Rest(FINAL)


@pytest.mark.parametrize("flipped", [0, 23])
def test_decide__on_another_root__diverges(flipped: int) -> None:
    """L1: any of the 24 bytes."""
    prefix = bytearray(published_prefix(3))
    prefix[flipped] ^= 1
    with pytest.raises(DivergedError):
        SETTLED.decide(prefix=bytes(prefix))


def test_decide__on_a_root_that_differs_after_the_prefix__does_not_diverge() -> None:
    """L1: the contract keeps 24 bytes; the recorder compares the rest with the event."""
    root = bytearray(head_of(3).root)
    root[24] ^= 1
    assert SETTLED.decide(root=RootHash(bytes(root))) == Rest(FINAL)


def test_decide__on_an_intent_beyond_the_ledger__diverges() -> None:
    """L2."""
    with pytest.raises(DivergedError):
        SENT.decide(intended=6)
    assert isinstance(SENT.decide(), BroadcastIntent)


def test_decide__on_a_final_block_that_is_gone__is_another_chain() -> None:
    """L3."""
    with pytest.raises(ChainChangedError) as caught:
        SETTLED.decide(hashes=(8,))
    assert caught.value.fact == "final block 7"
    assert SETTLED.decide(hashes=(7,)) == Rest(FINAL)


@pytest.mark.parametrize("state", [INCLUDED, SAFE, STALLED])
def test_decide__on_a_block_that_is_gone__withdraws_it_and_what_follows(
    state: AnchorState,
) -> None:
    """L3: also what lies beyond the end of a branch that is still shorter."""
    records = ((1, 5, FINAL, 0), (2, 7, state, 0), (3, 9, state, 0))
    case = replace(SETTLED, records=records, finality=(6, 6))
    assert case.decide(hashes=(5, 8, None)) == WithdrawAnchors(case.stored()[1:])
    assert case.decide(hashes=(5, 7, 8)) == WithdrawAnchors(case.stored()[2:])


def test_decide__on_a_block_that_is_not_shown__waits_for_the_node() -> None:
    """L4: a lagging node has no block at that height, a reorganised one has another."""
    records = ((1, 5, FINAL, 0), (3, 9, INCLUDED, 0))
    case = replace(SETTLED, records=records, finality=(6, 6))
    assert case.decide(hashes=(5, None)) == Rest(AnchorState.BEHIND)
    assert case.decide(hashes=(None, None)) == Rest(AnchorState.BEHIND)
    assert case.decide(published=1) == Rest(AnchorState.BEHIND)
    assert case.decide(ledger=5, hashes=(5, None), intended=5) == Rest(AnchorState.BEHIND)


def test_decide__on_an_unrecorded_anchor__records_it_first() -> None:
    """L5."""
    assert Case(ledger=5, published=3).decide() == RecordAnchor(TreeSize(3))
    assert SENT.decide(published=5) == RecordAnchor(TreeSize(5))
    assert SENT.decide(published=4) == RecordAnchor(TreeSize(4))


@pytest.mark.parametrize(
    ("finality", "age", "state"),
    [
        ((6, 6), 0, INCLUDED),
        ((7, 6), 0, SAFE),
        ((7, 7), 0, FINAL),
        ((8, 8), 900, FINAL),
        ((6, 6), 899, INCLUDED),
        ((6, 6), 900, STALLED),
        ((7, 6), 900, STALLED),
        ((6, 6), -50, INCLUDED),
    ],
)
def test_decide__as_finality_passes__marks_each_state_once(
    finality: tuple[int, int], age: int, state: AnchorState
) -> None:
    """L6, on both sides of each limit; a negative age is a clock that jumped back."""
    case = replace(SETTLED, finality=finality)
    for known in (INCLUDED, SAFE, STALLED):
        case = replace(case, records=((3, 7, known, age),))
        marked = MarkAnchor(case.stored()[0], state)
        assert case.decide() == (Rest(state) if state is known else marked)


def test_decide__on_a_final_anchor__never_marks_it_again() -> None:
    """L6: what was final stays final, whatever the node says later."""
    assert SETTLED.decide(finality=(0, 0)) == Rest(FINAL)


def test_decide__on_an_intent_overtaken_by_the_chain__closes_it() -> None:
    """L7: its head went to another transaction."""
    case = replace(SENT, intended=3)
    assert case.decide() == CloseIntent(case_intent(case), AttemptState.REPLACED)
    assert isinstance(SENT.decide(intended=4), BroadcastIntent)


def test_decide__when_the_nonce_was_used_by_another__closes_the_intent() -> None:
    """L7."""
    expected = CloseIntent(case_intent(SENT), AttemptState.REPLACED)
    assert SENT.decide(next_nonce=2) == expected
    assert isinstance(SENT.decide(next_nonce=1), BroadcastIntent)


def test_decide__on_a_reverted_attempt__closes_the_intent_as_failed() -> None:
    """L7: whichever of the attempts it is."""
    case = replace(SENT, fees=(100, 113), ages=(150, 0), next_nonce=2)
    unknown, reverted = TransactionStatus.UNKNOWN, TransactionStatus.REVERTED
    for statuses in ((unknown, reverted), (reverted, unknown)):
        expected = CloseIntent(case_intent(case), AttemptState.FAILED)
        assert case.decide(statuses=statuses) == expected


def test_decide__on_an_included_attempt_whose_head_is_not_shown__waits_for_the_node() -> None:
    """L7: two answers of the node come from different blocks."""
    case = replace(SENT, statuses=(TransactionStatus.INCLUDED,))
    for next_nonce in (1, 2):
        assert case.decide(next_nonce=next_nonce) == Rest(AnchorState.BEHIND)


def test_decide__on_a_gap_before_the_nonce__waits_then_closes_the_intent() -> None:
    """L7: another sender's transaction may still fill the gap."""
    case = replace(SENT, nonce=2, ages=(99,))
    assert isinstance(case.decide(), BroadcastIntent)
    closed = replace(case, ages=(100,))
    assert closed.decide() == CloseIntent(case_intent(closed), AttemptState.REPLACED)


def test_decide__on_a_pending_intent__sends_it_before_any_newer_head() -> None:
    """L8."""
    for ledger in (5, 9):
        expected = BroadcastIntent(case_intent(SENT), AnchorState.BROADCAST)
        assert SENT.decide(ledger=ledger) == expected


@pytest.mark.parametrize("status", [TransactionStatus.UNKNOWN, TransactionStatus.WAITING], ids=str)
def test_decide__after_a_while_without_inclusion__raises_the_fees(
    status: TransactionStatus,
) -> None:
    """L9: whether the node kept the transaction or forgot it."""
    case = replace(SENT, statuses=(status,))
    assert isinstance(case.decide(ages=(99,)), BroadcastIntent)
    raised = replace(case, ages=(100,))
    assert raised.decide() == RaiseFees(case_intent(raised))


def test_decide__right_after_another_anchor_was_recorded__waits_before_raising() -> None:
    """L9: after a reorganisation intents wait for each other; the time of waiting is not theirs."""
    case = replace(SENT, ages=(5_000,))
    assert isinstance(case.decide(), RaiseFees)
    assert isinstance(case.decide(records=((3, 7, FINAL, 100),)), RaiseFees)
    assert isinstance(case.decide(records=((3, 7, FINAL, 99),)), BroadcastIntent)


def test_decide__on_fees_at_the_cap__fails_and_keeps_sending() -> None:
    """L9: 888 rises to 999, 889 would rise above the cap of 1,000."""
    case = replace(SENT, ages=(100,), fees=(888,))
    assert isinstance(case.decide(), RaiseFees)
    capped = replace(case, fees=(889,))
    assert capped.decide() == BroadcastIntent(case_intent(capped), AnchorState.FAILED)


def test_decide__long_after_the_first_attempt__is_stalled() -> None:
    """L9: fees rose meanwhile, and nothing helped."""
    case = replace(SENT, fees=(100, 113), ages=(499, 0))
    assert case.decide() == BroadcastIntent(case_intent(case), AnchorState.BROADCAST)
    stalled = replace(case, ages=(500, 0))
    assert stalled.decide() == BroadcastIntent(case_intent(stalled), AnchorState.STALLED)


def test_decide__on_a_clock_that_jumped_back__raises_once_and_waits_again() -> None:
    """L9: a moment in the future says nothing of how long ago it was."""
    case = replace(SENT, ages=(-10_000,))
    assert case.decide() == RaiseFees(case_intent(case))
    raised = replace(case, fees=(100, 113), ages=(-10_000, 0))
    assert raised.decide() == BroadcastIntent(case_intent(raised), AnchorState.BROADCAST)


def test_decide__on_several_missed_heads__signs_the_newest() -> None:
    """L10."""
    assert SETTLED.decide(ledger=9) == SignAnchor(head_of(9), Nonce(1))


def test_decide__on_a_head_that_may_wait__waits() -> None:
    """L10: by entries, by time, and at once after a closing."""
    patient = replace(POLICY, entries=4, interval=Seconds(600))
    case = replace(SETTLED, policy=patient, records=((3, 7, FINAL, 599),))
    assert case.decide(ledger=6) == Rest(AnchorState.PENDING)
    assert isinstance(case.decide(ledger=7), SignAnchor)
    assert isinstance(case.decide(ledger=4, closed=4), SignAnchor)
    assert case.decide(ledger=4, closed=3) == Rest(AnchorState.PENDING)
    assert isinstance(case.decide(ledger=4, records=((3, 7, FINAL, 600),)), SignAnchor)
    assert isinstance(Case(ledger=1, policy=patient).decide(), SignAnchor)


def test_decide__for_an_account_that_was_replaced__signs_nothing_and_settles() -> None:
    """L12: its transaction is sent again and followed; no newer head, no higher fee."""
    replaced = replace(POLICY, settles_only=True)
    assert SETTLED.decide(ledger=9, policy=replaced) == Rest(AnchorState.PENDING)
    assert SETTLED.decide(ledger=9, closed=9, policy=replaced) == Rest(AnchorState.PENDING)
    assert Case(ledger=1, policy=replaced).decide() == Rest(AnchorState.PENDING)
    for age, state in ((0, "BROADCAST"), (100, "BROADCAST"), (500, "STALLED")):
        case = replace(SENT, policy=replaced, ages=(age,))
        assert case.decide() == BroadcastIntent(case_intent(case), AnchorState[state])
    assert isinstance(SENT.decide(ages=(100,)), RaiseFees)
    assert SENT.decide(published=5, policy=replaced) == RecordAnchor(TreeSize(5))
    recorded = replace(SENT, published=5, intended=None, records=((5, 9, INCLUDED, 0),))
    assert isinstance(recorded.decide(policy=replaced), MarkAnchor)


def test_decide__in_every_small_situation__never_sends_what_the_chain_holds() -> None:
    intents: list[int | None] = [None, 1, 2, 3]
    for ledger, published, recorded, intended in product(range(4), range(4), range(4), intents):
        records = ((recorded, 7, FINAL, 0),) if recorded else ()
        case = Case(ledger=ledger, published=published, records=records, intended=intended)
        try:
            action = case.decide()
        except DivergedError:
            assert published > ledger or (intended or 0) > ledger
            continue
        assert published <= ledger
        match action:
            case SignAnchor(head):
                assert (head.size, intended) == (ledger, None)
                assert head.size > published == recorded
            case BroadcastIntent(intent):
                assert intent.head.size > published == recorded
            case RecordAnchor(size):
                assert size == published > recorded
            case CloseIntent(intent):
                assert intent.head.size <= published == recorded
            case Rest(AnchorState.BEHIND):
                assert published < recorded
            case _:
                assert isinstance(action, Rest)
                assert (ledger, intended) == (published, None)


def test_ledger_double__of_the_oracle__has_growing_heads() -> None:
    ledger = ListLedger()
    ledger.append(3)
    assert ledger.head() == head_of(3)
    assert ledger.root_at(TreeSize(2)) == head_of(2).root


def test_default_policy__anchors_every_head_at_once() -> None:
    assert isinstance(SETTLED.decide(ledger=4, policy=AnchorPolicy()), SignAnchor)


def case_intent(case: Case) -> AnchorIntent:
    intent = case.intent()
    assert intent is not None
    return intent
