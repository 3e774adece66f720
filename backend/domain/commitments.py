"""Salted commitments: what the ledger holds in place of anything that concerns a person.

``commitment = SHA-256(len(tag) || tag || salt || payload)`` with a one-byte length, an ASCII tag per
use, a 32-byte random salt kept off the ledger, and the payload's bytes. Hiding rests on the salt
(256 bits), binding on SHA-256; destroying the salt leaves a value that says nothing.
"""

import hashlib
import hmac
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from backend.domain.errors import InvalidInputError

SALT_BYTES = 32
"""Length of a salt."""

Hex32 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
"""Thirty-two bytes as lowercase hex: a commitment, a hash or a salt."""


class Tag(StrEnum):
    """What a commitment is about; one tag per use keeps them from being exchanged."""

    PERSON = "psephos/person/v1"
    """Canonical JSON of the facts someone declared and the purposes they consented to then."""
    KEY = "psephos/key/v1"
    """A member's key: the 20-byte address of a wallet, or the COSE key of a passkey, which is longer."""
    SIGNATURE = "psephos/signature/v1"
    """A key, as under ``KEY``, followed by its signature."""
    CHOICE = "psephos/choice/v1"
    """The UTF-8 text of a choice."""
    ELECTOR = "psephos/elector/v1"
    """The voter pseudonym of one elector."""
    SUBJECT = "psephos/subject/v1"
    """The pseudonym of someone who is erased; its salt is kept by nobody."""


_PREFIXES = {tag: bytes([len(tag)]) + tag.encode("ascii") for tag in Tag}


def commit(tag: Tag, *, salt: bytes, payload: bytes) -> Hex32:
    """Return the commitment to ``payload``.

    Args:
        tag: What the payload is.
        salt: 32 random bytes, used once.
        payload: Any bytes.

    Raises:
        InvalidInputError: The salt is not 32 bytes.
    """
    if len(salt) != SALT_BYTES:
        raise InvalidInputError(
            "salt.length", expected=f"a salt of {SALT_BYTES} bytes", found=f"{len(salt)} bytes"
        )
    return hashlib.sha256(_PREFIXES[tag] + salt + payload).hexdigest()


def opens(commitment: Hex32, tag: Tag, *, salt: bytes, payload: bytes) -> bool:
    """Tell whether ``salt`` and ``payload`` open the commitment.

    Raises:
        InvalidInputError: The salt is not 32 bytes.
    """
    return hmac.compare_digest(commit(tag, salt=salt, payload=payload), commitment)
