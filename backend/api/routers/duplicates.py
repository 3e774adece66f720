"""Records that may be of one person: for those who keep the register and those who admit."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from backend.api.auth import require_office
from backend.api.deps import (
    DEFAULT_LIMIT,
    ApiContext,
    Context,
    Limit,
    OrganisationId,
    PageOf,
    page,
)
from backend.api.errors import problem_responses
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.duplicates import DuplicateAnswer, VerdictRequest
from backend.api.schemas.fields import PageAnswer
from backend.domain.acts import MemberId, Slug
from backend.domain.instants import format_instant
from backend.services.duplicates import Duplicate, decide, follow_up
from backend.services.sessions import Principal

router = APIRouter(
    prefix="/v1/organisations/{slug}/duplicates", tags=["members"], route_class=StrictJsonRoute
)
"""Routes of records that may be of one person."""

Reviewer = Annotated[Principal, Depends(require_office("keeper", "admitter"))]
"""Who may compare records."""

DuplicatePath = Annotated[str, Path(pattern=r"^m[0-9a-f]{32}-m[0-9a-f]{32}$")]
"""Id of a pair in a path."""


@router.get(
    "",
    response_model=PageAnswer[DuplicateAnswer],
    responses=problem_responses(401, 403, 404, 422, 503),
    summary="List records that may be of one person",
)
def list_duplicates(
    context: Context,
    reviewer: Reviewer,
    *,
    undecided: Annotated[bool, Query(description="Leave out pairs that were decided.")] = True,
    after: Annotated[
        str, Query(pattern=r"^(m[0-9a-f]{32}-m[0-9a-f]{32})?$", description="Continue after it.")
    ] = "",
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[dict[str, object]]:
    """Return pairs by id, with the facts of both sides: personal data."""
    slug = reviewer.organisation
    found = context.duplicates.page(slug, after, limit, undecided=undecided)
    return page([_pair(context, slug, each) for each in found], limit, lambda pair: str(pair["id"]))


@router.post(
    "/{duplicate}",
    response_model=DuplicateAnswer,
    responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503),
    summary="Decide whether two records are of one person",
)
def decide_duplicate(
    context: Context,
    slug: OrganisationId,
    reviewer: Reviewer,
    duplicate: DuplicatePath,
    body: VerdictRequest,
) -> dict[str, object]:
    """Keep a decision, which may be repeated; admission by right goes on where all are ``different``."""
    at = format_instant(context.ports.clock.now())
    decided = decide(context.duplicates, slug, duplicate, body.verdict, by=reviewer.member, at=at)
    context.appended()
    return _pair(context, slug, decided)


def _pair(context: ApiContext, slug: Slug, duplicate: Duplicate) -> dict[str, object]:
    pair = duplicate.candidate
    newer = _side(context, slug, pair.member)
    return {
        "id": duplicate.id,
        "newer": newer,
        "earlier": _side(context, slug, pair.other),
        "reasons": pair.reasons,
        "edits": pair.edits,
        "found_at": duplicate.found_at,
        "verdict": duplicate.verdict,
        "decided_by": duplicate.decided_by,
        "decided_at": duplicate.decided_at,
        "follow_up": follow_up(duplicate, str(newer["status"])),
    }


def _side(context: ApiContext, slug: Slug, member: MemberId) -> dict[str, object]:
    return {
        "member": member,
        "status": context.reads.state(slug).member(member).status,
        "facts": context.persons.facts(slug, member) or {},
    }
