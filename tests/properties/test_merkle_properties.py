"""The tree against its literal oracle; append-only; no flipped bit survives verification."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anchoring.core.errors import VerificationError
from anchoring.core.merkle import (
    CompactRange,
    LeafNodes,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from anchoring.core.types import Head, LeafHash, LeafIndex, RootHash, TreeSize
from tests.support import merkle_oracle as oracle

entry_lists = st.lists(st.binary(max_size=40), min_size=1, max_size=70)


def flip(value: bytes, bit: int) -> bytes:
    changed = bytearray(value)
    changed[bit // 8 % len(value)] ^= 1 << bit % 8
    return bytes(changed)


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_root__of_any_entries__equals_oracle(entries: list[bytes]) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    assert root(leaves) == oracle.mth(entries)


@given(entry_lists, st.data())
def test_inclusion__of_any_entry_at_any_size__equals_oracle_and_verifies(
    entries: list[bytes], data: st.DataObject
) -> None:
    size = TreeSize(data.draw(st.integers(1, len(entries))))
    index = LeafIndex(data.draw(st.integers(0, size - 1)))
    node = LeafNodes([leaf_hash(entry) for entry in entries])
    proof = inclusion_proof(index, size, node)
    assert list(proof) == oracle.path(index, entries[:size])
    leaf = leaf_hash(entries[index])
    verify_inclusion(leaf=leaf, index=index, size=size, proof=proof, root=root_at(size, node))


@given(entry_lists, st.data())
def test_consistency__between_any_sizes__equals_oracle_and_verifies(
    entries: list[bytes], data: st.DataObject
) -> None:
    new_size = TreeSize(data.draw(st.integers(1, len(entries))))
    old_size = TreeSize(data.draw(st.integers(1, new_size)))
    node = LeafNodes([leaf_hash(entry) for entry in entries])
    proof = consistency_proof(old_size, new_size, node)
    assert list(proof) == oracle.proof(old_size, entries[:new_size])
    old = Head(old_size, root_at(old_size, node))
    new = Head(new_size, root_at(new_size, node))
    verify_consistency(old=old, new=new, proof=proof)


@given(entry_lists, st.data())
def test_verify_inclusion__any_bit_flipped__refuses(
    entries: list[bytes], data: st.DataObject
) -> None:
    size = TreeSize(len(entries))
    index = LeafIndex(data.draw(st.integers(0, size - 1)))
    node = LeafNodes([leaf_hash(entry) for entry in entries])
    values = [node(0, index), root_at(size, node), *inclusion_proof(index, size, node)]
    chosen = data.draw(st.integers(0, len(values) - 1))
    values[chosen] = flip(values[chosen], data.draw(st.integers(0, 255)))
    with pytest.raises(VerificationError):
        verify_inclusion(
            leaf=LeafHash(values[0]),
            index=index,
            size=size,
            proof=values[2:],
            root=RootHash(values[1]),
        )


@given(entry_lists, st.data())
def test_verify_consistency__any_bit_flipped__refuses(
    entries: list[bytes], data: st.DataObject
) -> None:
    new_size = TreeSize(len(entries))
    old_size = TreeSize(data.draw(st.integers(1, new_size)))
    node = LeafNodes([leaf_hash(entry) for entry in entries])
    values: list[bytes] = [root_at(old_size, node), root_at(new_size, node)]
    values += consistency_proof(old_size, new_size, node)
    chosen = data.draw(st.integers(0, len(values) - 1))
    values[chosen] = flip(values[chosen], data.draw(st.integers(0, 255)))
    with pytest.raises(VerificationError):
        verify_consistency(
            old=Head(old_size, RootHash(values[0])),
            new=Head(new_size, RootHash(values[1])),
            proof=values[2:],
        )


@given(entry_lists, st.data())
def test_verify_consistency__rewritten_old_entry__refuses(
    entries: list[bytes], data: st.DataObject
) -> None:
    new_size = TreeSize(len(entries))
    old_size = TreeSize(data.draw(st.integers(1, new_size)))
    rewritten = list(entries)
    rewritten[data.draw(st.integers(0, old_size - 1))] = data.draw(st.binary(max_size=40))
    assume(rewritten != entries)
    node = LeafNodes([leaf_hash(entry) for entry in entries])
    forged = LeafNodes([leaf_hash(entry) for entry in rewritten])
    old = Head(old_size, root_at(old_size, node))
    new = Head(new_size, root_at(new_size, forged))
    with pytest.raises(VerificationError):
        verify_consistency(old=old, new=new, proof=consistency_proof(old_size, new_size, forged))


@given(entry_lists)
def test_compact_range__grown_leaf_by_leaf__gives_every_node_root_and_rebuild(
    entries: list[bytes],
) -> None:
    node = LeafNodes([leaf_hash(entry) for entry in entries])
    grown = CompactRange.empty()
    stored: dict[tuple[int, int], bytes] = {}

    def stored_node(level: int, index: int) -> bytes:
        return stored[level, index]

    for count, entry in enumerate(entries, start=1):
        grown, completed = grown.append(leaf_hash(entry))
        for level, index, value in completed:
            assert (level, index) not in stored
            assert value == node(level, index)
            stored[level, index] = value
        assert grown.size == count
        assert grown.root() == oracle.mth(entries[:count])
        assert CompactRange.from_nodes(TreeSize(count), stored_node) == grown
    size = TreeSize(len(entries))
    index = LeafIndex(size - 1)
    assert inclusion_proof(index, size, stored_node) == inclusion_proof(index, size, node)
