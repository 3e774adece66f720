"""Who asks: the operator by a token, members by a session; what is an act is known by its signature alone."""

import hmac
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from backend.api.deps import Context, MemberPath, OrganisationId
from backend.api.errors import TokenMissingError
from backend.domain.errors import NotPermittedError
from backend.domain.instants import format_instant
from backend.domain.offices import Office, offices_of
from backend.services.sessions import Principal

SESSION_COOKIE: Final = "psephos_session"
"""Name of the cookie that holds the token of a session."""

_COOKIE = APIKeyCookie(
    name=SESSION_COOKIE, auto_error=False, description="Session of a member of this organisation."
)

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


def require_member(
    context: Context,
    slug: OrganisationId,
    token: Annotated[str | None, Depends(_COOKIE)],
) -> Principal:
    """Return who is logged in.

    Raises:
        TokenMissingError: ``session.required``: nobody is, or the session is over.
    """
    now = context.ports.clock.now()
    principal = None if token is None else context.sessions.principal(slug, token, now=now)
    if principal is None:
        raise TokenMissingError("session.required", expected="a session", found="none")
    return principal


CurrentMember = Annotated[Principal, Depends(require_member)]
"""Who is logged in to the organisation of the path."""


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


@dataclass(frozen=True, slots=True)
class SelfOrOffice:
    """Lets the member of the path pass, and holders of one of some offices."""

    offices: frozenset[Office]
    """Any of them suffices."""

    def __call__(self, context: Context, principal: CurrentMember, member: MemberPath) -> Principal:
        """Return who is logged in.

        Raises:
            NotPermittedError: ``office.required``: somebody else without such an office.
        """
        if principal.member == member:
            return principal
        return OfficeRequired(self.offices)(context, principal)


def require_office(*offices: Office) -> OfficeRequired:
    """Return what lets only holders of one of some offices pass."""
    return OfficeRequired(frozenset(offices))


def require_self_or(*offices: Office) -> SelfOrOffice:
    """Return what lets the member of the path pass, and holders of one of some offices."""
    return SelfOrOffice(frozenset(offices))
