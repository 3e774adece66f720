"""Sessions of members: logging in with a wallet, a passkey or a link, and logging out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from backend.api.auth import CurrentMember, SessionToken, csrf_token
from backend.api.cookies import (
    give_login_cookie,
    give_session_cookie,
    read_caller,
    take_session_cookie,
)
from backend.api.deps import ApiContext, Context, OrganisationId, ReaderLanguage
from backend.api.errors import problem_responses
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.sessions import (
    LinkAnswer,
    LinkLoginRequest,
    LinkRequest,
    OpenSessionsAnswer,
    PasskeyChallengeAnswer,
    PasskeyLoginRequest,
    SessionAnswer,
    WalletChallengeAnswer,
    WalletChallengeRequest,
    WalletLoginRequest,
)
from backend.domain.acts import Slug
from backend.domain.login import LIFETIMES
from backend.services.link_login import ask_link, enter_by_link
from backend.services.login import Caller, LoggedIn
from backend.services.login_addresses import address_hash
from backend.services.passkey_login import PasskeyChallenge, ask_passkey, enter_by_passkey
from backend.services.sessions import Principal
from backend.services.wallet_login import WalletChallenge, ask_wallet, enter_by_wallet

router = APIRouter(
    prefix="/v1/organisations/{slug}", tags=["sessions"], route_class=StrictJsonRoute
)
"""Routes of sessions."""

AnyCaller = Annotated[Caller, Depends(read_caller)]
"""The browser that asks or answers."""

_ASK = problem_responses(400, 403, 404, 413, 422, 429, 503)
_ENTER = problem_responses(400, 401, 403, 404, 413, 422, 429, 503)
_READ = problem_responses(401, 422, 503)
_END = problem_responses(401, 403, 422, 503)


@router.post(
    "/session/challenges/wallet",
    status_code=201,
    response_model=WalletChallengeAnswer,
    responses=_ASK,
    summary="What a wallet signs to log in",
)
def challenge_wallet(
    response: Response,
    context: Context,
    slug: OrganisationId,
    caller: AnyCaller,
    language: ReaderLanguage,
    body: WalletChallengeRequest,
) -> WalletChallenge:
    """Compose a message of EIP-4361 for one wallet and this browser, valid once and for five minutes."""
    context.throttle.spend("challenges", caller.network)
    challenge = ask_wallet(context.login, slug, caller, key=body.key(), language=language)
    give_login_cookie(response, slug, caller, context.login.place)
    return challenge


@router.post(
    "/session/challenges/passkey",
    status_code=201,
    response_model=PasskeyChallengeAnswer,
    responses=_ASK,
    summary="What a passkey signs to log in",
)
def challenge_passkey(
    response: Response, context: Context, slug: OrganisationId, caller: AnyCaller
) -> PasskeyChallenge:
    """Return a challenge for this browser, valid once and for five minutes."""
    context.throttle.spend("challenges", caller.network)
    challenge = ask_passkey(context.login, slug, caller)
    give_login_cookie(response, slug, caller, context.login.place)
    return challenge


@router.post(
    "/session/links",
    status_code=202,
    responses=_ASK,
    summary="Have a link sent by mail",
)
def send_link(
    response: Response,
    context: Context,
    slug: OrganisationId,
    caller: AnyCaller,
    body: LinkRequest,
) -> LinkAnswer:
    """Answer, and send a link afterwards if a member declared the address; the answer does not tell."""
    context.throttle.spend("links", caller.network)
    named = address_hash(body.email, context.ports.identities).hex()
    context.throttle.spend("addresses", slug, named)
    context.afterwards(ask_link(context.login, slug, caller, body.email))
    give_login_cookie(response, slug, caller, context.login.place)
    return LinkAnswer(valid_s=int(LIFETIMES["link"].total_seconds()))


@router.post(
    "/session/wallet",
    status_code=201,
    responses=_ENTER,
    summary="Log in with a wallet",
)
def enter_wallet(
    response: Response,
    context: Context,
    slug: OrganisationId,
    caller: AnyCaller,
    body: WalletLoginRequest,
) -> SessionAnswer:
    """Open a session for the member whose key signed the message that this browser was given."""
    context.throttle.spend("logins", caller.network)
    entered = enter_by_wallet(
        context.login,
        slug,
        caller,
        nonce=body.nonce,
        message=body.message,
        signature=body.signature_bytes(),
    )
    return _begun(response, context, slug, entered)


@router.post(
    "/session/passkey",
    status_code=201,
    responses=_ENTER,
    summary="Log in with a passkey",
)
def enter_passkey(
    response: Response,
    context: Context,
    slug: OrganisationId,
    caller: AnyCaller,
    body: PasskeyLoginRequest,
) -> SessionAnswer:
    """Open a session for the member one of whose passkeys signed what this browser was given."""
    context.throttle.spend("logins", caller.network)
    entered = enter_by_passkey(
        context.login,
        slug,
        caller,
        nonce=body.nonce,
        member=body.member,
        assertion=body.assertion_bytes(),
    )
    return _begun(response, context, slug, entered)


@router.post(
    "/session/link",
    status_code=201,
    responses=_ENTER,
    summary="Log in with a link",
)
def enter_link(
    response: Response,
    context: Context,
    slug: OrganisationId,
    caller: AnyCaller,
    body: LinkLoginRequest,
) -> SessionAnswer:
    """Open a session of low assurance for the member to whom the link was sent, where it was asked for."""
    context.throttle.spend("logins", caller.network)
    return _begun(
        response, context, slug, enter_by_link(context.login, slug, caller, token=body.token)
    )


@router.get("/session", responses=_READ, summary="Tell who is logged in")
def read_session(
    response: Response, principal: CurrentMember, token: SessionToken
) -> SessionAnswer:
    """Return who is logged in, and what requests that change something must carry."""
    response.headers["Cache-Control"] = "no-store"
    return _answer(principal, token)


@router.delete("/session", status_code=204, responses=_END, summary="Log out")
def leave(
    response: Response, context: Context, principal: CurrentMember, token: SessionToken
) -> None:
    """End the session."""
    context.sessions.close(principal.organisation, token)
    take_session_cookie(response, principal.organisation, context.login.place)


@router.get(
    "/sessions",
    response_model=OpenSessionsAnswer,
    responses=_READ,
    summary="List the sessions of who is logged in",
)
def list_sessions(
    response: Response, context: Context, principal: CurrentMember, token: SessionToken
) -> dict[str, object]:
    """Return every open session of the member, the one that asks included."""
    response.headers["Cache-Control"] = "no-store"
    current = context.sessions.id_of(token)
    found = context.sessions.open_sessions(
        principal.organisation, principal.member, now=context.ports.clock.now()
    )
    return {
        "sessions": [
            {
                "id": each.id,
                "assurance": each.assurance,
                "opened_at": each.opened_at,
                "used_at": each.used_at,
                "current": each.id == current,
            }
            for each in found
        ]
    }


@router.delete("/sessions", status_code=204, responses=_END, summary="End every other session")
def end_others(context: Context, principal: CurrentMember, token: SessionToken) -> None:
    """End every session of the member but the one that asks."""
    context.sessions.close_others(principal.organisation, principal.member, token)


@router.delete("/sessions/{session}", status_code=204, responses=_END, summary="End one session")
def end_one(
    context: Context,
    principal: CurrentMember,
    session: Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="Its id.")],
) -> None:
    """End one of the member's own sessions; harmless to repeat."""
    context.sessions.close_one(principal.organisation, principal.member, session)


def _begun(response: Response, context: ApiContext, slug: Slug, entered: LoggedIn) -> SessionAnswer:
    give_session_cookie(response, slug, entered.token, context.login.place)
    return _answer(entered.principal, entered.token)


def _answer(principal: Principal, token: str) -> SessionAnswer:
    return SessionAnswer(
        member=principal.member, assurance=principal.assurance, csrf_token=csrf_token(token)
    )
