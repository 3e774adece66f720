"""The accounts that anchor a ledger, P1 to P4."""

import pytest

from anchoring.core.trust import MAX_EARLIER_PUBLISHERS
from anchoring.core.types import Address, ChainId, TreeSize
from backend.domain.acts import PublisherRotated
from backend.domain.entry import Entry
from backend.domain.errors import InvalidInputError
from backend.domain.publishers import (
    PublisherRotation,
    Term,
    address_of,
    address_text,
    terms_on,
)
from tests.support.governance import CHAIR, GARDENER, founded, joined, refused

CHAIN = 20260


def account(number: int) -> str:
    return f"0x{number:040x}"


def change(previous: int, publisher: int, *, chain: int = CHAIN) -> PublisherRotated:
    return PublisherRotated(chain, account(previous), account(publisher))


def test_p1__bureau_changes_the_account__state_names_entry_chain_and_both() -> None:
    simulation, ledger = founded()
    first = simulation.act(CHAIR, change(1, 2))
    second = simulation.act(CHAIR, change(2, 3))
    assert ledger.state.publisher_rotations == (
        PublisherRotation(first, CHAIN, account(1), account(2)),
        PublisherRotation(second, CHAIN, account(2), account(3)),
    )


def test_p1__member_outside_the_bureau__refuses() -> None:
    simulation, ledger = joined()
    with refused("officer.required", article="6", rule="custody"):
        simulation.act(GARDENER, change(1, 2))
    assert ledger.state.publisher_rotations == ()


def test_p1__nobody_signs__refuses() -> None:
    simulation, _ = founded()
    with refused("officer.required", article="6", rule="custody"):
        simulation.system_act(lambda _: change(1, 2))


def test_p2__account_before_is_not_the_one_named_last__refuses() -> None:
    simulation, ledger = founded()
    simulation.act(CHAIR, change(1, 2))
    for previous in (1, 4):
        with refused("publisher.previous"):
            simulation.act(CHAIR, change(previous, 3))
    assert len(ledger.state.publisher_rotations) == 1


def test_p2__another_chain__has_an_order_of_its_own() -> None:
    simulation, ledger = founded()
    simulation.act(CHAIR, change(1, 2))
    simulation.act(CHAIR, change(1, 2, chain=CHAIN + 1))
    assert [each.chain_id for each in ledger.state.publisher_rotations] == [CHAIN, CHAIN + 1]


def test_p3__account_that_anchored_before_or_does__refuses() -> None:
    simulation, _ = founded()
    with refused("publisher.used"):
        simulation.act(CHAIR, change(1, 1))
    simulation.act(CHAIR, change(1, 2))
    for publisher in (1, 2):
        with refused("publisher.used"):
            simulation.act(CHAIR, change(2, publisher))


def test_p3__more_changes_than_a_trust_file_holds__refuses() -> None:
    simulation, ledger = founded()
    for number in range(MAX_EARLIER_PUBLISHERS):
        simulation.act(CHAIR, change(number, number + 1))
    with refused("publisher.limit"):
        simulation.act(CHAIR, change(MAX_EARLIER_PUBLISHERS, 99))
    simulation.act(CHAIR, change(1, 2, chain=CHAIN + 1))
    assert len(ledger.state.publisher_rotations) == MAX_EARLIER_PUBLISHERS + 1


def test_p4__terms_of_a_chain__follow_each_other_without_gap_or_overlap() -> None:
    rotations = (
        PublisherRotation(5, CHAIN, account(1), account(2)),
        PublisherRotation(6, CHAIN + 1, account(1), account(9)),
        PublisherRotation(8, CHAIN, account(2), account(3)),
    )
    first, second, third = (Address(bytes(19) + bytes([number])) for number in (1, 2, 3))
    assert terms_on(rotations, ChainId(CHAIN)) == (
        Term(first, TreeSize(0), TreeSize(5)),
        Term(second, TreeSize(5), TreeSize(8)),
        Term(third, TreeSize(8), None),
    )
    assert terms_on(rotations, ChainId(1)) == ()


def test_account__as_text_and_bytes__is_the_same() -> None:
    assert address_text(address_of(account(255))) == account(255)


@pytest.mark.parametrize(
    "text", [account(1)[2:], account(1)[:-1], account(1) + "0", account(1)[:-1] + "A", "0x"]
)
def test_entry__with_an_account_in_another_form__does_not_parse(text: str) -> None:
    simulation, ledger = founded()
    simulation.act(CHAIR, change(1, 2))
    data = ledger.entries[-1].to_bytes()
    assert Entry.from_bytes(data) == ledger.entries[-1]
    with pytest.raises(InvalidInputError):
        Entry.from_bytes(data.replace(account(2).encode(), text.encode()))
