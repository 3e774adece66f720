"""Says what a node's answers come to for an anchor that its evidence proved.

V8. A node, if one is asked, serves the anchor's chain, has that very block at that height and the
    expected code at the contract, and calls the block final.

The rules before it are those of ``receipt_verification``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from anchoring.core.receipt_verification import BelievedAnchor, Outcome, Step
from anchoring.core.types import BlockHash, BlockNumber, ChainId


@dataclass(frozen=True, slots=True)
class NodeView:
    """What a node answered about one anchor; a claim of that node."""

    chain_id: ChainId
    """Chain the node serves."""
    block_hash: BlockHash | None
    """Hash of its block at the anchor's height, None when it has none there."""
    finalized: BlockNumber | None
    """Height of its last final block, None when it knows of none."""
    code_hash: bytes | None = None
    """Keccak-256 of the contract's code, 32 bytes; None when it was not asked."""


def check_node(believed: BelievedAnchor, view: NodeView) -> tuple[Step, ...]:
    """Make check V8 for one anchor: chain, block, code, finality; stops at the first failure.

    Args:
        believed: The anchor.
        view: What the node answered about the anchor's height and contract.
    """
    steps: list[Step] = []
    for step in _node_steps(believed, view):
        steps.append(step)
        if step.outcome is not Outcome.VERIFIED:
            break
    return tuple(steps)


def _node_steps(believed: BelievedAnchor, view: NodeView) -> Iterator[Step]:
    anchor = believed.proven.anchor

    def step(name: str, outcome: Outcome, expected: object, found: object) -> Step:
        return Step(name, outcome, str(expected), str(found), believed.position)

    served = view.chain_id == anchor.chain_id
    # A node of another chain says nothing about this one, for or against.
    outcome = Outcome.VERIFIED if served else Outcome.UNREACHABLE
    yield step("node.chain", outcome, anchor.chain_id, view.chain_id)
    outcome = _compare(anchor.block_hash, view.block_hash)
    yield step("node.block", outcome, _hex(anchor.block_hash), _hex(view.block_hash))
    code_hash = believed.network.registry_code_hash
    if code_hash is not None:
        outcome = _compare(code_hash, view.code_hash)
        yield step("node.code", outcome, _hex(code_hash), _hex(view.code_hash))
    final = view.finalized is not None and anchor.block_number <= view.finalized
    outcome = Outcome.VERIFIED if final else Outcome.PENDING
    found = "none" if view.finalized is None else view.finalized
    yield step("node.finality", outcome, f">= {anchor.block_number}", found)


def _compare(expected: bytes, found: bytes | None) -> Outcome:
    if found is None:
        return Outcome.PENDING
    return Outcome.VERIFIED if found == expected else Outcome.FALSE


def _hex(value: bytes | None) -> str:
    return "none" if value is None else f"0x{value.hex()}"
