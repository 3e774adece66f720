"""A publisher's key in a keystore file, version 3 with scrypt; the decrypted key stays in memory only.

Source: https://ethereum.org/en/developers/docs/data-structures-and-encoding/web3-secret-storage/
"""

import json
import re
from typing import Final

from eth_account import Account
from eth_account.signers.local import LocalAccount

from anchoring.adapters.signer_local import LocalSigner
from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.json_fields import Fields, read_object
from anchoring.core.key_file import check_passphrase
from anchoring.core.types import Address

MAX_KEYSTORE_BYTES: Final = 4096
"""Longest file read, in bytes; one takes about 600."""

MIN_ROUNDS: Final = 2**12
"""Least rounds of scrypt: enough where the passphrase is 256 random bits."""

FULL_ROUNDS: Final = 2**18
"""Rounds for passphrases that people choose, those of geth's standard keystores: they take 256 MiB."""

_VERSION: Final = 3
_CIPHER: Final = "aes-128-ctr"
_KDF: Final = "scrypt"
_KEY_LENGTH: Final = 32
_BLOCK_SIZE: Final = 8
_MAX_PARALLELISM: Final = 8
_MAX_SALT_LENGTH: Final = 64
_HEX: Final = re.compile(r"([0-9a-f]{2})+")
_ADDRESS: Final = re.compile(r"(0x)?[0-9a-fA-F]{40}")


class KeystoreSigner(LocalSigner):
    """A key decrypted from a keystore file; implements ``TransactionSigner``.

    Args:
        keystore: The file, at most ``MAX_KEYSTORE_BYTES``.
        passphrase: 1 to 1024 bytes of UTF-8.

    Raises:
        MalformedError: As ``open_keystore``.
        VerificationError: As ``open_keystore``.
    """

    def __init__(self, keystore: bytes, passphrase: bytes) -> None:
        super().__init__(open_keystore(keystore, passphrase))


def seal_keystore(key: bytes, passphrase: bytes, *, rounds: int) -> bytes:
    """Return a keystore file with fresh salt and counter.

    Args:
        key: secp256k1 private key, 32 bytes.
        passphrase: 1 to 1024 bytes of UTF-8.
        rounds: Rounds of scrypt, a power of two, ``MIN_ROUNDS`` to ``FULL_ROUNDS``.

    Raises:
        MalformedError: An argument is out of bounds.
    """
    check_passphrase(passphrase)
    if len(key) != _KEY_LENGTH:
        raise MalformedError("private key", f"{len(key)} bytes, not {_KEY_LENGTH}")
    if not MIN_ROUNDS <= rounds <= FULL_ROUNDS or rounds & (rounds - 1):
        raise MalformedError("keystore rounds", f"{rounds} is no power of two within bounds")
    members = Account.encrypt(key, passphrase.decode(), kdf=_KDF, iterations=rounds)
    return f"{json.dumps(members, indent=2)}\n".encode("ascii")


def read_keystore_address(keystore: bytes) -> Address:
    """Return the address that a keystore states; needs no passphrase and proves nothing.

    Raises:
        MalformedError: As ``open_keystore``, or it states no address.
    """
    fields = read_object(keystore, what="keystore", max_bytes=MAX_KEYSTORE_BYTES)
    fields.integer("version", minimum=_VERSION, maximum=_VERSION)
    address = fields.text("address", max_length=42)
    if not _ADDRESS.fullmatch(address):
        raise MalformedError("keystore.address", "not 40 hexadecimal digits")
    fields.text("id", max_length=64)
    _check_crypto(fields.object("crypto"))
    fields.end()
    return Address(bytes.fromhex(address[-40:]))


def open_keystore(keystore: bytes, passphrase: bytes) -> LocalAccount:
    """Return the account of a keystore file.

    Raises:
        MalformedError: Not a keystore of version 3 with scrypt, one that asks for more memory or time
            than ``FULL_ROUNDS`` with 8 lanes, or a passphrase out of bounds.
        VerificationError: Another passphrase, a changed file, or an address that is not the key's.
    """
    stated = read_keystore_address(keystore)
    check_passphrase(passphrase)
    try:
        account: LocalAccount = Account.from_key(
            Account.decrypt(keystore.decode(), passphrase.decode())
        )
    except ValueError as error:
        raise VerificationError(
            "keystore.passphrase",
            expected="the passphrase that sealed the key, and the file as it was written",
            found="another passphrase or a changed file",
        ) from error
    found = bytes.fromhex(account.address[2:])
    if found != stated:
        raise VerificationError(
            "keystore.address", expected=f"0x{stated.hex()}", found=f"0x{found.hex()}"
        )
    return account


def _check_crypto(fields: Fields) -> None:
    """Refuse other algorithms, and work that only serves to exhaust whoever opens the file."""
    _check_word(fields, "cipher", _CIPHER)
    _check_word(fields, "kdf", _KDF)
    _check_hex(fields, "ciphertext", length=_KEY_LENGTH)
    _check_hex(fields, "mac", length=_KEY_LENGTH)
    counter = fields.object("cipherparams")
    _check_hex(counter, "iv", length=16)
    counter.end()
    params = fields.object("kdfparams")
    params.integer("dklen", minimum=_KEY_LENGTH, maximum=_KEY_LENGTH)
    rounds = params.integer("n", minimum=MIN_ROUNDS, maximum=FULL_ROUNDS)
    if rounds & (rounds - 1):
        raise MalformedError("keystore.crypto.kdfparams.n", "no power of two")
    params.integer("r", minimum=_BLOCK_SIZE, maximum=_BLOCK_SIZE)
    params.integer("p", minimum=1, maximum=_MAX_PARALLELISM)
    salt = params.text("salt", max_length=2 * _MAX_SALT_LENGTH)
    if not _HEX.fullmatch(salt):
        raise MalformedError("keystore.crypto.kdfparams.salt", "not lowercase hexadecimal")
    params.end()
    fields.end()


def _check_word(fields: Fields, key: str, expected: str) -> None:
    found = fields.text(key, max_length=32)
    if found != expected:
        raise MalformedError(f"keystore.crypto.{key}", f"{found} where {expected} is required")


def _check_hex(fields: Fields, key: str, *, length: int) -> None:
    text = fields.text(key, max_length=2 * length)
    if len(text) != 2 * length or not _HEX.fullmatch(text):
        raise MalformedError(f"keystore.{key}", f"not {2 * length} lowercase hexadecimal digits")
