"""Keyed hashes of what identifies somebody: equal people are found without keeping an index of names.

Every attribute of ``domain.identity`` has a hash of its own, HMAC-SHA-256 under a key that is held apart
from the database. The organisation is part of what is hashed, so that nobody who reads the database of a
server sees that one person belongs to two of its organisations. A hit never refuses anyone: see
``services.duplicates``.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from anchoring.core.canonical import canonical_json
from backend.domain.acts import Slug
from backend.domain.identity.attributes import Attribute, AttributeKind

_DOMAIN: Final = b"psephos-identity/1"
_SEPARATOR: Final = b"\x1f"


@dataclass(frozen=True, slots=True)
class IdentityDigest:
    """The keyed hash of one attribute."""

    kind: AttributeKind
    """Kind of the attribute."""
    digest: bytes
    """32 bytes."""


class IdentityHashes(Protocol):
    """Whoever holds the key of the identity hashes: a file beside the server, or a key service.

    Trust: the holder sees what is hashed, and nobody else may. The same question always has the same answer,
    so questions may be repeated; changing the key means hashing every record again.
    """

    def digest(self, kind: str, payload: bytes) -> bytes:
        """Return the keyed hash of a payload, 32 bytes.

        Args:
            kind: Keeps payloads of different kinds apart, ASCII.
            payload: What is hashed.

        Raises:
            UnavailableError: A key service did not answer.
        """
        ...


class KeyedHashes:
    """Implements ``IdentityHashes`` with a key in memory.

    Args:
        key: 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._key: Final = key

    def digest(self, kind: str, payload: bytes) -> bytes:
        """Return the keyed hash of a payload, 32 bytes."""
        return hmac.digest(
            self._key, _SEPARATOR.join((_DOMAIN, kind.encode(), payload)), hashlib.sha256
        )


def identity_digests(
    hashes: IdentityHashes, slug: Slug, attributes: Iterable[Attribute]
) -> tuple[IdentityDigest, ...]:
    """Return the hashes of attributes, in their order.

    Args:
        hashes: Who holds the key.
        slug: The organisation.
        attributes: What identifies somebody.

    Raises:
        UnavailableError: Whoever holds the key did not answer.
    """
    place = slug.encode() + _SEPARATOR
    return tuple(
        IdentityDigest(each.kind, hashes.digest(each.kind, place + each.payload))
        for each in attributes
    )


def declaration_payload(facts: Mapping[str, str], consents: Mapping[str, int]) -> bytes:
    """Return the bytes to which the ledger's ``person`` commitment commits.

    Args:
        facts: Declared facts by name.
        consents: Purposes that were given, each with the version of its words.

    Raises:
        MalformedError: A name outside ASCII, or text that is no text.
    """
    return canonical_json({"consents": dict(consents), "facts": dict(facts)})
