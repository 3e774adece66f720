"""Bodies, mandates, proceedings, requested sessions and disputes: reading how they stand."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.api.deps import Context, NamedId, OrganisationId, PageOf
from backend.api.errors import READ_PROBLEMS
from backend.api.schemas.bodies import (
    BodyAnswer,
    DisputeAnswer,
    DraftAnswer,
    MandateAnswer,
    ProceedingAnswer,
)
from backend.api.schemas.fields import DayText, PageAnswer
from backend.domain.facts import Dispute, Draft, Mandate, Proceeding
from backend.services.bodies import BodyView, bodies_on, body_on

router = APIRouter(prefix="/v1/organisations/{slug}", tags=["bodies"], responses=READ_PROBLEMS)
"""Routes of bodies and of what concerns those who sit in them."""

OnDay = Annotated[
    DayText | None,
    Query(description="A day since the founding; left out, that of the ledger's last entry."),
]
"""Day of a question."""


@router.get("/bodies", response_model=PageAnswer[BodyAnswer], summary="List bodies")
def list_bodies(context: Context, slug: OrganisationId, on: OnDay = None) -> PageOf[BodyView]:
    """Return every body of the statutes in force with who sits in it on a day."""
    return PageOf(bodies_on(context.reads.state(slug), on), None)


@router.get("/bodies/{body}", response_model=BodyAnswer, summary="Read a body")
def read_body(context: Context, slug: OrganisationId, body: NamedId, on: OnDay = None) -> BodyView:
    """Return a body with who sits in it on a day."""
    return body_on(context.reads.state(slug), body, on)


@router.get("/mandates", response_model=PageAnswer[MandateAnswer], summary="List mandates")
def list_mandates(context: Context, slug: OrganisationId) -> PageOf[Mandate]:
    """Return every mandate ever given, in ledger order."""
    mandates = context.reads.state(slug).mandates.values()
    return PageOf(sorted(mandates, key=lambda each: (each.entry, each.id)), None)


@router.get("/mandates/{mandate}", response_model=MandateAnswer, summary="Read a mandate")
def read_mandate(context: Context, slug: OrganisationId, mandate: NamedId) -> Mandate:
    """Return one mandate."""
    return context.reads.state(slug).mandate(mandate)


@router.get("/proceedings", response_model=PageAnswer[ProceedingAnswer], summary="List proceedings")
def list_proceedings(context: Context, slug: OrganisationId) -> PageOf[Proceeding]:
    """Return every proceeding, in ledger order."""
    proceedings = context.reads.state(slug).proceedings.values()
    return PageOf(sorted(proceedings, key=lambda each: each.entry), None)


@router.get(
    "/proceedings/{proceeding}", response_model=ProceedingAnswer, summary="Read a proceeding"
)
def read_proceeding(context: Context, slug: OrganisationId, proceeding: NamedId) -> Proceeding:
    """Return one proceeding."""
    return context.reads.state(slug).proceeding(proceeding)


@router.get("/drafts", response_model=PageAnswer[DraftAnswer], summary="List requested sessions")
def list_drafts(context: Context, slug: OrganisationId) -> PageOf[Draft]:
    """Return every session that members asked for, in ledger order."""
    drafts = context.reads.state(slug).drafts.values()
    return PageOf(sorted(drafts, key=lambda each: each.entry), None)


@router.get("/disputes", response_model=PageAnswer[DisputeAnswer], summary="List disputes")
def list_disputes(context: Context, slug: OrganisationId) -> PageOf[Dispute]:
    """Return every dispute, by id."""
    disputes = context.reads.state(slug).disputes.values()
    return PageOf(sorted(disputes, key=lambda each: each.data.dispute), None)
