"""Personal data planted in every field never leaves its sealed place: every byte written is searched.

Then everybody leaves and is erased, and nothing of them is found any more, in restored backups neither.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlmodel import text
from structlog.testing import capture_logs

from backend.audit.directory import audit_directory
from backend.postman import Postman
from backend.safekeeping import back_up, restore
from backend.settings import Settings
from backend.storage.personal_tables import PERSONAL_TABLES
from tests.support.http_sessions import session_headers
from tests.support.model_organisation import SLUG
from tests.support.personal_files import identity_traces, secrets_of, traces
from tests.support.tainted_life import (
    ACTING,
    APPLICANT,
    APPLIED,
    CORRECTED,
    DOUBLE,
    ENCODINGS,
    FOUNDER,
    FOUNDING,
    MILL,
    PLANTED,
    SHOWN,
    SUBJECT,
    TaintedLife,
    found_in,
    tainted_life,
)

MAIL_SERVER = "mail.log"
"""Where the mail server of these tests logs: it is not ours, and knows whom it is to write to."""

LEAVING = (FOUNDER, APPLICANT, DOUBLE, SHOWN)


@dataclass
class Findings:
    """What was found before everybody was erased, and after."""

    life: TaintedLife
    folder: Path
    logs: list[Any]
    records: list[logging.LogRecord]
    before: dict[str, list[str]] = field(default_factory=dict)
    """Planted texts by file, while everybody was there."""
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What each was given as everything about them."""
    secrets: list[bytes] = field(default_factory=list)
    """Keys, salts, signatures and keyed hashes of those who were erased."""
    known: list[tuple[str, bytes]] = field(default_factory=list)
    """Where those were found before."""
    rows: dict[str, set[str]] = field(default_factory=dict)
    """Tables with rows about those who were erased, before, by pseudonym."""
    left: list[str] = field(default_factory=list)
    """Pseudonyms of those who were erased."""


def _files(folder: Path) -> dict[str, list[str]]:
    """Return planted texts by file, files without any left out."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    found = {str(path.relative_to(folder)): found_in(path.read_bytes()) for path in files}
    return {name: values for name, values in found.items() if values}


def _tables(life: TaintedLife, member: str) -> set[str]:
    """Return the tables with rows about somebody."""
    rows = life.world.container.archive.private.rows(SLUG, member)
    return {name for name, each in rows.items() if each}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Findings]:
    """A server whose every personal field was filled, and whose people were erased; for reading only."""
    folder = tmp_path_factory.mktemp("taint")
    records: list[logging.LogRecord] = []

    class _Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    handler, root = _Keeping(), logging.getLogger()
    root.addHandler(handler)
    level, root.level = root.level, logging.DEBUG
    with capture_logs() as logs, tainted_life(folder / "data") as life:
        found = Findings(life, folder, logs, records)
        life.play()
        _look(found)
        _erase(found)
        structlog.get_logger("taint").info("the end")
        yield found
    root.removeHandler(handler)
    root.setLevel(level)


def _look(found: Findings) -> None:
    """Note what is kept while everybody is there, and make a backup of it."""
    world = found.life.world
    for actor in (APPLICANT, MILL, SHOWN):
        headers = session_headers(world, actor.id)
        found.held[actor.id] = world.client.get(f"{world.root}/me/data", headers=headers).json()
    world.container.archive.export(SLUG, found.folder / "old")
    keys = found.folder / "keys.tar"
    assert back_up(world.container.settings, found.folder / "backup.tar", with_keys=keys) == 0
    found.before = _files(found.folder)


def _erase(found: Findings) -> None:
    """Have everybody leave and erased, and the founding that was begun given up."""
    life, world = found.life, found.life.world
    found.left = list(life.leave())
    Postman(world.container).step_all()
    world.worker.step_all()
    found.rows = {member: _tables(life, member) for member in found.left}
    for actor in LEAVING:
        found.secrets += secrets_of(world, actor)
    found.secrets += identity_traces(world, found.left)
    found.known = traces(found.folder / "data", found.secrets)
    life.erase(tuple(found.left))
    world.clock.advance(15 * 86_400)
    Postman(world.container).step_all()
    world.worker.step_all()
    world.container.archive.export(SLUG, found.folder / "new")
    settings, marks = world.container.settings, world.container.settings.data / "erasures"
    restored = Settings(data=found.folder / "restored", origin_host=settings.origin_host)
    keys = found.folder / "keys.tar"
    backup = found.folder / "backup.tar"
    assert restore(restored, backup, with_keys=keys, erasures=[marks]) == 0


def test_planted__is_held_and_given_to_its_person(findings: Findings) -> None:
    own = findings.held[APPLICANT.id]
    assert own["psephos:facts"] == CORRECTED
    assert set(found_in(str(own).encode())) == set(APPLIED.values())
    assert {"login_link", "convocation"} <= {each["template"] for each in own["psephos:letters"]}
    [candidate] = own["psephos:rows"]["duplicate_candidate"]
    assert candidate["verdict"] == "same"
    assert DOUBLE.id not in str(candidate)
    assert findings.held[MILL.id]["psephos:representative"] == ACTING
    [check] = findings.held[SHOWN.id]["psephos:rows"]["identity_check"]
    assert (check["provider"], check["agrees"]) == ("connect", 1)


def test_planted__is_in_no_byte_that_was_written__letters_excepted(findings: Findings) -> None:
    written = {str(path.relative_to(findings.folder)) for path in findings.folder.rglob("*")}
    assert {"data/psephos.sqlite", "data/chain.sqlite", "old/trust.json", "backup.tar"} <= written
    assert len(written) > 60
    letters = {name for name in findings.before if name.startswith("data/mail/")}
    assert set(findings.before) == letters
    addresses = {APPLIED["email"], FOUNDING["email"]}
    assert addresses <= {value for name in letters for value in findings.before[name]}


def test_planted__left_by_mail_to_its_person_alone(findings: Findings) -> None:
    sent = [content for content in findings.life.sent if found_in(content)]
    assert any(APPLIED["email"].encode() in content for content in sent)
    assert all(len(found_in(content)) == 1 for content in sent)


def test_planted__is_in_no_entry_and_no_transaction(findings: Findings) -> None:
    with findings.life.world.container.archive.database.reading() as session:
        entries = session.connection().execute(text("SELECT content FROM entry")).scalars().all()
        calls = session.connection().execute(text("SELECT signed_transaction FROM anchor_attempt"))
        written = [*entries, *calls.scalars()]
    assert len(written) > 20
    assert [each for each in map(found_in, written) if each] == []


def test_planted__is_in_no_log_line(findings: Findings) -> None:
    assert findings.logs[-1]["event"] == "the end"
    lines = [str(each) for each in findings.logs]
    lines += [record.getMessage() for record in findings.records if record.name != MAIL_SERVER]
    assert found_in("\n".join(lines).encode()) == []


def test_planted__is_in_no_answer_to_others_and_no_refusal(findings: Findings) -> None:
    assert len(findings.life.answers) > 40
    assert [each for each in map(found_in, findings.life.answers) if each] == []


def test_erased__no_file_holds_what_was_planted(findings: Findings) -> None:
    after = {path: values for path, values in _files(findings.folder).items() if values}
    assert after == {}


def test_erased__no_key_salt_signature_or_hash_is_left(findings: Findings) -> None:
    # What is searched for was there.
    missing = set(findings.secrets) - {secret for _, secret in findings.known}
    # Salts of declarations were sealed all along.
    assert missing == {actor.person.salt for actor in LEAVING}
    assert len(findings.secrets) > 60
    for place in ("data", "new", "restored"):
        assert traces(findings.folder / place, findings.secrets) == []


def test_erased__no_table_has_a_row_about_them(findings: Findings) -> None:
    life = findings.life
    assert len(findings.left) == 6
    assert all({"person", "person_key", "identity_hash"} <= each for each in findings.rows.values())
    filled = set[str]().union(*findings.rows.values())
    # The others need a passkey, or a way of telling that is no letter.
    assert {each.name for each in PERSONAL_TABLES} - filled <= {
        "passkey_counter", "news_refusal", "manual_notice"
    }  # fmt: skip
    assert [_tables(life, member) for member in findings.left] == [set()] * 6
    with life.world.container.archive.database.reading() as session:
        connection = session.connection()
        for table in ("founder", "founding_draft"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0  # noqa: S608 - fixed names


@pytest.mark.parametrize("bundle", ["old", "new"])
def test_erased__every_bundle_audits(findings: Findings, bundle: str) -> None:
    report = audit_directory(findings.folder / bundle)
    assert report.disagreements == ()
    assert (report.redacted > 0) == (bundle == "new")


def test_search__for_what_was_planted__would_find_it(tmp_path: Path) -> None:
    for encoding in ENCODINGS:
        path = tmp_path / encoding
        path.write_bytes(b"x" + APPLIED["name"].encode(encoding) + b"y")
        assert found_in(path.read_bytes()) == [APPLIED["name"]]
    assert found_in(SUBJECT.encode().hex().encode()) == [SUBJECT]
    assert len(PLANTED) > 30
