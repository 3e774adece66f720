"""The registry contract seen through web3, over HTTP or the embedded chain's provider.

Source of the method names: Ethereum JSON-RPC, https://ethereum.github.io/execution-apis/.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Final, Literal

import rlp
from eth_account import Account
from eth_hash.auto import keccak
from hexbytes import HexBytes
from rlp.exceptions import DecodingError
from web3 import Web3
from web3.exceptions import (
    BadResponseFormat,
    BlockNotFound,
    TransactionNotFound,
    Web3RPCError,
)
from web3.providers.base import BaseProvider
from web3.types import FilterParams, LogReceipt, TxParams

from anchoring.adapters.chain_node import ChainNode
from anchoring.adapters.chain_web3_blocks import capture_evidence
from anchoring.adapters.chain_web3_finality import capture_finality
from anchoring.adapters.web3_node import node_errors
from anchoring.core.anchor_states import (
    ChainChangedError,
    Fees,
    Finality,
    Nonce,
    Plan,
    TransactionStatus,
    Wei,
)
from anchoring.core.errors import (
    MalformedError,
    RejectedError,
    UnavailableError,
    VerificationError,
)
from anchoring.core.evidence import Evidence, event_topics
from anchoring.core.finality import FinalityStatement
from anchoring.core.transaction import check_signed_fields
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
from anchoring.ports import TransactionSigner

GAS_MARGIN_PERCENT: Final = 10
"""Added to the estimate: the first anchor of another publisher must not push ours out of gas."""

MAX_GAS: Final = 250_000
"""Gas limit never exceeded. A first anchor takes about 46,000 under Prague rules, and 134,000 where a
new storage slot is priced by EIP-8037, a draft (https://eips.ethereum.org/EIPS/eip-8037)."""

DEFAULT_TIP_WEI: Final = 10**9
"""Priority fee per gas, in wei."""

DEFAULT_LOG_RANGE: Final = 1_000
"""Blocks per ``eth_getLogs``; public nodes refuse more than some thousands."""

_KNOWN_WORDS: Final = ("already known", "alreadyknown", "already imported")
"""How geth, reth and Erigon, Nethermind, and anvil say that they hold the very same bytes."""

_DYNAMIC_FEE_TYPE: Final = 2
_TO_FIELD: Final = 5
_DATA_FIELD: Final = 7
_DYNAMIC_FEE_FIELDS: Final = 12


class Web3Chain:
    """One publisher's registry on one chain; implements ``ports.Chain``.

    Args:
        provider: Any web3 provider.
        signer: Holder of the publisher's key; what it signs is checked.
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
        signer: TransactionSigner,
        location: RegistryLocation,
        tip_wei: int = DEFAULT_TIP_WEI,
        log_range: int = DEFAULT_LOG_RANGE,
    ) -> None:
        self._web3 = Web3(provider)
        self._name = f"chain {location.chain_id}"
        self._signer = signer
        self._sender = Web3.to_checksum_address(signer.address)
        self._location = location
        self._tip_wei = tip_wei
        self._log_range = log_range
        artefact = json.loads((files("contracts") / "AnchorRegistry.json").read_text("utf-8"))
        self._registry = self._web3.eth.contract(
            address=Web3.to_checksum_address(location.contract), abi=artefact["abi"]
        )
        self._runtime = bytes.fromhex(artefact["runtimeBytecode"].removeprefix("0x"))
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
        return self._signer.address

    def published_head(self) -> PublishedHead:
        """Return the publisher's head in the latest block; see ``ports.Chain``."""
        with node_errors(self._name):
            size, prefix = self._registry.functions.head(self._sender).call()
        return PublishedHead(TreeSize(size), bytes(prefix))

    def check_identity(self) -> None:
        """Compare genesis and code again; see ``ports.Chain``."""
        with node_errors(self._name):
            genesis = bytes(self._web3.eth.get_block(0)["hash"])
            code = bytes(self._web3.eth.get_code(self._registry.address))
            height = int(self._web3.eth.block_number)
        if genesis != self._location.genesis_hash:
            expected = self._location.genesis_hash.hex()
            raise ChainChangedError("genesis", expected=expected, found=genesis.hex())
        if code == self._runtime:
            return
        if not code and height < self._location.start_block:
            raise UnavailableError("node", f"it is at block {height}, before the contract's")
        raise ChainChangedError(
            "registry code", expected=keccak(self._runtime).hex(), found=keccak(code).hex()
        )

    def finality(self) -> Finality:
        """Ask for the blocks tagged safe and finalized; see ``ports.Chain``."""
        return Finality(safe=self._tagged("safe"), finalized=self._tagged("finalized"))

    def block_hash(self, number: BlockNumber) -> BlockHash | None:
        """Ask for the block; see ``ports.Chain``."""
        with node_errors(self._name):
            try:
                return BlockHash(bytes(self._web3.eth.get_block(number)["hash"]))
            except BlockNotFound:
                return None

    def next_nonce(self) -> Nonce:
        """Ask for the count in the latest block; see ``ports.Chain``."""
        with node_errors(self._name):
            return Nonce(self._web3.eth.get_transaction_count(self._sender, "latest"))

    def suggested_fees(self) -> Fees:
        """Two base fees: the cap holds through six full blocks in a row; see ``ports.Chain``."""
        with node_errors(self._name):
            base_fee = self._web3.eth.get_block("latest")["baseFeePerGas"]
        return Fees(Wei(2 * base_fee + self._tip_wei), Wei(self._tip_wei))

    def transaction_status(self, transaction_hash: TransactionHash) -> TransactionStatus:
        """Ask for receipt, then transaction; see ``ports.Chain``."""
        with node_errors(self._name):
            try:
                receipt = self._web3.eth.get_transaction_receipt(HexBytes(transaction_hash))
            except TransactionNotFound:
                try:
                    self._web3.eth.get_transaction(HexBytes(transaction_hash))
                except TransactionNotFound:
                    return TransactionStatus.UNKNOWN
                return TransactionStatus.WAITING
        succeeded = receipt["status"] == 1
        return TransactionStatus.INCLUDED if succeeded else TransactionStatus.REVERTED

    def sign_anchor(self, head: Head, plan: Plan | None = None) -> bytes:
        """Return a signed EIP-1559 transaction; see ``ports.Chain``."""
        call = self._registry.functions.anchor(head.size, head.root)
        with node_errors(self._name):
            estimate = call.estimate_gas({"from": self._sender})
        gas = estimate + estimate * GAS_MARGIN_PERCENT // 100
        if gas > MAX_GAS:
            raise RejectedError("gas limit", f"{gas} gas for one anchor, limit {MAX_GAS}")
        plan = plan or Plan(self.next_nonce(), self.suggested_fees())
        fields: dict[str, int | bytes] = {
            "chainId": self._location.chain_id,
            "nonce": plan.nonce,
            "maxPriorityFeePerGas": plan.fees.priority_fee,
            "maxFeePerGas": plan.fees.max_fee,
            "gas": gas,
            "to": self._location.contract,
            "value": 0,
            "data": bytes.fromhex(call._encode_transaction_data()[2:]),  # noqa: SLF001  # web3 has no public name for it
        }
        signed = self._signer.sign_transaction(fields)
        self._check_signed(signed, fields)
        return signed

    def broadcast(self, signed_transaction: bytes) -> TransactionHash:
        """Send the transaction unless a block includes it; see ``ports.Chain``."""
        transaction_hash = TransactionHash(keccak(signed_transaction))
        if self._is_included(transaction_hash):
            return transaction_hash
        with node_errors(self._name):
            self._web3.eth.call(self._as_call(signed_transaction))
        try:
            with node_errors(self._name):
                self._web3.eth.send_raw_transaction(signed_transaction)
        except UnavailableError as error:
            if any(words in error.reason.lower() for words in _KNOWN_WORDS):
                return transaction_hash
            if "nonce too low" in error.reason and not self._is_included(transaction_hash):
                raise RejectedError("chain", error.reason) from error
            if "nonce too low" not in error.reason:
                raise
        return transaction_hash

    def find_anchor(self, size: TreeSize) -> Anchor | None:
        """Search the events from the newest block backwards; see ``ports.Chain``."""
        with node_errors(self._name):
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

    def _tagged(self, tag: Literal["safe", "finalized"]) -> BlockNumber:
        with node_errors(self._name):
            try:
                return BlockNumber(self._web3.eth.get_block(tag)["number"])
            except (BlockNotFound, BadResponseFormat):
                return BlockNumber(0)
            except Web3RPCError as error:
                # Nodes without a consensus layer word the missing tag each in its own way.
                if "block" in str(error.message).lower():
                    return BlockNumber(0)
                raise

    def _check_signed(self, signed: bytes, fields: Mapping[str, int | bytes]) -> None:
        try:
            check_signed_fields(signed, fields)
            sender = str(Account.recover_transaction(signed))
        except (MalformedError, TypeError, ValueError) as error:
            raise VerificationError(
                "signed transaction", expected="a transaction", found=str(error)
            ) from error
        if sender != self._sender:
            raise VerificationError(
                "signed transaction.sender", expected=self._sender, found=sender
            )

    def _check_chain(self, runtime: str) -> None:
        with node_errors(self._name):
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
        with node_errors(self._name):
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
            "from": self._sender,
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
