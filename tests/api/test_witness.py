"""The witness of a server: every status of add-checkpoint beside the request that passes."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from httpx2 import Response
from structlog.testing import capture_logs

from anchoring.core.cosignature import CosignatureVerifier, verify_cosignature
from anchoring.core.errors import MalformedError, UnavailableError
from anchoring.core.note import parse_note, parse_signature, sign_note
from tests.support.http_world import HOST, World, opened
from tests.support.witnessed_log import ORIGIN, WitnessedLog, log_signer, numbered_log

LOG, FORK = numbered_log(20), numbered_log(20, fork=7)
PATH = f"/witness/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
UNKNOWN = WitnessedLog(LOG.entries, log_signer(origin="unknown.example/log"))
STRANGER = WitnessedLog(LOG.entries, log_signer(2))


def trust_logs(data: Path, *vkeys: str) -> None:
    """Write the policy of a server that cosigns for logs."""
    data.mkdir(exist_ok=True)
    lines = "".join(f"log {vkey}\n" for vkey in vkeys)
    (data / "witness.policy").write_text(f"# Partners.\n{lines}quorum none\n")


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[World]:
    trust_logs(tmp_path / "data", log_signer().verifier.to_text())
    with opened(tmp_path / "data") as world:
        yield world


def add(world: World, body: bytes) -> Response:
    return world.client.post("/witness/add-checkpoint", content=body)


def verified(world: World, line: bytes, checkpoint: bytes) -> int:
    """Verify a cosignature under the key that the server shows."""
    key = CosignatureVerifier.from_text(world.client.get("/witness/key").text.strip())
    assert key.name == f"{HOST}/witness"
    return verify_cosignature(parse_note(checkpoint).text, parse_signature(line.decode()), key)


def test_add_checkpoint__first_and_next__are_cosigned_now(witness: World) -> None:
    for old, size in ((0, 7), (7, 15), (15, 15)):
        response = add(witness, LOG.body(old, size))
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("text/plain")
        at = verified(witness, response.content, LOG.checkpoint(size))
        assert at == int(witness.clock.now().timestamp())
        assert witness.client.get(PATH).content == LOG.checkpoint(size) + response.content
        witness.clock.advance(60)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b"old 7\n"),
        (400, b"old 07\n" + LOG.body(7, 9)[len(b"old 7\n") :]),
        (400, b"\xff" + LOG.body(7, 9)),
        (400, b""),
        (400, b"old 8\n\n" + LOG.checkpoint(7)),
        (403, STRANGER.body(7, 9)),
        (404, UNKNOWN.body(7, 9)),
        (422, FORK.body(8, 9).replace(b"old 8", b"old 7")),
        (422, b"old 7\n\n" + FORK.checkpoint(9)),
        (422, LOG.body(7, 9).replace(b"\n\n", b"\n" + b"A" * 43 + b"=\n\n", 1)),
    ],
)
def test_add_checkpoint__refused__says_why_and_keeps_the_head(
    witness: World, status: int, body: bytes
) -> None:
    add(witness, LOG.body(0, 7))
    before = witness.client.get(PATH).content
    response = add(witness, body)
    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("text/plain")
    assert len(response.text) > len("\n")
    assert witness.client.get(PATH).content == before
    assert add(witness, LOG.body(7, 9)).status_code == 200


@pytest.mark.parametrize("old", [0, 5, 9])
def test_add_checkpoint__other_old_size__is_409_with_the_last(witness: World, old: int) -> None:
    add(witness, LOG.body(0, 7))
    response = add(witness, LOG.body(old, 15))
    assert (response.status_code, response.content) == (409, b"7\n")
    assert response.headers["Content-Type"] == "text/x.tlog.size"


def test_add_checkpoint__proof_from_size_0__is_422(witness: World) -> None:
    body = LOG.body(0, 7).replace(b"\n\n", b"\n" + b"A" * 43 + b"=\n\n", 1)
    assert add(witness, body).status_code == 422
    assert witness.client.get(PATH).status_code == 404
    assert add(witness, LOG.body(0, 7)).status_code == 200


def test_add_checkpoint__same_size_other_root__is_422(witness: World) -> None:
    add(witness, LOG.body(0, 9))
    assert add(witness, FORK.body(9, 9)).status_code == 422
    assert add(witness, LOG.body(9, 9)).status_code == 200


def test_add_checkpoint__fork_signed_by_the_log__is_logged_as_evidence(witness: World) -> None:
    add(witness, LOG.body(0, 9))
    with capture_logs() as logs:
        add(witness, STRANGER.body(9, 12))
        add(witness, LOG.body(5, 12))
        assert logs == []
        add(witness, FORK.body(9, 12))
    assert [each["event"] for each in logs] == ["witness.unproven"]
    assert FORK.checkpoint(12).decode() in logs[0]["request"]


def test_add_checkpoint__empty_log_with_another_root__is_422(witness: World) -> None:
    forged = sign_note(f"{ORIGIN}\n0\n{'A' * 43}=\n", log_signer())
    assert add(witness, b"old 0\n\n" + forged).status_code == 422
    assert add(witness, LOG.body(0, 0)).status_code == 200


def test_add_checkpoint__body_over_the_limit__is_413(witness: World) -> None:
    assert add(witness, bytes((2 << 20) + 1)).status_code == 413


def test_add_checkpoint__without_a_policy__is_404(world: World) -> None:
    assert add(world, LOG.body(0, 7)).status_code == 404


def test_monitor__log_never_cosigned_or_no_hash__is_refused(witness: World) -> None:
    assert witness.client.get(PATH).status_code == 404
    assert witness.client.get("/witness/ABC/checkpoint").status_code == 422


def test_witness__opened_again__keeps_key_and_head(tmp_path: Path) -> None:
    trust_logs(tmp_path / "data", log_signer().verifier.to_text())
    with opened(tmp_path / "data") as before:
        add(before, LOG.body(0, 9))
        note = before.client.get(PATH).content
        key = before.client.get("/witness/key").content
    with opened(tmp_path / "data") as after:
        assert after.client.get("/witness/key").content == key
        assert after.client.get(PATH).content == note
        assert add(after, FORK.body(8, 12)).content == b"9\n"
        assert add(after, LOG.body(9, 12)).status_code == 200


@pytest.mark.parametrize(
    "content", [b"", b"quorum all\n", b"log\nquorum none\n", b"\xff\nquorum none\n"]
)
@pytest.mark.parametrize("name", ["witness.policy", "cosigners.policy"])
def test_policy_file__that_is_no_policy__stops_the_start(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MalformedError), opened(tmp_path):
        pass
    (tmp_path / name).unlink()
    with opened(tmp_path):
        pass


def test_policy_file__that_cannot_be_read__stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "witness.policy").mkdir()
    with pytest.raises(UnavailableError), opened(tmp_path):
        pass
