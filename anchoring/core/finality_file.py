"""The link of one anchor to a final block, in a file of its own (docs/formats/receipt.md).

A link belongs to an anchor and is the same for every entry under it, so a receipt that it would make too
long leaves it out. This file brings it back: ``join_finality`` puts it where the receipt would have it,
and it is verified there, as if the receipt had come with it.
"""

from dataclasses import dataclass, replace
from typing import Final

from anchoring.core.errors import VerificationError
from anchoring.core.finality import FinalityStatement
from anchoring.core.json_fields import read_object, write_object
from anchoring.core.receipt import (
    MAX_RECEIPT_BYTES,
    Receipt,
    ReceiptAnchor,
    format_finality,
    parse_finality,
)
from anchoring.core.types import HASH_BYTES, BlockHash, BlockNumber, ChainId

FINALITY_FORMAT: Final = "psephos-finality"
"""Name of the format; the field ``format`` adds a slash and the version."""

FINALITY_VERSION: Final = 1
"""Version written, and the only one read."""

MAX_FINALITY_BYTES: Final = MAX_RECEIPT_BYTES
"""Longest file, in bytes: what a receipt may carry, a file of its own may too."""


@dataclass(frozen=True, slots=True)
class AnchorFinality:
    """A finality statement and the block it is about; nothing of it is verified."""

    chain_id: ChainId
    """EIP-155 chain id of the anchor, 1 or more."""
    block_number: BlockNumber
    """Height of the anchor's block."""
    block_hash: BlockHash
    """Hash of the anchor's block, 32 bytes."""
    statement: FinalityStatement
    """The later block that a node called final, and its link to that one."""


def parse_finality_file(data: bytes) -> AnchorFinality:
    """Return what a finality file says; verifies nothing.

    Args:
        data: The file, at most ``MAX_FINALITY_BYTES``.

    Raises:
        MalformedError: Not the format: see docs/formats/receipt.md.
        UnsupportedError: Another version of it.
    """
    fields = read_object(data, what="finality", max_bytes=MAX_FINALITY_BYTES)
    fields.version(FINALITY_FORMAT, supported=FINALITY_VERSION)
    link = AnchorFinality(
        chain_id=ChainId(fields.integer("chainId", minimum=1)),
        block_number=BlockNumber(fields.integer("blockNumber")),
        block_hash=BlockHash(fields.hex("blockHash", length=HASH_BYTES)),
        statement=parse_finality(fields.object("finality")),
    )
    fields.end()
    return link


def format_finality_file(link: AnchorFinality) -> bytes:
    """Return the bytes of a finality file; ``parse_finality_file`` gives ``link`` back.

    Raises:
        MalformedError: A field is not fit for the format.
    """
    data = write_object(
        {
            "format": f"{FINALITY_FORMAT}/{FINALITY_VERSION}",
            "chainId": link.chain_id,
            "blockNumber": link.block_number,
            "blockHash": f"0x{link.block_hash.hex()}",
            "finality": format_finality(link.statement),
        }
    )
    # What parsing refuses is never written.
    parse_finality_file(data)
    return data


def join_finality(receipt: Receipt, link: AnchorFinality) -> Receipt:
    """Return the receipt with the statement in each anchor that the file is about; verifies no link.

    Args:
        receipt: The receipt; nothing of it is trusted.
        link: What a finality file says; nothing of it is trusted either.

    Raises:
        VerificationError: No anchor of the receipt is in that block of that chain, or one has another
            statement already, which this one must not hide; ``step`` is ``finality.anchor``.
    """
    if not any(_is_about(anchor, link) for anchor in receipt.anchors):
        raise VerificationError(
            "finality.anchor",
            expected=", ".join(map(_block_of, receipt.anchors)) or "an anchor",
            found=_block_of(link),
        )
    return replace(receipt, anchors=tuple(_joined(anchor, link) for anchor in receipt.anchors))


def _joined(anchor: ReceiptAnchor, link: AnchorFinality) -> ReceiptAnchor:
    if not _is_about(anchor, link):
        return anchor
    if anchor.finality is not None and anchor.finality != link.statement:
        raise VerificationError(
            "finality.anchor",
            expected=f"{_block_of(anchor)} without another statement",
            found=f"block {anchor.finality.block_number} 0x{anchor.finality.block_hash.hex()}",
        )
    return replace(anchor, finality=link.statement)


def _is_about(anchor: ReceiptAnchor, link: AnchorFinality) -> bool:
    return _place_of(anchor) == _place_of(link)


def _place_of(block: ReceiptAnchor | AnchorFinality) -> tuple[ChainId, BlockNumber, BlockHash]:
    return block.chain_id, block.block_number, block.block_hash


def _block_of(block: ReceiptAnchor | AnchorFinality) -> str:
    return f"chain {block.chain_id} block {block.block_number} 0x{block.block_hash.hex()}"
