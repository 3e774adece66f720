"""Contract suites of ports.Chain and journal.AnchorJournal; each implementation subclasses them."""

from dataclasses import replace

import pytest
from eth_hash.auto import keccak

from anchoring.adapters.memory_chain import PUBLISHER, MemoryChain
from anchoring.core.anchor_states import (
    AnchorIntent,
    AnchorRecord,
    AnchorState,
    Attempt,
    AttemptState,
    Fees,
    LeaseHeldError,
    Nonce,
    Plan,
    Seconds,
    TransactionStatus,
    Wei,
)
from anchoring.core.errors import RejectedError
from anchoring.core.evidence import Evidence, verify_evidence
from anchoring.core.types import Address, Anchor, BlockNumber, Head, TransactionHash, TreeSize
from anchoring.journal import AnchorJournal
from anchoring.ports import Chain
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

    def test_next_nonce__of_mined_transactions__counts_them(self, chain: Chain) -> None:
        first = chain.next_nonce()
        anchored(chain, head_of(1))
        assert chain.next_nonce() == first + 1

    def test_sign_anchor__with_a_plan__has_its_nonce_and_fees(self, chain: Chain) -> None:
        fees = chain.suggested_fees()
        dearer = Plan(chain.next_nonce(), Fees(Wei(fees.max_fee * 2), Wei(fees.priority_fee * 2)))
        signed = chain.sign_anchor(head_of(1), dearer)
        assert signed != chain.sign_anchor(head_of(1))
        chain.broadcast(signed)
        anchor = chain.find_anchor(TreeSize(1))
        assert anchor is not None
        assert anchor.transaction_hash == keccak(signed)

    def test_transaction_status__before_and_after__is_unknown_then_included(
        self, chain: Chain
    ) -> None:
        signed = chain.sign_anchor(head_of(1))
        transaction_hash = TransactionHash(keccak(signed))
        assert chain.transaction_status(transaction_hash) is TransactionStatus.UNKNOWN
        chain.broadcast(signed)
        assert chain.transaction_status(transaction_hash) is TransactionStatus.INCLUDED

    def test_block_hash__of_an_anchor__is_its_block_s(self, chain: Chain) -> None:
        anchor = anchored(chain, head_of(1))
        assert chain.block_hash(anchor.block_number) == anchor.block_hash
        assert chain.block_hash(BlockNumber(anchor.block_number + 1)) is None

    def test_finality__of_a_chain_that_mines_at_once__reaches_the_anchor(
        self, chain: Chain
    ) -> None:
        anchor = anchored(chain, head_of(1))
        finality = chain.finality()
        assert finality.finalized <= finality.safe
        assert finality.finalized == anchor.block_number

    def test_check_identity__of_the_configured_chain__passes(self, chain: Chain) -> None:
        chain.check_identity()


class JournalContract:
    """A subclass gives the fixture ``journal``: an empty journal."""

    def test_intent__when_saved__is_returned(self, journal: AnchorJournal) -> None:
        assert journal.intent() is None
        journal.save_attempt(attempt_of(1))
        journal.save_attempt(attempt_of(1))
        assert journal.intent() == AnchorIntent((attempt_of(1),))

    def test_save_attempt__of_the_same_intent__is_kept_beside(self, journal: AnchorJournal) -> None:
        journal.save_attempt(attempt_of(1))
        journal.save_attempt(attempt_of(1, fee=20))
        intent = journal.intent()
        assert intent == AnchorIntent((attempt_of(1), attempt_of(1, fee=20)))
        assert intent.newest == attempt_of(1, fee=20)

    @pytest.mark.parametrize(("size", "nonce"), [(2, 0), (1, 1), (2, 1)])
    def test_save_attempt__of_another_intent__is_rejected(
        self, journal: AnchorJournal, size: int, nonce: int
    ) -> None:
        journal.save_attempt(attempt_of(1))
        with pytest.raises(RejectedError):
            journal.save_attempt(attempt_of(size, nonce=nonce))
        assert journal.intent() == AnchorIntent((attempt_of(1),))

    def test_close_intent__of_the_open_one__keeps_its_attempts(
        self, journal: AnchorJournal
    ) -> None:
        journal.save_attempt(attempt_of(1))
        journal.close_intent(AnchorIntent((attempt_of(2),)), AttemptState.REPLACED)
        assert journal.intent() is not None
        journal.close_intent(AnchorIntent((attempt_of(1),)), AttemptState.REPLACED)
        assert journal.intent() is None
        assert journal.attempts_of(Nonce(0)) == (attempt_of(1),)
        assert journal.attempts_of(Nonce(1)) == ()

    def test_record__of_the_intended_head__settles_the_intent(self, journal: AnchorJournal) -> None:
        assert (journal.recorded_size(), journal.records()) == (0, ())
        journal.save_attempt(attempt_of(2))
        journal.record(*proof_of(2), state=AnchorState.INCLUDED, at=Seconds(7))
        assert (journal.intent(), journal.recorded_size()) == (None, 2)
        [record] = journal.records()
        assert record == AnchorRecord(proof_of(2)[0], AnchorState.INCLUDED, Seconds(7))

    def test_record__of_a_smaller_head__keeps_the_intent(self, journal: AnchorJournal) -> None:
        journal.save_attempt(attempt_of(2))
        journal.record(*proof_of(1), state=AnchorState.INCLUDED, at=Seconds(7))
        assert journal.intent() == AnchorIntent((attempt_of(2),))
        assert journal.recorded_size() == 1

    def test_records__of_many_final_anchors__are_the_last_and_what_is_not_final(
        self, journal: AnchorJournal
    ) -> None:
        for size in (3, 1, 2):
            journal.record(*proof_of(size), state=AnchorState.FINALIZED, at=Seconds(0))
        for size in (5, 4):
            journal.record(*proof_of(size), state=AnchorState.SAFE, at=Seconds(0))
        assert [record.anchor.head.size for record in journal.records()] == [3, 4, 5]
        assert journal.recorded_size() == 5

    def test_mark__of_the_recorded_anchor_only__changes_its_state(
        self, journal: AnchorJournal
    ) -> None:
        anchor, evidence = proof_of(2)
        journal.record(anchor, evidence, state=AnchorState.INCLUDED, at=Seconds(7))
        journal.mark(replace(anchor, block_number=BlockNumber(9)), AnchorState.FINALIZED)
        assert journal.records()[0].state is AnchorState.INCLUDED
        journal.mark(anchor, AnchorState.SAFE)
        assert journal.records() == (AnchorRecord(anchor, AnchorState.SAFE, Seconds(7)),)

    def test_withdraw__of_a_recorded_anchor__opens_all_its_attempts(
        self, journal: AnchorJournal
    ) -> None:
        anchor, evidence = proof_of(2)
        attempts = (attempt_of(2, made=anchor), attempt_of(2, fee=20))
        for attempt in attempts:
            journal.save_attempt(attempt)
        journal.record(anchor, evidence, state=AnchorState.SAFE, at=Seconds(7))
        assert journal.intent() is None
        journal.withdraw(replace(anchor, block_number=BlockNumber(9)), at=Seconds(8))
        assert journal.recorded_size() == 2
        for _ in range(2):
            journal.withdraw(anchor, at=Seconds(8))
            assert (journal.recorded_size(), journal.records()) == (0, ())
            assert journal.intent() == AnchorIntent(tuple(map(reopened, attempts)))

    def test_withdraw__of_an_anchor_that_we_did_not_send__opens_nothing(
        self, journal: AnchorJournal
    ) -> None:
        anchor, evidence = proof_of(2)
        journal.record(anchor, evidence, state=AnchorState.SAFE, at=Seconds(7))
        journal.withdraw(anchor, at=Seconds(8))
        assert (journal.recorded_size(), journal.intent()) == (0, None)

    def test_intent__of_several_withdrawn_anchors__is_the_lowest_nonce(
        self, journal: AnchorJournal
    ) -> None:
        proofs = [proof_of(size) for size in (1, 2)]
        attempts = [
            attempt_of(size, nonce=size, made=anchor)
            for size, (anchor, _) in zip((1, 2), proofs, strict=True)
        ]
        for attempt, (anchor, evidence) in zip(attempts, proofs, strict=True):
            journal.save_attempt(attempt)
            journal.record(anchor, evidence, state=AnchorState.SAFE, at=Seconds(7))
        for anchor, _ in reversed(proofs):
            journal.withdraw(anchor, at=Seconds(8))
        assert journal.intent() == AnchorIntent((reopened(attempts[0]),))
        journal.record(*proofs[0], state=AnchorState.SAFE, at=Seconds(8))
        assert journal.intent() == AnchorIntent((reopened(attempts[1]),))

    def test_record__of_an_anchor_of_another_publisher__is_rejected(
        self, journal: AnchorJournal
    ) -> None:
        anchor, evidence = proof_of(1, publisher=Address(b"\xbb" * 20))
        with pytest.raises(RejectedError):
            journal.record(anchor, evidence, state=AnchorState.SAFE, at=Seconds(7))
        assert journal.recorded_size() == 0

    def test_claim__while_another_holds_it__is_refused(self, journal: AnchorJournal) -> None:
        journal.claim("first", now=Seconds(100), until=Seconds(160))
        with pytest.raises(LeaseHeldError) as caught:
            journal.claim("second", now=Seconds(159), until=Seconds(300))
        assert (caught.value.owner, caught.value.until) == ("first", 160)
        journal.claim("first", now=Seconds(159), until=Seconds(200))
        journal.claim("second", now=Seconds(200), until=Seconds(300))
        with pytest.raises(LeaseHeldError):
            journal.claim("first", now=Seconds(201), until=Seconds(300))

    def test_release__by_its_owner__lets_another_in(self, journal: AnchorJournal) -> None:
        journal.claim("first", now=Seconds(100), until=Seconds(160))
        journal.release("second")
        with pytest.raises(LeaseHeldError):
            journal.claim("second", now=Seconds(100), until=Seconds(160))
        journal.release("first")
        journal.claim("second", now=Seconds(100), until=Seconds(160))


def reopened(attempt: Attempt) -> Attempt:
    """The attempt after a reorganisation."""
    return replace(attempt, opened_at=Seconds(8))


def attempt_of(size: int, *, nonce: int = 0, fee: int = 10, made: Anchor | None = None) -> Attempt:
    """A signed transaction for the head of that size; ``made`` lends its hash."""
    signed = b"%d %d %d" % (size, nonce, fee)
    return Attempt(
        head=head_of(size),
        nonce=Nonce(nonce),
        fees=Fees(Wei(fee), Wei(fee)),
        signed_transaction=signed,
        transaction_hash=TransactionHash(keccak(signed)) if made is None else made.transaction_hash,
        opened_at=Seconds(5),
    )


def proof_of(size: int, *, publisher: Address = PUBLISHER) -> tuple[Anchor, Evidence]:
    """An anchor of that size with genuine evidence."""
    chain = MemoryChain(publisher=publisher)
    anchor = anchored(chain, head_of(size))
    return anchor, chain.capture_evidence(anchor)
