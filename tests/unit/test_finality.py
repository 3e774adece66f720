"""Finality statements, rule by rule (F1 to F4 of core.finality)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import rlp
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.errors import AnchoringError, MalformedError, VerificationError
from anchoring.core.finality import (
    HISTORY_CONTRACT,
    HISTORY_WINDOW,
    MAX_LINK_HEADERS,
    FinalityStatement,
    HeaderChain,
    HistoryProof,
    history_slot,
    verify_finality,
)
from anchoring.core.types import BlockHash, BlockNumber
from tests.support.finality import State, by_headers, by_history, child, headers_on, state_of

NUMBER = BlockNumber(9)
HASH = BlockHash(b"\xbb" * 32)
CHAIN = by_headers(HASH, NUMBER, 3)
HISTORY = by_history(HASH, NUMBER, 70)


def check(statement: FinalityStatement) -> None:
    verify_finality(statement, anchor_number=NUMBER, anchor_hash=HASH)


def step_of(call: Callable[[], object]) -> str:
    with pytest.raises(VerificationError) as caught:
        call()
    return caught.value.step


def chain_of(*headers: bytes, number: int | None = None) -> FinalityStatement:
    height = NUMBER + len(headers) if number is None else number
    return FinalityStatement(
        BlockNumber(height), BlockHash(keccak(headers[-1])), HeaderChain(headers)
    )


def in_state(state: State, *, distance: int = 70, slot: int = NUMBER) -> FinalityStatement:
    header = child(b"\x0d" * 32, NUMBER + distance, state_root=state.accounts.root_hash)
    return FinalityStatement(
        BlockNumber(NUMBER + distance),
        BlockHash(keccak(header)),
        HistoryProof(header, state.account_proof(), state.storage_proof(slot)),
    )


@pytest.mark.parametrize("count", [0, 1, 2, 63, MAX_LINK_HEADERS])
def test_header_chain__up_to_the_finalized_block__verifies(count: int) -> None:
    """F2; none when the anchor's block is the finalized one."""
    check(by_headers(HASH, NUMBER, count))


def test_header_chain__longer_than_the_format__is_malformed() -> None:
    with pytest.raises(MalformedError):
        check(by_headers(HASH, NUMBER, MAX_LINK_HEADERS + 1))


def test_header_chain__with_a_gap_or_another_order__does_not_verify() -> None:
    """F2."""
    one, two, three = headers_on(HASH, NUMBER, 3)
    check(chain_of(one, two, three))
    for headers in ((one, three), (two, three), (one, one, two), (two, one, three)):
        assert step_of(lambda h=headers: check(chain_of(*h))) == "finality.headers"  # type: ignore[misc]  # a bound loop variable
    assert step_of(lambda: check(chain_of(one, two, number=NUMBER + 3))) == "finality.headers"
    other = child(b"\x0c" * 32, NUMBER + 1)
    assert step_of(lambda: check(chain_of(other))) == "finality.headers"
    skipped = child(HASH, NUMBER + 2)
    assert step_of(lambda: check(chain_of(skipped))) == "finality.headers"


def test_statement__of_another_block_hash__does_not_verify() -> None:
    """F2, F3."""
    for statement in (by_headers(HASH, NUMBER, 0), CHAIN, HISTORY):
        check(statement)
        with pytest.raises(VerificationError):
            check(replace(statement, block_hash=BlockHash(b"\xba" * 32)))


def test_statement__below_the_anchor__does_not_verify() -> None:
    """F1."""
    for statement in (CHAIN, HISTORY):
        below = replace(statement, block_number=BlockNumber(NUMBER - 1))
        assert step_of(lambda s=below: check(s)) == "finality.block"  # type: ignore[misc]  # a bound loop variable


@pytest.mark.parametrize("distance", [1, 2, 70, HISTORY_WINDOW])
def test_history__within_the_window__verifies(distance: int) -> None:
    """F3."""
    check(by_history(HASH, NUMBER, distance))


@pytest.mark.parametrize("distance", [0, HISTORY_WINDOW + 1])
def test_history__outside_the_window__does_not_verify(distance: int) -> None:
    """F3: the slot then holds the hash of another block, or none yet."""
    assert step_of(lambda: check(by_history(HASH, NUMBER, distance))) == "finality.history"


def test_history__of_another_slot_or_hash__does_not_verify() -> None:
    """F3."""
    state = state_of({NUMBER: HASH, NUMBER + 1: b"\xbc" * 32})
    check(in_state(state))
    assert step_of(lambda: check(in_state(state, slot=NUMBER + 1))) == "finality.history"
    other = state_of({NUMBER: b"\xbc" * 32, NUMBER + 1: HASH})
    assert step_of(lambda: check(in_state(other))) == "finality.history"


def test_history__of_a_hash_that_begins_with_zeros__verifies() -> None:
    """F3: storage drops leading zeros."""
    small = BlockHash(b"\0\0" + b"\x0b" * 30)
    statement = by_history(small, NUMBER, 5)
    verify_finality(statement, anchor_number=NUMBER, anchor_hash=small)
    state = state_of({NUMBER: HASH})
    state.storage[keccak(history_slot(NUMBER))] = rlp.encode(b"\0" + HASH)
    with pytest.raises(AnchoringError):
        check(in_state(_with_storage(state)))
    state.storage[keccak(history_slot(NUMBER))] = rlp.encode(b"\1" + HASH)
    with pytest.raises(MalformedError):
        check(in_state(_with_storage(state)))


@pytest.mark.parametrize(
    "account", [[1, 0, b"root"], b"account", [1, 0, [b"root"], b""], [1, 0, b"\1" * 32, b"", b""]]
)
def test_history__of_an_account_of_another_shape__does_not_verify(account: object) -> None:
    """F3."""
    state = state_of({NUMBER: HASH})
    state.accounts[keccak(HISTORY_CONTRACT)] = rlp.encode(account).ljust(40, b"\0")[:40]
    with pytest.raises(AnchoringError):
        check(in_state(state))
    state.accounts[keccak(HISTORY_CONTRACT)] = rlp.encode(account)
    with pytest.raises(AnchoringError):
        check(in_state(state))


def test_statement__with_bytes_to_spare__does_not_verify() -> None:
    """F4."""
    link = HISTORY.link
    assert isinstance(link, HistoryProof)
    for spare in (
        replace(link, account_proof=(*link.account_proof, link.account_proof[-1])),
        replace(link, storage_proof=(*link.storage_proof, b"\xc0")),
        replace(link, storage_proof=link.storage_proof[:-1]),
        replace(link, header=link.header + b"\0"),
    ):
        with pytest.raises(AnchoringError):
            check(replace(HISTORY, link=spare))


def test_statement__out_of_bounds__is_malformed_before_any_hash() -> None:
    link = HISTORY.link
    assert isinstance(link, HistoryProof)
    for wrong in (
        replace(HISTORY, block_hash=BlockHash(b"")),
        replace(HISTORY, link=replace(link, header=b"")),
        replace(HISTORY, link=replace(link, account_proof=())),
        replace(HISTORY, link=replace(link, storage_proof=(b"\xc0",) * 17)),
        replace(CHAIN, link=HeaderChain((b"",))),
        replace(CHAIN, link=HeaderChain((b"\0" * 4_097,))),
    ):
        with pytest.raises(MalformedError):
            check(wrong)
    with pytest.raises(MalformedError):
        verify_finality(CHAIN, anchor_number=NUMBER, anchor_hash=BlockHash(b"short"))


@given(data=st.data())
def test_statement__with_any_bit_flipped__fails(data: st.DataObject) -> None:
    """F4."""
    statement = data.draw(st.sampled_from([CHAIN, HISTORY]))
    parts: list[bytes]
    link = statement.link
    if isinstance(link, HeaderChain):
        parts = list(link.headers)
    else:
        parts = [link.header, *link.account_proof, *link.storage_proof]
    place = data.draw(st.integers(0, len(parts) - 1))
    bit = data.draw(st.integers(0, 8 * len(parts[place]) - 1))
    damaged = bytearray(parts[place])
    damaged[bit // 8] ^= 1 << bit % 8
    parts[place] = bytes(damaged)
    if isinstance(link, HeaderChain):
        changed = replace(statement, link=HeaderChain(tuple(parts)))
    else:
        split = 1 + len(link.account_proof)
        changed = replace(
            statement, link=HistoryProof(parts[0], tuple(parts[1:split]), tuple(parts[split:]))
        )
    with pytest.raises(AnchoringError):
        check(changed)


def _with_storage(state: State) -> State:
    state.accounts[keccak(HISTORY_CONTRACT)] = rlp.encode(
        [1, 0, state.storage.root_hash, b"\3" * 32]
    )
    return state
