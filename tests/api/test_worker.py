"""The worker: checkpoints, anchors, closings, and what it does when something is wrong."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from sqlmodel import delete

from anchoring.core.errors import DivergedError
from anchoring.core.receipt import parse_receipt
from anchoring.core.receipt_verification import Outcome, verify_receipt
from anchoring.core.trust import parse_trust
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.membership import Admission
from backend.services.receipts import signed_size
from backend.storage.keys import KeyFiles
from backend.storage.private_tables import BallotChoiceRow
from backend.worker import Worker
from tests.support.governance import CHAIR, GARDENER, rule_of, rules_with
from tests.support.http_play import HttpPlay
from tests.support.http_world import World, join, opened
from tests.support.model_organisation import SLUG, Actor


def sizes(world: World) -> list[int]:
    return [anchor["size"] for anchor in world.get("anchors")["items"]]


def propose(world: World, motion: str) -> None:
    world.act(CHAIR, "motions", world.motion(CHAIR, motion))


def test_worker__before_its_first_step__receipt_is_pending(founded: World) -> None:
    response = founded.client.get(f"{founded.root}/entries/0/receipt")
    assert (response.status_code, response.json()["code"]) == (409, "receipt.pending")


def test_worker__entry_after_the_last_checkpoint__receipt_is_pending(founded: World) -> None:
    founded.worker.step_all()
    propose(founded, "bridge")
    response = founded.client.get(f"{founded.root}/entries/1/receipt")
    assert response.json()["code"] == "receipt.pending"
    assert founded.client.get(f"{founded.root}/entries/0/receipt").status_code == 200


def test_worker__signed_but_not_anchored__receipt_has_no_anchor(founded: World) -> None:
    founded.container.chain.close()
    founded.worker.step_all()
    receipt = parse_receipt(founded.client.get(f"{founded.root}/entries/0/receipt").content)
    trust = parse_trust(founded.client.get(f"{founded.root}/trust").content)
    assert receipt.anchors == ()
    assert verify_receipt(receipt, trust).outcome is Outcome.PENDING
    assert founded.client.get("/health").json()["status"] == "degraded"


def test_worker__step__anchors_the_signed_head(founded: World) -> None:
    founded.worker.step_all()
    propose(founded, "bridge")
    propose(founded, "weir")
    founded.worker.step_all()
    assert sizes(founded) == [1, 3]
    checkpoint = founded.client.get(f"/log/{SLUG}/checkpoint").content
    assert signed_size(checkpoint) == 3


def test_worker__first_covering_anchor__is_the_one_of_the_receipt(founded: World) -> None:
    founded.worker.step_all()
    propose(founded, "bridge")
    founded.worker.step_all()
    receipt = parse_receipt(founded.client.get(f"{founded.root}/entries/0/receipt").content)
    assert signed_size(receipt.checkpoint) == 1


def test_worker__nothing_new__does_nothing(founded: World) -> None:
    founded.worker.step_all()
    block = founded.container.chain.answer(
        {"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": []}
    )
    founded.worker.step_all()
    Worker(founded.container).step_all()
    after = founded.container.chain.answer(
        {"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": []}
    )
    assert after == block
    assert sizes(founded) == [1]


def test_worker__assembly_due__is_closed_once(founded: World) -> None:
    propose(founded, "bridge")
    founded.act(CHAIR, "assemblies", founded.call(CHAIR, "spring", "bridge"))
    founded.clock.advance(17 * 86_400 - 1)
    founded.worker.step_all()
    assert not founded.get("assemblies/spring")["closed"]
    founded.clock.advance(1)
    founded.worker.step_all()
    founded.worker.step_all()
    assert founded.get("assemblies/spring")["closed"]
    assert founded.get("decisions/bridge")["outcome"] == "no_quorum"
    acts = [entry["act"] for entry in founded.get("entries")["items"]]
    assert acts.count("assembly.closed") == 1


@contextmanager
def restored_backup(folder: Path) -> Iterator[World]:
    """Open a database that was restored to before the last anchor, with the chain as it is now."""
    with opened(folder / "data") as world:
        world.found()
        world.worker.step_all()
        clock = world.clock
    shutil.copytree(folder / "data", folder / "backup")
    with opened(folder / "data", clock) as world:
        propose(world, "bridge")
        world.worker.step_all()
    for file in (folder / "data").glob("chain.sqlite*"):
        shutil.copy(file, folder / "backup")
    with opened(folder / "backup", clock) as world:
        yield world


def test_worker__restored_backup_behind_the_chain__is_anchored_no_more(tmp_path: Path) -> None:
    with restored_backup(tmp_path) as restored:
        with pytest.raises(DivergedError):
            restored.worker.step(SLUG)
        propose(restored, "weir")
        restored.worker.step(SLUG)
        with pytest.raises(DivergedError):
            Worker(restored.container).step(SLUG)
        assert sizes(restored) == [1]


def test_worker__diverged__stays_in_health_through_later_steps(tmp_path: Path) -> None:
    with restored_backup(tmp_path) as restored:
        for _ in range(3):
            restored.worker.step_all()
        health = restored.client.get("/health").json()
    assert health["status"] == "degraded"
    assert "stop anchoring" in health["ledgers"][SLUG]


def test_worker__assembly_that_cannot_be_closed__stops_nothing_else(founded: World) -> None:
    propose(founded, "bridge")
    founded.act(CHAIR, "assemblies", founded.call(CHAIR, "spring", "bridge"))
    founded.clock.advance(15 * 86_400 + 60)
    founded.cast(CHAIR, "bridge", "yes")
    with founded.container.archive.database.writing() as session:
        session.exec(delete(BallotChoiceRow))
    founded.clock.advance(2 * 86_400)
    for _ in range(2):
        founded.worker.step_all()
    health = founded.client.get("/health").json()
    assert sizes(founded) == [4]
    assert health["status"] == "degraded"
    assert "assembly spring: choice.unknown" in health["ledgers"][SLUG]


def test_worker__defect_in_one_ledger__is_told(founded: World) -> None:
    (founded.container.settings.data / "keys" / f"{SLUG}.log").mkdir()
    founded.worker.step_all()
    assert founded.client.get("/health").json()["status"] == "degraded"
    (founded.container.settings.data / "keys" / f"{SLUG}.log").rmdir()
    founded.worker.step_all()
    assert founded.client.get("/health").json()["status"] == "ok"


def test_worker__key_of_another_ledger__signs_nothing(founded: World) -> None:
    keys = KeyFiles(founded.container.settings.data / "keys")
    keys.make_log_key(SLUG, origin="ledger.example/other")
    founded.worker.step_all()
    assert founded.client.get(f"/log/{SLUG}/checkpoint").status_code == 404
    assert "ledger.example/other" in founded.client.get("/health").json()["ledgers"][SLUG]


def test_worker__thread__is_woken_by_a_write(world: World) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=world.worker.run, args=(stop, 3600))
    thread.start()
    try:
        world.found()
        deadline = threading.Event()
        for _ in range(500):
            if sizes(world) == [1]:
                break
            deadline.wait(0.01)
        assert sizes(world) == [1]
    finally:
        stop.set()
        world.container.appended.set()
        thread.join()


def with_objections(days: int) -> Rulebook:
    rule = rule_of("admission-individual")
    assert isinstance(rule, Admission)
    return rules_with(msgspec.structs.replace(rule, objection_days=days))


def test_worker__time_to_object_is_over__admits_by_right(world: World) -> None:
    world.found(with_objections(3))
    assert join(world, GARDENER)["status"] == "applied"
    for days, status in ((0, "applied"), (3, "applied"), (1, "active")):
        world.clock.advance(days * 86_400)
        world.worker.step_all()
        assert world.get(f"members/{GARDENER.id}")["status"] == status


def test_worker__somebody_objected__admits_nobody(world: World) -> None:
    world.found(with_objections(3))
    play = HttpPlay(world)
    play.apply(GARDENER)
    play.object_to(CHAIR, GARDENER)
    play.advance(days=5)
    world.worker.step_all()
    assert world.get(f"members/{GARDENER.id}")["status"] == "applied"
    assert world.client.get("/health").json()["ledgers"] == {SLUG: ""}


def test_worker__second_of_one_identity__waits_for_who_keeps_the_register(world: World) -> None:
    world.found(with_objections(3))
    again = Actor("gardener~2")
    for applicant in (GARDENER, again):
        join(world, applicant)
    world.clock.advance(5 * 86_400)
    world.worker.step_all()
    assert world.get(f"members/{GARDENER.id}")["status"] == "active"
    assert world.get(f"members/{again.id}")["status"] == "applied"
    world.act(CHAIR, f"members/{again.id}/admission", world.authored(CHAIR))
    assert world.get(f"members/{again.id}")["status"] == "active"
