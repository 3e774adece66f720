"""Asks a witness for cosignatures over HTTP.

Source: https://c2sp.org/tlog-witness
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

import httpx

from anchoring.core.checkpoint import parse_checkpoint
from anchoring.core.errors import MalformedError, RejectedError, UnavailableError
from anchoring.core.note import NoteSignature, parse_note
from anchoring.core.types import TreeSize
from anchoring.core.witness import (
    MAX_ANSWER_BYTES,
    SIZE_MEDIA_TYPE,
    AddCheckpoint,
    RefusalStatus,
    format_add_checkpoint,
    parse_cosignatures,
    parse_known_size,
)

TIMEOUT_S: Final = 5.0
"""Longest wait for one answer, in seconds, from the question to its last byte."""

MAX_REASON: Final = 200
"""Most characters of a refusal that are told on."""

_REFUSED: Final = frozenset(RefusalStatus) - {RefusalStatus.CONFLICT}


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came back over HTTP."""

    status: int
    media_type: str
    body: bytes


class HttpWitness:
    """Implements ``Witness``; safe to share between threads.

    Redirects are not followed: the policy named one address and means it.

    Args:
        name: Name of the witness, for messages.
        url: Its submission prefix, ``http`` or ``https``.
        timeout_s: Longest wait for one answer, in seconds.

    Raises:
        MalformedError: ``url`` is of another scheme or names no host.
    """

    def __init__(self, name: str, url: str, *, timeout_s: float = TIMEOUT_S) -> None:
        try:
            parts = urlsplit(url)
            httpx.URL(url)
        except (ValueError, httpx.InvalidURL) as error:
            raise MalformedError("witness address", "not a URL") from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise MalformedError("witness address", "not http://host or https://host")
        self._url: Final = f"{url.rstrip('/')}/add-checkpoint"
        self._what: Final = f"witness {name}"
        self._timeout_s: Final = timeout_s
        self._client: Final = httpx.Client(timeout=timeout_s, follow_redirects=False)

    def __enter__(self) -> Self:
        """Return the witness itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the connections; harmless to repeat."""
        self._client.close()

    def cosign(
        self,
        checkpoint: bytes,
        *,
        since: TreeSize,
        prove: Callable[[TreeSize], tuple[bytes, ...]],
    ) -> tuple[NoteSignature, ...]:
        """Ask for a cosignature; when the witness names another size than ``since``, ask once more.

        Raises:
            RejectedError: The witness refuses, or it has cosigned more entries than there are.
            UnavailableError: The witness did not answer in time, or not as the protocol says.
        """
        answer = self._ask(AddCheckpoint(since, prove(since), checkpoint))
        if answer.status == RefusalStatus.CONFLICT:
            known = self._known_size(answer)
            size = parse_checkpoint(parse_note(checkpoint).text).head.size
            if known > size:
                reason = f"it has cosigned {known} entries of this log, which has {size}"
                raise RejectedError(self._what, reason)
            answer = self._ask(AddCheckpoint(known, prove(known), checkpoint))
        return self._cosignatures(answer)

    def _cosignatures(self, answer: _Answer) -> tuple[NoteSignature, ...]:
        if answer.status in _REFUSED:
            text = answer.body.decode("utf-8", errors="replace")
            reason = "".join(filter(str.isprintable, text))[:MAX_REASON]
            raise RejectedError(self._what, f"status {answer.status} {reason}".rstrip())
        if answer.status != httpx.codes.OK:
            raise UnavailableError(self._what, f"status {answer.status}")
        try:
            return parse_cosignatures(answer.body)
        except MalformedError as error:
            raise UnavailableError(self._what, str(error)) from error

    def _known_size(self, answer: _Answer) -> TreeSize:
        if answer.media_type != SIZE_MEDIA_TYPE:
            raise UnavailableError(self._what, "status 409 without a size")
        try:
            return parse_known_size(answer.body)
        except MalformedError as error:
            raise UnavailableError(self._what, str(error)) from error

    def _ask(self, request: AddCheckpoint) -> _Answer:
        deadline = time.monotonic() + self._timeout_s
        try:
            with self._client.stream(
                "POST",
                self._url,
                content=format_add_checkpoint(request),
                headers={"Content-Type": "text/plain; charset=utf-8"},
            ) as response:
                body = self._read(response, deadline)
                media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
                return _Answer(response.status_code, media_type.lower(), body)
        except httpx.HTTPError as error:
            raise UnavailableError(self._what, str(error) or type(error).__name__) from error

    def _read(self, response: httpx.Response, deadline: float) -> bytes:
        received = bytearray()
        for chunk in response.iter_bytes():
            received += chunk
            if len(received) > MAX_ANSWER_BYTES:
                raise UnavailableError(self._what, f"answer over {MAX_ANSWER_BYTES} bytes")
            if time.monotonic() > deadline:
                raise UnavailableError(self._what, f"no whole answer within {self._timeout_s} s")
        return bytes(received)
