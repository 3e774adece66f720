"""The register: joining, leaving, reading."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from backend.api.deps import (
    DEFAULT_LIMIT,
    Context,
    Limit,
    MemberPath,
    OrganisationId,
    PageOf,
    WriteCommand,
    answer_recorded,
    limit_applications,
    page,
)
from backend.api.errors import PREPARE_PROBLEMS, READ_PROBLEMS, WRITE_PROBLEMS, problem_responses
from backend.api.json_bodies import StrictJsonRoute
from backend.api.safes import for_key
from backend.api.schemas.fields import (
    PageAnswer,
    RecordedAnswer,
    TypedDataAnswer,
    Unsigned,
)
from backend.api.schemas.members import (
    ApplicationAnswer,
    ApplicationDraft,
    ApplicationRequest,
    Authored,
    AuthoredSigned,
    MemberAnswer,
    ResignationRequest,
)
from backend.api.schemas.signatures import signature_bytes
from backend.domain.acts import MemberAdmitted, MemberApplied, MemberResigned
from backend.domain.signing import TypedData
from backend.services import members
from backend.services.commands import Statement
from backend.services.signing_requests import statement_request
from backend.services.view_types import MemberView

router = APIRouter(
    prefix="/v1/organisations/{slug}/members", tags=["members"], route_class=StrictJsonRoute
)
"""Routes of members."""


@router.post(
    "",
    status_code=201,
    response_model=ApplicationAnswer,
    responses={**WRITE_PROBLEMS, **problem_responses(429)},
    summary="Ask to join",
    dependencies=[Depends(limit_applications)],
)
def apply(
    context: Context, slug: OrganisationId, command: WriteCommand, body: ApplicationRequest
) -> dict[str, object]:
    """Record an application, and the admission too where the statutes admit by right at once."""
    recorded = members.apply(
        context.ports,
        slug,
        command,
        body.application(),
        issued_at=body.issued_at,
        signature=signature_bytes(body.signature),
    )
    status = "applied" if len(recorded.indices) == 1 else "active"
    return {**answer_recorded(context, recorded), "status": status}


@router.post(
    "/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What an applicant signs",
    tags=["signing"],
)
def prepare_application(
    context: Context, slug: OrganisationId, body: ApplicationDraft
) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    data = MemberApplied(body.application().applicant())
    request = statement_request(
        context.reads, slug, data, author=body.member, issued_at=body.issued_at
    )
    return for_key(request, body.key)


@router.post(
    "/{member}/admission",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Admit an applicant",
)
def admit(
    context: Context,
    slug: OrganisationId,
    command: WriteCommand,
    member: MemberPath,
    body: AuthoredSigned,
) -> dict[str, object]:
    """Record an admission by those who decide on it."""
    recorded = members.admit(context.ports, slug, command, member, body.statement())
    return answer_recorded(context, recorded)


@router.post(
    "/{member}/admission/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What those who admit sign",
    tags=["signing"],
)
def prepare_admission(
    context: Context, slug: OrganisationId, member: MemberPath, body: Authored
) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    data = MemberAdmitted(member)
    return statement_request(
        context.reads, slug, data, author=body.author, issued_at=body.issued_at
    )


@router.post(
    "/{member}/resignation",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Resign",
)
def resign(
    context: Context,
    slug: OrganisationId,
    command: WriteCommand,
    member: MemberPath,
    body: ResignationRequest,
) -> dict[str, object]:
    """Record that a member leaves."""
    statement = Statement(member, body.issued_at, signature_bytes(body.signature))
    recorded = members.resign(context.ports, slug, command, member, statement)
    return answer_recorded(context, recorded)


@router.post(
    "/{member}/resignation/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What a member signs to resign",
    tags=["signing"],
)
def prepare_resignation(
    context: Context, slug: OrganisationId, member: MemberPath, body: Unsigned
) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    data = MemberResigned(member)
    return statement_request(context.reads, slug, data, author=member, issued_at=body.issued_at)


@router.get(
    "", response_model=PageAnswer[MemberAnswer], responses=READ_PROBLEMS, summary="List members"
)
def list_members(
    context: Context,
    slug: OrganisationId,
    after: Annotated[str, Query(max_length=33, description="Continue after this pseudonym.")] = "",
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[MemberView]:
    """Return members and applicants, by pseudonym."""
    return page(context.reads.members(slug, after, limit), limit, lambda view: view.member)


@router.get(
    "/{member}", response_model=MemberAnswer, responses=READ_PROBLEMS, summary="Read a member"
)
def read_member(context: Context, slug: OrganisationId, member: MemberPath) -> MemberView:
    """Return one member or applicant."""
    return context.reads.member(slug, member)
