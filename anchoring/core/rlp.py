"""Recursive Length Prefix, decoded strictly: one accepted encoding per value.

Written here because evidence must be checked within the time a command takes to start, and the usual
library brings a validation framework with it; a test holds it to that library.
Source: Ethereum Yellow Paper, appendix B, https://ethereum.github.io/yellowpaper/paper.pdf
"""

from typing import Final, TypeAlias

from anchoring.core.errors import MalformedError

Item: TypeAlias = "bytes | list[Item]"
"""A decoded value: a string of bytes, or a list of items."""

MAX_NESTING: Final = 16
"""Deepest list of lists: headers, receipts, transactions and trie nodes have at most four."""

_SHORT: Final = 55
_STRING: Final = 0x80
_LIST: Final = 0xC0


def encode_integer(value: int) -> bytes:
    """Return the encoding of an integer of 0 or more, below 2**440."""
    content = value.to_bytes((value.bit_length() + 7) // 8, "big")
    if len(content) == 1 and content[0] < _STRING:
        return content
    return bytes([_STRING + len(content)]) + content


def decode(encoded: bytes, *, what: str) -> Item:
    """Return the one item that ``encoded`` is.

    Args:
        encoded: The whole encoding.
        what: Name of the thing, for the error.

    Raises:
        MalformedError: Cut short, longer than the item, not the shortest form, or nested too deep.
    """
    item, end = _item(encoded, 0, what, MAX_NESTING)
    if end != len(encoded):
        raise MalformedError(what, "bytes after the RLP item")
    return item


def _item(encoded: bytes, start: int, what: str, depth: int) -> tuple[Item, int]:
    if start >= len(encoded):
        raise MalformedError(what, "RLP cut short")
    prefix = encoded[start]
    if prefix < _STRING:
        return encoded[start : start + 1], start + 1
    kind = _STRING if prefix < _LIST else _LIST
    body, end = _bounds(encoded, start, prefix - kind, what)
    if kind == _STRING:
        content = encoded[body:end]
        if len(content) == 1 and content[0] < _STRING:
            raise MalformedError(what, "RLP of a byte that is its own encoding")
        return content, end
    if depth == 0:
        raise MalformedError(what, "RLP nested too deep")
    items: list[Item] = []
    while body < end:
        item, body = _item(encoded, body, what, depth - 1)
        items.append(item)
    if body != end:
        raise MalformedError(what, "RLP item beyond the end of its list")
    return items, end


def _bounds(encoded: bytes, start: int, tag: int, what: str) -> tuple[int, int]:
    """Return where the content begins and ends."""
    body, length = start + 1, tag
    if tag > _SHORT:
        body += tag - _SHORT
        digits = encoded[start + 1 : body]
        length = int.from_bytes(digits, "big")
        if len(digits) != tag - _SHORT or digits[0] == 0 or length <= _SHORT:
            raise MalformedError(what, "RLP length not in its shortest form")
    end = body + length
    if end > len(encoded):
        raise MalformedError(what, "RLP cut short")
    return body, end
