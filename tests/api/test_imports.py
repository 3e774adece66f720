"""Importing a register: a report on every row, then one act with all that is taken in, or nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from sqlmodel import select

from backend.audit.directory import audit_directory
from backend.domain.acts import RegisterImported
from backend.domain.imports import parse_import
from backend.storage.ledger import stored_entries
from backend.storage.private_tables import PersonRow
from tests.support.http_sessions import session_headers
from tests.support.http_world import Answer, World, join, opened, signature
from tests.support.model_organisation import FOUNDERS, SLUG, Actor

CHAIR, TREASURER, _ = FOUNDERS
GARDENER = Actor("gardener")
HEADER = "member_class,name,born,registration,email,language"
GOOD = [
    "individual,Rose Bonheur,1987-03-12,,rose@example.org,fr",
    "individual,Zoé Lefèvre,1990-01-02,,,",
    'individual,"Dupont, Marie",1975-06-30,,,en',
    "collective,Les Amis du lac,,RNA W123,,",
]
BROKEN = {
    5: ("individual,,1987-03-12,,,", "facts.missing"),
    6: ("individual,Jean Petit,12/03/1987,,,", "facts.born"),
    7: ("robots,Jean Petit,1987-03-12,,,", "import.class"),
    8: ("individual,Jean Petit,1987-03-12,,", "import.fields"),
    9: ("individual,Jean Petit,1987-03-12,,,de", "import.language"),
    10: ("individual,Jean\x07Petit,1987-03-12,,,", "import.characters"),
    11: (f"individual,{'a' * 600},1987-03-12,,,", "facts.length"),
}
ALIKE = {
    12: ("individual,BONHEUR Rose,1987-03-12,,,", "same_person", 1, ["names", "born"]),
    13: (
        "individual,Zoe Lefebvre,1990-02-01,,,",
        "similar_person",
        2,
        ["names_near", "born_swapped"],
    ),
}
TABLE = "\r\n".join(
    [HEADER, *GOOD, *(row for row, _ in BROKEN.values()), *(each[0] for each in ALIKE.values())]
)
SEED = "5e" * 32


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server on whose register these tests put nobody."""
    with opened(tmp_path_factory.mktemp("imports") / "data") as world:
        world.found()
        join(world, GARDENER)
        yield world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path / "data") as world:
        world.found()
        yield world


def reported(world: World, table: str, language: str = "en") -> Response:
    headers = {**session_headers(world, CHAIR.id), "Accept-Language": language}
    return world.client.post(f"{world.root}/imports/report", json={"table": table}, headers=headers)


def draft(
    world: World, table: str, left_out: list[int], taken_in: list[int], seed: str = SEED
) -> dict[str, object]:
    return world.authored(CHAIR, table=table, seed=seed, left_out=left_out, taken_in=taken_in)


def signed(world: World, body: dict[str, object]) -> dict[str, object]:
    """Return an import with its author's signature of what the server says is to be signed."""
    headers = session_headers(world, CHAIR.id)
    prepared = world.client.post(f"{world.root}/imports/typed-data", json=body, headers=headers)
    assert prepared.status_code == 200, prepared.text
    return {**body, "signature": signature(CHAIR, prepared.json())}


def imported(world: World, body: dict[str, object], key: str | None = None) -> Response:
    return world.post(f"{world.root}/imports", body, key=key, **session_headers(world, CHAIR.id))


def members(world: World) -> list[Answer]:
    return [each for each in world.get("members", limit=500)["items"] if not each["founder"]]


def test_report__of_a_mixed_table__names_every_row_that_needs_a_choice(still: World) -> None:
    size = still.get("entries", limit=500)["items"]
    answer = reported(still, TABLE).json()
    assert answer["total"] == 13
    found = answer["findings"]
    broken = [(each["row"], each["code"]) for each in found if each["kind"] == "broken"]
    assert broken == [(row, code) for row, (_, code) in BROKEN.items()]
    alike = [each for each in found if each["kind"] != "broken"]
    assert [
        (each["row"], each["kind"], each["other_row"], each["reasons"], each["member"])
        for each in alike
    ] == [(row, kind, other, reasons, None) for row, (_, kind, other, reasons) in ALIKE.items()]
    assert still.get("entries", limit=500)["items"] == size


def test_report__whatever_it_says__quotes_nothing_of_a_row(still: World) -> None:
    for language in ("fr", "en"):
        text = reported(still, TABLE, language).text
        for planted in ("Bonheur", "BONHEUR", "Petit", "robots", "12/03/1987", "example.org"):
            assert planted not in text
    french = reported(still, TABLE, "fr").json()["findings"][0]
    assert french["title"].startswith("Il manque")


def test_import__with_a_choice_for_every_row__is_one_act(world: World) -> None:
    before = world.get("entries", limit=500)["items"]
    body = signed(world, draft(world, TABLE, [*BROKEN, 12], [13]))
    first = imported(world, body, "once")
    assert first.status_code == 201, first.text
    assert len(world.get("entries", limit=500)["items"]) == len(before) + 1
    assert imported(world, body, "once").json() == first.json()
    found = members(world)
    assert len(found) == 5
    assert {each["status"] for each in found} == {"active"}
    assert sorted(each["member_class"] for each in found) == ["collective"] + ["individual"] * 4
    state = world.container.archive.reads.state(SLUG)
    assert all(state.member(each["member"]).keys == () for each in found)
    facts = world.container.archive.identities(SLUG).facts([each["member"] for each in found])
    assert {each["name"] for each in facts.values()} >= {"Rose Bonheur", "Dupont, Marie"}
    (pair,) = world.client.get(
        f"{world.root}/duplicates", headers=session_headers(world, TREASURER.id)
    ).json()["items"]
    assert {pair["newer"]["facts"]["name"], pair["earlier"]["facts"]["name"]} == {
        "Zoe Lefebvre", "Zoé Lefèvre"
    }  # fmt: skip


def test_import__of_a_document__holds_nothing_personal_and_audits(
    world: World, tmp_path: Path
) -> None:
    assert (
        imported(world, signed(world, draft(world, TABLE, [*BROKEN, *ALIKE], []))).status_code
        == 201
    )
    archive = world.container.archive
    index = archive.reads.state(SLUG).size - 1
    with archive.database.reading() as session:
        (entry,) = stored_entries(session, SLUG, index, index + 1)
        rows = session.exec(select(PersonRow.member).where(PersonRow.organisation == SLUG)).all()
    data = entry.data
    assert isinstance(data, RegisterImported)
    content = archive.documents.get(data.members)
    assert len(parse_import(content)) == data.count == 4
    world.worker.step_all()
    archive.export(SLUG, tmp_path / "bundle")
    audited = audit_directory(tmp_path / "bundle")
    assert (audited.disagreements, audited.redacted) == ((), 0)
    known = archive.identities(SLUG).facts(rows)
    assert len(known) == len(FOUNDERS) + 4
    for facts in known.values():
        for text in facts.values():
            assert text.encode() not in content
            assert text.encode() not in entry.to_bytes()


@pytest.mark.parametrize(
    ("left_out", "taken_in", "code"),
    [
        ([], [], "import.undecided"),
        ([*BROKEN][1:], [*ALIKE], "import.undecided"),
        ([*BROKEN], [12], "import.undecided"),
        ([*BROKEN][1:], [5, *ALIKE], "import.undecided"),
        ([*BROKEN, 1], [*ALIKE], "import.choice"),
        ([*BROKEN], [1, *ALIKE], "import.choice"),
        ([*BROKEN, 12], [*ALIKE], "import.choice"),
        ([*BROKEN, 99], [*ALIKE], "import.choice"),
    ],
)
def test_import__without_a_choice_for_every_row__takes_nothing_in(
    still: World, left_out: list[int], taken_in: list[int], code: str
) -> None:
    body = draft(still, TABLE, left_out, taken_in)
    refused = imported(still, {**body, "signature": f"0x{'11' * 65}"})
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert len(members(still)) == 1


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("", "import.columns"),
        ("name,born\r\nRose,1987-03-12", "import.columns"),
        ("member_class,name,name\r\n", "import.columns"),
        ("member_class,name,secret\r\n", "import.columns"),
        (HEADER, "import.rows"),
        (f'{HEADER}\r\nindividual,"Rose" x,1987-03-12,,,', "import.malformed"),
        (f'{HEADER}\r\nindividual,"Rose,1987-03-12,,,', "import.malformed"),
    ],
)
def test_table__that_is_none__is_refused_whole(still: World, table: str, code: str) -> None:
    refused = reported(still, table)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_import__of_the_same_table_again__finds_everybody_on_the_register(world: World) -> None:
    table = "\n".join([HEADER, *GOOD[:2]])
    assert imported(world, signed(world, draft(world, table, [], []))).status_code == 201
    again = reported(world, table).json()["findings"]
    assert [(each["row"], each["kind"]) for each in again] == [
        (1, "same_person"), (2, "same_person")
    ]  # fmt: skip
    assert {each["member"] for each in again} == {each["member"] for each in members(world)}
    body = draft(world, table, [], [], "6f" * 32)
    refused = imported(world, {**body, "signature": f"0x{'11' * 65}"})
    assert refused.json()["code"] == "import.undecided"


def test_import__signed_for_other_rows__takes_nothing_in(still: World) -> None:
    body = signed(still, draft(still, "\n".join([HEADER, *GOOD]), [], []))
    refused = imported(still, {**body, "table": "\n".join([HEADER, *GOOD[1:]])})
    assert (refused.status_code, refused.json()["code"]) == (403, "signature.signer")
    refused = imported(still, {**body, "seed": "6f" * 32})
    assert (refused.status_code, refused.json()["code"]) == (403, "signature.signer")
    assert len(members(still)) == 1


def test_import__by_others_than_who_keeps_the_register__is_refused(still: World) -> None:
    path = f"{still.root}/imports/report"
    assert still.client.post(path, json={"table": TABLE}).status_code == 401
    low = session_headers(still, CHAIR.id, "low")
    for headers in (session_headers(still, GARDENER.id), low):
        assert still.client.post(path, json={"table": TABLE}, headers=headers).status_code == 403
    body = draft(still, "\n".join([HEADER, *GOOD]), [], [])
    treasurer = session_headers(still, TREASURER.id)
    refused = still.client.post(f"{still.root}/imports/typed-data", json=body, headers=treasurer)
    assert (refused.status_code, refused.json()["code"]) == (403, "import.author")


def test_imported_member__without_a_key__cannot_act(world: World) -> None:
    table = "\n".join([HEADER, *GOOD[:1]])
    assert imported(world, signed(world, draft(world, table, [], []))).status_code == 201
    (member,) = members(world)
    path = f"members/{member['member']}/resignation"
    body = world.signed(GARDENER, path, {"issued_at": world.seconds()})
    refused = world.post(f"{world.root}/{path}", body)
    assert (refused.status_code, refused.json()["code"]) == (404, "key.unknown")
    assert members(world)[0]["status"] == "active"
