"""Following the publishers that a ledger names, from any trust file, and what does not fit."""

from dataclasses import replace

import pytest

from anchoring.core.trust import EarlierPublisher, Network, Trust
from anchoring.core.types import Address, ChainId, TreeSize
from backend.audit.publishers import follow_publishers
from backend.domain.publishers import PublisherRotation, address_text
from tests.support.receipts import trust

CHAIN = ChainId(20260)
ACCOUNTS = tuple(Address(bytes([number]) * 20) for number in range(1, 5))
FIRST, SECOND, THIRD, STRANGER = ACCOUNTS


def change(
    entry: int, previous: Address, publisher: Address, chain_id: int = CHAIN
) -> PublisherRotation:
    return PublisherRotation(entry, chain_id, address_text(previous), address_text(publisher))


NAMED = (change(4, FIRST, SECOND), change(8, SECOND, THIRD))
EARLIER = (EarlierPublisher(FIRST, TreeSize(4)), EarlierPublisher(SECOND, TreeSize(8)))


def believing(publisher: Address, *earlier: EarlierPublisher) -> Trust:
    network = Network("embedded", CHAIN, Address(bytes(20)), publisher, None, earlier)
    return replace(trust(), networks=(network,))


NEWEST = believing(THIRD, *EARLIER)


@pytest.mark.parametrize("believed", [believing(FIRST), believing(SECOND, EARLIER[0]), NEWEST])
def test_follow__from_any_account_of_the_ledger__comes_to_the_newest(believed: Trust) -> None:
    assert follow_publishers(believed, NAMED, 9) == (NEWEST, [])


def test_follow__of_acts_on_another_chain__changes_nothing() -> None:
    elsewhere = [change(4, STRANGER, SECOND, CHAIN + 1)]
    assert follow_publishers(believing(FIRST), elsewhere, 9) == (believing(FIRST), [])


def test_follow__of_a_ledger_that_ends_before_a_known_change__waits_for_it() -> None:
    assert follow_publishers(NEWEST, NAMED[:1], 8) == (NEWEST, [])
    assert follow_publishers(NEWEST, (), 4) == (NEWEST, [])


@pytest.mark.parametrize(
    ("believed", "named", "size", "entry"),
    [
        (NEWEST, NAMED[:1], 9, None),
        (NEWEST, (), 9, None),
        (NEWEST, NAMED[1:], 9, None),
        (NEWEST, (change(5, FIRST, SECOND), NAMED[1]), 9, None),
        (NEWEST, (change(4, STRANGER, SECOND), NAMED[1]), 9, None),
        (NEWEST, (change(4, FIRST, STRANGER), change(8, STRANGER, THIRD)), 9, None),
        # A change of which the trust file, though it knows later ones, says nothing.
        (NEWEST, (NAMED[0], change(6, SECOND, STRANGER)), 8, None),
        (believing(STRANGER), NAMED, 9, 4),
        (believing(FIRST), (change(4, STRANGER, SECOND),), 9, 4),
    ],
)
def test_follow__of_what_does_not_fit__disagrees_and_believes_what_it_did(
    believed: Trust, named: tuple[PublisherRotation, ...], size: int, entry: int | None
) -> None:
    followed, found = follow_publishers(believed, named, size)
    assert followed == believed
    assert [(each.code, each.entry) for each in found] == [("ledger.publisher", entry)]


def test_follow__up_to_a_change_from_another_account__stops_there() -> None:
    named = (NAMED[0], change(8, STRANGER, THIRD))
    followed, found = follow_publishers(believing(FIRST), named, 9)
    assert followed == believing(SECOND, EARLIER[0])
    assert [each.entry for each in found] == [8]
