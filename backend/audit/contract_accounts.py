"""Counting what chains were asked about contract accounts, and what they were not asked."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from backend.domain.acts import CidText, VoterId
from backend.domain.commitments import Hex32
from backend.domain.entry import Entry
from backend.domain.lawfulness import check
from backend.domain.sources import Elector, KeyOpening, SignatureOpening, Sources
from backend.domain.state import State

REDACTED: Final = "redacted"
"""Counts checks that could not be made because a detached proof was erased."""

CONFIRMED: Final = "confirmed"
"""Counts signatures of contract accounts that a chain confirmed."""

UNASKED: Final = "unasked"
"""Counts signatures of contract accounts about which no chain was asked."""


def count_checks(state: State, entry: Entry, sources: Sources) -> Counter[str]:
    """Check an entry; what needs a chain is counted apart from what was erased.

    Args:
        state: Before the entry.
        entry: The entry.
        sources: What lies beside the ledger, and the chains that can be asked.

    Returns:
        How many checks came to ``REDACTED``, ``CONFIRMED`` and ``UNASKED``.

    Raises:
        GovernanceError: The rule it breaks.
    """
    counted = _CountedSources(sources)
    missed = check(state, entry, counted)
    return Counter(
        {
            REDACTED: missed - counted.unasked,
            CONFIRMED: counted.confirmed,
            UNASKED: counted.unasked,
        }
    )


@dataclass(slots=True)
class _CountedSources:
    """Sources as they are, and how often their chains confirmed a signature or were not there to ask."""

    sources: Sources
    confirmed: int = 0
    unasked: int = 0

    def document(self, cid: CidText) -> bytes:
        return self.sources.document(cid)

    def signatures(self, index: int) -> tuple[SignatureOpening, ...] | None:
        return self.sources.signatures(index)

    def key(self, commitment: Hex32) -> KeyOpening | None:
        return self.sources.key(commitment)

    def roll(self, decision: Hex32) -> Mapping[VoterId, Elector] | None:
        return self.sources.roll(decision)

    def contract_signature(self, key: bytes, digest: bytes, signature: bytes) -> bool | None:
        found = self.sources.contract_signature(key, digest, signature)
        self.confirmed += found is True
        self.unasked += found is None
        return found
