"""Deploys the registry contract on a chain, and says what is deployed there.

A creation is signed as anchors are, by a ``TransactionSigner``; what is believed in the end is the
runtime code that the node shows at the contract, compared with the artefact byte for byte.

Source of the method names: Ethereum JSON-RPC, https://ethereum.github.io/execution-apis/.
"""

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Final

from eth_hash.auto import keccak
from web3 import Web3
from web3.providers.base import BaseProvider

from anchoring.adapters.web3_node import check_network, node_errors, transaction_receipt
from anchoring.core.deployments import Deployment, check_code
from anchoring.core.errors import RejectedError, UnavailableError
from anchoring.core.networks import NetworkPreset
from anchoring.core.types import Address, BlockNumber, TransactionHash
from anchoring.ports import TransactionSigner

DEPLOYMENT_GAS: Final = 2_000_000
"""Gas limit of a creation. It takes 287,000 under Prague rules; EIP-8037, a draft, would take some
1,900,000 (https://eips.ethereum.org/EIPS/eip-8037)."""

DEPLOYMENT_TIP_WEI: Final = 10**9
"""Priority fee per gas, in wei."""


class RegistryDeployer:
    """The registry contract and one node of one network.

    Trust: the node's answers are believed. Retries: ``send`` twice deploys twice; ``confirm`` and
    ``check`` may be repeated.

    Args:
        provider: Any web3 provider.
        network: The network that the node must serve.

    Raises:
        UnavailableError: The node did not answer.
        WrongNetworkError: The node serves another chain.
    """

    def __init__(self, provider: BaseProvider, network: NetworkPreset) -> None:
        self._provider = provider
        self._web3 = Web3(provider)
        self._network = network
        artefact = json.loads((files("contracts") / "AnchorRegistry.json").read_text("utf-8"))
        self._creation = bytes.fromhex(artefact["bytecode"].removeprefix("0x"))
        self._runtime = bytes.fromhex(artefact["runtimeBytecode"].removeprefix("0x"))
        self._compiler: str = artefact["compiler"]
        check_network(provider, network)

    @property
    def code_hash(self) -> bytes:
        """Keccak-256 of the artefact's runtime code, 32 bytes."""
        return bytes(keccak(self._runtime))

    def send(self, signer: TransactionSigner) -> TransactionHash:
        """Sign a creation transaction, send it, and return its hash without waiting.

        Raises:
            RejectedError: The signer refuses.
            UnavailableError: Node or signer did not answer, or the node does not take the transaction.
            VerificationError: The signer signed something else.
        """
        with node_errors(self._network.name):
            sender = Web3.to_checksum_address(signer.address)
            nonce = self._web3.eth.get_transaction_count(sender, "pending")
            base_fee = self._web3.eth.get_block("latest")["baseFeePerGas"]
        signed = signer.sign_transaction(
            {
                "chainId": self._network.chain_id,
                "nonce": nonce,
                "maxPriorityFeePerGas": DEPLOYMENT_TIP_WEI,
                # Two base fees: the cap holds through six full blocks in a row (EIP-1559).
                "maxFeePerGas": 2 * base_fee + DEPLOYMENT_TIP_WEI,
                "gas": DEPLOYMENT_GAS,
                "to": b"",
                "value": 0,
                "data": self._creation,
            }
        )
        with node_errors(self._network.name):
            self._web3.eth.send_raw_transaction(signed)
        return TransactionHash(bytes(keccak(signed)))

    def confirm(
        self, transaction_hash: TransactionHash, *, attempts: int, wait: Callable[[], object]
    ) -> Deployment:
        """Wait until a block includes a creation, check the code it left, and return the record.

        Args:
            transaction_hash: The creation transaction.
            attempts: How often the node is asked, at least once.
            wait: Called between two questions.

        Raises:
            RejectedError: The transaction failed, or created no contract.
            UnavailableError: The node did not answer, or no block includes it yet.
            VerificationError: The contract has other code than the artefact.
        """
        receipt = transaction_receipt(self._provider, self._network.name, transaction_hash)
        for _ in range(attempts - 1):
            if receipt is not None:
                break
            wait()
            receipt = transaction_receipt(self._provider, self._network.name, transaction_hash)
        if receipt is None:
            raise UnavailableError(
                f"network {self._network.name}",
                f"no block includes transaction 0x{transaction_hash.hex()} yet",
            )
        created = receipt.get("contractAddress")
        if receipt["status"] != 1 or not created:
            raise RejectedError(
                f"network {self._network.name}",
                f"transaction 0x{transaction_hash.hex()} created no contract",
            )
        contract = Address(bytes.fromhex(created[2:]))
        return Deployment(
            network=self._network.name,
            chain_id=self._network.chain_id,
            genesis_hash=self._network.genesis_hash,
            contract=contract,
            transaction_hash=transaction_hash,
            block=BlockNumber(receipt["blockNumber"]),
            deployer=Address(bytes.fromhex(receipt["from"][2:])),
            code_hash=self.check(contract),
            compiler=self._compiler,
        )

    def check(self, contract: Address) -> bytes:
        """Return the hash of the code at a contract, which must be the artefact's.

        Raises:
            UnavailableError: The node did not answer.
            VerificationError: It shows other code there, or none.
        """
        with node_errors(self._network.name):
            code = bytes(self._web3.eth.get_code(Web3.to_checksum_address(contract)))
        return check_code(code, expected=self._runtime, contract=contract)
