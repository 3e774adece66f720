"""Canonical JSON: known forms, and each way of not being one."""

from enum import IntEnum
from typing import NamedTuple, cast

import pytest

from anchoring.core.canonical import (
    INTEGER_LIMIT,
    MAX_DEPTH,
    Json,
    canonical_json,
    parse_canonical,
)
from anchoring.core.errors import MalformedError


class Pair(NamedTuple):
    left: int
    right: int


class Colour(IntEnum):
    RED = 1


def nested(depth: int) -> Json:
    value: Json = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, b"{}"),
        ([], b"[]"),
        ((), b"[]"),
        ("", b'""'),
        (True, b"true"),
        (False, b"false"),
        (0, b"0"),
        (-7, b"-7"),
        (INTEGER_LIMIT - 1, b"9007199254740991"),
        (1 - INTEGER_LIMIT, b"-9007199254740991"),
        ({"b": 1, "a": 2, "B": 3, "": 4}, b'{"":4,"B":3,"a":2,"b":1}'),
        ({"a": [1, (2, {"z": "y"})]}, b'{"a":[1,[2,{"z":"y"}]]}'),
        # RFC 8785 section 3.2.2.2: short escapes where JSON has one, lower-case hex otherwise.
        (
            "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\u002f",
            '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode(),
        ),
        ("\b\t\n\f\r\x00\x1f\x7f", b'"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f"'),
        ("\u2028\U0001f600é", '"\u2028\U0001f600é"'.encode()),
    ],
)
def test_canonical_json__known_value__gives_known_bytes_and_parses_back(
    value: Json, expected: bytes
) -> None:
    assert canonical_json(value) == expected
    assert canonical_json(parse_canonical(expected, what="value")) == expected


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "$: NoneType has no canonical form"),
        (1.0, "$: float has no canonical form"),
        (b"", "$: bytes has no canonical form"),
        ({"a": [True, None]}, "$.a[1]: NoneType has no canonical form"),
        ({"data": {"x": (0, 0, 0.5)}}, "$.data.x[2]: float has no canonical form"),
        ({"n": INTEGER_LIMIT}, "$.n: integer is not below 2**53 in size"),
        (-INTEGER_LIMIT, "$: integer is not below 2**53 in size"),
        ({"é": 1}, "$: key 'é' is not an ASCII string"),
        ({1: 1}, "$: key 1 is not an ASCII string"),
        (["\ud800"], "$[0]: string holds a lone surrogate"),
        (Pair(1, 2), "$: Pair has no canonical form"),
        (Colour.RED, "$: Colour has no canonical form"),
        ({1, 2}, "$: set has no canonical form"),
    ],
)
def test_canonical_json__value_without_canonical_form__names_its_path(
    value: object, reason: str
) -> None:
    with pytest.raises(MalformedError) as caught:
        canonical_json(cast("Json", value))
    assert (caught.value.what, caught.value.reason) == ("JSON value", reason)


def test_canonical_json__deepest_nesting__is_accepted_and_one_more_refused() -> None:
    expected = b"[" * MAX_DEPTH + b"1" + b"]" * MAX_DEPTH
    assert canonical_json(nested(MAX_DEPTH)) == expected
    assert parse_canonical(expected, what="value") == nested(MAX_DEPTH)
    with pytest.raises(MalformedError, match="nested deeper than 64"):
        canonical_json(nested(MAX_DEPTH + 1))
    with pytest.raises(MalformedError, match="nested deeper than 64"):
        canonical_json({"a": nested(MAX_DEPTH)})
    with pytest.raises(MalformedError, match="nested deeper than 64"):
        parse_canonical(b"[" + expected + b"]", what="value")


def test_canonical_json__value_that_holds_itself__is_refused() -> None:
    loop: list[Json] = []
    loop.append(loop)
    with pytest.raises(MalformedError, match="nested deeper"):
        canonical_json(loop)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" 1",
        b"1 ",
        b"1\n",
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":2,"a":1}',
        b"-0",
        b"01",
        b"+1",
        b"1.0",
        b"1e2",
        b"NaN",
        b"null",
        b'{"a":null}',
        b"9007199254740992",
        b"18446744073709551616",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u000A"',
        b'"\\u000F"',
        b'"\\ud800"',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b"\xef\xbb\xbf1",
        b"'a'",
        b"[1,]",
        b"{}{}",
        b'{"\xc3\xa9":1}',
        b"[" * 5000,
    ],
)
def test_parse_canonical__bytes_not_canonical__are_refused_in_the_callers_name(data: bytes) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_canonical(data, what="entry")
    assert caught.value.what == "entry"
