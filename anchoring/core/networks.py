"""Chains on which a ledger may be anchored, and how to recognise each by its first block.

N1. A network is known by its name here and by chain id and genesis hash to its nodes.
N2. A node is believed to serve a network only if both are those of the network; nothing is sent else.
N3. The embedded chain is made by its server, so no preset can name its genesis.

Sources: chain ids and genesis hashes of Sepolia and Hoodi from
https://github.com/eth-clients/sepolia and https://github.com/eth-clients/hoodi; chain ids of EIP-155,
https://eips.ethereum.org/EIPS/eip-155.
"""

import re
from dataclasses import dataclass
from typing import Final

from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.types import HASH_BYTES, BlockHash, ChainId

EMBEDDED_NETWORK: Final = "embedded"
"""Name of the chain that a server makes and mines itself."""

MAX_NETWORK_NAME_LENGTH: Final = 32
"""Longest name of a network, in characters: names stand in variables, files and tables."""

MAX_CHAIN_ID: Final = 2**53 - 1
"""Largest chain id: receipts and trust files carry it as a JSON integer."""

_NAME: Final = re.compile(rf"[a-z][a-z0-9_-]{{0,{MAX_NETWORK_NAME_LENGTH - 1}}}")


class WrongNetworkError(VerificationError):
    """A node serves another chain than the network it was named for.

    Args:
        network: Name of the network.
        step: What differs: ``network.chain-id`` or ``network.genesis``.
        expected: What the network has.
        found: What the node has.
    """

    def __init__(self, network: str, step: str, *, expected: str, found: str) -> None:
        super().__init__(step, expected=expected, found=found)
        # BaseException keeps these for pickling and repr; they are the arguments of this class.
        self.args = (network, step, expected, found)
        self.network = network

    def __str__(self) -> str:
        return f"the node is not one of network {self.network}: {super().__str__()}"


@dataclass(frozen=True, slots=True)
class NetworkPreset:
    """A public chain that everyone knows by the same first block."""

    name: str
    """What settings, commands and trust files call it."""
    chain_id: ChainId
    """EIP-155 chain id, 1 or more."""
    genesis_hash: BlockHash
    """Hash of its block 0, 32 bytes."""

    def check_node(self, *, chain_id: int, genesis_hash: bytes) -> None:
        """Check N2.

        Args:
            chain_id: What the node answers to ``eth_chainId``.
            genesis_hash: Hash of the node's block 0.

        Raises:
            WrongNetworkError: The node serves another chain.
        """
        if chain_id != self.chain_id:
            raise WrongNetworkError(
                self.name,
                "network.chain-id",
                expected=str(self.chain_id),
                found=str(chain_id),
            )
        if genesis_hash != self.genesis_hash:
            raise WrongNetworkError(
                self.name,
                "network.genesis",
                expected=f"0x{self.genesis_hash.hex()}",
                found=f"0x{genesis_hash.hex()}",
            )


HOODI: Final = NetworkPreset(
    "hoodi",
    ChainId(560_048),
    BlockHash(
        bytes.fromhex("bbe312868b376a3001692a646dd2d7d1e4406380dfd86b98aa8a34d1557c971b"),
    ),
)
"""The test network that is announced to live until December 2028; the default choice in 2026."""

SEPOLIA: Final = NetworkPreset(
    "sepolia",
    ChainId(11_155_111),
    BlockHash(
        bytes.fromhex("25a5cc106eea7138acab33231d7160d69cb777ee0c2c553fcddf5138993e6dd9"),
    ),
)
"""The older test network, whose end was announced for 30 September 2026."""

PRESETS: Final = {preset.name: preset for preset in (HOODI, SEPOLIA)}
"""Public networks by name."""


def custom_network(name: str, *, chain_id: int, genesis_hash: bytes) -> NetworkPreset:
    """Return a network that no preset describes.

    Args:
        name: 1 to 32 lowercase letters, digits, ``-`` and ``_``, a letter first.
        chain_id: EIP-155 chain id, 1 to ``MAX_CHAIN_ID``.
        genesis_hash: Hash of its block 0, 32 bytes.

    Raises:
        MalformedError: A part is not of that form, or the name belongs to another network.
    """
    if not _NAME.fullmatch(name):
        raise MalformedError(
            "network name", "not 1 to 32 of a-z, 0-9, - and _ that begin with a letter"
        )
    if not 1 <= chain_id <= MAX_CHAIN_ID:
        raise MalformedError("network chain id", f"not 1 to {MAX_CHAIN_ID}")
    if len(genesis_hash) != HASH_BYTES:
        raise MalformedError("network genesis hash", f"not {HASH_BYTES} bytes")
    network = NetworkPreset(name, ChainId(chain_id), BlockHash(genesis_hash))
    if name == EMBEDDED_NETWORK or PRESETS.get(name, network) != network:
        raise MalformedError("network name", f"{name} is another network")
    return network


def name_of_chain(chain_id: ChainId) -> str:
    """Return the name of a public chain, ``chain <id>`` for any other."""
    for preset in PRESETS.values():
        if preset.chain_id == chain_id:
            return preset.name
    return f"chain {chain_id}"
