"""Signed EIP-1559 transactions, read strictly: what a signer hands back is compared field by field.

Source: EIP-1559, https://eips.ethereum.org/EIPS/eip-1559; low s by EIP-2,
https://eips.ethereum.org/EIPS/eip-2
"""

from collections.abc import Mapping
from typing import Final

from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.rlp import Item, decode
from anchoring.core.trust import ADDRESS_BYTES

DYNAMIC_FEE_TYPE: Final = 0x02
"""Type byte of EIP-1559 transactions."""

MAX_TRANSACTION_BYTES: Final = 128 << 10
"""Longest transaction, in bytes: nodes relay no longer one
(https://github.com/ethereum/go-ethereum, core/txpool: txMaxSize). An anchor takes about 180."""

FIELDS: Final = (
    "chainId",
    "nonce",
    "maxPriorityFeePerGas",
    "maxFeePerGas",
    "gas",
    "to",
    "value",
    "data",
)
"""Fields that are signed, in the order of the encoding; the access list that follows is empty."""

HALF_ORDER: Final = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
"""Half the order of secp256k1: signatures have no greater s (EIP-2)."""

_BYTE_FIELDS: Final = ("to", "data")
_MAX_WORD: Final = 2**256 - 1
_MAX_UINT64: Final = 2**64 - 1
_SIGNED_ITEMS: Final = len(FIELDS) + 4


def check_fields(fields: Mapping[str, int | bytes]) -> None:
    """Check that a request to sign has every field, no other, each of its kind and within its bounds.

    Raises:
        MalformedError: It has not.
    """
    if sorted(fields) != sorted(FIELDS):
        raise MalformedError("transaction", f"fields {', '.join(sorted(fields))}")
    for name, value in fields.items():
        if type(value) is not (bytes if name in _BYTE_FIELDS else int):
            raise MalformedError(f"transaction.{name}", "of another kind")
        if isinstance(value, int) and not 0 <= value <= _maximum(name):
            raise MalformedError(f"transaction.{name}", f"{value} is not in 0..{_maximum(name)}")
    to, data = fields["to"], fields["data"]
    # Without receiver, the data is the code that creates a contract (Yellow Paper, 4.2).
    if isinstance(to, bytes) and len(to) != (ADDRESS_BYTES if to or not data else 0):
        raise MalformedError("transaction.to", f"{len(to)} bytes, not {ADDRESS_BYTES}")
    if isinstance(data, bytes) and len(data) > MAX_TRANSACTION_BYTES:
        raise MalformedError("transaction.data", f"more than {MAX_TRANSACTION_BYTES} bytes")


def read_signed_fields(signed: bytes) -> dict[str, int | bytes]:
    """Return the fields of a signed transaction; says nothing of who signed it.

    Args:
        signed: Type byte and RLP, at most ``MAX_TRANSACTION_BYTES``.

    Raises:
        MalformedError: Not an EIP-1559 transaction with an empty access list and a signature in range.
    """
    if len(signed) > MAX_TRANSACTION_BYTES:
        raise MalformedError("signed transaction", f"more than {MAX_TRANSACTION_BYTES} bytes")
    if signed[:1] != bytes([DYNAMIC_FEE_TYPE]):
        raise MalformedError("signed transaction", f"not of type {DYNAMIC_FEE_TYPE}")
    items = decode(signed[1:], what="signed transaction")
    if not isinstance(items, list) or len(items) != _SIGNED_ITEMS:
        raise MalformedError("signed transaction", f"not a list of {_SIGNED_ITEMS} items")
    *values, access_list, parity, r, s = items
    if access_list != []:
        raise MalformedError("signed transaction", "an access list that is not empty")
    if _integer("parity", parity) > 1:
        raise MalformedError("signed transaction.parity", "neither 0 nor 1")
    if not 1 <= _integer("r", r) <= _MAX_WORD or not 1 <= _integer("s", s) <= HALF_ORDER:
        raise MalformedError("signed transaction", "signature out of range")
    fields = {
        name: _bytes(name, item) if name in _BYTE_FIELDS else _integer(name, item)
        for name, item in zip(FIELDS, values, strict=True)
    }
    check_fields(fields)
    return fields


def check_signed_fields(signed: bytes, fields: Mapping[str, int | bytes]) -> None:
    """Check that a signed transaction says exactly what was asked.

    Args:
        signed: Type byte and RLP.
        fields: What was asked, every field of ``FIELDS``.

    Raises:
        MalformedError: As ``read_signed_fields``.
        VerificationError: A field is another.
    """
    found = read_signed_fields(signed)
    for name in FIELDS:
        if found[name] != fields[name]:
            raise VerificationError(
                f"signed transaction.{name}", expected=_text(fields[name]), found=_text(found[name])
            )


def _maximum(name: str) -> int:
    return _MAX_UINT64 if name in ("nonce", "gas") else _MAX_WORD


def _bytes(name: str, item: Item) -> bytes:
    if not isinstance(item, bytes):
        raise MalformedError(f"signed transaction.{name}", "a list")
    return item


def _integer(name: str, item: Item) -> int:
    content = _bytes(name, item)
    if content[:1] == b"\0":
        raise MalformedError(f"signed transaction.{name}", "a leading zero byte")
    return int.from_bytes(content, "big")


def _text(value: int | bytes) -> str:
    return f"0x{value.hex()}" if isinstance(value, bytes) else str(value)
