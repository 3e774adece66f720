"""A witness that others wrote cosigns our ledger; our core verifies what it says."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from anchoring.adapters.witness_http import HttpWitness
from anchoring.core.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from anchoring.core.cosignature import CosignatureVerifier, attach, verify_cosignature
from anchoring.core.errors import RejectedError, VerificationError
from anchoring.core.merkle import EMPTY_ROOT, LeafNodes, consistency_proof, leaf_hash, root_at
from anchoring.core.note import NoteSigner, NoteVerifier, format_signature, parse_note
from anchoring.core.text import format_base64
from anchoring.core.types import Head, RootHash, TreeSize
from anchoring.core.witness import (
    AddCheckpoint,
    Refusal,
    RefusalStatus,
    decide_add_checkpoint,
    format_add_checkpoint,
)
from tests.support.peer_process import free_port, peer, running, tail
from tests.support.ssh_agent import agent, fingerprint

pytestmark = pytest.mark.interop

ORIGIN = "ledger.example/coop"
LOG = NoteSigner.from_seed(ORIGIN, bytes(range(32)))
STRANGER = NoteSigner.from_seed(ORIGIN, b"\x05" * 32)
WITNESS_NAME = "witness.example/partner"
WITNESS_SEED = b"\x07" * 32
NODES = LeafNodes([leaf_hash(b"entry %d" % number) for number in range(21)])
EARLIEST_S = 1_700_000_000


def checkpoint(size: int, signer: NoteSigner = LOG) -> bytes:
    return sign_checkpoint(Checkpoint(ORIGIN, Head(TreeSize(size), root(size))), signer)


def root(size: int) -> RootHash:
    return root_at(TreeSize(size), NODES)


def proof(old: int, new: int) -> tuple[bytes, ...]:
    return consistency_proof(TreeSize(old), TreeSize(new), NODES) if old else ()


def believe(database: Path) -> None:
    """Tell the witness which log to cosign: it has no setting for it but its database."""
    with closing(sqlite3.connect(database)) as store, store:
        empty = format_base64(EMPTY_ROOT)
        store.execute("INSERT INTO log VALUES (?, 0, ?)", (ORIGIN, empty))
        store.execute("INSERT INTO key VALUES (?, ?)", (ORIGIN, LOG.verifier.to_text()))


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    log, port = tmp_path / "litewitness.log", free_port()
    with agent(tmp_path / "agent", WITNESS_SEED) as socket_path:
        command: list[str | Path] = [
            peer("litewitness"),
            *("-name", WITNESS_NAME, "-db", tmp_path / "witness.sqlite"),
            *("-ssh-agent", socket_path, "-key", fingerprint(WITNESS_SEED)),
            *("-listen", f"127.0.0.1:{port}"),
        ]
        address = f"http://127.0.0.1:{port}"
        with running(command, log=log, ready=lambda: answers(address)):
            believe(tmp_path / "witness.sqlite")
            yield address
            print(tail(log))  # noqa: T201  # pytest shows it when the test fails


@pytest.fixture
def verifier() -> CosignatureVerifier:
    public_key = NoteSigner.from_seed(WITNESS_NAME, WITNESS_SEED).verifier.public_key
    return CosignatureVerifier(WITNESS_NAME, public_key)


def answers(address: str) -> bool:
    try:
        return httpx.get(address).status_code < httpx.codes.INTERNAL_SERVER_ERROR
    except httpx.TransportError:
        return False


def cosigned(url: str, size: int, *, since: int) -> bytes:
    """The checkpoint of that size with the witness's cosignature, got by our client."""
    note = checkpoint(size)
    with HttpWitness(WITNESS_NAME, url) as witness:
        signatures = witness.cosign(note, since=TreeSize(since), prove=lambda old: proof(old, size))
    return attach(note, [format_signature(each).encode() for each in signatures])


def check(note: bytes, verifier: CosignatureVerifier, size: int) -> None:
    """One cosignature of the witness, good for this text and for no other."""
    opened = parse_note(note)
    (line,) = [each for each in opened.signatures if verifier.made(each)]
    assert verify_cosignature(opened.text, line, verifier) > EARLIEST_S
    with pytest.raises(VerificationError):
        verify_cosignature(parse_note(checkpoint(size + 1)).text, line, verifier)
    key = NoteVerifier.from_text(LOG.verifier.to_text())
    assert open_checkpoint(note, key, origin=ORIGIN).head == Head(TreeSize(size), root(size))


def test_witness__asked_as_the_ledger_grows__cosigns_each_checkpoint(
    url: str, verifier: CosignatureVerifier
) -> None:
    for since, size in ((0, 5), (5, 5), (5, 8), (8, 20)):
        check(cosigned(url, size, since=since), verifier, size)


def test_witness__that_knows_more_than_we_remember__tells_its_size_and_cosigns(
    url: str, verifier: CosignatureVerifier
) -> None:
    cosigned(url, 7, since=0)
    check(cosigned(url, 16, since=0), verifier, 16)
    with pytest.raises(RejectedError):
        cosigned(url, 9, since=7)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (AddCheckpoint(TreeSize(5), proof(5, 8), checkpoint(8)), 200),
        (AddCheckpoint(TreeSize(4), proof(4, 8), checkpoint(8)), RefusalStatus.CONFLICT),
        (AddCheckpoint(TreeSize(9), (), checkpoint(8)), RefusalStatus.MALFORMED),
        (AddCheckpoint(TreeSize(5), proof(5, 8), checkpoint(8, STRANGER)), RefusalStatus.UNTRUSTED),
        (AddCheckpoint(TreeSize(5), proof(5, 9), checkpoint(8)), RefusalStatus.UNPROVEN),
        (AddCheckpoint(TreeSize(5), proof(5, 8)[1:], checkpoint(8)), RefusalStatus.UNPROVEN),
    ],
)
def test_witness__of_each_kind_of_request__answers_as_ours_would(
    url: str, asked: AddCheckpoint, status: int
) -> None:
    cosigned(url, 5, since=0)
    body = format_add_checkpoint(asked)
    decision = decide_add_checkpoint(Head(TreeSize(5), root(5)), asked, [LOG.verifier])
    assert status == (decision.status if isinstance(decision, Refusal) else httpx.codes.OK)
    answer = httpx.post(f"{url}/add-checkpoint", content=body)
    assert answer.status_code == status
    if status == RefusalStatus.CONFLICT:
        assert (answer.headers["content-type"], answer.text) == ("text/x.tlog.size", "5\n")
