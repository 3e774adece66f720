"""Three sides agree on the same proofs: the literal oracle, titanoboa, web3 on the embedded chain.

The fast Python verifier is the fourth: it raises exactly where the contract answers False.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anchoring.core.errors import AnchoringError
from anchoring.core.merkle import verify_inclusion
from anchoring.core.types import Head, LeafHash, LeafIndex, RootHash, TreeSize
from tests.support.chain_registry import BoaRegistry, Registry, open_web3_registry
from tests.support.merkle_oracle import mth, path

SIZES = [1, 2, 3, 5, 8, 11]
ENTRIES = [b"entry %d" % n for n in range(max(SIZES))]


@pytest.fixture(params=["titanoboa", "web3"])
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    if request.param == "titanoboa":
        yield BoaRegistry()
        return
    opened = open_web3_registry(tmp_path / "chain.sqlite")
    yield opened
    opened.embedded.close()


def test_proofs__on_shared_inputs__have_the_same_verdict_everywhere(registry: Registry) -> None:
    for size in SIZES:
        entries = ENTRIES[:size]
        head = Head(TreeSize(size), RootHash(mth(entries)))
        registry.anchor(head)
        for index in range(size):
            leaf, proof = mth([entries[index]]), path(index, entries)
            for position in {index, (index + 1) % size, size}:
                expected = position == index and position < size
                assert python_verdict(leaf, position, proof, head) is expected
                assert (
                    registry.verify_inclusion(leaf, index=position, size=size, path=proof)
                    is expected
                )


@settings(max_examples=100)
@given(
    size=st.integers(1, 12),
    index=st.integers(0, 13),
    cut=st.integers(0, 5),
    extra=st.lists(st.binary(min_size=32, max_size=32), max_size=2),
    flip=st.none() | st.integers(64, 255),  # a tree of one leaf keeps 192 bits of it (I7)
)
def test_mangled_proofs__in_python_and_vyper__have_the_same_verdict(
    size: int, index: int, cut: int, extra: list[bytes], flip: int | None
) -> None:
    registry = SHARED[size]
    entries = [b"entry %d" % n for n in range(size)]
    head = Head(TreeSize(size), RootHash(mth(entries)))
    proof = [*path(min(index, size - 1), entries)[: max(0, 5 - cut)], *extra]
    leaf = mth([entries[min(index, size - 1)]])
    if flip is not None:
        leaf = (int.from_bytes(leaf, "big") ^ (1 << flip)).to_bytes(32, "big")
    answer = registry.verify_inclusion(leaf, index=index, size=size, path=proof)
    assert answer is python_verdict(leaf, index, proof, head)


def python_verdict(leaf: bytes, index: int, proof: list[bytes], head: Head) -> bool:
    try:
        verify_inclusion(
            leaf=LeafHash(leaf),
            index=LeafIndex(index),
            size=head.size,
            proof=proof,
            root=head.root,
        )
    except AnchoringError:
        return False
    return True


def _registry_of(size: int) -> BoaRegistry:
    registry = BoaRegistry()
    root = RootHash(mth([b"entry %d" % n for n in range(size)]))
    registry.anchor(Head(TreeSize(size), root))
    return registry


SHARED = {size: _registry_of(size) for size in range(1, 13)}
