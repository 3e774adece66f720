"""Versions of the statutes."""

from typing import Annotated

from fastapi import APIRouter, Path

from backend.api.deps import Context, OrganisationId, PageOf, ReaderLanguage
from backend.api.errors import READ_PROBLEMS
from backend.api.schemas.fields import PageAnswer
from backend.api.schemas.obligations import FindingAnswer
from backend.api.schemas.organisations import StatutesAnswer
from backend.domain.errors import NotFoundError
from backend.domain.quantities import MAX_INTEGER
from backend.services.rulebooks import FindingView, findings_of
from backend.services.view_types import StatutesView

router = APIRouter(
    prefix="/v1/organisations/{slug}/statutes", tags=["statutes"], responses=READ_PROBLEMS
)
"""Routes of statutes."""


@router.get("", response_model=PageAnswer[StatutesAnswer], summary="List the versions")
def list_statutes(context: Context, slug: OrganisationId) -> dict[str, object]:
    """Return every version, oldest first."""
    return {"items": context.reads.statutes(slug), "next": None}


@router.get(
    "/findings",
    response_model=PageAnswer[FindingAnswer],
    summary="What the rules in force leave open or contradict",
)
def list_findings(
    context: Context, slug: OrganisationId, language: ReaderLanguage
) -> PageOf[FindingView]:
    """Return what a careful lawyer would say about the rulebook in force, the gravest first."""
    return PageOf(findings_of(context.reads.state(slug), context.documents, language), None)


@router.get("/{version}", response_model=StatutesAnswer, summary="Read a version")
def read_statutes(
    context: Context, slug: OrganisationId, version: Annotated[int, Path(ge=1, le=MAX_INTEGER)]
) -> StatutesView:
    """Return one version."""
    versions = context.reads.statutes(slug)
    if version > len(versions):
        raise NotFoundError("statutes", f"version {version}")
    return versions[version - 1]
