"""Places of the territory."""

from fastapi import APIRouter

from backend.api.deps import Context, OrganisationId, PageOf
from backend.api.errors import READ_PROBLEMS
from backend.api.schemas.fields import PageAnswer
from backend.api.schemas.places import PlaceAnswer
from backend.domain.acts import PlaceRegistered

router = APIRouter(
    prefix="/v1/organisations/{slug}/places", tags=["members"], responses=READ_PROBLEMS
)
"""Routes of places."""


@router.get("", response_model=PageAnswer[PlaceAnswer], summary="List the places")
def list_places(context: Context, slug: OrganisationId) -> PageOf[PlaceRegistered]:
    """Return every place, by id."""
    places = context.reads.state(slug).places
    return PageOf([places[name] for name in sorted(places)], None)
