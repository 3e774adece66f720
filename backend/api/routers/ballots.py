"""Casting ballots."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from backend.api.deps import (
    Context,
    EntryIndex,
    NamedId,
    OrganisationId,
    WriteCommand,
    answer_recorded,
)
from backend.api.errors import PREPARE_PROBLEMS, READ_PROBLEMS, WRITE_PROBLEMS
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.ballots import (
    BallotDraft,
    BallotRecordedAnswer,
    BallotRequest,
    BallotStatusAnswer,
)
from backend.api.schemas.fields import TypedDataAnswer
from backend.api.schemas.signatures import signature_bytes
from backend.domain.signing import TypedData
from backend.services import ballots
from backend.services.ballot_status import BallotStatus, ballot_status
from backend.services.signing_requests import ballot_request

router = APIRouter(
    prefix="/v1/organisations/{slug}/motions/{motion}/ballots",
    tags=["ballots"],
    route_class=StrictJsonRoute,
)
"""Routes of ballots."""


@router.post(
    "",
    status_code=201,
    response_model=BallotRecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Cast a ballot",
)
async def cast(
    context: Context,
    slug: OrganisationId,
    motion: NamedId,
    command: WriteCommand,
    body: BallotRequest,
) -> dict[str, object]:
    """Record a ballot; a later one of the same voter replaces it in the count where rules permit."""
    # Only what waits for the disk needs a thread: FastAPI would check the answer in another one.
    record = await run_in_threadpool(
        ballots.cast,
        context.ports,
        slug,
        command,
        body.vote(motion),
        signature=signature_bytes(body.signature),
    )
    return {
        **answer_recorded(context, record.recorded),
        "voter": record.voter,
        "elector_salt": record.elector_salt.hex(),
        "choice": record.choice,
    }


@router.post(
    "/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What a voter signs",
    tags=["signing"],
)
def prepare_ballot(
    context: Context, slug: OrganisationId, motion: NamedId, body: BallotDraft
) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    return ballot_request(context.reads, slug, body.vote(motion))


@router.get(
    "/{index}",
    response_model=BallotStatusAnswer,
    responses=READ_PROBLEMS,
    summary="Read how far a ballot has come",
)
def read_ballot(
    context: Context, slug: OrganisationId, motion: NamedId, index: EntryIndex
) -> BallotStatus:
    """Return its rung on the ladder with the facts of each, and whether it is the one that counts."""
    return ballot_status(context.reads, slug, motion, index)
