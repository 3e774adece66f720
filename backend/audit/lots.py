"""Lots drawn on a tie, held against the anchors: the seed is the first block that covers the closing."""

from collections.abc import Iterator, Sequence

from anchoring.core.evidence import ProvenAnchor
from backend.audit.report import Disagreement
from backend.domain.acts import LotsDrawn
from backend.domain.decisions import LOTS_RULE
from backend.domain.state import State


def lots_disagreements(state: State, proven: Sequence[ProvenAnchor]) -> Iterator[Disagreement]:
    """Yield the lots whose seed is not the block of the first anchor that covers the closing.

    Args:
        state: After every entry.
        proven: Anchors whose evidence holds.
    """
    for motion in sorted(state.polls):
        poll = state.polls[motion]
        if poll.lots is None or poll.closed_entry is None:
            continue
        found = _place(poll.lots)
        expected = _first(poll.lots.chain_id, poll.closed_entry, proven)
        if expected != found:
            yield Disagreement(poll.lots_entry, LOTS_RULE, "lots.seed", expected, found)


def _first(chain_id: int, closed: int, proven: Sequence[ProvenAnchor]) -> str:
    covering = (
        each.anchor
        for each in proven
        if each.anchor.chain_id == chain_id and each.anchor.head.size > closed
    )
    first = min(covering, key=lambda anchor: anchor.head.size, default=None)
    if first is None:
        return "an anchor of the bundle that covers the closing"
    return f"size {first.head.size} in block {first.block_number} {first.block_hash.hex()}"


def _place(lots: LotsDrawn) -> str:
    return f"size {lots.size} in block {lots.block} {lots.seed}"
