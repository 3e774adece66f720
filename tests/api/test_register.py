"""The register over HTTP: now, at a past instant, after an entry, and what attests it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from httpx2 import Response

from tests.support.governance import CHAIR, GARDENER, SECRETARY
from tests.support.http_play import HttpPlay
from tests.support.http_sessions import session_headers
from tests.support.http_world import World, join, opened
from tests.support.model_organisation import FOUNDERS, SLUG
from tests.support.territory_world import territorial_rules


def asked(world: World, path: str, query: Mapping[str, str | int]) -> Response:
    """Ask as the chair, who is logged in."""
    headers = session_headers(world, CHAIR.id)
    return world.client.get(f"{world.root}/{path}", params=query, headers=headers)


def register(world: World, **query: str | int) -> dict[str, Any]:
    response = asked(world, "register", query)
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    found: dict[str, Any] = response.json()
    return found


def members(found: dict[str, Any]) -> dict[str, str]:
    return {line["member"]: line["status"] for line in found["lines"]}


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The organisation on its third day: the gardener joined on the second and left on it."""
    with opened(tmp_path_factory.mktemp("register") / "data") as world:
        play = HttpPlay(world)
        play.found()
        play.advance(days=1)
        join(world, GARDENER)
        play.advance(days=1)
        play.resign(GARDENER)
        yield world


def test_register__now_and_on_past_days__is_as_it_then_was(grown: World) -> None:
    assert members(register(grown))[GARDENER.id] == "resigned"
    assert members(register(grown, at="2026-01-05")) == {each.id: "active" for each in FOUNDERS}
    assert members(register(grown, at="2026-01-06"))[GARDENER.id] == "active"
    assert members(register(grown, at="2026-01-07"))[GARDENER.id] == "resigned"


def test_register__after_an_entry__is_read_at_its_instant(grown: World) -> None:
    found = register(grown, entry=1)
    assert (found["entry"], members(found)[GARDENER.id]) == (1, "applied")
    entry = json.loads(grown.client.get(f"{grown.root}/entries/1").content)
    assert found["at"] == entry["at"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"at": "2026-01-04"}, 404, "register.unknown"),
        ({"entry": 99}, 404, "entry.unknown"),
        ({"at": "2026-01-08"}, 422, "register.future"),
        ({"at": "yesterday"}, 422, "instant.malformed"),
        ({"at": "2026-01-05", "entry": 1}, 422, "register.moment"),
    ],
)
def test_register__at_no_such_moment__refuses(
    grown: World, query: dict[str, str | int], status: int, code: str
) -> None:
    response = asked(grown, "register", query)
    assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.parametrize("path", ["register", "register/attestation"])
def test_register__nobody_logged_in__refuses(grown: World, path: str) -> None:
    response = grown.client.get(f"{grown.root}/{path}")
    assert (response.status_code, response.json()["code"]) == (401, "session.required")


def test_attestation__signed_by_an_officer__is_of_the_register_after_its_entry(
    grown: World,
) -> None:
    act = asked(grown, "register/attestation", {}).json()
    answer = asked(grown, "register", {"entry": act["at_entry"]})
    assert hashlib.sha256(answer.content).hexdigest() == act["fingerprint"]
    assert act["members"] == len(FOUNDERS)
    index = HttpPlay(grown).attest_register(SECRETARY)
    recorded = json.loads(grown.client.get(f"{grown.root}/entries/{index}").content)
    assert recorded["data"] == act


def test_assembly_of_a_place__is_called_and_read_with_it(world: World) -> None:
    play = HttpPlay(world)
    play.found(rulebook=territorial_rules())
    play.register_place(CHAIR, "earth", "world")
    play.register_place(CHAIR, "valley", "region", within="earth")
    play.place(SECRETARY, "valley")
    assert world.get("places")["items"] == [
        {"place": "earth", "name": "The earth", "level": "world", "within": None},
        {"place": "valley", "name": "The valley", "level": "region", "within": "earth"},
    ]
    play.propose(CHAIR, "bridge")
    play.convene(CHAIR, "spring", "bridge", days=4, session="region", place="valley")
    assert world.get("assemblies/spring")["place"] == "valley"
    assert world.get("motions/bridge/electorate")["size"] == 1
    assert world.container.archive.reads.state(SLUG).assembly("spring").electors == {SECRETARY.id}
