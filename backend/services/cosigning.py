"""Gathering cosignatures of our own checkpoints from the witnesses of a policy.

Source: https://c2sp.org/tlog-witness, https://c2sp.org/tlog-policy
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

from anchoring.core.cosignature import attach, verify_cosignature
from anchoring.core.errors import (
    AnchoringError,
    MalformedError,
    RejectedError,
    UnavailableError,
    VerificationError,
)
from anchoring.core.note import format_signature, parse_note
from anchoring.core.policy import Policy, PolicyError, PolicyWitness, check_policy
from anchoring.core.types import TreeSize
from anchoring.ports import Clock, Witness
from backend.domain.acts import Slug

RETRY_S: Final = 10
"""Seconds before a witness that failed is asked again: asking may take as long as its time limit."""

Prover = Callable[[TreeSize], tuple[bytes, ...]]
"""Gives the consistency proof from an earlier size to the checkpoint; empty from size 0."""


class CosignedSizes(Protocol):
    """The size of each of our ledgers that each witness last cosigned.

    Losing one costs a question more: the witness tells it.
    """

    def size(self, organisation: Slug, witness: str) -> TreeSize:
        """Return the size, 0 before the first."""
        ...

    def save(self, organisation: Slug, witness: str, size: TreeSize) -> None:
        """Remember the size."""
        ...


class Cosigners:
    """Those whose cosignatures our checkpoints need; for the use of one thread, the worker's.

    Args:
        policy: Who they are, and how many are needed.
        witnesses: How to ask them, by their names in the policy; the others are never asked.
        sizes: What each last cosigned.
        clock: Time, for not asking the same again at once.
    """

    def __init__(
        self,
        policy: Policy,
        witnesses: Mapping[str, Witness],
        sizes: CosignedSizes,
        clock: Clock,
    ) -> None:
        self._policy: Final = policy
        self._witnesses: Final = witnesses
        self._sizes: Final = sizes
        self._clock: Final = clock
        self._failures: Final[dict[tuple[Slug, str], str]] = {}
        self._not_before: Final[dict[tuple[Slug, str], datetime]] = {}
        self._troubles: Final[dict[Slug, str]] = {}

    def gather(self, slug: Slug, size: TreeSize, note: bytes, prove: Prover) -> bytes:
        """Ask every witness whose cosignature the note lacks, and return the note with what came.

        Args:
            slug: The organisation.
            size: Size that the checkpoint states.
            note: The checkpoint, with the cosignatures it has.
            prove: Proves it to a witness.

        Returns:
            The note itself when nobody cosigned; what a witness answers is verified before it is
            attached, and a failure is kept for ``trouble``.
        """
        for witness in self._policy.witnesses:
            place = (slug, witness.name)
            client = self._witnesses.get(witness.name)
            if client is None or any(map(witness.verifier.made, parse_note(note).signatures)):
                continue
            if place in self._not_before and self._clock.now() < self._not_before[place]:
                continue
            try:
                line = self._ask(client, witness, slug, note, prove)
                note = attach(note, [line])
            except (MalformedError, RejectedError, UnavailableError, VerificationError) as error:
                self._failures[place] = str(error)
                self._not_before[place] = self._clock.now() + timedelta(seconds=RETRY_S)
                continue
            self._failures.pop(place, None)
            self._sizes.save(slug, witness.name, size)
        return note

    def suffice(self, slug: Slug, note: bytes) -> bool:
        """Return whether the note bears what the policy demands; ``trouble`` says what it lacks.

        Raises:
            MalformedError: Not a note whose text is a checkpoint.
            VerificationError: It bears a bad signature of a known key.
        """
        try:
            check_policy(self._policy, note)
        except PolicyError as error:
            self._troubles[slug] = self._describe(slug, error)
            return False
        self._troubles.pop(slug, None)
        return True

    def trouble(self, slug: Slug) -> str:
        """Return which cosignatures the latest checkpoint waits for and why, empty text for none."""
        return self._troubles.get(slug, "")

    def _ask(
        self, client: Witness, witness: PolicyWitness, slug: Slug, note: bytes, prove: Prover
    ) -> bytes:
        since = self._sizes.size(slug, witness.name)
        lines = client.cosign(note, since=since, prove=prove)
        # Lines of other keys are ignored, as the protocol says; there may be several of ours.
        for line in filter(witness.verifier.made, lines):
            verify_cosignature(parse_note(note).text, line, witness.verifier)
            return format_signature(line).encode()
        raise RejectedError(f"witness {witness.name}", "it answers without its own cosignature")

    def _describe(self, slug: Slug, error: AnchoringError) -> str:
        failures = [self._failures[place] for place in sorted(self._failures) if place[0] == slug]
        return "; ".join((f"a checkpoint waits for cosignatures: {error}", *failures))
