"""How each anchor of a ledger stands: what operators and members are told rests on these rows."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from sqlmodel import Session, col, select

from anchoring.core.anchor_states import AttemptState
from backend.domain.acts import Slug
from backend.services.anchor_status import StandingState
from backend.storage.tables import AnchorAttemptRow, AnchorRow

UnrecordedAttempt: TypeAlias = tuple[AnchorAttemptRow, StandingState]
"""A transaction for a size that is not recorded, and how it stands."""

_STATE_OF_ATTEMPT: Final[Mapping[str, StandingState]] = {
    AttemptState.OPEN: StandingState.BROADCAST,
    AttemptState.REORGED: StandingState.REORGED,
    AttemptState.REPLACED: StandingState.REPLACED,
    AttemptState.FAILED: StandingState.FAILED,
}
"""How an attempt stands whose size is not recorded; one that was included has its anchor recorded."""

_ON_ITS_WAY: Final = (StandingState.BROADCAST, StandingState.REORGED)


def recorded_anchors(session: Session, slug: Slug) -> tuple[AnchorRow, ...]:
    """Return the recorded anchors, by size, then chain id; ``StandingState`` names their states."""
    query = select(AnchorRow).where(AnchorRow.organisation == slug)
    return tuple(session.exec(query.order_by(col(AnchorRow.size), col(AnchorRow.chain_id))))


def unrecorded_attempts(session: Session, slug: Slug) -> tuple[UnrecordedAttempt, ...]:
    """Return what was sent and is not recorded, by size, then chain id, oldest first.

    Of each size and chain these are the transactions that may still be included; where there is none, the
    last one that was given up.
    """
    recorded = {(row.size, row.chain_id) for row in recorded_anchors(session, slug)}
    by_place: dict[tuple[int, int], list[UnrecordedAttempt]] = {}
    query = select(AnchorAttemptRow).where(
        AnchorAttemptRow.organisation == slug,
        col(AnchorAttemptRow.state).in_(_STATE_OF_ATTEMPT),
    )
    order = (col(AnchorAttemptRow.opened_at), col(AnchorAttemptRow.max_fee_wei))
    for row in session.exec(query.order_by(*order)):
        if (row.size, row.chain_id) not in recorded:
            attempt = (row, _STATE_OF_ATTEMPT[row.state])
            by_place.setdefault((row.size, row.chain_id), []).append(attempt)
    found: list[UnrecordedAttempt] = []
    for place in sorted(by_place):
        alive = [each for each in by_place[place] if each[1] in _ON_ITS_WAY]
        found += alive or by_place[place][-1:]
    return tuple(found)
