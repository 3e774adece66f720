"""Files of the log as tlog-tiles serves them, made from committed entries and nodes.

Source: https://c2sp.org/tlog-tiles
"""

from anchoring.core.errors import MalformedError
from anchoring.core.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    format_entry_bundle,
    format_tile,
    parse_entries_path,
    parse_tile_path,
)
from backend.domain.acts import Slug
from backend.domain.errors import NotFoundError
from backend.services.receipts import signed_size
from backend.services.views import Reads

_ENTRIES = "tile/entries/"


def log_file(reads: Reads, slug: Slug, path: str) -> bytes:
    """Return a hash tile or an entry bundle that the latest signed checkpoint covers.

    Args:
        reads: Committed facts.
        slug: The organisation.
        path: Path of the file relative to the ledger, ``tile/…``.

    Raises:
        NotFoundError: No such organisation or file, or it has no signed checkpoint yet.
    """
    size = signed_size(reads.checkpoint(slug))
    try:
        return (
            _bundle(reads, slug, path, size)
            if path.startswith(_ENTRIES)
            else _tile(reads, slug, path, size)
        )
    except MalformedError as error:
        raise NotFoundError("tile", path) from error


def _bundle(reads: Reads, slug: Slug, path: str, size: int) -> bytes:
    address = parse_entries_path(path)
    first = address.position * TILE_WIDTH
    if first + address.width > size:
        raise NotFoundError("tile", path)
    views = reads.entries(slug, first, address.width)
    return format_entry_bundle([view.content for view in views])


def _tile(reads: Reads, slug: Slug, path: str, size: int) -> bytes:
    address = parse_tile_path(path)
    hashes = size >> (TILE_HEIGHT * address.level)
    if address.position * TILE_WIDTH + address.width > hashes:
        raise NotFoundError("tile", path)
    return format_tile(address, reads.node(slug))
