"""Reads whole blocks from ordinary nodes, by whichever methods each of them offers.

A public node seldom has the ``debug`` namespace, an older one no ``eth_getBlockReceipts``. So each part of
a block (header, transactions, receipts) has several ways; one that the node refuses, or whose result
does not hash to what the block hash commits to, gives way to the next. What is returned was compared
with that hash, so no way has to be trusted.

Source of the method names: https://ethereum.github.io/execution-apis/ and the ``debug`` namespace of
https://geth.ethereum.org/docs/interacting-with-geth/rpc.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, TypeVar

from eth_hash.auto import keccak

from anchoring.adapters.chain_block_json import header_bytes, receipt_bytes, transaction_bytes
from anchoring.adapters.chain_evidence import build_evidence, split_block, trie_of
from anchoring.adapters.chain_node import ChainNode
from anchoring.adapters.json_rpc_values import hex_data
from anchoring.core.block_header import open_header
from anchoring.core.errors import (
    MalformedError,
    UnavailableError,
    UnsupportedError,
    VerificationError,
)
from anchoring.core.evidence import MAX_INDEX, Evidence
from anchoring.core.types import Anchor

_T = TypeVar("_T")
_Way: TypeAlias = tuple[str, Callable[[], _T]]


def capture_evidence(node: ChainNode, anchor: Anchor) -> Evidence:
    """Rebuild the tries of the anchor's block and prove the anchor.

    Args:
        node: The node to ask.
        anchor: What to prove; its block hash is what everything is compared with.

    Raises:
        UnavailableError: The node did not answer, or offers no way to a part of the block.
        VerificationError: What it answered does not hash to the block, or does not hold the anchor.
    """
    block = _Block(node, anchor)
    header = block.header()
    try:
        roots = open_header(
            "evidence.header", header, block_hash=anchor.block_hash, number=anchor.block_number
        )
        transactions = block.transactions(roots.transactions_root)
        receipts = block.receipts(roots.receipts_root, transactions)
        return build_evidence(anchor, header=header, transactions=transactions, receipts=receipts)
    except MalformedError as error:
        raise VerificationError(
            "evidence", expected="a block that parses", found=str(error)
        ) from error


class _Block:
    """The ways to each part of one block."""

    def __init__(self, node: ChainNode, anchor: Anchor) -> None:
        self._node = node
        self._hash = f"0x{anchor.block_hash.hex()}"
        self._expected = anchor.block_hash
        self._shown: object = None

    def header(self) -> bytes:
        """Return the header that hashes to the block hash."""
        ways: tuple[_Way[bytes], ...] = (
            ("eth_getBlockByHash", lambda: header_bytes(self._json())),
            ("debug_getRawHeader", lambda: self._data("debug_getRawHeader", self._hash)),
        )
        return _first("evidence.header", ways, digest=keccak, expected=self._expected)

    def transactions(self, root: bytes) -> list[bytes]:
        """Return the encoded transactions that hash to the root, in order."""
        ways: tuple[_Way[list[bytes]], ...] = (
            ("eth_getBlockByHash", lambda: [transaction_bytes(each) for each in self._listed()]),
            (
                "eth_getRawTransactionByBlockHashAndIndex",
                lambda: [
                    self._data("eth_getRawTransactionByBlockHashAndIndex", self._hash, hex(index))
                    for index in range(len(self._listed()))
                ],
            ),
            ("eth_getRawTransactionByHash", lambda: self._each("eth_getRawTransactionByHash")),
            ("debug_getRawTransaction", lambda: self._each("debug_getRawTransaction")),
            (
                "debug_getRawBlock",
                lambda: split_block(self._data("debug_getRawBlock", self._hash)),
            ),
        )
        return _first("evidence.transaction", ways, digest=_root, expected=root)

    def receipts(self, root: bytes, transactions: Sequence[bytes]) -> list[bytes]:
        """Return the encoded receipts that hash to the root, in order."""
        hashes = [f"0x{keccak(transaction).hex()}" for transaction in transactions]
        ways: tuple[_Way[list[bytes]], ...] = (
            (
                "eth_getBlockReceipts",
                lambda: [
                    receipt_bytes(each) for each in self._list("eth_getBlockReceipts", self._hash)
                ],
            ),
            (
                "eth_getTransactionReceipt",
                lambda: [
                    receipt_bytes(self._found("eth_getTransactionReceipt", each)) for each in hashes
                ],
            ),
            (
                "debug_getRawReceipts",
                lambda: [
                    hex_data("debug_getRawReceipts", each)
                    for each in self._list("debug_getRawReceipts", self._hash)
                ],
            ),
        )
        return _first("evidence.receipt", ways, digest=_root, expected=root)

    def _json(self) -> object:
        """Return the block with its transactions in full; asked for once."""
        if self._shown is None:
            in_full = True
            self._shown = self._found("eth_getBlockByHash", self._hash, in_full)
        return self._shown

    def _listed(self) -> list[object]:
        shown = self._json()
        transactions = shown.get("transactions") if isinstance(shown, dict) else None
        if not isinstance(transactions, list) or len(transactions) > MAX_INDEX + 1:
            raise MalformedError("block", "no list of transactions")
        return transactions

    def _each(self, method: str) -> list[bytes]:
        """Return every transaction by its hash; nodes list hashes, or whole transactions."""
        return [
            self._data(method, each.get("hash") if isinstance(each, dict) else each)
            for each in self._listed()
        ]

    def _data(self, method: str, *params: object) -> bytes:
        return hex_data(method, self._found(method, *params))

    def _list(self, method: str, *params: object) -> list[object]:
        answer = self._found(method, *params)
        if not isinstance(answer, list) or len(answer) > MAX_INDEX + 1:
            raise MalformedError(method, "no list of receipts")
        return answer

    def _found(self, method: str, *params: object) -> object:
        answer = self._node.ask(method, *params)
        if answer is None:
            raise UnsupportedError(method, "the node has no such block or transaction")
        return answer


def _first(
    step: str,
    ways: Sequence[_Way[_T]],
    *,
    digest: Callable[[_T], bytes],
    expected: bytes,
) -> _T:
    """Return what the first way gives that hashes to what the block commits to."""
    refusals: list[str] = []
    untrue: list[str] = []
    for name, value in _tried(ways, refusals):
        found = digest(value)
        if found == expected:
            return value
        untrue.append(f"{found.hex()} by {name}")
    if untrue:
        raise VerificationError(step, expected=expected.hex(), found=", ".join(untrue))
    raise UnavailableError("node", f"no way to {step.partition('.')[2]}: {'; '.join(refusals)}")


def _tried(ways: Sequence[_Way[_T]], refusals: list[str]) -> Iterator[tuple[str, _T]]:
    for name, way in ways:
        try:
            value = way()
        except (UnsupportedError, MalformedError) as error:
            refusals.append(f"{name}: {error}")
            continue
        yield name, value


def _root(values: Sequence[bytes]) -> bytes:
    return trie_of(values).root_hash
