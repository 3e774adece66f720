"""Checkpoints (C2SP tlog-checkpoint): a signed note over the origin, size and root of a ledger.

The text is one line each for the origin, the size in decimal and the root in base64, then any
extension lines. No line is empty.

Source: https://c2sp.org/tlog-checkpoint
"""

from dataclasses import dataclass

from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.merkle import EMPTY_ROOT
from anchoring.core.note import MAX_NOTE_BYTES, NoteSigner, NoteVerifier, open_note, sign_note
from anchoring.core.text import MAX_DECIMAL, format_base64, parse_base64, parse_decimal
from anchoring.core.types import HASH_BYTES, Head, RootHash, TreeSize


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says of a ledger, apart from who signed it."""

    origin: str
    """Unique name of the ledger, one line: ``<host>/<organisation slug>``."""
    head: Head
    """Size and root."""
    extensions: tuple[str, ...] = ()
    """Extension lines without line feed; not auditable, none in our own checkpoints."""


def format_checkpoint(checkpoint: Checkpoint) -> str:
    """Return the note text of a checkpoint.

    Raises:
        MalformedError: A line would be empty or hold a control character, the size does not fit in
            64 bits, or the root is not 32 bytes.
        VerificationError: The size is 0 and the root is not that of the empty tree.
    """
    _check_head(checkpoint.head)
    lines = (
        checkpoint.origin,
        str(checkpoint.head.size),
        format_base64(checkpoint.head.root),
        *checkpoint.extensions,
    )
    for line in lines:
        _check_line(line)
    return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the note text of a checkpoint; ``format_checkpoint`` gives the text back.

    Raises:
        MalformedError: Fewer than three lines, an empty line, a control character, no line feed at
            the end, a size that is not a plain decimal below 2**64, or a root that is not the
            strict base64 of 32 bytes.
        VerificationError: The size is 0 and the root is not that of the empty tree.
    """
    if len(text) > MAX_NOTE_BYTES:
        raise MalformedError("checkpoint", f"longer than {MAX_NOTE_BYTES}")
    if not text.endswith("\n"):
        raise MalformedError("checkpoint", "no line feed at the end")
    lines = text[:-1].split("\n")
    if len(lines) < 3:
        raise MalformedError("checkpoint", f"{len(lines)} lines, fewer than 3")
    for line in lines:
        _check_line(line)
    origin, size, root, *extensions = lines
    head = Head(
        TreeSize(parse_decimal(size, what="checkpoint size")),
        RootHash(parse_base64(root, what="checkpoint root")),
    )
    _check_head(head)
    return Checkpoint(origin, head, tuple(extensions))


def sign_checkpoint(checkpoint: Checkpoint, signer: NoteSigner) -> bytes:
    """Return the checkpoint as a note signed by the ledger's key.

    Raises:
        MalformedError: The checkpoint has no valid text (see format_checkpoint).
        VerificationError: The size is 0 and the root is not that of the empty tree.
    """
    return sign_note(format_checkpoint(checkpoint), signer)


def open_checkpoint(data: bytes, verifier: NoteVerifier, *, origin: str) -> Checkpoint:
    """Verify a checkpoint note of the ledger ``origin``, signed by ``verifier``.

    Signature lines of other keys, such as cosignatures, are ignored.

    Raises:
        MalformedError: ``data`` is not a note, or its text is not a checkpoint.
        VerificationError: No signature of the key or a bad one, another origin, or an empty tree
            with a root that is not its own.
    """
    checkpoint = parse_checkpoint(open_note(data, (verifier,)).text)
    if checkpoint.origin != origin:
        raise VerificationError("checkpoint.origin", expected=origin, found=checkpoint.origin)
    return checkpoint


def _check_line(line: str) -> None:
    if not line or any(character < " " for character in line):
        raise MalformedError("checkpoint", "a line is empty or holds a control character")


def _check_head(head: Head) -> None:
    if not 0 <= head.size <= MAX_DECIMAL:
        raise MalformedError("checkpoint size", f"{head.size} does not fit in 64 bits")
    if len(head.root) != HASH_BYTES:
        raise MalformedError("checkpoint root", f"{len(head.root)} bytes, not {HASH_BYTES}")
    if head.size == 0 and head.root != EMPTY_ROOT:
        raise VerificationError(
            "checkpoint.root", expected=f"empty root {EMPTY_ROOT.hex()}", found=head.root.hex()
        )
