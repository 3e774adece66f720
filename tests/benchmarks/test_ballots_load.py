"""The load of the intake benchmark: each request once, latencies and rates as they are."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from benchmarks.ballots.intake import figures_of
from benchmarks.ballots.load import HOST, Load, apply_load, post_request


def test_figures__of_two_loads__compare_rates_and_percentiles() -> None:
    load = Load(2.0, [float(each) for each in range(1, 101)], Counter({201: 100}))
    bare = Load(1.0, [0.5] * 100, Counter({201: 100}))
    rate, p50, p95 = figures_of(load, bare, 4)
    assert (rate.value, rate.ratio, rate.met) == (50, 0.5, False)
    assert (p50.value, p95.value, p95.met) == (50, 95, True)
    assert p95.ratio == 0.5 / 95


@pytest.mark.parametrize(("share", "latency"), [(0.01, 1), (0.5, 2), (0.75, 3), (1, 4)])
def test_percentile__of_a_share__is_the_latency_that_so_many_did_not_exceed(
    share: float, latency: float
) -> None:
    assert Load(1, [1, 2, 3, 4], Counter({201: 4})).percentile(share) == latency


@contextmanager
def answering(answers: Sequence[bytes]) -> Iterator[int]:
    """Accept one connection and answer each request on it with the next of some bytes."""
    with socket.create_server((HOST, 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                for each in answers:
                    connection.recv(65_536)
                    connection.sendall(each)

        thread = threading.Thread(target=answer)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def test_load__of_requests__sends_each_once_and_counts_the_answers() -> None:
    answers = [
        b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 422 Unprocessable\r\ncontent-length: 0\r\n\r\n",
    ]
    requests = [post_request("/rows", {"n": number}, key=f"key-{number}") for number in range(2)]
    with answering(answers) as port:
        load = apply_load(port, requests, connections=1)
    assert load.statuses == Counter({201: 1, 422: 1})
    assert len(load.latencies_ms) == 2
    assert load.rate > 0


def test_load__answered_without_a_length__is_refused() -> None:
    requests = [post_request("/rows", {}, key="key")]
    with answering([b"HTTP/1.1 200 OK\r\n\r\n"]) as port, pytest.raises(ExceptionGroup) as refusal:
        apply_load(port, requests, connections=1)
    assert refusal.group_contains(OSError, match="without a length")


def test_post_request__of_a_body__says_its_length_and_key() -> None:
    head, _, content = post_request("/rows", {"a": 1}, key="key-1").partition(b"\r\n\r\n")
    assert content == b'{"a": 1}'
    assert head.startswith(b"POST /rows HTTP/1.1\r\n")
    assert {b"Content-Length: 8", b"Idempotency-Key: key-1"} <= set(head.split(b"\r\n"))
