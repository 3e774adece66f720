"""Electorates: their root and size, and the proof of one's own place."""

from fastapi import APIRouter, Response

from backend.api.deps import Context, NamedId, OrganisationId
from backend.api.errors import PREPARE_PROBLEMS, READ_PROBLEMS, problem_responses
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.electorates import (
    ElectorateAnswer,
    ElectorDraft,
    ElectorOpening,
    ElectorProofAnswer,
    ElectorStatement,
)
from backend.api.schemas.fields import TypedDataAnswer
from backend.domain.electorate import format_elector
from backend.domain.instants import format_instant
from backend.domain.signing import TypedData
from backend.services import electorates
from backend.services.electorates import ElectorateView

router = APIRouter(
    prefix="/v1/organisations/{slug}/motions/{motion}/electorate",
    tags=["ballots"],
    route_class=StrictJsonRoute,
)
"""Routes of electorates."""


@router.get(
    "",
    response_model=ElectorateAnswer,
    responses=READ_PROBLEMS,
    summary="Read the electorate of a motion",
)
def read_electorate(context: Context, slug: OrganisationId, motion: NamedId) -> ElectorateView:
    """Return root, size and leaves of who may vote; leaves tell nobody's name and nobody's pseudonym."""
    return electorates.electorate_of(context.reads, slug, motion)


@router.post(
    "/proof",
    response_model=ElectorProofAnswer,
    responses={**PREPARE_PROBLEMS, **problem_responses(403)},
    summary="Prove one's own place in the electorate",
)
def prove(
    context: Context, slug: OrganisationId, motion: NamedId, body: ElectorOpening | ElectorStatement
) -> Response:
    """Return the elector file of who knows voter and salt, or of the member who signed; nothing is stored."""
    if isinstance(body, ElectorOpening):
        salt = bytes.fromhex(body.elector_salt)
        proof = electorates.proof_of_voter(context.reads, slug, motion, voter=body.voter, salt=salt)
    else:
        at = format_instant(context.ports.clock.now())
        proof = electorates.proof_of_member(
            context.reads,
            slug,
            motion,
            body.statement(),
            at=at,
            contract_accounts=context.ports.contract_accounts,
        )
    return Response(
        format_elector(proof),
        media_type="application/json",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{slug}-{motion}.elector.json"',
        },
    )


@router.post(
    "/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What a member signs to be given their own line",
    tags=["signing"],
)
def prepare_proof(
    context: Context, slug: OrganisationId, motion: NamedId, body: ElectorDraft
) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    return electorates.elector_request(
        context.reads, slug, motion, author=body.author, issued_at=body.issued_at
    )
