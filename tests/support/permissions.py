"""Who may use which route: read from the routes themselves, so that the table cannot differ from the code.

A route lets through whoever its dependencies let through. Routes that record acts let anyone ask: whether an
act is recorded depends on its signature, and on the statutes, which say who may sign it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from backend.api.auth import (
    OfficeRequired,
    SelfOrOffice,
    require_convener,
    require_member,
    require_operator,
    require_own_key,
)
from backend.api.routers.foundings import founder_token

Role = Literal[
    "anyone",
    "founder",
    "member by link",
    "member",
    "self",
    "convener",
    "correspondent",
    "admitter",
    "keeper",
    "operator",
]
"""Who asks: nobody known; the holder of a founder's link, for its draft; a member who holds a key, logged in
with a link or with the key; the member of the path; who may act for the convener of the assembly of the
path; a member who holds an office; the operator of the server."""

ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""Every role, in the order of the table."""

_MEMBERS: Final[frozenset[Role]] = frozenset(ROLES) - {"anyone", "founder", "operator"}


@dataclass(frozen=True, slots=True)
class Permission:
    """Who may use one route."""

    method: str
    """HTTP method."""
    path: str
    """Path, with its parameters in braces."""
    roles: frozenset[Role]
    """Who is let through."""
    signed: bool
    """Whether what is sent counts only with the signature of whom the statutes let sign."""


def permissions(routers: Sequence[APIRouter]) -> tuple[Permission, ...]:
    """Return who may use each route, by path and method.

    Args:
        routers: Routers with their prefixes.
    """
    found = [
        Permission(method, route.path, _roles(route), _is_signed(route))
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    ]
    return tuple(sorted(found, key=lambda each: (each.path, each.method)))


def permission_table(rows: Sequence[Permission]) -> Iterator[str]:
    """Yield the lines of the table in Markdown."""
    yield f"| route | {' | '.join(ROLES)} | signed |"
    yield f"|---|{'---|' * (len(ROLES) + 1)}"
    for row in rows:
        cells = ["yes" if role in row.roles else "" for role in ROLES]
        yield f"| `{row.method} {row.path}` | {' | '.join(cells)} | {'yes' if row.signed else ''} |"


def _roles(route: APIRoute) -> frozenset[Role]:
    roles: frozenset[Role] = frozenset(ROLES)
    for call in _calls(route.dependant):
        if call is require_operator:
            roles &= {"operator"}
        elif call is founder_token:
            roles &= {"founder"}
        elif call is require_member:
            roles &= _MEMBERS
        elif call is require_own_key:
            roles -= {"member by link"}
        elif call is require_convener:
            # Those who keep the registers act for every convener.
            roles &= {"convener", "keeper"}
        elif isinstance(call, OfficeRequired):
            roles &= call.offices
        elif isinstance(call, SelfOrOffice):
            roles &= {"self", *call.offices}
    return roles


def _calls(dependant: Dependant) -> Iterator[object]:
    for each in dependant.dependencies:
        yield each.call
        yield from _calls(each)


def _is_signed(route: APIRoute) -> bool:
    if route.body_field is None or "sessions" in route.tags or route.path.endswith("/typed-data"):
        return False
    return _has_signature(route.body_field.field_info.annotation)


def _has_signature(model: object) -> bool:
    """Tell whether a body, or each item of a list in it, has a field for a signature."""
    fields = getattr(model, "model_fields", {})
    listed = [item for field in fields.values() for item in get_args(field.annotation)]
    return not {"signature", "signatures"}.isdisjoint(fields) or any(map(_has_signature, listed))
