"""The keys of a ledger: the one that signs its checkpoints, the accounts that anchor them."""

from fastapi import APIRouter

from backend.api.deps import Context, OrganisationId, WriteCommand, answer_recorded
from backend.api.errors import PREPARE_PROBLEMS, WRITE_PROBLEMS
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.fields import RecordedAnswer, TypedDataAnswer
from backend.api.schemas.keys import (
    LogKeyDraft,
    LogKeyRequest,
    PublisherDraft,
    PublisherRequest,
)
from backend.domain.acts import LogKeyRotated, PublisherRotated
from backend.domain.signing import TypedData
from backend.services import keys
from backend.services.signing_requests import statement_request

router = APIRouter(
    prefix="/v1/organisations/{slug}/keys", tags=["keys"], route_class=StrictJsonRoute
)
"""Routes of keys."""


@router.post(
    "/log",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Rotate the log key",
)
def rotate_log_key(
    context: Context, slug: OrganisationId, command: WriteCommand, body: LogKeyRequest
) -> dict[str, object]:
    """Record that another key of this server signs checkpoints; who keeps the registers signs the act."""
    recorded = keys.rotate_log_key(
        context.ports, slug, command, body.log_key, body.statement(), holds=context.holds_log_key
    )
    return answer_recorded(context, recorded)


@router.post(
    "/log/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What who keeps the registers signs to rotate the log key",
    tags=["signing"],
)
def prepare_log_key(context: Context, slug: OrganisationId, body: LogKeyDraft) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    data = LogKeyRotated(body.log_key)
    return statement_request(
        context.reads, slug, data, author=body.author, issued_at=body.issued_at
    )


@router.post(
    "/publisher",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Change the account that anchors on a chain",
)
def rotate_publisher(
    context: Context, slug: OrganisationId, command: WriteCommand, body: PublisherRequest
) -> dict[str, object]:
    """Record that another account of this server anchors on a chain; who keeps the registers signs."""
    recorded = keys.rotate_publisher(
        context.ports,
        slug,
        command,
        PublisherRotated(body.chain_id, body.previous, body.publisher),
        body.statement(),
        publishers=context.publishers,
    )
    return answer_recorded(context, recorded)


@router.post(
    "/publisher/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What who keeps the registers signs to change the account that anchors on a chain",
    tags=["signing"],
)
def prepare_publisher(context: Context, slug: OrganisationId, body: PublisherDraft) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    data = PublisherRotated(body.chain_id, body.previous, body.publisher)
    return statement_request(
        context.reads, slug, data, author=body.author, issued_at=body.issued_at
    )
