"""The anchors of a ledger in one file: every anchored checkpoint with what proves it.

A bundle carries it as ``anchors.json`` (docs/formats/bundle.md); its anchors have the same form as in a
receipt. Each head but the first has a proof that it extends the one before, so that the file alone shows
that nothing was removed or changed between anchors.
"""

from dataclasses import dataclass
from typing import Final

from anchoring.core.errors import MalformedError
from anchoring.core.json_fields import Fields, read_object, write_object
from anchoring.core.receipt import (
    MAX_CHECKPOINT_LENGTH,
    ReceiptAnchor,
    format_anchor,
    parse_anchor,
)
from anchoring.core.text import format_base64
from anchoring.core.types import HASH_BYTES

ANCHORS_FORMAT: Final = "psephos-anchors"
"""Name of the format; the field ``format`` adds a slash and the version."""

ANCHORS_VERSION: Final = 1
"""Version written, and the only one read."""

MAX_ANCHORS_BYTES: Final = 256 << 20
"""Longest file, in bytes: an anchor takes about 4 KiB, so 60,000 of them."""

MAX_ANCHORED_CHECKPOINTS: Final = 100_000
"""Most anchors of one file: one every five minutes for a year."""

MAX_CONSISTENCY_HASHES: Final = 65
"""Most hashes of a consistency proof: the depth of a tree of 2**64 leaves, and the old head's node."""

_CONTAINERS_OF_ITEM: Final = 10
"""Brackets and braces of one item at most: itself, its proof, its anchor, evidence and finality."""

_CONTAINERS_OF_FILE: Final = 16
"""Those around the items, and some in the texts of checkpoints."""


@dataclass(frozen=True, slots=True)
class AnchoredCheckpoint:
    """One checkpoint and where it is said to be anchored; nothing of it is verified."""

    checkpoint: bytes
    """The signed note, UTF-8."""
    anchor: ReceiptAnchor
    """The anchor and its evidence."""
    consistency: tuple[bytes, ...] | None = None
    """Proof that the checkpoint's tree extends that of the item before, hashes of 32 bytes in the order of
    RFC 9162 section 2.1.4.1; None for the first item."""


def parse_anchors(data: bytes) -> tuple[AnchoredCheckpoint, ...]:
    """Return what an anchors file says, in its order.

    Args:
        data: The file, at most ``MAX_ANCHORS_BYTES``.

    Raises:
        MalformedError: Not the format.
        UnsupportedError: Another version of it.
    """
    fields = read_object(
        data,
        what="anchors",
        max_bytes=MAX_ANCHORS_BYTES,
        max_containers=_CONTAINERS_OF_FILE + _CONTAINERS_OF_ITEM * MAX_ANCHORED_CHECKPOINTS,
    )
    fields.version(ANCHORS_FORMAT, supported=ANCHORS_VERSION)
    anchors = tuple(
        _parse_item(item) for item in fields.objects("anchors", max_items=MAX_ANCHORED_CHECKPOINTS)
    )
    fields.end()
    return anchors


def format_anchors(anchors: tuple[AnchoredCheckpoint, ...]) -> bytes:
    """Return the bytes of an anchors file; ``parse_anchors`` gives ``anchors`` back.

    Raises:
        MalformedError: A field is not fit for the format.
    """
    items = []
    for anchored in anchors:
        try:
            checkpoint = anchored.checkpoint.decode("utf-8")
        except UnicodeDecodeError as error:
            raise MalformedError("anchors.checkpoint", "not UTF-8") from error
        item: dict[str, object] = {
            "checkpoint": checkpoint,
            "anchor": format_anchor(anchored.anchor),
        }
        if anchored.consistency is not None:
            item["consistency"] = [format_base64(each) for each in anchored.consistency]
        items.append(item)
    data = write_object({"format": f"{ANCHORS_FORMAT}/{ANCHORS_VERSION}", "anchors": items})
    # What parsing refuses is never written.
    parse_anchors(data)
    return data


def _parse_item(fields: Fields) -> AnchoredCheckpoint:
    anchored = AnchoredCheckpoint(
        checkpoint=fields.text("checkpoint", max_length=MAX_CHECKPOINT_LENGTH).encode("utf-8"),
        anchor=parse_anchor(fields.object("anchor")),
        consistency=_parse_consistency(fields) if "consistency" in fields else None,
    )
    fields.end()
    return anchored


def _parse_consistency(fields: Fields) -> tuple[bytes, ...]:
    hashes = fields.base64_list(
        "consistency", max_items=MAX_CONSISTENCY_HASHES, max_length=HASH_BYTES
    )
    if any(len(each) != HASH_BYTES for each in hashes):
        raise MalformedError("anchors.consistency", f"a hash is not {HASH_BYTES} bytes")
    return hashes
