"""Secrets in files: each is created once, readable by its owner alone, and never replaced.

Signing keys are sealed under one passphrase (``backend.storage.passphrases``): log keys as
``anchoring.core.key_file`` says, accounts as keystores. What a file says of its public side is read
without the passphrase.
"""

import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from anchoring.adapters.signer_keystore import (
    FULL_ROUNDS,
    MIN_ROUNDS,
    open_keystore,
    read_keystore_address,
    seal_keystore,
)
from anchoring.core.errors import MalformedError, RejectedError, UnavailableError
from anchoring.core.key_file import (
    FULL_COST,
    MIN_COST,
    NONCE_BYTES,
    SALT_BYTES,
    open_log_key,
    read_log_key,
    seal_log_key,
)
from anchoring.core.note import NoteSigner, NoteVerifier
from anchoring.core.types import Address
from backend.domain.acts import Slug
from backend.storage.passphrases import Passphrase, Passphrases
from backend.storage.secret_files import create_secret, destroy_secret, read_secret

KEY_BYTES: Final = 32
"""Length of every key, in bytes."""

TOKEN_BYTES: Final = 32
"""Randomness of the operator's token, in bytes."""

WITNESS_NAME: Final = "witness"
"""Name under which the seed that cosigns other logs is sealed."""

VAULT_NAME: Final = "vault"
"""Name under which the seeds of master keys are sealed, each in a file that adds its number."""

_FAUCET: Final = "faucet"
_SEALED_NAMES: Final = (
    _FAUCET,
    WITNESS_NAME,
    "*.log",
    "*.log.*",
    "*.publisher",
    "*.publisher.*",
    "vault.*",
)


class KeyFiles:
    """The folder of secrets of a server; decrypted keys stay in memory, each opened once.

    Durability: a secret is returned after its file is on stable storage. Concurrency: processes that
    create the same secret at the same time all get the one that was created first.

    Args:
        root: The folder; made, closed to others, if missing.
        passphrase_file: File whose first line opens and seals the keys; without one, see ``Passphrases``.
        may_draw: Whether a passphrase may be drawn for a folder without keys.
        ask: Asks a person for the passphrase, given whether it is new; None where nobody is there.

    Raises:
        UnavailableError: The folder cannot be made.
    """

    def __init__(
        self,
        root: Path,
        *,
        passphrase_file: Path | None = None,
        may_draw: bool = True,
        ask: Callable[[bool], str] | None = None,
    ) -> None:
        self._root: Final = root
        self._passphrases: Final = Passphrases(
            root, file=passphrase_file, may_draw=may_draw, ask=ask
        )
        self._accounts: Final[dict[str, bytes]] = {}
        self._signers: Final[dict[str, NoteSigner]] = {}
        self._lock: Final = threading.Lock()
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
        return self._plain("operator", lambda: secrets.token_urlsafe(TOKEN_BYTES))

    def identity_key(self) -> bytes:
        """Return the key of the identity hashes, 32 bytes."""
        return self._plain_key("identity")

    def post_key(self) -> bytes:
        """Return the key that seals what letters open while they wait, 32 bytes."""
        return self._plain_key("post")

    def erasure_key(self) -> bytes:
        """Return the key of the marks by which a restored backup tells who was erased, 32 bytes."""
        return self._plain_key("erasures")

    def vault_numbers(self) -> tuple[int, ...]:
        """Return the numbers of the master keys that are there, ascending; needs no passphrase."""
        suffixes = (path.suffix[1:] for path in self._root.glob(f"{VAULT_NAME}.*"))
        return tuple(sorted(int(each) for each in suffixes if each.isdecimal()))

    def vault_seed(self, number: int) -> bytes:
        """Return the seed of a master key, 32 bytes; made if missing; see ``log_signer``."""
        return self._signer(f"{VAULT_NAME}.{number}", VAULT_NAME).seed

    def destroy_vault_seed(self, number: int) -> None:
        """Overwrite and remove the seed of a master key; harmless to repeat.

        Raises:
            UnavailableError: The file cannot be written or removed.
        """
        name = f"{VAULT_NAME}.{number}"
        with self._lock:
            destroy_secret(self._root / name)
            self._signers.pop(name, None)

    def faucet_key(self) -> bytes:
        """Return the private key that owns the funds of the embedded chain, 32 bytes; see ``log_signer``."""
        return self._account_key(_FAUCET)

    def witness_key(self) -> bytes:
        """Return the Ed25519 seed that cosigns the logs of others, 32 bytes; see ``log_signer``."""
        return self._signer(WITNESS_NAME, WITNESS_NAME).seed

    def publisher_key(self, organisation: Slug) -> bytes:
        """Return the private key that anchors a ledger, 32 bytes; made if missing; see ``log_signer``."""
        return self._account_key(f"{organisation}.publisher")

    def publisher_address(self, organisation: Slug) -> Address:
        """Return the account that anchors a ledger, 20 bytes; its key is made if missing.

        Raises:
            MalformedError: The file holds no sealed key.
            UnavailableError: It cannot be read, or made.
        """
        name = f"{organisation}.publisher"
        sealed = self._read_sealed(name)
        if sealed is None:
            sealed = self._create_account(name)
        return read_keystore_address(sealed)

    def next_publisher(self, organisation: Slug) -> Address:
        """Make an account that may take over from a ledger's, and return it; see ``log_signer``.

        Raises:
            RejectedError: The ledger has no account that it could take over from.
        """
        if self.public_publisher(organisation) is None:
            raise RejectedError("the folder of keys", f"{organisation}.publisher is not there")
        sealed = self._sealed_account(secrets.token_bytes(KEY_BYTES))
        address = read_keystore_address(sealed)
        self._create_sealed(_publisher_name(organisation, address), sealed)
        return address

    def holds_publisher(self, organisation: Slug, publisher: Address) -> bool:
        """Tell whether the key of an account of a ledger is there; raises as ``publisher_address``."""
        return self._publisher_file(organisation, publisher) is not None

    def publisher_key_of(self, organisation: Slug, publisher: Address) -> bytes:
        """Return the private key of an account of a ledger, 32 bytes; see ``log_signer``.

        Raises:
            RejectedError: It is not there.
        """
        name = self._publisher_file(organisation, publisher)
        if name is None:
            raise RejectedError(
                "the folder of keys", f"the key of publisher 0x{publisher.hex()} is not there"
            )
        return self._account_key(name)

    def log_signer(self, organisation: Slug, *, origin: str) -> NoteSigner:
        """Return the key that signs the checkpoints of a ledger; made if missing.

        Args:
            organisation: The organisation.
            origin: Origin of its ledger, the name of the key.

        Raises:
            MalformedError: The file holds no sealed key, or that of another origin.
            UnavailableError: It cannot be read or made, or nobody tells the passphrase.
            VerificationError: The passphrase does not open it.
        """
        return self._signer(f"{organisation}.log", origin)

    def log_verifier(self, organisation: Slug, *, origin: str) -> NoteVerifier:
        """Return the public side of the key that signs the checkpoints of a ledger; made if missing.

        Raises:
            MalformedError: The file holds no sealed key, or that of another origin.
            UnavailableError: It cannot be read or made.
        """
        name = f"{organisation}.log"
        sealed = self._read_sealed(name)
        if sealed is None:
            sealed = self._create_log_key(name, origin)
        return _named(name, read_log_key(sealed), origin)

    def next_log_key(self, organisation: Slug, *, origin: str) -> NoteVerifier:
        """Make a key that may take over from a ledger's, and return its public side; see ``log_signer``.

        Raises:
            RejectedError: The ledger has no key that it could take over from.
        """
        first = self.public_log_key(organisation)
        if first is None:
            raise RejectedError("the folder of keys", f"{organisation}.log is not there")
        _named(f"{organisation}.log", first, origin)
        signer = NoteSigner.from_seed(origin, secrets.token_bytes(KEY_BYTES))
        name = _rotated_name(organisation, signer.verifier)
        return read_log_key(self._create_sealed(name, self._sealed(signer)))

    def rotated_log_signer(self, organisation: Slug, verifier: NoteVerifier) -> NoteSigner:
        """Return a key made by ``next_log_key``.

        Raises:
            RejectedError: It is not there.
            MalformedError: As ``log_signer``.
            UnavailableError: As ``log_signer``.
            VerificationError: As ``log_signer``.
        """
        if not self.holds_log_key(organisation, verifier):
            raise RejectedError("the folder of keys", f"{verifier.to_text()} is not there")
        return self._signer(_rotated_name(organisation, verifier), verifier.name)

    def holds_log_key(self, organisation: Slug, verifier: NoteVerifier) -> bool:
        """Tell whether a key made by ``next_log_key`` is there; raises as ``log_verifier``."""
        sealed = self._read_sealed(_rotated_name(organisation, verifier))
        return sealed is not None and read_log_key(sealed) == verifier

    def public_log_key(self, organisation: Slug) -> NoteVerifier | None:
        """Return the public side of a ledger's key, None while there is none; raises as ``log_verifier``."""
        sealed = self._read_sealed(f"{organisation}.log")
        return None if sealed is None else read_log_key(sealed)

    def public_publisher(self, organisation: Slug) -> Address | None:
        """Return the account of a ledger, None while there is none; raises as ``publisher_address``."""
        sealed = self._read_sealed(f"{organisation}.publisher")
        return None if sealed is None else read_keystore_address(sealed)

    def make_log_key(self, organisation: Slug, *, origin: str) -> NoteVerifier:
        """Make the key of a ledger before it is needed; see ``log_signer``.

        Raises:
            RejectedError: It is there.
        """
        self._check_missing(f"{organisation}.log")
        return read_log_key(self._create_log_key(f"{organisation}.log", origin))

    def make_publisher_key(self, organisation: Slug) -> Address:
        """Make the account that anchors a ledger before it is needed; see ``log_signer``.

        Raises:
            RejectedError: It is there.
        """
        self._check_missing(f"{organisation}.publisher")
        return read_keystore_address(self._create_account(f"{organisation}.publisher"))

    def _publisher_file(self, organisation: Slug, publisher: Address) -> str | None:
        for name in (_publisher_name(organisation, publisher), f"{organisation}.publisher"):
            sealed = self._read_sealed(name)
            if sealed is not None and read_keystore_address(sealed) == publisher:
                return name
        return None

    def _account_key(self, name: str) -> bytes:
        with self._lock:
            if name not in self._accounts:
                sealed = self._read_sealed(name) or self._create_account(name)
                self._accounts[name] = bytes(open_keystore(sealed, self._passphrase().secret).key)
            return self._accounts[name]

    def _signer(self, name: str, key_name: str) -> NoteSigner:
        with self._lock:
            if name not in self._signers:
                sealed = self._read_sealed(name) or self._create_log_key(name, key_name)
                _named(name, read_log_key(sealed), key_name)
                self._signers[name] = open_log_key(sealed, self._passphrase().secret)
            return self._signers[name]

    def _create_account(self, name: str) -> bytes:
        return self._create_sealed(name, self._sealed_account(secrets.token_bytes(KEY_BYTES)))

    def _sealed_account(self, key: bytes) -> bytes:
        passphrase = self._proven_passphrase()
        rounds = MIN_ROUNDS if passphrase.drawn else FULL_ROUNDS
        return seal_keystore(key, passphrase.secret, rounds=rounds)

    def _create_log_key(self, name: str, key_name: str) -> bytes:
        signer = NoteSigner.from_seed(key_name, secrets.token_bytes(KEY_BYTES))
        return self._create_sealed(name, self._sealed(signer))

    def _sealed(self, signer: NoteSigner) -> bytes:
        passphrase = self._proven_passphrase()
        return seal_log_key(
            signer,
            passphrase.secret,
            salt=secrets.token_bytes(SALT_BYTES),
            nonce=secrets.token_bytes(NONCE_BYTES),
            cost=MIN_COST if passphrase.drawn else FULL_COST,
        )

    def _passphrase(self) -> Passphrase:
        return self._passphrases.get(first=self._any_sealed() is None, create=create_secret)

    def _proven_passphrase(self) -> Passphrase:
        """Return the passphrase after it opened a key that is there: all keys have the same one."""
        passphrase = self._passphrase()
        name = self._any_sealed()
        if name is not None and not self._accounts and not self._signers:
            sealed = self._read_sealed(name) or b""
            open_key = open_keystore if b'"crypto"' in sealed else open_log_key
            open_key(sealed, passphrase.secret)
        return passphrase

    def _any_sealed(self) -> str | None:
        found = (path.name for name in _SEALED_NAMES for path in self._root.glob(name))
        return min((name for name in found if not name.startswith(".")), default=None)

    def _check_missing(self, name: str) -> None:
        if (self._root / name).exists():
            raise RejectedError(
                "the folder of keys", f"{name} is there, and keys are never replaced"
            )

    def _read_sealed(self, name: str) -> bytes | None:
        """Content of a sealed file, None where it is missing; a key in clear is refused."""
        content = read_secret(self._root / name)
        if content is not None and not content.startswith(b"{"):
            raise MalformedError(
                f"key file {name}",
                "not encrypted: keys of the earlier layout are not taken over, make a new data folder",
            )
        return content

    def _create_sealed(self, name: str, sealed: bytes) -> bytes:
        """Store a sealed key and return the stored one, which another process may have created first."""
        create_secret(self._root / name, sealed)
        return self._read_sealed(name) or sealed

    def _plain_key(self, name: str) -> bytes:
        text = self._plain(name, lambda: secrets.token_hex(KEY_BYTES))
        try:
            key = bytes.fromhex(text)
        except ValueError as error:
            raise MalformedError(f"key file {name}", "not hexadecimal") from error
        if len(key) != KEY_BYTES:
            raise MalformedError(f"key file {name}", f"{len(key)} bytes, not {KEY_BYTES}")
        return key

    def _plain(self, name: str, create: Callable[[], str]) -> str:
        path = self._root / name
        if not path.exists():
            create_secret(path, f"{create()}\n".encode("ascii"))
        content = read_secret(path) or b""
        try:
            return content.decode("ascii").strip()
        except UnicodeDecodeError as error:
            raise MalformedError(f"key file {name}", "not ASCII") from error


def _rotated_name(organisation: Slug, verifier: NoteVerifier) -> str:
    return f"{organisation}.log.{verifier.key_id.hex()}"


def _publisher_name(organisation: Slug, publisher: Address) -> str:
    return f"{organisation}.publisher.{publisher.hex()}"


def _named(file: str, verifier: NoteVerifier, name: str) -> NoteVerifier:
    if verifier.name != name:
        raise MalformedError(f"key file {file}", f"its key is named {verifier.name}, not {name}")
    return verifier
