"""Finding members by their e-mail address without an index of addresses in the database.

What is kept is HMAC-SHA-256 of the normalised address under the identity key, which is held apart from the
database: nobody without the key can look an address up.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from typing import Final, Protocol

from backend.domain.acts import MemberId, Slug

ADDRESS_FACT: Final = "email"
"""Name of the declared fact that is an e-mail address."""

MAX_ADDRESS_LENGTH: Final = 254
"""Longest address, in characters (RFC 5321, section 4.5.3.1.3, less the angle brackets)."""

_TAG: Final = "login-address"


class LoginAddresses(Protocol):
    """Members by the keyed hash of their address."""

    def members(self, slug: Slug, address: bytes) -> tuple[MemberId, ...]:
        """Return who declared an address, by pseudonym; people of one household may share one.

        Args:
            slug: The organisation.
            address: From ``address_hash``.
        """
        ...


def address_hash(address: str, *, key: bytes) -> bytes:
    """Return the keyed hash of an address, 32 bytes; case, outer spaces and Unicode forms do not matter.

    Args:
        address: As somebody wrote it.
        key: 32 bytes.
    """
    normalised = unicodedata.normalize("NFKC", address).strip().casefold()
    content = f"{_TAG}\x1f{normalised}"
    return hmac.digest(key, content.encode("utf-8", errors="surrogatepass"), hashlib.sha256)


def declared_address(facts: Mapping[str, str], *, key: bytes) -> bytes | None:
    """Return the keyed hash of the address among declared facts, None where there is none.

    Args:
        facts: Declared facts by name.
        key: 32 bytes.
    """
    address = facts.get(ADDRESS_FACT, "").strip()
    return address_hash(address, key=key) if address else None
