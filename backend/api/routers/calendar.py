"""What must happen by when, as a list and as a calendar to subscribe to."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import Response as RawResponse

from backend.api.deps import Context, OrganisationId, PageOf, ReaderLanguage
from backend.api.errors import READ_PROBLEMS
from backend.api.routers.bodies import OnDay
from backend.api.schemas.fields import PageAnswer
from backend.api.schemas.obligations import ObligationAnswer
from backend.domain.instants import format_instant
from backend.domain.messages import Language
from backend.domain.obligations import obligations
from backend.services.calendars import (
    CALENDAR_TYPE,
    CalendarItem,
    ObligationView,
    calendar_feed,
    obligation_views,
)

router = APIRouter(prefix="/v1/organisations/{slug}", tags=["calendar"], responses=READ_PROBLEMS)
"""Routes of the calendar."""


@router.get("/obligations", response_model=PageAnswer[ObligationAnswer], summary="List obligations")
def list_obligations(
    context: Context, slug: OrganisationId, language: ReaderLanguage, on: OnDay = None
) -> PageOf[ObligationView]:
    """Return what must happen, or may, and by when; ``on`` is today where it is left out."""
    state = context.reads.state(slug)
    day = on or state.day_of(format_instant(context.ports.clock.now()))
    return PageOf(obligation_views(obligations(state, day), language), None)


@router.get(
    "/calendar.ics",
    response_class=RawResponse,
    responses={200: {"description": "An iCalendar feed.", "content": {"text/calendar": {}}}},
    summary="Subscribe to the calendar",
)
def read_calendar(
    context: Context,
    slug: OrganisationId,
    lang: Annotated[Language, Query(description="Language of the texts.")] = "fr",
    item: Annotated[
        CalendarItem, Query(description="Events, or tasks for programs that tick them off.")
    ] = "event",
) -> Response:
    """Return the obligations as of today; calendar programs send no language, so the address names it."""
    state = context.reads.state(slug)
    day = state.day_of(format_instant(context.ports.clock.now()))
    feed = calendar_feed(obligations(state, day), state.founded().name, lang, state.at, item=item)
    return Response(feed, media_type=CALENDAR_TYPE)
