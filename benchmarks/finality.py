"""Finality links as long as those of public networks: genuine hashes, made-up neighbours.

A proof in the state of a public network has one full branch for each power of 16 in the number of its
accounts. Such a state is not built here: only the nodes on the path are, and other bytes stand for the hashes
beside the path, which a proof holds but nobody recomputes. Every statement passes ``verify_finality``.
"""

from hashlib import sha256
from typing import Final

import rlp
from eth_hash.auto import keccak

from anchoring.core.finality import (
    HISTORY_CONTRACT,
    FinalityStatement,
    HeaderChain,
    HistoryProof,
    history_slot,
    verify_finality,
)
from anchoring.core.types import Anchor, BlockHash, BlockNumber

DISTANCE: Final = 70
"""Blocks between an anchor and the final block that is seen: two epochs and a little."""

SLOT_BRANCHES: Final = (16, 16, 16, 2)
"""Children of the branches above a slot of the history contract: 8,191 slots are two for each of 16³."""

_EMPTY_CODE: Final = keccak(b"")
_PARENT, _STATE_ROOT, _NUMBER = 0, 3, 8


def by_headers(anchor: Anchor, header: bytes, count: int) -> FinalityStatement:
    """Return a statement over a chain of headers.

    Args:
        anchor: The anchor.
        header: RLP of its block's header; those after it are as long.
        count: How many follow.
    """
    headers: list[bytes] = []
    parent: bytes = anchor.block_hash
    for number in range(anchor.block_number + 1, anchor.block_number + count + 1):
        headers.append(_changed(header, {_PARENT: parent, _NUMBER: number}))
        parent = keccak(headers[-1])
    statement = FinalityStatement(
        BlockNumber(anchor.block_number + count), BlockHash(parent), HeaderChain(tuple(headers))
    )
    verify_finality(statement, anchor_number=anchor.block_number, anchor_hash=anchor.block_hash)
    return statement


def by_history(anchor: Anchor, header: bytes, *, account_branches: int) -> FinalityStatement:
    """Return a statement over a proof of the history contract (EIP-2935).

    Args:
        anchor: The anchor.
        header: RLP of its block's header; the finalized one is as long.
        account_branches: Full branches above the account: a state of ``16 ** account_branches`` accounts.
    """
    slot = rlp.encode(anchor.block_hash.lstrip(b"\0"))
    storage = _proof(keccak(history_slot(anchor.block_number)), slot, SLOT_BRANCHES)
    account = rlp.encode([1, 0, keccak(storage[0]), _EMPTY_CODE])
    accounts = _proof(keccak(HISTORY_CONTRACT), account, (16,) * account_branches)
    number = anchor.block_number + DISTANCE
    final = _changed(header, {_STATE_ROOT: keccak(accounts[0]), _NUMBER: number})
    statement = FinalityStatement(
        BlockNumber(number), BlockHash(keccak(final)), HistoryProof(final, accounts, storage)
    )
    verify_finality(statement, anchor_number=anchor.block_number, anchor_hash=anchor.block_hash)
    return statement


def _changed(header: bytes, items: dict[int, bytes | int]) -> bytes:
    decoded = rlp.decode(header)
    for place, item in items.items():
        decoded[place] = item
    encoded: bytes = rlp.encode(decoded)
    return encoded


def _proof(key: bytes, value: bytes, children: tuple[int, ...]) -> tuple[bytes, ...]:
    """Nodes from the root to the leaf of ``key``, under branches of so many children each."""
    nibbles = key.hex()
    rest = nibbles[len(children) :]
    path = bytes.fromhex(f"3{rest}" if len(rest) % 2 else f"20{rest}")
    nodes: list[bytes] = [rlp.encode([path, value])]
    for depth in range(len(children) - 1, -1, -1):
        ours = int(nibbles[depth], 16)
        branch = [b""] * 17
        for step in range(children[depth]):
            place = (ours + step) % 16
            branch[place] = sha256(b"%d/%d" % (depth, place)).digest()
        branch[ours] = keccak(nodes[-1])
        nodes.append(rlp.encode(branch))
    return tuple(reversed(nodes))
