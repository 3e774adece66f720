"""Every route, every role: the table in docs/permissions.md, and what the server really answers."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from backend.api.application import ROUTERS
from backend.api.permissions import ROLES, Permission, Role, permission_table, permissions
from backend.domain.instants import format_instant
from backend.domain.offices import offices_of
from tests.support.http_sessions import session_headers
from tests.support.http_world import World, opened, play_whole_life
from tests.support.model_organisation import FOUNDERS, SLUG

PAGE = Path("docs/permissions.md")
BEGIN, END = "<!-- table -->\n", "<!-- end -->\n"
ROWS = permissions(ROUTERS)

GATES = {"session.required", "office.required", "operator.required"}
"""Codes with which a route refuses a role, whatever was asked."""

OWN_PLACE = re.compile(r"/members/\{member\}|/me\b")
"""Routes about one member."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(tmp_path_factory.mktemp("permissions") / "data") as world:
        play_whole_life(world)
        yield world


@pytest.fixture(scope="module")
def askers(served: World) -> Mapping[Role, Mapping[str, str]]:
    """Headers of somebody of each role; holders of an office hold as few others as can be."""
    reads = served.container.archive.reads
    state = reads.state(SLUG)
    day = state.day_of(format_instant(served.clock.now()))
    offices = {
        member: offices_of(state, member, day)
        for member, found in state.members.items()
        if found.status == "active"
    }
    plain = next(member for member, held in sorted(offices.items()) if not held)
    found: dict[Role, Mapping[str, str]] = {
        "anyone": {},
        "member by link": session_headers(served, plain, "low"),
        "member": session_headers(served, plain),
        "self": session_headers(served, FOUNDERS[-1].id),
        "operator": served.operator(),
    }
    for role in ROLES:
        holders = [member for member, held in sorted(offices.items()) if role in held]
        if holders and role not in found:
            found[role] = session_headers(served, holders[0])
    return found


def test_page__of_permissions__is_what_the_routes_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    table = "\n".join(permission_table(ROWS)) + "\n"
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    if "PSEPHOS_REWRITE_REPORTS" in os.environ:
        PAGE.write_text(before + BEGIN + table + END + after, encoding="utf-8")
    assert page == before + BEGIN + table + END + after


def test_permissions__of_every_operation__have_one_row(served: World) -> None:
    described = served.client.get("/openapi.json").json()["paths"]
    operations = {
        (method.upper(), path) for path, methods in described.items() for method in methods
    }
    rows = [(row.method, row.path.replace(":path", "")) for row in ROWS]
    assert len(set(rows)) == len(rows)
    assert operations <= set(rows)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.path}")
def test_route__asked_by_every_role__lets_through_whom_its_row_names(
    served: World, askers: Mapping[Role, Mapping[str, str]], row: Permission
) -> None:
    path = _filled(row.path)
    for role, headers in askers.items():
        answer = served.client.request(
            row.method,
            path,
            headers={"Idempotency-Key": served.key(), **headers},
            json={} if row.method in {"POST", "PUT", "PATCH"} else None,
        )
        code = answer.json().get("code") if answer.status_code in {401, 403} else None
        assert (code in GATES) == (role not in row.roles), (role, answer.status_code, answer.text)


def _filled(path: str) -> str:
    named = path.replace("{slug}", SLUG).replace("{member}", FOUNDERS[-1].id)
    return re.sub(r"\{[^}]+\}", "1", named)
