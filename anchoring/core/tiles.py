"""Static files of a ledger (C2SP tlog-tiles): hash tiles and entry bundles, and where they lie.

A tile of level ``l`` holds up to 256 hashes: hash ``i`` of tile ``n`` is the perfect node
``(8 * l, 256 * n + i)``. An entry bundle holds up to 256 entries. A full file never changes; a
partial one is named after its width, so it never changes either.

Source: https://c2sp.org/tlog-tiles
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from anchoring.core.errors import MalformedError
from anchoring.core.merkle import NodeReader
from anchoring.core.types import MAX_ENTRY_BYTES, TreeSize

TILE_WIDTH = 256
"""Hashes of a full tile, and entries of a full bundle."""

TILE_HEIGHT = 8
"""Tree levels between a tile level and the next: 2**8 = TILE_WIDTH."""

MAX_TILE_LEVEL = 63
"""Highest tile level that a path may name."""

MAX_TILE_INDEX = 2**56 - 1
"""Highest tile index: a ledger below 2**64 entries has no more tiles of 256."""

CHECKPOINT_PATH = "checkpoint"
"""Path of the latest checkpoint, beside the folder ``tile``."""

LENGTH_PREFIX_BYTES = 2
"""Bytes of the big-endian length before each entry of a bundle."""

MAX_BUNDLE_BYTES = TILE_WIDTH * (LENGTH_PREFIX_BYTES + MAX_ENTRY_BYTES)
"""Longest entry bundle, in bytes."""

_MAX_PATH_LENGTH = 64
_TILE_PATH = re.compile(r"tile/([0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?")
_ENTRIES_PATH = re.compile(r"tile/entries/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?")

_NO_ENTRIES = TreeSize(0)


class TileAddress(NamedTuple):
    """Place and width of a hash tile, in the order of the arguments of tile_path."""

    level: int
    """Tile level, 0..63; 0 holds leaf hashes."""
    position: int
    """Index among the tiles of the level, from 0."""
    width: int
    """Number of hashes, 1..256; fewer than 256 for a partial tile."""


class BundleAddress(NamedTuple):
    """Place and width of an entry bundle, in the order of the arguments of entries_path."""

    position: int
    """Index of the bundle, from 0."""
    width: int
    """Number of entries, 1..256; fewer than 256 for a partial bundle."""


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Return the path of a hash tile, relative to the folder of the ledger.

    Raises:
        MalformedError: ``level`` is outside 0..63, ``index`` outside 0..2**56-1 or ``width``
            outside 1..256.
    """
    if not 0 <= level <= MAX_TILE_LEVEL:
        raise MalformedError("tile level", f"{level} is outside 0..{MAX_TILE_LEVEL}")
    return f"tile/{level}/{_format_place(index, width)}"


def entries_path(index: int, width: int = TILE_WIDTH) -> str:
    """Return the path of an entry bundle, relative to the folder of the ledger.

    Raises:
        MalformedError: ``index`` is outside 0..2**56-1 or ``width`` outside 1..256.
    """
    return f"tile/entries/{_format_place(index, width)}"


def parse_tile_path(path: str) -> TileAddress:
    """Read the path of a hash tile; ``tile_path(*address)`` gives it back.

    Raises:
        MalformedError: ``path`` is not one that tile_path gives.
    """
    match = _TILE_PATH.fullmatch(path) if len(path) <= _MAX_PATH_LENGTH else None
    if match is None:
        raise MalformedError("tile path", "not of the form tile/<level>/<index>[.p/<width>]")
    address = TileAddress(int(match[1]), *_parse_place(match[2], match[3]))
    if tile_path(*address) != path:
        raise MalformedError("tile path", "not the shortest form of its numbers")
    return address


def parse_entries_path(path: str) -> BundleAddress:
    """Read the path of an entry bundle; ``entries_path(*address)`` gives it back.

    Raises:
        MalformedError: ``path`` is not one that entries_path gives.
    """
    match = _ENTRIES_PATH.fullmatch(path) if len(path) <= _MAX_PATH_LENGTH else None
    if match is None:
        raise MalformedError("entries path", "not of the form tile/entries/<index>[.p/<width>]")
    address = BundleAddress(*_parse_place(match[1], match[2]))
    if entries_path(*address) != path:
        raise MalformedError("entries path", "not the shortest form of its numbers")
    return address


def format_entry_bundle(entries: Sequence[bytes]) -> bytes:
    """Return the bundle of 1 to 256 entries: for each its length as big-endian uint16, its bytes.

    Raises:
        MalformedError: No entry, more than 256, or one longer than 65,535 bytes.
    """
    _check_width(len(entries))
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise MalformedError("entry", f"{len(entry)} bytes, more than {MAX_ENTRY_BYTES}")
        parts += (len(entry).to_bytes(LENGTH_PREFIX_BYTES), entry)
    return b"".join(parts)


def parse_entry_bundle(data: bytes, *, width: int) -> tuple[bytes, ...]:
    """Return the entries of a bundle, in ledger order.

    Args:
        data: The whole bundle.
        width: Number of entries it must hold, 1..256.

    Raises:
        MalformedError: ``width`` is out of bounds, the data ends within an entry, or goes on after
            the last one.
    """
    _check_width(width)
    entries: list[bytes] = []
    position = 0
    for _ in range(width):
        start = position + LENGTH_PREFIX_BYTES
        end = start + int.from_bytes(data[position:start])
        if start > len(data) or end > len(data):
            raise MalformedError("entry bundle", f"ends within entry {len(entries)} of {width}")
        entries.append(data[start:end])
        position = end
    if position != len(data):
        raise MalformedError("entry bundle", f"{len(data) - position} bytes after entry {width}")
    return tuple(entries)


def tile_addresses(size: TreeSize, *, since: TreeSize = _NO_ENTRIES) -> Iterator[TileAddress]:
    """Yield the hash tiles of a ledger of ``size`` entries, level by level, partial tile last.

    Args:
        size: Number of entries.
        since: Size at which the tiles were last written, at most ``size``; only those are given
            that were not there then. With 0, all of them.
    """
    level = 0
    while size >> (TILE_HEIGHT * level):
        shift = TILE_HEIGHT * level
        for index, width in bundle_addresses(
            TreeSize(size >> shift), since=TreeSize(since >> shift)
        ):
            yield TileAddress(level, index, width)
        level += 1


def bundle_addresses(size: TreeSize, *, since: TreeSize = _NO_ENTRIES) -> Iterator[BundleAddress]:
    """Yield the entry bundles of a ledger of ``size`` entries, in order, partial bundle last.

    Args:
        size: Number of entries.
        since: As for tile_addresses.
    """
    if size == since:
        return
    full, rest = divmod(size, TILE_WIDTH)
    for index in range(since // TILE_WIDTH, full):
        yield BundleAddress(index, TILE_WIDTH)
    if rest:
        yield BundleAddress(full, rest)


def format_tile(address: TileAddress, node: NodeReader) -> bytes:
    """Return the hashes of one tile, 32 bytes each, in order."""
    first = address.position * TILE_WIDTH
    level = address.level * TILE_HEIGHT
    return b"".join(node(level, first + i) for i in range(address.width))


def tile_files(
    size: TreeSize, node: NodeReader, *, since: TreeSize = _NO_ENTRIES
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every hash tile of a ledger of ``size`` entries, full and partial.

    Args:
        size: Number of entries.
        node: Reader of the perfect nodes of at least ``size`` leaves.
        since: As for tile_addresses.
    """
    for address in tile_addresses(size, since=since):
        yield tile_path(*address), format_tile(address, node)


def entry_files(
    entries: Sequence[bytes], *, since: TreeSize = _NO_ENTRIES
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every entry bundle of the ``entries``, full and partial.

    Args:
        entries: All entries of the ledger, in order.
        since: As for tile_addresses.

    Raises:
        MalformedError: An entry is longer than 65,535 bytes.
    """
    for address in bundle_addresses(TreeSize(len(entries)), since=since):
        first = address.position * TILE_WIDTH
        bundle = entries[first : first + address.width]
        yield entries_path(*address), format_entry_bundle(bundle)


def _format_place(index: int, width: int) -> str:
    if not 0 <= index <= MAX_TILE_INDEX:
        raise MalformedError("tile index", f"{index} is outside 0..2**56-1")
    _check_width(width)
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03d}")
    place = "/".join(reversed(groups))
    return place if width == TILE_WIDTH else f"{place}.p/{width}"


def _parse_place(index: str, width: str | None) -> tuple[int, int]:
    number = int(index.replace("/", "").replace("x", ""))
    return number, TILE_WIDTH if width is None else int(width)


def _check_width(width: int) -> None:
    if not 1 <= width <= TILE_WIDTH:
        raise MalformedError("tile width", f"{width} is outside 1..{TILE_WIDTH}")
