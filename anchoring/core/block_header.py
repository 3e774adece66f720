"""Block headers, read from the bytes whose hash names the block.

Source: Ethereum Yellow Paper, section 4.4, https://ethereum.github.io/yellowpaper/paper.pdf; later forks
only append fields, so the positions below hold for all of them.
"""

from dataclasses import dataclass
from typing import Final

from eth_hash.auto import keccak

from anchoring.core.errors import MalformedError
from anchoring.core.merkle_patricia import as_bytes, as_integer, as_list, fail, require_equal
from anchoring.core.rlp import decode
from anchoring.core.types import BlockHash, BlockNumber

MAX_HEADER_BYTES: Final = 4_096
"""Longest header accepted, in bytes: Prague has about 654, side chains fill ``extraData``."""

MIN_HEADER_FIELDS: Final = 15
"""Fields of a header before London, the fewest of any fork."""

MAX_HEADER_FIELDS: Final = 32
"""Most header fields accepted: Prague has 21, later forks append."""

_PARENT: Final = 0
_STATE_ROOT: Final = 3
_TRANSACTIONS_ROOT: Final = 4
_RECEIPTS_ROOT: Final = 5
_NUMBER: Final = 8
_TIMESTAMP: Final = 11


@dataclass(frozen=True, slots=True)
class BlockHeader:
    """What proofs need of a header."""

    parent_hash: bytes
    """Hash of the block before, 32 bytes."""
    state_root: bytes
    """Root of the accounts after the block, 32 bytes."""
    transactions_root: bytes
    """Root of its transactions, 32 bytes."""
    receipts_root: bytes
    """Root of their receipts, 32 bytes."""
    number: BlockNumber
    """Height."""
    timestamp: int
    """Seconds since the Unix epoch."""


def check_header_bounds(what: str, header: bytes) -> None:
    """Check the length of a header, before anything is hashed.

    Raises:
        MalformedError: Empty, or longer than ``MAX_HEADER_BYTES``.
    """
    if not 1 <= len(header) <= MAX_HEADER_BYTES:
        raise MalformedError(f"{what} length", f"{len(header)} is not in 1..{MAX_HEADER_BYTES}")


def open_header(
    step: str, header: bytes, *, block_hash: BlockHash, number: BlockNumber
) -> BlockHeader:
    """Return the header of the block with that hash and height.

    Args:
        step: Name of the check, for errors.
        header: RLP of the header, exactly as the chain hashes it.
        block_hash: What it must hash to, 32 bytes.
        number: The height that it must carry.

    Raises:
        MalformedError: Not the canonical RLP of a header.
        VerificationError: It hashes to something else, or is of another height.
    """
    require_equal(step, expected=block_hash, found=keccak(header))
    fields = as_list(step, decode(header, what=step))
    if not MIN_HEADER_FIELDS <= len(fields) <= MAX_HEADER_FIELDS:
        raise MalformedError(
            step, f"{len(fields)} fields, not {MIN_HEADER_FIELDS}..{MAX_HEADER_FIELDS}"
        )
    found = as_integer(step, fields[_NUMBER])
    if found != number:
        fail(step, f"block {number}", f"block {found}")
    return BlockHeader(
        parent_hash=as_bytes(step, fields[_PARENT]),
        state_root=as_bytes(step, fields[_STATE_ROOT]),
        transactions_root=as_bytes(step, fields[_TRANSACTIONS_ROOT]),
        receipts_root=as_bytes(step, fields[_RECEIPTS_ROOT]),
        number=number,
        timestamp=as_integer(step, fields[_TIMESTAMP]),
    )
