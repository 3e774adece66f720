"""How the electors of an assembly were told, for the officer who signs the record of notices."""

from fastapi import APIRouter

from backend.api.auth import Convener
from backend.api.deps import ApiContext, Context, NamedId
from backend.api.errors import READ_PROBLEMS, problem_responses
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.mail import NoticesDraftAnswer, ToldRequest
from backend.domain.assemblies.notices import Notice
from backend.services.notices import NoticesDesk, NoticesDraft, draft_notices, note_told

router = APIRouter(
    prefix="/v1/organisations/{slug}/assemblies/{assembly}/notices",
    tags=["assemblies"],
    route_class=StrictJsonRoute,
)
"""Routes of notices."""


@router.get(
    "/draft",
    response_model=NoticesDraftAnswer,
    responses={**READ_PROBLEMS, **problem_responses(401, 403)},
    summary="What the record of notices would say",
)
def read_draft(context: Context, convener: Convener, assembly: NamedId) -> NoticesDraft:
    """Return who was told, when and how, and who was not; reserved for those who may sign the record."""
    return draft_notices(_desk(context), convener.organisation, assembly)


@router.post(
    "/manual",
    status_code=201,
    response_model=NoticesDraftAnswer,
    responses={**READ_PROBLEMS, **problem_responses(400, 401, 403, 409, 413)},
    summary="Note electors told by another way than our letters",
)
def note(
    context: Context, convener: Convener, assembly: NamedId, body: ToldRequest
) -> NoticesDraft:
    """Note electors told by post, by hand or otherwise; what was noted of them before is replaced."""
    desk = _desk(context)
    told = [Notice(each.member, each.channel, each.sent_at) for each in body.notices]
    note_told(desk, convener.organisation, assembly, told, by=convener.member)
    return draft_notices(desk, convener.organisation, assembly)


def _desk(context: ApiContext) -> NoticesDesk:
    return NoticesDesk(context.ports, context.reads, context.letters)
