"""Vaults whose master keys are in memory."""

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from anchoring.core.errors import RejectedError
from backend.storage.vault import Vault, Wrapped, opened
from tests.support.model_organisation import digest


class MemoryMasterKeys:
    """Implements ``MasterKeys``; every key follows from a name and its number."""

    def __init__(self, name: str = "master") -> None:
        self._name = name
        self.keys = {1: digest(name, "1")}
        self._drawn = 0

    def current(self) -> int:
        return max(self.keys)

    def numbers(self) -> tuple[int, ...]:
        return tuple(sorted(self.keys))

    def renew(self) -> int:
        number = max(self.keys) + 1
        self.keys[number] = digest(self._name, str(number))
        return number

    def wrap(self, key: bytes, *, bound: bytes) -> Wrapped:
        number = self.current()
        self._drawn += 1
        nonce = self._drawn.to_bytes(12, "big")
        return Wrapped(number, nonce + AESGCM(self.keys[number]).encrypt(nonce, key, bound))

    def unwrap(self, wrapped: Wrapped, *, bound: bytes) -> bytes:
        if wrapped.master not in self.keys:
            raise RejectedError("memory", f"master key {wrapped.master} is not there")
        return opened(self.keys[wrapped.master], wrapped.content, bound=bound, what="key")

    def destroy(self, number: int) -> None:
        self.keys.pop(number, None)

    def mark(self, content: bytes) -> bytes:
        return digest("mark", content.hex())


def memory_vault() -> Vault:
    """Return a vault; all of them open what any of them sealed."""
    return Vault(MemoryMasterKeys())
