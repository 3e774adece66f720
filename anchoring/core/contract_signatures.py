"""Asking a contract account whether it signed: ERC-1271 in one call that changes nothing, and ERC-6492.

Every question is one ``eth_call`` without ``to``: a node then runs the data as creation code, on a state that
it forgets, and answers with what the code returns. The code is ``PROGRAM``; its arguments follow it. It may
call a factory first, then asks the account, and always returns normally, so that a refusal by the account is
never mistaken for a failure of the node. It runs only code that is deployed: an address without code is
called as address zero, so that nobody reaches the precompiled contracts through it.

Sources: ERC-1271, https://eips.ethereum.org/EIPS/eip-1271; ERC-6492, https://eips.ethereum.org/EIPS/eip-6492;
opcodes, Yellow Paper, appendix H, and EIP-3855 for PUSH0, https://eips.ethereum.org/EIPS/eip-3855
"""

from dataclasses import dataclass
from typing import Final

from anchoring.core.errors import MalformedError
from anchoring.core.types import Address, BlockHash, BlockNumber

MAX_SIGNATURE_BYTES: Final = 8192
"""Longest signature of a contract account, factory call included: a Safe of three owners that is not deployed
yet takes about 1,200, one with passkeys of its owners some 3,000."""

MAGIC_VALUE: Final = bytes.fromhex("1626ba7e")
"""What an account answers if it signed; the selector of ``isValidSignature(bytes32,bytes)`` (ERC-1271)."""

MAGIC_SUFFIX: Final = bytes.fromhex("6492" * 16)
"""Last 32 bytes of a signature that brings the call of a factory with it (ERC-6492)."""

CALL_GAS: Final = 5_000_000
"""Gas of one question: a Safe is created and asked for under 500,000."""

_WORD: Final = 32
_ADDRESS_PADDING: Final = bytes(12)
_HEAD_WORDS: Final = 3
_ANSWER_WORDS: Final = 4

_CODECOPY, _CODESIZE, _EXTCODESIZE, _RETURNDATASIZE = 0x39, 0x38, 0x3B, 0x3D
_CALL, _STATICCALL, _RETURN = 0xF1, 0xFA, 0xF3
_ADD, _MUL, _SUB, _ISZERO, _GAS = 0x01, 0x02, 0x03, 0x15, 0x5A
_MLOAD, _MSTORE, _DUP1 = 0x51, 0x52, 0x80
_PUSH0, _PUSH1, _PUSH3 = 0x5F, 0x60, 0x62

# Where the arguments stand in memory; the answer takes the place of the first four words.
_ACCOUNT_AT, _FACTORY_AT, _FACTORY_CALL_BYTES_AT, _QUESTION_BYTES_AT, _CALLS_AT = 0, 32, 64, 96, 128
_FACTORY_OK_AT, _ACCOUNT_OK_AT, _RETURNED_BYTES_AT, _RETURNED_AT = 0, 32, 64, 96

# Gas that a callee must leave: enough to ask the account, and then to return 128 bytes as if they were code.
_KEPT_FROM_FACTORY: Final = (200_000).to_bytes(3, "big")
_KEPT_FROM_ACCOUNT: Final = (100_000).to_bytes(3, "big")

_PROGRAM_BYTES: Final = 72


def _deployed(at: int) -> tuple[int, ...]:
    """Push the address that stands at a place in memory, or zero where it has no code."""
    return (_PUSH1, at, _MLOAD, _DUP1, _EXTCODESIZE, _ISZERO, _ISZERO, _MUL)


PROGRAM: Final = bytes(
    (
        # Copy what follows the program to memory.
        *(_PUSH1, _PROGRAM_BYTES, _CODESIZE, _SUB, _PUSH1, _PROGRAM_BYTES, _PUSH0, _CODECOPY),
        # Call the factory: no value, no interest in what it returns; whether it succeeded stays on the stack.
        *(_PUSH0, _PUSH0, _PUSH1, _FACTORY_CALL_BYTES_AT, _MLOAD, _PUSH1, _CALLS_AT, _PUSH0),
        *_deployed(_FACTORY_AT),
        *(_PUSH3, *_KEPT_FROM_FACTORY, _GAS, _SUB, _CALL),
        # Ask the account, which can change nothing; of what it returns the first word is kept.
        *(_PUSH1, _WORD, _PUSH1, _RETURNED_AT, _PUSH1, _QUESTION_BYTES_AT, _MLOAD),
        *(_PUSH1, _FACTORY_CALL_BYTES_AT, _MLOAD, _PUSH1, _CALLS_AT, _ADD),
        *_deployed(_ACCOUNT_AT),
        *(_PUSH3, *_KEPT_FROM_ACCOUNT, _GAS, _SUB, _STATICCALL),
        # Return: factory succeeded, account succeeded, bytes it returned, first word of them.
        *(_PUSH1, _ACCOUNT_OK_AT, _MSTORE, _PUSH0, _MSTORE),
        *(_RETURNDATASIZE, _PUSH1, _RETURNED_BYTES_AT, _MSTORE),
        *(_PUSH1, _ANSWER_WORDS * _WORD, _PUSH0, _RETURN),
    )
)
"""Creation code that asks an account; ``question`` adds its arguments."""


@dataclass(frozen=True, slots=True)
class StateBlock:
    """The block on whose state an account was asked."""

    number: BlockNumber
    """Its height."""
    hash: BlockHash
    """Its hash, 32 bytes."""


@dataclass(frozen=True, slots=True)
class FactoryCall:
    """The call that deploys an account, or prepares it to answer."""

    factory: Address
    """Contract that is called, 20 bytes."""
    data: bytes
    """Call data."""


@dataclass(frozen=True, slots=True)
class UnwrappedSignature:
    """A signature as the account is asked about it, apart from what came with it."""

    signature: bytes
    """What the account is given; empty where it knows by itself what it approved."""
    preparation: FactoryCall | None
    """What ERC-6492 wraps with it; None for a signature without the suffix."""


def is_wrapped(signature: bytes) -> bool:
    """Tell whether a signature has the suffix of ERC-6492."""
    return signature.endswith(MAGIC_SUFFIX)


def unwrap(signature: bytes) -> UnwrappedSignature:
    """Return the parts of a signature.

    Args:
        signature: As it was handed in, at most ``MAX_SIGNATURE_BYTES``. Before the suffix of ERC-6492
            stands the one ABI encoding of an address, the call data and the inner signature.

    Raises:
        MalformedError: Too long, or another encoding before the suffix.
    """
    if len(signature) > MAX_SIGNATURE_BYTES:
        raise MalformedError("signature", f"longer than {MAX_SIGNATURE_BYTES} bytes")
    if not is_wrapped(signature):
        return UnwrappedSignature(signature, None)
    wrapped = signature[: -len(MAGIC_SUFFIX)]
    data_at = _HEAD_WORDS * _WORD
    data = _dynamic(wrapped, data_at)
    inner = _dynamic(wrapped, data_at + len(_encoded_bytes(data)))
    preparation = FactoryCall(Address(wrapped[12:_WORD]), data)
    if wrap(inner, preparation) != signature:
        raise MalformedError("signature", "not the ABI encoding of a factory call and a signature")
    return UnwrappedSignature(inner, preparation)


def wrap(signature: bytes, preparation: FactoryCall) -> bytes:
    """Return a signature with the factory call that it needs (ERC-6492).

    Args:
        signature: What the account is to be given.
        preparation: The call before that.
    """
    data = _encoded_bytes(preparation.data)
    head = (_HEAD_WORDS * _WORD, _HEAD_WORDS * _WORD + len(data))
    return b"".join(
        (
            _ADDRESS_PADDING + preparation.factory,
            *map(_number, head),
            data,
            _encoded_bytes(signature),
            MAGIC_SUFFIX,
        )
    )


def question(
    account: Address, digest: bytes, signature: bytes, preparation: FactoryCall | None
) -> bytes:
    """Return the data of the call that asks an account whether it signed.

    Args:
        account: The account, 20 bytes.
        digest: What was to be signed, 32 bytes.
        signature: What the account is given.
        preparation: A call before that, None for none.
    """
    call = FactoryCall(Address(bytes(20)), b"") if preparation is None else preparation
    asked = MAGIC_VALUE + digest + _number(2 * _WORD) + _encoded_bytes(signature)
    return b"".join(
        (
            PROGRAM,
            _ADDRESS_PADDING + account,
            _ADDRESS_PADDING + call.factory,
            _number(len(call.data)),
            _number(len(asked)),
            call.data,
            asked,
        )
    )


def signed(answer: bytes) -> bool:
    """Tell whether an answer to ``question`` says that the account signed.

    That is so where the factory's call and the account's both succeeded, and the account returned exactly one
    word: the magic value and zeros.

    Args:
        answer: What the node returned.

    Raises:
        MalformedError: It is no answer of ``PROGRAM``.
    """
    if len(answer) != _ANSWER_WORDS * _WORD:
        raise MalformedError("answer of the node", f"{len(answer)} bytes instead of 128")
    words = [answer[at : at + _WORD] for at in range(0, len(answer), _WORD)]
    yes = _number(1)
    return words == [yes, yes, _number(_WORD), MAGIC_VALUE.ljust(_WORD, b"\0")]


def _number(value: int) -> bytes:
    return value.to_bytes(_WORD, "big")


def _encoded_bytes(value: bytes) -> bytes:
    """Return the ABI encoding of bytes: their length, and they, filled up to whole words."""
    return _number(len(value)) + value + bytes(-len(value) % _WORD)


def _dynamic(encoded: bytes, at: int) -> bytes:
    """Return the bytes whose length stands at a place; whoever asks compares the encoding as a whole."""
    start = at + _WORD
    return encoded[start : start + int.from_bytes(encoded[at:start], "big")]
