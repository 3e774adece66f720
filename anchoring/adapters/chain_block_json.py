"""What a node shows of a block, put back into the bytes that the chain hashes.

Every node serves blocks, transactions and receipts as JSON; few serve them raw. The result is not to be
believed before its hash was compared: a field this module does not know changes it.

Sources: header fields, Yellow Paper section 4.4 and EIP-1559, 4895, 4844, 4788, 7685; transactions and
receipts of types 0 to 4, Yellow Paper 4.3 and EIP-2718, 2930, 1559, 4844, 7702
(https://eips.ethereum.org); names in JSON, https://ethereum.github.io/execution-apis/.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import rlp

from anchoring.adapters.json_rpc_values import hex_data
from anchoring.core.errors import MalformedError, UnsupportedError

_Item: TypeAlias = "bytes | list[_Item]"
_Read: TypeAlias = Callable[[str, object], _Item]

_QUANTITY: Final = re.compile(r"0x[0-9a-fA-F]{1,64}")


def header_bytes(block: object) -> bytes:
    """Return the RLP of a block's header, of any fork up to Prague and Osaka.

    Args:
        block: Answer to ``eth_getBlockByHash`` or ``eth_getBlockByNumber``.

    Raises:
        MalformedError: A field is missing or not of its form.
    """
    shown = _object("block", block)
    fields = [read(name, shown.get(name)) for name, read in _HEADER]
    for name, read in _LATER_HEADER:
        # Forks append and never skip: the first that is absent ends the header.
        if shown.get(name) is None:
            break
        fields.append(read(name, shown[name]))
    return bytes(rlp.encode(fields))


def transaction_bytes(transaction: object) -> bytes:
    """Return the canonical encoding of a signed transaction.

    Args:
        transaction: One of the ``transactions`` of a block that was asked for in full.

    Raises:
        MalformedError: A field is missing or not of its form.
        UnsupportedError: Its type is none of 0 to 4.
    """
    shown = _object("transaction", transaction)
    kind = _kind(shown)
    parity = "yParity" if shown.get("yParity") is not None else "v"
    fields = [read(name, shown.get(name)) for name, read in _TRANSACTION[kind]]
    signature = [_quantity(name, shown.get(name)) for name in ("v" if kind == 0 else parity, *"rs")]
    return _typed(kind, [*fields, *signature])


def receipt_bytes(receipt: object) -> bytes:
    """Return the canonical encoding of a receipt.

    Args:
        receipt: Answer to ``eth_getTransactionReceipt``, or an item of ``eth_getBlockReceipts``.

    Raises:
        MalformedError: A field is missing or not of its form.
        UnsupportedError: Its type is none of 0 to 4, or it is older than Byzantium and has no status.
    """
    shown = _object("receipt", receipt)
    if shown.get("status") is None:
        raise UnsupportedError("receipt", "one without status")
    fields = [read(name, shown.get(name)) for name, read in _RECEIPT]
    return _typed(_kind(shown), fields)


def _typed(kind: int, fields: list[_Item]) -> bytes:
    return (bytes([kind]) if kind else b"") + bytes(rlp.encode(fields))


def _kind(shown: Mapping[str, object]) -> int:
    kind = int.from_bytes(_quantity("type", shown.get("type", "0x0")), "big")
    if kind not in _TRANSACTION:
        raise UnsupportedError("transaction type", str(kind))
    return kind


def _object(what: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise MalformedError(what, "not an object")
    return value


def _array(what: str, value: object) -> list[object]:
    if not isinstance(value, list):
        raise MalformedError(what, "not an array")
    return value


def _quantity(what: str, value: object) -> bytes:
    """Return an integer without leading zeros, as RLP writes it."""
    if not isinstance(value, str) or not _QUANTITY.fullmatch(value):
        raise MalformedError(what, "not a quantity")
    number = int(value, 16)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _address(what: str, value: object) -> bytes:
    """Return an address, empty for the ``to`` of a creation, which JSON shows as null."""
    return b"" if value is None else hex_data(what, value)


def _bytes_list(what: str, value: object) -> list[_Item]:
    return [hex_data(what, item) for item in _array(what, value)]


def _access_list(what: str, value: object) -> list[_Item]:
    shown = [_object(what, item) for item in _array(what, value)]
    return [
        [hex_data(what, item.get("address")), _bytes_list(what, item.get("storageKeys"))]
        for item in shown
    ]


def _authorizations(what: str, value: object) -> list[_Item]:
    """Return the list of EIP-7702: chain, address, nonce, parity, r, s each."""
    shown = [_object(what, item) for item in _array(what, value)]
    return [
        [
            _quantity(what, item.get("chainId")),
            hex_data(what, item.get("address")),
            *(_quantity(what, item.get(name)) for name in ("nonce", "yParity", "r", "s")),
        ]
        for item in shown
    ]


def _logs(what: str, value: object) -> list[_Item]:
    shown = [_object(what, item) for item in _array(what, value)]
    return [
        [
            hex_data(what, item.get("address")),
            _bytes_list(what, item.get("topics")),
            hex_data(what, item.get("data")),
        ]
        for item in shown
    ]


_HEADER: Final[tuple[tuple[str, _Read], ...]] = (
    ("parentHash", hex_data),
    ("sha3Uncles", hex_data),
    ("miner", hex_data),
    ("stateRoot", hex_data),
    ("transactionsRoot", hex_data),
    ("receiptsRoot", hex_data),
    ("logsBloom", hex_data),
    ("difficulty", _quantity),
    ("number", _quantity),
    ("gasLimit", _quantity),
    ("gasUsed", _quantity),
    ("timestamp", _quantity),
    ("extraData", hex_data),
    ("mixHash", hex_data),
    ("nonce", hex_data),
)
_LATER_HEADER: Final[tuple[tuple[str, _Read], ...]] = (
    ("baseFeePerGas", _quantity),
    ("withdrawalsRoot", hex_data),
    ("blobGasUsed", _quantity),
    ("excessBlobGas", _quantity),
    ("parentBeaconBlockRoot", hex_data),
    ("requestsHash", hex_data),
)
_CALL: Final[tuple[tuple[str, _Read], ...]] = (
    ("gas", _quantity),
    ("to", _address),
    ("value", _quantity),
    ("input", hex_data),
)
_CHAIN_AND_NONCE: Final[tuple[tuple[str, _Read], ...]] = (
    ("chainId", _quantity),
    ("nonce", _quantity),
)
_DYNAMIC_FEE: Final[tuple[tuple[str, _Read], ...]] = (
    *_CHAIN_AND_NONCE,
    ("maxPriorityFeePerGas", _quantity),
    ("maxFeePerGas", _quantity),
    *_CALL,
    ("accessList", _access_list),
)
_TRANSACTION: Final[Mapping[int, tuple[tuple[str, _Read], ...]]] = {
    0: (("nonce", _quantity), ("gasPrice", _quantity), *_CALL),
    1: (*_CHAIN_AND_NONCE, ("gasPrice", _quantity), *_CALL, ("accessList", _access_list)),
    2: _DYNAMIC_FEE,
    3: (
        *_DYNAMIC_FEE,
        ("maxFeePerBlobGas", _quantity),
        ("blobVersionedHashes", _bytes_list),
    ),
    4: (*_DYNAMIC_FEE, ("authorizationList", _authorizations)),
}
_RECEIPT: Final[tuple[tuple[str, _Read], ...]] = (
    ("status", _quantity),
    ("cumulativeGasUsed", _quantity),
    ("logsBloom", hex_data),
    ("logs", _logs),
)
