"""The worker and the command destroy rolls and ballots' signatures in time, and everything else goes on."""

import shutil
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from anchoring.core.receipt import parse_receipt
from anchoring.core.receipt_verification import Outcome, verify_receipt
from anchoring.core.trust import parse_trust
from backend.audit.account import account
from backend.audit.directory import audit_directory
from backend.cli import app
from backend.domain.acts import BallotCast, BallotsRedacted
from backend.domain.entry import Entry
from backend.domain.rulebook.voting import Contestation
from backend.services.retention import redact_due
from backend.serving import run_retention
from backend.storage.private_tables import (
    BallotChoiceRow,
    MemberKeyRow,
    RollLineRow,
    RollRow,
    SignatureRow,
)
from tests.support.governance import rules_with
from tests.support.http_world import World, signature
from tests.support.model_organisation import FOUNDERS, SLUG

CHAIR, TREASURER, SECRETARY = FOUNDERS
DAY = 86_400
TEN_DAYS = Contestation(id="contests", article="15", modality="must", days=10)


def _vote(world: World) -> dict[str, str]:
    """Decide on a motion with four ballots of three voters; return what the chair was answered."""
    world.act(CHAIR, "motions", world.motion(CHAIR, "bridge"))
    world.act(CHAIR, "assemblies", world.call(CHAIR, "spring", "bridge"))
    world.clock.advance(15 * DAY + 60)
    for voter, choice in ((CHAIR, "no"), (TREASURER, "yes"), (SECRETARY, "yes"), (CHAIR, "yes")):
        answer = world.cast(voter, "bridge", choice)
    world.clock.advance(2 * DAY)
    world.worker.step_all()
    return {"voter": answer["voter"], "elector_salt": answer["elector_salt"]}


@pytest.fixture
def decided(world: World) -> tuple[World, dict[str, str]]:
    """An organisation whose decisions can be contested for ten days, right after one."""
    world.found(rules_with(TEN_DAYS))
    return world, _vote(world)


def _acts(world: World) -> list[str]:
    return [entry["act"] for entry in world.get("entries", limit=500)["items"]]


def _ballots(world: World) -> list[int]:
    return [index for index, act in enumerate(_acts(world)) if act == BallotCast.act]


def _kept(world: World) -> tuple[int, int, int, int]:
    """Return how many signatures of ballots, choices, lines and rolls are kept."""
    ballots = set(_ballots(world))
    with world.container.archive.database.reading() as session:
        signatures = [row for row in session.exec(select(SignatureRow)) if row.index in ballots]
        choices = session.exec(select(BallotChoiceRow)).all()
        lines, rolls = session.exec(select(RollLineRow)).all(), session.exec(select(RollRow)).all()
    return len(signatures), len(choices), len(lines), len(rolls)


def _secrets(world: World) -> list[bytes]:
    """Return bytes that only the detached proofs of the vote hold."""
    ballots = set(_ballots(world))
    with world.container.archive.database.reading() as session:
        signatures = [row for row in session.exec(select(SignatureRow)) if row.index in ballots]
        openings = [row.salt for row in session.exec(select(BallotChoiceRow))]
    return [*(row.signature for row in signatures), *(row.salt for row in signatures), *openings]


def _files(world: World) -> bytes:
    found = world.container.settings.data.glob("psephos.sqlite*")
    return b"".join(path.read_bytes() for path in found)


def test_worker__on_the_last_day__keeps_and_on_the_next_destroys(
    decided: tuple[World, dict[str, str]],
) -> None:
    world, _ = decided
    assert _kept(world) == (4, 4, 3, 1)
    # Decided at 09:01 in Paris winter time; the tenth day ends 10 days, 13 hours and 59 minutes later.
    world.clock.advance(10 * DAY + 13 * 3600)
    world.worker.step_all()
    assert _kept(world) == (4, 4, 3, 1)
    world.clock.advance(2 * 3600)
    world.worker.step_all()
    assert _kept(world) == (0, 0, 0, 0)
    assert _acts(world)[-1] == BallotsRedacted.act
    content = world.client.get(f"{world.root}/entries/{len(_acts(world)) - 1}").content
    data = Entry.from_bytes(content).data
    decision = world.get("decisions/bridge")["decision"]
    assert data == BallotsRedacted((decision,), signatures=4, lines=3)
    assert world.client.get("/health").json()["ledgers"] == {SLUG: ""}


def test_worker__again_and_again__destroys_once(decided: tuple[World, dict[str, str]]) -> None:
    world, _ = decided
    world.clock.advance(11 * DAY)
    for _ in range(3):
        world.worker.step_all()
        world.clock.advance(30 * DAY)
    assert _acts(world).count(BallotsRedacted.act) == 1


def test_destruction__leaves_what_it_is_not_about(decided: tuple[World, dict[str, str]]) -> None:
    world, _ = decided
    reads = world.container.archive.reads
    others = set(range(len(_acts(world)))) - set(_ballots(world))
    before = {index: reads.sources(SLUG).signatures(index) for index in others}
    world.clock.advance(11 * DAY)
    world.worker.step_all()
    assert {index: reads.sources(SLUG).signatures(index) for index in others} == before
    with world.container.archive.database.reading() as session:
        assert len(session.exec(select(MemberKeyRow)).all()) == len(FOUNDERS)


def test_destruction__overwrites_what_the_files_of_the_database_held(
    decided: tuple[World, dict[str, str]],
) -> None:
    world, _ = decided
    secrets, before = _secrets(world), _files(world)
    assert len(secrets) == 12
    assert all(secret in before for secret in secrets)
    world.clock.advance(11 * DAY)
    world.worker.step_all()
    after = _files(world)
    # Salts of choices are public since the close, in a document and not in the database.
    assert [secret for secret in secrets if secret in after] == []


def test_destroyed__every_audit_passes_and_tells_how_many(
    decided: tuple[World, dict[str, str]], tmp_path: Path
) -> None:
    world, _ = decided
    archive = world.container.archive
    archive.export(SLUG, tmp_path / "bundle")
    whole = audit_directory(tmp_path / "bundle")
    assert (whole.lawful, whole.redacted, whole.destroyed) == (True, 0, 0)
    shutil.copytree(tmp_path / "bundle" / "detached", tmp_path / "kept")
    world.clock.advance(11 * DAY)
    world.worker.step_all()
    archive.export(SLUG, tmp_path / "bundle")
    report = audit_directory(tmp_path / "bundle")
    # Two checks for each ballot, one for the electorate.
    assert (report.lawful, report.redacted, report.destroyed) == (True, 2 * 4 + 1, 4)
    assert any("4 signatures of ballots were destroyed" in line for line in account(report, "en"))
    assert any("4 signatures de bulletins" in line for line in account(report, "fr"))
    for name in ("signatures", "rolls"):
        file = tmp_path / "bundle" / "detached" / f"{name}.ndjson"
        shutil.copy(tmp_path / "kept" / f"{name}.ndjson", file)
        found = audit_directory(tmp_path / "bundle")
        assert [each.code for each in found.disagreements] == ["redaction.kept"]
    shutil.rmtree(tmp_path / "bundle" / "detached")
    assert audit_directory(tmp_path / "bundle").lawful


def test_destroyed__what_voters_check_goes_on(decided: tuple[World, dict[str, str]]) -> None:
    world, opening = decided
    path = f"{world.root}/motions/bridge/electorate"
    body = {"author": CHAIR.id, "issued_at": world.seconds() + 11 * DAY}
    world.clock.advance(11 * DAY)
    signed = {
        **body,
        "signature": signature(CHAIR, world.client.post(f"{path}/typed-data", json=body).json()),
    }
    assert world.client.post(f"{path}/proof", json=signed).status_code == 200
    world.worker.step_all()
    world.worker.step_all()
    assert world.client.post(f"{path}/proof", json=opening).status_code == 200
    refused = world.client.post(f"{path}/proof", json=signed)
    assert (refused.status_code, refused.json()["code"]) == (404, "elector.unknown")
    poll = world.get("motions/bridge/poll")
    assert (poll["tally"], poll["replaced"]) == ({"yes": 3, "no": 0, "abstain": 0}, 1)
    entry = _ballots(world)[-1]
    assert world.get(f"motions/bridge/ballots/{entry}")["status"] == "final"
    trust = parse_trust(world.client.get(f"{world.root}/trust").content)
    receipt = parse_receipt(world.client.get(f"{world.root}/entries/{entry}/receipt").content)
    assert verify_receipt(receipt, trust).outcome is Outcome.VERIFIED


def test_statutes_that_say_nothing__keep_everything_for_ever(founded: World) -> None:
    _vote(founded)
    founded.clock.advance(4000 * DAY)
    founded.worker.step_all()
    assert _kept(founded) == (4, 4, 3, 1)
    assert BallotsRedacted.act not in _acts(founded)


def test_redact_due__refused_half_way__destroys_nothing(
    decided: tuple[World, dict[str, str]],
) -> None:
    """Act and destruction are one transaction: where the act cannot be recorded, nothing is gone."""
    world, _ = decided
    world.clock.advance(11 * DAY)
    container = world.container
    with container.ports.ledgers.unit(SLUG) as unit:
        decision = world.get("decisions/bridge")["decision"]
        unit.erase_vote(decision, _ballots(world))
    assert _kept(world) == (4, 4, 3, 1)
    done = redact_due(container.ports, container.archive.reads, SLUG)
    assert done is not None
    assert redact_due(container.ports, container.archive.reads, SLUG) is None


def test_command__beside_a_server__destroys_and_says_how_much(
    decided: tuple[World, dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    world, _ = decided
    world.clock.advance(11 * DAY)
    settings = world.container.settings
    assert run_retention(settings, SLUG, clock=lambda: world.clock) == 0
    said = capsys.readouterr().out
    assert said == f"{SLUG}: 1 decisions, 4 signatures and 3 lines of rolls destroyed\n"
    assert _kept(world) == (0, 0, 0, 0)
    assert run_retention(settings, None, clock=lambda: world.clock) == 0
    assert capsys.readouterr().out == ""


def test_command__of_no_organisation__says_so(tmp_path: Path) -> None:
    arguments = ["retention", "run", "nobody", "--data", str(tmp_path)]
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code, "nobody" in result.output) == (1, True)
    assert CliRunner().invoke(app, [*arguments[:2], *arguments[3:]]).exit_code == 0
