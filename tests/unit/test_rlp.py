"""The decoder agrees with the usual library on everything, and refuses what that one refuses."""

import pytest
import rlp
from hypothesis import example, given
from hypothesis import strategies as st
from rlp.exceptions import DecodingError

from anchoring.core.errors import MalformedError
from anchoring.core.rlp import MAX_NESTING, Item, decode, encode_integer

ITEMS = st.recursive(
    st.binary(max_size=80), lambda inner: st.lists(inner, max_size=6), max_leaves=20
)


@given(item=ITEMS)
@example(item=[b"\x7f", b"\x80", b"", b"a" * 55, b"a" * 56, [], [[]], b"a" * 300])
def test_decode__when_the_library_encoded_it__then_it_gives_the_item_back(item: Item) -> None:
    assert decode(bytes(rlp.encode(item)), what="item") == item


@given(encoded=st.binary(max_size=40))
@example(encoded=b"\x81\x05")
@example(encoded=b"\xb8\x02ab")
@example(encoded=b"\xb9\x00\x40" + b"a" * 64)
@example(encoded=b"\x83ab")
@example(encoded=b"\xc3\x83ab")
@example(encoded=b"\xc1")
@example(encoded=b"\xf8")
@example(encoded=b"\x80\x80")
@example(encoded=b"")
def test_decode__when_given_any_bytes__then_it_accepts_what_the_library_accepts(
    encoded: bytes,
) -> None:
    try:
        expected = rlp.decode(encoded, strict=True)
    except DecodingError:
        with pytest.raises(MalformedError) as refusal:
            decode(encoded, what="item")
        assert refusal.value.what == "item"
    else:
        assert decode(encoded, what="item") == expected


@given(value=st.integers(min_value=0, max_value=2**440 - 1))
@example(value=0)
@example(value=127)
@example(value=128)
def test_encode_integer__when_the_library_encodes_it__then_the_bytes_are_the_same(
    value: int,
) -> None:
    assert encode_integer(value) == bytes(rlp.encode(value))


def test_decode__when_nested_too_deep__then_it_is_refused() -> None:
    def nested(lists: int) -> bytes:
        item: Item = []
        for _ in range(lists - 1):
            item = [item]
        return bytes(rlp.encode(item))

    assert decode(nested(MAX_NESTING), what="item") != []
    with pytest.raises(MalformedError):
        decode(nested(MAX_NESTING + 1), what="item")
