"""Chains of headers, states with a history contract, and nodes that serve both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import rlp
from eth_hash.auto import keccak
from trie.hexary import HexaryTrie

from anchoring.core.finality import (
    HISTORY_CONTRACT,
    HISTORY_WINDOW,
    FinalityStatement,
    HeaderChain,
    HistoryProof,
)
from anchoring.core.types import BlockHash, BlockNumber
from tests.support.chain_blocks import Method

NAMES = ("parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot")
LATER = ("mixHash", "nonce", "baseFeePerGas", "withdrawalsRoot", "blobGasUsed", "excessBlobGas")


@dataclass(frozen=True)
class State:
    """Accounts and the storage of the history contract."""

    accounts: HexaryTrie
    storage: HexaryTrie

    def account_proof(self) -> tuple[bytes, ...]:
        return _proof(self.accounts, keccak(HISTORY_CONTRACT))

    def storage_proof(self, number: int) -> tuple[bytes, ...]:
        return _proof(self.storage, keccak((number % HISTORY_WINDOW).to_bytes(32, "big")))


def state_of(hashes: dict[int, bytes], *, accounts: int = 60) -> State:
    """A state whose history contract stored those block hashes, among other accounts."""
    storage, trie = HexaryTrie({}), HexaryTrie({})
    for number, block_hash in hashes.items():
        slot = (number % HISTORY_WINDOW).to_bytes(32, "big")
        storage[keccak(slot)] = rlp.encode(block_hash.lstrip(b"\0"))
    for number in range(accounts):
        trie[keccak(number.to_bytes(20, "big"))] = rlp.encode([1, number, b"\1" * 32, b"\2" * 32])
    trie[keccak(HISTORY_CONTRACT)] = rlp.encode([1, 0, storage.root_hash, b"\3" * 32])
    return State(trie, storage)


def child(parent: bytes, number: int, *, state_root: bytes = b"\5" * 32) -> bytes:
    """The header of an empty block on ``parent`` (Prague, 21 fields)."""
    fields: list[Any] = [parent, b"\1" * 32, b"\2" * 20, state_root, b"\3" * 32, b"\4" * 32]
    fields += [b"\0" * 256, 0, number, 30_000_000, 0, 1_700_000_000 + 12 * number, b""]
    fields += [b"\6" * 32, b"\0" * 8, 7, b"\7" * 32, 0, 0, b"\x08" * 32, b"\x09" * 32]
    return bytes(rlp.encode(fields))


def headers_on(anchor_hash: bytes, anchor_number: int, count: int) -> tuple[bytes, ...]:
    """The ``count`` headers after a block."""
    headers: list[bytes] = []
    parent = anchor_hash
    for number in range(anchor_number + 1, anchor_number + 1 + count):
        headers.append(child(parent, number))
        parent = keccak(headers[-1])
    return tuple(headers)


def by_headers(anchor_hash: bytes, anchor_number: int, count: int) -> FinalityStatement:
    """A genuine statement over a header chain."""
    headers = headers_on(anchor_hash, anchor_number, count)
    last = keccak(headers[-1]) if headers else anchor_hash
    return FinalityStatement(
        BlockNumber(anchor_number + count), BlockHash(last), HeaderChain(headers)
    )


def by_history(
    anchor_hash: bytes, anchor_number: int, distance: int, *, accounts: int = 60
) -> FinalityStatement:
    """A genuine statement over a history proof."""
    others = {number: keccak(b"%d" % number) for number in range(anchor_number + 1, 90)}
    state = state_of({anchor_number: anchor_hash, **others}, accounts=accounts)
    header = child(b"\x0d" * 32, anchor_number + distance, state_root=state.accounts.root_hash)
    return FinalityStatement(
        BlockNumber(anchor_number + distance),
        BlockHash(keccak(header)),
        HistoryProof(header, state.account_proof(), state.storage_proof(anchor_number)),
    )


def shown(header: bytes) -> dict[str, Any]:
    """A header as a node shows its block."""
    fields = rlp.decode(header)
    names = [*NAMES, "logsBloom", "difficulty", "number", "gasLimit", "gasUsed", "timestamp"]
    names += ["extraData", *LATER, "parentBeaconBlockRoot", "requestsHash"]
    numbers = {"difficulty", "number", "gasLimit", "gasUsed", "timestamp", "baseFeePerGas"}
    numbers |= {"blobGasUsed", "excessBlobGas"}
    block: dict[str, Any] = {
        name: hex(int.from_bytes(value, "big")) if name in numbers else f"0x{value.hex()}"
        for name, value in zip(names, fields, strict=True)
    }
    return {**block, "hash": f"0x{keccak(header).hex()}", "transactions": []}


def finality_methods(headers: Sequence[bytes], state: State, *, final: int) -> dict[str, Method]:
    """The methods of a node that has those headers and calls the block of that height final."""
    blocks = {int(shown(header)["number"], 16): shown(header) for header in headers}

    def prove(address: str, slots: list[str], _: str) -> object:
        assert address == f"0x{HISTORY_CONTRACT.hex()}"
        number = int(slots[0], 16)
        value = state.storage.get(keccak(number.to_bytes(32, "big")))
        proof = _proof(state.storage, keccak(number.to_bytes(32, "big")))
        return {
            "accountProof": [f"0x{node.hex()}" for node in state.account_proof()],
            "storageProof": [
                {
                    "key": slots[0],
                    "value": f"0x{rlp.decode(value).hex()}" if value else "0x0",
                    "proof": [f"0x{node.hex()}" for node in proof],
                }
            ],
        }

    return {
        "eth_getBlockByNumber": lambda tag, _: blocks.get(
            final if tag == "finalized" else int(tag, 16)
        ),
        "eth_getProof": prove,
    }


def _proof(trie: HexaryTrie, key: bytes) -> tuple[bytes, ...]:
    nodes = trie.get_proof(key)  # type: ignore[no-untyped-call]  # trie leaves it untyped
    return tuple(bytes(rlp.encode(node)) for node in nodes)
