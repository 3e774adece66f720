"""Perfect nodes of a ledger read from its static hash tiles, so that a proof needs no entry and no database.

The files are trusted as a database is: whoever needs more verifies the proof that comes out.

Source: https://c2sp.org/tlog-tiles
"""

from pathlib import Path

from anchoring.core.errors import MalformedError, UnavailableError
from anchoring.core.merkle import MAX_TREE_SIZE, node_hash
from anchoring.core.tiles import TILE_HEIGHT, TILE_WIDTH, tile_path
from anchoring.core.types import HASH_BYTES, TreeSize


class TileNodes:
    """Reader of the perfect nodes of a ledger of one size, see ``anchoring.core.merkle.NodeReader``.

    The last tile of each level is kept, at most 8 KiB each, because a proof asks for its
    neighbours next. Not for use by several threads at once.

    Args:
        directory: Folder of the ledger, as ``log_directory.write_log`` makes it.
        size: Size of a published checkpoint: its partial tiles are read, or the full ones that
            took their place.

    Raises:
        MalformedError: ``size`` is negative or not below 2**64.
    """

    def __init__(self, directory: Path, size: TreeSize) -> None:
        if not 0 <= size < MAX_TREE_SIZE:
            raise MalformedError("tree size", f"{size} is outside 0..2**64-1")
        self._directory = directory
        self._size = size
        self._kept: dict[int, tuple[int, bytes]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """Return the hash of the perfect node at ``(level, index)``, 32 bytes.

        Raises:
            MalformedError: The ledger has no such node at this size, or a tile has another length
                than its place demands.
            UnavailableError: A tile is missing or cannot be read.
        """
        if level < 0 or not 0 <= index < self._size >> level:
            raise MalformedError(
                "tree node", f"level {level} index {index} is outside {self._size} leaves"
            )
        tile_level, height = divmod(level, TILE_HEIGHT)
        position, first = divmod(index << height, TILE_WIDTH)
        tile = self._tile(tile_level, position)
        start = first * HASH_BYTES
        return _fold(tile[start : start + (HASH_BYTES << height)])

    def _tile(self, level: int, position: int) -> bytes:
        kept = self._kept.get(level)
        if kept is None or kept[0] != position:
            kept = position, self._read(level, position)
            self._kept[level] = kept
        return kept[1]

    def _read(self, level: int, position: int) -> bytes:
        hashes = self._size >> (TILE_HEIGHT * level)
        width = min(TILE_WIDTH, hashes - position * TILE_WIDTH)
        try:
            return self._content(tile_path(level, position, width), width)
        except FileNotFoundError as error:
            # A ledger may delete a partial tile once it has the full one.
            if width == TILE_WIDTH:
                raise _unavailable(error) from error
        try:
            return self._content(tile_path(level, position), TILE_WIDTH)
        except FileNotFoundError as error:
            raise _unavailable(error) from error

    def _content(self, path: str, width: int) -> bytes:
        length = width * HASH_BYTES
        try:
            with (self._directory / path).open("rb", buffering=0) as file:
                # One byte more than there may be tells a file that is too long.
                content = file.read(length + 1)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _unavailable(error) from error
        if len(content) != length:
            raise MalformedError(path, f"not the {length} bytes of {width} hashes")
        return content


def _fold(hashes: bytes) -> bytes:
    """Root of the perfect tree over a power of two of hashes, given end to end."""
    while len(hashes) > HASH_BYTES:
        hashes = b"".join(
            node_hash(hashes[at : at + HASH_BYTES], hashes[at + HASH_BYTES : at + 2 * HASH_BYTES])
            for at in range(0, len(hashes), 2 * HASH_BYTES)
        )
    return hashes


def _unavailable(error: OSError) -> UnavailableError:
    return UnavailableError(str(error.filename), error.strerror or str(error))
