"""One Ethereum node through web3: how to reach it, whose chain it serves, what a transaction cost.

Source of the method names: Ethereum JSON-RPC, https://ethereum.github.io/execution-apis/.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from web3 import HTTPProvider, Web3
from web3.exceptions import (
    BlockNotFound,
    ContractLogicError,
    TransactionNotFound,
    Web3Exception,
    Web3RPCError,
)
from web3.providers.base import BaseProvider
from web3.types import TxReceipt

from anchoring.core.errors import MalformedError, RejectedError, UnavailableError
from anchoring.core.networks import NetworkPreset
from anchoring.core.types import BlockHash, BlockNumber, TransactionHash

NODE_TIMEOUT_S: Final = 10.0
"""Longest wait for one answer of a node, in seconds."""


@dataclass(frozen=True, slots=True)
class TransactionCost:
    """What an included transaction cost its sender."""

    gas_used: int
    """Gas, 21,000 or more."""
    gas_price_wei: int
    """Price of one gas: base fee of the block and the tip that was paid."""


class NodeBlocks:
    """Implements ``ports.BlockSource``: one node's word on which blocks are on its network.

    Args:
        provider: The node.
        network: Its network; checked before the first answer is believed.
    """

    def __init__(self, provider: BaseProvider, network: NetworkPreset) -> None:
        self._provider: Final = provider
        self._network: Final = network
        self._checked = False

    def block_hash(self, number: BlockNumber) -> BlockHash | None:
        """Return the hash of the canonical block at that height, None if there is no such block yet.

        Raises:
            UnavailableError: The node did not answer.
            WrongNetworkError: It serves another chain.
        """
        if not self._checked:
            check_network(self._provider, self._network)
            self._checked = True
        with node_errors(self._network.name):
            try:
                block = Web3(self._provider).eth.get_block(number)
            except BlockNotFound:
                return None
        return BlockHash(bytes(block["hash"]))


def node_provider(url: str) -> BaseProvider:
    """Return a provider that asks each question once: whoever asks decides about asking again.

    Args:
        url: Address of the node, ``http`` or ``https``.

    Raises:
        MalformedError: Another scheme.
    """
    if not url.startswith(("http://", "https://")):
        raise MalformedError("node address", "not http://… or https://…")
    return HTTPProvider(
        url, request_kwargs={"timeout": NODE_TIMEOUT_S}, exception_retry_configuration=None
    )


def check_network(provider: BaseProvider, network: NetworkPreset) -> None:
    """Check that a node serves a network.

    Raises:
        UnavailableError: The node did not answer.
        WrongNetworkError: It serves another chain.
    """
    web3 = Web3(provider)
    with node_errors(network.name):
        chain_id = int(web3.eth.chain_id)
        genesis_hash = bytes(web3.eth.get_block(0)["hash"])
    network.check_node(chain_id=chain_id, genesis_hash=genesis_hash)


def transaction_receipt(
    provider: BaseProvider, network: str, transaction_hash: TransactionHash
) -> TxReceipt | None:
    """Return what the node says of an included transaction, None while no block includes it.

    Args:
        provider: The node.
        network: Name of its network, for errors.
        transaction_hash: The transaction.

    Raises:
        UnavailableError: The node did not answer.
    """
    with node_errors(network):
        try:
            return Web3(provider).eth.get_transaction_receipt(transaction_hash)  # type: ignore[arg-type]  # a NewType of bytes
        except TransactionNotFound:
            return None


def transaction_cost(
    provider: BaseProvider, network: str, transaction_hash: TransactionHash
) -> TransactionCost | None:
    """Return what a transaction cost, None while no block includes it; as ``transaction_receipt``."""
    receipt = transaction_receipt(provider, network, transaction_hash)
    if receipt is None:
        return None
    with node_errors(network):
        return TransactionCost(int(receipt["gasUsed"]), int(receipt["effectiveGasPrice"]))


@contextmanager
def node_errors(network: str) -> Iterator[None]:
    """Say whose fault a web3 failure is: a contract's refusal is final, a node's silence is not.

    Args:
        network: Name of the network; addresses of nodes may carry access keys, so none is shown.
    """
    node = f"node of {network}"
    try:
        yield
    except ContractLogicError as error:
        raise RejectedError(node, str(error.message)) from error
    except Web3RPCError as error:
        raise UnavailableError(node, str(error.message)) from error
    except OSError as error:
        # The text of a failed request names the whole address.
        raise UnavailableError(node, f"no answer ({type(error).__name__})") from error
    except (Web3Exception, ValueError, KeyError) as error:
        raise UnavailableError(node, f"{type(error).__name__}: {error}") from error
