"""Publishers that others took over from: in trust files, receipts and chains of anchors."""

from dataclasses import replace

import pytest

from anchoring.adapters.memory_chain import MemoryChain
from anchoring.core.anchor_chain import verify_anchors
from anchoring.core.anchors_file import AnchoredCheckpoint
from anchoring.core.errors import MalformedError
from anchoring.core.merkle import LeafNodes, consistency_proof, leaf_hash
from anchoring.core.receipt import ReceiptAnchor
from anchoring.core.receipt_verification import Outcome, verify_receipt
from anchoring.core.trust import (
    MAX_EARLIER_PUBLISHERS,
    MAX_NETWORKS,
    EarlierPublisher,
    Network,
    Trust,
    format_trust,
    parse_trust,
)
from anchoring.core.types import Address, ChainId, TreeSize
from tests.support.anchor_files import entries_of, note_of
from tests.support.receipts import embedded_chain, ledger_head, receipt, trust

OLD, NEW = Address(b"\x0a" * 20), Address(b"\x0b" * 20)
THIRD = Address(b"\x0c" * 20)


def chain_of(publisher: Address) -> MemoryChain:
    chain = embedded_chain()
    chain.publisher = publisher
    return chain


def rotated_at(*changes: tuple[Address, int], last: Address = NEW) -> Trust:
    """Return trust in publishers until a size each, and in ``last`` after that."""
    whole = trust(chain_of(last))
    earlier = tuple(EarlierPublisher(account, TreeSize(until)) for account, until in changes)
    return replace(whole, networks=(replace(whole.networks[0], earlier_publishers=earlier),))


def test_publisher_for__a_size__is_the_one_before_until_its_change_and_the_next_above() -> None:
    (network,) = rotated_at((OLD, 4), (THIRD, 9)).networks
    found = [network.publisher_for(TreeSize(size)) for size in (1, 4, 5, 9, 10)]
    assert found == [OLD, OLD, THIRD, THIRD, NEW]


def test_trust__with_earlier_publishers__round_trips() -> None:
    value = rotated_at((OLD, 4), (THIRD, 9))
    assert parse_trust(format_trust(value)) == value


def test_trust__with_every_publisher_it_may_name__round_trips() -> None:
    def account(number: int) -> Address:
        return Address(number.to_bytes(20, "big"))

    earlier = tuple(
        EarlierPublisher(account(number), TreeSize(number))
        for number in range(1, MAX_EARLIER_PUBLISHERS + 1)
    )
    networks = tuple(
        Network("n", ChainId(number + 1), OLD, NEW, bytes(32), earlier)
        for number in range(MAX_NETWORKS)
    )
    value = replace(trust(), networks=networks)
    assert parse_trust(format_trust(value)) == value
    one_more = (*earlier, EarlierPublisher(account(99), TreeSize(99)))
    with pytest.raises(MalformedError):
        format_trust(replace(value, networks=(replace(networks[0], earlier_publishers=one_more),)))


@pytest.mark.parametrize(
    "changes",
    [
        ((OLD, 9), (THIRD, 4)),
        ((OLD, 4), (THIRD, 4)),
        ((OLD, 0),),
        ((OLD, 4), (OLD, 9)),
        ((NEW, 4),),
        ((Address(b"short"), 4),),
    ],
)
def test_trust__with_publishers_out_of_order_or_twice__is_malformed(
    changes: tuple[tuple[Address, int], ...],
) -> None:
    with pytest.raises(MalformedError):
        format_trust(rotated_at(*changes))


@pytest.mark.parametrize(
    ("publisher", "until", "outcome"),
    [
        (OLD, 5, Outcome.VERIFIED),
        (NEW, 5, Outcome.FALSE),
        (NEW, 4, Outcome.VERIFIED),
        (OLD, 4, Outcome.FALSE),
    ],
)
def test_receipt__of_five_entries__is_believed_of_the_publisher_for_its_size(
    publisher: Address, until: int, outcome: Outcome
) -> None:
    """V5: the size at which the rotation was recorded is the last of the account before."""
    verdict = verify_receipt(receipt(chain_of(publisher)), rotated_at((OLD, until)))
    assert verdict.outcome is outcome
    failed = verdict.failed
    assert (failed and failed.name) == (None if outcome is Outcome.VERIFIED else "network")


def items(*anchored: tuple[MemoryChain, int]) -> tuple[AnchoredCheckpoint, ...]:
    """Anchor each size on its chain's view, and prove each head from the one before."""
    written = entries_of(max(size for _, size in anchored))
    nodes = LeafNodes([leaf_hash(entry) for entry in written])
    found: list[AnchoredCheckpoint] = []
    last: TreeSize | None = None
    for chain, size in anchored:
        head = ledger_head(written[:size])
        chain.broadcast(chain.sign_anchor(head))
        anchor = chain.find_anchor(head.size)
        assert anchor is not None
        proof = None if last is None else consistency_proof(last, head.size, nodes)
        about = ReceiptAnchor.of(anchor, chain.capture_evidence(anchor))
        found.append(AnchoredCheckpoint(note_of(head), about, proof))
        last = head.size
    return tuple(found)


def test_chain_of_anchors__across_a_change__is_one_history() -> None:
    """A4: the namespace of the new account begins at size 0; A3 runs across."""
    old, new = chain_of(OLD), chain_of(NEW)
    file = items((old, 1), (old, 4), (new, 5), (new, 8))
    assert verify_anchors(file, rotated_at((OLD, 4))).outcome is Outcome.VERIFIED
    for until in (3, 5):
        verdict = verify_anchors(file, rotated_at((OLD, until)))
        wrong = {step.name for step in verdict.steps if step.outcome is not Outcome.VERIFIED}
        assert wrong == {"network"}


def test_chain_of_anchors__without_the_first_of_the_new_account__is_out_of_order() -> None:
    old, new = chain_of(OLD), chain_of(NEW)
    first, second, _, last = items((old, 1), (old, 4), (new, 5), (new, 8))
    nodes = LeafNodes([leaf_hash(entry) for entry in entries_of(8)])
    fitted = replace(last, consistency=consistency_proof(TreeSize(4), TreeSize(8), nodes))
    verdict = verify_anchors((first, second, fitted), rotated_at((OLD, 4)))
    assert verdict.failed is not None
    assert verdict.failed.name == "order"
