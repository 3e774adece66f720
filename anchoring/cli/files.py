"""Reads the files that ``psephos-verify`` is given."""

from pathlib import Path

from anchoring.core.errors import MalformedError


def read_file(file: Path, limit: int) -> bytes:
    """Return the content of a file, or one byte more than ``limit``: enough for a parser to refuse it.

    Args:
        file: Its path.
        limit: Longest content that the format admits, in bytes.

    Raises:
        MalformedError: It cannot be read.
    """
    try:
        with file.open("rb") as stream:
            return stream.read(limit + 1)
    except OSError as error:
        raise MalformedError("file", error.strerror or str(error)) from error
