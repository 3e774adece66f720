"""Sealing short texts that the database keeps for a time: a copy without the key tells nothing of them.

AES-256-GCM (NIST SP 800-38D) with a random nonce; a text is bound to its place and opens nowhere else.
"""

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES: Final = 12
"""SP 800-38D, 8.2: the length for which the counter starts without hashing."""


class Sealer:
    """Seals and opens texts.

    Args:
        key: 32 bytes, held apart from the database.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher: Final = AESGCM(key)

    def seal(self, text: str, *, bound: str) -> str:
        """Return a sealed text, hex.

        Args:
            text: The text.
            bound: Its place; it opens only there.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return (nonce + self._cipher.encrypt(nonce, text.encode(), bound.encode())).hex()

    def open(self, sealed: str, *, bound: str) -> str | None:
        """Return the text; None where it was sealed under another key, for another place, or is damaged."""
        content = bytes.fromhex(sealed)
        nonce, rest = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, rest, bound.encode()).decode()
        except InvalidTag:
            return None
