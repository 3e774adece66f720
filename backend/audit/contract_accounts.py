"""Counting what chains were asked about contract accounts, and what they were not asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.domain.acts import CidText, VoterId
from backend.domain.commitments import Hex32
from backend.domain.sources import Elector, KeyOpening, SignatureOpening, Sources


@dataclass(slots=True)
class CountedSources:
    """Sources as they are, and how often their chains confirmed a signature or were not there to ask."""

    sources: Sources
    """The sources."""
    confirmed: int = 0
    """Signatures of contract accounts that a chain confirmed."""
    unasked: int = 0
    """Signatures of contract accounts about which no chain was asked."""

    def document(self, cid: CidText) -> bytes:
        """Return a document; see ``Sources.document``."""
        return self.sources.document(cid)

    def signatures(self, index: int) -> tuple[SignatureOpening, ...] | None:
        """Return signature openings; see ``Sources.signatures``."""
        return self.sources.signatures(index)

    def key(self, commitment: Hex32) -> KeyOpening | None:
        """Return a key opening; see ``Sources.key``."""
        return self.sources.key(commitment)

    def roll(self, decision: Hex32) -> Mapping[VoterId, Elector] | None:
        """Return a roll; see ``Sources.roll``."""
        return self.sources.roll(decision)

    def contract_signature(self, key: bytes, digest: bytes, signature: bytes) -> bool | None:
        """Tell what a chain says, and count it; see ``Sources.contract_signature``."""
        found = self.sources.contract_signature(key, digest, signature)
        self.confirmed += found is True
        self.unasked += found is None
        return found
