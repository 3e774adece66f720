"""Addresses that letters are sent to, each with a neighbour that no letter is sent to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.mail_addresses import MAX_ADDRESS_LENGTH, usable_address

LONGEST_LABELS = ".".join(["b" * 60] * 3 + ["c" * 6])


@pytest.mark.parametrize(
    "address",
    [
        "gardener@river.example",
        "a.b+c@river-coop.example",
        "o'neil@localhost",
        "a" * 64 + "@" + LONGEST_LABELS,
    ],
)
def test_usable_address__that_every_server_takes__is_kept(address: str) -> None:
    assert usable_address(address) == address
    assert usable_address(f" {address} ") == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "gardener",
        "@river.example",
        "gardener@",
        "a..b@river.example",
        ".a@river.example",
        "a@-river.example",
        "a@river..example",
        "a@river.example.",
        "a b@river.example",
        '"a b"@river.example',
        "a@[127.0.0.1]",
        "a@b@river.example",
        "é@river.example",
        "a@rivière.example",
        "<a@river.example>",
        "a@river.example, b@river.example",
        "a@river.example\r\nBcc: b@river.example",
        "a@river.example\n",
        "a" * 65 + "@river.example",
        "a@" + "b" * 64 + ".example",
        "a" * 64 + "@" + LONGEST_LABELS + "c",
    ],
)
def test_usable_address__another_form__is_none(address: str) -> None:
    assert usable_address(address) is None


@given(text=st.text(max_size=80))
def test_usable_address__whatever_passes__cannot_end_a_header_or_a_command(text: str) -> None:
    for given_address in (text, f"{text}@river.example", f"a@{text}"):
        address = usable_address(given_address)
        if address is not None:
            assert address.isascii()
            assert not set(address) & set(' \t\r\n<>,;:"\\()[]')
            assert len(address) <= MAX_ADDRESS_LENGTH
            assert address.count("@") == 1
