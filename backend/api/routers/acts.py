"""Acts that are recorded as their authors sign them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from backend.api.deps import (
    Context,
    OrganisationId,
    WriteCommand,
    answer_recorded,
    limit_applications,
)
from backend.api.errors import PREPARE_PROBLEMS, WRITE_PROBLEMS, problem_responses
from backend.api.json_bodies import StrictJsonRoute
from backend.api.safes import SafeAccount, for_safe
from backend.api.schemas.acts import ActDraft, ActRequest
from backend.api.schemas.fields import RecordedAnswer, TypedDataAnswer
from backend.domain.acts import MemberReapplied
from backend.domain.signing import TypedData
from backend.services.acts import SIGNED_ACTS, act_of, record_act
from backend.services.signing_requests import statement_request

router = APIRouter(
    prefix="/v1/organisations/{slug}/acts", tags=["acts"], route_class=StrictJsonRoute
)
"""Routes of acts."""

ActName = Annotated[
    str,
    Path(
        json_schema_extra={"enum": sorted(SIGNED_ACTS)},
        description="Name of the act, as in the ledger.",
    ),
]
"""Act in a path."""


async def limit_reapplications(request: Request, context: Context, act: ActName) -> None:
    """Count an act by which somebody asks to join again as an application.

    Raises:
        TooSoonError: ``rate.limited``: too many came from there.
    """
    if SIGNED_ACTS.get(act) is MemberReapplied:
        await limit_applications(request, context)


@router.post(
    "/{act}",
    status_code=201,
    response_model=RecordedAnswer,
    responses={**WRITE_PROBLEMS, **problem_responses(429)},
    summary="Record an act as signed",
    dependencies=[Depends(limit_reapplications)],
)
def record(
    context: Context, slug: OrganisationId, act: ActName, command: WriteCommand, body: ActRequest
) -> dict[str, object]:
    """Record one act with the documents it refers to, if the statutes allow it."""
    recorded = record_act(context.ports, slug, command, body.signed_act(act))
    return answer_recorded(context, recorded)


@router.post(
    "/{act}/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What the author of an act signs",
    tags=["signing"],
)
def prepare(
    context: Context, slug: OrganisationId, act: ActName, body: ActDraft, safe: SafeAccount = None
) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    data = act_of(act, body.data)
    request = statement_request(
        context.reads, slug, data, author=body.author, issued_at=body.issued_at
    )
    return for_safe(request, safe)
