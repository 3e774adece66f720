"""Gas of an anchor and length of a receipt: exact values, on the embedded chain under Prague rules."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

import rlp
from eth_hash.auto import keccak
from hexbytes import HexBytes
from trie.hexary import HexaryTrie
from web3 import Web3

from anchoring.adapters.chain_embedded import EmbeddedChain
from anchoring.adapters.chain_evidence import build_evidence
from anchoring.adapters.chain_web3 import Web3Chain
from anchoring.adapters.chain_web3_finality import MAX_CAPTURED_HEADERS
from anchoring.adapters.tile_nodes import TileNodes
from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.evidence import Evidence
from anchoring.core.finality_file import AnchorFinality, format_finality_file
from anchoring.core.merkle import inclusion_proof, root_at
from anchoring.core.receipt import (
    MAX_RECEIPT_JSON,
    Receipt,
    ReceiptAnchor,
    format_receipt,
    keep_short_links,
)
from anchoring.core.types import Anchor, BlockHash, Head, LeafIndex, RootHash, TreeSize
from benchmarks.figures import Figure, Reference, Target
from benchmarks.finality import by_headers, by_history
from benchmarks.reading import SIGNER
from benchmarks.sizes import LONG_ENTRY_BYTES, numbered_entry
from tests.support.chain_world import open_embedded, publish_on

EAS_TIMESTAMP: Final = Reference("EAS timestamp", 45_797)
"""Gas of ``timestamp(bytes32)`` of the Ethereum Attestation Service 0.26, run on the same py-evm;
it is no part of this run (https://github.com/ethereum-attestation-service/eas-contracts)."""

TRANSACTION_GAS: Final = 21_000
"""Gas of any transaction (Yellow Paper, appendix G)."""

FLOOR_GAS_PER_TOKEN: Final = 10
"""Least gas per token of call data (EIP-7623, https://eips.ethereum.org/EIPS/eip-7623)."""

TOKENS_PER_NONZERO_BYTE: Final = 4
"""Tokens of a byte other than zero; a zero byte is one token (EIP-7623)."""

BINARY_TARGET: Final = Target("value", 6_000)
"""Bytes of a receipt with its evidence, without an encoding."""

JSON_TARGET: Final = Target("value", MAX_RECEIPT_JSON)
"""Bytes of a receipt file with its evidence, as a server gives it unless asked for more."""

BUSY_BLOCK: Final = 200
"""Transactions of a busy block: about what a public network fits into one."""

BUSY_PLACE: Final = 150
"""Place of ours in it: past 127 its trie key has two bytes, and the proof two more nodes."""

FILLER_BYTES: Final = 300
"""Length of the other transactions and receipts; only their hashes reach the proof."""

STATE_BRANCHES: Final = (5, 7)
"""Depths of a state of a public network: 16⁵ is a million accounts, 16⁷ is 268 million."""

INTEGER_BYTES: Final = 8
"""Bytes that an integer counts for in a receipt's length without an encoding."""

_TRANSACTIONS_ROOT: Final = 4
_RECEIPTS_ROOT: Final = 5


def call_data_floor(call_data: bytes) -> int:
    """Return the least gas that a transaction with this call data can cost (EIP-7623)."""
    zeros = call_data.count(0)
    tokens = zeros + TOKENS_PER_NONZERO_BYTE * (len(call_data) - zeros)
    return TRANSACTION_GAS + FLOOR_GAS_PER_TOKEN * tokens


def measure_gas(folder: Path, entries: int) -> list[Figure]:
    """Return the gas of the first anchor of a publisher and of the next ones.

    Args:
        folder: Folder for the chain's file.
        entries: Size of the ledger that is anchored.
    """
    with _chain(folder / "gas.sqlite") as (embedded, chain):
        spent = [
            _anchor(embedded, chain, Head(TreeSize(size), RootHash(sha256(b"%d" % size).digest())))
            for size in (entries - 1, entries)
        ]
    (first, _), (steady, call_data) = spent
    floor = Reference(f"floor of its {len(call_data)} call data bytes", call_data_floor(call_data))
    name = "anchor, every one after the first"
    return [
        Figure(name, steady, "gas", EAS_TIMESTAMP),
        Figure(name, steady, "gas", floor),
        Figure("anchor, the first of a publisher", first, "gas", EAS_TIMESTAMP),
    ]


def measure_receipts(folder: Path, size: TreeSize) -> list[Figure]:
    """Return the length of a receipt with evidence: alone in its block, in a busy one, and for each link.

    Args:
        folder: The ledger that ``measure_tiles`` left; the chain's file is made beside it.
        size: Its size.
    """
    nodes = TileNodes(folder, size)
    head = Head(size, root_at(size, nodes))
    with _chain(folder.with_name("receipt.sqlite")) as (_, chain):
        chain.broadcast(chain.sign_anchor(head))
        anchor = chain.find_anchor(size)
        if anchor is None:
            raise LookupError(size)
        evidence = chain.capture_evidence(anchor)
    receipt = Receipt(
        entry=numbered_entry(0, LONG_ENTRY_BYTES),
        index=LeafIndex(size // 3),
        inclusion=inclusion_proof(LeafIndex(size // 3), size, nodes),
        checkpoint=sign_checkpoint(Checkpoint(SIGNER.name, head), SIGNER),
    )
    busy = in_a_busy_block(anchor, evidence)
    blocks: Mapping[str, ReceiptAnchor] = {
        "alone in its block": ReceiptAnchor.of(anchor, evidence),
        f"in a block of {BUSY_BLOCK}": ReceiptAnchor.of(*busy),
    }
    figures = []
    for where, placed in blocks.items():
        whole = replace(receipt, anchors=(placed,))
        name = f"receipt at {size:,} entries, {where}"
        binary = Reference("of which the entry", LONG_ENTRY_BYTES)
        figures += [
            Figure(f"{name}, binary", binary_length(whole), "bytes", binary, BINARY_TARGET),
            Figure(f"{name}, JSON", len(format_receipt(whole)), "bytes", None, JSON_TARGET),
        ]
    return figures + _linked(receipt, *busy)


def _linked(receipt: Receipt, anchor: Anchor, evidence: Evidence) -> list[Figure]:
    """The same receipt where its anchor has a link to a final block: by default, and in full if longer."""
    links = {
        f"{MAX_CAPTURED_HEADERS} headers": by_headers(
            anchor, evidence.header, MAX_CAPTURED_HEADERS
        ),
        **{
            f"EIP-2935, {16**branches:,} accounts": by_history(
                anchor, evidence.header, account_branches=branches
            )
            for branches in STATE_BRANCHES
        },
    }
    figures = []
    for name, statement in links.items():
        full = replace(receipt, anchors=(ReceiptAnchor.of(anchor, evidence, statement),))
        given = keep_short_links(full)
        where = "inside" if given == full else "beside it"
        what = f"default receipt, link of {name} {where}"
        alone = AnchorFinality(anchor.chain_id, anchor.block_number, anchor.block_hash, statement)
        file = Reference("the link in its own file", len(format_finality_file(alone)))
        length = len(format_receipt(given))
        figures += [
            Figure(f"{what}, binary", binary_length(given), "bytes"),
            Figure(f"{what}, JSON", length, "bytes", file, JSON_TARGET),
        ]
        if given == full:
            continue
        link = Reference("of which the link", binary_length(statement))
        what = f"full receipt, link of {name} inside"
        figures += [
            Figure(f"{what}, binary", binary_length(full), "bytes", link),
            Figure(f"{what}, JSON", len(format_receipt(full)), "bytes"),
        ]
    return figures


def binary_length(value: object) -> int:
    """Return the sum of the decoded lengths of all fields of a receipt, in bytes.

    Raises:
        TypeError: A field is of no kind that a receipt has.
    """
    if value is None:
        return 0
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, str):
        return len(value.encode("utf-8"))
    if isinstance(value, int):
        return INTEGER_BYTES
    if isinstance(value, tuple):
        return sum(map(binary_length, value))
    if is_dataclass(value):
        return sum(binary_length(getattr(value, field.name)) for field in fields(value))
    raise TypeError(type(value).__name__)


def in_a_busy_block(anchor: Anchor, evidence: Evidence) -> tuple[Anchor, Evidence]:
    """Return the same anchor as if its block held many other transactions.

    Args:
        anchor: An anchor whose transaction is alone in its block.
        evidence: Its evidence.
    """
    transactions = _filled(_leaf_value(evidence.transaction_proof), b"transaction")
    receipts = _filled(_leaf_value(evidence.receipt_proof), b"receipt")
    header = rlp.decode(evidence.header)
    header[_TRANSACTIONS_ROOT] = _trie_root(transactions)
    header[_RECEIPTS_ROOT] = _trie_root(receipts)
    encoded = rlp.encode(header)
    moved = replace(anchor, block_hash=BlockHash(keccak(encoded)))
    busy = build_evidence(moved, header=encoded, transactions=transactions, receipts=receipts)
    return moved, replace(evidence, **{f.name: getattr(busy, f.name) for f in fields(busy)})


def _leaf_value(proof: tuple[bytes, ...]) -> bytes:
    """Value of a trie that has one leaf only."""
    value: bytes = rlp.decode(proof[-1])[1]
    return value


def _filled(ours: bytes, kind: bytes) -> list[bytes]:
    """Values of a busy block: ours among others of the same type byte."""
    values = [
        ours[:1] + (kind + b"%d" % number).ljust(FILLER_BYTES, b".") for number in range(BUSY_BLOCK)
    ]
    values[BUSY_PLACE] = ours
    return values


def _trie_root(values: list[bytes]) -> bytes:
    trie = HexaryTrie({})
    for number, value in enumerate(values):
        trie[rlp.encode(number)] = value
    root: bytes = trie.root_hash
    return root


def _anchor(embedded: EmbeddedChain, chain: Web3Chain, head: Head) -> tuple[int, bytes]:
    """Gas and call data of the anchor of a head."""
    sent = HexBytes(chain.broadcast(chain.sign_anchor(head)))
    web3 = Web3(embedded.provider())
    call_data = bytes(web3.eth.get_transaction(sent)["input"])
    return web3.eth.get_transaction_receipt(sent)["gasUsed"], call_data


@contextmanager
def _chain(path: Path) -> Iterator[tuple[EmbeddedChain, Web3Chain]]:
    embedded = open_embedded(path)
    yield embedded, publish_on(embedded)
    embedded.close()
