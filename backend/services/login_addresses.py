"""Finding members by their e-mail address without an index of addresses in the database.

What is kept is HMAC-SHA-256 of the normalised address under the identity key, which is held apart from the
database: nobody without the key can look an address up.
"""

import unicodedata
from collections.abc import Mapping
from typing import Final, Protocol

from backend.domain.acts import MemberId, Slug
from backend.services.identity import IdentityHashes

ADDRESS_FACT: Final = "email"
"""Name of the declared fact that is an e-mail address."""

MAX_ADDRESS_LENGTH: Final = 254
"""Longest address, in characters (RFC 5321, section 4.5.3.1.3, less the angle brackets)."""

_KIND: Final = "login-address"


class LoginAddresses(Protocol):
    """Members by the keyed hash of their address."""

    def members(self, slug: Slug, address: bytes) -> tuple[MemberId, ...]:
        """Return who declared an address, by pseudonym; people of one household may share one.

        Args:
            slug: The organisation.
            address: From ``address_hash``.
        """
        ...


def address_hash(address: str, hashes: IdentityHashes) -> bytes:
    """Return the keyed hash of an address, 32 bytes; case, outer spaces and Unicode forms do not matter.

    Args:
        address: As somebody wrote it.
        hashes: Who holds the key.

    Raises:
        UnavailableError: A key service did not answer.
    """
    normalised = unicodedata.normalize("NFKC", address).strip().casefold()
    return hashes.digest(_KIND, normalised.encode("utf-8", errors="surrogatepass"))


def declared_address(facts: Mapping[str, str], hashes: IdentityHashes) -> bytes | None:
    """Return the keyed hash of the address among declared facts, None where there is none.

    Args:
        facts: Declared facts by name.
        hashes: Who holds the key.

    Raises:
        UnavailableError: A key service did not answer.
    """
    address = facts.get(ADDRESS_FACT, "").strip()
    return address_hash(address, hashes) if address else None
