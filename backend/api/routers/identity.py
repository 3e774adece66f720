"""Electronic identity: an applicant goes to a provider and comes back; nothing the provider says is shown."""

import secrets
from typing import Annotated, Final

from fastapi import APIRouter, Cookie, Depends, Path, Query, Response

from backend.api.auth import require_office
from backend.api.deps import (
    ApiContext,
    Context,
    MemberPath,
    NamedId,
    OrganisationId,
    limit_applications,
)
from backend.api.errors import problem_responses
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.identity import (
    IdentityCheckAnswer,
    IdentityStartAnswer,
    IdentityStartRequest,
)
from backend.domain.errors import NotFoundError, NotPermittedError
from backend.services.identity_checks import (
    ATTEMPT_S,
    SECRET_CHARACTERS,
    AttemptSecrets,
    IdentityCheck,
    IdentityProvider,
    begin,
    keep_shown,
    take_attempt,
)
from backend.services.sessions import Principal

router = APIRouter(tags=["members"], route_class=StrictJsonRoute)
"""Routes of electronic identity."""

BROWSER_COOKIE: Final = "psephos_identity"
"""Name of the cookie that ties an attempt to a browser."""

_SECRET_BYTES: Final = 32

Reviewer = Annotated[Principal, Depends(require_office("keeper", "admitter"))]
"""Who may see checks."""

Secret = Annotated[
    str, Query(min_length=SECRET_CHARACTERS, max_length=SECRET_CHARACTERS, pattern=r"^[\w-]+$")
]
"""What a provider hands back."""


@router.post(
    "/v1/organisations/{slug}/members/{member}/identity/{provider}",
    response_model=IdentityStartAnswer,
    responses=problem_responses(400, 403, 404, 413, 422, 429, 503),
    summary="Begin a check of electronic identity",
    dependencies=[Depends(limit_applications)],
)
def start_check(
    context: Context,
    slug: OrganisationId,
    member: MemberPath,
    provider: NamedId,
    body: IdentityStartRequest,
    response: Response,
) -> dict[str, str]:
    """Return where to send the browser, and tie the attempt to it by a cookie."""
    state, browser, nonce, verifier = (secrets.token_urlsafe(_SECRET_BYTES) for _ in range(4))
    location = begin(
        context.identity_checks,
        _provider(context, provider),
        slug=slug,
        member=member,
        name=provider,
        salt=bytes.fromhex(body.facts_salt),
        secrets=AttemptSecrets(state, browser, nonce, verifier),
        now=context.ports.clock.now(),
    )
    # Lax: the browser comes back by a link from the provider's pages.
    response.set_cookie(
        BROWSER_COOKIE,
        browser,
        max_age=ATTEMPT_S,
        path=f"/v1/identity/{provider}",
        secure=True,
        httponly=True,
        samesite="lax",
    )
    response.headers["Cache-Control"] = "no-store"
    return {"location": location}


@router.get(
    "/v1/identity/{provider}/callback",
    response_model=IdentityCheckAnswer,
    responses=problem_responses(403, 404, 422, 503),
    summary="Come back from a provider",
)
def finish_check(  # noqa: PLR0913 - parameters of the specification
    context: Context,
    provider: Annotated[str, Path(max_length=63)],
    response: Response,
    state: Secret,
    *,
    code: Annotated[str, Query(max_length=2048)] = "",
    error: Annotated[str, Query(max_length=100)] = "",
    iss: Annotated[str | None, Query(max_length=2048)] = None,
    browser: Annotated[str, Cookie(alias=BROWSER_COOKIE, max_length=100)] = "",
) -> IdentityCheck:
    """Compare what the provider says with the application, and keep that it was done."""
    verified = _provider(context, provider)
    now = context.ports.clock.now()
    attempt = take_attempt(
        context.identity_checks, provider=provider, state=state, browser=browser, now=now
    )
    response.delete_cookie(BROWSER_COOKIE, path=f"/v1/identity/{provider}")
    response.headers["Cache-Control"] = "no-store"
    if error or not code:
        raise NotPermittedError("identity.declined", expected="a code", found="none")
    shown = verified.complete(attempt, code, iss)
    check = keep_shown(
        context.identity_checks,
        context.identities(attempt.organisation),
        context.ports.identities,
        context.reads.state(attempt.organisation),
        attempt,
        shown,
        now=now,
    )
    context.appended()
    return check


@router.get(
    "/v1/organisations/{slug}/members/{member}/identity",
    response_model=list[IdentityCheckAnswer],
    responses=problem_responses(401, 403, 404, 422, 503),
    summary="Read the checks of an application",
)
def read_checks(
    context: Context, slug: OrganisationId, _: Reviewer, member: MemberPath
) -> list[IdentityCheck]:
    """Return checks by provider, for those who keep the register and those who admit."""
    return list(context.identity_checks.of(slug, member))


def _provider(context: ApiContext, name: str) -> IdentityProvider:
    found = context.identity_providers.get(name)
    if found is None:
        raise NotFoundError("identity_provider", name)
    return found
