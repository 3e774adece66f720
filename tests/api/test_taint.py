"""Personal data planted in every field never leaves its sealed place: every byte written is searched."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlmodel import text
from structlog.testing import capture_logs

from backend.safekeeping import back_up
from tests.support.http_sessions import session_headers
from tests.support.http_world import World, opened, signature
from tests.support.model_organisation import FOUNDERS, SLUG, Actor, digest

CHAIR, TREASURER, _ = FOUNDERS
APPLICANT, REFUSED = Actor("plum"), Actor("sloe")


def _taint(place: str) -> str:
    """Return a text that stands nowhere else, with letters that encodings treat differently."""
    return f"Ta\u00efnt-{place}-{digest('taint', place).hex()[:24]}"


FACTS = {
    "name": _taint("name"),
    "born": _taint("born"),
    "email": _taint("email"),
    "address": _taint("address"),
    "phone": _taint("phone"),
}
CORRECTED = {name: f"{value}-corrected" for name, value in FACTS.items()}
WRONG = {"name": _taint("refused-name"), "note": _taint("refused-note")}
PLANTED = [value for given in (FACTS, WRONG) for value in given.values()]
ENCODINGS = ("utf-8", "latin-1", "utf-16-le")


def _forms(planted: str) -> list[bytes]:
    """Return how a text may stand in bytes; the part that every encoding writes alike among them."""
    plain = planted.rpartition("-")[2].encode()
    return [plain, plain.hex().encode(), *(planted.encode(encoding) for encoding in ENCODINGS)]


def _found(content: bytes) -> list[str]:
    return [each for each in PLANTED if any(form in content for form in _forms(each))]


@pytest.fixture(scope="module")
def tainted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A server whose every personal field was filled, with all it wrote, logged and answered to others."""
    folder = tmp_path_factory.mktemp("taint")
    records: list[logging.LogRecord] = []

    class _Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    handler, root = _Keeping(), logging.getLogger()
    root.addHandler(handler)
    level, root.level = root.level, logging.DEBUG
    with capture_logs() as logs, opened(folder / "data") as world:
        world.found()
        answers = _play(world)
        world.container.archive.export(SLUG, folder / "bundle")
        assert back_up(world.container.settings, folder / "backup.tar", with_keys=None) == 0
        structlog.get_logger("taint").info("the end")
        yield {
            "world": world,
            "folder": folder,
            "logs": logs,
            "records": records,
            "answers": answers,
        }
    root.removeHandler(handler)
    root.setLevel(level)


def _play(world: World) -> list[bytes]:
    """Fill every personal field; return what was answered to anybody but the person."""
    answers: list[bytes] = []
    body = {**world.application(APPLICANT), "facts": FACTS}
    prepared = world.client.post(f"{world.root}/members/typed-data", json=body)
    signed = {**body, "signature": signature(APPLICANT, prepared.json())}
    applied = world.post(f"{world.root}/members", signed)
    assert applied.status_code == 201
    answers += [prepared.content, applied.content]
    answers += _refusals(world)
    path, headers = f"{world.root}/me/facts", session_headers(world, APPLICANT.id)
    change = {"facts": CORRECTED, "facts_salt": "ab" * 32, "issued_at": world.seconds()}
    prepared = world.client.post(f"{path}/typed-data", json=change, headers=headers)
    rectified = world.post(
        path, {**change, "signature": signature(APPLICANT, prepared.json())}, **headers
    )
    assert rectified.status_code == 201
    answers += [prepared.content, rectified.content]
    world.act(CHAIR, "motions", world.motion(CHAIR, "bridge"))
    world.act(CHAIR, "assemblies", world.call(CHAIR, "spring", "bridge"))
    world.clock.advance(15 * 86_400 + 60)
    world.cast(APPLICANT, "bridge", "yes")
    world.clock.advance(2 * 86_400)
    world.worker.step_all()
    for read in ("members", "entries", "motions/bridge/poll", "decisions/bridge"):
        answers.append(world.client.get(f"{world.root}/{read}").content)
    return answers


def _refusals(world: World) -> list[bytes]:
    """Hand in personal data that is refused, each time for another reason."""
    body = {**world.application(REFUSED), "facts": WRONG}
    bad = [
        {**body, "signature": "0x" + "11" * 65},
        {**body, "facts": {**FACTS, "name": FACTS["name"] * 40}, "signature": "0x" + "11" * 65},
        {**body, "facts": [FACTS["name"]], "signature": "0x" + "11" * 65},
        {**body, "facts": {**FACTS, "born": 7}, "signature": "0x" + "11" * 65},
        {**body, "facts": FACTS, "key": FACTS["email"], "signature": FACTS["phone"]},
        {**body, "facts": FACTS, FACTS["address"].encode("ascii", "replace").decode(): 1},
        {**body, "facts": FACTS, "signature": "0x" + "11" * 65},
    ]
    responses = [world.post(f"{world.root}/members", each) for each in bad]
    assert {response.status_code for response in responses} <= {403, 409, 422}
    # The client's own field name comes back to it alone: it is no field of ours.
    return [response.content for response in (*responses[:5], responses[6])]


def test_planted__is_held_and_given_to_its_person(tainted: dict[str, Any]) -> None:
    world = tainted["world"]
    headers = session_headers(world, APPLICANT.id)
    data = world.client.get(f"{world.root}/me/data", headers=headers)
    assert data.json()["psephos:facts"] == CORRECTED
    assert _found(data.content) == list(FACTS.values())


def test_planted__is_in_no_byte_that_was_written(tainted: dict[str, Any]) -> None:
    folder = tainted["folder"]
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    names = {path.name for path in files}
    assert {"psephos.sqlite", "chain.sqlite", "trust.json", "backup.tar"} <= names
    assert len(files) > 30
    found = {str(path.relative_to(folder)): _found(path.read_bytes()) for path in files}
    assert {name: values for name, values in found.items() if values} == {}


def test_planted__is_in_no_entry_and_no_transaction(tainted: dict[str, Any]) -> None:
    world = tainted["world"]
    with world.container.archive.database.reading() as session:
        entries = session.connection().execute(text("SELECT content FROM entry")).scalars().all()
        calls = session.connection().execute(text("SELECT signed_transaction FROM anchor_attempt"))
        written = [*entries, *calls.scalars()]
    assert len(written) > 8
    assert [each for each in map(_found, written) if each] == []


def test_planted__is_in_no_log_line(tainted: dict[str, Any]) -> None:
    assert tainted["logs"][-1]["event"] == "the end"
    lines = [str(each) for each in tainted["logs"]]
    lines += [record.getMessage() for record in tainted["records"]]
    assert _found("\n".join(lines).encode()) == []


def test_planted__is_in_no_answer_to_others_and_no_refusal(tainted: dict[str, Any]) -> None:
    assert len(tainted["answers"]) > 10
    assert [each for each in map(_found, tainted["answers"]) if each] == []


def test_search__for_what_was_planted__would_find_it(tmp_path: Path) -> None:
    for encoding in ENCODINGS:
        path = tmp_path / encoding
        path.write_bytes(b"x" + FACTS["name"].encode(encoding) + b"y")
        assert _found(path.read_bytes()) == [FACTS["name"]]
    assert _found(FACTS["name"].encode().hex().encode()) == [FACTS["name"]]
