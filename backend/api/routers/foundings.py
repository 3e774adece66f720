"""Foundings that are being prepared: the operator invites, every founder hands in a key and signs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from backend.api.auth import require_operator
from backend.api.deps import Context, answer_recorded, limit_applications
from backend.api.errors import (
    READ_PROBLEMS,
    TokenMissingError,
    problem_responses,
)
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.fields import TypedDataAnswer
from backend.api.schemas.foundings import (
    DraftAnswer,
    DraftedAnswer,
    EnrolledAnswer,
    PlanRequest,
    SignatureRequest,
    SignedAnswer,
    SigningOpenAnswer,
)
from backend.api.schemas.members import ApplicantFields
from backend.api.schemas.signatures import signature_bytes
from backend.domain.authorship import MAX_STATEMENT_AGE_S
from backend.domain.signing import TypedData
from backend.services.founding_desk import (
    by_token,
    draft_founding,
    enrol,
    open_signing,
    sign,
    what_to_sign,
)

router = APIRouter(prefix="/v1/foundings", tags=["organisations"], route_class=StrictJsonRoute)
"""Routes of foundings."""

_OPERATOR = Depends(require_operator)

_BEARER = HTTPBearer(
    auto_error=False, scheme_name="FounderLink", description="Token of a founder's link."
)

_DraftId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]

_ASKED = {**READ_PROBLEMS, **problem_responses(401, 403)}
_HANDED_IN = {**_ASKED, **problem_responses(400, 409, 413)}


def founder_token(
    context: Context,
    draft: _DraftId,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> str:
    """Return the token of a founder's link, if it is one of the draft of the path.

    Raises:
        TokenMissingError: ``founding.token``: there is none.
        NotPermittedError: ``founding.token``: it is none of this draft.
        NotFoundError: No such draft, or it is over.
    """
    if credentials is None:
        raise TokenMissingError(
            "founding.token", expected="Authorization: Bearer <token>", found="no token"
        )
    by_token(context.founding_desk, draft, credentials.credentials)
    return credentials.credentials


FounderToken = Annotated[str, Depends(founder_token)]
"""Token of a founder's link of the draft; the services tell whose it is."""


@router.post(
    "",
    status_code=201,
    response_model=DraftedAnswer,
    responses=_HANDED_IN,
    dependencies=[_OPERATOR],
    summary="Prepare a founding",
)
def prepare(context: Context, response: Response, body: PlanRequest) -> dict[str, object]:
    """Keep what founders are asked to adopt, and send them their links; reserved for the operator."""
    draft, links = draft_founding(context.founding_desk, body.plan(), body.invited())
    context.appended()
    response.headers["Cache-Control"] = "no-store"
    return {"draft": draft.id, "expires_at": draft.expires_at, "links": links}


@router.get(
    "/{draft}",
    response_model=DraftAnswer,
    responses=_ASKED,
    dependencies=[_OPERATOR],
    summary="See how far a founding is",
)
def read(context: Context, draft: _DraftId) -> dict[str, object]:
    """Return who handed in a key, and who signed; reserved for the operator."""
    found = context.founding_desk.drafts.one(draft, now=context.ports.clock.now())
    founders = [
        {
            "label": each.invited.label,
            "enrolled": each.application is not None,
            "signed": each.signature is not None,
        }
        for each in found.founders
    ]
    return {
        "draft": draft,
        "slug": found.plan.slug,
        "expires_at": found.expires_at,
        "founders": founders,
    }


@router.delete(
    "/{draft}",
    status_code=204,
    responses=_ASKED,
    dependencies=[_OPERATOR],
    summary="Withdraw a founding",
)
def withdraw(context: Context, draft: _DraftId) -> Response:
    """Destroy a draft with all that founders told; reserved for the operator."""
    drafts = context.founding_desk.drafts
    drafts.one(draft, now=context.ports.clock.now())
    drafts.destroy(draft)
    context.appended()
    return Response(status_code=204)


@router.post(
    "/{draft}/enrolment",
    status_code=201,
    response_model=EnrolledAnswer,
    responses={**_HANDED_IN, **problem_responses(429)},
    summary="Hand in a founder's key",
    dependencies=[Depends(limit_applications)],
)
def hand_in(
    context: Context, draft: _DraftId, token: FounderToken, body: ApplicantFields
) -> dict[str, int]:
    """Keep a founder's pseudonym, key and facts; the same again changes nothing, others are refused."""
    desk = context.founding_desk
    enrol(desk, draft, token, body.application())
    founders = desk.drafts.one(draft, now=desk.now()).founders
    enrolled = [each for each in founders if each.application is not None]
    return {"enrolled": len(enrolled), "founders": len(founders)}


@router.post(
    "/{draft}/signing",
    response_model=SigningOpenAnswer,
    responses={**_ASKED, **problem_responses(409, 413)},
    summary="Open the signing of a founding",
    tags=["signing"],
)
def begin(context: Context, draft: _DraftId, token: FounderToken) -> dict[str, int]:
    """Fix the time that all founders sign, unless it is fixed and not over."""
    issued_at = open_signing(context.founding_desk, draft, token)
    return {"issued_at": issued_at, "seconds": MAX_STATEMENT_AGE_S}


@router.get(
    "/{draft}/typed-data",
    response_model=TypedDataAnswer,
    responses={**_ASKED, **problem_responses(409)},
    summary="What the founders of a draft sign",
    tags=["signing"],
)
def prepare_signature(context: Context, draft: _DraftId, token: FounderToken) -> TypedData:
    """Return the typed data that every founder signs, in the signing that is open."""
    return what_to_sign(context.founding_desk, draft, token)


@router.post(
    "/{draft}/signature",
    status_code=201,
    response_model=SignedAnswer,
    responses=_HANDED_IN,
    summary="Sign a founding",
)
def hand_in_signature(
    context: Context, draft: _DraftId, token: FounderToken, body: SignatureRequest
) -> dict[str, object]:
    """Keep a founder's signature; the last one founds the organisation."""
    desk = context.founding_desk
    founders = len(desk.drafts.one(draft, now=desk.now()).founders)
    done = sign(
        desk,
        draft,
        token,
        issued_at=body.issued_at,
        signature=signature_bytes(body.signature),
    )
    recorded = None if done.recorded is None else answer_recorded(context, done.recorded)
    return {"signed": done.signed, "founders": founders, "recorded": recorded}
