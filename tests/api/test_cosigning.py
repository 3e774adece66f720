"""Our checkpoints and those who cosign them: real servers for witnesses, each on its own socket."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlmodel import select

from anchoring.core.policy import check_policy, verified_cosignatures
from anchoring.core.text import format_base64
from backend.services.cosigning import RETRY_S
from backend.services.receipts import signed_size
from backend.storage.witness_tables import CosignedSizeRow
from tests.support.http_world import World, opened
from tests.support.model_organisation import SLUG
from tests.support.partners import Partner, log_key, partner, write_policy
from tests.support.scripted_witness import scripted
from tests.support.witnesses import witness

SIZE_TYPE = "text/x.tlog.size"


@contextmanager
def asking(data: Path, *partners: Partner) -> Iterator[World]:
    """Open our server, all of whose partners must cosign."""
    write_policy(data, "all", *partners)
    with opened(data) as world:
        yield world


def stranger(name: str, url: str, number: int) -> Partner:
    """Return a witness that a script plays."""
    return Partner(name, witness(number).verifier.to_text(), url)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def published(world: World) -> bytes | None:
    response = world.client.get(f"/log/{SLUG}/checkpoint")
    return response.content if response.status_code == 200 else None


def trouble(world: World) -> str:
    found: str = world.client.get("/health").json()["ledgers"][SLUG]
    return found


def anchored(world: World) -> list[int]:
    return [anchor["size"] for anchor in world.get("anchors")["items"]]


def test_cosigning__two_servers__publish_what_both_signed(tmp_path: Path, data: Path) -> None:
    with partner(tmp_path / "p", "first", trusted=log_key(data)) as first:
        policy = write_policy(data, "all", first)
        with opened(data) as world:
            world.found()
            for size, motion in enumerate(("bridge", "weir"), start=1):
                world.worker.step_all()
                note = published(world)
                assert note is not None
                assert check_policy(policy, note).checkpoint.head.size == size
                assert trouble(world) == ""
                world.act_as_chair(motion)
            assert anchored(world) == [1, 2]


def test_cosigning__partner_that_does_not_answer__keeps_the_checkpoint_back(
    tmp_path: Path, data: Path
) -> None:
    key = log_key(data)
    with ExitStack() as running:
        first = running.enter_context(partner(tmp_path / "1", "first", trusted=key))
        second = running.enter_context(partner(tmp_path / "2", "second", trusted=key))
        world = running.enter_context(asking(data, first, second))
        world.found()
        world.worker.step_all()
        stopped = Partner("second", second.vkey, "http://127.0.0.1:9")
        before = published(world)
        assert before is not None
    with (
        partner(tmp_path / "1", "first", trusted=key) as first,
        asking(data, first, stopped) as world,
    ):
        world.act_as_chair("bridge")
        world.worker.step_all()
        assert published(world) == before
        assert anchored(world) == [1]
        assert "a checkpoint waits for cosignatures" in trouble(world)
        assert "2 of (first, second)" in trouble(world)
        assert "found first" in trouble(world)
        assert "witness second is not available" in trouble(world)
        assert world.client.get("/health").json()["status"] == "degraded"
        receipt = world.client.get(f"{world.root}/entries/1/receipt")
        assert receipt.json()["code"] == "receipt.pending"
    with (
        partner(tmp_path / "1", "first", trusted=key) as first,
        partner(tmp_path / "2", "second", trusted=key) as second,
        asking(data, first, second) as world,
    ):
        world.worker.step_all()
        note = published(world)
        assert note is not None
        assert signed_size(note) == 2
        assert trouble(world) == ""
        assert anchored(world) == [1, 2]


def test_cosigning__held_checkpoint__keeps_the_cosignatures_it_has(
    tmp_path: Path, data: Path
) -> None:
    with partner(tmp_path / "1", "first", trusted=log_key(data)) as first:
        silent = stranger("second", "http://127.0.0.1:9", 2)
        policy = write_policy(data, "all", first, silent)
        with opened(data) as world:
            world.found()
            world.worker.step_all()
            held = world.container.checkpoints.held(SLUG)
    assert held is not None
    assert [each.witness for each in verified_cosignatures(policy, held)] == ["first"]
    with opened(data) as world:
        world.worker.step_all()
        assert world.container.checkpoints.held(SLUG) == held
        assert published(world) is None


def test_cosigning__no_quorum_demanded__publishes_at_once_and_adds_what_comes_later(
    tmp_path: Path, data: Path
) -> None:
    key = log_key(data)
    silent = Partner("first", witness(1).verifier.to_text(), "http://127.0.0.1:9")
    write_policy(data, "none", silent)
    with opened(data) as world:
        world.found()
        world.worker.step_all()
        alone = published(world)
        assert alone is not None
        assert trouble(world) == ""
    with partner(tmp_path / "1", "first", trusted=key) as first:
        policy = write_policy(data, "none", first)
        with opened(data) as world:
            world.worker.step_all()
            note = published(world)
    assert note is not None
    assert note.startswith(alone)
    assert [each.witness for each in verified_cosignatures(policy, note)] == ["first"]


def test_cosigning__quorum_demanded_later__takes_nothing_published_back(data: Path) -> None:
    with opened(data) as world:
        world.found()
        world.worker.step_all()
        before = published(world)
    silent = stranger("first", "http://127.0.0.1:9", 1)
    with asking(data, silent) as world:
        world.worker.step_all()
        assert published(world) == before
        assert "a checkpoint waits for cosignatures" in trouble(world)
        world.act_as_chair("bridge")
        world.worker.step_all()
        assert published(world) == before


def test_cosigning__witness_that_fails__is_asked_again_after_a_while(data: Path) -> None:
    with scripted([(503, "text/plain", b"")] * 2) as failing:
        write_policy(data, "any", stranger("first", failing.url, 1))
        with opened(data) as world:
            world.found()
            world.worker.step_all()
            world.worker.step_all()
            assert len(failing.asked) == 1
            world.clock.advance(RETRY_S)
            world.worker.step_all()
            assert len(failing.asked) == 2
            assert published(world) is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((422, "text/plain", b"no proof\n"), "status 422 no proof"),
        ((409, SIZE_TYPE, b"7\n"), "7 entries of this log, which has 1"),
        ((200, "text/plain", b""), "malformed cosignatures"),
    ],
)
def test_cosigning__refusal__is_told_in_the_health_of_the_server(
    data: Path, answer: tuple[int, str, bytes], reason: str
) -> None:
    with scripted([answer]) as refusing:
        write_policy(data, "any", stranger("first", refusing.url, 1))
        with opened(data) as world:
            world.found()
            world.worker.step_all()
            assert published(world) is None
            assert reason in trouble(world)


def test_cosigning__line_of_another_key__counts_for_nothing(data: Path) -> None:
    with opened(data) as world:
        world.found()
        world.worker.step_all()
        note = published(world)
        assert note is not None
    line = f"\u2014 {witness(3).name} {'A' * 96}\n".encode()
    with scripted([(200, "text/plain", line)]) as lying:
        write_policy(data, "any", stranger("first", lying.url, 3))
        with opened(data) as world:
            world.act_as_chair("bridge")
            world.worker.step_all()
            assert published(world) == note
            assert "without its own cosignature" in trouble(world)


def test_cosigning__bad_signature_of_the_witness_key__counts_for_nothing(data: Path) -> None:
    key = witness(3).verifier
    blob = key.key_id + bytes(72)
    line = f"\u2014 {key.name} {format_base64(blob)}\n".encode()
    with scripted([(200, "text/plain", line)]) as lying:
        write_policy(data, "any", Partner("first", key.to_text(), lying.url))
        with opened(data) as world:
            world.found()
            world.worker.step_all()
            assert published(world) is None
            assert "a good cosignature" in trouble(world)


def test_cosigning__size_of_the_witness_forgotten__is_learnt_from_its_answer(
    tmp_path: Path, data: Path
) -> None:
    with partner(tmp_path / "1", "first", trusted=log_key(data)) as first:
        write_policy(data, "all", first)
        with opened(data) as world:
            world.found()
            world.worker.step_all()
            world.act_as_chair("bridge")
            with world.container.archive.database.writing() as session:
                for row in session.exec(select(CosignedSizeRow)).all():
                    session.delete(row)
            world.worker.step_all()
            note = published(world)
            assert note is not None
            assert signed_size(note) == 2


def test_cosigning__ledger_restored_behind_its_witness__is_not_published(
    tmp_path: Path, data: Path
) -> None:
    key = log_key(data)
    with partner(tmp_path / "1", "first", trusted=key) as first:
        write_policy(data, "all", first)
        with opened(data) as world:
            world.found()
            world.act_as_chair("bridge")
            world.worker.step_all()
            assert signed_size(published(world) or b"") == 2
        for file in data.glob("psephos.sqlite*"):
            file.unlink()
        for file in data.glob("chain.sqlite*"):
            file.unlink()
        with opened(data) as world:
            world.clock.advance(60)
            world.found()
            world.worker.step_all()
            assert published(world) is None
            assert "has cosigned 2 entries of this log, which has 1" in trouble(world)
            world.act_as_chair("weir")
            world.clock.advance(RETRY_S)
            world.worker.step_all()
            assert published(world) is None
            assert "status 422" in trouble(world)


def test_cosigning__witness_without_address__is_waited_for_and_never_asked(data: Path) -> None:
    vkey = witness(1).verifier.to_text()
    (data / "cosigners.policy").write_text(f"witness first {vkey}\nquorum first\n")
    with opened(data) as world:
        world.found()
        world.worker.step_all()
        assert published(world) is None
        assert "expected first" in trouble(world)


def test_cosigning__without_a_policy__publishes_at_once(world: World) -> None:
    world.found()
    world.worker.step_all()
    assert published(world) is not None
    assert world.container.checkpoints.held(SLUG) is None
