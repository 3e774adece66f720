"""Cosignatures of checkpoints (C2SP tlog-cosignature): witnesses state what they saw, and when.

A cosignature is one more signature line of the checkpoint's note. What follows the key id is the
time in seconds, 8 bytes big-endian, and an Ed25519 signature over two header lines and the note
text. The signed message does not name the cosigner, so a key serves one cosigner only.

ML-DSA-44 keys are read, so that a policy may name such a witness, and their lines never verified.

Source: https://c2sp.org/tlog-cosignature
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from anchoring.core.checkpoint import parse_checkpoint
from anchoring.core.errors import MalformedError, UnsupportedError, VerificationError
from anchoring.core.note import (
    ALGORITHM_COSIGNATURE,
    KEY_BYTES,
    Note,
    NoteSignature,
    NoteSigner,
    NoteVerifier,
    VerifierKey,
    check_key_name,
    format_note,
    format_signature,
    format_verifier_key,
    parse_note,
    parse_signature,
)
from anchoring.core.text import parse_base64

ALGORITHM_ML_DSA_44: Final = 0x06
"""Type byte of a timestamped ML-DSA-44 cosignature."""

ML_DSA_44_KEY_BYTES: Final = 1312
"""Length of an ML-DSA-44 public key, in bytes (FIPS 204 table 2,
https://doi.org/10.6028/NIST.FIPS.204)."""

MAX_TIMESTAMP: Final = 2**63 - 1
"""Latest time a cosignature may state, in seconds since 1970."""

COSIGNATURE_BYTES: Final = 72
"""Length of what follows the key id of an Ed25519 cosignature: 8 bytes of time, 64 of signature."""

_TIME_BYTES: Final = 8
_KEY_LENGTHS: Final = {ALGORITHM_COSIGNATURE: KEY_BYTES, ALGORITHM_ML_DSA_44: ML_DSA_44_KEY_BYTES}


@dataclass(frozen=True, slots=True)
class CosignatureVerifier:
    """The public key of a cosigner, with its name.

    Raises:
        MalformedError: The name is not a key name, or the key has not the length of its algorithm.
        UnsupportedError: The algorithm is neither Ed25519 nor ML-DSA-44 cosignatures.
    """

    name: str
    """Name of the cosigner: not empty, no space, no plus sign, no control character."""
    public_key: bytes
    """The key: 32 bytes of Ed25519, or 1312 of ML-DSA-44."""
    algorithm: int = ALGORITHM_COSIGNATURE
    """Type byte: ``ALGORITHM_COSIGNATURE`` or ``ALGORITHM_ML_DSA_44``."""

    def __post_init__(self) -> None:
        """Check name, algorithm and length."""
        check_key_name(self.name)
        length = _KEY_LENGTHS.get(self.algorithm)
        if length is None:
            what = "cosigner key algorithm"
            raise UnsupportedError(what, f"type {self.algorithm:#04x}")
        if len(self.public_key) != length:
            raise MalformedError("cosigner key", f"{len(self.public_key)} bytes, not {length}")

    @property
    def key_id(self) -> bytes:
        """Key id, 4 bytes."""
        return self._key.key_id

    @property
    def is_supported(self) -> bool:
        """Whether this release can verify what the key signs."""
        return self.algorithm == ALGORITHM_COSIGNATURE

    @classmethod
    def from_text(cls, vkey: str) -> "CosignatureVerifier":
        """Read a verifier key text, ``name+key id in hex+base64(type byte || key)``.

        Raises:
            MalformedError: The text is not of that form, or its key id is not that of the key.
            UnsupportedError: The type byte is not that of a cosignature.
        """
        parts = vkey.split("+", 2)
        if len(parts) != 3:
            raise MalformedError("cosigner key", "not three parts joined by plus signs")
        typed_key = parse_base64(parts[2], what="cosigner key")
        if not typed_key:
            raise MalformedError("cosigner key", "no type byte")
        verifier = cls(parts[0], typed_key[1:], typed_key[0])
        if parts[1] != verifier.key_id.hex():
            reason = f"key id {parts[1]!r} where the key has {verifier.key_id.hex()}"
            raise MalformedError("cosigner key", reason)
        return verifier

    def to_text(self) -> str:
        """Return the verifier key text."""
        return format_verifier_key(self._key)

    def made(self, signature: NoteSignature) -> bool:
        """Return whether a signature line names this key; says nothing about its truth."""
        return (signature.name, signature.key_id) == (self.name, self.key_id)

    @property
    def _key(self) -> VerifierKey:
        return VerifierKey(self.name, self.algorithm, self.public_key)


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A private Ed25519 key, with its name, that cosigns; ``repr`` leaves the seed out.

    Raises:
        MalformedError: The name is not a key name, or the seed is not 32 bytes.
    """

    name: str
    """Name of the cosigner: not empty, no space, no plus sign, no control character."""
    seed: bytes = field(repr=False)
    """Ed25519 private key (RFC 8032 section 5.1.5), 32 bytes; used for nothing else."""

    def __post_init__(self) -> None:
        """Check name and length."""
        NoteSigner(self.name, self.seed)

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> "Cosigner":
        """Make the cosigner of a name and a 32-byte seed; raises what the class raises."""
        return cls(name, seed)

    @property
    def verifier(self) -> CosignatureVerifier:
        """The public side of the key."""
        public_key = NoteSigner(self.name, self.seed).verifier.public_key
        return CosignatureVerifier(self.name, public_key)


def cosign(checkpoint_note: bytes, cosigner: Cosigner, *, at: int) -> bytes:
    """Return the cosignature of a checkpoint as one signature line, with its line feed.

    Whether the checkpoint deserves it is the caller's business: nothing is verified here.

    Args:
        checkpoint_note: The checkpoint, signed by its log.
        cosigner: Who cosigns.
        at: Time to state, seconds since 1970, ``0..MAX_TIMESTAMP``.

    Raises:
        MalformedError: Not a note whose text is a checkpoint, or the time is out of bounds.
        VerificationError: The checkpoint is of size 0 and its root not that of the empty tree.
    """
    text = parse_note(checkpoint_note).text
    parse_checkpoint(text)
    if not 0 <= at <= MAX_TIMESTAMP:
        raise MalformedError("cosignature time", f"{at} is not in 0..{MAX_TIMESTAMP}")
    signed = NoteSigner(cosigner.name, cosigner.seed).sign(_message(text, at))
    blob = at.to_bytes(_TIME_BYTES) + signed
    return format_signature(NoteSignature(cosigner.name, cosigner.verifier.key_id, blob)).encode()


def verify_cosignature(text: str, signature: NoteSignature, verifier: CosignatureVerifier) -> int:
    """Verify one cosignature and return the time it states, seconds since 1970.

    Args:
        text: Text of the checkpoint's note, with its final line feed.
        signature: The signature line.
        verifier: Key of the cosigner that the line must name.

    Raises:
        UnsupportedError: The key is one of ML-DSA-44.
        MalformedError: The text is not a checkpoint.
        VerificationError: The line names another key, has another length, states a time beyond
            ``MAX_TIMESTAMP``, or is not a good signature.
    """
    if not verifier.is_supported:
        what = "cosigner key algorithm"
        raise UnsupportedError(what, f"ML-DSA-44 of {verifier.name} {verifier.key_id.hex()}")
    parse_checkpoint(text)
    if not verifier.made(signature):
        raise _bad(verifier, f"one of {signature.name} {signature.key_id.hex()}")
    if len(signature.signature) != COSIGNATURE_BYTES:
        raise _bad(verifier, f"{len(signature.signature)} bytes, not {COSIGNATURE_BYTES}")
    at = int.from_bytes(signature.signature[:_TIME_BYTES])
    if at > MAX_TIMESTAMP:
        raise _bad(verifier, f"one of the time {at}, beyond {MAX_TIMESTAMP}")
    key = NoteVerifier(verifier.name, verifier.public_key)
    try:
        key.verify(_message(text, at), signature.signature[_TIME_BYTES:])
    except VerificationError as error:
        raise _bad(verifier, "a bad one") from error
    return at


def attach(note: bytes, lines: Sequence[bytes]) -> bytes:
    """Return the note with signature lines added after those it has, in the order given.

    Args:
        note: A signed note.
        lines: Signature lines, each with its line feed; none is verified.

    Raises:
        MalformedError: Not a note, not signature lines, two signatures of one name and key id, or
            the note would be too long or have too many signatures.
    """
    opened = parse_note(note)
    signatures = (*opened.signatures, *map(_parse_line, lines))
    keys = [(each.name, each.key_id) for each in signatures]
    for position, (name, key_id) in enumerate(keys):
        if (name, key_id) in keys[:position]:
            raise MalformedError("note", f"two signatures of {name} {key_id.hex()}")
    return format_note(Note(opened.text, signatures))


def _parse_line(line: bytes) -> NoteSignature:
    try:
        return parse_signature(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise MalformedError("note signature", "not UTF-8") from error


def _message(text: str, at: int) -> bytes:
    """What is signed: the checkpoint's text behind a header that separates domains."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _bad(verifier: CosignatureVerifier, found: str) -> VerificationError:
    key = f"{verifier.name} {verifier.key_id.hex()}"
    return VerificationError("cosignature", expected=f"a good cosignature of {key}", found=found)
