"""Master keys in the folder of secrets: each is made from a seed that is sealed like the other keys.

A master key is HKDF-SHA-256 of its seed (RFC 5869), so that the seed serves for nothing else. It opens
without a person wherever the server's other keys do: the passphrase of the folder opens all of them.

Source: https://www.rfc-editor.org/rfc/rfc5869
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from anchoring.core.errors import RejectedError
from backend.storage.keys import KEY_BYTES, KeyFiles
from backend.storage.vault import NONCE_BYTES, Wrapped, opened

_PURPOSE: Final = b"psephos/vault/master/v1"


class FileMasterKeys:
    """Implements ``MasterKeys`` over the folder of secrets of a server.

    Args:
        keys: The folder.
        draw: Gives random bytes of a length.
    """

    def __init__(self, keys: KeyFiles, draw: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._keys: Final = keys
        self._draw: Final = draw
        self._known: Final[dict[int, bytes]] = {}

    def current(self) -> int:
        """Return the number of the newest master key; the first is made where there is none."""
        numbers = self.numbers()
        return numbers[-1] if numbers else self.renew()

    def numbers(self) -> tuple[int, ...]:
        """Return the numbers of the master keys that are there, ascending."""
        return self._keys.vault_numbers()

    def renew(self) -> int:
        """Make a master key that wraps from now on, and return its number."""
        number = max(self.numbers(), default=0) + 1
        self._master(number)
        return number

    def wrap(self, key: bytes, *, bound: bytes) -> Wrapped:
        """Return a key wrapped under the newest master key."""
        number, nonce = self.current(), self._draw(NONCE_BYTES)
        return Wrapped(number, nonce + AESGCM(self._master(number)).encrypt(nonce, key, bound))

    def unwrap(self, wrapped: Wrapped, *, bound: bytes) -> bytes:
        """Return a wrapped key.

        Raises:
            RejectedError: That master key is not there.
            VerificationError: It was wrapped under another key, changed, or bound to something else.
        """
        if wrapped.master not in self._known and wrapped.master not in self.numbers():
            raise RejectedError("the folder of keys", f"master key {wrapped.master} is not there")
        key = self._master(wrapped.master)
        return opened(key, wrapped.content, bound=bound, what="key of a person")

    def destroy(self, number: int) -> None:
        """Overwrite and remove a master key; harmless to repeat."""
        self._known.pop(number, None)
        self._keys.destroy_vault_seed(number)

    def mark(self, content: bytes) -> bytes:
        """Return a keyed hash, 32 bytes: HMAC-SHA-256 under a key of its own."""
        return hmac.digest(self._keys.erasure_key(), content, hashlib.sha256)

    def _master(self, number: int) -> bytes:
        if number not in self._known:
            seed = self._keys.vault_seed(number)
            derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=_PURPOSE)
            self._known[number] = derivation.derive(seed)
        return self._known[number]
