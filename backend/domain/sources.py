"""What lies beside the ledger and the rules need to look up: documents and detached proofs.

The server answers from its database, the auditor from the files of a bundle. Detached proofs can have
been erased: ``None`` then means *redacted*, and checks that need them count as redacted, not as passed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from backend.domain.acts import CidText, MemberId, VoterId
from backend.domain.commitments import Hex32


@dataclass(frozen=True, slots=True)
class SignatureOpening:
    """What opens a commitment to a signature."""

    key: bytes
    """Who signed: the address of a wallet, 20 bytes, or the key of a passkey (``passkeys.is_passkey``)."""
    signature: bytes
    """By a wallet 65 bytes: r, s, v; by a passkey the bytes of an assertion (``passkeys.Assertion``)."""
    salt: bytes
    """32 bytes."""


@dataclass(frozen=True, slots=True)
class KeyOpening:
    """What opens a member's commitment to a key."""

    key: bytes
    """Address of a wallet, 20 bytes, or key of a passkey."""
    salt: bytes
    """32 bytes."""


@dataclass(frozen=True, slots=True)
class Elector:
    """One line of the roll of a decision: who votes under which pseudonym."""

    member: MemberId
    """The member."""
    voter: VoterId
    """The pseudonym for this decision."""
    salt: bytes
    """32 bytes, salt of the elector's leaf."""


class Sources(Protocol):
    """Look-ups over immutable data; the same question always has the same answer, or is redacted."""

    def document(self, cid: CidText) -> bytes:
        """Return a document.

        Raises:
            NotFoundError: No such document is held.
        """
        ...

    def signatures(self, index: int) -> tuple[SignatureOpening, ...] | None:
        """Return the openings of the signatures of the entry at ``index``, in order, or None if erased."""
        ...

    def key(self, commitment: Hex32) -> KeyOpening | None:
        """Return what opens a commitment to a key, or None if erased."""
        ...

    def roll(self, decision: Hex32) -> Mapping[VoterId, Elector] | None:
        """Return the roll of a decision by voter pseudonym, or None if erased."""
        ...
