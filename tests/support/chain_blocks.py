"""Blocks of many signed transactions of every type, and nodes of several kinds that serve them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import rlp
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak
from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from anchoring.adapters.chain_evidence import trie_of
from anchoring.core.evidence import event_data, event_topics
from anchoring.core.types import (
    Address,
    Anchor,
    BlockHash,
    BlockNumber,
    ChainId,
    TransactionHash,
    TreeSize,
)
from tests.support.chain_world import head_of

SENDER: LocalAccount = Account.from_key(b"\x07" * 32)
CONTRACT = b"\xc0" * 20
PUBLISHER = b"\xaa" * 20
CHAIN = 5
NUMBER = 9
KINDS = 5
SIZE = 3

_CALL = {"gas": 90_000, "to": CONTRACT, "value": 3, "data": "0x6161"}
_ACCESS = [{"address": f"0x{'11' * 20}", "storageKeys": [f"0x{'00' * 31}05", f"0x{'22' * 32}"]}]
_FEES = {"maxPriorityFeePerGas": 7, "maxFeePerGas": 900, "chainId": CHAIN, "accessList": _ACCESS}
_BLOB = f"0x01{'ab' * 31}"


@dataclass(frozen=True)
class Block:
    """One block as the chain hashes it, and as an honest node shows it."""

    header: bytes
    transactions: tuple[bytes, ...]
    receipts: tuple[bytes, ...]
    shown: Mapping[str, Any]
    shown_receipts: tuple[Mapping[str, Any], ...]
    anchor: Anchor


def signed(nonce: int, kind: int) -> tuple[bytes, dict[str, Any]]:
    """Return a transaction of one type, raw and as a node shows it."""
    fields: dict[str, Any] = {**_CALL, "nonce": nonce}
    if kind == 0:
        fields |= {"gasPrice": 800, "chainId": CHAIN}
        if nonce % 2:
            del fields["to"]
    elif kind == 1:
        fields |= {"gasPrice": 800, "chainId": CHAIN, "accessList": _ACCESS, "type": 1}
    else:
        fields |= {**_FEES, "type": kind}
    if kind == 3:
        fields |= {"maxFeePerBlobGas": 5, "blobVersionedHashes": [_BLOB]}
    if kind == 4:
        granted: Any = SENDER.sign_authorization(
            {"chainId": 0, "address": bytes.fromhex("33" * 20), "nonce": nonce}
        )
        fields |= {"authorizationList": [granted]}
    done = SENDER.sign_transaction(fields)
    shown = {name: _shown(value) for name, value in fields.items() if name != "authorizationList"}
    shown |= {"input": shown.pop("data"), "to": shown.get("to"), "type": hex(kind)}
    shown |= {"r": hex(done.r), "s": hex(done.s), "v": hex(done.v), "hash": _hex(done.hash)}
    if kind:
        shown["yParity"] = shown["v"]
    if kind == 4:
        shown["authorizationList"] = [
            {
                "chainId": hex(granted.chain_id),
                "address": _hex(granted.address),
                "nonce": hex(granted.nonce),
                "yParity": hex(granted.y_parity),
                "r": hex(granted.r),
                "s": hex(granted.s),
            }
        ]
    return bytes(done.raw_transaction), shown


def receipt(index: int, kind: int, logs: list[list[Any]]) -> tuple[bytes, dict[str, Any]]:
    """Return a receipt, raw and as a node shows it; every third other one failed."""
    status = int(bool(logs) or index % 3 > 0)
    bloom = bytes([index % 256]) * 256
    gas = 21_000 * (index + 1)
    raw = (bytes([kind]) if kind else b"") + bytes(rlp.encode([status, gas, bloom, logs]))
    shown_logs = [
        {"address": _hex(log[0]), "topics": [_hex(each) for each in log[1]], "data": _hex(log[2])}
        for log in logs
    ]
    return raw, {
        "type": hex(kind),
        "status": hex(status),
        "cumulativeGasUsed": hex(gas),
        "logsBloom": _hex(bloom),
        "logs": shown_logs,
    }


def block_of(count: int, *, place: int, fields: int = 21) -> Block:
    """Return a block of ``count`` transactions, types in turn, with the anchor's at ``place``."""
    event = [
        CONTRACT,
        event_topics(PUBLISHER),
        event_data(head_of(SIZE), previous_size=TreeSize(1)),
    ]
    transactions = [signed(nonce, nonce % KINDS) for nonce in range(count)]
    receipts = [
        receipt(n, n % KINDS, [[b"\1" * 20, [], b"x"], event] if n == place else [])
        for n in range(count)
    ]
    raw = tuple(each for each, _ in transactions)
    raw_receipts = tuple(each for each, _ in receipts)
    shown: dict[str, Any] = {
        "parentHash": f"0x{'01' * 32}",
        "sha3Uncles": f"0x{'02' * 32}",
        "miner": f"0x{'Ab' * 20}",
        "stateRoot": f"0x{'03' * 32}",
        "transactionsRoot": _hex(trie_of(raw).root_hash),
        "receiptsRoot": _hex(trie_of(raw_receipts).root_hash),
        "logsBloom": f"0x{'00' * 256}",
        "difficulty": "0x0",
        "number": hex(NUMBER),
        "gasLimit": "0x1c9c380",
        "gasUsed": hex(21_000 * count),
        "timestamp": "0x6553f100",
        "extraData": "0x",
        "mixHash": f"0x{'04' * 32}",
        "nonce": "0x0000000000000000",
        "baseFeePerGas": "0x7",
        "withdrawalsRoot": f"0x{'05' * 32}",
        "blobGasUsed": "0x0",
        "excessBlobGas": "0x20000",
        "parentBeaconBlockRoot": f"0x{'06' * 32}",
        "requestsHash": f"0x{'07' * 32}",
    }
    numbers = {"difficulty", "number", "gasLimit", "gasUsed", "timestamp", "baseFeePerGas"}
    numbers |= {"blobGasUsed", "excessBlobGas"}
    names = list(shown)[:fields]
    header = bytes(
        rlp.encode(
            [
                int(shown[name], 16) if name in numbers else bytes.fromhex(shown[name][2:])
                for name in names
            ]
        )
    )
    shown = {name: shown[name] for name in names}
    shown |= {"hash": _hex(keccak(header)), "transactions": [each for _, each in transactions]}
    anchor = Anchor(
        chain_id=ChainId(CHAIN),
        contract=Address(CONTRACT),
        publisher=Address(PUBLISHER),
        head=head_of(SIZE),
        transaction_hash=TransactionHash(keccak(raw[place])),
        block_number=BlockNumber(NUMBER),
        block_hash=BlockHash(keccak(header)),
    )
    return Block(header, raw, raw_receipts, shown, tuple(each for _, each in receipts), anchor)


Method = Callable[..., object]


def methods_of(block: Block) -> dict[str, Method]:
    """Return every method of a node that serves this one block, and offers all of them."""
    ours = block.shown["hash"]
    by_hash = {_hex(keccak(raw)): n for n, raw in enumerate(block.transactions)}

    def known(value: object, block_hash: object) -> object:
        return value if block_hash == ours else None

    def one(values: tuple[Any, ...], transaction_hash: object) -> object:
        return values[by_hash[transaction_hash]] if transaction_hash in by_hash else None

    raw = tuple(_hex(each) for each in block.transactions)
    parsed = [rlp.decode(each) if each[0] >= 0xC0 else each for each in block.transactions]
    whole = rlp.encode([rlp.decode(block.header), parsed, []])
    return {
        "eth_getBlockByHash": lambda name, _: known(dict(block.shown), name),
        "eth_getRawTransactionByBlockHashAndIndex": lambda name, at: known(raw[int(at, 16)], name),
        "eth_getRawTransactionByHash": lambda name: one(raw, name),
        "debug_getRawTransaction": lambda name: one(raw, name),
        "debug_getRawHeader": lambda name: known(_hex(block.header), name),
        "debug_getRawBlock": lambda name: known(_hex(whole), name),
        "eth_getBlockReceipts": lambda name: known(list(block.shown_receipts), name),
        "eth_getTransactionReceipt": lambda name: one(block.shown_receipts, name),
        "debug_getRawReceipts": lambda name: known([_hex(each) for each in block.receipts], name),
    }


class FakeNode(JSONBaseProvider):
    """Offers the methods it is given, answers "method not found" to others, and counts."""

    def __init__(self, methods: Mapping[str, Method]) -> None:
        super().__init__()
        self.methods = methods
        self.asked: list[str] = []

    def make_request(self, method: RPCEndpoint, params: Sequence[object]) -> RPCResponse:
        self.asked.append(method)
        if method not in self.methods:
            message = f"the method {method} does not exist/is not available"
            return {"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": message}}
        return {"jsonrpc": "2.0", "id": 1, "result": self.methods[method](*params)}


def without(methods: Mapping[str, Method], *names: str) -> dict[str, Method]:
    """Return the methods less those whose names begin so."""
    return {name: each for name, each in methods.items() if not name.startswith(names)}


def as_hashes_only(block: Block) -> Block:
    """Return the block as a node shows it that lists hashes where whole transactions were asked for."""
    hashes = [each["hash"] for each in block.shown["transactions"]]
    return replace(block, shown={**block.shown, "transactions": hashes})


def _hex(value: bytes) -> str:
    return f"0x{bytes(value).hex()}"


def _shown(value: object) -> object:
    if isinstance(value, bytes):
        return _hex(value)
    return hex(value) if isinstance(value, int) else value
