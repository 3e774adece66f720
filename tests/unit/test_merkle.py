"""Known values of RFC 9162 hashing and proofs, and every refusal of the verifiers."""

from base64 import b64decode

import pytest

from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.merkle import (
    EMPTY_ROOT,
    CompactRange,
    LeafNodes,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from anchoring.core.types import Head, LeafHash, LeafIndex, RootHash, TreeSize
from tests.support.tessera_log import ENTRIES as TESSERA_ENTRIES

# The eight leaves and the root that Certificate Transparency implementations share
# (github.com/transparency-dev/merkle testonly/constants.go).
CLASSIC = tuple(
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
)
CLASSIC_ROOT = bytes.fromhex("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
HUGE = TreeSize(2**64)


def nodes_of(entries: tuple[bytes, ...]) -> LeafNodes:
    return LeafNodes([leaf_hash(entry) for entry in entries])


NODES = nodes_of(CLASSIC)


def head_at(size: int) -> Head:
    return Head(TreeSize(size), root_at(TreeSize(size), NODES))


def test_empty_root__is__sha256_of_nothing() -> None:
    expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert EMPTY_ROOT.hex() == expected
    assert root([]) == root_at(TreeSize(0), NODES) == CompactRange.empty().root() == EMPTY_ROOT


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (b"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (b"L123456", "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"),
    ],
)
def test_leaf_hash__for_known_entry__gives_published_hash(entry: bytes, expected: str) -> None:
    assert leaf_hash(entry).hex() == expected


def test_node_hash__for_known_children__gives_published_hash() -> None:
    expected = "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    assert node_hash(b"N123", b"N456").hex() == expected


def test_root__for_classic_leaves__gives_published_root() -> None:
    assert root([leaf_hash(entry) for entry in CLASSIC]) == CLASSIC_ROOT


def test_inclusion_proof__index_9_of_15__gives_known_hashes() -> None:
    found = inclusion_proof(LeafIndex(9), TreeSize(15), nodes_of(TESSERA_ENTRIES))
    assert found == tuple(
        b64decode(text)
        for text in (
            "91HQqaPzWlbBsUDk3JvSpOTK7Bc4ifZGxXZzfABOmuU=",
            "UaHiSrgbkmaCsusBntn9ux0S2PsqH1y6DHQAxe6wrPg=",
            "Oy+stN8Ie64lJ90ILA9yEeOWSzBgC+6RjoKksiWsR7Y=",
            "bC+VwvrJbalNVjfkdI8kUgs7mJoXrqiXCE7bgnD28pY=",
        )
    )


def test_consistency_proof__from_7_to_15__gives_known_hashes() -> None:
    found = consistency_proof(TreeSize(7), TreeSize(15), nodes_of(TESSERA_ENTRIES))
    assert found == tuple(
        b64decode(text)
        for text in (
            "2Q0P5jSR+TdkwdXWyx+GbBWX0KZbNZkWzCjyTPSozsw=",
            "ThcgoV2DYcK+VCxBUDWAlNxmLy2r7dq7dK7+OlgQKWs=",
            "ycRkkNklus5eMVRUvkD1pK321vMrA+jjOiZKU8aOcY4=",
            "zY1lN35vrXYAPixXSd59LsU29xUJtuW4o2dNNg5Y2Co=",
            "5jLpqTgjsBDSEX6SgZiRnbTMdTuRd8bQ5tSsAOxe0Ks=",
        )
    )


@pytest.mark.parametrize(
    ("level", "index"), [(-1, 0), (0, -1), (0, 8), (1, 4), (3, 1), (4, 0), (70, 0)]
)
def test_leaf_nodes__incomplete_node__refuses(level: int, index: int) -> None:
    with pytest.raises(MalformedError) as caught:
        NODES(level, index)
    assert caught.value.what == "tree node"


def test_leaf_nodes__last_complete_node__answers() -> None:
    assert NODES(3, 0) == CLASSIC_ROOT
    assert NODES(0, 7) == leaf_hash(CLASSIC[7])


@pytest.mark.parametrize("size", [-1, HUGE])
def test_root_at__size_out_of_bounds__refuses(size: int) -> None:
    with pytest.raises(MalformedError):
        root_at(TreeSize(size), NODES)


@pytest.mark.parametrize(("index", "size"), [(-1, 8), (8, 8), (0, 0), (0, -1), (0, HUGE)])
def test_inclusion__index_out_of_bounds__refuses_to_build_and_to_verify(
    index: int, size: int
) -> None:
    with pytest.raises(MalformedError):
        inclusion_proof(LeafIndex(index), TreeSize(size), NODES)
    with pytest.raises(MalformedError):
        verify_inclusion(
            leaf=leaf_hash(b""),
            index=LeafIndex(index),
            size=TreeSize(size),
            proof=(),
            root=EMPTY_ROOT,
        )


@pytest.mark.parametrize(("old", "new"), [(0, 8), (-1, 8), (6, 5), (1, HUGE), (0, 0)])
def test_consistency__sizes_out_of_bounds__refuses_to_build_and_to_verify(
    old: int, new: int
) -> None:
    with pytest.raises(MalformedError):
        consistency_proof(TreeSize(old), TreeSize(new), NODES)
    with pytest.raises(MalformedError):
        verify_consistency(
            old=Head(TreeSize(old), EMPTY_ROOT), new=Head(TreeSize(new), EMPTY_ROOT), proof=()
        )


def test_verify_inclusion__right_proof__returns() -> None:
    check_inclusion()


def check_inclusion(
    *,
    leaf: bytes = leaf_hash(CLASSIC[5]),
    index: int = 5,
    size: int = 8,
    proof: tuple[bytes, ...] = inclusion_proof(LeafIndex(5), TreeSize(8), NODES),
    root: bytes = CLASSIC_ROOT,
) -> None:
    verify_inclusion(
        leaf=LeafHash(leaf),
        index=LeafIndex(index),
        size=TreeSize(size),
        proof=proof,
        root=RootHash(root),
    )


@pytest.mark.parametrize("length", [0, 31, 33])
def test_verify_inclusion__hash_not_32_bytes__refuses(length: int) -> None:
    wrong = bytes(length)
    siblings = inclusion_proof(LeafIndex(5), TreeSize(8), NODES)
    with pytest.raises(MalformedError, match="leaf hash"):
        check_inclusion(leaf=wrong)
    with pytest.raises(MalformedError, match="root"):
        check_inclusion(root=wrong)
    with pytest.raises(MalformedError, match="inclusion proof hash 1"):
        check_inclusion(proof=(siblings[0], wrong, siblings[2]))


def test_verify_inclusion__proof_longer_or_shorter__refuses() -> None:
    siblings = inclusion_proof(LeafIndex(5), TreeSize(8), NODES)
    with pytest.raises(MalformedError, match="4 hashes, not 3"):
        check_inclusion(proof=(*siblings, CLASSIC_ROOT))
    with pytest.raises(MalformedError, match="2 hashes, not 3"):
        check_inclusion(proof=siblings[:2])


def test_verify_inclusion__other_root__states_both() -> None:
    with pytest.raises(VerificationError) as caught:
        check_inclusion(root=EMPTY_ROOT)
    assert caught.value.step == "inclusion"
    assert caught.value.expected == f"root {EMPTY_ROOT.hex()}"
    assert caught.value.found == CLASSIC_ROOT.hex()


def test_verify_consistency__equal_heads__needs_empty_proof_and_equal_roots() -> None:
    verify_consistency(old=head_at(8), new=head_at(8), proof=())
    with pytest.raises(MalformedError, match="1 hashes, not 0"):
        verify_consistency(old=head_at(8), new=head_at(8), proof=(CLASSIC_ROOT,))
    with pytest.raises(VerificationError):
        verify_consistency(old=Head(TreeSize(8), RootHash(EMPTY_ROOT)), new=head_at(8), proof=())


@pytest.mark.parametrize("old_size", [4, 6])
def test_verify_consistency__other_root_on_either_side__names_the_side(old_size: int) -> None:
    hashes = consistency_proof(TreeSize(old_size), TreeSize(8), NODES)
    verify_consistency(old=head_at(old_size), new=head_at(8), proof=hashes)
    with pytest.raises(VerificationError) as caught:
        verify_consistency(old=head_at(old_size), new=Head(TreeSize(8), EMPTY_ROOT), proof=hashes)
    assert caught.value.step == "consistency"
    assert caught.value.expected == f"new root {EMPTY_ROOT.hex()}"
    with pytest.raises(VerificationError):
        verify_consistency(old=Head(TreeSize(old_size), EMPTY_ROOT), new=head_at(8), proof=hashes)
    hashes = consistency_proof(TreeSize(6), TreeSize(8), NODES)
    with pytest.raises(VerificationError) as caught:
        verify_consistency(old=Head(TreeSize(6), EMPTY_ROOT), new=head_at(8), proof=hashes)
    assert caught.value.expected == f"old root {EMPTY_ROOT.hex()}"


@pytest.mark.parametrize("length", [0, 31, 33])
def test_verify_consistency__hash_not_32_bytes__refuses(length: int) -> None:
    wrong = bytes(length)
    hashes = consistency_proof(TreeSize(6), TreeSize(8), NODES)
    with pytest.raises(MalformedError, match="old root"):
        verify_consistency(old=Head(TreeSize(6), RootHash(wrong)), new=head_at(8), proof=hashes)
    with pytest.raises(MalformedError, match="new root"):
        verify_consistency(old=head_at(6), new=Head(TreeSize(8), RootHash(wrong)), proof=hashes)
    with pytest.raises(MalformedError, match="consistency proof hash 0"):
        verify_consistency(old=head_at(6), new=head_at(8), proof=(wrong, *hashes[1:]))


def test_compact_range__append__reports_each_completed_node_from_the_leaf_up() -> None:
    seven = CompactRange.from_nodes(TreeSize(7), NODES)
    eight, completed = seven.append(leaf_hash(CLASSIC[7]))
    assert completed == (
        (0, 7, NODES(0, 7)),
        (1, 3, NODES(1, 3)),
        (2, 1, NODES(2, 1)),
        (3, 0, NODES(3, 0)),
    )
    assert eight == CompactRange(TreeSize(8), (CLASSIC_ROOT,))
    assert seven.size == 7


@pytest.mark.parametrize(
    ("size", "hashes"),
    [(0, (bytes(32),)), (3, (bytes(32),)), (1, (bytes(31),)), (-1, ()), (HUGE, (bytes(32),))],
)
def test_compact_range__wrong_shape__refuses(size: int, hashes: tuple[bytes, ...]) -> None:
    with pytest.raises(MalformedError):
        CompactRange(TreeSize(size), hashes)


def test_compact_range__from_nodes_of_bad_size__refuses() -> None:
    with pytest.raises(MalformedError):
        CompactRange.from_nodes(TreeSize(-1), NODES)


def test_compact_range__append_of_short_leaf__refuses() -> None:
    with pytest.raises(MalformedError):
        CompactRange.empty().append(LeafHash(bytes(31)))
    with pytest.raises(MalformedError):
        CompactRange(TreeSize(1), (bytes(32),)).append(LeafHash(bytes(31)))
