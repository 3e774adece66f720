"""The registry contract seen through web3, over HTTP or the embedded chain's provider.

Source of the method names: Ethereum JSON-RPC, https://ethereum.github.io/execution-apis/.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Final

import rlp
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak
from rlp.exceptions import DecodingError
from web3 import Web3
from web3.exceptions import ContractLogicError, TransactionNotFound, Web3Exception, Web3RPCError
from web3.providers.base import BaseProvider
from web3.types import FilterParams, LogReceipt, TxParams

from anchoring.adapters.chain_node import ChainNode
from anchoring.adapters.chain_web3_blocks import capture_evidence
from anchoring.adapters.chain_web3_finality import capture_finality
from anchoring.core.errors import (
    RejectedError,
    UnavailableError,
    VerificationError,
)
from anchoring.core.evidence import Evidence, event_topics
from anchoring.core.finality import FinalityStatement
from anchoring.core.types import (
    HASH_BYTES,
    Address,
    Anchor,
    BlockHash,
    BlockNumber,
    ChainId,
    Head,
    PublishedHead,
    RegistryLocation,
    RootHash,
    TransactionHash,
    TreeSize,
)

GAS_MARGIN_PERCENT: Final = 10
"""Added to the estimate: the first anchor of another publisher must not push ours out of gas."""

MAX_GAS: Final = 100_000
"""Gas limit never exceeded: a first anchor takes about 46,000."""

DEFAULT_TIP_WEI: Final = 10**9
"""Priority fee per gas, in wei."""

DEFAULT_LOG_RANGE: Final = 1_000
"""Blocks per ``eth_getLogs``; public nodes refuse more than some thousands."""

_DYNAMIC_FEE_TYPE: Final = 2
_TO_FIELD: Final = 5
_DATA_FIELD: Final = 7
_DYNAMIC_FEE_FIELDS: Final = 12


class Web3Chain:
    """One publisher's registry on one chain; implements ``ports.Chain``.

    Args:
        provider: Any web3 provider.
        account: Key of the publisher; signs locally, never leaves the process.
        location: The registry, and the chain that the provider must serve.
        tip_wei: Priority fee per gas.
        log_range: Blocks per ``eth_getLogs``.

    Raises:
        UnavailableError: The node did not answer.
        VerificationError: The node serves another chain, or other code lives at its address.
    """

    def __init__(
        self,
        provider: BaseProvider,
        *,
        account: LocalAccount,
        location: RegistryLocation,
        tip_wei: int = DEFAULT_TIP_WEI,
        log_range: int = DEFAULT_LOG_RANGE,
    ) -> None:
        self._web3 = Web3(provider)
        self._account = account
        self._location = location
        self._tip_wei = tip_wei
        self._log_range = log_range
        artefact = json.loads((files("contracts") / "AnchorRegistry.json").read_text("utf-8"))
        self._registry = self._web3.eth.contract(
            address=Web3.to_checksum_address(location.contract), abi=artefact["abi"]
        )
        self._check_chain(artefact["runtimeBytecode"])

    @property
    def chain_id(self) -> ChainId:
        """EIP-155 id of the chain."""
        return self._location.chain_id

    @property
    def contract(self) -> Address:
        """Address of the registry contract."""
        return self._location.contract

    @property
    def publisher(self) -> Address:
        """Account whose heads are read and written."""
        return Address(bytes.fromhex(self._account.address[2:]))

    def published_head(self) -> PublishedHead:
        """Return the publisher's head in the latest block; see ``ports.Chain``."""
        with _node_errors():
            size, prefix = self._registry.functions.head(self._account.address).call()
        return PublishedHead(TreeSize(size), bytes(prefix))

    def sign_anchor(self, head: Head) -> bytes:
        """Return a signed EIP-1559 transaction; see ``ports.Chain``."""
        call = self._registry.functions.anchor(head.size, head.root)
        with _node_errors():
            nonce = self._web3.eth.get_transaction_count(self._account.address, "pending")
            estimate = call.estimate_gas({"from": self._account.address})
            base_fee = self._web3.eth.get_block("latest")["baseFeePerGas"]
        gas = estimate + estimate * GAS_MARGIN_PERCENT // 100
        if gas > MAX_GAS:
            raise RejectedError("gas limit", f"{gas} gas for one anchor, limit {MAX_GAS}")
        signed = self._account.sign_transaction(
            {
                "type": _DYNAMIC_FEE_TYPE,
                "chainId": self._location.chain_id,
                "nonce": nonce,
                "maxPriorityFeePerGas": self._tip_wei,
                # Two base fees: the cap holds through six full blocks in a row (EIP-1559).
                "maxFeePerGas": 2 * base_fee + self._tip_wei,
                "gas": gas,
                "to": self._registry.address,
                "value": 0,
                "data": bytes.fromhex(call._encode_transaction_data()[2:]),  # noqa: SLF001  # web3 has no public name for it
            }
        )
        return bytes(signed.raw_transaction)

    def broadcast(self, signed_transaction: bytes) -> TransactionHash:
        """Send the transaction unless a block includes it; see ``ports.Chain``."""
        transaction_hash = TransactionHash(keccak(signed_transaction))
        if self._is_included(transaction_hash):
            return transaction_hash
        with _node_errors():
            self._web3.eth.call(self._as_call(signed_transaction))
        try:
            with _node_errors():
                self._web3.eth.send_raw_transaction(signed_transaction)
        except UnavailableError as error:
            if "already known" in error.reason:
                return transaction_hash
            if "nonce too low" in error.reason and not self._is_included(transaction_hash):
                raise RejectedError("chain", error.reason) from error
            if "nonce too low" not in error.reason:
                raise
        return transaction_hash

    def find_anchor(self, size: TreeSize) -> Anchor | None:
        """Search the events from the newest block backwards; see ``ports.Chain``."""
        with _node_errors():
            last = int(self._web3.eth.block_number)
            while last >= self._location.start_block:
                first = max(self._location.start_block, last - self._log_range + 1)
                for log in reversed(self._logs(first, last)):
                    anchor = self._anchor(log)
                    if anchor.head.size == size:
                        return anchor
                    if anchor.head.size < size:
                        return None
                last = first - 1
        return None

    def capture_evidence(self, anchor: Anchor) -> Evidence:
        """Rebuild the block's tries and prove the anchor; see ``ports.Chain``."""
        return capture_evidence(ChainNode(self._web3.provider), anchor)

    def capture_finality(self, anchor: Anchor) -> FinalityStatement | None:
        """Return a final block and its link to the anchor's, None while there is none.

        Raises:
            UnavailableError: The node did not answer.
            VerificationError: The final block does not descend from the anchor's.
        """
        return capture_finality(ChainNode(self._web3.provider), anchor)

    def _check_chain(self, runtime: str) -> None:
        with _node_errors():
            facts = (
                ("chain.id", str(self._location.chain_id), str(self._web3.eth.chain_id)),
                (
                    "chain.genesis",
                    self._location.genesis_hash.hex(),
                    bytes(self._web3.eth.get_block(0)["hash"]).hex(),
                ),
                (
                    "chain.contract",
                    runtime.removeprefix("0x"),
                    bytes(self._web3.eth.get_code(self._registry.address)).hex(),
                ),
            )
        for step, expected, found in facts:
            if expected != found:
                raise VerificationError(step, expected=expected, found=found)

    def _is_included(self, transaction_hash: TransactionHash) -> bool:
        """Tell whether a block includes the transaction.

        Raises:
            RejectedError: One does, and the contract reverted it.
        """
        with _node_errors():
            try:
                receipt = self._web3.eth.get_transaction_receipt(transaction_hash)  # type: ignore[arg-type]  # a NewType of bytes
            except TransactionNotFound:
                return False
        if receipt["status"] != 1:
            raise RejectedError("AnchorRegistry", "the transaction was included and reverted")
        return True

    def _as_call(self, signed_transaction: bytes) -> TxParams:
        """Return the call that the transaction makes, to learn what the contract says of it."""
        try:
            if signed_transaction[:1] != bytes([_DYNAMIC_FEE_TYPE]):
                raise RejectedError("chain", "not an EIP-1559 transaction")
            fields = rlp.decode(signed_transaction[1:], strict=True)
        except DecodingError as error:
            raise RejectedError("chain", "transaction does not decode") from error
        if len(fields) != _DYNAMIC_FEE_FIELDS:
            raise RejectedError("chain", "transaction does not decode")
        return {
            "from": self._account.address,
            "to": Web3.to_checksum_address(fields[_TO_FIELD]),
            "data": fields[_DATA_FIELD],
        }

    def _logs(self, first: int, last: int) -> list[LogReceipt]:
        wanted: FilterParams = {
            "fromBlock": first,
            "toBlock": last,
            "address": self._registry.address,
            "topics": ["0x" + topic.hex() for topic in event_topics(self.publisher)],
        }
        return [log for log in self._web3.eth.get_logs(wanted) if not log["removed"]]

    def _anchor(self, log: LogReceipt) -> Anchor:
        payload = bytes(log["data"])
        if len(payload) != 3 * HASH_BYTES:
            raise UnavailableError("node", f"it shows an event of {len(payload)} bytes")
        return Anchor(
            chain_id=self._location.chain_id,
            contract=self._location.contract,
            publisher=self.publisher,
            head=Head(
                TreeSize(int.from_bytes(payload[:HASH_BYTES], "big")),
                RootHash(payload[HASH_BYTES : 2 * HASH_BYTES]),
            ),
            transaction_hash=TransactionHash(bytes(log["transactionHash"])),
            block_number=BlockNumber(log["blockNumber"]),
            block_hash=BlockHash(bytes(log["blockHash"])),
        )


@contextmanager
def _node_errors() -> Iterator[None]:
    """Say whose fault a web3 failure is: the contract's answer is final, the node's is not."""
    try:
        yield
    except ContractLogicError as error:
        raise RejectedError("AnchorRegistry", str(error.message)) from error
    except Web3RPCError as error:
        raise UnavailableError("node", str(error.message)) from error
    except (Web3Exception, OSError, ValueError) as error:
        raise UnavailableError("node", f"{type(error).__name__}: {error}") from error
