"""Strict text forms of bytes and numbers, shared by the line-based formats of the ledger.

Each value has exactly one accepted text, so that parsing and formatting are inverse and no two
files that differ mean the same thing.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error

from anchoring.core.errors import MalformedError

MAX_DECIMAL = 2**64 - 1
"""Largest number written in these formats: they are uint64 (https://c2sp.org/tlog-checkpoint)."""

_MAX_DIGITS = 20
_DECIMAL = re.compile(r"0|[1-9][0-9]*")


def format_base64(data: bytes) -> str:
    """Return the standard padded base64 text of ``data`` (RFC 4648 section 4)."""
    return b64encode(data).decode("ascii")


def parse_base64(text: str, *, what: str) -> bytes:
    """Return the bytes of a standard padded base64 text (RFC 4648 section 4).

    Args:
        text: The text.
        what: Name of the field, for the error.

    Raises:
        MalformedError: The text is not the one that ``format_base64`` gives for its bytes: other
            alphabet, missing or extra padding, spaces, or bits set past the last byte.
    """
    try:
        data = b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, Base64Error) as error:
        raise MalformedError(what, "not standard base64") from error
    if format_base64(data) != text:
        raise MalformedError(what, "not the canonical base64 of its bytes")
    return data


def parse_decimal(text: str, *, what: str) -> int:
    """Return the number of a decimal text: ASCII digits, no sign, no leading zero.

    Args:
        text: The text.
        what: Name of the field, for the error.

    Returns:
        A number in ``0..2**64-1``; ``str`` gives the text back.

    Raises:
        MalformedError: The text is anything else.
    """
    if len(text) > _MAX_DIGITS or not _DECIMAL.fullmatch(text):
        raise MalformedError(what, "not a plain decimal number")
    number = int(text)
    if number > MAX_DECIMAL:
        raise MalformedError(what, "does not fit in 64 bits")
    return number
