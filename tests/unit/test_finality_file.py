"""Links to final blocks: which of them a receipt keeps, and those that come in a file of their own."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists

from anchoring.core.errors import MalformedError, UnsupportedError, VerificationError
from anchoring.core.finality import MAX_LINK_HEADERS, FinalityStatement
from anchoring.core.finality_file import (
    AnchorFinality,
    format_finality_file,
    join_finality,
    parse_finality_file,
)
from anchoring.core.receipt import (
    MAX_RECEIPT_JSON,
    Receipt,
    ReceiptAnchor,
    format_receipt,
    keep_short_links,
    parse_receipt,
)
from anchoring.core.receipt_verification import Outcome, verify_receipt
from anchoring.core.types import BlockHash, BlockNumber, ChainId
from tests.support.finality import by_headers, by_history
from tests.support.receipts import (
    ENTRIES,
    anchor_on,
    embedded_chain,
    hoodi_chain,
    ledger_head,
    receipt,
    trust,
)

CHAIN = embedded_chain()
PLAIN = receipt(CHAIN)
(ANCHOR,) = PLAIN.anchors
LINK = by_headers(ANCHOR.block_hash, ANCHOR.block_number, 2)
HISTORY = by_history(ANCHOR.block_hash, ANCHOR.block_number, 70)
TWO = receipt(embedded_chain(), hoodi_chain())
NEIGHBOUR = anchor_on(CHAIN, ledger_head([*ENTRIES, b"later"]))


def linked(anchor: ReceiptAnchor, count: int | None) -> ReceiptAnchor:
    """The anchor with a genuine link of so many headers; None for no statement."""
    if count is None:
        return replace(anchor, finality=None)
    return replace(anchor, finality=by_headers(anchor.block_hash, anchor.block_number, count))


def with_links(counts: Sequence[int | None]) -> Receipt:
    """A receipt with an anchor for each count, all in one block."""
    return replace(PLAIN, anchors=tuple(linked(ANCHOR, count) for count in counts))


def as_long_as(found: Receipt, length: int) -> Receipt:
    """The receipt with a checkpoint longer by as much as brings the file to that length."""
    missing = length - len(format_receipt(found))
    return replace(found, checkpoint=found.checkpoint + b"x" * missing)


def kept(found: Receipt) -> list[bool]:
    return [anchor.finality is not None for anchor in keep_short_links(found).anchors]


def file_of(anchor: ReceiptAnchor, statement: FinalityStatement) -> AnchorFinality:
    return AnchorFinality(anchor.chain_id, anchor.block_number, anchor.block_hash, statement)


@pytest.mark.parametrize("statement", [LINK, HISTORY], ids=["headers", "history"])
@pytest.mark.parametrize(
    ("length", "fits"),
    [(MAX_RECEIPT_JSON - 1, True), (MAX_RECEIPT_JSON, True), (MAX_RECEIPT_JSON + 1, False)],
)
def test_link__at_the_bound__is_kept_up_to_the_last_byte(
    statement: FinalityStatement, length: int, *, fits: bool
) -> None:
    whole = as_long_as(replace(PLAIN, anchors=(replace(ANCHOR, finality=statement),)), length)
    bare = replace(whole, anchors=PLAIN.anchors)
    assert len(format_receipt(whole)) == length
    assert keep_short_links(whole) == (whole if fits else bare)


def test_receipt__without_links__stays_as_it_is_however_long() -> None:
    long = as_long_as(PLAIN, MAX_RECEIPT_JSON + 1)
    for found in (PLAIN, long, replace(PLAIN, anchors=())):
        assert keep_short_links(found) == found
    assert kept(replace(long, anchors=(linked(ANCHOR, 0),))) == [False]


def test_links__of_several_anchors__are_kept_shortest_first() -> None:
    room = MAX_RECEIPT_JSON - len(format_receipt(with_links([None, 2, 1])))
    whole = with_links([3, 2, 1])
    exact = replace(whole, checkpoint=whole.checkpoint + b"x" * room)
    assert len(format_receipt(keep_short_links(exact))) == MAX_RECEIPT_JSON
    assert kept(exact) == [False, True, True]
    over = replace(exact, checkpoint=exact.checkpoint + b"x")
    assert kept(over) == [False, False, True]


def test_links__of_the_same_length__are_kept_in_the_order_of_anchors() -> None:
    room = len(format_receipt(with_links([1, None])))
    whole = with_links([1, 1])
    exact = replace(whole, checkpoint=whole.checkpoint + b"x" * (MAX_RECEIPT_JSON - room))
    assert kept(exact) == [True, False]


@given(counts=lists(integers(0, 6), max_size=4), length=integers(9_000, MAX_RECEIPT_JSON + 3_000))
def test_links__of_any_lengths__are_the_longest_prefix_by_length_that_fits(
    counts: list[int], length: int
) -> None:
    bare = as_long_as(with_links([None] * len(counts)), length)
    whole = replace(bare, anchors=with_links(counts).anchors)
    found = kept(whole)
    order = sorted(range(len(counts)), key=lambda place: (counts[place], place))
    assert sorted(found[place] for place in order) == [found[place] for place in order][::-1]
    written = len(format_receipt(keep_short_links(whole)))
    assert written <= MAX_RECEIPT_JSON or not any(found)
    left = [place for place in order if not found[place]]
    if left:
        more = [count if found[place] else None for place, count in enumerate(counts)]
        more[left[0]] = counts[left[0]]
        longer = replace(bare, anchors=with_links(more).anchors)
        assert len(format_receipt(longer)) > MAX_RECEIPT_JSON


def test_receipt__with_a_link_longer_than_ours__still_parses_and_verifies() -> None:
    old = replace(PLAIN, anchors=(linked(ANCHOR, MAX_LINK_HEADERS),))
    written = format_receipt(old)
    assert len(written) > MAX_RECEIPT_JSON
    assert parse_receipt(written) == old
    assert verify_receipt(old, trust(CHAIN)).outcome is Outcome.VERIFIED


@pytest.mark.parametrize("statement", [LINK, HISTORY], ids=["headers", "history"])
def test_file__of_a_link__is_read_back_and_holds_the_object_of_a_receipt(
    statement: FinalityStatement,
) -> None:
    written = format_finality_file(file_of(ANCHOR, statement))
    assert parse_finality_file(written) == file_of(ANCHOR, statement)
    whole = replace(PLAIN, anchors=(replace(ANCHOR, finality=statement),))
    in_receipt = json.loads(format_receipt(whole))["anchors"][0]
    shown = json.loads(written)
    assert shown.pop("format") == "psephos-finality/1"
    assert shown == {key: in_receipt[key] for key in shown}
    assert sorted(shown) == ["blockHash", "blockNumber", "chainId", "finality"]


def changed(**members: object) -> bytes:
    """The file with members changed; None takes one away."""
    shown: dict[str, Any] = json.loads(format_finality_file(file_of(ANCHOR, LINK)))
    shown |= members
    return json.dumps({key: value for key, value in shown.items() if value is not None}).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        format_finality_file(file_of(ANCHOR, LINK)) + b"{}",
        format_finality_file(file_of(ANCHOR, LINK)).replace(b"{", b'{"chainId":1,', 1),
        changed(format="psephos-receipt/1"),
        changed(format=None),
        changed(size=3),
        changed(chainId=0),
        changed(chainId="1"),
        changed(chainId=None),
        changed(blockNumber=-1),
        changed(blockNumber=None),
        changed(blockHash="0x12"),
        changed(blockHash=f"0x{ANCHOR.block_hash.hex().upper()}"),
        changed(blockHash=None),
        changed(finality=None),
        changed(finality=[]),
        changed(finality={"blockNumber": 3, "blockHash": f"0x{'00' * 32}"}),
    ],
)
def test_file__of_another_form__is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_finality_file(data)


def test_file__of_another_version__is_not_supported() -> None:
    with pytest.raises(UnsupportedError):
        parse_finality_file(changed(format="psephos-finality/2"))
    assert parse_finality_file(changed()) == file_of(ANCHOR, LINK)


def test_link__joined_to_its_anchor__is_verified_as_if_the_receipt_had_come_with_it() -> None:
    joined = join_finality(PLAIN, file_of(ANCHOR, LINK))
    assert joined == replace(PLAIN, anchors=(replace(ANCHOR, finality=LINK),))
    verdict = verify_receipt(joined, trust(CHAIN))
    assert (verdict.outcome, verdict.steps[-1].name) == (Outcome.VERIFIED, "finality")
    assert verdict.believed[0].block_hashes == (ANCHOR.block_hash, LINK.block_hash)


def test_link__that_is_forged__is_joined_and_found_false() -> None:
    forged = replace(LINK, block_hash=BlockHash(bytes(32)))
    verdict = verify_receipt(join_finality(PLAIN, file_of(ANCHOR, forged)), trust(CHAIN))
    assert (verdict.outcome, verdict.steps[-1].name) == (Outcome.FALSE, "finality.headers")
    assert verdict.believed == ()


def test_link__of_one_of_two_anchors__is_joined_to_that_one() -> None:
    first, second = TWO.anchors
    link = by_headers(second.block_hash, second.block_number, 1)
    assert join_finality(TWO, file_of(second, link)).anchors == (
        first,
        replace(second, finality=link),
    )


@pytest.mark.parametrize(
    "link",
    [
        replace(file_of(ANCHOR, LINK), chain_id=ChainId(1)),
        replace(file_of(ANCHOR, LINK), block_number=BlockNumber(ANCHOR.block_number + 1)),
        replace(file_of(ANCHOR, LINK), block_hash=LINK.block_hash),
        file_of(TWO.anchors[1], LINK),
        file_of(NEIGHBOUR, by_headers(NEIGHBOUR.block_hash, NEIGHBOUR.block_number, 1)),
    ],
    ids=["chain", "number", "hash", "other chain", "later anchor"],
)
def test_link__of_another_anchor__is_refused(link: AnchorFinality) -> None:
    with pytest.raises(VerificationError) as refusal:
        join_finality(PLAIN, link)
    assert refusal.value.step == "finality.anchor"
    assert f"0x{ANCHOR.block_hash.hex()}" in refusal.value.expected


def test_link__of_a_receipt_without_anchor__is_refused() -> None:
    with pytest.raises(VerificationError, match="an anchor"):
        join_finality(replace(PLAIN, anchors=()), file_of(ANCHOR, LINK))


def test_link__beside_one_in_the_receipt__never_hides_it() -> None:
    whole = replace(PLAIN, anchors=(replace(ANCHOR, finality=LINK),))
    assert join_finality(whole, file_of(ANCHOR, LINK)) == whole
    with pytest.raises(VerificationError) as refusal:
        join_finality(whole, file_of(ANCHOR, HISTORY))
    assert refusal.value.step == "finality.anchor"
