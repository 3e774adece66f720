"""Finality statements: what ties the block of an anchor to a later block that was final.

A node called a block final and gave its hash; the statement shows, with hashes only, that this block
descends from the anchor's. Whoever believes the finalized block's hash then needs no other. That the
block is final is the node's word, and stays the thing to compare: a header does not carry it.

F1. The finalized block is not below the anchor's block.
F2. A header chain holds every header after the anchor's up to the finalized one: each carries the next
    number and names the one before as its parent, the last has the finalized hash. It is empty when the
    anchor's block is itself the finalized one.
F3. A history proof holds the finalized header and shows, under its state root, the hash that the history
    contract stored for the anchor's number: at most 8,191 blocks back (EIP-2935,
    https://eips.ethereum.org/EIPS/eip-2935). Keys of the state are Keccak-256 of the address and of the
    slot (Yellow Paper, 4.1, https://ethereum.github.io/yellowpaper/paper.pdf).
F4. Nothing is left over: a byte that no check reads makes the statement invalid.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

from eth_hash.auto import keccak

from anchoring.core.block_header import check_header_bounds, open_header
from anchoring.core.errors import MalformedError
from anchoring.core.merkle_patricia import (
    as_bytes,
    as_integer,
    as_list,
    check_proof_bounds,
    fail,
    prove_value,
    require_equal,
)
from anchoring.core.rlp import decode
from anchoring.core.types import HASH_BYTES, BlockHash, BlockNumber

MAX_LINK_HEADERS: Final = 64
"""Most headers of a header chain: two epochs of 32 slots, about 42 kB."""

MAX_STATE_PROOF_NODES: Final = 16
"""Most nodes of a proof in the state: keys are hashes, so a deeper path takes 2**64 tries to make."""

HISTORY_CONTRACT: Final = bytes.fromhex("0000f90827f1c53a10cb7a02335b175320002935")
"""Address of the history contract. Its deployment is a transaction whose sender nobody has a key of, so
no other code can live there (EIP-2935, "Deployment")."""

HISTORY_WINDOW: Final = 8_191
"""Blocks whose hashes the contract keeps: ``HISTORY_SERVE_WINDOW`` of EIP-2935."""

_ACCOUNT_ITEMS: Final = 4
_STORAGE_ROOT: Final = 2


@dataclass(frozen=True, slots=True)
class HeaderChain:
    """Every header from the one after the anchor's block to the finalized one."""

    headers: tuple[bytes, ...]
    """RLP of each header, ascending, 0 to ``MAX_LINK_HEADERS`` of them."""


@dataclass(frozen=True, slots=True)
class HistoryProof:
    """The hash of the anchor's block, in the state of the finalized one."""

    header: bytes
    """RLP of the finalized header."""
    account_proof: tuple[bytes, ...]
    """Trie nodes from the state root to the history contract."""
    storage_proof: tuple[bytes, ...]
    """Trie nodes from the contract's storage root to the slot of the anchor's number."""


FinalityLink: TypeAlias = HeaderChain | HistoryProof
"""What ties the anchor's block to the finalized one."""


@dataclass(frozen=True, slots=True)
class FinalityStatement:
    """A block that a node called final, and its link to an anchor's block."""

    block_number: BlockNumber
    """Height of the finalized block."""
    block_hash: BlockHash
    """Its hash, 32 bytes: what everything may rest on instead of the anchor's block."""
    link: FinalityLink
    """What shows that it descends from the anchor's block."""


def verify_finality(
    statement: FinalityStatement, *, anchor_number: BlockNumber, anchor_hash: BlockHash
) -> None:
    """Check that the finalized block descends from the anchor's, or is it; see rules F1 to F4.

    Args:
        statement: What the file says; its block hash is taken as true, all else is checked.
        anchor_number: Height of the anchor's block.
        anchor_hash: Hash of the anchor's block, 32 bytes.

    Raises:
        MalformedError: A length or count is out of bounds, or bytes are not canonical RLP.
        VerificationError: A check fails; ``step`` is ``finality.block``, ``finality.headers`` or
            ``finality.history``.
    """
    for what, value in (("block_hash", statement.block_hash), ("anchor_hash", anchor_hash)):
        if len(value) != HASH_BYTES:
            raise MalformedError(f"finality.{what}", f"has {len(value)} bytes, not {HASH_BYTES}")
    distance = statement.block_number - anchor_number
    if distance < 0:
        fail("finality.block", f"block {anchor_number} or later", f"block {statement.block_number}")
    if isinstance(statement.link, HeaderChain):
        _check_headers(statement, statement.link.headers, anchor_number, anchor_hash)
    else:
        _check_history(statement, statement.link, anchor_number, anchor_hash)


def history_slot(number: BlockNumber) -> bytes:
    """Return the storage slot of a block's hash in the history contract, 32 bytes (EIP-2935)."""
    return (number % HISTORY_WINDOW).to_bytes(HASH_BYTES, "big")


def _check_headers(
    statement: FinalityStatement,
    headers: tuple[bytes, ...],
    anchor_number: BlockNumber,
    anchor_hash: BlockHash,
) -> None:
    step = "finality.headers"
    if len(headers) > MAX_LINK_HEADERS:
        raise MalformedError(step, f"{len(headers)} headers, more than {MAX_LINK_HEADERS}")
    for header in headers:
        check_header_bounds(step, header)
    if len(headers) != statement.block_number - anchor_number:
        fail(step, f"{statement.block_number - anchor_number} headers", f"{len(headers)}")
    # From the believed hash backwards: so each header is hashed before it is read.
    wanted = statement.block_hash
    for number, header in zip(
        range(statement.block_number, anchor_number, -1), reversed(headers), strict=True
    ):
        opened = open_header(step, header, block_hash=wanted, number=BlockNumber(number))
        wanted = BlockHash(opened.parent_hash)
    require_equal(step, expected=anchor_hash, found=wanted)


def _check_history(
    statement: FinalityStatement,
    proof: HistoryProof,
    anchor_number: BlockNumber,
    anchor_hash: BlockHash,
) -> None:
    step = "finality.history"
    check_header_bounds(step, proof.header)
    for what, nodes in (
        ("finality.account_proof", proof.account_proof),
        ("finality.storage_proof", proof.storage_proof),
    ):
        check_proof_bounds(what, nodes, max_nodes=MAX_STATE_PROOF_NODES)
    if not 1 <= statement.block_number - anchor_number <= HISTORY_WINDOW:
        fail(
            step,
            f"a block 1 to {HISTORY_WINDOW} above {anchor_number}",
            f"block {statement.block_number}",
        )
    header = open_header(
        step, proof.header, block_hash=statement.block_hash, number=statement.block_number
    )
    encoded = prove_value(
        step, root=header.state_root, key=keccak(HISTORY_CONTRACT), proof=proof.account_proof
    )
    account = as_list(step, decode(encoded, what=step))
    if len(account) != _ACCOUNT_ITEMS:
        raise MalformedError(step, f"account of {len(account)} items, not {_ACCOUNT_ITEMS}")
    stored = prove_value(
        step,
        root=as_bytes(step, account[_STORAGE_ROOT]),
        key=keccak(history_slot(anchor_number)),
        proof=proof.storage_proof,
    )
    value = as_integer(step, decode(stored, what=step))
    if value.bit_length() > 8 * HASH_BYTES:
        raise MalformedError(step, f"a stored value of more than {HASH_BYTES} bytes")
    require_equal(step, expected=anchor_hash, found=value.to_bytes(HASH_BYTES, "big"))
