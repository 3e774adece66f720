"""Which chains are known by name, and which nodes are believed to serve them."""

import pytest

from anchoring.core.errors import AnchoringError, MalformedError, VerificationError
from anchoring.core.networks import (
    EMBEDDED_NETWORK,
    HOODI,
    MAX_CHAIN_ID,
    PRESETS,
    SEPOLIA,
    NetworkPreset,
    WrongNetworkError,
    custom_network,
    name_of_chain,
)
from anchoring.core.types import ChainId


def test_presets__of_public_networks__are_the_published_ones() -> None:
    assert {name: (each.chain_id, each.genesis_hash.hex()) for name, each in PRESETS.items()} == {
        "hoodi": (
            560_048,
            "bbe312868b376a3001692a646dd2d7d1e4406380dfd86b98aa8a34d1557c971b",
        ),
        "sepolia": (
            11_155_111,
            "25a5cc106eea7138acab33231d7160d69cb777ee0c2c553fcddf5138993e6dd9",
        ),
    }
    assert all(name == each.name for name, each in PRESETS.items())


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.name)
def test_check_node__of_the_right_node__accepts_it(preset: NetworkPreset) -> None:
    preset.check_node(chain_id=preset.chain_id, genesis_hash=preset.genesis_hash)


def test_check_node__of_another_chain_id__names_network_and_both_ids() -> None:
    with pytest.raises(WrongNetworkError) as caught:
        HOODI.check_node(chain_id=SEPOLIA.chain_id, genesis_hash=HOODI.genesis_hash)
    error = caught.value
    assert (error.network, error.step) == ("hoodi", "network.chain-id")
    assert (error.expected, error.found) == ("560048", "11155111")
    assert str(error) == (
        "the node is not one of network hoodi: network.chain-id: expected 560048, found 11155111"
    )
    assert isinstance(error, VerificationError)
    assert error.args == ("hoodi", "network.chain-id", "560048", "11155111")


def test_check_node__of_another_genesis__names_both_hashes() -> None:
    with pytest.raises(WrongNetworkError) as caught:
        HOODI.check_node(chain_id=HOODI.chain_id, genesis_hash=SEPOLIA.genesis_hash)
    error = caught.value
    assert error.step == "network.genesis"
    assert error.expected == f"0x{HOODI.genesis_hash.hex()}"
    assert error.found == f"0x{SEPOLIA.genesis_hash.hex()}"


@pytest.mark.parametrize("name", ["local", "a", "a" * 32, "x-1_y"])
def test_custom_network__of_a_new_name__is_that(name: str) -> None:
    network = custom_network(name, chain_id=MAX_CHAIN_ID, genesis_hash=b"\1" * 32)
    assert network == NetworkPreset(name, ChainId(MAX_CHAIN_ID), network.genesis_hash)


@pytest.mark.parametrize("name", ["", "a" * 33, "1a", "-a", "A", "a b", "a\n", "é"])
def test_custom_network__of_another_form_of_name__is_malformed(name: str) -> None:
    with pytest.raises(MalformedError):
        custom_network(name, chain_id=1, genesis_hash=b"\1" * 32)


@pytest.mark.parametrize("name", [EMBEDDED_NETWORK, "hoodi", "sepolia"])
def test_custom_network__of_a_taken_name__is_malformed(name: str) -> None:
    with pytest.raises(MalformedError) as caught:
        custom_network(name, chain_id=1, genesis_hash=b"\1" * 32)
    assert caught.value.reason == f"{name} is another network"


def test_custom_network__spelling_out_a_preset__is_the_preset() -> None:
    network = custom_network(
        "hoodi", chain_id=HOODI.chain_id, genesis_hash=bytes(HOODI.genesis_hash)
    )
    assert network == HOODI


@pytest.mark.parametrize(
    ("chain_id", "length"), [(0, 32), (MAX_CHAIN_ID + 1, 32), (1, 31), (1, 33)]
)
def test_custom_network__out_of_bounds__is_malformed(chain_id: int, length: int) -> None:
    with pytest.raises(AnchoringError):
        custom_network("local", chain_id=chain_id, genesis_hash=b"\1" * length)


def test_name_of_chain__known_and_unknown__is_told() -> None:
    assert name_of_chain(HOODI.chain_id) == "hoodi"
    assert name_of_chain(ChainId(5)) == "chain 5"
