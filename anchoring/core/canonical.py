"""Canonical JSON (RFC 8785) for data without floats and nulls: one value, one sequence of bytes.

The restriction is what makes it simple: with ASCII keys, sorting by bytes equals the UTF-16 order
that the RFC asks for, and with integers below 2**53 only, no number needs its rules for floats.

Source: RFC 8785, https://www.rfc-editor.org/rfc/rfc8785.html
"""

from collections.abc import Mapping
from typing import TypeAlias

import orjson

from anchoring.core.errors import MalformedError

Json: TypeAlias = "Mapping[str, Json] | list[Json] | tuple[Json, ...] | str | int | bool"
"""A value that has a canonical form; at run time a mapping must be a ``dict``."""

MAX_DEPTH = 64
"""Deepest nesting of arrays and objects: far more than any act needs, far less than what exhausts
the stack of a reader."""

INTEGER_LIMIT = 2**53
"""Integers are strictly between minus this and this: beyond, readers that hold numbers as doubles
disagree (RFC 8785 section 3.2.2.3)."""


def canonical_json(value: Json) -> bytes:
    """Return the canonical bytes of ``value``, UTF-8.

    Raises:
        MalformedError: The value, or something in it, is not a dict with ASCII string keys, a list
            or tuple, a string of Unicode scalar values, an integer within INTEGER_LIMIT or a
            boolean (exactly these types, no subclass), or lies deeper than MAX_DEPTH. The reason
            names its JSON path, ``$`` being the whole.
    """
    return _encode(value, what="JSON value")


def parse_canonical(data: bytes, *, what: str) -> Json:
    """Return the value whose canonical form is exactly ``data``.

    Duplicate keys, unsorted keys, spaces, escapes that are not needed, floats and nulls are
    refused, because the value would be encoded otherwise.

    Args:
        data: The bytes, any length; callers bound it.
        what: Name of the thing parsed, for the error.

    Raises:
        MalformedError: ``data`` is not the canonical form of any value.
    """
    try:
        value: Json = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise MalformedError(what, f"not JSON: {error.msg}") from error
    if _encode(value, what=what) != data:
        raise MalformedError(what, "not in canonical form")
    return value


def _encode(value: Json, *, what: str) -> bytes:
    _check(value, what=what, path="$", depth=0)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _check(value: Json, *, what: str, path: str, depth: int) -> None:
    """Refuse whatever has no canonical form; exact types leave the encoder nothing to interpret."""
    kind = type(value)
    if kind is bool:
        return
    if isinstance(value, str) and kind is str:
        _check_string(value, what=what, path=path)
    elif isinstance(value, int) and kind is int:
        if abs(value) >= INTEGER_LIMIT:
            raise MalformedError(what, f"{path}: integer is not below 2**53 in size")
    elif isinstance(value, dict) and kind is dict:
        _check_depth(what=what, path=path, depth=depth)
        for key, member in value.items():
            if type(key) is not str or not key.isascii():
                raise MalformedError(what, f"{path}: key {key!r} is not an ASCII string")
            _check(member, what=what, path=f"{path}.{key}", depth=depth + 1)
    elif isinstance(value, list | tuple) and kind in (list, tuple):
        _check_depth(what=what, path=path, depth=depth)
        for position, item in enumerate(value):
            _check(item, what=what, path=f"{path}[{position}]", depth=depth + 1)
    else:
        raise MalformedError(what, f"{path}: {kind.__name__} has no canonical form")


def _check_string(value: str, *, what: str, path: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise MalformedError(what, f"{path}: string holds a lone surrogate") from error


def _check_depth(*, what: str, path: str, depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise MalformedError(what, f"{path}: nested deeper than {MAX_DEPTH}")
