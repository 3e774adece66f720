"""Merkle-Patricia proofs, walked strictly from the root to one leaf.

Every node must be the one its parent names by hash, the path must be that of the key, and the proof
must end at the leaf with nothing left over. Nodes that a parent would embed (shorter than 32 bytes)
and values held by a branch are refused: the keys that are proven here never meet them. Those of
``rlp(index)`` are no prefixes of each other and their values are longer than 31 bytes; those of the
state are all of 32 bytes, and their leaves hold an account or a block hash.

Source: Ethereum Yellow Paper, appendices C and D, https://ethereum.github.io/yellowpaper/paper.pdf
"""

from typing import Final, Never

from eth_hash.auto import keccak

from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.rlp import Item, decode
from anchoring.core.types import HASH_BYTES

MAX_NODE_BYTES: Final = 1 << 20
"""Longest trie node accepted, in bytes: a leaf embeds its transaction or receipt, and no node pools
a transaction above 128 KiB outside blobs; eight times that leaves room for receipts."""

_BRANCH_ITEMS: Final = 17
_LEAF_ITEMS: Final = 2


def check_proof_bounds(what: str, proof: tuple[bytes, ...], *, max_nodes: int) -> None:
    """Check the number of nodes and their lengths, before anything is hashed.

    Args:
        what: Name of the proof, for the error.
        proof: Encoded nodes, from the root to the leaf.
        max_nodes: Most nodes that this kind of proof may have.

    Raises:
        MalformedError: No node, too many, or one that is too long.
    """
    if not 1 <= len(proof) <= max_nodes:
        raise MalformedError(what, f"{len(proof)} nodes, not 1..{max_nodes}")
    if any(len(node) > MAX_NODE_BYTES for node in proof):
        raise MalformedError(what, f"a node exceeds {MAX_NODE_BYTES} bytes")


def prove_value(step: str, *, root: bytes, key: bytes, proof: tuple[bytes, ...]) -> bytes:
    """Return the value of ``key`` under ``root``.

    Args:
        step: Name of the check, for errors.
        root: Hash of the root node, 32 bytes.
        key: The key as the trie has it: hashed already where the trie is a secure one.
        proof: Encoded nodes from the root to the leaf.

    Raises:
        MalformedError: A node is not canonical RLP, or of another shape.
        VerificationError: The proof does not lead from the root along the key to a leaf, or goes on.
    """
    path = key.hex()
    expected = root
    for position, encoded in enumerate(proof):
        require_equal(step, expected=expected, found=keccak(encoded))
        node = as_list(step, decode(encoded, what=step))
        if len(node) == _BRANCH_ITEMS and path:
            expected, path = _hash(step, node[int(path[0], 16)]), path[1:]
            continue
        if len(node) != _LEAF_ITEMS:
            fail(step, "a node on the path of the key", f"{len(node)} items")
        nibbles, leaf = _hex_prefix(step, as_bytes(step, node[0]))
        if leaf:
            if nibbles != path:
                fail(step, f"the leaf of path {path}", f"the leaf of path {nibbles}")
            if position != len(proof) - 1:
                fail(step, "a proof that ends at the leaf", "further nodes")
            return as_bytes(step, node[1])
        if not nibbles or not path.startswith(nibbles):
            fail(step, f"an extension on path {path}", f"extension {nibbles}")
        expected, path = _hash(step, node[1]), path[len(nibbles) :]
    raise VerificationError(
        step, expected="a proof that ends at a leaf", found=f"{len(proof)} inner nodes"
    )


def as_list(what: str, item: Item) -> list[Item]:
    """Return an item that must be a list.

    Raises:
        MalformedError: It is a string.
    """
    if isinstance(item, bytes):
        raise MalformedError(what, "a string where a list belongs")
    return item


def as_bytes(what: str, item: Item) -> bytes:
    """Return an item that must be a string.

    Raises:
        MalformedError: It is a list.
    """
    if not isinstance(item, bytes):
        raise MalformedError(what, "a list where a string belongs")
    return item


def as_integer(what: str, item: Item) -> int:
    """Return an item that must be an integer of 0 or more, big-endian without leading zeros.

    Raises:
        MalformedError: It is a list, or has a leading zero.
    """
    encoded = as_bytes(what, item)
    if encoded[:1] == b"\0":
        raise MalformedError(what, "integer with a leading zero")
    return int.from_bytes(encoded, "big")


def require_equal(step: str, *, expected: bytes, found: bytes) -> None:
    """Check that two strings are the same.

    Raises:
        VerificationError: They differ; it carries both in hexadecimal.
    """
    if expected != found:
        fail(step, expected.hex(), found.hex())


def fail(step: str, expected: str, found: str) -> Never:
    """Raise the error of a check that failed.

    Raises:
        VerificationError: Always.
    """
    raise VerificationError(step, expected=expected, found=found)


def _hex_prefix(step: str, encoded: bytes) -> tuple[str, bool]:
    """Return (nibbles, is leaf) of a compact path (Yellow Paper, appendix C)."""
    digits = encoded.hex()
    if not digits or digits[0] not in "0123":
        raise MalformedError(step, "not a compact path")
    flag = int(digits[0])
    if flag & 1:
        return digits[1:], flag >= 2
    if digits[1] != "0":
        raise MalformedError(step, "padding of a compact path is not zero")
    return digits[2:], flag >= 2


def _hash(what: str, item: Item) -> bytes:
    digest = as_bytes(what, item)
    if len(digest) != HASH_BYTES:
        fail(what, "a child on the path", f"{len(digest)} bytes")
    return digest
