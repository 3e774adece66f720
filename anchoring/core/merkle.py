"""The append-only Merkle tree of RFC 9162 with SHA-256: roots, proofs, and their verification.

A *perfect node* ``(level, index)`` covers the ``2**level`` leaves from ``index * 2**level`` on; it
never changes once its last leaf is appended, so every function that builds something reads the
tree through such nodes only.

Verification checks bounds first, then lengths, then hashes. How many hashes a proof must have, and
on which side each one goes, follows from the index and the sizes alone: a proof cannot choose.

Source: RFC 9162 section 2.1, https://www.rfc-editor.org/rfc/rfc9162.html#section-2.1
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.types import HASH_BYTES, Head, LeafHash, LeafIndex, RootHash, TreeSize

EMPTY_ROOT = RootHash(sha256(b"").digest())
"""Root of the tree without leaves: SHA-256 of nothing (RFC 9162 section 2.1.1)."""

MAX_TREE_SIZE = 2**64
"""No tree has this many leaves or more: sizes travel as uint64 (https://c2sp.org/tlog-tiles)."""

LEAF_PREFIX = b"\x00"
"""Precedes an entry that is hashed, so that no entry passes for a node (RFC 9162 section 2.1.1)."""

NODE_PREFIX = b"\x01"
"""Precedes two child hashes that are hashed (RFC 9162 section 2.1.1)."""

NodeReader = Callable[[int, int], bytes]
"""Gives the 32-byte hash of the perfect node at (level, index); level 0 holds the leaf hashes."""


def leaf_hash(entry: bytes) -> LeafHash:
    """Return the leaf hash of an entry, ``SHA-256(0x00 || entry)``."""
    return LeafHash(sha256(LEAF_PREFIX + entry).digest())


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its 32-byte children, ``SHA-256(0x01 || left || right)``."""
    return sha256(NODE_PREFIX + left + right).digest()


class LeafNodes:
    """Perfect nodes computed from leaf hashes; a level is computed once, when first asked for.

    Args:
        leaves: Leaf hashes in ledger order, 32 bytes each; must not change afterwards.
    """

    def __init__(self, leaves: Sequence[LeafHash]) -> None:
        self._levels: list[Sequence[bytes]] = [leaves]

    def __call__(self, level: int, index: int) -> bytes:
        """Return the hash of the perfect node at ``(level, index)``.

        Raises:
            MalformedError: The leaves do not complete such a node.
        """
        if level < 0 or not 0 <= index < len(self._levels[0]) >> level:
            reason = f"level {level} index {index} is outside {len(self._levels[0])} leaves"
            raise MalformedError("tree node", reason)
        while len(self._levels) <= level:
            below = self._levels[-1]
            self._levels.append(
                [node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
            )
        return self._levels[level][index]


def root(leaves: Sequence[LeafHash]) -> RootHash:
    """Return the Merkle tree hash of the leaf hashes, in ledger order (RFC 9162 section 2.1.1)."""
    return root_at(TreeSize(len(leaves)), LeafNodes(leaves))


def root_at(size: TreeSize, node: NodeReader) -> RootHash:
    """Return the root that the tree had when it held ``size`` leaves.

    Args:
        size: Number of leaves, at most as many as ``node`` can read.
        node: Reader of perfect nodes.

    Raises:
        MalformedError: ``size`` is negative or not below 2**64.
    """
    _check_size("tree size", size)
    return EMPTY_ROOT if size == 0 else RootHash(_range_hash(0, size, node))


def inclusion_proof(index: LeafIndex, size: TreeSize, node: NodeReader) -> tuple[bytes, ...]:
    """Return the inclusion proof of leaf ``index`` in the tree of ``size`` leaves.

    Returns:
        Sibling hashes, 32 bytes each, from the leaf to the root (RFC 9162 section 2.1.3.1).

    Raises:
        MalformedError: Not ``0 <= index < size < 2**64``.
    """
    _check_index(index, size)
    siblings: list[bytes] = []
    start, end = 0, int(size)
    while end - start > 1:
        middle = start + _split_point(end - start)
        if index < middle:
            siblings.append(_range_hash(middle, end, node))
            end = middle
        else:
            siblings.append(_range_hash(start, middle, node))
            start = middle
    return tuple(reversed(siblings))


def consistency_proof(
    old_size: TreeSize, new_size: TreeSize, node: NodeReader
) -> tuple[bytes, ...]:
    """Return the proof that the tree of ``new_size`` leaves only adds to the tree of ``old_size``.

    Returns:
        Hashes, 32 bytes each, in the order of RFC 9162 section 2.1.4.1; empty for equal sizes.

    Raises:
        MalformedError: Not ``0 < old_size <= new_size < 2**64``.
    """
    _check_sizes(old_size, new_size)
    hashes: list[bytes] = []
    start, end = 0, int(new_size)
    while end != old_size:
        middle = start + _split_point(end - start)
        if old_size <= middle:
            hashes.append(_range_hash(middle, end, node))
            end = middle
        else:
            hashes.append(_range_hash(start, middle, node))
            start = middle
    # A last range that starts at 0 is the whole old tree: the verifier has its root already.
    if start > 0:
        hashes.append(_range_hash(start, end, node))
    return tuple(reversed(hashes))


def verify_inclusion(
    *, leaf: LeafHash, index: LeafIndex, size: TreeSize, proof: Sequence[bytes], root: RootHash
) -> None:
    """Check that the tree (size, root) holds ``leaf`` at ``index`` (RFC 9162 section 2.1.3.2).

    Args:
        leaf: Leaf hash, 32 bytes, computed by the caller from the entry it holds.
        index: Position claimed for the leaf.
        size: Size of the tree, from a source the caller trusts.
        proof: Sibling hashes, 32 bytes each, from the leaf to the root.
        root: Root of the tree, 32 bytes, from a source the caller trusts.

    Raises:
        MalformedError: Not ``0 <= index < size < 2**64``; a hash is not 32 bytes; the number of
            hashes is not the one that index and size require.
        VerificationError: The proof leads to another root.
    """
    _check_index(index, size)
    _check_hash("leaf hash", leaf)
    _check_hash("root", root)
    inner, border = _proof_shape(index, size)
    _check_proof("inclusion proof", proof, length=inner + border)
    found = _climb(leaf, proof, index=index, inner=inner)
    if found != root:
        raise VerificationError("inclusion", expected=f"root {root.hex()}", found=found.hex())


def verify_consistency(*, old: Head, new: Head, proof: Sequence[bytes]) -> None:
    """Check that the tree ``new`` only adds leaves to the tree ``old`` (RFC 9162 section 2.1.4.2).

    An old size of 0 is refused: every tree extends the empty one, so such a proof says nothing.

    Args:
        old: The earlier head.
        new: The later head, at least as large.
        proof: Hashes, 32 bytes each, in the order of the RFC; empty for equal sizes.

    Raises:
        MalformedError: Not ``0 < old.size <= new.size < 2**64``; a hash is not 32 bytes; the number
            of hashes is not the one that the sizes require.
        VerificationError: The proof leads to another old root or another new root, or the sizes are
            equal and the roots are not.
    """
    _check_sizes(old.size, new.size)
    _check_hash("old root", old.root)
    _check_hash("new root", new.root)
    if old.size == new.size:
        _check_proof("consistency proof", proof, length=0)
        _check_consistent("new root", expected=new.root, found=old.root)
        return
    # The path starts at the largest perfect node that ends the old tree. Where that node is the
    # whole old tree the proof leaves it out, because it is the old root.
    skipped = _trailing_zeros(old.size)
    start_is_old_root = old.size == 1 << skipped
    inner, border = _proof_shape(LeafIndex(old.size - 1), new.size)
    inner -= skipped
    length = inner + border + (0 if start_is_old_root else 1)
    _check_proof("consistency proof", proof, length=length)
    start = old.root if start_is_old_root else proof[0]
    path = proof if start_is_old_root else proof[1:]
    index = (old.size - 1) >> skipped
    old_found = start
    for level, sibling in enumerate(path):
        if level >= inner or index >> level & 1:
            old_found = node_hash(sibling, old_found)
    _check_consistent("old root", expected=old.root, found=old_found)
    new_found = _climb(start, path, index=index, inner=inner)
    _check_consistent("new root", expected=new.root, found=new_found)


@dataclass(frozen=True, slots=True)
class CompactRange:
    """The few perfect nodes that stand for all leaves so far: enough to append and for the root.

    Raises:
        MalformedError: ``size`` is out of bounds, or ``hashes`` are not one 32-byte hash per 1 bit
            of ``size``.
    """

    size: TreeSize
    """Number of leaves."""
    hashes: tuple[bytes, ...]
    """Roots of the perfect trees that make up ``size``, 32 bytes each, left (largest) to right."""

    def __post_init__(self) -> None:
        """Check the shape."""
        _check_size("compact range size", self.size)
        _check_proof("compact range", self.hashes, length=self.size.bit_count())

    @classmethod
    def empty(cls) -> "CompactRange":
        """Return the range of the tree without leaves."""
        return cls(TreeSize(0), ())

    @classmethod
    def from_nodes(cls, size: TreeSize, node: NodeReader) -> "CompactRange":
        """Rebuild the range of a tree of ``size`` leaves from its stored perfect nodes.

        Raises:
            MalformedError: ``size`` is out of bounds, or ``node`` answers other than 32 bytes.
        """
        _check_size("compact range size", size)
        return cls(size, tuple(node(level, index) for level, index in _perfect_nodes(0, size)))

    def append(self, leaf: LeafHash) -> tuple["CompactRange", tuple[tuple[int, int, bytes], ...]]:
        """Append one leaf hash.

        Returns:
            The new range, and every perfect node that the leaf completes as (level, index, hash),
            from the leaf itself at level 0 upwards.

        Raises:
            MalformedError: ``leaf`` is not 32 bytes, or the tree would reach 2**64 leaves.
        """
        _check_hash("leaf hash", leaf)
        level, index = 0, int(self.size)
        current: bytes = leaf
        kept = len(self.hashes)
        completed = [(level, index, current)]
        while index & 1:
            kept -= 1
            current = node_hash(self.hashes[kept], current)
            level, index = level + 1, index >> 1
            completed.append((level, index, current))
        hashes = (*self.hashes[:kept], current)
        return CompactRange(TreeSize(self.size + 1), hashes), tuple(completed)

    def root(self) -> RootHash:
        """Return the root of the tree."""
        return RootHash(_join(self.hashes)) if self.hashes else EMPTY_ROOT


def _split_point(count: int) -> int:
    """Largest power of two below ``count``, for ``count >= 2`` (k in RFC 9162 section 2.1.1)."""
    return 1 << (count - 1).bit_length() - 1


def _trailing_zeros(number: int) -> int:
    """Number of 0 bits below the lowest 1 bit of a positive number."""
    return (number & -number).bit_length() - 1


def _perfect_nodes(start: int, end: int) -> list[tuple[int, int]]:
    """Perfect nodes (level, index) that make up leaves ``start`` to ``end``, largest first.

    ``start`` must be a multiple of the smallest power of two that is at least ``end - start``, as
    it is for every subtree of the RFC.
    """
    nodes: list[tuple[int, int]] = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def _range_hash(start: int, end: int, node: NodeReader) -> bytes:
    """Merkle tree hash of the leaves ``start`` to ``end``, bounded as _perfect_nodes says."""
    return _join([node(level, index) for level, index in _perfect_nodes(start, end)])


def _join(hashes: Sequence[bytes]) -> bytes:
    """Join perfect nodes, given largest first, into the hash over all of them."""
    joined = hashes[-1]
    for left in reversed(hashes[:-1]):
        joined = node_hash(left, joined)
    return joined


def _proof_shape(index: LeafIndex, size: TreeSize) -> tuple[int, int]:
    """Lengths of the two parts of an inclusion proof.

    Returns:
        How many levels the paths of leaf ``index`` and of the last leaf take before they meet,
        with a sibling at each; and how many left siblings remain above that point.
    """
    inner = (index ^ (size - 1)).bit_length()
    return inner, (index >> inner).bit_count()


def _climb(start: bytes, path: Sequence[bytes], *, index: int, inner: int) -> bytes:
    """Hash from a node up to the root; above ``inner`` levels every sibling is a left one."""
    current = start
    for level, sibling in enumerate(path):
        if level >= inner or index >> level & 1:
            current = node_hash(sibling, current)
        else:
            current = node_hash(current, sibling)
    return current


def _check_size(what: str, size: int) -> None:
    if not 0 <= size < MAX_TREE_SIZE:
        raise MalformedError(what, f"{size} is outside 0..2**64-1")


def _check_index(index: int, size: int) -> None:
    _check_size("tree size", size)
    if not 0 <= index < size:
        raise MalformedError("leaf index", f"{index} is outside a tree of {size} leaves")


def _check_sizes(old_size: int, new_size: int) -> None:
    _check_size("new size", new_size)
    if not 0 < old_size <= new_size:
        raise MalformedError("old size", f"{old_size} is not in 1..{new_size}, the new size")


def _check_hash(what: str, value: bytes) -> None:
    if len(value) != HASH_BYTES:
        raise MalformedError(what, f"{len(value)} bytes, not {HASH_BYTES}")


def _check_proof(what: str, hashes: Sequence[bytes], *, length: int) -> None:
    if len(hashes) != length:
        raise MalformedError(what, f"{len(hashes)} hashes, not {length}")
    for position, value in enumerate(hashes):
        if len(value) != HASH_BYTES:
            _check_hash(f"{what} hash {position}", value)


def _check_consistent(what: str, *, expected: bytes, found: bytes) -> None:
    if found != expected:
        raise VerificationError(
            "consistency", expected=f"{what} {expected.hex()}", found=found.hex()
        )
