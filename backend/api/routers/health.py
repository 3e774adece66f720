"""How the server is."""

from fastapi import APIRouter

from backend.api.deps import Context
from backend.api.errors import problem_responses
from backend.api.schemas.ledger import HealthAnswer

router = APIRouter(tags=["health"])
"""Routes of health."""


@router.get("/health", responses=problem_responses(503), summary="How the server is")
def read_health(context: Context) -> HealthAnswer:
    """Return ``degraded`` while the anchoring of a ledger waits or has stopped."""
    ledgers = dict(context.health())
    return HealthAnswer(
        status="degraded" if any(ledgers.values()) else "ok",
        ledgers=ledgers,
        networks={name: dict(found) for name, found in context.network_health().items()},
    )
