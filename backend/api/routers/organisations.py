"""Founding organisations; what they are called and where their signatures are valid."""

from fastapi import APIRouter, Depends, Response
from fastapi.responses import Response as RawResponse

from anchoring.core.trust import format_trust
from backend.api.auth import require_operator
from backend.api.deps import Context, OrganisationId, WriteCommand, answer_recorded
from backend.api.errors import (
    PREPARE_PROBLEMS,
    READ_PROBLEMS,
    WRITE_PROBLEMS,
    problem_responses,
)
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.fields import PageAnswer, RecordedAnswer, TypedDataAnswer
from backend.api.schemas.organisations import (
    DomainAnswer,
    FoundingDraft,
    FoundingRequest,
    OrganisationAnswer,
    SigningAnswer,
    founding,
)
from backend.domain.signing import TypedData, signing_domain
from backend.services import organisations
from backend.services.signing_requests import founding_request
from backend.services.view_types import OrganisationView

router = APIRouter(prefix="/v1", tags=["organisations"], route_class=StrictJsonRoute)
"""Routes of organisations."""


@router.get(
    "/signing",
    response_model=SigningAnswer,
    summary="What founders need to know before they sign",
    tags=["signing"],
)
def read_signing(context: Context) -> dict[str, object]:
    """Return where signatures of organisations founded on this server are valid."""
    return {
        "chain_id": context.signing.chain_id,
        "contract": context.signing.contract,
        "host": context.host,
        "passkeys": context.signing.passkeys,
    }


@router.post(
    "/organisations",
    status_code=201,
    response_model=RecordedAnswer,
    responses={**WRITE_PROBLEMS, **problem_responses(401)},
    dependencies=[Depends(require_operator)],
    summary="Found an organisation",
)
def found(context: Context, command: WriteCommand, body: FoundingRequest) -> dict[str, object]:
    """Record the founding signed by every founder; reserved for the operator of the server."""
    founded = founding(body, body.founders, host=context.host, signing=context.signing)
    recorded = organisations.found(
        context.ports,
        command,
        founded,
        issued_at=body.issued_at,
        signatures=body.signatures(),
    )
    return answer_recorded(context, recorded)


@router.post(
    "/organisations/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What founders sign",
    tags=["signing"],
)
def prepare_founding(context: Context, body: FoundingDraft) -> TypedData:
    """Return the typed data that every founder signs; nothing is stored."""
    founded = founding(body, body.founders, host=context.host, signing=context.signing)
    return founding_request(founded, issued_at=body.issued_at)


@router.get(
    "/organisations",
    response_model=PageAnswer[OrganisationAnswer],
    responses=problem_responses(503),
    summary="List the organisations of this server",
)
def list_organisations(context: Context) -> dict[str, object]:
    """Return every organisation, by slug."""
    return {"items": context.reads.organisations(), "next": None}


@router.get(
    "/organisations/{slug}",
    response_model=OrganisationAnswer,
    responses=READ_PROBLEMS,
    summary="Read an organisation",
)
def read_organisation(context: Context, slug: OrganisationId) -> OrganisationView:
    """Return one organisation."""
    return context.reads.organisation(slug)


@router.get(
    "/organisations/{slug}/signing-domain",
    response_model=DomainAnswer,
    responses=READ_PROBLEMS,
    summary="Read the EIP-712 domain of an organisation",
    tags=["signing"],
)
def read_signing_domain(context: Context, slug: OrganisationId) -> dict[str, object]:
    """Return the domain of every signature for this organisation, in the shape of ERC-5267."""
    organisation = context.reads.state(slug).founded()
    return {
        **signing_domain(organisation),
        "fields": "0x1f",
        "extensions": [],
        "passkeys": organisation.signing.passkeys,
    }


@router.get(
    "/organisations/{slug}/trust",
    response_class=RawResponse,
    responses={
        **READ_PROBLEMS,
        200: {"description": "The trust file.", "content": {"application/json": {}}},
    },
    summary="Read the trust file of an organisation",
)
def read_trust(context: Context, slug: OrganisationId) -> Response:
    """Return what verifiers of its receipts believe; get it by another way too, or it proves nothing."""
    return Response(format_trust(context.trust(slug)), media_type="application/json")
