"""JSON-RPC encodings of the embedded chain: quantities, data, blocks, transactions, receipts, logs.

Source: Ethereum JSON-RPC specification, https://ethereum.github.io/execution-apis/ (schemas).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import rlp
from eth.abc import BlockAPI, BlockHeaderAPI, ReceiptAPI, SignedTransactionAPI
from eth_utils.address import to_checksum_address

Json = dict[str, object]
"""A JSON object."""

INVALID_REQUEST: Final = -32600
"""JSON-RPC 2.0 section 5.1: not a request object."""

METHOD_NOT_FOUND: Final = -32601
"""JSON-RPC 2.0 section 5.1: the method does not exist or is not offered."""

INVALID_PARAMS: Final = -32602
"""JSON-RPC 2.0 section 5.1: the parameters do not fit the method."""

SERVER_ERROR: Final = -32000
"""EIP-1474: the node refuses a well-formed request."""

LIMIT_EXCEEDED: Final = -32005
"""EIP-1474: the request asks for more than the node gives at once."""

EXECUTION_REVERTED: Final = 3
"""Code that execution clients give to a reverted call; ``data`` holds the revert data."""

_QUANTITY = re.compile(r"0x(0|[1-9a-fA-F][0-9a-fA-F]{0,63})")
_DATA = re.compile(r"0x([0-9a-fA-F]{2})*")


class RpcError(Exception):
    """A JSON-RPC error object.

    Args:
        code: One of the codes of this module.
        message: What is wrong, in a few words.
        data: Revert data as hex, if any.
    """

    def __init__(self, code: int, message: str, data: str | None = None) -> None:
        super().__init__(code, message, data)
        self.code = code
        self.message = message
        self.data = data

    def as_json(self) -> Json:
        """Return the error object of the response."""
        error: Json = {"code": self.code, "message": self.message}
        return error if self.data is None else {**error, "data": self.data}


def quantity(value: int | None) -> str | None:
    """Return an integer as a quantity: 0x, no leading zero; null for a field the header lacks."""
    return None if value is None else hex(value)


def data(value: bytes | None) -> str | None:
    """Return bytes as data: 0x, two digits per byte; null for a field the header lacks."""
    return None if value is None else "0x" + value.hex()


def parse_quantity(value: object, what: str) -> int:
    """Return the integer of a quantity of at most 256 bits.

    Raises:
        RpcError: It is not a quantity.
    """
    if not isinstance(value, str) or _QUANTITY.fullmatch(value) is None:
        raise RpcError(INVALID_PARAMS, f"{what} is not a quantity")
    return int(value, 16)


def parse_data(value: object, what: str, length: int | None = None) -> bytes:
    """Return the bytes of data.

    Args:
        value: JSON value.
        what: Name of the parameter, for the error.
        length: Required number of bytes, any if None.

    Raises:
        RpcError: It is not data of that length.
    """
    if not isinstance(value, str) or _DATA.fullmatch(value) is None:
        raise RpcError(INVALID_PARAMS, f"{what} is not hex data")
    decoded = bytes.fromhex(value[2:])
    if length is not None and len(decoded) != length:
        raise RpcError(INVALID_PARAMS, f"{what} has {len(decoded)} bytes, not {length}")
    return decoded


def parse_object(value: object, what: str, allowed: frozenset[str]) -> Mapping[str, object]:
    """Return a JSON object that has no key outside ``allowed``.

    Raises:
        RpcError: It is not an object, or a key is unknown.
    """
    if not isinstance(value, dict):
        raise RpcError(INVALID_PARAMS, f"{what} is not an object")
    unknown = sorted(str(key) for key in value if key not in allowed)
    if unknown:
        raise RpcError(INVALID_PARAMS, f"{what} has unknown fields: {', '.join(unknown)}")
    return value


def block_json(block: BlockAPI, *, full_transactions: bool) -> Json:
    """Return a block as ``eth_getBlockByNumber`` shows it.

    Args:
        block: A mined Prague block.
        full_transactions: True for whole transactions, False for their hashes.
    """
    header = block.header
    transactions: list[object] = [
        transaction_json(header, transaction, index)
        if full_transactions
        else data(transaction.hash)
        for index, transaction in enumerate(block.transactions)
    ]
    return {
        "number": quantity(header.block_number),
        "hash": data(header.hash),
        "parentHash": data(header.parent_hash),
        "sha3Uncles": data(header.uncles_hash),
        "miner": to_checksum_address(header.coinbase),
        "stateRoot": data(header.state_root),
        "transactionsRoot": data(header.transaction_root),
        "receiptsRoot": data(header.receipt_root),
        "logsBloom": data(header.bloom.to_bytes(256, "big")),
        "difficulty": quantity(header.difficulty),
        "gasLimit": quantity(header.gas_limit),
        "gasUsed": quantity(header.gas_used),
        "timestamp": quantity(header.timestamp),
        "extraData": data(header.extra_data),
        "mixHash": data(header.mix_hash),
        "nonce": data(header.nonce),
        "baseFeePerGas": quantity(header.base_fee_per_gas),
        "withdrawalsRoot": data(header.withdrawals_root),
        "blobGasUsed": quantity(header.blob_gas_used),
        "excessBlobGas": quantity(header.excess_blob_gas),
        "parentBeaconBlockRoot": data(header.parent_beacon_block_root),
        "requestsHash": data(getattr(header, "requests_hash", None)),
        "size": quantity(len(rlp.encode(block))),
        "transactions": transactions,
        "uncles": [],
        "withdrawals": [],
    }


def transaction_json(header: BlockHeaderAPI, transaction: SignedTransactionAPI, index: int) -> Json:
    """Return a mined transaction of type 0, 1 or 2 as ``eth_getTransactionByHash`` shows it."""
    kind = transaction_type(transaction)
    shown: Json = {
        "type": quantity(kind),
        "chainId": quantity(transaction.chain_id),
        "hash": data(transaction.hash),
        "nonce": quantity(transaction.nonce),
        "blockHash": data(header.hash),
        "blockNumber": quantity(header.block_number),
        "transactionIndex": quantity(index),
        "from": to_checksum_address(transaction.sender),
        "to": to_checksum_address(transaction.to) if transaction.to else None,
        "value": quantity(transaction.value),
        "gas": quantity(transaction.gas),
        "gasPrice": quantity(effective_gas_price(header, transaction)),
        "input": data(transaction.data),
        "r": quantity(transaction.r),
        "s": quantity(transaction.s),
        "v": quantity(transaction.y_parity if kind else transaction.v),  # type: ignore[attr-defined]  # py-evm types only the common part
    }
    if kind:
        shown["yParity"] = shown["v"]
        shown["accessList"] = [
            {
                "address": to_checksum_address(address),
                "storageKeys": [data(slot.to_bytes(32, "big")) for slot in slots],
            }
            for address, slots in transaction.access_list
        ]
    if kind == 2:
        shown["maxFeePerGas"] = quantity(transaction.max_fee_per_gas)
        shown["maxPriorityFeePerGas"] = quantity(transaction.max_priority_fee_per_gas)
    return shown


def receipt_json(  # a receipt is shown with its surroundings
    header: BlockHeaderAPI,
    transaction: SignedTransactionAPI,
    index: int,
    receipts: Sequence[ReceiptAPI],
    hashes: Sequence[bytes],
    contract: bytes | None,
) -> Json:
    """Return a receipt as ``eth_getTransactionReceipt`` shows it.

    Args:
        header: Header of its block.
        transaction: Its transaction.
        index: Position in the block.
        receipts: Every receipt of the block, in order.
        hashes: Every transaction hash of the block, in order.
        contract: Address of the created contract, 20 bytes, or None.
    """
    before = receipts[index - 1].gas_used if index else 0
    receipt = receipts[index]
    logs = [
        log
        for log in logs_json(header, receipts, hashes)
        if log["transactionIndex"] == quantity(index)
    ]
    return {
        "type": quantity(transaction_type(transaction)),
        "transactionHash": data(transaction.hash),
        "transactionIndex": quantity(index),
        "blockHash": data(header.hash),
        "blockNumber": quantity(header.block_number),
        "from": to_checksum_address(transaction.sender),
        "to": to_checksum_address(transaction.to) if transaction.to else None,
        "cumulativeGasUsed": quantity(receipt.gas_used),
        "gasUsed": quantity(receipt.gas_used - before),
        "effectiveGasPrice": quantity(effective_gas_price(header, transaction)),
        "contractAddress": to_checksum_address(contract) if contract else None,
        "logs": logs,
        "logsBloom": data(receipt.bloom.to_bytes(256, "big")),
        "status": quantity(int.from_bytes(receipt.state_root, "big")),
    }


def logs_json(
    header: BlockHeaderAPI, receipts: Sequence[ReceiptAPI], hashes: Sequence[bytes]
) -> Iterator[Json]:
    """Yield every log of a block in order, as ``eth_getLogs`` shows them."""
    position = 0
    for index, receipt in enumerate(receipts):
        for log in receipt.logs:
            yield {
                "address": to_checksum_address(log.address),
                "topics": [data(topic.to_bytes(32, "big")) for topic in log.topics],
                "data": data(log.data),
                "blockNumber": quantity(header.block_number),
                "blockHash": data(header.hash),
                "transactionHash": data(hashes[index]),
                "transactionIndex": quantity(index),
                "logIndex": quantity(position),
                "removed": False,
            }
            position += 1


def transaction_type(transaction: SignedTransactionAPI) -> int:
    """Return the EIP-2718 type, 0 for a legacy transaction."""
    kind: int = getattr(transaction, "type_id", 0)
    return kind


def effective_gas_price(header: BlockHeaderAPI, transaction: SignedTransactionAPI) -> int:
    """Return the wei per gas that the sender paid (EIP-1559, https://eips.ethereum.org/EIPS/eip-1559)."""
    price: int = min(
        transaction.max_fee_per_gas,
        transaction.max_priority_fee_per_gas + (header.base_fee_per_gas or 0),
    )
    return price
