"""The embedded chain: a py-evm chain in one SQLite file, mined by this process alone.

It speaks the same JSON-RPC as any node: ``provider()`` gives web3 a connection without a socket,
``answer()`` serves read-only requests to anyone. Every accepted transaction is mined at once in a
block of its own.

Durability: a transaction is acknowledged after its block is on stable storage; a killed process
loses nothing that was acknowledged. Trust: whoever holds the file can rewrite it, so this chain
proves order only to those who kept its block hashes; it exists for small installations and tests.
Threads: every method may be called from any thread.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, cast

from eth.abc import BlockHeaderAPI
from eth.chains.base import MiningChain
from eth.exceptions import PyEVMError, TransactionNotFound
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak
from eth_typing import Address as EvmAddress
from eth_typing import BlockNumber as EvmBlockNumber
from eth_typing import Hash32
from eth_utils.exceptions import ValidationError
from rlp.exceptions import RLPException
from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from anchoring.adapters.chain_embedded_backend import PersistentBackend
from anchoring.adapters.chain_embedded_json import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    SERVER_ERROR,
    Json,
    RpcError,
    data,
    parse_data,
    transaction_type,
)
from anchoring.adapters.chain_embedded_rpc import ChainReader
from anchoring.adapters.chain_embedded_store import SqliteStore
from anchoring.core.errors import RejectedError, VerificationError
from anchoring.core.types import (
    Address,
    BlockHash,
    BlockNumber,
    ChainId,
    RegistryLocation,
    TransactionHash,
)
from anchoring.ports import Clock

DEFAULT_CHAIN_ID: Final = ChainId(20_260)
"""Chain id of an embedded chain that was given none; no public chain had registered it in 2026."""

LOW_WEI: Final = 10**18
"""Balance under which ``fund`` tops an account up."""

GRANT_WEI: Final = 10**19
"""What ``fund`` sends."""

MAX_BATCH: Final = 100
"""Most requests of one JSON-RPC batch."""

_GENESIS: Final = EvmBlockNumber(0)
_DEPLOYMENT_KEY: Final = b"psephos:deployment:"
_TIP_WEI: Final = 10**9
_MAX_TYPE: Final = 2


class EmbeddedChain:
    """A whole chain and its only miner.

    Args:
        path: SQLite file of the chain.
        clock: Source of block timestamps.
        faucet: Account that deploys the contract and funds publishers.
        chain_id: EIP-155 id.

    Raises:
        UnavailableError: The file cannot be opened, or another process holds it.
        VerificationError: The file holds the chain of another faucet or chain id.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock,
        faucet: LocalAccount,
        chain_id: ChainId = DEFAULT_CHAIN_ID,
    ) -> None:
        self._lock = threading.RLock()
        self._clock = clock
        self._faucet = faucet
        self._store = SqliteStore(path)
        try:
            self._backend = PersistentBackend(
                self._store, chain_id, Address(bytes.fromhex(faucet.address[2:]))
            )
        except VerificationError:
            self._store.close()
            raise
        self._reader = ChainReader(self._py_evm)

    @property
    def chain_id(self) -> ChainId:
        """EIP-155 id of the chain."""
        return ChainId(self._py_evm().chain_id)

    @property
    def genesis_hash(self) -> BlockHash:
        """Hash of block 0."""
        with self._lock:
            return BlockHash(self._py_evm().chaindb.get_canonical_block_hash(_GENESIS))

    def close(self) -> None:
        """Close the file; the chain answers nothing afterwards."""
        with self._lock:
            self._store.close()

    def provider(self) -> "EmbeddedProvider":
        """Return a web3 provider that may also send transactions."""
        return EmbeddedProvider(self._owner_answer)

    def answer(self, request: object) -> Json | list[Json]:
        """Answer a read-only JSON-RPC 2.0 request or batch, whoever sent it; never raises.

        Args:
            request: A request object, or an array of at most ``MAX_BATCH``.

        Returns:
            The response object, or one per request of the batch, in order.
        """
        if not isinstance(request, list):
            return self._respond(request, self._reader.read)
        if not 1 <= len(request) <= MAX_BATCH:
            error = RpcError(INVALID_REQUEST, f"a batch has 1 to {MAX_BATCH} requests")
            return {"jsonrpc": "2.0", "id": None, "error": error.as_json()}
        return [self._respond(item, self._reader.read) for item in request]

    def fund(self, address: Address) -> TransactionHash | None:
        """Send wei to an account that has little; return the transaction, None if it has enough.

        Args:
            address: Account to fund, 20 bytes.
        """
        with self._lock:
            balance = self._py_evm().get_vm(self._head()).state.get_balance(EvmAddress(address))
            if balance >= LOW_WEI:
                return None
            return self._send({"to": address, "value": GRANT_WEI, "gas": 21_000})

    def deploy_registry(self) -> RegistryLocation:
        """Deploy the registry contract unless this chain has it; return where it is.

        Raises:
            RejectedError: The chain did not create the contract.
        """
        artefact = json.loads((files("contracts") / "AnchorRegistry.json").read_text("utf-8"))
        creation = bytes.fromhex(artefact["bytecode"].removeprefix("0x"))
        key = _DEPLOYMENT_KEY + keccak(creation)
        with self._lock:
            if key not in self._store:
                self._send({"data": creation, "gas": 2_000_000}, remember=key)
            receipt = cast(
                "dict[str, str]",
                self._reader.read("eth_getTransactionReceipt", [data(self._store[key])]),
            )
        if receipt["status"] != "0x1":
            raise RejectedError("embedded chain", "contract creation failed")
        return RegistryLocation(
            chain_id=self.chain_id,
            genesis_hash=self.genesis_hash,
            contract=Address(bytes.fromhex(receipt["contractAddress"][2:])),
            start_block=BlockNumber(int(receipt["blockNumber"], 16)),
        )

    def _py_evm(self) -> MiningChain:
        return self._backend.chain

    def _head(self) -> BlockHeaderAPI:
        return self._py_evm().get_canonical_head()

    def _owner_answer(self, request: Json) -> Json:
        return self._respond(request, self._owner_method)

    def _owner_method(self, method: str, params: list[object]) -> object:
        if method != "eth_sendRawTransaction":
            return self._reader.read(method, params)
        if len(params) != 1:
            raise RpcError(INVALID_PARAMS, f"{method} takes 1 parameter")
        return data(self._submit(parse_data(params[0], "transaction")))

    def _respond(self, request: object, method: Callable[[str, list[object]], object]) -> Json:
        response: Json = {"jsonrpc": "2.0", "id": None}
        try:
            name, params = _parse_request(request)
            response["id"] = cast("Json", request).get("id")
            with self._lock:
                return {**response, "result": method(name, params)}
        except RpcError as error:
            return {**response, "error": error.as_json()}

    def _send(self, fields: dict[str, Any], remember: bytes | None = None) -> TransactionHash:
        """Sign a transaction of the faucet and mine it; see ``_submit`` for ``remember``."""
        chain = self._py_evm()
        faucet = EvmAddress(bytes.fromhex(self._faucet.address[2:]))
        base_fee = chain.get_vm().get_header().base_fee_per_gas or 0
        signed = self._faucet.sign_transaction(
            {
                "type": 2,
                "chainId": self.chain_id,
                "nonce": chain.get_vm(self._head()).state.get_nonce(faucet),
                "maxFeePerGas": 2 * base_fee + _TIP_WEI,
                "maxPriorityFeePerGas": _TIP_WEI,
                "value": 0,
                "data": b"",
                **fields,
            }
        )
        return self._submit(bytes(signed.raw_transaction), remember)

    def _submit(self, raw: bytes, remember: bytes | None = None) -> TransactionHash:
        """Mine a signed transaction in a block of its own.

        Args:
            raw: Signed transaction.
            remember: Key under which the store keeps the hash, written with the block.

        Raises:
            RpcError: The chain knows the transaction already, or refuses it.
        """
        self._check_acceptable(raw)
        with self._mining() as chain:
            now = int(self._clock.now().timestamp())
            chain.set_header_timestamp(max(self._head().timestamp + 1, now))
            transaction_hash = self._backend.send_raw_transaction(raw)
            self._backend.mine_blocks(1)
            if remember is not None:
                self._store[remember] = transaction_hash
        return TransactionHash(transaction_hash)

    @contextmanager
    def _mining(self) -> Iterator[MiningChain]:
        committed = False
        try:
            with self._store.block():
                yield self._py_evm()
            committed = True
        except ValidationError as error:
            raise RpcError(SERVER_ERROR, f"transaction refused: {error}") from error
        finally:
            if not committed:
                self._backend.resume()

    def _check_acceptable(self, raw: bytes) -> None:
        chain = self._py_evm()
        vm = chain.get_vm(self._head())
        try:
            transaction = vm.get_transaction_builder().decode(raw)
            sender = transaction.sender
        except (
            PyEVMError,
            RLPException,
            ValidationError,
            ValueError,
            TypeError,
            IndexError,
        ) as error:
            raise RpcError(SERVER_ERROR, "transaction does not decode") from error
        if _is_known(chain, transaction.hash):
            raise RpcError(SERVER_ERROR, "already known")
        if transaction_type(transaction) > _MAX_TYPE:
            raise RpcError(SERVER_ERROR, "transaction type not supported")
        if transaction.chain_id != chain.chain_id:
            raise RpcError(SERVER_ERROR, "invalid chain id for signer")
        nonce = vm.state.get_nonce(sender)
        if transaction.nonce != nonce:
            side = "low" if transaction.nonce < nonce else "high"
            raise RpcError(SERVER_ERROR, f"nonce too {side}: next {nonce}")
        price = max(getattr(transaction, "max_fee_per_gas", 0), 0)
        if vm.state.get_balance(sender) < transaction.gas * price + transaction.value:
            raise RpcError(SERVER_ERROR, "insufficient funds for gas * price + value")


class EmbeddedProvider(JSONBaseProvider):
    """A web3 provider that hands requests to the chain in this process.

    Args:
        answer: Answers one JSON-RPC request object.
    """

    def __init__(self, answer: Callable[[Json], Json]) -> None:
        super().__init__()
        self._answer = answer

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:  # noqa: ANN401  # web3's signature
        """Answer as a node would over HTTP, JSON encoding included."""
        request = json.loads(self.encode_rpc_request(method, params))
        return cast("RPCResponse", self._answer(request))


def _parse_request(request: object) -> tuple[str, list[object]]:
    if not isinstance(request, dict) or request.get("jsonrpc") != "2.0":
        raise RpcError(INVALID_REQUEST, "not a JSON-RPC 2.0 request")
    method, params = request.get("method"), request.get("params", [])
    if not isinstance(method, str) or not isinstance(params, list):
        raise RpcError(INVALID_REQUEST, "method is not a string or params is not an array")
    return method, params


def _is_known(chain: MiningChain, transaction_hash: bytes) -> bool:
    try:
        chain.get_canonical_transaction_index(Hash32(transaction_hash))
    except TransactionNotFound:
        return False
    return True
