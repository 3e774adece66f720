"""The application: every router, the frame around requests, one OpenAPI document."""

import re
from functools import cache
from typing import Any, Final

from fastapi import FastAPI

from backend.api.auth import describe_sessions
from backend.api.deps import ApiContext
from backend.api.errors import Problem, install_problem_handlers
from backend.api.middleware import RequestFrame
from backend.api.routers import (
    acts,
    admission,
    assemblies,
    ballots,
    bodies,
    calendar,
    chain,
    commons,
    data_rights,
    decisions,
    documents,
    duplicates,
    electorates,
    entries,
    foundings,
    health,
    identity,
    imports,
    keys,
    log,
    mail,
    member_keys,
    members,
    motions,
    notices,
    organisations,
    places,
    register,
    sessions,
    statutes,
    witness,
)

API_VERSION: Final = "1"
"""Version of the HTTP API, the first part of its paths."""

_DESCRIPTION: Final = """
Governance of associations and cooperatives in which every decision proves its own legality.

Every act is an entry of an append-only log. Members sign acts with EIP-712; the routes that end in
`typed-data` return what to sign. Every write carries an `Idempotency-Key`: the same key with the same body
gets the same answer. Refusals are problem documents (RFC 9457) in French or English (`Accept-Language`) that
name the article of the statutes they rest on. `…/entries/{index}/receipt` returns what proves an entry
without this server.
"""

_TAGS: Final = [
    {"name": "organisations", "description": "Founding and finding organisations."},
    {"name": "signing", "description": "What to sign, and where signatures are valid."},
    {"name": "statutes", "description": "Versions of the statutes."},
    {"name": "members", "description": "The register."},
    {"name": "admission", "description": "Applications, and the centres that present applicants."},
    {"name": "acts", "description": "Acts that are recorded as their authors sign them."},
    {"name": "motions", "description": "What is proposed, and the votes on it."},
    {"name": "assemblies", "description": "Sessions in which motions are put to the vote."},
    {"name": "ballots", "description": "Casting ballots."},
    {"name": "decisions", "description": "Outcomes with their derivations."},
    {"name": "bodies", "description": "Who holds which seat, and what concerns them."},
    {"name": "calendar", "description": "What must happen by when."},
    {"name": "commons", "description": "What is valued, and how."},
    {"name": "entries", "description": "The ledger, receipts and anchors."},
    {"name": "documents", "description": "Documents by CID."},
    {"name": "log", "description": "The ledger as tlog-tiles."},
    {"name": "sessions", "description": "Logging in and out."},
    {"name": "data rights", "description": "What one's own data is used for, and its erasure."},
    {"name": "keys", "description": "The key of the ledger."},
    {"name": "witness", "description": "Our cosignatures of other logs."},
    {"name": "chain", "description": "The embedded chain, read-only."},
    {"name": "mail", "description": "Letters to members."},
    {"name": "health", "description": "How the server is."},
]

ROUTERS: Final = (
    organisations.router,
    statutes.router,
    members.router,
    acts.router,
    motions.router,
    ballots.router,
    electorates.router,
    assemblies.router,
    decisions.router,
    bodies.router,
    calendar.router,
    commons.router,
    entries.router,
    documents.router,
    log.router,
    witness.router,
    chain.router,
    health.router,
    keys.router,
    member_keys.router,
    sessions.router,
    admission.router,
    register.router,
    duplicates.router,
    imports.router,
    identity.router,
    mail.router,
    notices.router,
    foundings.router,
    data_rights.router,
    places.router,
)
"""Every router, in the order in which paths are looked up."""


def create_api(context: ApiContext) -> FastAPI:
    """Return the application.

    Args:
        context: Everything it may touch.
    """
    app = _routed()
    app.state.context = context
    install_problem_handlers(app)
    app.add_middleware(RequestFrame)
    app.openapi = _document  # type: ignore[method-assign]  # how FastAPI has its document replaced
    app.state.allowed_methods = _allowed_methods(_document())
    return app


def _routed() -> FastAPI:
    app = FastAPI(
        title="Psephos",
        version=API_VERSION,
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        redoc_url=None,
    )
    for router in ROUTERS:
        # The routes themselves, whose paths are whole: including a router would make each of them anew.
        app.router.routes.extend(router.routes)
    return app


@cache
def _document() -> dict[str, Any]:
    """Return the OpenAPI document, made once: it depends on the routes alone."""
    document = _routed().openapi()
    _describe_problems(document)
    describe_sessions(document)
    return document


def _allowed_methods(document: dict[str, Any]) -> list[tuple[re.Pattern[str], str]]:
    """Return what each path answers; the router knows it of one route at a time only."""
    return [
        (
            re.compile(re.sub(r"\\{place\\}|\\{[a-z_]+\\}", _any_segment, re.escape(path))),
            ", ".join(method.upper() for method in operations),
        )
        for path, operations in document["paths"].items()
    ]


def _any_segment(parameter: re.Match[str]) -> str:
    return ".+" if parameter[0] == r"\{place\}" else "[^/]+"


def _describe_problems(document: dict[str, Any]) -> None:
    """Put the problem document among the schemas: FastAPI knows no other media type than JSON."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
