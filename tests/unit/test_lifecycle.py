"""The pure decision of the anchorer, rule by rule (L1 to L7 of core.lifecycle)."""

from itertools import product

import pytest

from anchoring.core.errors import DivergedError
from anchoring.core.lifecycle import (
    Action,
    AnchorIntent,
    AnchorState,
    BroadcastIntent,
    RecordAnchor,
    Rest,
    SignAnchor,
    decide,
)
from anchoring.core.types import Head, PublishedHead, RootHash, TreeSize
from tests.support.chain_world import ListLedger, head_of


def decide_at(*, ledger: int, published: int, recorded: int, intended: int | None = None) -> Action:
    """Decide for a ledger, a chain, a journal and an intent of those sizes, all of one history."""
    return decide(
        ledger_head=head_of(ledger),
        published=PublishedHead(TreeSize(published), published_prefix(published)),
        published_root_in_ledger=head_of(published).root if 0 < published <= ledger else None,
        intent=None if intended is None else intent_of(intended),
        recorded_size=TreeSize(recorded),
    )


def published_prefix(size: int) -> bytes:
    return head_of(size).root[:24] if size else b"\0" * 24


def intent_of(size: int) -> AnchorIntent:
    return AnchorIntent(head_of(size), b"signed")


def test_decide__on_a_chain_ahead_of_the_ledger__diverges() -> None:
    """L1."""
    with pytest.raises(DivergedError):
        decide_at(ledger=2, published=3, recorded=0)
    assert decide_at(ledger=3, published=3, recorded=3) == Rest(AnchorState.INCLUDED)


@pytest.mark.parametrize("flipped", [0, 23])
def test_decide__on_another_root__diverges(flipped: int) -> None:
    """L1: any of the 24 bytes."""
    prefix = bytearray(published_prefix(2))
    prefix[flipped] ^= 1
    with pytest.raises(DivergedError):
        decide(
            ledger_head=head_of(3),
            published=PublishedHead(TreeSize(2), bytes(prefix)),
            published_root_in_ledger=head_of(2).root,
            intent=None,
            recorded_size=TreeSize(2),
        )


def test_decide__on_a_root_that_differs_after_the_prefix__does_not_diverge() -> None:
    """L1: the contract keeps 24 bytes; the recorder compares the rest with the event."""
    root = bytearray(head_of(2).root)
    root[24] ^= 1
    action = decide(
        ledger_head=Head(TreeSize(2), RootHash(bytes(root))),
        published=PublishedHead(TreeSize(2), published_prefix(2)),
        published_root_in_ledger=RootHash(bytes(root)),
        intent=None,
        recorded_size=TreeSize(2),
    )
    assert action == Rest(AnchorState.INCLUDED)


def test_decide__on_an_intent_beyond_the_ledger__diverges() -> None:
    """L2."""
    with pytest.raises(DivergedError):
        decide_at(ledger=2, published=0, recorded=0, intended=3)
    assert decide_at(ledger=3, published=0, recorded=0, intended=3) == BroadcastIntent(intent_of(3))


def test_decide__on_an_unrecorded_anchor__records_it_first() -> None:
    """L3."""
    assert decide_at(ledger=5, published=3, recorded=0) == RecordAnchor(TreeSize(3))
    assert decide_at(ledger=5, published=3, recorded=2, intended=3) == RecordAnchor(TreeSize(3))
    assert decide_at(ledger=5, published=3, recorded=2, intended=5) == RecordAnchor(TreeSize(3))


def test_decide__on_an_intent_overtaken_by_the_chain__records_to_settle_it() -> None:
    """L3: an intent that can no longer succeed never stays."""
    assert decide_at(ledger=5, published=3, recorded=3, intended=2) == RecordAnchor(TreeSize(3))


def test_decide__on_a_chain_behind_the_journal__rests() -> None:
    """L4."""
    assert decide_at(ledger=5, published=2, recorded=3) == Rest(AnchorState.BEHIND)
    assert decide_at(ledger=5, published=2, recorded=3, intended=5) == Rest(AnchorState.BEHIND)


def test_decide__on_a_pending_intent__sends_it_before_any_newer_head() -> None:
    """L5."""
    for ledger in (3, 9):
        action = decide_at(ledger=ledger, published=2, recorded=2, intended=3)
        assert action == BroadcastIntent(intent_of(3))


def test_decide__on_several_missed_heads__signs_the_newest() -> None:
    """L6."""
    assert decide_at(ledger=9, published=2, recorded=2) == SignAnchor(head_of(9))


def test_decide__on_nothing_new__rests() -> None:
    """L7."""
    assert decide_at(ledger=0, published=0, recorded=0) == Rest(AnchorState.EMPTY)
    assert decide_at(ledger=2, published=2, recorded=2) == Rest(AnchorState.INCLUDED)


def test_decide__in_every_small_situation__never_sends_what_the_chain_holds() -> None:
    intents: list[int | None] = [None, 1, 2, 3]
    for ledger, published, recorded, intended in product(range(4), range(4), range(4), intents):
        try:
            action = decide_at(
                ledger=ledger, published=published, recorded=recorded, intended=intended
            )
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
                assert size == published >= recorded
            case Rest(AnchorState.BEHIND):
                assert published < recorded
            case Rest():
                assert (ledger, intended) == (published, None)


def test_ledger_double__of_the_oracle__has_growing_heads() -> None:
    ledger = ListLedger()
    ledger.append(3)
    assert ledger.head() == head_of(3)
    assert ledger.root_at(TreeSize(2)) == head_of(2).root
