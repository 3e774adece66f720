"""Proof files of transparency logs (C2SP tlog-proof): one entry, one checkpoint, one file.

A line that names the format, an optional line of extra data, the index, one line per hash of the
inclusion proof, an empty line, and the checkpoint verbatim with every signature it bears. Stricter
than the Go reader: each proof has exactly one text, so leading zeros, loose base64 and an empty
line of extra data are refused.

Source: https://c2sp.org/tlog-proof
"""

from dataclasses import dataclass
from typing import Final

from anchoring.core.checkpoint import parse_checkpoint
from anchoring.core.errors import MalformedError
from anchoring.core.merkle import verify_inclusion
from anchoring.core.note import MAX_NOTE_BYTES, parse_note
from anchoring.core.policy import Policy, PolicyError, Satisfied, check_policy
from anchoring.core.text import MAX_DECIMAL, format_base64, parse_base64, parse_decimal
from anchoring.core.types import HASH_BYTES, LeafHash, LeafIndex

PROOF_EXTENSION: Final = ".tlog-proof"
"""End of the name of a proof file."""

MAX_INCLUSION_HASHES: Final = 64
"""Most hashes of an inclusion proof: the depth of a tree of 2**64 leaves."""

MAX_EXTRA_BYTES: Final = 48_000
"""Most extra data, in bytes: 64,000 characters of base64, so that the line stays within the 64 KiB of
the Go reader (https://github.com/transparency-dev/formats, ``proof``)."""

MAX_PROOF_BYTES: Final = MAX_NOTE_BYTES + (128 << 10)
"""Longest proof file, in bytes: a note, 64 KiB of extra data in base64, 64 hashes."""

_HEADER: Final = "c2sp.org/tlog-proof@v1"
_EXTRA: Final = "extra "
_INDEX: Final = "index "


@dataclass(frozen=True, slots=True)
class TlogProof:
    """What one proof file says; nothing of it is verified."""

    index: LeafIndex
    """Position of the entry in the log, ``0..2**64-1``."""
    hashes: tuple[bytes, ...]
    """Sibling hashes, 32 bytes each, from the leaf to the root; at most 64."""
    checkpoint: bytes
    """The checkpoint's note with all its signatures."""
    extra: bytes | None = None
    """Data that nothing authenticates, 1 to ``MAX_EXTRA_BYTES`` bytes; None when there is none."""


def parse_tlog_proof(data: bytes) -> TlogProof:
    """Read a proof file; ``format_tlog_proof`` gives the bytes back.

    Raises:
        MalformedError: Too long, another first line, no index, a number with a sign or a leading
            zero or beyond 64 bits, base64 that is not canonical, a hash that is not 32 bytes or one
            too many, empty or too much extra data, or what follows the empty line is no checkpoint.
        VerificationError: The checkpoint is of size 0 and its root not that of the empty tree.
    """
    if len(data) > MAX_PROOF_BYTES:
        raise MalformedError("tlog-proof", f"{len(data)} bytes, more than {MAX_PROOF_BYTES}")
    head, blank_line, checkpoint = data.partition(b"\n\n")
    if not blank_line:
        raise MalformedError("tlog-proof", "no empty line before the checkpoint")
    try:
        header, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise MalformedError("tlog-proof", "not ASCII before the checkpoint") from error
    if header != _HEADER:
        raise MalformedError("tlog-proof", f"does not start with {_HEADER}")
    extra = _parse_extra(lines.pop(0)) if lines and lines[0].startswith(_EXTRA) else None
    if not lines or not lines[0].startswith(_INDEX):
        raise MalformedError("tlog-proof.index", "missing")
    index = LeafIndex(parse_decimal(lines[0][len(_INDEX) :], what="tlog-proof.index"))
    if len(lines) - 1 > MAX_INCLUSION_HASHES:
        raise MalformedError("tlog-proof", f"more than {MAX_INCLUSION_HASHES} hashes")
    hashes = tuple(parse_base64(line, what="tlog-proof.hash") for line in lines[1:])
    if any(len(each) != HASH_BYTES for each in hashes):
        raise MalformedError("tlog-proof.hash", f"not {HASH_BYTES} bytes")
    parse_checkpoint(parse_note(checkpoint).text)
    return TlogProof(index, hashes, checkpoint, extra)


def format_tlog_proof(proof: TlogProof) -> bytes:
    """Return the bytes of a proof file.

    Raises:
        MalformedError: A field is not fit for the format.
        VerificationError: The checkpoint is of size 0 and its root not that of the empty tree.
    """
    if not 0 <= proof.index <= MAX_DECIMAL:
        raise MalformedError("tlog-proof.index", f"{proof.index} is not in 0..{MAX_DECIMAL}")
    lines = [_HEADER]
    if proof.extra is not None:
        lines.append(f"{_EXTRA}{format_base64(proof.extra)}")
    lines.append(f"{_INDEX}{proof.index}")
    lines += map(format_base64, proof.hashes)
    head = "".join(f"{line}\n" for line in lines)
    data = f"{head}\n".encode("ascii") + proof.checkpoint
    # What parsing refuses is never written.
    parse_tlog_proof(data)
    return data


def verify_tlog_proof(proof: TlogProof, *, leaf: LeafHash, policy: Policy) -> Satisfied:
    """Check that a log the policy accepts holds ``leaf`` at the index of the proof.

    Args:
        proof: The proof; nothing of it is trusted, its extra data says nothing.
        leaf: Leaf hash of the entry that the caller holds, 32 bytes.
        policy: Logs accepted, at least one, and witnesses demanded.

    Returns:
        The checkpoint and who cosigned it.

    Raises:
        PolicyError: The policy lists no log, none of its logs signed, or its quorum is not met.
        VerificationError: A signature of a known key is bad, or the hashes lead to another root.
        MalformedError: The checkpoint does not parse, the index is not below its size, or the
            number of hashes is not the one that index and size require.
    """
    if not policy.logs:
        raise PolicyError(expected="a policy that lists a log", found="no log")
    satisfied = check_policy(policy, proof.checkpoint)
    head = satisfied.checkpoint.head
    verify_inclusion(
        leaf=leaf, index=proof.index, size=head.size, proof=proof.hashes, root=head.root
    )
    return satisfied


def _parse_extra(line: str) -> bytes:
    extra = parse_base64(line[len(_EXTRA) :], what="tlog-proof.extra")
    if not 1 <= len(extra) <= MAX_EXTRA_BYTES:
        reason = f"{len(extra)} bytes, not 1..{MAX_EXTRA_BYTES}"
        raise MalformedError("tlog-proof.extra", reason)
    return extra
