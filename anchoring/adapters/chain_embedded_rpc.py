"""Read-only JSON-RPC 2.0 over a py-evm chain: an allow-list of methods, strict parameters.

Tags: one sequencer mines and nothing is reorganised, so latest, safe, finalized and pending are the
same block. Bounds: a batch, a log search, the gas and the code of a call are limited, because one
slow request would hold the chain for everyone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, cast

import rlp
from eth.abc import BlockAPI, BlockHeaderAPI, ReceiptAPI, SignedTransactionAPI
from eth.chains.base import MiningChain
from eth.constants import CREATE_CONTRACT_ADDRESS
from eth.estimators.gas import binary_gas_search
from eth.exceptions import HeaderNotFound, Revert, TransactionNotFound, VMError
from eth.vm.spoof import SpoofTransaction
from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_hash.auto import keccak
from eth_typing import Address, BlockNumber, Hash32
from eth_utils.exceptions import ValidationError

from anchoring.adapters.chain_embedded_json import (
    EXECUTION_REVERTED,
    INVALID_PARAMS,
    LIMIT_EXCEEDED,
    METHOD_NOT_FOUND,
    SERVER_ERROR,
    Json,
    RpcError,
    block_json,
    data,
    logs_json,
    parse_data,
    parse_object,
    parse_quantity,
    quantity,
    receipt_json,
    transaction_json,
)
from anchoring.core.contract_signatures import PROGRAM

CLIENT_VERSION: Final = "psephos-embedded/1"
"""Answer to ``web3_clientVersion``."""

MAX_LOG_RANGE: Final = 1_000
"""Most blocks that one ``eth_getLogs`` reads."""

MAX_CALL_GAS: Final = 5_000_000
"""Gas of one ``eth_call``: over twenty times what the longest inclusion proof takes."""

_TAGS = frozenset({"latest", "safe", "finalized", "pending"})
_FILTER_FIELDS = frozenset({"fromBlock", "toBlock", "address", "topics", "blockHash"})
_CALL_FIELDS = frozenset(
    {"from", "to", "gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas", "value", "data"}
    | {"input", "nonce", "chainId", "type", "accessList"}
)
_ERROR_SELECTOR = bytes.fromhex("08c379a0")

Params = Sequence[object]
"""Positional parameters of a request."""


class ChainReader:
    """Answers JSON-RPC methods from one chain; not thread-safe, its owner holds a lock.

    Args:
        chain: Returns the chain as it stands; called for every request.
    """

    def __init__(self, chain: Callable[[], MiningChain]) -> None:
        self._chain = chain
        self._methods: Mapping[str, tuple[int, int, Callable[[Params], object]]] = {
            "eth_chainId": (0, 0, lambda _: quantity(self._chain().chain_id)),
            "net_version": (0, 0, lambda _: str(self._chain().chain_id)),
            "web3_clientVersion": (0, 0, lambda _: CLIENT_VERSION),
            "eth_blockNumber": (0, 0, lambda _: quantity(self._head().block_number)),
            "eth_gasPrice": (0, 0, lambda _: quantity(self._base_fee())),
            "eth_getBlockByNumber": (1, 2, self._block_by_number),
            "eth_getBlockByHash": (1, 2, self._block_by_hash),
            "eth_getTransactionByHash": (1, 1, self._transaction),
            "eth_getTransactionReceipt": (1, 1, self._receipt),
            "eth_getLogs": (1, 1, self._logs),
            "eth_call": (1, 2, self._call),
            "eth_estimateGas": (1, 2, self._estimate_gas),
            "eth_getCode": (1, 2, lambda p: data(self._state(p, 1).get_code(_address(p[0])))),
            "eth_getBalance": (
                1,
                2,
                lambda p: quantity(self._state(p, 1).get_balance(_address(p[0]))),
            ),
            "eth_getTransactionCount": (
                1,
                2,
                lambda p: quantity(self._state(p, 1).get_nonce(_address(p[0]))),
            ),
            "eth_getStorageAt": (2, 3, self._storage),
            "debug_getRawHeader": (1, 1, lambda p: data(rlp.encode(self._header(p[0])))),
            "debug_getRawBlock": (1, 1, lambda p: data(rlp.encode(self._block(p[0])))),
            "debug_getRawReceipts": (1, 1, self._raw_receipts),
            "debug_getRawTransaction": (1, 1, self._raw_transaction),
        }

    def read(self, method: str, params: Params) -> object:
        """Return the result of a read-only method.

        Args:
            method: JSON-RPC name.
            params: Positional parameters.

        Raises:
            RpcError: The method is not offered, the parameters do not fit, or the chain refuses.
        """
        if method not in self._methods:
            raise RpcError(METHOD_NOT_FOUND, f"method {method} is not offered")
        least, most, answer = self._methods[method]
        if not least <= len(params) <= most:
            raise RpcError(INVALID_PARAMS, f"{method} takes {least} to {most} parameters")
        return answer(params)

    def _head(self) -> BlockHeaderAPI:
        return self._chain().get_canonical_head()

    def _base_fee(self) -> int:
        return self._chain().get_vm().get_header().base_fee_per_gas or 0

    def _header(self, identifier: object) -> BlockHeaderAPI:
        """Return the header named by a tag, a number or a 32-byte hash."""
        if not isinstance(identifier, str):
            raise RpcError(INVALID_PARAMS, "block is not a tag, quantity or hash")
        try:
            if identifier in _TAGS:
                return self._head()
            if identifier == "earliest":
                return self._chain().get_canonical_block_header_by_number(BlockNumber(0))
            if len(identifier) == 66:
                block_hash = parse_data(identifier, "block hash", 32)
                return self._chain().get_block_header_by_hash(Hash32(block_hash))
            number = parse_quantity(identifier, "block number")
            return self._chain().get_canonical_block_header_by_number(BlockNumber(number))
        except HeaderNotFound as error:
            raise RpcError(SERVER_ERROR, "block not found") from error

    def _block(self, identifier: object) -> BlockAPI:
        return self._chain().get_block_by_header(self._header(identifier))

    def _state(self, params: Params, position: int):  # type: ignore[no-untyped-def]  # noqa: ANN202  # py-evm's StateAPI hides what its states offer
        identifier = params[position] if len(params) > position else "latest"
        return self._chain().get_vm(self._header(identifier)).state

    def _found_block(self, identifier: object, params: Params) -> Json | None:
        full = params[1] if len(params) > 1 else False
        if not isinstance(full, bool):
            raise RpcError(INVALID_PARAMS, "full transactions is not a boolean")
        try:
            return block_json(self._block(identifier), full_transactions=full)
        except RpcError as error:
            if error.message == "block not found":
                return None
            raise

    def _block_by_number(self, params: Params) -> Json | None:
        if isinstance(params[0], str) and len(params[0]) == 66:
            raise RpcError(INVALID_PARAMS, "block number is not a quantity")
        return self._found_block(params[0], params)

    def _block_by_hash(self, params: Params) -> Json | None:
        parse_data(params[0], "block hash", 32)
        return self._found_block(params[0], params)

    def _located(self, params: Params) -> tuple[BlockHeaderAPI, SignedTransactionAPI, int] | None:
        transaction_hash = parse_data(params[0], "transaction hash", 32)
        chain = self._chain()
        try:
            number, index = chain.get_canonical_transaction_index(Hash32(transaction_hash))
        except TransactionNotFound:
            return None
        header = chain.get_canonical_block_header_by_number(number)
        return header, chain.get_canonical_transaction_by_index(number, index), index

    def _receipts(self, header: BlockHeaderAPI) -> tuple[ReceiptAPI, ...]:
        builder = self._chain().get_vm_class(header).get_receipt_builder()
        return self._chain().chaindb.get_receipts(header, builder)

    def _hashes(self, header: BlockHeaderAPI) -> Sequence[bytes]:
        return self._chain().chaindb.get_block_transaction_hashes(header)

    def _transaction(self, params: Params) -> Json | None:
        located = self._located(params)
        return None if located is None else transaction_json(*located)

    def _receipt(self, params: Params) -> Json | None:
        located = self._located(params)
        if located is None:
            return None
        header, transaction, index = located
        created = keccak(rlp.encode([transaction.sender, transaction.nonce]))[12:]
        return receipt_json(
            header,
            transaction,
            index,
            self._receipts(header),
            self._hashes(header),
            None if transaction.to else created,
        )

    def _raw_receipts(self, params: Params) -> list[str | None]:
        return [data(receipt.encode()) for receipt in self._receipts(self._header(params[0]))]

    def _raw_transaction(self, params: Params) -> str | None:
        located = self._located(params)
        return "0x" if located is None else data(located[1].encode())

    def _storage(self, params: Params) -> str | None:
        slot = parse_quantity(_shorten(params[1]), "slot")
        value = self._state(params, 2).get_storage(_address(params[0]), slot)
        return data(value.to_bytes(32, "big"))

    def _logs(self, params: Params) -> list[Json]:
        wanted = parse_object(params[0], "filter", _FILTER_FIELDS)
        addresses, topics = _filter_addresses(wanted), _filter_topics(wanted)
        found: list[Json] = []
        for header in self._filter_headers(wanted):
            # An empty bloom means no log (Yellow Paper, 4.4.3), so most blocks need no receipts.
            if header.bloom == 0:
                continue
            logs = logs_json(header, self._receipts(header), self._hashes(header))
            found.extend(log for log in logs if _matches(log, addresses, topics))
        return found

    def _filter_headers(self, wanted: Mapping[str, object]) -> Sequence[BlockHeaderAPI]:
        if "blockHash" in wanted:
            if "fromBlock" in wanted or "toBlock" in wanted:
                raise RpcError(INVALID_PARAMS, "blockHash excludes fromBlock and toBlock")
            parse_data(wanted["blockHash"], "blockHash", 32)
            return [self._header(wanted["blockHash"])]
        latest = self._head().block_number
        first, last = (
            _filter_number(wanted.get(name, "latest"), name, latest)
            for name in ("fromBlock", "toBlock")
        )
        if first > last:
            raise RpcError(INVALID_PARAMS, "fromBlock is after toBlock")
        if last - first >= MAX_LOG_RANGE:
            raise RpcError(LIMIT_EXCEEDED, f"more than {MAX_LOG_RANGE} blocks")
        return [self._header(hex(number)) for number in range(first, min(last, latest) + 1)]

    def _spoofed(self, params: Params) -> tuple[BlockHeaderAPI, SpoofTransaction | None]:
        """Return the state's header and the call, None where no code would run.

        A call runs only code that is deployed: creation code and precompiles, some of which take
        seconds in pure Python, would let anyone hold the chain. The one creation code that is run is the
        program that asks contract accounts for signatures, which itself calls deployed code only.
        """
        call = parse_object(params[0], "call", _CALL_FIELDS)
        sender = _address(call.get("from", "0x" + "00" * 20))
        payload = parse_data(call.get("input", call.get("data", "0x")), "data")
        gas = min(parse_quantity(call.get("gas", hex(MAX_CALL_GAS)), "gas"), MAX_CALL_GAS)
        value = parse_quantity(call.get("value", "0x0"), "value")
        header = self._header(params[1] if len(params) > 1 else "latest")
        vm = self._chain().get_vm(header)
        asks = "to" not in call and payload.startswith(PROGRAM)
        to = CREATE_CONTRACT_ADDRESS if asks else _address(call.get("to"))
        if not asks and not vm.state.get_code(to):
            return header, None
        unsigned = vm.create_unsigned_transaction(
            nonce=vm.state.get_nonce(sender),
            gas_price=0,
            gas=gas,
            to=to,
            value=value,
            data=payload,
        )
        return header, SpoofTransaction(unsigned, from_=sender)

    def _call(self, params: Params) -> str | None:
        header, transaction = self._spoofed(params)
        if transaction is None:
            return "0x"
        with _execution_errors():
            result = self._chain().get_transaction_result(transaction, header)  # type: ignore[arg-type]  # a spoofed transaction stands in for a signed one
        return data(result)

    def _estimate_gas(self, params: Params) -> str | None:
        header, transaction = self._spoofed(params)
        if transaction is None:
            raise RpcError(INVALID_PARAMS, "no code at that address")
        with _execution_errors():
            chain = self._chain()
            chain.get_transaction_result(transaction, header)  # type: ignore[arg-type]  # as in _call
            with chain.get_vm(header).in_costless_state() as state:
                estimate: int = binary_gas_search(state, transaction, tolerance=1)
        return quantity(estimate)


@contextmanager
def _execution_errors() -> Iterator[None]:
    """Turn what the machine says of a call into the error a node answers."""
    try:
        yield
    except Revert as error:
        output = bytes(error.args[0]) if error.args else b""
        reason = _revert_reason(output)
        text = f"execution reverted: {reason}" if reason else "execution reverted"
        raise RpcError(EXECUTION_REVERTED, text, data(output)) from error
    except (VMError, ValidationError) as error:
        raise RpcError(SERVER_ERROR, f"call failed: {error}") from error


def _revert_reason(output: bytes) -> str:
    """Return the text of ``Error(string)``, empty if the output is none."""
    if not output.startswith(_ERROR_SELECTOR):
        return ""
    try:
        reason: str = decode(["string"], output[len(_ERROR_SELECTOR) :])[0]
    except DecodingError:
        return ""
    return reason


def _address(value: object) -> Address:
    return Address(parse_data(value, "address", 20))


def _shorten(value: object) -> object:
    """Return a slot without leading zeros: clients send it as a quantity or as 32 bytes."""
    if isinstance(value, str) and len(value) == 66 and value.startswith("0x"):
        return "0x" + (value[2:].lstrip("0") or "0")
    return value


def _filter_number(value: object, name: str, latest: int) -> int:
    if isinstance(value, str) and value in _TAGS:
        return latest
    return 0 if value == "earliest" else parse_quantity(value, name)


def _filter_addresses(wanted: Mapping[str, object]) -> frozenset[str]:
    given = wanted.get("address", [])
    listed = given if isinstance(given, list) else [given]
    return frozenset("0x" + parse_data(item, "address", 20).hex() for item in listed)


def _filter_topics(wanted: Mapping[str, object]) -> list[frozenset[str]]:
    """Return, for each position, the topics that fit; an empty set fits all."""
    given = wanted.get("topics", [])
    if not isinstance(given, list) or len(given) > 4:
        raise RpcError(INVALID_PARAMS, "topics is not an array of at most 4")
    positions: list[frozenset[str]] = []
    for position in given:
        listed = [] if position is None else position if isinstance(position, list) else [position]
        positions.append(frozenset("0x" + parse_data(t, "topic", 32).hex() for t in listed))
    return positions


def _matches(log: Json, addresses: frozenset[str], topics: list[frozenset[str]]) -> bool:
    found = cast("list[str]", log["topics"])
    if addresses and str(log["address"]).lower() not in addresses:
        return False
    if len(topics) > len(found):
        return False
    return all(not fits or topic in fits for topic, fits in zip(found, topics, strict=False))
