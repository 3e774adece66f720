"""Encrypted files of log keys: only the passphrase opens them, and no byte of them changes unseen."""

import hashlib
import json

import pytest
from Crypto.Cipher import AES
from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.errors import MalformedError, UnsupportedError, VerificationError
from anchoring.core.key_file import (
    FULL_COST,
    MAX_COST,
    MAX_KEY_FILE_BYTES,
    MAX_PASSPHRASE_BYTES,
    MIN_COST,
    open_log_key,
    read_log_key,
    seal_log_key,
)
from anchoring.core.note import NoteSigner

SIGNER = NoteSigner.from_seed("example.org/coop", bytes(range(32)))
OTHER = NoteSigner.from_seed("example.org/coop", bytes(range(1, 33)))
PASSPHRASE = b"correct horse"
SALT, NONCE = b"s" * 32, b"n" * 12
SEALED = seal_log_key(SIGNER, PASSPHRASE, salt=SALT, nonce=NONCE, cost=MIN_COST)


def changed(**members: object) -> bytes:
    return json.dumps({**json.loads(SEALED), **members}).encode()


def test_seal__of_a_key__opens_again_and_shows_its_public_side() -> None:
    assert open_log_key(SEALED, PASSPHRASE) == SIGNER
    assert read_log_key(SEALED) == SIGNER.verifier
    assert SIGNER.seed.hex().encode() not in SEALED


def test_seal__beside_other_implementations__is_scrypt_then_aes_gcm() -> None:
    members = json.loads(SEALED)
    key = hashlib.scrypt(PASSPHRASE, salt=SALT, n=2**MIN_COST, r=8, p=1, dklen=32)
    cipher = AES.new(key, AES.MODE_GCM, nonce=NONCE)
    cipher.update(f"psephos-log-key/1\n{SIGNER.verifier.to_text()}\n".encode())
    ciphertext, tag = cipher.encrypt_and_digest(SIGNER.seed)
    assert members["sealed"] == f"0x{(ciphertext + tag).hex()}"


@pytest.mark.parametrize("passphrase", [b"correct horsf", b"correct horse ", b"x"])
def test_open__with_another_passphrase__does_not_verify(passphrase: bytes) -> None:
    with pytest.raises(VerificationError, match="another passphrase"):
        open_log_key(SEALED, passphrase)


@pytest.mark.parametrize("passphrase", [b"", b"x" * (MAX_PASSPHRASE_BYTES + 1)])
def test_open_and_seal__with_a_passphrase_out_of_bounds__is_malformed(passphrase: bytes) -> None:
    with pytest.raises(MalformedError, match="passphrase"):
        open_log_key(SEALED, passphrase)
    with pytest.raises(MalformedError, match="passphrase"):
        seal_log_key(SIGNER, passphrase, salt=SALT, nonce=NONCE, cost=MIN_COST)


def test_open__with_the_longest_passphrase__opens() -> None:
    longest = b"x" * MAX_PASSPHRASE_BYTES
    sealed = seal_log_key(SIGNER, longest, salt=SALT, nonce=NONCE, cost=MIN_COST)
    assert open_log_key(sealed, longest) == SIGNER


def test_open__with_the_public_key_of_another__does_not_verify() -> None:
    with pytest.raises(VerificationError):
        open_log_key(changed(logKey=OTHER.verifier.to_text()), PASSPHRASE)


def test_open__of_a_seed_sealed_under_the_wrong_public_key__does_not_verify() -> None:
    vkey = OTHER.verifier.to_text()
    key = hashlib.scrypt(PASSPHRASE, salt=SALT, n=2**MIN_COST, r=8, p=1, dklen=32)
    cipher = AES.new(key, AES.MODE_GCM, nonce=NONCE)
    cipher.update(f"psephos-log-key/1\n{vkey}\n".encode())
    ciphertext, tag = cipher.encrypt_and_digest(SIGNER.seed)
    forged = changed(logKey=vkey, sealed=f"0x{(ciphertext + tag).hex()}")
    with pytest.raises(VerificationError, match="public key"):
        open_log_key(forged, PASSPHRASE)


@given(data=st.data())
def test_open__with_one_bit_of_a_field_flipped__does_not_verify(data: st.DataObject) -> None:
    members = json.loads(SEALED)
    name = data.draw(st.sampled_from(["salt", "nonce", "sealed"]))
    value = bytearray.fromhex(members[name][2:])
    bit = data.draw(st.integers(0, 8 * len(value) - 1))
    value[bit // 8] ^= 1 << bit % 8
    with pytest.raises(VerificationError):
        open_log_key(changed(**{name: f"0x{value.hex()}"}), PASSPHRASE)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        SEALED + b"x",
        SEALED.replace(b'"cost": 12', b'"cost": 12, "cost": 12'),
        SEALED.ljust(MAX_KEY_FILE_BYTES + 1),
        SIGNER.to_text().encode(),
        changed(extra=1),
        changed(format="psephos-trust/1"),
        changed(cost=MIN_COST - 1),
        changed(cost=MAX_COST + 1),
        changed(cost="12"),
        changed(salt="0x00"),
        changed(nonce=f"0x{'n' * 24}"),
        changed(sealed="0x" + "00" * 47),
        changed(logKey="example.org/coop"),
    ],
)
def test_read_and_open__of_anything_but_the_format__is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        read_log_key(data)
    with pytest.raises(MalformedError):
        open_log_key(data, PASSPHRASE)


def test_read__of_another_version__is_unsupported() -> None:
    with pytest.raises(UnsupportedError):
        read_log_key(changed(format="psephos-log-key/2"))


@pytest.mark.parametrize(
    ("salt", "nonce", "cost"),
    [
        (SALT[1:], NONCE, MIN_COST),
        (SALT, NONCE + b"n", MIN_COST),
        (SALT, NONCE, MIN_COST - 1),
        (SALT, NONCE, MAX_COST + 1),
    ],
)
def test_seal__with_an_argument_out_of_bounds__is_malformed(
    salt: bytes, nonce: bytes, cost: int
) -> None:
    with pytest.raises(MalformedError):
        seal_log_key(SIGNER, PASSPHRASE, salt=salt, nonce=nonce, cost=cost)


def test_seal__at_full_cost__opens() -> None:
    sealed = seal_log_key(SIGNER, PASSPHRASE, salt=SALT, nonce=NONCE, cost=FULL_COST)
    assert open_log_key(sealed, PASSPHRASE) == SIGNER
