"""Gas of the registry under Prague rules, on the embedded chain: ceilings, because it is exact."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from web3 import Web3

from anchoring.core.types import Head, RootHash, TreeSize
from tests.support.chain_registry import Web3Registry, open_web3_registry
from tests.support.merkle_oracle import mth, path

FULL_ROOT = RootHash(b"\xff" * 32)
"""Call data without a zero byte in the root is the dearest."""


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Web3Registry]:
    opened = open_web3_registry(tmp_path / "chain.sqlite")
    yield opened
    opened.embedded.close()


def test_anchor__first_and_steady__stays_under_its_ceiling(registry: Web3Registry) -> None:
    """Sizes of five bytes: a trillion entries."""
    registry.anchor(Head(TreeSize(2**40 - 2), FULL_ROOT))
    first = registry.gas_used()
    registry.anchor(Head(TreeSize(2**40 - 1), FULL_ROOT))
    steady = registry.gas_used()
    assert (first, steady) == (46_181, 29_081)
    assert steady <= 29_100


def test_anchor__of_the_dearest_size__costs_the_bytes_of_its_size_more(
    registry: Web3Registry,
) -> None:
    registry.anchor(Head(TreeSize(2**64 - 2), FULL_ROOT))
    registry.anchor(Head(TreeSize(2**64 - 1), FULL_ROOT))
    assert registry.gas_used() == 29_117


def test_deployment__of_the_artefact__stays_under_its_ceiling(registry: Web3Registry) -> None:
    web3 = Web3(registry.embedded.provider())
    assert web3.eth.get_block(1)["gasUsed"] <= 320_000


def test_verify_inclusion__at_12_levels__stays_under_its_ceiling(registry: Web3Registry) -> None:
    entries = [b"entry %d" % n for n in range(2**12)]
    registry.anchor(Head(TreeSize(len(entries)), RootHash(mth(entries))))
    proof = path(1_234, entries)
    assert len(proof) == 12
    call = registry.contract.functions.verify_inclusion(
        registry.publisher, mth([entries[1_234]]), 1_234, len(entries), proof
    )
    assert call.call() is True
    assert call.estimate_gas() <= 45_000
