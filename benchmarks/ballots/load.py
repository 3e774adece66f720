"""A bounded load of requests on loopback: so many connections, each asking again once it is answered.

It speaks just enough HTTP/1.1 over asyncio streams to cost little beside the server it measures: both share
the cores of the machine.
"""

import asyncio
import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

HOST: Final = "127.0.0.1"
"""Where servers of a benchmark listen."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a load came to."""

    seconds: float
    """From the first request to the last answer."""
    latencies_ms: Sequence[float]
    """From a request to its answer, in milliseconds, ascending."""
    statuses: Counter[int]
    """Answers by status."""

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return len(self.latencies_ms) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency that this share of the requests did not exceed, in milliseconds."""
        place = max(1, math.ceil(share * len(self.latencies_ms)))
        return self.latencies_ms[place - 1]


def post_request(path: str, body: object, *, key: str) -> bytes:
    """Return the bytes of a request that writes.

    Args:
        path: Absolute path.
        body: JSON value.
        key: Its idempotency key.
    """
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: {key}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def apply_load(port: int, requests: Sequence[bytes], *, connections: int) -> Load:
    """Send every request once and return what came of it.

    Args:
        port: Where the server listens.
        requests: In the order in which they are sent.
        connections: How many are on their way at once, at most.

    Raises:
        OSError: The server does not answer any more.
    """
    return asyncio.run(_load(port, requests, connections))


async def _load(port: int, requests: Sequence[bytes], connections: int) -> Load:
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    queue = iter(requests)
    started = perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(_connection(port, queue, latencies, statuses))
    return Load(perf_counter() - started, sorted(latencies), statuses)


async def _connection(
    port: int, queue: Iterator[bytes], latencies: list[float], statuses: Counter[int]
) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        for request in queue:
            sent = perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(_length(head))
            latencies.append((perf_counter() - sent) * 1000)
            statuses[int(head.split(b" ", 2)[1])] += 1
    finally:
        writer.close()
        await writer.wait_closed()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            return int(value)
    raise OSError("an answer without a length")
