"""Asking a witness over HTTP: what is sent, what each answer means, and when to ask once more."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from anchoring.adapters.witness_http import HttpWitness
from anchoring.core.errors import MalformedError, RejectedError, UnavailableError
from anchoring.core.note import NoteSignature, parse_signature
from anchoring.core.types import TreeSize
from anchoring.core.witness import MAX_ANSWER_BYTES, SIZE_MEDIA_TYPE, parse_add_checkpoint
from tests.support.scripted_witness import ScriptedWitness, scripted
from tests.support.witnessed_log import numbered_log
from tests.support.witnesses import WITNESS_LINE

LOG = numbered_log(20)
TEXT = "text/plain; charset=utf-8"
COSIGNED = (200, TEXT, WITNESS_LINE)


def conflict(body: bytes, media_type: str = SIZE_MEDIA_TYPE) -> tuple[int, str, bytes]:
    return 409, media_type, body


@pytest.fixture
def peer() -> Iterator[ScriptedWitness]:
    with scripted([]) as witness:
        yield witness


def cosign(peer: ScriptedWitness, *, since: int = 7, size: int = 15) -> tuple[NoteSignature, ...]:
    with HttpWitness("first", peer.url) as witness:
        return witness.cosign(
            LOG.checkpoint(size), since=TreeSize(since), prove=lambda old: LOG.proof(old, size)
        )


def asked(peer: ScriptedWitness) -> list[tuple[str, int]]:
    return [(path, parse_add_checkpoint(body).old_size) for path, body in peer.asked]


def test_cosign__accepted__sends_the_proof_from_the_last_size(peer: ScriptedWitness) -> None:
    peer.answers = [COSIGNED]
    assert cosign(peer) == (parse_signature(WITNESS_LINE.decode()),)
    assert peer.asked == [("/add-checkpoint", LOG.body(7, 15))]


def test_cosign__prefix_with_a_slash_at_its_end__is_the_same_place(peer: ScriptedWitness) -> None:
    peer.answers = [COSIGNED]
    peer.url += "/witness/"
    cosign(peer)
    assert peer.asked[0][0] == "/witness/add-checkpoint"


@pytest.mark.parametrize("known", [0, 3, 15])
def test_cosign__other_size_told__is_asked_once_more_from_it(
    peer: ScriptedWitness, known: int
) -> None:
    peer.answers = [conflict(f"{known}\n".encode()), COSIGNED]
    assert cosign(peer)
    assert [body for _, body in peer.asked] == [LOG.body(7, 15), LOG.body(known, 15)]


def test_cosign__size_told_twice__is_not_asked_a_third_time(peer: ScriptedWitness) -> None:
    peer.answers = [conflict(b"3\n"), conflict(b"4\n"), COSIGNED]
    with pytest.raises(UnavailableError, match="409"):
        cosign(peer)
    assert asked(peer) == [("/add-checkpoint", 7), ("/add-checkpoint", 3)]


def test_cosign__witness_ahead_of_the_log__is_rejected(peer: ScriptedWitness) -> None:
    peer.answers = [conflict(b"16\n"), COSIGNED]
    with pytest.raises(RejectedError, match="16 entries of this log, which has 15"):
        cosign(peer)
    assert len(peer.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [conflict(b"3"), conflict(b"03\n"), conflict(b"3\n", TEXT), conflict(b""), conflict(b"x\n")],
)
def test_cosign__conflict_without_a_size__is_unavailable(
    peer: ScriptedWitness, answer: tuple[int, str, bytes]
) -> None:
    peer.answers = [answer, COSIGNED]
    with pytest.raises(UnavailableError):
        cosign(peer)
    assert len(peer.asked) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_cosign__refused__says_status_and_reason(peer: ScriptedWitness, status: int) -> None:
    peer.answers = [(status, TEXT, b"no \x1b[31mway\n" + b"x" * 1000)]
    with pytest.raises(RejectedError) as caught:
        cosign(peer)
    assert str(caught.value).startswith(f"witness first refused: status {status} no [31mwayx")
    assert len(caught.value.reason) < 230


@pytest.mark.parametrize("status", [201, 301, 307, 401, 429, 500, 503])
def test_cosign__any_other_status__is_unavailable(peer: ScriptedWitness, status: int) -> None:
    peer.answers = [(status, TEXT, WITNESS_LINE), COSIGNED]
    with pytest.raises(UnavailableError, match=str(status)):
        cosign(peer)
    assert len(peer.asked) == 1


@pytest.mark.parametrize("body", [b"", b"OK\n", WITNESS_LINE[:-1], b"\xff\n"])
def test_cosign__answer_that_is_no_signature_line__is_unavailable(
    peer: ScriptedWitness, body: bytes
) -> None:
    peer.answers = [(200, TEXT, body)]
    with pytest.raises(UnavailableError):
        cosign(peer)


def test_cosign__answer_without_end__is_cut(peer: ScriptedWitness) -> None:
    peer.answers = [(200, TEXT, bytes(MAX_ANSWER_BYTES + 1))]
    with pytest.raises(UnavailableError, match="answer over"):
        cosign(peer)


def test_cosign__nobody_listens__is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UnavailableError, match="witness first"):
            cosign(ScriptedWitness([], url))


def test_cosign__no_answer_in_time__is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with HttpWitness("first", url, timeout_s=0.05) as witness, pytest.raises(UnavailableError):
            witness.cosign(LOG.checkpoint(1), since=TreeSize(0), prove=lambda _: ())


def test_cosign__answer_in_drops__is_cut_at_the_time_limit() -> None:
    stopped = threading.Event()

    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            # Each drop comes well within the time limit of one read.
            while not stopped.wait(0.01):
                connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        try:
            with (
                HttpWitness("first", url, timeout_s=0.2) as witness,
                pytest.raises(UnavailableError, match="no whole answer within"),
            ):
                witness.cosign(LOG.checkpoint(1), since=TreeSize(0), prove=lambda _: ())
        finally:
            stopped.set()
            thread.join()


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1", "127.0.0.1", "http://", "http://[", "http://a:b", ""]
)
def test_witness__address_of_another_form__is_malformed(url: str) -> None:
    with pytest.raises(MalformedError):
        HttpWitness("first", url)
