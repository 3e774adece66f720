"""Motions: proposing and reading."""

from dataclasses import asdict

import msgspec
from fastapi import APIRouter, Response

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
from backend.api.errors import (
    PREPARE_PROBLEMS,
    READ_PROBLEMS,
    WRITE_PROBLEMS,
    problem_responses,
)
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.ballots import NamedVoteAnswer
from backend.api.schemas.contests import BallotFormAnswer, TallyAnswer
from backend.api.schemas.fields import NothingAsked, PageAnswer, RecordedAnswer, TypedDataAnswer
from backend.api.schemas.motions import MotionAnswer, MotionDraft, MotionRequest, PollAnswer
from backend.domain.methods.tally import tally_members
from backend.domain.signing import TypedData
from backend.services import contests, motions
from backend.services.ballots import ballots_by_proxy
from backend.services.named_votes import NamedVote, named_votes
from backend.services.signing_requests import statement_request
from backend.services.view_types import MotionView

router = APIRouter(
    prefix="/v1/organisations/{slug}/motions", tags=["motions"], route_class=StrictJsonRoute
)
"""Routes of motions."""


@router.post(
    "",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Propose a motion",
)
def propose(
    context: Context, slug: OrganisationId, command: WriteCommand, body: MotionRequest
) -> dict[str, object]:
    """Record a motion with the documents it refers to."""
    recorded = motions.propose(context.ports, slug, command, body.proposal(), body.statement())
    return answer_recorded(context, recorded)


@router.post(
    "/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What a proposer signs",
    tags=["signing"],
)
def prepare_motion(context: Context, slug: OrganisationId, body: MotionDraft) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    data = body.proposal().act()
    return statement_request(
        context.reads, slug, data, author=body.author, issued_at=body.issued_at
    )


@router.get(
    "", response_model=PageAnswer[MotionAnswer], responses=READ_PROBLEMS, summary="List motions"
)
def list_motions(
    context: Context, slug: OrganisationId, after: After = FIRST, limit: Limit = DEFAULT_LIMIT
) -> PageOf[MotionView]:
    """Return motions in ledger order."""
    return page(context.reads.motions(slug, after, limit), limit, lambda view: view.entry)


@router.get(
    "/{motion}", response_model=MotionAnswer, responses=READ_PROBLEMS, summary="Read a motion"
)
def read_motion(context: Context, slug: OrganisationId, motion: NamedId) -> MotionView:
    """Return one motion."""
    return context.reads.motion(slug, motion)


@router.get(
    "/{motion}/poll",
    response_model=PollAnswer,
    responses=READ_PROBLEMS,
    summary="Read the vote on a motion",
)
def read_poll(context: Context, slug: OrganisationId, motion: NamedId) -> dict[str, object]:
    """Return how the vote stands; choices are opened at the close only."""
    poll = context.reads.poll(slug, motion)
    return {**asdict(poll), "by_proxy": ballots_by_proxy(context.reads, slug, poll)}


@router.get(
    "/{motion}/ballot",
    response_model=BallotFormAnswer,
    responses=READ_PROBLEMS,
    summary="Read what is on the ballot of a motion",
)
def read_ballot_form(
    context: Context, slug: OrganisationId, motion: NamedId
) -> contests.BallotFormView:
    """Return how a motion is voted: the method, the options, and what a choice may say."""
    return contests.ballot_form(context.reads.state(slug), motion)


@router.get(
    "/{motion}/tally",
    response_model=TallyAnswer,
    responses=READ_PROBLEMS,
    summary="Read the count of a vote on several options",
)
def read_tally(context: Context, slug: OrganisationId, motion: NamedId) -> dict[str, object]:
    """Return the count, round by round: with ties broken once it is decided."""
    found = contests.tally_of(context.reads.state(slug), context.documents, motion)
    return {
        "motion": motion,
        "tally": msgspec.json.decode(msgspec.json.encode(tally_members(found))),
    }


@router.post(
    "/{motion}/lots",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Draw lots on a tie, and decide",
)
def draw_lots(
    context: Context,
    slug: OrganisationId,
    motion: NamedId,
    command: WriteCommand,
    body: NothingAsked,  # noqa: ARG001 - read so that its form is checked
) -> dict[str, object]:
    """Take the block that anchored the closing as seed and decide; the server does it by itself too."""
    recorded = contests.draw_lots(context.ports, context.reads, slug, command, motion)
    return answer_recorded(context, recorded)


@router.get(
    "/{motion}/votes",
    response_model=PageAnswer[NamedVoteAnswer],
    responses={**READ_PROBLEMS, **problem_responses(409)},
    summary="Read who voted how, where votes are named",
)
def list_votes(
    context: Context,
    slug: OrganisationId,
    motion: NamedId,
    response: Response,
    after: After = FIRST,
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[NamedVote]:
    """Return the votes that count, with the names that the statutes or their bearers let be shown now."""
    # Consent may be taken back, and persons erased, at any time.
    response.headers["Cache-Control"] = "no-store"
    votes = named_votes(context.reads, slug, motion, after, limit)
    return page(votes, limit, lambda vote: vote.entry)
