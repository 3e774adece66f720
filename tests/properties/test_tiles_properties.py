"""Tiles: paths and bundles round trip, and writing step by step equals writing at once."""

from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.errors import MalformedError
from anchoring.core.merkle import LeafNodes, leaf_hash
from anchoring.core.tiles import (
    MAX_TILE_INDEX,
    MAX_TILE_LEVEL,
    bundle_addresses,
    entries_path,
    format_entry_bundle,
    parse_entries_path,
    parse_entry_bundle,
    parse_tile_path,
    tile_addresses,
    tile_files,
    tile_path,
)
from anchoring.core.types import TreeSize

indexes = st.integers(0, 2000) | st.integers(0, MAX_TILE_INDEX)
widths = st.integers(1, 256)


@given(st.integers(0, MAX_TILE_LEVEL), indexes, widths)
def test_paths__of_any_address__round_trip(level: int, index: int, width: int) -> None:
    assert parse_tile_path(tile_path(level, index, width)) == (level, index, width)
    assert parse_entries_path(entries_path(index, width)) == (index, width)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_entry_bundle__of_any_entries__round_trips(entries: list[bytes]) -> None:
    bundle = format_entry_bundle(entries)
    assert parse_entry_bundle(bundle, width=len(entries)) == tuple(entries)


@given(st.binary(max_size=60), st.integers(1, 5))
def test_parse_entry_bundle__any_bytes__are_refused_or_format_back(data: bytes, width: int) -> None:
    try:
        entries = parse_entry_bundle(data, width=width)
    except MalformedError:
        return
    assert format_entry_bundle(entries) == data


@given(st.sets(st.integers(0, 200_000), min_size=1, max_size=8))
def test_addresses__written_size_after_size__are_those_written_at_once(sizes: set[int]) -> None:
    stepwise: list[tuple[int, ...]] = []
    at_once: set[tuple[int, ...]] = set()
    since = TreeSize(0)
    for size in map(TreeSize, sorted(sizes)):
        stepwise += [*tile_addresses(size, since=since), *bundle_addresses(size, since=since)]
        at_once |= {*tile_addresses(size), *bundle_addresses(size)}
        since = size
    assert len(stepwise) == len(set(stepwise))
    assert set(stepwise) == at_once


@given(st.integers(0, 1000))
def test_tile_files__of_any_size__hold_each_node_that_the_specification_asks_for(size: int) -> None:
    node = LeafNodes([leaf_hash(index.to_bytes(2)) for index in range(size)])
    found: dict[tuple[int, int], bytes] = {}
    for path, content in tile_files(TreeSize(size), node):
        level, index, width = parse_tile_path(path)
        assert len(content) == 32 * width
        for position in range(width):
            value = content[32 * position : 32 * position + 32]
            found[level, index * 256 + position] = value
    expected = {
        (level, index): node(8 * level, index)
        for level in range(8)
        for index in range(size // 256**level)
    }
    assert found == expected
