"""Contract suites of ports.Chain and ports.AnchorJournal; each implementation subclasses them."""

import pytest

from anchoring.adapters.memory_chain import MemoryChain
from anchoring.core.errors import RejectedError
from anchoring.core.evidence import Evidence, verify_evidence
from anchoring.core.lifecycle import AnchorIntent
from anchoring.core.types import Anchor, Head, TreeSize
from anchoring.ports import AnchorJournal, Chain
from tests.support.chain_world import head_of


def anchored(chain: Chain, head: Head) -> Anchor:
    """Anchor a head and return the anchor that the chain shows."""
    chain.broadcast(chain.sign_anchor(head))
    anchor = chain.find_anchor(head.size)
    assert anchor is not None
    return anchor


class ChainContract:
    """A subclass gives the fixture ``chain``: a chain that mines what it is sent, nothing anchored."""

    def test_published_head__before_the_first_anchor__is_zero(self, chain: Chain) -> None:
        published = chain.published_head()
        assert (published.size, published.root_prefix) == (0, b"\0" * 24)

    def test_published_head__after_an_anchor__is_that_head(self, chain: Chain) -> None:
        head = head_of(3)
        chain.broadcast(chain.sign_anchor(head))
        published = chain.published_head()
        assert (published.size, published.root_prefix) == (3, head.root[:24])

    def test_sign_anchor__alone__sends_nothing(self, chain: Chain) -> None:
        chain.sign_anchor(head_of(3))
        assert chain.published_head().size == 0
        assert chain.find_anchor(TreeSize(3)) is None

    def test_sign_anchor__of_a_size_not_greater__is_rejected(self, chain: Chain) -> None:
        anchored(chain, head_of(3))
        for size in (2, 3):
            with pytest.raises(RejectedError):
                chain.sign_anchor(head_of(size))

    def test_broadcast__of_the_same_bytes_twice__anchors_once(self, chain: Chain) -> None:
        signed = chain.sign_anchor(head_of(3))
        assert chain.broadcast(signed) == chain.broadcast(signed)
        anchor = chain.find_anchor(TreeSize(3))
        assert anchor is not None
        assert verify_evidence(chain.capture_evidence(anchor), anchor).previous_size == 0

    def test_broadcast__of_a_second_transaction_for_the_head__is_rejected(
        self, chain: Chain
    ) -> None:
        first, second = chain.sign_anchor(head_of(3)), chain.sign_anchor(head_of(2))
        chain.broadcast(first)
        with pytest.raises(RejectedError):
            chain.broadcast(second)
        assert chain.published_head().size == 3

    def test_broadcast__when_another_transaction_took_the_nonce__is_rejected(
        self, chain: Chain
    ) -> None:
        first, second = chain.sign_anchor(head_of(2)), chain.sign_anchor(head_of(3))
        chain.broadcast(first)
        with pytest.raises(RejectedError):
            chain.broadcast(second)
        assert chain.published_head().size == 2

    def test_broadcast__of_bytes_that_are_no_transaction__is_rejected(self, chain: Chain) -> None:
        for signed in (b"", b"\x02", b"\x02\xc0", b"\x7f\xc0", b"\x02\xff"):
            with pytest.raises(RejectedError):
                chain.broadcast(signed)

    def test_find_anchor__of_each_anchored_size__finds_it(self, chain: Chain) -> None:
        anchors = [anchored(chain, head_of(size)) for size in (1, 3, 4)]
        for anchor, size in zip(anchors, (1, 3, 4), strict=True):
            assert chain.find_anchor(TreeSize(size)) == anchor
            assert anchor.head == head_of(size)
            assert (anchor.chain_id, anchor.contract, anchor.publisher) == (
                chain.chain_id,
                chain.contract,
                chain.publisher,
            )

    def test_find_anchor__of_a_size_never_anchored__is_none(self, chain: Chain) -> None:
        anchored(chain, head_of(1))
        anchored(chain, head_of(3))
        assert [chain.find_anchor(TreeSize(size)) for size in (2, 4)] == [None, None]

    def test_capture_evidence__of_every_anchor__verifies(self, chain: Chain) -> None:
        anchors = [anchored(chain, head_of(size)) for size in (1, 3, 4)]
        proven = [verify_evidence(chain.capture_evidence(anchor), anchor) for anchor in anchors]
        assert [fact.previous_size for fact in proven] == [0, 1, 3]
        assert proven[0].block_time < proven[1].block_time < proven[2].block_time


class JournalContract:
    """A subclass gives the fixture ``journal``: an empty journal."""

    def test_intent__when_saved__is_returned(self, journal: AnchorJournal) -> None:
        assert journal.intent() is None
        journal.save_intent(AnchorIntent(head_of(1), b"bytes"))
        journal.save_intent(AnchorIntent(head_of(1), b"bytes"))
        assert journal.intent() == AnchorIntent(head_of(1), b"bytes")

    def test_save_intent__over_another__is_rejected(self, journal: AnchorJournal) -> None:
        journal.save_intent(AnchorIntent(head_of(1), b"bytes"))
        with pytest.raises(RejectedError):
            journal.save_intent(AnchorIntent(head_of(2), b"bytes"))
        assert journal.intent() == AnchorIntent(head_of(1), b"bytes")

    def test_drop_intent__of_the_stored_one__forgets_it(self, journal: AnchorJournal) -> None:
        journal.save_intent(AnchorIntent(head_of(1), b"bytes"))
        journal.drop_intent(AnchorIntent(head_of(1), b"other"))
        assert journal.intent() is not None
        journal.drop_intent(AnchorIntent(head_of(1), b"bytes"))
        assert journal.intent() is None

    def test_record__of_the_intended_head__settles_the_intent(self, journal: AnchorJournal) -> None:
        assert journal.recorded_size() == 0
        journal.save_intent(AnchorIntent(head_of(2), b"bytes"))
        journal.record(*proof_of(2))
        assert (journal.intent(), journal.recorded_size()) == (None, 2)

    def test_record__of_a_smaller_head__keeps_the_intent(self, journal: AnchorJournal) -> None:
        journal.save_intent(AnchorIntent(head_of(2), b"bytes"))
        journal.record(*proof_of(1))
        assert journal.intent() == AnchorIntent(head_of(2), b"bytes")
        assert journal.recorded_size() == 1

    def test_record__twice_and_out_of_order__keeps_the_greatest_size(
        self, journal: AnchorJournal
    ) -> None:
        for size in (3, 1, 3):
            journal.record(*proof_of(size))
        assert journal.recorded_size() == 3


def proof_of(size: int) -> tuple[Anchor, Evidence]:
    """An anchor of that size with genuine evidence."""
    chain = MemoryChain()
    anchor = anchored(chain, head_of(size))
    return anchor, chain.capture_evidence(anchor)
