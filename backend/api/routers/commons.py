"""Commons: registering, observing, valuing; the frameworks in force."""

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
from backend.api.schemas.commons import (
    CommonsAnswer,
    CommonsDraft,
    CommonsRequest,
    FrameworkAnswer,
    ObservationAnswer,
    ObservationDraft,
    ObservationRequest,
    ValuationAnswer,
    ValuationRequest,
)
from backend.api.schemas.fields import PageAnswer, RecordedAnswer, TypedDataAnswer
from backend.domain.signing import TypedData
from backend.services import commons as services
from backend.services.signing_requests import statement_request
from backend.services.view_types import CommonsView, ObservationView, ValuationView

router = APIRouter(prefix="/v1/organisations/{slug}", tags=["commons"], route_class=StrictJsonRoute)
"""Routes of commons and of what concerns them."""


@router.post(
    "/commons",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Register a commons",
)
def register(
    context: Context, slug: OrganisationId, command: WriteCommand, body: CommonsRequest
) -> dict[str, object]:
    """Record a resource or solution that is to be valued."""
    recorded = services.register(
        context.ports,
        slug,
        command,
        body.registration(),
        body.statement(),
        description=body.description.encode(),
    )
    return answer_recorded(context, recorded)


@router.post(
    "/commons/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What a member signs to register a commons",
    tags=["signing"],
)
def prepare_commons(context: Context, slug: OrganisationId, body: CommonsDraft) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    data = body.registration()
    return statement_request(
        context.reads, slug, data, author=body.author, issued_at=body.issued_at
    )


@router.post(
    "/commons/{commons}/observations",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Record an observation",
)
def observe(
    context: Context,
    slug: OrganisationId,
    commons: NamedId,
    command: WriteCommand,
    body: ObservationRequest,
) -> dict[str, object]:
    """Record a measurement."""
    recorded = services.record(
        context.ports, slug, command, body.measurement(commons), body.statement()
    )
    return answer_recorded(context, recorded)


@router.post(
    "/commons/{commons}/observations/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What an observer signs",
    tags=["signing"],
)
def prepare_observation(
    context: Context, slug: OrganisationId, commons: NamedId, body: ObservationDraft
) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    data = body.measurement(commons).act()
    return statement_request(
        context.reads, slug, data, author=body.author, issued_at=body.issued_at
    )


@router.post(
    "/commons/{commons}/valuations",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Publish a valuation",
)
def publish(
    context: Context,
    slug: OrganisationId,
    commons: NamedId,
    command: WriteCommand,
    body: ValuationRequest,
) -> dict[str, object]:
    """Compute a valuation over the latest observations and record it."""
    recorded = services.publish(
        context.ports,
        slug,
        command,
        valuation=body.valuation,
        commons=commons,
        framework=body.framework,
    )
    return answer_recorded(context, recorded)


@router.get(
    "/commons",
    response_model=PageAnswer[CommonsAnswer],
    responses=READ_PROBLEMS,
    summary="List the commons",
)
def list_commons(
    context: Context, slug: OrganisationId, after: After = FIRST, limit: Limit = DEFAULT_LIMIT
) -> PageOf[CommonsView]:
    """Return the commons in ledger order."""
    return page(context.reads.commons(slug, after, limit), limit, lambda view: view.entry)


@router.get(
    "/commons/{commons}",
    response_model=CommonsAnswer,
    responses=READ_PROBLEMS,
    summary="Read a commons",
)
def read_commons(context: Context, slug: OrganisationId, commons: NamedId) -> CommonsView:
    """Return one commons."""
    return context.reads.commons_item(slug, commons)


@router.get(
    "/commons/{commons}/observations",
    response_model=PageAnswer[ObservationAnswer],
    responses=READ_PROBLEMS,
    summary="List the observations of a commons",
)
def list_observations(
    context: Context,
    slug: OrganisationId,
    commons: NamedId,
    after: After = FIRST,
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[ObservationView]:
    """Return its observations in ledger order."""
    views = context.reads.observations(slug, commons, after, limit)
    return page(views, limit, lambda view: view.entry)


@router.get(
    "/valuations",
    response_model=PageAnswer[ValuationAnswer],
    responses=READ_PROBLEMS,
    summary="List valuations",
)
def list_valuations(
    context: Context, slug: OrganisationId, after: After = FIRST, limit: Limit = DEFAULT_LIMIT
) -> PageOf[ValuationView]:
    """Return valuations in ledger order."""
    return page(context.reads.valuations(slug, after, limit), limit, lambda view: view.entry)


@router.get(
    "/valuations/{valuation}",
    response_model=ValuationAnswer,
    responses=READ_PROBLEMS,
    summary="Read a valuation",
)
def read_valuation(context: Context, slug: OrganisationId, valuation: NamedId) -> ValuationView:
    """Return one valuation."""
    return context.reads.valuation(slug, valuation)


@router.get(
    "/frameworks",
    response_model=PageAnswer[FrameworkAnswer],
    responses=READ_PROBLEMS,
    summary="List valuation frameworks",
)
def list_frameworks(context: Context, slug: OrganisationId) -> dict[str, object]:
    """Return every version of every framework."""
    return {"items": context.reads.frameworks(slug), "next": None}
