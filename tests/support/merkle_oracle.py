"""RFC 9162 section 2.1 word for word over raw entries: slow, recursive, oracle of the fast code.

Source: https://www.rfc-editor.org/rfc/rfc9162.html#section-2.1
"""

from collections.abc import Sequence
from hashlib import sha256


def split_point(count: int) -> int:
    """Largest power of two smaller than ``count``, which is at least 2."""
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def mth(entries: Sequence[bytes]) -> bytes:
    """Merkle tree hash of the entries (section 2.1.1)."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = split_point(len(entries))
    return sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(index: int, entries: Sequence[bytes]) -> list[bytes]:
    """Inclusion proof of entry ``index``, from leaf to root (section 2.1.3.1)."""
    if len(entries) == 1:
        return []
    k = split_point(len(entries))
    if index < k:
        return [*path(index, entries[:k]), mth(entries[k:])]
    return [*path(index - k, entries[k:]), mth(entries[:k])]


def proof(old_size: int, entries: Sequence[bytes]) -> list[bytes]:
    """Consistency proof from the first ``old_size`` entries to all of them (section 2.1.4.1)."""
    return _subproof_whole(old_size, entries)


def _subproof_whole(old_size: int, entries: Sequence[bytes]) -> list[bytes]:
    """SUBPROOF(m, D, true): the old root is a node the verifier already has."""
    if old_size == len(entries):
        return []
    k = split_point(len(entries))
    if old_size <= k:
        return [*_subproof_whole(old_size, entries[:k]), mth(entries[k:])]
    return [*_subproof_part(old_size - k, entries[k:]), mth(entries[:k])]


def _subproof_part(old_size: int, entries: Sequence[bytes]) -> list[bytes]:
    """SUBPROOF(m, D, false)."""
    if old_size == len(entries):
        return [mth(entries)]
    k = split_point(len(entries))
    if old_size <= k:
        return [*_subproof_part(old_size, entries[:k]), mth(entries[k:])]
    return [*_subproof_part(old_size - k, entries[k:]), mth(entries[:k])]
