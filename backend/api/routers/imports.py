"""Imports of a register that was kept elsewhere: a report first, then one signed act."""

from typing import Annotated

from fastapi import APIRouter, Depends

from backend.api.auth import require_office
from backend.api.deps import (
    ApiContext,
    Context,
    OrganisationId,
    ReaderLanguage,
    WriteCommand,
    answer_recorded,
)
from backend.api.errors import problem_responses
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.fields import RecordedAnswer, TypedDataAnswer
from backend.api.schemas.imports import ImportDraft, ImportRequest, ReportAnswer, TableRequest
from backend.domain.acts import RegisterImported, Slug
from backend.domain.errors import NotPermittedError
from backend.domain.signing import TypedData
from backend.services import imports
from backend.services.import_words import findings
from backend.services.sessions import Principal
from backend.services.signing_requests import statement_request

router = APIRouter(
    prefix="/v1/organisations/{slug}/imports", tags=["members"], route_class=StrictJsonRoute
)
"""Routes of imports."""

Keeper = Annotated[Principal, Depends(require_office("keeper"))]
"""Who may import."""


@router.post(
    "/report",
    response_model=ReportAnswer,
    responses=problem_responses(400, 401, 403, 404, 413, 422, 503),
    summary="What a table would bring",
)
def report_import(
    context: Context, keeper: Keeper, language: ReaderLanguage, body: TableRequest
) -> dict[str, object]:
    """Return what has to be decided before the table can be imported; nothing is stored."""
    slug = keeper.organisation
    found = imports.report(
        context.reads.state(slug),
        context.identities(slug),
        context.ports.identities,
        slug,
        body.table.encode("utf-8", "replace"),
    )
    return {"total": found.total, "findings": list(findings(found, language))}


@router.post(
    "/typed-data",
    response_model=TypedDataAnswer,
    responses=problem_responses(400, 401, 403, 404, 413, 422, 503),
    summary="What whoever imports signs",
    tags=["signing"],
)
def prepare_import(
    context: Context, slug: OrganisationId, keeper: Keeper, body: ImportDraft
) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    _check_own(keeper, body)
    data = _prepared(context, slug, body)
    return statement_request(
        context.reads, slug, data, author=body.author, issued_at=body.issued_at
    )


@router.post(
    "",
    status_code=201,
    response_model=RecordedAnswer,
    responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503),
    summary="Import a register",
)
def record_import(
    context: Context,
    slug: OrganisationId,
    command: WriteCommand,
    keeper: Keeper,
    body: ImportRequest,
) -> dict[str, object]:
    """Record the import of every row that is not left out, or of none."""
    _check_own(keeper, body)
    recorded = imports.record(context.ports, slug, command, body.asked(), body.statement())
    return answer_recorded(context, recorded)


def _check_own(keeper: Principal, body: ImportDraft) -> None:
    if body.author != keeper.member:
        raise NotPermittedError("import.author", expected=keeper.member, found=body.author)


def _prepared(context: ApiContext, slug: Slug, body: ImportDraft) -> RegisterImported:
    return imports.prepare(
        context.reads.state(slug),
        context.identities(slug),
        context.ports.identities,
        slug,
        body.asked(),
    ).act
