"""The keys of members: who signs for them, and how that changes."""

from typing import Annotated

from fastapi import APIRouter, Depends

from backend.api.auth import require_self_or
from backend.api.deps import (
    ApiContext,
    Context,
    MemberPath,
    OrganisationId,
    WriteCommand,
    answer_recorded,
)
from backend.api.errors import PREPARE_PROBLEMS, WRITE_PROBLEMS, problem_responses
from backend.api.json_bodies import StrictJsonRoute
from backend.api.safes import for_key
from backend.api.schemas.fields import RecordedAnswer, TypedDataAnswer
from backend.api.schemas.member_keys import (
    EnrolmentDraft,
    EnrolmentRequest,
    KeyDraft,
    MemberKeysAnswer,
    RecoveryDraft,
    RecoveryRequest,
    RepresentativeDraft,
    RepresentativeRequest,
    RevocationDraft,
    RevocationRequest,
    SignedKey,
)
from backend.api.schemas.signatures import signature_bytes
from backend.domain.acts import (
    KeyBound,
    KeyEnrolled,
    KeyRevoked,
    KeysRecovered,
    MemberId,
    RepresentativeNamed,
    Slug,
)
from backend.domain.signing import TypedData
from backend.services import member_keys
from backend.services.commands import Statement
from backend.services.ports import Recorded
from backend.services.sessions import Principal
from backend.services.signing_requests import statement_request

router = APIRouter(
    prefix="/v1/organisations/{slug}/members/{member}",
    tags=["members"],
    route_class=StrictJsonRoute,
)
"""Routes of members' keys."""

SelfOrKeeper = Annotated[Principal, Depends(require_self_or("keeper"))]
"""The member of the path, or somebody who keeps the registers."""


@router.get(
    "/keys",
    response_model=MemberKeysAnswer,
    responses=problem_responses(401, 403, 404, 422, 503),
    summary="List the keys of a member",
)
def list_keys(
    context: Context, slug: OrganisationId, member: MemberPath, _: SelfOrKeeper
) -> dict[str, object]:
    """Return the keys in force, to the member themself and to those who keep the registers."""
    return {"items": member_keys.keys_of(context.reads, slug, member)}


@router.post(
    "/keys",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Bind another key",
)
def bind(
    context: Context,
    slug: OrganisationId,
    command: WriteCommand,
    member: MemberPath,
    body: SignedKey,
) -> dict[str, object]:
    """Record another key of the member, signed with a key in force and with the new one."""
    recorded = member_keys.bind_key(context.ports, slug, command, body.offer(member))
    return answer_recorded(context, recorded)


@router.post(
    "/keys/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What is signed to bind another key",
    tags=["signing"],
)
def prepare_binding(
    context: Context, slug: OrganisationId, member: MemberPath, body: KeyDraft
) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    data = KeyBound(member, body.offered().commitment())
    request = statement_request(context.reads, slug, data, author=member, issued_at=body.issued_at)
    return for_key(request, body.key)


@router.post(
    "/keys/revocation",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Revoke a key",
)
def revoke(
    context: Context,
    slug: OrganisationId,
    command: WriteCommand,
    member: MemberPath,
    body: RevocationRequest,
) -> dict[str, object]:
    """Record that a key of the member ends; every session of theirs ends too."""
    statement = Statement(member, body.issued_at, signature_bytes(body.signature))
    recorded = member_keys.revoke_key(context.ports, slug, command, body.key, statement)
    return _logged_out(context, slug, member, recorded)


@router.post(
    "/keys/revocation/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What a member signs to revoke a key",
    tags=["signing"],
)
def prepare_revocation(
    context: Context, slug: OrganisationId, member: MemberPath, body: RevocationDraft
) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    data = KeyRevoked(member, body.key)
    return statement_request(context.reads, slug, data, author=member, issued_at=body.issued_at)


@router.post(
    "/keys/enrolment",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Enrol the first key of a member",
)
def enrol(
    context: Context,
    slug: OrganisationId,
    command: WriteCommand,
    member: MemberPath,
    body: EnrolmentRequest,
) -> dict[str, object]:
    """Record the first key of a member who has none, by somebody else who keeps the registers."""
    recorded = member_keys.enrol_key(context.ports, slug, command, member, body.offer(body.author))
    return answer_recorded(context, recorded)


@router.post(
    "/keys/enrolment/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What is signed to enrol the first key of a member",
    tags=["signing"],
)
def prepare_enrolment(
    context: Context, slug: OrganisationId, member: MemberPath, body: EnrolmentDraft
) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    data = KeyEnrolled(member, body.offered().commitment())
    request = statement_request(
        context.reads, slug, data, author=body.author, issued_at=body.issued_at
    )
    return for_key(request, body.key)


@router.post(
    "/keys/recovery",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Replace all keys of a member",
)
def recover(
    context: Context,
    slug: OrganisationId,
    command: WriteCommand,
    member: MemberPath,
    body: RecoveryRequest,
) -> dict[str, object]:
    """Record that one key replaces all, by two who keep the registers; the member's sessions end."""
    recorded = member_keys.recover_keys(
        context.ports, slug, command, member, body.offer(body.author), second=body.by_second()
    )
    return _logged_out(context, slug, member, recorded)


@router.post(
    "/keys/recovery/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What is signed to replace all keys of a member",
    tags=["signing"],
)
def prepare_recovery(
    context: Context, slug: OrganisationId, member: MemberPath, body: RecoveryDraft
) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    data = KeysRecovered(member, body.offered().commitment(), body.second)
    request = statement_request(
        context.reads, slug, data, author=body.author, issued_at=body.issued_at
    )
    return for_key(request, body.key)


@router.post(
    "/representative",
    status_code=201,
    response_model=RecordedAnswer,
    responses=WRITE_PROBLEMS,
    summary="Name who acts for an organisation",
)
def name_representative(
    context: Context,
    slug: OrganisationId,
    command: WriteCommand,
    member: MemberPath,
    body: RepresentativeRequest,
) -> dict[str, object]:
    """Record who acts for an organisation from here on; sessions of whoever did before end."""
    recorded = member_keys.name_representative(
        context.ports, slug, command, body.offer(member), body.opening()
    )
    return _logged_out(context, slug, member, recorded)


@router.post(
    "/representative/typed-data",
    response_model=TypedDataAnswer,
    responses=PREPARE_PROBLEMS,
    summary="What is signed to name who acts for an organisation",
    tags=["signing"],
)
def prepare_representative(
    context: Context, slug: OrganisationId, member: MemberPath, body: RepresentativeDraft
) -> TypedData:
    """Return the typed data to sign; nothing is stored."""
    person = member_keys.representative_commitment(body.opening())
    data = RepresentativeNamed(member, body.offered().commitment(), person)
    request = statement_request(context.reads, slug, data, author=member, issued_at=body.issued_at)
    return for_key(request, body.key)


def _logged_out(
    context: ApiContext, slug: Slug, member: MemberId, recorded: Recorded
) -> dict[str, object]:
    """End every session of a member whose keys ended, and return what every write answers."""
    context.sessions.close_all(slug, member)
    return answer_recorded(context, recorded)
