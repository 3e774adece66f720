"""Rotating the log key: the server goes on, old trust files follow, forged rotations do not pass."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from anchoring.core.checkpoint import open_checkpoint
from anchoring.core.errors import VerificationError
from anchoring.core.note import NoteSigner, NoteVerifier, parse_note, sign_note
from anchoring.core.receipt import parse_receipt
from anchoring.core.receipt_verification import Outcome, verify_receipt
from anchoring.core.rotations import format_rotations, parse_rotations
from anchoring.core.trust import Trust, format_trust, parse_trust
from anchoring.core.types import TreeSize
from backend.audit.directory import audit_directory
from backend.cli import app
from tests.support.http_world import World, join, opened
from tests.support.model_organisation import FOUNDERS, SLUG, Actor

CHAIR = FOUNDERS[0]


def prepare(world: World) -> NoteVerifier:
    """Make the next key as ``psephos key rotate`` does."""
    data = world.container.settings.data
    made = CliRunner().invoke(app, ["key", "rotate", SLUG, "--data", str(data)])
    assert made.exit_code == 0, made.output
    return NoteVerifier.from_text(made.stdout.strip())


def rotate(world: World) -> NoteVerifier:
    verifier = prepare(world)
    world.act(CHAIR, "keys/log", world.authored(CHAIR, log_key=verifier.to_text()))
    return verifier


def checkpoint(world: World) -> bytes:
    return world.container.archive.reads.checkpoint(SLUG)


@pytest.fixture
def rotated(world: World) -> World:
    """A server whose ledger was signed, rotated twice, and signed again."""
    world.found()
    world.worker.step_all()
    world.act_as_chair("bridge")
    for motion in ("mill", "weir"):
        rotate(world)
        world.worker.step_all()
        world.act_as_chair(motion)
        world.worker.step_all()
    return world


@pytest.fixture
def bundle(rotated: World, tmp_path: Path) -> Path:
    """The bundle of that server, with the trust file of its beginnings beside it."""
    folder = tmp_path / "bundle"
    rotated.container.archive.export(SLUG, folder)
    new = parse_trust((folder / "trust.json").read_bytes())
    old = replace(new, log_key=new.earlier_keys[0].log_key, earlier_keys=())
    (tmp_path / "old.json").write_bytes(format_trust(old))
    middle = replace(new, log_key=new.earlier_keys[1].log_key, earlier_keys=new.earlier_keys[:1])
    (tmp_path / "middle.json").write_bytes(format_trust(middle))
    return folder


def test_rotation__first_checkpoint_over_it__is_signed_by_both_and_the_next_by_one(
    world: World,
) -> None:
    world.found()
    world.worker.step_all()
    before: Trust = world.container.archive.trust(SLUG)
    verifier = rotate(world)
    world.worker.step_all()
    both = checkpoint(world)
    for key in (verifier, before.log_key):
        assert open_checkpoint(both, key, origin=before.origin).head.size == 2
    world.act_as_chair("bridge")
    world.worker.step_all()
    assert [each.key_id for each in parse_note(checkpoint(world)).signatures] == [verifier.key_id]
    after = world.container.archive.trust(SLUG)
    assert (after.log_key, after.earlier_keys[0].log_key) == (verifier, before.log_key)
    assert after.earlier_keys[0].until == 1


def test_rotation__after_a_restart__goes_on_with_the_new_key(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as world:
        world.found()
        # The first key is there, but nothing is signed yet.
        world.container.archive.trust(SLUG)
        verifier = rotate(world)
        clock = world.clock
    with opened(tmp_path / "data", clock) as world:
        world.worker.step_all()
        signers = [each.key_id for each in parse_note(checkpoint(world)).signatures]
        trust = world.container.archive.trust(SLUG)
    assert signers == [verifier.key_id, trust.earlier_keys[0].log_key.key_id]


@pytest.mark.parametrize("trust", [None, "old.json", "middle.json"])
def test_audit__of_a_rotated_ledger__follows_from_any_of_its_keys(
    bundle: Path, tmp_path: Path, trust: str | None
) -> None:
    report = audit_directory(bundle, None if trust is None else tmp_path / trust)
    assert report.disagreements == ()
    assert (report.entries, report.anchors) == (6, 5)


def test_receipts__of_a_rotated_ledger__verify_under_the_key_of_their_size(bundle: Path) -> None:
    trust = parse_trust((bundle / "trust.json").read_bytes())
    for path in sorted((bundle / "receipts").iterdir()):
        verdict = verify_receipt(parse_receipt(path.read_bytes()), trust)
        assert {step.outcome for step in verdict.steps} == {Outcome.VERIFIED}, path
    stranger = replace(trust, earlier_keys=trust.earlier_keys[1:])
    first = parse_receipt((bundle / "receipts" / "000000.receipt.json").read_bytes())
    assert Outcome.FALSE in {step.outcome for step in verify_receipt(first, stranger).steps}


def test_audit__from_an_old_key_without_the_rotations__proves_nothing(
    bundle: Path, tmp_path: Path
) -> None:
    (bundle / "rotations.json").unlink()
    assert audit_directory(bundle).lawful
    report = audit_directory(bundle, tmp_path / "old.json")
    assert [each.code for each in report.disagreements] == ["note.signatures"]


def test_audit__of_rotations_the_old_key_did_not_sign__proves_nothing(
    bundle: Path, tmp_path: Path
) -> None:
    file = bundle / "rotations.json"
    first, second = parse_rotations(file.read_bytes())
    # The second checkpoint is of the second key and the third; the first key has no part in it.
    forged = replace(first, checkpoint=second.checkpoint)
    file.write_bytes(format_rotations([forged, second]))
    report = audit_directory(bundle, tmp_path / "old.json")
    assert [each.code for each in report.disagreements] == ["note.signatures"]


def test_audit__of_a_key_that_the_ledger_does_not_name__disagrees(
    bundle: Path, tmp_path: Path
) -> None:
    trust = parse_trust((bundle / "trust.json").read_bytes())
    stranger = NoteSigner.from_seed(trust.origin, bytes(32)).verifier
    first, second = trust.earlier_keys
    # Someone who believes another key for the time between the rotations.
    file = tmp_path / "believed.json"
    (bundle / "rotations.json").unlink()
    believed = replace(trust, earlier_keys=(first, replace(second, log_key=stranger)))
    file.write_bytes(format_trust(believed))
    codes = {each.code for each in audit_directory(bundle, file).disagreements}
    assert "ledger.log_key" in codes
    assert "note.signatures" in codes


def test_audit__of_a_rotation_whose_checkpoint_is_of_another_history__disagrees(
    bundle: Path, rotated: World, tmp_path: Path
) -> None:
    file = bundle / "rotations.json"
    rotations = parse_rotations(file.read_bytes())
    size = rotated.container.archive.ledgers.head(SLUG).size
    signers = rotated.container.archive.log_signers(SLUG, TreeSize(0), size)
    text = parse_note(rotations[0].checkpoint).text.splitlines()
    text[2] = "A" * 43 + "="
    forged = sign_note("\n".join(text) + "\n", *signers)
    file.write_bytes(format_rotations([replace(rotations[0], checkpoint=forged), rotations[1]]))
    report = audit_directory(bundle, tmp_path / "old.json")
    assert [(each.code, each.entry) for each in report.disagreements] == [("ledger.rotation", 2)]


def test_rotation__to_a_key_that_the_server_does_not_hold__is_refused(world: World) -> None:
    world.found()
    origin = world.container.archive.reads.organisation(SLUG).origin
    foreign = NoteSigner.from_seed(origin, bytes(32)).verifier.to_text()
    for text in (foreign, foreign.replace("+A", "+AA", 1)[:-1]):
        body = world.signed(CHAIR, "keys/log", world.authored(CHAIR, log_key=text))
        answer = world.post(f"{world.root}/keys/log", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "log_key.absent")


def test_rotation__by_who_keeps_no_register__is_refused(world: World) -> None:
    world.found()
    world.worker.step_all()
    gardener = Actor("gardener")
    join(world, gardener)
    body = world.authored(gardener, log_key=prepare(world).to_text())
    answer = world.post(f"{world.root}/keys/log", world.signed(gardener, "keys/log", body))
    assert answer.json()["code"] == "officer.required"
    assert world.container.archive.reads.state(SLUG).rotations == ()


def test_key_rotate__without_a_first_key__is_refused(tmp_path: Path) -> None:
    made = CliRunner().invoke(app, ["key", "rotate", SLUG, "--data", str(tmp_path)])
    assert made.exit_code == 1
    assert f"{SLUG}.log" in made.stderr


def test_signing__when_the_key_of_the_ledger_is_gone__fails_and_says_which(world: World) -> None:
    world.found()
    world.worker.step_all()
    verifier = rotate(world)
    data = world.container.settings.data
    held = data / "keys" / f"{SLUG}.log.{verifier.key_id.hex()}"
    shutil.move(held, data / "elsewhere")
    world.worker.step_all()
    assert verifier.to_text() in world.container.health()[SLUG]
    with pytest.raises(VerificationError):
        open_checkpoint(checkpoint(world), verifier, origin=verifier.name)
    shutil.move(data / "elsewhere", held)
    world.worker.step_all()
    assert open_checkpoint(checkpoint(world), verifier, origin=verifier.name).head.size == 2
