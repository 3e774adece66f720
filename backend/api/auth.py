"""Who asks: the operator by a token, members by a session; what is an act is known by its signature alone."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from backend.api.deps import Context, MemberPath, NamedId, OrganisationId
from backend.api.errors import TokenMissingError
from backend.domain.assemblies.officers import check_assembly_officer
from backend.domain.errors import NotPermittedError, RuleViolation
from backend.domain.instants import format_instant
from backend.domain.offices import Office, offices_of
from backend.services.login_ports import LoginPlace
from backend.services.sessions import Principal

SESSION_COOKIE: Final = "psephos_session"
"""Name of the cookie that holds the token of a session."""

_COOKIE = APIKeyCookie(
    name=SESSION_COOKIE,
    scheme_name="Session",
    auto_error=False,
    description="Session of a member of this organisation.",
)

CSRF_HEADER: Final = "X-CSRF-Token"
"""Name of the header that a request with a session must carry if it changes something."""

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, section 9.2.1)."""

_CSRF = APIKeyHeader(
    name=CSRF_HEADER,
    scheme_name="CsrfToken",
    auto_error=False,
    description="Hash of the session's token, told by GET …/session; needed by what changes something.",
)

_CSRF_TAG: Final = b"psephos/csrf/1"

_BEARER = HTTPBearer(
    auto_error=False, description="Token of the operator, in the file keys/operator of the server."
)


def require_operator(
    context: Context,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> None:
    """Let only the operator of the server pass.

    Raises:
        TokenMissingError: ``operator.required``: no token.
        NotPermittedError: ``operator.required``: another token.
    """
    if credentials is None:
        raise TokenMissingError(
            "operator.required", expected="Authorization: Bearer <token>", found="no token"
        )
    given, expected = credentials.credentials.encode(), context.operator_token.encode()
    if not hmac.compare_digest(given, expected):
        raise NotPermittedError(
            "operator.required", expected="the operator's token", found="another token"
        )


def csrf_token(token: str) -> str:
    """Return what requests with a session's cookie must carry beside it: pages of other sites cannot know it.

    Args:
        token: Token of the session, which is the key of the hash.
    """
    return hmac.digest(token.encode(), _CSRF_TAG, hashlib.sha256).hex()


def check_origin(request: Request, place: LoginPlace) -> None:
    """Refuse a request of a page of another site, where the browser tells its origin.

    Raises:
        NotPermittedError: ``csrf.origin``.
    """
    origin = request.headers.get("origin")
    if origin is None or origin in place.origins:
        return
    # On one's own machine pages are served under whatever name and port are at hand.
    if not place.secure and origin == f"http://{request.headers.get('host')}":
        return
    raise NotPermittedError("csrf.origin", expected=place.origin, found="another origin")


def require_member(
    request: Request,
    context: Context,
    slug: OrganisationId,
    token: Annotated[str | None, Depends(_COOKIE)],
    csrf: Annotated[str | None, Depends(_CSRF)],
) -> Principal:
    """Return who is logged in.

    Raises:
        TokenMissingError: ``session.required``: nobody is, or the session is over.
        NotPermittedError: ``csrf.token`` or ``csrf.origin``: the request changes something, and nothing
            shows that it comes from a page of ours.
    """
    now = context.ports.clock.now()
    principal = None if token is None else context.sessions.principal(slug, token, now=now)
    if principal is None:
        raise TokenMissingError("session.required", expected="a session", found="none")
    if request.method not in SAFE_METHODS:
        check_origin(request, context.login.place)
        if not hmac.compare_digest((csrf or "").encode(), csrf_token(token or "").encode()):
            raise NotPermittedError(
                "csrf.token", expected=f"the session's {CSRF_HEADER}", found="another one or none"
            )
    return principal


CurrentMember = Annotated[Principal, Depends(require_member)]
"""Who is logged in to the organisation of the path."""


def session_token(request: Request, _: CurrentMember) -> str:
    """Return the token of the session of who is logged in."""
    return request.cookies[SESSION_COOKIE]


SessionToken = Annotated[str, Depends(session_token)]
"""Token of the session that asks; nothing but its hashes may be answered or kept."""


def describe_sessions(document: dict[str, Any]) -> None:
    """Say in an OpenAPI document what goes together: FastAPI lists the cookie and the header as alternatives.

    Args:
        document: The document, which is changed.
    """
    cookie: dict[str, list[str]] = {_COOKIE.scheme_name: []}
    header: dict[str, list[str]] = {_CSRF.scheme_name: []}
    for operations in document["paths"].values():
        for method, operation in operations.items():
            if header in operation.get("security", ()):
                safe = method.upper() in SAFE_METHODS
                operation["security"] = [cookie if safe else {**cookie, **header}]


@dataclass(frozen=True, slots=True)
class OfficeRequired:
    """Lets only holders of one of some offices pass, as mandates stand at the request.

    The session must be of a key of theirs: a link sent by mail opens no office.
    """

    offices: frozenset[Office]
    """Any of them suffices."""

    def __call__(self, context: Context, principal: CurrentMember) -> Principal:
        """Return who is logged in.

        Raises:
            NotPermittedError: ``office.required``: they hold none of the offices, or came by a link.
        """
        state = context.reads.state(principal.organisation)
        day = state.day_of(format_instant(context.ports.clock.now()))
        held = offices_of(state, principal.member, day)
        if held.isdisjoint(self.offices) or principal.assurance == "low":
            raise NotPermittedError(
                "office.required",
                expected=" or ".join(sorted(self.offices)),
                found=", ".join(sorted(held)) or "none",
            )
        return principal


def require_own_key(context: Context, principal: CurrentMember) -> Principal:
    """Return who is logged in, if what they declared may be shown to them or changed by them.

    Whoever reads a member's mail can open a link that was sent to them, so the session must be of a key. Who
    holds none has no other way to their own data than a link.

    Raises:
        NotPermittedError: ``session.key``: they hold a key, and came by a link.
    """
    found = context.reads.state(principal.organisation).members.get(principal.member)
    if principal.assurance == "low" and found is not None and found.keys:
        raise NotPermittedError(
            "session.key", expected="a session of a key", found="a session of a link"
        )
    return principal


OwnData = Annotated[Principal, Depends(require_own_key)]
"""Who is logged in, and may see what is known of them."""


def require_convener(context: Context, principal: CurrentMember, assembly: NamedId) -> Principal:
    """Return who is logged in, if they may act for the convener of the assembly of the path.

    Raises:
        NotFoundError: No such assembly.
        NotPermittedError: ``office.required``: they may not, or came by a link.
    """
    state = context.reads.state(principal.organisation)
    convened = state.assembly(assembly)
    day = state.day_of(format_instant(context.ports.clock.now()))
    try:
        check_assembly_officer(state, convened, principal.member, day)
    except RuleViolation as error:
        raise NotPermittedError(
            "office.required", expected=error.expected, found=error.found
        ) from error
    if principal.assurance == "low":
        raise NotPermittedError(
            "office.required", expected="a session of a key", found="a session of a link"
        )
    return principal


Convener = Annotated[Principal, Depends(require_convener)]
"""Who may act for the convener of the assembly of the path."""


@dataclass(frozen=True, slots=True)
class SelfOrOffice:
    """Lets the member of the path pass as ``require_own_key`` does, and holders of one of some offices."""

    offices: frozenset[Office]
    """Any of them suffices."""

    def __call__(self, context: Context, principal: CurrentMember, member: MemberPath) -> Principal:
        """Return who is logged in.

        Raises:
            NotPermittedError: ``office.required``: somebody else without such an office; ``session.key``:
                themself, who hold a key, by a link.
        """
        if principal.member == member:
            return require_own_key(context, principal)
        return OfficeRequired(self.offices)(context, principal)


def require_office(*offices: Office) -> OfficeRequired:
    """Return what lets only holders of one of some offices pass."""
    return OfficeRequired(frozenset(offices))


def require_self_or(*offices: Office) -> SelfOrOffice:
    """Return what lets the member of the path pass, and holders of one of some offices."""
    return SelfOrOffice(frozenset(offices))
