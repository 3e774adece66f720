"""Refusals as HTTP answers: the only table of status codes, and problem documents.

Source: RFC 9457, https://www.rfc-editor.org/rfc/rfc9457
"""

import json
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import Response

from anchoring.core.errors import MalformedError, UnavailableError
from backend.api.languages import choose_language
from backend.api.wording import TRANSPORT
from backend.domain.errors import (
    ConflictError,
    GovernanceError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    RuleViolation,
    TooSoonError,
)
from backend.domain.messages import Message, message
from backend.services.login import LoginRefusedError

PROBLEM_TYPE: Final = "application/problem+json"
"""Media type of every refusal."""


class TokenMissingError(NotPermittedError):
    """A request without the token it needs; with another token it is ``NotPermittedError``."""


_STATUS_BY_ERROR: Final[tuple[tuple[type[Exception], int], ...]] = (
    (TokenMissingError, 401),
    (LoginRefusedError, 401),
    (TooSoonError, 429),
    (NotFoundError, 404),
    (ConflictError, 409),
    (NotPermittedError, 403),
    (InvalidInputError, 422),
    (RuleViolation, 422),
    (MalformedError, 422),
    (UnavailableError, 503),
)
_PERSONAL: Final = ("signature.", "author.")
"""Codes of rule violations that say the caller is not who may do this: 403."""

_STATUS_BY_CODE: Final = {
    "request.unreadable": 400,
    "idempotency.required": 400,
    "route.unknown": 404,
    "method.unknown": 405,
    "request.too_large": 413,
    "request.invalid": 422,
    "internal": 500,
    "service.unavailable": 503,
}
_CODE_BY_STATUS: Final = {
    400: "request.unreadable",
    404: "route.unknown",
    405: "method.unknown",
    413: "request.too_large",
}


class ProblemRule(BaseModel):
    """The rule that a refusal rests on."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    """Id of the rule in the rulebook, or a built-in id that starts with ``psephos.``."""
    article: str
    """Article of the statutes; empty for a built-in rule."""


class Problem(BaseModel):
    """A refusal (RFC 9457)."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {
                    "type": "/problems/assembly.notice",
                    "title": "Notice too short",
                    "status": 422,
                    "detail": "Article 11: the assembly opens too soon after it is called.",
                    "instance": "/v1/organisations/river-coop/assemblies",
                    "code": "assembly.notice",
                    "expected": "15 days",
                    "found": "3 days",
                    "remedy": "Choose a later opening.",
                    "rule": {"id": "convocation", "article": "11"},
                }
            ]
        },
    )

    type: str
    """Names the kind of refusal: ``/problems/<code>``."""
    title: str
    """The kind of refusal in a few words."""
    status: int
    """HTTP status."""
    detail: str
    """What was refused and why; names the article where a rule of the statutes forbids it."""
    instance: str
    """Path of the request."""
    code: str
    """Stable machine name of the refusal."""
    expected: str
    """What would have been accepted."""
    found: str
    """What was met."""
    remedy: str
    """What to do next."""
    rule: ProblemRule | None = None
    """The rule that forbids it, for rule violations."""
    entry: int | None = None
    """Index of the entry at fault, where it is another one."""


class TransportError(Exception):
    """A refusal that HTTP itself gives rise to.

    Args:
        code: Stable machine name, key of its wording and status.
        expected: What would have been accepted.
        found: What was met.
    """

    def __init__(self, code: str, *, expected: str, found: str) -> None:
        super().__init__(code, expected, found)
        self.code = code
        self.expected = expected
        self.found = found


def status_of(error: Exception) -> int:
    """Return the HTTP status of an error; 500 for what is no refusal."""
    if isinstance(error, TransportError):
        return _STATUS_BY_CODE[error.code]
    if isinstance(error, RuleViolation) and error.code.startswith(_PERSONAL):
        return 403
    return next((status for kind, status in _STATUS_BY_ERROR if isinstance(error, kind)), 500)


def problem_response(request: Request, error: Exception) -> Response:
    """Return the problem document of any error, in the language the client asked for."""
    error = _translated(error)
    language = choose_language(request.headers.get("accept-language"))
    status = status_of(error)
    if isinstance(error, GovernanceError):
        code, expected, found = error.code, error.expected, error.found
        text = message(error, language)
    elif isinstance(error, TransportError):
        code, expected, found = error.code, error.expected, error.found
        text = TRANSPORT[language][code]
    else:
        code, expected, found = "internal", "", ""
        text = TRANSPORT[language][code]
    body = _document(request, status, code, text, (expected, found))
    if isinstance(error, RuleViolation):
        body["rule"] = {"id": error.rule.id, "article": error.rule.article}
        if error.entry is not None:
            body["entry"] = error.entry
    headers = {"Content-Language": language, "Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooSoonError):
        headers["Retry-After"] = str(error.wait_s)
    # A refused text may hold lone surrogates, which have no UTF-8.
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", errors="replace")
    return Response(content, status, headers, PROBLEM_TYPE)


def install_problem_handlers(app: FastAPI) -> None:
    """Make every refusal of the application a problem document."""

    def refused(request: Request, error: Exception) -> Response:
        return problem_response(request, error)

    for kind in (GovernanceError, MalformedError, UnavailableError, TransportError):
        app.add_exception_handler(kind, refused)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_refusal)


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of the problem documents a route may answer."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": _DESCRIPTIONS[status],
            "content": {PROBLEM_TYPE: {"schema": schema}},
        }
        for status in sorted(statuses)
    }


_DESCRIPTIONS: Final = {
    400: "The body is no JSON, or the idempotency key is missing.",
    401: "The operator's token or a session is missing, or nobody was logged in.",
    403: "The signature or the token is not that of who may do this, or the request came from another site.",
    404: "Nothing has this name.",
    409: "Something recorded contradicts it, or the idempotency key was used for another request.",
    413: "The body exceeds 2 MiB.",
    422: "The request cannot mean anything, or a rule forbids it; the problem names the article.",
    429: "The same was tried too often; Retry-After says how many seconds to wait.",
    503: "A part of the server does not answer; repeat the request with the same idempotency key.",
}

READ_PROBLEMS: Final = problem_responses(404, 422, 503)
"""Problems of every read."""

WRITE_PROBLEMS: Final = problem_responses(400, 403, 404, 409, 413, 422, 503)
"""Problems of every write."""

PREPARE_PROBLEMS: Final = problem_responses(400, 404, 413, 422, 503)
"""Problems of every request for typed data."""


def _document(
    request: Request, status: int, code: str, text: Message, facts: tuple[str, str]
) -> dict[str, Any]:
    return {
        "type": f"/problems/{code}",
        "title": text.title,
        "status": status,
        "detail": text.detail,
        "instance": request.url.path,
        "code": code,
        "expected": facts[0],
        "found": facts[1],
        "remedy": text.remedy,
    }


def _translated(error: Exception) -> Exception:
    if isinstance(error, UnavailableError):
        return TransportError("service.unavailable", expected=error.what, found="no answer")
    if isinstance(error, MalformedError):
        return InvalidInputError("request.malformed", expected=error.what, found=error.reason)
    return error


def _invalid_request(request: Request, error: Exception) -> Response:
    # FastAPI gives this handler nothing else; the input is not echoed, it may be personal.
    details = error.errors() if isinstance(error, RequestValidationError) else []
    for detail in details:
        if detail["loc"][:2] == ("header", "Idempotency-Key"):
            key = TransportError(
                "idempotency.required",
                expected="1 to 200 printable ASCII characters",
                found="no such header" if detail["type"] == "missing" else "another form",
            )
            return problem_response(request, key)
    if details and details[0]["type"] == "json_invalid":
        return problem_response(
            request, TransportError("request.unreadable", expected="JSON", found="something else")
        )
    first = details[0] if details else {"loc": ("body",), "msg": "another form"}
    place = "/".join(str(step) for step in first["loc"])
    invalid = TransportError("request.invalid", expected=str(first["msg"])[:200], found=place[:200])
    return problem_response(request, invalid)


def _http_refusal(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = _CODE_BY_STATUS.get(status, "internal")
    refusal = TransportError(code, expected="", found=f"{request.method} {request.url.path}"[:200])
    response = problem_response(request, refusal)
    if status == 405:
        allowed = (
            methods
            for path, methods in request.app.state.allowed_methods
            if path.fullmatch(request.url.path)
        )
        # What the API does not describe are pages.
        response.headers["Allow"] = next(allowed, "GET")
    return response
