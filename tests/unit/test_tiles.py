"""Tile paths and contents: published values, shapes of partial tiles, and every refusal."""

import pytest

from anchoring.core.errors import MalformedError
from anchoring.core.merkle import LeafNodes, leaf_hash
from anchoring.core.tiles import (
    MAX_TILE_INDEX,
    BundleAddress,
    TileAddress,
    bundle_addresses,
    entries_path,
    entry_files,
    format_entry_bundle,
    parse_entries_path,
    parse_entry_bundle,
    parse_tile_path,
    tile_addresses,
    tile_files,
    tile_path,
)
from anchoring.core.types import TreeSize


# The first two are test values of transparency-dev/tessera api/layout/paths_test.go, the others
# examples of https://c2sp.org/tlog-tiles.
@pytest.mark.parametrize(
    ("address", "path"),
    [
        (TileAddress(15, 455667, 256), "tile/15/x455/667"),
        (TileAddress(15, 123456789, 41), "tile/15/x123/x456/789.p/41"),
        (TileAddress(0, 1234067, 256), "tile/0/x001/x234/067"),
        (TileAddress(0, 0, 256), "tile/0/000"),
        (TileAddress(0, 273, 112), "tile/0/273.p/112"),
        (TileAddress(0, 999, 1), "tile/0/999.p/1"),
        (TileAddress(0, 1000, 255), "tile/0/x001/000.p/255"),
        (TileAddress(63, MAX_TILE_INDEX, 255), "tile/63/x072/x057/x594/x037/x927/935.p/255"),
    ],
)
def test_tile_path__known_address__gives_known_path_and_parses_back(
    address: TileAddress, path: str
) -> None:
    assert tile_path(*address) == path
    assert parse_tile_path(path) == address


@pytest.mark.parametrize(
    ("address", "path"),
    [
        (BundleAddress(0, 256), "tile/entries/000"),
        (BundleAddress(0, 15), "tile/entries/000.p/15"),
        (BundleAddress(1234067, 8), "tile/entries/x001/x234/067.p/8"),
    ],
)
def test_entries_path__known_address__gives_known_path_and_parses_back(
    address: BundleAddress, path: str
) -> None:
    assert entries_path(*address) == path
    assert parse_entries_path(path) == address


PLACES = [
    "",
    "0",
    "00",
    "0000",
    "x000/000",
    "x000/001",
    "001/002",
    "x001/x002",
    "x1/002",
    "X001/002",
    "000.p/0",
    "000.p/01",
    "000.p/256",
    "000.p/257",
    "000.p/",
    "000.p",
    "000.p/+1",
    "000/",
    "/000",
    "../000",
    "-01",
    "\u0661\u0661\u0661",
    "000\n",
    "x072/x057/x594/x037/x927/936",
    "x001/" * 20 + "000",
]


@pytest.mark.parametrize("place", PLACES)
def test_parse_path__other_spelling_of_the_place__is_refused(place: str) -> None:
    with pytest.raises(MalformedError):
        parse_tile_path(f"tile/0/{place}")
    with pytest.raises(MalformedError):
        parse_entries_path(f"tile/entries/{place}")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "/tile/0/000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/100/000",
        "tile/data/000",
        "tile/8/0/000",
        "tile/entries/000",
        "checkpoint",
    ],
)
def test_parse_tile_path__other_path__is_refused(path: str) -> None:
    with pytest.raises(MalformedError):
        parse_tile_path(path)


def test_parse_entries_path__path_of_a_hash_tile__is_refused() -> None:
    with pytest.raises(MalformedError):
        parse_entries_path("tile/0/000")


@pytest.mark.parametrize(
    ("level", "index", "width"),
    [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, MAX_TILE_INDEX + 1, 1), (0, 0, 0), (0, 0, 257)],
)
def test_tile_path__out_of_bounds__is_refused(level: int, index: int, width: int) -> None:
    with pytest.raises(MalformedError):
        tile_path(level, index, width)


def test_entries_path__out_of_bounds__is_refused() -> None:
    with pytest.raises(MalformedError):
        entries_path(-1)
    with pytest.raises(MalformedError):
        entries_path(0, 0)


def test_entry_bundle__known_entries__gives_known_bytes_and_parses_back() -> None:
    entries = (b"one", b"", b"x" * 65_535)
    bundle = b"\x00\x03one" + b"\x00\x00" + b"\xff\xff" + b"x" * 65_535
    assert format_entry_bundle(entries) == bundle
    assert parse_entry_bundle(bundle, width=3) == entries


@pytest.mark.parametrize(
    "entries", [[], [b""] * 257, [b"x" * 65_536]], ids=["none", "257", "too long"]
)
def test_format_entry_bundle__out_of_bounds__is_refused(entries: list[bytes]) -> None:
    with pytest.raises(MalformedError):
        format_entry_bundle(entries)


def test_parse_entry_bundle__full_bundle__is_accepted() -> None:
    entries = tuple(bytes([i]) for i in range(256))
    assert parse_entry_bundle(format_entry_bundle(entries), width=256) == entries


@pytest.mark.parametrize(
    ("data", "width"),
    [
        (b"", 1),
        (b"\x00", 1),
        (b"\x00\x01", 1),
        (b"\x00\x02a", 1),
        (b"\x00\x01ab", 1),
        (b"\x00\x01a\x00", 1),
        (b"\x00\x01a\x00\x01b", 1),
        (b"\x00\x01a\x00\x01b", 3),
        (b"\x00\x01a\x00", 2),
        (b"", 0),
        (b"\x00\x00" * 257, 257),
    ],
)
def test_parse_entry_bundle__cut_longer_or_other_width__is_refused(data: bytes, width: int) -> None:
    with pytest.raises(MalformedError):
        parse_entry_bundle(data, width=width)


def test_tile_addresses__70000_entries__are_those_of_the_specification() -> None:
    addresses = list(tile_addresses(TreeSize(70_000)))
    assert addresses == [
        *(TileAddress(0, index, 256) for index in range(273)),
        TileAddress(0, 273, 112),
        TileAddress(1, 0, 256),
        TileAddress(1, 1, 17),
        TileAddress(2, 0, 1),
    ]
    bundles = list(bundle_addresses(TreeSize(70_000)))
    assert bundles == [(each.position, each.width) for each in addresses if each.level == 0]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, []),
        (1, [(0, 0, 1)]),
        (255, [(0, 0, 255)]),
        (256, [(0, 0, 256), (1, 0, 1)]),
        (257, [(0, 0, 256), (0, 1, 1), (1, 0, 1)]),
        (511, [(0, 0, 256), (0, 1, 255), (1, 0, 1)]),
    ],
)
def test_tile_addresses__around_a_full_tile__never_hash_partial_tiles_upward(
    size: int, expected: list[tuple[int, int, int]]
) -> None:
    assert list(tile_addresses(TreeSize(size))) == expected


@pytest.mark.parametrize(
    ("since", "size", "expected"),
    [
        (256, 256, []),
        (255, 256, [(0, 0, 256), (1, 0, 1)]),
        (256, 257, [(0, 1, 1)]),
        (257, 300, [(0, 1, 44)]),
        (10, 600, [(0, 0, 256), (0, 1, 256), (0, 2, 88), (1, 0, 2)]),
    ],
)
def test_tile_addresses__since_an_earlier_size__are_only_the_new_ones(
    since: int, size: int, expected: list[tuple[int, int, int]]
) -> None:
    assert list(tile_addresses(TreeSize(size), since=TreeSize(since))) == expected


def test_tile_files__257_entries__hold_the_nodes_of_their_level() -> None:
    entries = [bytes([i % 256]) for i in range(257)]
    node = LeafNodes([leaf_hash(entry) for entry in entries])
    files = dict(tile_files(TreeSize(257), node))
    assert set(files) == {"tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"}
    assert files["tile/0/000"] == b"".join(node(0, i) for i in range(256))
    assert files["tile/0/001.p/1"] == node(0, 256)
    assert files["tile/1/000.p/1"] == node(8, 0)
    bundles = dict(entry_files(entries))
    assert set(bundles) == {"tile/entries/000", "tile/entries/001.p/1"}
    assert bundles["tile/entries/001.p/1"] == b"\x00\x01\x00"
