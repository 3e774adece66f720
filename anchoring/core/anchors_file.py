"""The anchors of a ledger in one file: every anchored checkpoint with what proves it.

A bundle carries it as ``anchors.json`` (docs/formats/bundle.md); its anchors have the same form as in a
receipt. With the ledger's entries it shows that each anchored head is a head of this very ledger.
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

ANCHORS_FORMAT: Final = "psephos-anchors"
"""Name of the format; the field ``format`` adds a slash and the version."""

ANCHORS_VERSION: Final = 1
"""Version written, and the only one read."""

MAX_ANCHORS_BYTES: Final = 256 << 20
"""Longest file, in bytes: an anchor takes about 4 KiB, so 60,000 of them."""

MAX_ANCHORED_CHECKPOINTS: Final = 100_000
"""Most anchors of one file: one every five minutes for a year."""


@dataclass(frozen=True, slots=True)
class AnchoredCheckpoint:
    """One checkpoint and where it is said to be anchored; nothing of it is verified."""

    checkpoint: bytes
    """The signed note, UTF-8."""
    anchor: ReceiptAnchor
    """The anchor and its evidence."""


def parse_anchors(data: bytes) -> tuple[AnchoredCheckpoint, ...]:
    """Return what an anchors file says, in its order.

    Args:
        data: The file, at most ``MAX_ANCHORS_BYTES``.

    Raises:
        MalformedError: Not the format.
        UnsupportedError: Another version of it.
    """
    fields = read_object(data, what="anchors", max_bytes=MAX_ANCHORS_BYTES)
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
        items.append({"checkpoint": checkpoint, "anchor": format_anchor(anchored.anchor)})
    data = write_object({"format": f"{ANCHORS_FORMAT}/{ANCHORS_VERSION}", "anchors": items})
    # What parsing refuses is never written.
    parse_anchors(data)
    return data


def _parse_item(fields: Fields) -> AnchoredCheckpoint:
    anchored = AnchoredCheckpoint(
        checkpoint=fields.text("checkpoint", max_length=MAX_CHECKPOINT_LENGTH).encode("utf-8"),
        anchor=parse_anchor(fields.object("anchor")),
    )
    fields.end()
    return anchored
