"""What surrounds every request: its id, the limit on its body, headers, and the last net under it."""

import secrets
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.api.errors import TransportError, problem_response

MAX_BODY_BYTES: Final = 2 << 20
"""Longest request body, in bytes: two documents of a statutes version, with room."""

_SECURITY_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}

_log = structlog.get_logger(__name__)


class RequestFrame:
    """Gives every request an id, bounds its body, sets headers and answers what was not expected.

    Args:
        app: The application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        started = False

        async def framed_send(event: Message) -> None:
            nonlocal started
            if event["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=event)
                headers["X-Request-Id"] = request_id
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(event)

        request = Request(scope)
        if _declared_length(scope) > MAX_BODY_BYTES:
            response = problem_response(request, _too_large())
            await response(scope, receive, framed_send)
            return
        try:
            await self._app(scope, _bounded(receive), framed_send)
        except Exception as error:  # the net: no traceback leaves the process
            _log.exception(
                "request.failed", request_id=request_id, path=request.url.path, exc_info=error
            )
            if started:
                raise
            await problem_response(request, error)(scope, receive, framed_send)


def _declared_length(scope: Scope) -> int:
    declared = Headers(scope=scope).get("content-length", "0")
    return int(declared) if declared.isascii() and declared.isdigit() else 0


def _bounded(receive: Receive) -> Receive:
    received = 0

    async def bounded_receive() -> Message:
        nonlocal received
        event = await receive()
        if event["type"] == "http.request":
            received += len(event.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise HTTPException(413)
        return event

    return bounded_receive


def _too_large() -> TransportError:
    return TransportError(
        "request.too_large", expected=f"at most {MAX_BODY_BYTES} bytes", found="more"
    )
