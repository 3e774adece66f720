"""The register of members now, at a past instant, or after an entry; for members who are logged in."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from backend.api.auth import CurrentMember
from backend.api.deps import Context, OrganisationId
from backend.api.errors import READ_PROBLEMS, problem_responses
from backend.api.schemas.register import AttestationAnswer, RegisterAnswer
from backend.domain.acts import RegisterAttested
from backend.domain.instants import format_instant
from backend.domain.quantities import MAX_INTEGER
from backend.domain.register import format_register
from backend.services.register import read_register, register_to_attest

router = APIRouter(
    prefix="/v1/organisations/{slug}/register",
    tags=["members"],
    responses={**READ_PROBLEMS, **problem_responses(401, 422)},
)
"""Routes of the register."""


@router.get("", response_model=RegisterAnswer, summary="Read the register at an instant")
def read_at(
    context: Context,
    slug: OrganisationId,
    _: CurrentMember,
    at: Annotated[
        str | None,
        Query(
            max_length=24,
            description="An instant, or a day whose last instant is meant; now if left out.",
        ),
    ] = None,
    entry: Annotated[
        int | None,
        Query(ge=0, le=MAX_INTEGER, description="The last entry it tells of, instead."),
    ] = None,
) -> Response:
    """Return the document of the register; the SHA-256 of the answer's bytes is its fingerprint."""
    now = format_instant(context.ports.clock.now())
    register = read_register(context.reads, slug, now=now, at=at, entry=entry)
    return Response(
        format_register(register),
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


@router.get(
    "/attestation", response_model=AttestationAnswer, summary="What attests the register now"
)
def read_attestation(context: Context, slug: OrganisationId, _: CurrentMember) -> RegisterAttested:
    """Return the fields of the act with which those who keep the registers attest the register."""
    return register_to_attest(context.reads, slug)
