"""The witness protocol (C2SP tlog-witness): what a log asks of a witness, and what it must answer.

A request is ``old <size>``, up to 63 hashes of a consistency proof, an empty line and a checkpoint.
The witness decides in this order, and the first rule that fails gives the status of the refusal:

W1 the request has this form, else 400. W2 the checkpoint's origin is that of a trusted log, else 404.
W3 a key trusted for the origin signed it, and none of them badly, else 403. W4 the old size is not
greater than the checkpoint's, else 400. W5 the old size is that of the last head cosigned for the
origin, 0 before the first, else 409 with that size. W6 the proof leads from that head to the new one
(from size 0: the proof is empty; to the same size: the root is the same; of size 0: the root is that
of the empty tree), else 422.

The caller stores the new head, in one step with the comparison of W5, before a cosignature leaves.

Source: https://c2sp.org/tlog-witness
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from anchoring.core.checkpoint import parse_checkpoint
from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.merkle import verify_consistency
from anchoring.core.note import (
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    Note,
    NoteSignature,
    NoteVerifier,
    format_note,
    open_note,
    parse_note,
    parse_signature,
)
from anchoring.core.text import format_base64, parse_base64, parse_decimal
from anchoring.core.types import HASH_BYTES, Head, TreeSize

MAX_PROOF_LINES = 63
"""Most hashes of the proof in a request (https://c2sp.org/tlog-witness, add-checkpoint)."""

MAX_REQUEST_BYTES = 4_096 + MAX_NOTE_BYTES
"""Longest request, in bytes: 63 hashes of 45 bytes and the old size fit before the longest note."""

MAX_ANSWER_BYTES = 400_000
"""Longest answer of a witness, in bytes: room for MAX_SIGNATURES lines of the longest algorithm."""

SIZE_MEDIA_TYPE = "text/x.tlog.size"
"""Media type of the answer with status 409 (https://c2sp.org/tlog-witness, add-checkpoint)."""

_OLD = "old "


class RefusalStatus(IntEnum):
    """Why a witness does not cosign, as the HTTP status that the protocol gives it."""

    MALFORMED = 400
    """W1, W4: not a request, or an old size above the new one."""
    UNTRUSTED = 403
    """W3: no good signature of a key trusted for the origin."""
    UNKNOWN_ORIGIN = 404
    """W2: no trusted log has this origin."""
    CONFLICT = 409
    """W5: the witness last cosigned another size."""
    UNPROVEN = 422
    """W6: the proof does not lead from the last head to the new one."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The decision not to cosign."""

    status: RefusalStatus
    """Which rule failed."""
    reason: str
    """What was met, for a person."""
    known_size: TreeSize | None = None
    """Size last cosigned, with CONFLICT only."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The decision to cosign."""

    head: Head
    """The head to store before the cosignature leaves."""
    note: bytes
    """The checkpoint with the verified signatures of its log alone, each once."""


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request to cosign a checkpoint."""

    old_size: TreeSize
    """Size that the log believes the witness last cosigned, 0 for none."""
    proof: tuple[bytes, ...]
    """Consistency proof from there to the checkpoint, 32 bytes each; empty from size 0."""
    checkpoint: bytes
    """The signed note, verbatim."""

    @property
    def origin(self) -> str:
        """Origin that the checkpoint claims, its first line.

        Raises:
            MalformedError: The checkpoint is no note.
        """
        return parse_note(self.checkpoint).text.partition("\n")[0]


def format_add_checkpoint(request: AddCheckpoint) -> bytes:
    """Return the body of a request.

    Raises:
        MalformedError: The proof is longer than MAX_PROOF_LINES.
    """
    _check_proof_length(len(request.proof))
    hashes = "".join(f"{format_base64(value)}\n" for value in request.proof)
    return f"{_OLD}{request.old_size}\n{hashes}\n".encode("ascii") + request.checkpoint


def parse_add_checkpoint(body: bytes) -> AddCheckpoint:
    """Read the body of a request (W1); ``format_add_checkpoint`` gives it back.

    Raises:
        MalformedError: Too long, no plain old size, a proof line that is not the strict base64 of 32
            bytes, over MAX_PROOF_LINES of them, no empty line, or no signed note after it.
    """
    if len(body) > MAX_REQUEST_BYTES:
        raise MalformedError("add-checkpoint", f"longer than {MAX_REQUEST_BYTES} bytes")
    start, empty_line, checkpoint = body.partition(b"\n\n")
    if not empty_line:
        raise MalformedError("add-checkpoint", "no empty line before the checkpoint")
    try:
        old, *hashes = start.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise MalformedError("add-checkpoint", "not ASCII before the checkpoint") from error
    if not old.startswith(_OLD):
        raise MalformedError("add-checkpoint", f"does not start with {_OLD!r}")
    old_size = parse_decimal(old[len(_OLD) :], what="old size")
    _check_proof_length(len(hashes))
    parse_note(checkpoint)
    return AddCheckpoint(TreeSize(old_size), tuple(map(_parse_hash, hashes)), checkpoint)


def decide_add_checkpoint(
    known: Head | None, request: AddCheckpoint, logs: Sequence[NoteVerifier]
) -> Accepted | Refusal:
    """Decide whether a witness cosigns a checkpoint (W2 to W6).

    Args:
        known: Head last cosigned for the origin of the request, None for none.
        request: The request.
        logs: Keys of trusted logs; the name of a key is the origin that it may sign.

    Returns:
        What to store before the checkpoint is cosigned, or why it is not.
    """
    origin = request.origin
    trusted = [verifier for verifier in logs if verifier.name == origin]
    if not trusted:
        return Refusal(RefusalStatus.UNKNOWN_ORIGIN, "no trusted log has this origin")
    try:
        opened = open_note(request.checkpoint, trusted)
    except VerificationError as error:
        return Refusal(RefusalStatus.UNTRUSTED, str(error))
    try:
        head = parse_checkpoint(opened.text).head
    except MalformedError as error:
        return Refusal(RefusalStatus.MALFORMED, str(error))
    except VerificationError as error:
        return Refusal(RefusalStatus.UNPROVEN, str(error))
    refusal = _refuse_head(known, request, head)
    if refusal is not None:
        return refusal
    signatures = tuple(dict.fromkeys(opened.signatures))
    return Accepted(head, format_note(Note(opened.text, signatures)))


def parse_cosignatures(body: bytes) -> tuple[NoteSignature, ...]:
    """Read the answer of a witness that cosigned; verifies nothing.

    Returns:
        The signature lines, 1 to MAX_SIGNATURES, in the order given.

    Raises:
        MalformedError: Not UTF-8, or not 1 to MAX_SIGNATURES signature lines.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError("cosignatures", "not UTF-8") from error
    count = text.count("\n")
    if not text.endswith("\n") or count > MAX_SIGNATURES:
        raise MalformedError("cosignatures", f"not 1..{MAX_SIGNATURES} whole lines")
    return tuple(parse_signature(f"{line}\n") for line in text[:-1].split("\n"))


def format_known_size(size: TreeSize) -> bytes:
    """Return the body of an answer with status 409."""
    return f"{size}\n".encode("ascii")


def parse_known_size(body: bytes) -> TreeSize:
    """Read the body of an answer with status 409.

    Raises:
        MalformedError: Not a plain decimal below 2**64 and a line feed.
    """
    if not body.endswith(b"\n") or not body.isascii():
        raise MalformedError("witness size", "not an ASCII line")
    return TreeSize(parse_decimal(body[:-1].decode("ascii"), what="witness size"))


def _refuse_head(known: Head | None, request: AddCheckpoint, head: Head) -> Refusal | None:
    known_size = TreeSize(0) if known is None else known.size
    if request.old_size > head.size:
        reason = f"old size {request.old_size} is above the checkpoint's {head.size}"
        return Refusal(RefusalStatus.MALFORMED, reason)
    if request.old_size != known_size:
        reason = f"old size {request.old_size}, last cosigned {known_size}"
        return Refusal(RefusalStatus.CONFLICT, reason, known_size)
    if known is None or known.size == 0:
        if request.proof:
            return Refusal(RefusalStatus.UNPROVEN, "a proof from size 0 must be empty")
        return None
    try:
        verify_consistency(old=known, new=head, proof=request.proof)
    except (MalformedError, VerificationError) as error:
        return Refusal(RefusalStatus.UNPROVEN, str(error))
    return None


def _parse_hash(line: str) -> bytes:
    value = parse_base64(line, what="proof hash")
    if len(value) != HASH_BYTES:
        raise MalformedError("proof hash", f"{len(value)} bytes, not {HASH_BYTES}")
    return value


def _check_proof_length(count: int) -> None:
    if count > MAX_PROOF_LINES:
        raise MalformedError("proof", f"{count} hashes, more than {MAX_PROOF_LINES}")
