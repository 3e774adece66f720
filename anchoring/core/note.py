"""Signed notes (C2SP signed-note): a text, then one line per signature, with Ed25519 keys.

The text and the signature lines are split at the last blank line. A signature line names its key
by name and key id; lines of unknown keys are ignored, a bad line of a known key condemns the note.

Source: https://c2sp.org/signed-note; bounds as in https://pkg.go.dev/golang.org/x/mod/sumdb/note
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from anchoring.core.errors import MalformedError, UnsupportedError, VerificationError
from anchoring.core.text import format_base64, parse_base64

MAX_NOTE_BYTES = 1_000_000
"""Longest note, in bytes: the Go implementation reads no longer one."""

MAX_SIGNATURES = 100
"""Most signature lines of a note: the Go implementation's bound; the specification asks for 16."""

KEY_ID_BYTES = 4
"""Length of a key id, in bytes."""

KEY_BYTES = 32
"""Length of an Ed25519 public key and of its seed, in bytes (RFC 8032 section 5.1.5)."""

ALGORITHM_ED25519 = 0x01
"""Type byte of a plain Ed25519 note signature."""

ALGORITHM_COSIGNATURE = 0x04
"""Type byte of a timestamped Ed25519 cosignature (https://c2sp.org/tlog-cosignature)."""

_LINE_START = "\u2014 "
_SKEY_START = "PRIVATE+KEY+"
_FORBIDDEN_IN_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_FORBIDDEN_IN_NAME = re.compile(r"[\s\x00-\x1f+\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line, not yet verified."""

    name: str
    """Name of the key."""
    key_id: bytes
    """Key id, 4 bytes."""
    signature: bytes
    """What follows the key id, at least 1 byte; its form depends on the algorithm of the key."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it stands in a file, not yet verified."""

    text: str
    """The signed text, with its final line feed."""
    signatures: tuple[NoteSignature, ...]
    """Signature lines in file order, 1 to MAX_SIGNATURES."""


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """A note with at least one good signature of a known key and no bad one."""

    text: str
    """The signed text, with its final line feed."""
    signatures: tuple[NoteSignature, ...]
    """The verified signatures, in file order; lines of unknown keys are left out."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key in the form ``name+key id+base64(type byte || key)``."""

    name: str
    """Name of the key."""
    algorithm: int
    """Type byte, 0..255."""
    public_key: bytes
    """The key itself, as long as the algorithm requires."""

    @property
    def key_id(self) -> bytes:
        """Key id, 4 bytes: start of SHA-256(name || line feed || type byte || key)."""
        typed_key = bytes((self.algorithm,)) + self.public_key
        return sha256(self.name.encode() + b"\n" + typed_key).digest()[:KEY_ID_BYTES]


@dataclass(frozen=True, slots=True)
class NoteVerifier:
    """A public Ed25519 key, with its name, that signs notes.

    Raises:
        MalformedError: The name is not a key name, or the key is not 32 bytes.
    """

    name: str
    """Name of the key: not empty, no space, no plus sign, no control character."""
    public_key: bytes
    """Ed25519 public key, 32 bytes."""

    def __post_init__(self) -> None:
        """Check name and length."""
        check_key_name(self.name)
        _check_length("public key", self.public_key)

    @property
    def key_id(self) -> bytes:
        """Key id, 4 bytes."""
        return VerifierKey(self.name, ALGORITHM_ED25519, self.public_key).key_id

    @classmethod
    def from_text(cls, vkey: str) -> "NoteVerifier":
        """Read a verifier key text, ``name+key id in hex+base64(0x01 || key)``.

        Raises:
            MalformedError: The text is not of that form, or its key id is not that of the key.
            UnsupportedError: The type byte is not that of Ed25519.
        """
        key = parse_verifier_key(vkey, algorithm=ALGORITHM_ED25519)
        return cls(key.name, key.public_key)

    def to_text(self) -> str:
        """Return the verifier key text."""
        return format_verifier_key(VerifierKey(self.name, ALGORITHM_ED25519, self.public_key))

    def verify(self, message: bytes, signature: bytes) -> None:
        """Check a signature of this key over ``message``.

        Raises:
            VerificationError: The signature is not a good one.
        """
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except InvalidSignature as error:
            raise VerificationError(
                "note.signature",
                expected=f"a good signature of {self.name} {self.key_id.hex()}",
                found="a bad one",
            ) from error


@dataclass(frozen=True, slots=True)
class NoteSigner:
    """A private Ed25519 key, with its name, that signs notes; ``repr`` leaves the seed out.

    Raises:
        MalformedError: The name is not a key name, or the seed is not 32 bytes.
    """

    name: str
    """Name of the key: not empty, no space, no plus sign, no control character."""
    seed: bytes = field(repr=False)
    """Ed25519 private key (RFC 8032 section 5.1.5), 32 bytes."""

    def __post_init__(self) -> None:
        """Check name and length."""
        check_key_name(self.name)
        _check_length("private key", self.seed)

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> "NoteSigner":
        """Make the signer of a name and a 32-byte seed; raises what the class raises."""
        return cls(name, seed)

    @classmethod
    def from_text(cls, skey: str) -> "NoteSigner":
        """Read the Go private key text, ``PRIVATE+KEY+name+key id in hex+base64(0x01 || seed)``.

        Raises:
            MalformedError: The text is not of that form, or its key id is not that of the key.
            UnsupportedError: The type byte is not that of Ed25519.
        """
        if not skey.startswith(_SKEY_START):
            raise MalformedError("private key", f"does not start with {_SKEY_START}")
        name, key_id, algorithm, seed = _split_key(skey[len(_SKEY_START) :], what="private key")
        _check_algorithm("private key algorithm", algorithm, expected=ALGORITHM_ED25519)
        signer = cls(name, seed)
        _check_key_id("private key", expected=signer.verifier.key_id, found=key_id)
        return signer

    def to_text(self) -> str:
        """Return the Go private key text: a secret."""
        typed_seed = bytes((ALGORITHM_ED25519,)) + self.seed
        key_id = self.verifier.key_id.hex()
        return f"{_SKEY_START}{self.name}+{key_id}+{format_base64(typed_seed)}"

    @property
    def verifier(self) -> NoteVerifier:
        """The public side of the key."""
        public_key = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return NoteVerifier(self.name, public_key.public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature of ``message``, 64 bytes; the same every time (RFC 8032)."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def sign_note(text: str, signer: NoteSigner, *more: NoteSigner) -> bytes:
    """Return the note of ``text`` with one signature line per signer, in the order given.

    Raises:
        MalformedError: The text does not end in a line feed, holds another control character or a
            lone surrogate, or the note would be too long or have too many signatures.
    """
    message = _encode_text(text)
    signatures = tuple(
        NoteSignature(each.name, each.verifier.key_id, each.sign(message))
        for each in (signer, *more)
    )
    return format_note(Note(text, signatures))


def open_note(data: bytes, verifiers: Sequence[NoteVerifier]) -> OpenedNote:
    """Parse a note and verify every signature of a known key.

    Args:
        data: The whole note.
        verifiers: Known keys, no two with the same name and key id.

    Raises:
        MalformedError: ``data`` is not a note, or two verifiers have the same name and key id.
        VerificationError: A signature of a known key is bad, or there is none of a known key.
    """
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    if len(known) != len(verifiers):
        raise MalformedError("verifiers", "two have the same name and key id")
    note = parse_note(data)
    message = note.text.encode()
    verified: list[NoteSignature] = []
    for signature in note.signatures:
        verifier = known.get((signature.name, signature.key_id))
        if verifier is not None:
            verifier.verify(message, signature.signature)
            verified.append(signature)
    if not verified:
        raise VerificationError(
            "note.signatures",
            expected=f"one of {_list_keys(known)}",
            found=_list_keys((each.name, each.key_id) for each in note.signatures),
        )
    return OpenedNote(note.text, tuple(verified))


def format_note(note: Note) -> bytes:
    """Return the bytes of a note.

    Raises:
        MalformedError: The text or a signature is not fit for a note, or a bound is exceeded.
    """
    _encode_text(note.text)
    if not 1 <= len(note.signatures) <= MAX_SIGNATURES:
        raise MalformedError("note", f"{len(note.signatures)} signatures, not 1..{MAX_SIGNATURES}")
    lines = "".join(format_signature(signature) for signature in note.signatures)
    data = f"{note.text}\n{lines}".encode()
    _check_note_length(data)
    return data


def parse_note(data: bytes) -> Note:
    """Split a note into text and signature lines; verifies nothing.

    Raises:
        MalformedError: Too long, not UTF-8, a control character other than line feed, no blank line
            before the signatures, or a line after it that is not a signature line.
    """
    _check_note_length(data)
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError("note", "not UTF-8") from error
    _check_characters(whole)
    text, blank_line, lines = whole.rpartition("\n\n")
    if not blank_line:
        raise MalformedError("note", "no blank line before the signatures")
    if not lines.endswith("\n"):
        raise MalformedError("note", "no line feed at the end")
    count = lines.count("\n")
    if count > MAX_SIGNATURES:
        raise MalformedError("note", f"{count} signatures, more than {MAX_SIGNATURES}")
    signatures = tuple(parse_signature(f"{line}\n") for line in lines[:-1].split("\n"))
    return Note(f"{text}\n", signatures)


def format_signature(signature: NoteSignature) -> str:
    """Return a signature line with its line feed.

    Raises:
        MalformedError: The name is not a key name, the key id not 4 bytes, or nothing follows it.
    """
    check_key_name(signature.name)
    if len(signature.key_id) != KEY_ID_BYTES or not signature.signature:
        raise MalformedError("note signature", "not a 4-byte key id and a signature")
    blob = format_base64(signature.key_id + signature.signature)
    return f"{_LINE_START}{signature.name} {blob}\n"


def parse_signature(line: str) -> NoteSignature:
    """Read one signature line, given with its line feed.

    Raises:
        MalformedError: Not an em dash, a space, a key name, a space, the strict base64 of at least
            5 bytes and a line feed.
    """
    if not line.startswith(_LINE_START) or not line.endswith("\n"):
        raise MalformedError("note signature", "does not start with an em dash and a space")
    name, _, blob_text = line[len(_LINE_START) : -1].partition(" ")
    check_key_name(name)
    blob = parse_base64(blob_text, what="note signature")
    if len(blob) <= KEY_ID_BYTES:
        raise MalformedError("note signature", "nothing after the key id")
    return NoteSignature(name, blob[:KEY_ID_BYTES], blob[KEY_ID_BYTES:])


def format_verifier_key(key: VerifierKey) -> str:
    """Return the verifier key text, ``name+key id in hex+base64(type byte || key)``."""
    typed_key = bytes((key.algorithm,)) + key.public_key
    return f"{key.name}+{key.key_id.hex()}+{format_base64(typed_key)}"


def parse_verifier_key(vkey: str, *, algorithm: int) -> VerifierKey:
    """Read a verifier key text of an algorithm with 32-byte keys.

    Args:
        vkey: The text.
        algorithm: The only type byte accepted: ALGORITHM_ED25519 or ALGORITHM_COSIGNATURE.

    Raises:
        MalformedError: The text is not of that form, the key is not 32 bytes, or the key id is not
            that of the key.
        UnsupportedError: The type byte is another one.
    """
    name, key_id, found, public_key = _split_key(vkey, what="verifier key")
    _check_algorithm("verifier key algorithm", found, expected=algorithm)
    _check_length("public key", public_key)
    key = VerifierKey(name, algorithm, public_key)
    _check_key_id("verifier key", expected=key.key_id, found=key_id)
    return key


def _split_key(text: str, *, what: str) -> tuple[str, str, int, bytes]:
    """Name, key id in hex as written, type byte and key; base64 may hold plus signs."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise MalformedError(what, "not three parts joined by plus signs")
    name, key_id, typed_key_text = parts
    check_key_name(name)
    typed_key = parse_base64(typed_key_text, what=what)
    if not typed_key:
        raise MalformedError(what, "no type byte")
    return name, key_id, typed_key[0], typed_key[1:]


def _encode_text(text: str) -> bytes:
    if not text.endswith("\n"):
        raise MalformedError("note text", "does not end in a line feed")
    _check_characters(text)
    return text.encode()


def _check_characters(text: str) -> None:
    if _FORBIDDEN_IN_TEXT.search(text):
        raise MalformedError("note", "holds a surrogate, or a control character but line feed")


def _check_note_length(data: bytes) -> None:
    if len(data) > MAX_NOTE_BYTES:
        raise MalformedError("note", f"{len(data)} bytes, more than {MAX_NOTE_BYTES}")


def check_key_name(name: str) -> None:
    """Raise ``MalformedError`` unless ``name`` is a key name."""
    if not name or _FORBIDDEN_IN_NAME.search(name):
        raise MalformedError("key name", "empty, or holds a space, control character or plus sign")


def _check_length(what: str, key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise MalformedError(what, f"{len(key)} bytes, not {KEY_BYTES}")


def _check_algorithm(what: str, found: int, *, expected: int) -> None:
    if found != expected:
        raise UnsupportedError(what, f"type {found:#04x} where {expected:#04x} is required")


def _check_key_id(what: str, *, expected: bytes, found: str) -> None:
    if found != expected.hex():
        raise MalformedError(what, f"key id {found!r} where the key has {expected.hex()}")


def _list_keys(keys: Iterable[tuple[str, bytes]]) -> str:
    return ", ".join(f"{name} {key_id.hex()}" for name, key_id in keys) or "no key"
