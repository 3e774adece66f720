"""Cookies of those who log in: kept from scripts and other sites, and sent to one organisation's paths."""

from typing import Annotated, Final

from fastapi import Cookie, Request, Response

from backend.api.auth import SESSION_COOKIE, check_origin
from backend.api.deps import Context, OrganisationId
from backend.domain.acts import Slug
from backend.domain.login import LIFETIMES
from backend.services.login import Caller
from backend.services.login_ports import LoginPlace

LOGIN_COOKIE: Final = "psephos_login"
"""Name of the cookie that tells the browser that asked from every other one, until somebody is logged in."""

_VALUE_DIGITS: Final = 64
_MAX_AGE_S: Final = int(max(LIFETIMES.values()).total_seconds())


def read_caller(
    request: Request,
    context: Context,
    browser: Annotated[str | None, Cookie(alias=LOGIN_COOKIE, include_in_schema=False)] = None,
    session: Annotated[str | None, Cookie(alias=SESSION_COOKIE, include_in_schema=False)] = None,
) -> Caller:
    """Return the browser that asks or answers; one without a login cookie of ours gets a new one.

    Raises:
        NotPermittedError: ``csrf.origin``: a page of another site asks.
    """
    check_origin(request, context.login.place)
    if browser is None or len(browser) != _VALUE_DIGITS:
        browser = context.ports.randomness.salt().hex()
    return Caller(browser, context.throttle.client(request), session)


def give_login_cookie(
    response: Response, slug: OrganisationId, caller: Caller, place: LoginPlace
) -> None:
    """Have a browser remember that it asked."""
    response.set_cookie(
        LOGIN_COOKIE,
        caller.browser,
        max_age=_MAX_AGE_S,
        path=f"{_path(slug)}/session",
        secure=place.secure,
        httponly=True,
        samesite="strict",
    )
    response.headers["Cache-Control"] = "no-store"


def give_session_cookie(response: Response, slug: Slug, token: str, place: LoginPlace) -> None:
    """Have a browser hold a session, until it is closed at the latest, and forget that it asked."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        path=_path(slug),
        secure=place.secure,
        httponly=True,
        samesite="strict",
    )
    response.delete_cookie(
        LOGIN_COOKIE,
        path=f"{_path(slug)}/session",
        secure=place.secure,
        httponly=True,
        samesite="strict",
    )
    response.headers["Cache-Control"] = "no-store"


def take_session_cookie(response: Response, slug: Slug, place: LoginPlace) -> None:
    """Have a browser forget its session."""
    response.delete_cookie(
        SESSION_COOKIE, path=_path(slug), secure=place.secure, httponly=True, samesite="strict"
    )


def _path(slug: Slug) -> str:
    return f"/v1/organisations/{slug}"
