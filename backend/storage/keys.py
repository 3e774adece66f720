"""Secrets in files: each is created once, readable by its owner alone, and never replaced."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from anchoring.core.errors import MalformedError, UnavailableError
from anchoring.core.note import NoteSigner
from backend.domain.acts import Slug

KEY_BYTES: Final = 32
"""Length of every key, in bytes."""

TOKEN_BYTES: Final = 32
"""Randomness of the operator's token, in bytes."""


class KeyFiles:
    """The folder of secrets of a server.

    Durability: a secret is returned after its file is on stable storage. Concurrency: processes that
    create the same secret at the same time all get the one that was created first.

    Args:
        root: The folder; made, closed to others, if missing.

    Raises:
        UnavailableError: The folder cannot be made.
    """

    def __init__(self, root: Path) -> None:
        self._root: Final = root
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise UnavailableError(str(root), error.strerror or str(error)) from error

    @property
    def operator_path(self) -> Path:
        """File of the operator's token."""
        return self._root / "operator"

    def operator_token(self) -> str:
        """Return the token of who may found organisations, URL-safe text."""
        return self._secret("operator", lambda: secrets.token_urlsafe(TOKEN_BYTES))

    def identity_key(self) -> bytes:
        """Return the key of the identity hashes, 32 bytes."""
        return self._key("identity", prefix="")

    def faucet_key(self) -> bytes:
        """Return the private key that owns the funds of the embedded chain, 32 bytes."""
        return self._key("faucet", prefix="0x")

    def witness_key(self) -> bytes:
        """Return the Ed25519 seed that cosigns the logs of others, 32 bytes."""
        return self._key("witness", prefix="")

    def publisher_key(self, organisation: Slug) -> bytes:
        """Return the private key that anchors a ledger, 32 bytes."""
        return self._key(f"{organisation}.publisher", prefix="0x")

    def log_signer(self, organisation: Slug, *, origin: str) -> NoteSigner:
        """Return the key that signs the checkpoints of a ledger.

        Args:
            organisation: The organisation.
            origin: Origin of its ledger, the name of the key.

        Raises:
            MalformedError: The file holds no key, or that of another origin.
        """
        name = f"{organisation}.log"
        text = self._secret(
            name, lambda: NoteSigner.from_seed(origin, secrets.token_bytes(KEY_BYTES)).to_text()
        )
        signer = NoteSigner.from_text(text)
        if signer.name != origin:
            raise MalformedError(f"key file {name}", f"its key is named {signer.name}")
        return signer

    def _key(self, name: str, *, prefix: str) -> bytes:
        text = self._secret(name, lambda: prefix + secrets.token_hex(KEY_BYTES))
        try:
            key = bytes.fromhex(text.removeprefix(prefix))
        except ValueError as error:
            raise MalformedError(f"key file {name}", "not hexadecimal") from error
        if len(key) != KEY_BYTES:
            raise MalformedError(f"key file {name}", f"{len(key)} bytes, not {KEY_BYTES}")
        return key

    def _secret(self, name: str, create: Callable[[], str]) -> str:
        path = self._root / name
        try:
            if not path.exists():
                self._create(path, create())
            return path.read_text("ascii").strip()
        except OSError as error:
            raise UnavailableError(str(path), error.strerror or str(error)) from error

    def _create(self, path: Path, text: str) -> None:
        """Write whole under another name, then link: who loses a race keeps the winner's secret."""
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"{text}\n")
                file.flush()
                os.fsync(file.fileno())
            try:
                path.hardlink_to(temporary)
            except FileExistsError:
                return
        finally:
            temporary.unlink()
        folder = os.open(self._root, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
