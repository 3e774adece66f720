"""Assemblies: calling, closing, reading."""

from fastapi import APIRouter

from backend.api.deps import (
    DEFAULT_LIMIT,
    FIRST,
    After,
    Context,
    Limit,
    NamedId,
    OrganisationId,
    PageOf,
    WriteCommand,
    answer_recorded,
    page,
)
from backend.api.errors import PREPARE_PROBLEMS, READ_PROBLEMS, WRITE_PROBLEMS
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.assemblies import (
    AssemblyAnswer,
    AttendanceAnswer,
    CallDraft,
    CallRequest,
)
from backend.api.schemas.fields import NothingAsked, PageAnswer, RecordedAnswer, TypedDataAnswer
from backend.domain.signing import TypedData
from backend.services import assemblies
from backend.services.attendance import AttendanceView, attendance_of
from backend.services.signing_requests import call_request
from backend.services.view_types import AssemblyView

router = APIRouter(
    prefix="/v1/organisations/{slug}/assemblies", tags=["assemblies"], route_class=StrictJsonRoute
)
"""Routes of assemblies."""


@router.post(
    "",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Call an assembly",
)
def call_assembly(
    context: Context, slug: OrganisationId, command: WriteCommand, body: CallRequest
) -> dict[str, object]:
    """Record a convocation; rules and electorates are frozen from here on."""
    recorded = assemblies.call_assembly(context.ports, slug, command, body.call(), body.statement())
    return answer_recorded(context, recorded)


@router.post(
    "/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What a convener signs",
    tags=["signing"],
)
def prepare_call(context: Context, slug: OrganisationId, body: CallDraft) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    return call_request(
        context.reads, slug, body.call(), author=body.author, issued_at=body.issued_at
    )


@router.post(
    "/{assembly}/close",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Close an assembly",
)
def close_assembly(
    context: Context,
    slug: OrganisationId,
    command: WriteCommand,
    assembly: NamedId,
    body: NothingAsked,  # noqa: ARG001 - read so that its form is checked
) -> dict[str, object]:
    """Count, decide and put into effect once voting is over; the server does it by itself too."""
    recorded = assemblies.close_assembly(context.ports, slug, command, assembly)
    return answer_recorded(context, recorded)


@router.get(
    "",
    response_model=PageAnswer[AssemblyAnswer],
    responses=READ_PROBLEMS,
    summary="List assemblies",
)
def list_assemblies(
    context: Context, slug: OrganisationId, after: After = FIRST, limit: Limit = DEFAULT_LIMIT
) -> PageOf[AssemblyView]:
    """Return assemblies in ledger order."""
    return page(context.reads.assemblies(slug, after, limit), limit, lambda view: view.entry)


@router.get(
    "/{assembly}",
    response_model=AssemblyAnswer,
    responses=READ_PROBLEMS,
    summary="Read an assembly",
)
def read_assembly(context: Context, slug: OrganisationId, assembly: NamedId) -> AssemblyView:
    """Return one assembly."""
    return context.reads.assembly(slug, assembly)


@router.get(
    "/{assembly}/attendance",
    response_model=AttendanceAnswer,
    responses=READ_PROBLEMS,
    summary="Read how a session went",
)
def read_attendance(context: Context, slug: OrganisationId, assembly: NamedId) -> AttendanceView:
    """Return who was told, who was there or represented, and whether that was enough."""
    return attendance_of(context.reads.state(slug), assembly)
