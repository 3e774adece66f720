"""Applications that wait, centres, and applicants whom a centre presents."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query

from backend.api.auth import require_office, require_self_or
from backend.api.deps import (
    DEFAULT_LIMIT,
    ApiContext,
    Context,
    Limit,
    MemberPath,
    NamedId,
    OrganisationId,
    PageOf,
    WriteCommand,
    answer_recorded,
    limit_applications,
    page,
)
from backend.api.errors import PREPARE_PROBLEMS, READ_PROBLEMS, WRITE_PROBLEMS, problem_responses
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.admission import (
    ApplicationState,
    CentreAnswer,
    PresentationDraft,
    PresentationRequest,
)
from backend.api.schemas.fields import PageAnswer, TypedDataAnswer
from backend.api.schemas.members import ApplicationAnswer
from backend.domain.instants import Instant, format_instant
from backend.domain.signing import TypedData
from backend.services.admission import (
    ApplicationView,
    CentreView,
    application_of,
    centre_views,
    open_applications,
    present,
)
from backend.services.sessions import Principal
from backend.services.signing_requests import statement_request

router = APIRouter(
    prefix="/v1/organisations/{slug}", tags=["admission"], route_class=StrictJsonRoute
)
"""Routes of admission."""

_PRIVATE_PROBLEMS: Final = problem_responses(401, 403, 404, 422, 503)


Officer = Annotated[Principal, Depends(require_office("admitter", "keeper"))]
"""Who decides on applications, or keeps the registers."""


SelfOrOfficer = Annotated[Principal, Depends(require_self_or("admitter", "keeper"))]
"""The member of the path, or one of those."""


@router.get(
    "/applications",
    response_model=PageAnswer[ApplicationState],
    responses=_PRIVATE_PROBLEMS,
    summary="List applications that wait",
)
def list_applications(
    context: Context,
    slug: OrganisationId,
    _: Officer,
    after: Annotated[str, Query(max_length=33, description="Continue after this pseudonym.")] = "",
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[ApplicationView]:
    """Return what waits for a check, for members or for those who decide, with what was declared."""
    state = context.reads.state(slug)
    found = open_applications(state, context.persons, at=_now(context), after=after, limit=limit)
    return page(found, limit, lambda view: view.member)


@router.get(
    "/members/{member}/application",
    response_model=ApplicationState,
    responses=_PRIVATE_PROBLEMS,
    summary="Read an application",
)
def read_application(
    context: Context, slug: OrganisationId, member: MemberPath, _: SelfOrOfficer
) -> ApplicationView:
    """Return the latest application, to themselves, and to those who decide or keep the registers."""
    return application_of(context.reads.state(slug), context.persons, member, at=_now(context))


@router.get(
    "/centres",
    response_model=PageAnswer[CentreAnswer],
    responses=READ_PROBLEMS,
    summary="List registration centres",
)
def list_centres(
    context: Context,
    slug: OrganisationId,
    after: Annotated[str, Query(max_length=63, description="Continue after this centre.")] = "",
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[CentreView]:
    """Return centres, by id, closed ones included."""
    found = centre_views(context.reads.state(slug), after=after, limit=limit)
    return page(found, limit, lambda view: view.centre)


@router.post(
    "/centres/{centre}/presentations",
    status_code=201,
    response_model=ApplicationAnswer,
    responses={**WRITE_PROBLEMS, **problem_responses(429)},
    summary="Present somebody who asks to join",
    dependencies=[Depends(limit_applications)],
)
def present_applicant(
    context: Context,
    slug: OrganisationId,
    centre: NamedId,
    command: WriteCommand,
    body: PresentationRequest,
) -> dict[str, object]:
    """Record that a correspondent registers somebody; where nothing is missing they are admitted."""
    recorded = present(context.ports, slug, command, body.presentation(centre), body.statement())
    status = "applied" if len(recorded.indices) == 1 else "active"
    return {**answer_recorded(context, recorded), "status": status}


@router.post(
    "/centres/{centre}/presentations/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What a correspondent signs",
    tags=["signing"],
)
def prepare_presentation(
    context: Context, slug: OrganisationId, centre: NamedId, body: PresentationDraft
) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    data = body.presentation(centre).act()
    return statement_request(
        context.reads, slug, data, author=body.author, issued_at=body.issued_at
    )


def _now(context: ApiContext) -> Instant:
    return format_instant(context.ports.clock.now())
