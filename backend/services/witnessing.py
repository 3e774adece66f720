"""This server as a witness: it cosigns the checkpoints of logs it trusts, and never two histories.

Source: https://c2sp.org/tlog-witness
"""

from calendar import timegm
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from anchoring.core.cosignature import Cosigner, attach, cosign
from anchoring.core.errors import MalformedError, UnavailableError
from anchoring.core.note import NoteVerifier
from anchoring.core.witness import (
    Refusal,
    RefusalStatus,
    decide_add_checkpoint,
    parse_add_checkpoint,
)
from anchoring.ports import Clock, WitnessStore
from backend.domain.errors import NotFoundError

MAX_ATTEMPTS: Final = 3
"""Most decisions on one request. A head that moved has another size, so that the second decision
refuses with 409; only a log whose empty head was just cosigned leads to a third."""


@dataclass(frozen=True, slots=True)
class OwnWitness:
    """What this server cosigns, and with which key."""

    cosigner: Callable[[], Cosigner]
    """Gives our key, used for cosignatures only; it is opened, or made, when first needed."""
    logs: tuple[NoteVerifier, ...]
    """Keys of the logs we cosign for; none: every request is refused."""
    store: WitnessStore
    """What we cosigned."""
    clock: Clock
    """Time of cosignatures."""

    def add_checkpoint(self, body: bytes) -> bytes | Refusal:
        """Answer a request to cosign; the new head is stored before the answer exists.

        Args:
            body: Body of the request.

        Returns:
            One signature line with its line feed, or why there is none.

        Raises:
            UnavailableError: The store or the key did not answer, or others keep moving the head.
        """
        try:
            request = parse_add_checkpoint(body)
            origin = request.origin
        except MalformedError as error:
            return Refusal(RefusalStatus.MALFORMED, str(error))
        for _ in range(MAX_ATTEMPTS):
            seen = self.store.head(origin)
            decision = decide_add_checkpoint(seen, request, self.logs)
            if isinstance(decision, Refusal):
                return decision
            at = timegm(self.clock.now().utctimetuple())
            line = cosign(decision.note, self.cosigner(), at=at)
            note = attach(decision.note, [line])
            if self.store.advance(origin, seen=seen, head=decision.head, note=note):
                return line
        raise UnavailableError("witnessed head", "moved by other requests")

    def checkpoint(self, origin_hash: str) -> bytes:
        """Return the checkpoint last cosigned for a log, with our cosignature.

        Args:
            origin_hash: SHA-256 of its origin, 64 lower-case hexadecimal digits.

        Raises:
            NotFoundError: We never cosigned for such a log.
            UnavailableError: The store did not answer.
        """
        note = self.store.note(origin_hash)
        if note is None:
            raise NotFoundError("checkpoint", origin_hash)
        return note
