"""A file of ballots as numbered lines, and refusals that name one of them.

L1  The file has 1 to ``MAX_FILE_BYTES`` bytes of UTF-8; a byte order mark before the first line is skipped,
    since spreadsheets write one.
L2  Lines end with LF or CRLF, and are counted from 1.
L3  No line has a control character other than a tabulation: a file in UTF-16 has many.
L4  Numbers are written in ASCII digits, without sign or leading zeros.
"""

import re

from backend.domain.errors import InvalidInputError

MAX_FILE_BYTES = 16 << 20
"""Longest file, in bytes: a million different ballots of a council election."""

MAX_BALLOTS = 10_000_000
"""Most ballots of one file: more than any association has, and every figure of a count stays short."""

Line = tuple[int, str]
"""Number of a line, from 1, and its text without its end."""

_BYTE_ORDER_MARK = "\ufeff"
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")
_INTEGER = re.compile(r"(0|[1-9][0-9]{0,8})\Z")
_EXCERPT = 60


def read_lines(content: bytes) -> list[Line]:
    """Return the lines of a file that are not empty (L1 to L3).

    Raises:
        InvalidInputError: ``recount.size``, ``recount.empty`` or ``recount.encoding``.
    """
    if len(content) > MAX_FILE_BYTES:
        raise InvalidInputError(
            "recount.size", expected=f"at most {MAX_FILE_BYTES} bytes", found=str(len(content))
        )
    try:
        text = content.decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidInputError(
            "recount.encoding", expected="UTF-8", found=f"{line}: {content[error.start]:#04x}"
        ) from error
    lines = []
    for number, raw in enumerate(text.split("\n"), start=1):
        written = raw.removesuffix("\r")
        if _CONTROL.search(written):
            raise at_line("recount.encoding", (number, ascii(written)), expected="plain text")
        if written.strip():
            lines.append((number, written.strip()))
    if not lines:
        raise InvalidInputError("recount.empty", expected="ballots", found="an empty file")
    return lines


def at_line(code: str, line: Line, *, expected: str) -> InvalidInputError:
    """Return the refusal of a line.

    Args:
        code: Stable machine name of the refusal.
        line: The line, or its number and the part of it that is wrong.
        expected: What would have been accepted.
    """
    number, text = line
    return InvalidInputError(code, expected=expected, found=f"{number}: {text[:_EXCERPT]}")


def integer(text: str) -> int | None:
    """Return a number of at most nine digits, or None where the text is none (L4)."""
    return int(text) if _INTEGER.match(text) else None


def ballot_count(text: str, line: Line) -> int:
    """Return how many ballots a line stands for.

    Raises:
        InvalidInputError: ``recount.count``.
    """
    count = integer(text)
    if count is None or not 1 <= count <= MAX_BALLOTS:
        raise at_line("recount.count", line, expected=f"1 to {MAX_BALLOTS} ballots")
    return count
