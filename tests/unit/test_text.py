"""Strict base64 and decimals."""

import pytest

from anchoring.core.errors import MalformedError
from anchoring.core.text import format_base64, parse_base64, parse_decimal


@pytest.mark.parametrize("data", [b"", b"f", b"fo", b"foo", bytes(range(256))])
def test_base64__any_bytes__round_trip(data: bytes) -> None:
    assert parse_base64(format_base64(data), what="hash") == data


@pytest.mark.parametrize(
    "text",
    [
        "Zg",
        "Zg=",
        "Zg===",
        "Zh==",
        "Zm8=\n",
        " Zm8=",
        "Zm 8=",
        "-_8=",
        "Zm8=Zm8=",
        "Zg==Zg==",
        "é",
        "=",
    ],
)
def test_parse_base64__loose_text__is_refused(text: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_base64(text, what="hash")
    assert caught.value.what == "hash"


@pytest.mark.parametrize("number", [0, 1, 9, 10, 2**53, 2**64 - 1])
def test_parse_decimal__plain_number__round_trips(number: int) -> None:
    assert parse_decimal(str(number), what="size") == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+5",
        "-1",
        "-0",
        "00",
        "05",
        "1_0",
        " 1",
        "1 ",
        "1\n",
        "0x1",
        "1.0",
        "1e1",
        "٣",
        "²",
        "18446744073709551616",
        "100000000000000000000",
    ],
)
def test_parse_decimal__other_text__is_refused(text: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_decimal(text, what="size")
    assert caught.value.what == "size"
