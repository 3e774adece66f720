"""A bundle on disk: the auditor's composition root, which needs no server and opens no socket.

Layout (docs/formats/bundle.md): ``trust.json``, ``ledger/`` (tlog-tiles), ``documents/`` (blocks named by
CID), ``anchors.json``, and, for auditors, ``detached/``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from anchoring.adapters.documents_directory import DirectoryDocuments
from anchoring.adapters.log_directory import read_log
from anchoring.core.anchors_file import MAX_ANCHORS_BYTES, parse_anchors
from anchoring.core.checkpoint import parse_checkpoint
from anchoring.core.errors import (
    AnchoringError,
    MalformedError,
    UnavailableError,
    VerificationError,
)
from anchoring.core.note import MAX_NOTE_BYTES, parse_note
from anchoring.core.policy import check_policy
from anchoring.core.rotations import MAX_ROTATIONS_BYTES, follow_rotations, parse_rotations
from anchoring.core.tiles import CHECKPOINT_PATH
from anchoring.core.trust import MAX_TRUST_BYTES, Trust, parse_trust
from anchoring.ports import DocumentStore
from backend.audit.replay import Bundle, audit
from backend.audit.report import LEDGER_RULE, Report, disagreement
from backend.domain.acts import CidText, VoterId
from backend.domain.commitments import Hex32
from backend.domain.detached import parse_keys, parse_rolls, parse_signatures
from backend.domain.entry import Entry
from backend.domain.errors import InvalidInputError, NotFoundError
from backend.domain.fold import evolve
from backend.domain.sources import Elector, KeyOpening, SignatureOpening, Sources
from backend.domain.state import State

MAX_DETACHED_BYTES = 1 << 30
"""Longest file of detached proofs, in bytes."""

_K = TypeVar("_K")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class FileSources:
    """Sources over the files of a bundle; what is not there was erased."""

    store: DocumentStore
    """Documents."""
    openings: Mapping[int, tuple[SignatureOpening, ...]]
    """Signatures by entry index."""
    keys: Mapping[Hex32, KeyOpening]
    """Keys by commitment."""
    rolls: Mapping[Hex32, dict[VoterId, Elector]]
    """Rolls by decision."""

    def document(self, cid: CidText) -> bytes:
        """Return a document; see ``Sources.document``.

        Raises:
            NotFoundError: A block of it is missing.
            InvalidInputError: A block does not hash to its CID.
        """
        try:
            return self.store.get(cid)
        except UnavailableError as error:
            raise NotFoundError("document", cid) from error
        except (VerificationError, MalformedError) as error:
            raise InvalidInputError("document.corrupt", expected=cid, found=str(error)) from error

    def signatures(self, index: int) -> tuple[SignatureOpening, ...] | None:
        """Return signature openings; see ``Sources.signatures``."""
        return self.openings.get(index)

    def key(self, commitment: Hex32) -> KeyOpening | None:
        """Return a key opening; see ``Sources.key``."""
        return self.keys.get(commitment)

    def roll(self, decision: Hex32) -> Mapping[VoterId, Elector] | None:
        """Return a roll; see ``Sources.roll``."""
        return self.rolls.get(decision)


def audit_directory(directory: Path, trust_file: Path | None = None) -> Report:
    """Audit the bundle in a directory.

    Args:
        directory: The bundle.
        trust_file: What the auditor believes, if it came by another way than the bundle.

    Raises:
        UnavailableError: The trust file is missing, or a file cannot be read.
        MalformedError: The trust file or a file of detached proofs does not parse.
        UnsupportedError: A file is of another version.
    """
    opened = _open(directory, trust_file)
    return opened if isinstance(opened, Report) else audit(opened)


def read_directory(
    directory: Path, trust_file: Path | None = None
) -> tuple[Report, State | None, Sources]:
    """Audit the bundle in a directory and return what it tells, where it is lawful.

    Args:
        directory: The bundle.
        trust_file: What the reader believes, if it came by another way than the bundle.

    Returns:
        The report; the state after the last entry, None where the report has a disagreement; and
        what the bundle holds beside the ledger.

    Raises:
        UnavailableError: As ``audit_directory``.
        MalformedError: As ``audit_directory``.
        UnsupportedError: As ``audit_directory``.
    """
    sources = _sources(directory)
    opened = _open(directory, trust_file)
    report = opened if isinstance(opened, Report) else audit(opened)
    if isinstance(opened, Report) or not report.lawful:
        return report, None, sources
    state = State()
    for encoded in opened.entries:
        state = evolve(state, Entry.from_bytes(encoded), sources)
    return report, state, sources


def _sources(directory: Path) -> FileSources:
    detached = directory / "detached"
    return FileSources(
        DirectoryDocuments(directory / "documents"),
        _optional(detached / "signatures.ndjson", parse_signatures),
        _optional(detached / "keys.ndjson", parse_keys),
        _optional(detached / "rolls.ndjson", parse_rolls),
    )


def _open(directory: Path, trust_file: Path | None) -> Bundle | Report:
    """Return the bundle, its ledger proven to be what the log key signed, or the report that it is not."""
    trust = parse_trust(_read(trust_file or directory / "trust.json", limit=MAX_TRUST_BYTES))
    sources = _sources(directory)
    anchors = parse_anchors(_read(directory / "anchors.json", limit=MAX_ANCHORS_BYTES))
    rotations_file = directory / "rotations.json"
    rotations = (
        parse_rotations(_read(rotations_file, limit=MAX_ROTATIONS_BYTES))
        if rotations_file.exists()
        else ()
    )
    try:
        trust = follow_rotations(trust, rotations)
        note = _read(directory / "ledger" / CHECKPOINT_PATH, limit=MAX_NOTE_BYTES)
        size = parse_checkpoint(parse_note(note).text).head.size
        log = read_log(directory / "ledger", trust.key_for(size), trust.origin)
        policy = trust.policy_for(size)
        if policy is not None:
            check_policy(policy, note)
    except (VerificationError, MalformedError) as error:
        return _unproven(trust, error)
    return Bundle(trust, log.entries, anchors, sources, rotations)


def _unproven(trust: Trust, error: AnchoringError) -> Report:
    found = disagreement(error, entry=None, rule=LEDGER_RULE)
    return Report(trust.origin, 0, 0, 0, 0, 0, (found,))


def _optional(path: Path, parse: Callable[[bytes], dict[_K, _T]]) -> dict[_K, _T]:
    return parse(_read(path, limit=MAX_DETACHED_BYTES)) if path.exists() else {}


def _read(path: Path, *, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise UnavailableError(str(path), error.strerror or "cannot be read") from error
    if len(content) > limit:
        raise MalformedError(str(path), f"longer than {limit} bytes")
    return content
