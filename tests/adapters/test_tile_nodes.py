"""Nodes read from tile files are those of the leaves, at every size; a damaged file is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from anchoring.adapters.tile_nodes import TileNodes
from anchoring.core.errors import MalformedError, UnavailableError
from anchoring.core.merkle import (
    LeafNodes,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_at,
    verify_inclusion,
)
from anchoring.core.tiles import TILE_WIDTH, tile_files, tile_path
from anchoring.core.types import HASH_BYTES, LeafIndex, TreeSize

LARGEST = 600
"""Largest tree whose every node is read: two full tiles, and a third one begun."""

LEAVES = [leaf_hash(b"entry %d" % number) for number in range(LARGEST)]
NODES = LeafNodes(LEAVES)

HUGE = 70_000
"""Size with three tile levels, partial at each."""


def write_tiles(directory: Path, size: int, node: LeafNodes = NODES) -> Path:
    for path, content in tile_files(TreeSize(size), node):
        file = directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return directory


def coordinates(size: int) -> list[tuple[int, int]]:
    return [(level, index) for level in range(size.bit_length()) for index in range(size >> level)]


@pytest.mark.parametrize("first", range(0, LARGEST + 1, 100))
def test_node__of_every_place_and_size__is_that_of_the_leaves(tmp_path: Path, first: int) -> None:
    for size in range(first, min(first + 100, LARGEST + 1)):
        read = TileNodes(write_tiles(tmp_path, size), TreeSize(size))
        for level, index in coordinates(size):
            assert read(level, index) == NODES(level, index)
        assert root_at(TreeSize(size), read) == root_at(TreeSize(size), NODES)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 513, 600])
def test_proofs__from_tiles__are_those_of_the_leaves(tmp_path: Path, size: int) -> None:
    write_tiles(tmp_path, size)
    whole = TreeSize(size)
    for index in range(size):
        place = LeafIndex(index)
        found = inclusion_proof(place, whole, TileNodes(tmp_path, whole))
        assert found == inclusion_proof(place, whole, NODES)
        old = TreeSize(index + 1)
        consistent = consistency_proof(old, whole, TileNodes(tmp_path, whole))
        assert consistent == consistency_proof(old, whole, NODES)


def test_inclusion_proof__over_three_tile_levels__verifies(tmp_path: Path) -> None:
    leaves = [leaf_hash(b"leaf %d" % number) for number in range(HUGE)]
    node = LeafNodes(leaves)
    write_tiles(tmp_path, HUGE, node)
    size = TreeSize(HUGE)
    for index in (0, 1, 255, 256, 65_535, 65_536, 69_887, 69_888, HUGE - 1):
        proof = inclusion_proof(LeafIndex(index), size, TileNodes(tmp_path, size))
        root = root_at(size, node)
        verify_inclusion(
            leaf=leaves[index], index=LeafIndex(index), size=size, proof=proof, root=root
        )


def test_node__of_a_partial_tile_that_was_deleted__comes_from_the_full_one(tmp_path: Path) -> None:
    write_tiles(tmp_path, 300)
    write_tiles(tmp_path, 512)
    (tmp_path / tile_path(0, 1, 44)).unlink()
    read = TileNodes(tmp_path, TreeSize(300))
    assert read(0, 299) == LEAVES[299]
    assert root_at(TreeSize(300), read) == root_at(TreeSize(300), NODES)
    with pytest.raises(MalformedError):
        read(0, 300)


@pytest.mark.parametrize("where", [(-1, 0), (0, -1), (0, 300), (1, 150), (8, 1), (9, 0), (64, 0)])
def test_node__outside_the_size__is_refused_before_any_file_is_read(
    tmp_path: Path, where: tuple[int, int]
) -> None:
    with pytest.raises(MalformedError, match="300 leaves"):
        TileNodes(tmp_path, TreeSize(300))(*where)


@pytest.mark.parametrize("size", [-1, 2**64])
def test_nodes__of_an_impossible_size__are_refused(tmp_path: Path, size: int) -> None:
    with pytest.raises(MalformedError):
        TileNodes(tmp_path, TreeSize(size))


@pytest.mark.parametrize("place", [0, 256])
@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:0],
        lambda content: content[:-1],
        lambda content: content[:-HASH_BYTES],
        lambda content: content + b"\0",
        lambda content: content + bytes(HASH_BYTES),
    ],
    ids=["empty", "a byte short", "a hash short", "a byte long", "a hash long"],
)
def test_node__of_a_tile_of_another_length__is_refused(
    tmp_path: Path, damage: Callable[[bytes], bytes], place: int
) -> None:
    write_tiles(tmp_path, 300)
    path = tmp_path / (tile_path(0, 0) if place == 0 else tile_path(0, 1, 44))
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(MalformedError, match="hashes"):
        TileNodes(tmp_path, TreeSize(300))(0, place)


def test_node__where_a_full_tile_stands_in_with_a_partial_length__is_refused(
    tmp_path: Path,
) -> None:
    write_tiles(tmp_path, 300)
    (tmp_path / tile_path(0, 1, 44)).rename(tmp_path / tile_path(0, 1))
    with pytest.raises(MalformedError, match=str(TILE_WIDTH)):
        TileNodes(tmp_path, TreeSize(300))(0, 256)


@pytest.mark.parametrize("place", [0, 256])
def test_node__of_a_missing_tile__is_unavailable(tmp_path: Path, place: int) -> None:
    write_tiles(tmp_path, 300)
    for path in (tmp_path / "tile" / "0").rglob("*"):
        if path.is_file():
            path.unlink()
    with pytest.raises(UnavailableError):
        TileNodes(tmp_path, TreeSize(300))(0, place)


def test_node__of_a_folder_in_place_of_a_tile__is_unavailable(tmp_path: Path) -> None:
    (tmp_path / tile_path(0, 0)).mkdir(parents=True)
    with pytest.raises(UnavailableError):
        TileNodes(tmp_path, TreeSize(300))(0, 0)
