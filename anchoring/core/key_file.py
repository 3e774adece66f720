"""The file of a log key: an Ed25519 seed under a passphrase, its public side in clear.

The version fixes the algorithms: scrypt (RFC 7914) with r = 8 and p = 1 makes the key of AES-256-GCM
(NIST SP 800-38D) that seals the seed; the public key is bound as associated data, so that a file cannot
be given another. Salt and nonce are arguments: this module draws nothing.

Sources: https://www.rfc-editor.org/rfc/rfc7914, https://doi.org/10.6028/NIST.SP.800-38D
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.json_fields import Fields, read_object, write_object
from anchoring.core.note import KEY_BYTES, NoteSigner, NoteVerifier
from anchoring.core.trust import MAX_KEY_LENGTH

KEY_FILE_FORMAT: Final = "psephos-log-key"
"""Name of the format; the field ``format`` adds a slash and the version."""

KEY_FILE_VERSION: Final = 1
"""Version written, and the only one read."""

MAX_KEY_FILE_BYTES: Final = 4096
"""Longest file, in bytes: one with the longest verifier key takes about 900."""

SALT_BYTES: Final = 32
"""Length of the scrypt salt, in bytes."""

NONCE_BYTES: Final = 12
"""Length of the AES-GCM nonce, in bytes; fresh for each file, as the salt is."""

MIN_COST: Final = 12
"""Least cost: 2**12 rounds take 4 MiB, enough where the passphrase is 256 random bits."""

FULL_COST: Final = 17
"""Cost for passphrases that people choose: 2**17 rounds take 128 MiB
(https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt)."""

MAX_COST: Final = 18
"""Greatest cost accepted: 2**18 rounds take 256 MiB, and a file must not choose how much memory goes."""

MAX_PASSPHRASE_BYTES: Final = 1024
"""Longest passphrase, in bytes."""

_BLOCK_SIZE: Final = 8
_PARALLELISM: Final = 1
_TAG_BYTES: Final = 16


def seal_log_key(
    signer: NoteSigner, passphrase: bytes, *, salt: bytes, nonce: bytes, cost: int
) -> bytes:
    """Return the file of a log key; ``open_log_key`` gives ``signer`` back.

    Args:
        signer: The key.
        passphrase: 1 to ``MAX_PASSPHRASE_BYTES`` bytes of UTF-8.
        salt: ``SALT_BYTES`` fresh random bytes.
        nonce: ``NONCE_BYTES`` fresh random bytes.
        cost: Binary logarithm of the rounds of scrypt, ``MIN_COST`` to ``MAX_COST``.

    Raises:
        MalformedError: A length or the cost is out of bounds.
    """
    for what, value, length in (("salt", salt, SALT_BYTES), ("nonce", nonce, NONCE_BYTES)):
        if len(value) != length:
            raise MalformedError(f"log key {what}", f"{len(value)} bytes, not {length}")
    if not MIN_COST <= cost <= MAX_COST:
        raise MalformedError("log key cost", f"{cost} is not in {MIN_COST}..{MAX_COST}")
    vkey = signer.verifier.to_text()
    sealed = AESGCM(_stretch(passphrase, salt, cost)).encrypt(nonce, signer.seed, _bound(vkey))
    data = write_object(
        {
            "format": f"{KEY_FILE_FORMAT}/{KEY_FILE_VERSION}",
            "logKey": vkey,
            "cost": cost,
            "salt": f"0x{salt.hex()}",
            "nonce": f"0x{nonce.hex()}",
            "sealed": f"0x{sealed.hex()}",
        }
    )
    # What reading refuses is never written.
    read_log_key(data)
    return data


def read_log_key(data: bytes) -> NoteVerifier:
    """Return the public key that a file states; needs no passphrase and proves nothing.

    Raises:
        MalformedError: Not the format.
        UnsupportedError: Another version of it, or a key of another algorithm.
    """
    fields = _fields(data)
    verifier = _verifier(fields)
    _secrets(fields)
    return verifier


def open_log_key(data: bytes, passphrase: bytes) -> NoteSigner:
    """Return the key that a file holds.

    Args:
        data: The file, at most ``MAX_KEY_FILE_BYTES``.
        passphrase: 1 to ``MAX_PASSPHRASE_BYTES`` bytes of UTF-8.

    Raises:
        MalformedError: Not the format, or a passphrase of no such length.
        UnsupportedError: Another version of it, or a key of another algorithm.
        VerificationError: Another passphrase, a changed file, or a public key that is not the seed's.
    """
    fields = _fields(data)
    verifier = _verifier(fields)
    cost, salt, nonce, sealed = _secrets(fields)
    key = _stretch(passphrase, salt, cost)
    try:
        seed = AESGCM(key).decrypt(nonce, sealed, _bound(verifier.to_text()))
    except InvalidTag as error:
        raise VerificationError(
            "log key.passphrase",
            expected="the passphrase that sealed the key, and the file as it was written",
            found="another passphrase or a changed file",
        ) from error
    signer = NoteSigner(verifier.name, seed)
    if signer.verifier != verifier:
        raise VerificationError(
            "log key.public key", expected=verifier.to_text(), found=signer.verifier.to_text()
        )
    return signer


def check_passphrase(passphrase: bytes) -> None:
    """Check length and encoding of a passphrase.

    Raises:
        MalformedError: Empty, longer than ``MAX_PASSPHRASE_BYTES``, or not UTF-8: other software that
            opens keystores takes text.
    """
    if not 1 <= len(passphrase) <= MAX_PASSPHRASE_BYTES:
        raise MalformedError(
            "passphrase", f"{len(passphrase)} bytes, not 1..{MAX_PASSPHRASE_BYTES}"
        )
    try:
        passphrase.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError("passphrase", "not UTF-8") from error


def _fields(data: bytes) -> Fields:
    fields = read_object(data, what="log key", max_bytes=MAX_KEY_FILE_BYTES)
    fields.version(KEY_FILE_FORMAT, supported=KEY_FILE_VERSION)
    return fields


def _verifier(fields: Fields) -> NoteVerifier:
    return NoteVerifier.from_text(fields.text("logKey", max_length=MAX_KEY_LENGTH))


def _secrets(fields: Fields) -> tuple[int, bytes, bytes, bytes]:
    """Cost, salt, nonce and sealed seed; nothing else may follow."""
    cost = fields.integer("cost", minimum=MIN_COST, maximum=MAX_COST)
    salt = fields.hex("salt", length=SALT_BYTES)
    nonce = fields.hex("nonce", length=NONCE_BYTES)
    sealed = fields.hex("sealed", length=KEY_BYTES + _TAG_BYTES)
    fields.end()
    return cost, salt, nonce, sealed


def _stretch(passphrase: bytes, salt: bytes, cost: int) -> bytes:
    check_passphrase(passphrase)
    return Scrypt(salt=salt, length=KEY_BYTES, n=1 << cost, r=_BLOCK_SIZE, p=_PARALLELISM).derive(
        passphrase
    )


def _bound(vkey: str) -> bytes:
    return f"{KEY_FILE_FORMAT}/{KEY_FILE_VERSION}\n{vkey}\n".encode()
