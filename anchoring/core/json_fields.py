"""Strict reading of the JSON files this package defines: receipts and trust files.

JSON readers disagree about duplicate keys, about big or fractional numbers and about what follows
the value, and an attacker chooses the reader. So all of these are refused, as is every field the
format does not name.

Sources: RFC 8259, https://www.rfc-editor.org/rfc/rfc8259.html; most restrictions come from I-JSON,
RFC 7493, https://www.rfc-editor.org/rfc/rfc7493.html.
"""

import json
import re
from collections.abc import Iterator
from typing import Final, Never, TypeAlias

from anchoring.core.errors import MalformedError, UnsupportedError
from anchoring.core.text import parse_base64

MAX_INTEGER: Final = 2**53 - 1
"""Largest integer in these files: beyond, readers of doubles disagree (RFC 7493 section 2.2)."""

MAX_CONTAINERS: Final = 256
"""Most opening brackets and braces of one JSON text, in strings or not: a fixed bound on how deep it
nests, so that no text exhausts the stack of the reader. A full receipt has about 130."""

MAX_NESTING: Final = 16
"""Deepest nesting of a text that may hold more than ``MAX_CONTAINERS``: an anchors file has seven."""

# A string, closed or cut short, else one bracket or brace: what a reader of JSON meets in this order.
_TOKENS: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)
_VERSION: Final = re.compile(r"[1-9][0-9]{0,8}")
_HEX: Final = re.compile(r"0x([0-9a-f]{2})*")

_Value: TypeAlias = "dict[str, _Value] | list[_Value] | str | int | bool | None"


class Fields:
    """Fields of one JSON object, each read once; ``end`` refuses those that nobody read.

    Args:
        what: Name of the object, for errors ("receipt.anchors[0]").
        members: The object.
    """

    def __init__(self, what: str, members: "dict[str, _Value]") -> None:
        self._what = what
        self._members = dict(members)

    def version(self, name: str, *, supported: int) -> None:
        """Check the field ``format``: ``<name>/<version>``, before anything else is read.

        Raises:
            MalformedError: The field is missing or names another format.
            UnsupportedError: It is this format in another version.
        """
        text = self.text("format", max_length=64)
        prefix, _, version = text.rpartition("/")
        if prefix != name or not _VERSION.fullmatch(version):
            self._refuse("format", f"not {name}/<version>")
        if int(version) != supported:
            what = f"format {name}"
            raise UnsupportedError(what, text)

    def text(self, key: str, *, max_length: int) -> str:
        """Return a string of 1 to ``max_length`` Unicode scalar values.

        Raises:
            MalformedError: Missing, not a string, empty, too long, or with a lone surrogate.
        """
        value = self._take(key)
        if not isinstance(value, str):
            self._refuse(key, "not a string")
        return self._checked(key, value, max_length)

    def integer(self, key: str, *, minimum: int = 0, maximum: int = MAX_INTEGER) -> int:
        """Return an integer within bounds.

        Raises:
            MalformedError: Missing, not an integer, or out of bounds.
        """
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool):
            self._refuse(key, "not an integer")
        if not minimum <= value <= maximum:
            self._refuse(key, f"{value} is not in {minimum}..{maximum}")
        return value

    def hex(self, key: str, *, length: int) -> bytes:
        """Return ``length`` bytes written as ``0x`` and lowercase hexadecimal.

        Raises:
            MalformedError: Missing, of another length or spelling.
        """
        text = self.text(key, max_length=2 + 2 * length)
        if len(text) != 2 + 2 * length or not _HEX.fullmatch(text):
            self._refuse(key, f"not 0x and {2 * length} lowercase hexadecimal digits")
        return bytes.fromhex(text[2:])

    def base64(self, key: str, *, max_length: int) -> bytes:
        """Return 0 to ``max_length`` bytes written in standard padded base64.

        Raises:
            MalformedError: Missing, too long, or not the one base64 text of its bytes.
        """
        value = self._take(key)
        return self._decoded(key, value, max_length)

    def base64_list(self, key: str, *, max_items: int, max_length: int) -> tuple[bytes, ...]:
        """Return at most ``max_items`` values, each as ``base64`` reads it.

        Raises:
            MalformedError: Missing, not an array, too many, or an item ``base64`` refuses.
        """
        items = self._items(key, max_items)
        return tuple(self._decoded(f"{key}[{n}]", item, max_length) for n, item in enumerate(items))

    def object(self, key: str) -> "Fields":
        """Return the fields of a nested object.

        Raises:
            MalformedError: Missing or not an object.
        """
        return self._fields(key, self._take(key))

    def objects(self, key: str, *, max_items: int) -> "Iterator[Fields]":
        """Yield the fields of each object of an array of at most ``max_items``.

        Raises:
            MalformedError: Missing, not an array, too many, or an item that is no object.
        """
        for position, item in enumerate(self._items(key, max_items)):
            yield self._fields(f"{key}[{position}]", item)

    def __contains__(self, key: str) -> bool:
        return key in self._members

    def end(self) -> None:
        """Check that every field was read.

        Raises:
            MalformedError: A field is left that the format does not name.
        """
        for key in sorted(self._members):
            self._refuse(key[:64], "unknown field")

    def _take(self, key: str) -> "_Value":
        if key not in self._members:
            self._refuse(key, "missing")
        return self._members.pop(key)

    def _items(self, key: str, max_items: int) -> "list[_Value]":
        value = self._take(key)
        if not isinstance(value, list):
            self._refuse(key, "not an array")
        if len(value) > max_items:
            self._refuse(key, f"{len(value)} items, more than {max_items}")
        return value

    def _fields(self, key: str, value: "_Value") -> "Fields":
        if not isinstance(value, dict):
            self._refuse(key, "not an object")
        return Fields(f"{self._what}.{key}", value)

    def _decoded(self, key: str, value: "_Value", max_length: int) -> bytes:
        if not isinstance(value, str):
            self._refuse(key, "not a string")
        # Four characters carry three bytes: the text is bounded before it is decoded.
        if len(value) > (max_length + 2) // 3 * 4:
            self._refuse(key, f"more than {max_length} bytes")
        decoded = parse_base64(value, what=f"{self._what}.{key}")
        if len(decoded) > max_length:
            self._refuse(key, f"more than {max_length} bytes")
        return decoded

    def _checked(self, key: str, value: str, max_length: int) -> str:
        if not 1 <= len(value) <= max_length:
            self._refuse(key, f"{len(value)} characters, not 1..{max_length}")
        if any("\ud800" <= character <= "\udfff" for character in value):
            self._refuse(key, "lone surrogate")
        return value

    def _refuse(self, key: str, reason: str) -> Never:
        what = f"{self._what}.{key}"
        raise MalformedError(what, reason)


def read_object(
    data: bytes, *, what: str, max_bytes: int, max_containers: int = MAX_CONTAINERS
) -> Fields:
    """Return the fields of the one JSON object that ``data`` holds.

    Args:
        data: The file, UTF-8 without byte order mark.
        what: Name of the file, for errors.
        max_bytes: Longest file accepted.
        max_containers: Most opening brackets and braces accepted, in strings or not. Above
            ``MAX_CONTAINERS`` their nesting is bounded too, by ``MAX_NESTING``.

    Raises:
        MalformedError: Too long, not UTF-8, not one JSON object, more than ``max_containers``, nested
            too deep, a duplicate key or a number that has a sign, a fraction or an exponent.
    """
    if len(data) > max_bytes:
        raise MalformedError(what, f"{len(data)} bytes, more than {max_bytes}")
    containers = data.count(b"[") + data.count(b"{")
    if containers > max_containers:
        raise MalformedError(what, f"more than {max_containers} brackets and braces")
    if containers > MAX_CONTAINERS:
        _check_nesting(data, what=what)
    try:
        value = _load(data.decode("utf-8"), what=what)
    except UnicodeDecodeError as error:
        raise MalformedError(what, "not UTF-8") from error
    except json.JSONDecodeError as error:
        raise MalformedError(what, "not JSON") from error
    if not isinstance(value, dict):
        raise MalformedError(what, "not a JSON object")
    return Fields(what, value)


def write_object(members: object) -> bytes:
    """Return the bytes of a file: keys sorted, two spaces of indent, UTF-8, a newline at the end.

    Args:
        members: Dictionaries, lists, strings and integers only.
    """
    text = json.dumps(members, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    return (text + "\n").encode("utf-8")


def _check_nesting(data: bytes, *, what: str) -> None:
    depth = 0
    for token in _TOKENS.finditer(data):
        first = token[0][:1]
        if first in b"[{":
            depth += 1
        elif first in b"]}":
            depth -= 1
        if depth > MAX_NESTING:
            raise MalformedError(what, f"nested deeper than {MAX_NESTING}")


def _load(text: str, *, what: str) -> "_Value":
    def refuse_number(number: str) -> Never:
        raise MalformedError(what, f"{number[:32]} is not a plain integer")

    def plain_integer(number: str) -> int:
        if number.startswith("-") or len(number) > len(str(MAX_INTEGER)):
            refuse_number(number)
        return int(number)

    def distinct(pairs: "list[tuple[str, _Value]]") -> "dict[str, _Value]":
        members = dict(pairs)
        if len(members) != len(pairs):
            raise MalformedError(what, "duplicate key")
        return members

    value: _Value = json.loads(
        text,
        object_pairs_hook=distinct,
        parse_int=plain_integer,
        parse_float=refuse_number,
        parse_constant=refuse_number,
    )
    return value
