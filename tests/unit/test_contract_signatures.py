"""Wrapping signatures as ERC-6492 says, and reading what the program answers."""

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.contract_signatures import (
    MAGIC_SUFFIX,
    MAGIC_VALUE,
    MAX_SIGNATURE_BYTES,
    PROGRAM,
    FactoryCall,
    UnwrappedSignature,
    is_wrapped,
    question,
    signed,
    unwrap,
    wrap,
)
from anchoring.core.errors import MalformedError
from anchoring.core.types import Address

CALL = FactoryCall(Address(b"\xfa" * 20), b"make")
WORDS = [(1).to_bytes(32), (1).to_bytes(32), (32).to_bytes(32), MAGIC_VALUE.ljust(32, b"\0")]
calls = st.builds(
    FactoryCall, st.binary(min_size=20, max_size=20).map(Address), st.binary(max_size=100)
)


def test_magic_value__of_erc_1271__is_the_selector() -> None:
    assert keccak(b"isValidSignature(bytes32,bytes)")[:4] == MAGIC_VALUE
    assert MAGIC_SUFFIX.hex() == "6492649264926492649264926492649264926492649264926492649264926492"


@given(signature=st.binary(max_size=100), call=calls)
def test_wrap__of_any_parts__is_what_the_abi_says_and_unwraps(
    signature: bytes, call: FactoryCall
) -> None:
    wrapped = wrap(signature, call)
    parts = (f"0x{call.factory.hex()}", call.data, signature)
    assert wrapped == encode(("address", "bytes", "bytes"), parts) + MAGIC_SUFFIX
    assert is_wrapped(wrapped)
    assert unwrap(wrapped) == UnwrappedSignature(signature, call)


@given(st.binary(max_size=200))
def test_unwrap__without_the_suffix__leaves_the_signature(signature: bytes) -> None:
    assert unwrap(signature) == UnwrappedSignature(signature, None)


@given(signature=st.binary(max_size=40), call=calls, place=st.integers(0), bit=st.integers(0, 7))
def test_unwrap__with_a_bit_changed__is_refused_or_means_something_else(
    signature: bytes, call: FactoryCall, place: int, bit: int
) -> None:
    wrapped = bytearray(wrap(signature, call))
    wrapped[place % len(wrapped)] ^= 1 << bit
    try:
        found = unwrap(bytes(wrapped))
    except MalformedError:
        return
    assert found != UnwrappedSignature(signature, call)


def test_unwrap__at_the_limit__passes_and_beyond_is_refused() -> None:
    assert unwrap(bytes(MAX_SIGNATURE_BYTES)).preparation is None
    with pytest.raises(MalformedError):
        unwrap(bytes(MAX_SIGNATURE_BYTES + 1))


@given(signature=st.binary(max_size=70), call=calls)
def test_question__after_the_program__has_its_arguments(
    signature: bytes, call: FactoryCall
) -> None:
    account, digest = Address(b"\xac" * 20), b"\xd1" * 32
    asked = MAGIC_VALUE + encode(("bytes32", "bytes"), (digest, signature))
    arguments = question(account, digest, signature, call).removeprefix(PROGRAM)
    lengths = (len(call.data), len(asked))
    head = encode(
        ("address", "address", "uint256", "uint256"),
        (f"0x{account.hex()}", f"0x{call.factory.hex()}", *lengths),
    )
    assert arguments == head + call.data + asked


def test_signed__only_by_the_exact_answer__is_told() -> None:
    assert signed(b"".join(WORDS))
    for place in range(128):
        words = bytearray(b"".join(WORDS))
        words[place] ^= 1
        assert not signed(bytes(words))


@pytest.mark.parametrize("length", [0, 32, 127, 129])
def test_signed__of_another_length__is_no_answer(length: int) -> None:
    with pytest.raises(MalformedError):
        signed(bytes(length))
