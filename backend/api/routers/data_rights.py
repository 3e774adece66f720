"""Rights over data: one's own, and the erasure of someone who left."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from backend.api.auth import CurrentMember, OwnData, require_office
from backend.api.data_page import PAGE_POLICY, data_page
from backend.api.deps import (
    Context,
    MemberPath,
    OrganisationId,
    WriteCommand,
    answer_recorded,
    json_bytes,
)
from backend.api.errors import problem_responses
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.data_rights import (
    ConsentAnswer,
    ConsentRequest,
    ConsentsAnswer,
    ErasedAnswer,
    ErasureDraft,
    ErasureRequest,
    RectificationDraft,
    RectificationRequest,
)
from backend.api.schemas.fields import RecordedAnswer, TypedDataAnswer
from backend.api.schemas.signatures import signature_bytes
from backend.domain.errors import NotPermittedError
from backend.domain.purposes import PURPOSES, Answer, consents
from backend.domain.signing import TypedData
from backend.services import consent_desk, data_rights
from backend.services.commands import Statement
from backend.services.personal_data import Document, personal_data
from backend.services.sessions import Principal
from backend.services.signing_requests import statement_request

router = APIRouter(
    prefix="/v1/organisations/{slug}", tags=["data rights"], route_class=StrictJsonRoute
)
"""Routes of rights over data."""

JSON_LD = "application/ld+json"
"""Media type of what is held about a person."""

_READ = problem_responses(401, 404, 422, 503)
_READ_OWN = {**_READ, **problem_responses(403)}
_WRITE = problem_responses(400, 401, 403, 404, 409, 413, 422, 503)
_PREPARE = problem_responses(400, 401, 403, 404, 413, 422, 503)
_PRIVATE = {"Cache-Control": "no-store"}

Keeper = Annotated[Principal, Depends(require_office("keeper"))]
"""Someone who keeps the registers."""


@router.get(
    "/me/consents", response_model=ConsentsAnswer, responses=_READ, summary="Read one's consents"
)
def read_consents(
    context: Context, slug: OrganisationId, principal: CurrentMember
) -> dict[str, object]:
    """Return every purpose in its words, whether the caller consents, and every answer they gave."""
    answers = context.private.answers(slug, principal.member)
    purposes = [
        {
            "name": each.name,
            "version": each.version,
            "needed": each.needed,
            "fr": each.fr,
            "en": each.en,
            "consents": consents(answers, each.name),
        }
        for each in PURPOSES.values()
    ]
    return {"purposes": purposes, "history": answers}


@router.post(
    "/me/consents",
    status_code=201,
    response_model=ConsentAnswer,
    responses=_WRITE,
    summary="Give a consent, or take it back",
)
def answer_consent(
    context: Context, slug: OrganisationId, principal: CurrentMember, body: ConsentRequest
) -> Answer:
    """Keep an answer; taking a consent back is the same request as giving it, and needs nothing more."""
    return consent_desk.answer_consent(
        context.consent_desk,
        slug,
        principal.member,
        purpose=body.purpose,
        version=body.version,
        reply=body.reply,
    )


@router.get(
    "/me/data",
    response_class=Response,
    responses={200: {"content": {JSON_LD: {"schema": {"type": "object"}}}}, **_READ_OWN},
    summary="Export everything about oneself",
)
def read_data(context: Context, slug: OrganisationId, principal: OwnData) -> Response:
    """Return everything the server holds about the caller, as JSON-LD."""
    content = json_bytes(_data(context, slug, principal))
    headers = {"Content-Disposition": 'attachment; filename="data.jsonld"', **_PRIVATE}
    return Response(content, media_type=JSON_LD, headers=headers)


@router.get(
    "/me/data.html",
    response_class=Response,
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}, **_READ_OWN},
    summary="Read everything about oneself",
)
def read_data_page(context: Context, slug: OrganisationId, principal: OwnData) -> Response:
    """Return the same as a page in French and English."""
    page = data_page(_data(context, slug, principal))
    headers = {"Content-Security-Policy": PAGE_POLICY, **_PRIVATE}
    return Response(page, media_type="text/html", headers=headers)


@router.post(
    "/me/facts",
    status_code=201,
    response_model=RecordedAnswer,
    responses=_WRITE,
    summary="Correct one's facts",
)
def rectify(
    context: Context,
    slug: OrganisationId,
    principal: OwnData,
    command: WriteCommand,
    body: RectificationRequest,
) -> dict[str, object]:
    """Replace what the caller declared; the ledger keeps the commitment to what they declared before."""
    statement = Statement(principal.member, body.issued_at, signature_bytes(body.signature))
    rectification = body.rectification(principal.member)
    recorded = data_rights.rectify(context.ports, slug, command, rectification, statement)
    return answer_recorded(context, recorded)


@router.post(
    "/me/facts/typed-data",
    response_model=TypedDataAnswer,
    responses=_PREPARE,
    summary="What a member signs to correct their facts",
)
def prepare_rectification(
    context: Context, slug: OrganisationId, principal: OwnData, body: RectificationDraft
) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    data = body.rectification(principal.member).act()
    return statement_request(
        context.reads, slug, data, author=principal.member, issued_at=body.issued_at
    )


@router.post(
    "/members/{member}/erasure",
    status_code=201,
    response_model=ErasedAnswer,
    responses=_WRITE,
    summary="Erase someone who left",
)
def erase(
    context: Context,
    slug: OrganisationId,
    member: MemberPath,
    keeper: Keeper,
    command: WriteCommand,
    body: ErasureRequest,
) -> dict[str, object]:
    """Destroy what lies beside the ledger about someone; the ledger keeps pseudonyms and commitments."""
    _check_signer(keeper, body)
    recorded = data_rights.erase(
        context.ports,
        context.private,
        slug,
        command,
        body.erasure(member),
        signatures=body.statements(),
    )
    return answer_recorded(context, recorded)


@router.post(
    "/members/{member}/erasure/typed-data",
    response_model=TypedDataAnswer,
    responses=_PREPARE,
    summary="What two of those who keep the registers sign to erase someone",
)
def prepare_erasure(
    context: Context,
    slug: OrganisationId,
    member: MemberPath,
    keeper: Keeper,
    body: ErasureDraft,
) -> TypedData:
    """Return the typed data that both sign; nothing is stored."""
    _check_signer(keeper, body)
    data = body.erasure(member).act()
    return statement_request(
        context.reads, slug, data, author=body.author, issued_at=body.issued_at
    )


def _data(context: Context, slug: str, principal: Principal) -> Document:
    return personal_data(
        context.reads,
        context.persons,
        context.private,
        context.letters,
        slug,
        member=principal.member,
    )


def _check_signer(keeper: Principal, body: ErasureDraft) -> None:
    """Refuse to prepare or record what others sign on behalf of nobody who is logged in.

    Raises:
        NotPermittedError: ``erasure.signer``.
    """
    if keeper.member not in (body.author, body.second):
        raise NotPermittedError(
            "erasure.signer", expected="one of the two who sign", found=keeper.member
        )
