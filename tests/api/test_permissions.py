"""Every route, every role: the table in docs/permissions.md, and what the server really answers."""

import os
import re
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

import pytest

from backend.api.application import ROUTERS
from backend.domain.acts import FirstMandate
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.rule import Founders, SeatParty
from tests.support.admission_world import CENTRES
from tests.support.founding_play import plan
from tests.support.governance import rules_with
from tests.support.http_play import HttpPlay
from tests.support.http_sessions import session_headers
from tests.support.http_world import World, join, opened
from tests.support.model_organisation import FOUNDERS, SLUG, Actor
from tests.support.people_world import altered
from tests.support.permissions import ROLES, Permission, Role, permission_table, permissions

PAGE = Path("docs/permissions.md")
BEGIN, END = "<!-- table -->\n", "<!-- end -->\n"
ROWS = permissions(ROUTERS)

GATES = {
    "session.required",
    "session.key",
    "office.required",
    "operator.required",
    "founding.token",
}
"""Codes with which a route refuses a role, whatever was asked."""

CHAIR, KEEPER, ADMITTER = FOUNDERS
CORRESPONDENT, PLAIN, ONESELF = Actor("correspondent"), Actor("plain"), Actor("oneself")
READER, KEYLESS = Actor("reader"), Actor("keyless")
"""They come by a link: one who holds a key as the others do, and one whom a centre registered."""
MEMBERS: Mapping[Role, Actor] = {
    "member": PLAIN,
    "self": ONESELF,
    "convener": CHAIR,
    "correspondent": CORRESPONDENT,
    "admitter": ADMITTER,
    "keeper": KEEPER,
}
"""Who asks with a session of their key: nobody has two roles of which one might hide the other."""

ASSEMBLY, CENTRE = "spring", "harbour"
_NUMBERS = count()


def divided() -> tuple[Rulebook, list[FirstMandate]]:
    """Return rules that give each office to another seat, and who takes the seats."""
    chair, member = SeatParty("bureau", "chair"), SeatParty("bureau", "member")
    rulebook = rules_with(
        altered("convocation", by=(chair,)),
        altered("custody", by=member),
        altered("admission-collective", by=SeatParty("audit", "auditor")),
        altered("audit-first", by=Founders()),
        CENTRES,
    )
    seats = (
        (CHAIR, "bureau", "chair"),
        (KEEPER, "bureau", "member"),
        (ADMITTER, "audit", "auditor"),
    )
    return rulebook, [
        FirstMandate(f"first-{seat}", body, seat, holder.id) for holder, body, seat in seats
    ]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(tmp_path_factory.mktemp("permissions") / "data") as world:
        world.found(*divided())
        for member in (CORRESPONDENT, PLAIN, ONESELF, READER):
            join(world, member)
        play = HttpPlay(world)
        play.open_centre(CHAIR, CENTRE, CORRESPONDENT)
        play.present(CORRESPONDENT, CENTRE, KEYLESS)
        world.act_as_chair("bridge")
        world.act(CHAIR, "assemblies", world.call(CHAIR, ASSEMBLY, "bridge"))
        yield world


def asked_by(world: World) -> tuple[dict[Role, Mapping[str, str]], str]:
    """Return headers of somebody of each role, in sessions that nobody ended, and a draft of a founding."""
    draft = {**plan(), "slug": f"founded-{next(_NUMBERS)}"}
    drafted = world.client.post("/v1/foundings", json=draft, headers=world.operator()).json()
    found: dict[Role, Mapping[str, str]] = {
        "anyone": {},
        "founder": {"Authorization": f"Bearer {drafted['links'][0]['token']}"},
        "member by link": session_headers(world, READER.id, "low"),
        "operator": world.operator(),
    }
    for role, actor in MEMBERS.items():
        found[role] = session_headers(world, actor.id)
    return {role: found[role] for role in ROLES}, drafted["draft"]


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
    served: World, row: Permission
) -> None:
    asked, draft = asked_by(served)
    path = _filled(row.path, draft)
    for role, headers in asked.items():
        answer = served.client.request(
            row.method,
            path,
            headers={"Idempotency-Key": served.key(), **headers},
            json={} if row.method in {"POST", "PUT", "PATCH"} else None,
        )
        code = answer.json().get("code") if answer.status_code in {401, 403} else None
        assert (code in GATES) == (role not in row.roles), (role, answer.status_code, answer.text)


@pytest.mark.parametrize("path", ["me/data", "me/data.html", "members/{}/application"])
def test_own_data__by_a_link__is_shown_to_who_holds_no_key_alone(served: World, path: str) -> None:
    """Whoever was registered by a centre has no other way to their data; others have their key."""
    answers = []
    for actor in (KEYLESS, READER):
        headers = session_headers(served, actor.id, "low")
        url = f"{served.root}/{path.format(actor.id)}"
        answers.append(served.client.get(url, headers=headers))
    assert [each.status_code for each in answers] == [200, 403]
    assert answers[1].json()["code"] == "session.key"


def test_application__of_somebody_else__is_not_shown_to_who_holds_no_key(served: World) -> None:
    headers = session_headers(served, KEYLESS.id, "low")
    answer = served.client.get(f"{served.root}/members/{READER.id}/application", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "office.required")


def _filled(path: str, draft: str) -> str:
    given = {"slug": SLUG, "member": ONESELF.id, "assembly": ASSEMBLY, "draft": draft}
    return re.sub(r"\{([^}]+)\}", lambda found: given.get(found[1], "1"), path)
