"""Cosigning policies (C2SP tlog-policy): which witnesses must have cosigned a checkpoint.

P1. A policy is lines of items between spaces and tabs; empty lines and lines that start with ``#``
    say nothing.
P2. ``log <vkey> [<url>]``: a checkpoint is signed by a log of the policy, if it lists any; the name
    of the log's key is its origin. No two logs have one public key.
P3. ``witness <name> <vkey> [<url>]``: no two witnesses have one public key.
P4. ``group <name> all|any|<k> <name>…``: it witnesses what k of its members witness, 1 <= k <= n.
P5. ``quorum <name>|none``, exactly one line: what must have witnessed a checkpoint.
P6. Names of witnesses and groups are distinct, defined on an earlier line than used, and members
    of at most one group; ``none`` is no name of theirs.

Source: https://c2sp.org/tlog-policy
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from anchoring.core.checkpoint import Checkpoint, parse_checkpoint
from anchoring.core.cosignature import CosignatureVerifier, verify_cosignature
from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.note import Note, NoteVerifier, parse_note
from anchoring.core.text import parse_decimal

NO_QUORUM: Final = "none"
"""Name of the quorum that is always met."""

MAX_POLICY_LENGTH: Final = 128 << 10
"""Longest policy, in characters: 64 ML-DSA-44 witnesses take about 118,000."""

MAX_DEFINITIONS: Final = 64
"""Most logs, most witnesses and most groups of one policy; the specification asks for 32."""

MAX_ITEM_LENGTH: Final = 2048
"""Longest item of a line, in characters: an ML-DSA-44 verifier key of a long name fits."""

_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_BLANKS: Final = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class PolicyLog:
    """A log whose checkpoints the policy accepts."""

    verifier: NoteVerifier
    """Its key; the key's name is its origin."""
    url: str | None = None
    """Where it is, if the policy says; opaque."""


@dataclass(frozen=True, slots=True)
class PolicyWitness:
    """A witness the policy knows."""

    name: str
    """Its name in this policy only."""
    verifier: CosignatureVerifier
    """Its key."""
    url: str | None = None
    """Where to ask it for cosignatures, if the policy says: its submission prefix."""


@dataclass(frozen=True, slots=True)
class PolicyGroup:
    """Witnesses and groups that count as one when enough of them have witnessed."""

    name: str
    """Its name in this policy only."""
    threshold: int
    """How many members are enough, ``1..len(members)``."""
    members: tuple[str, ...]
    """Names of witnesses and groups defined before it, at least one."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a checkpoint must bear to be believed; ``parse_policy`` makes only sound ones."""

    logs: tuple[PolicyLog, ...]
    """Accepted logs, in file order; when there is none, the log is known otherwise."""
    witnesses: tuple[PolicyWitness, ...]
    """Known witnesses, in file order."""
    groups: tuple[PolicyGroup, ...]
    """Groups, each after its members."""
    quorum: str
    """Name of a witness or group, or ``NO_QUORUM``."""

    def is_met_by(self, witnesses: Collection[str]) -> bool:
        """Return whether the quorum is met when exactly the named witnesses have cosigned."""
        met = {NO_QUORUM, *(each.name for each in self.witnesses if each.name in witnesses)}
        for group in self.groups:
            if sum(member in met for member in group.members) >= group.threshold:
                met.add(group.name)
        return self.quorum in met

    def describe_quorum(self) -> str:
        """Return the quorum in words: names, and ``k of (…)`` for groups."""
        words = {NO_QUORUM: NO_QUORUM, **{each.name: each.name for each in self.witnesses}}
        for group in self.groups:
            members = ", ".join(words[member] for member in group.members)
            words[group.name] = f"{group.threshold} of ({members})"
        return words[self.quorum]


@dataclass(frozen=True, slots=True)
class Cosigned:
    """One verified cosignature of a witness of the policy."""

    witness: str
    """Name of the witness in the policy."""
    at: int
    """When it says it saw the checkpoint, seconds since 1970; the latest of its cosignatures."""


@dataclass(frozen=True, slots=True)
class Satisfied:
    """A checkpoint that meets a policy."""

    checkpoint: Checkpoint
    """The checkpoint. With a policy of no logs and no quorum, nobody vouches for it."""
    cosigned: tuple[Cosigned, ...]
    """Every verified cosignature of a known witness, in policy order."""


class PolicyError(VerificationError):
    """A checkpoint, true as far as known, that does not bear what the policy demands.

    Args:
        expected: The logs or the quorum demanded.
        found: The log or the witnesses met.
    """

    def __init__(self, *, expected: str, found: str) -> None:
        super().__init__("policy", expected=expected, found=found)


@dataclass(slots=True)
class _Reader:
    """Definitions read so far; each line is checked against those before it."""

    logs: list[PolicyLog] = field(default_factory=list)
    witnesses: list[PolicyWitness] = field(default_factory=list)
    groups: list[PolicyGroup] = field(default_factory=list)
    quorum: str | None = None

    def read(self, items: Sequence[str]) -> None:
        match items:
            case ("log", vkey, *url) if len(url) <= 1:
                self._read_log(vkey, url)
            case ("witness", name, vkey, *url) if len(url) <= 1:
                self._read_witness(name, vkey, url)
            case ("group", name, threshold, *members) if members:
                self._read_group(name, threshold, tuple(members))
            case ("quorum", name):
                self._read_quorum(name)
            case _:
                raise MalformedError("policy", f"not a line of a policy: {items[0][:32]}")

    def _read_log(self, vkey: str, url: Sequence[str]) -> None:
        log = PolicyLog(NoteVerifier.from_text(vkey), *url)
        if any(each.verifier.public_key == log.verifier.public_key for each in self.logs):
            raise MalformedError("policy.log", f"a second log with the key of {log.verifier.name}")
        self.logs.append(log)
        _check_count("policy.log", self.logs)

    def _read_witness(self, name: str, vkey: str, url: Sequence[str]) -> None:
        self._check_new(name)
        witness = PolicyWitness(name, CosignatureVerifier.from_text(vkey), *url)
        key = witness.verifier.public_key
        if any(each.verifier.public_key == key for each in self.witnesses):
            raise MalformedError("policy.witness", f"a second witness with the key of {name}")
        self.witnesses.append(witness)
        _check_count("policy.witness", self.witnesses)

    def _read_group(self, name: str, threshold: str, members: tuple[str, ...]) -> None:
        self._check_new(name)
        taken = {member for group in self.groups for member in group.members}
        for member in members:
            self._check_known(member)
            if member in taken:
                raise MalformedError("policy.group", f"{member} is a member for the second time")
            taken.add(member)
        enough = {"any": 1, "all": len(members)}.get(threshold)
        if enough is None:
            enough = parse_decimal(threshold, what="policy.group")
        if not 1 <= enough <= len(members):
            raise MalformedError("policy.group", f"{enough} is not in 1..{len(members)}")
        self.groups.append(PolicyGroup(name, enough, members))
        _check_count("policy.group", self.groups)

    def _read_quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise MalformedError("policy.quorum", "a second one")
        if name != NO_QUORUM:
            self._check_known(name)
        self.quorum = name

    def _names(self) -> Iterator[str]:
        yield from (each.name for each in self.witnesses)
        yield from (each.name for each in self.groups)

    def _check_new(self, name: str) -> None:
        if name == NO_QUORUM or name in self._names():
            raise MalformedError("policy", f"the name {name} is taken")

    def _check_known(self, name: str) -> None:
        if name not in self._names():
            raise MalformedError("policy", f"no witness or group {name} on an earlier line")


def parse_policy(text: str) -> Policy:
    """Return what a policy says; rules P1 to P6.

    Args:
        text: The policy, at most ``MAX_POLICY_LENGTH`` characters.

    Raises:
        MalformedError: A rule is broken, a bound is exceeded, the text does not end in a line feed,
            or it holds a control character other than tab and line feed, or a lone surrogate.
        UnsupportedError: A key is of an algorithm that does not sign or cosign checkpoints here.
    """
    if len(text) > MAX_POLICY_LENGTH:
        raise MalformedError("policy", f"longer than {MAX_POLICY_LENGTH} characters")
    if not text.endswith("\n"):
        raise MalformedError("policy", "no line feed at the end")
    if _FORBIDDEN.search(text):
        raise MalformedError("policy", "holds a surrogate, or a control but tab and line feed")
    reader = _Reader()
    for line in text[:-1].split("\n"):
        stripped = line.strip(" \t")
        if not stripped or stripped.startswith("#"):
            continue
        items = _BLANKS.split(stripped)
        if any(len(item) > MAX_ITEM_LENGTH for item in items):
            raise MalformedError("policy", f"an item longer than {MAX_ITEM_LENGTH} characters")
        reader.read(items)
    if reader.quorum is None:
        raise MalformedError("policy.quorum", "missing")
    return Policy(tuple(reader.logs), tuple(reader.witnesses), tuple(reader.groups), reader.quorum)


def format_policy(policy: Policy) -> str:
    """Return the text of a policy: logs, witnesses, groups, quorum; thresholds in decimal.

    Raises:
        MalformedError: The policy breaks a rule, or a name or URL does not fit on a line.
    """
    lines = [
        *(_join("log", each.verifier.to_text(), each.url) for each in policy.logs),
        *(
            _join("witness", each.name, each.verifier.to_text(), each.url)
            for each in policy.witnesses
        ),
        *(_join("group", each.name, str(each.threshold), *each.members) for each in policy.groups),
        _join("quorum", policy.quorum),
    ]
    text = "".join(f"{line}\n" for line in lines)
    # What parsing refuses, or reads otherwise, is never written.
    if parse_policy(text) != policy:
        raise MalformedError("policy", "a name or URL does not fit on a line")
    return text


def check_policy(policy: Policy, note: bytes) -> Satisfied:
    """Check that a checkpoint bears what a policy demands.

    Lines of unknown keys are ignored, as are those of witnesses whose algorithm this release cannot
    verify; a bad line of a known key condemns the note.

    Args:
        policy: The policy.
        note: The checkpoint with its signatures.

    Raises:
        MalformedError: Not a note whose text is a checkpoint.
        VerificationError: A signature of a known log or witness is bad, or the checkpoint is of
            size 0 and its root not that of the empty tree.
        PolicyError: The policy lists logs and none of them signed, or the quorum is not met.
    """
    parsed = parse_note(note)
    checkpoint = parse_checkpoint(parsed.text)
    _check_log(policy, parsed, checkpoint.origin)
    cosigned = _verified(policy, parsed)
    names = [each.witness for each in cosigned]
    if not policy.is_met_by(names):
        found = ", ".join((*names, *_not_supported(policy, parsed))) or "no cosignature"
        raise PolicyError(expected=policy.describe_quorum(), found=found)
    return Satisfied(checkpoint, cosigned)


def verified_cosignatures(policy: Policy, note: bytes) -> tuple[Cosigned, ...]:
    """Return the good cosignatures of known witnesses, in policy order, whatever the quorum.

    Raises:
        MalformedError: Not a note whose text is a checkpoint.
        VerificationError: A cosignature of a known witness is bad, or the checkpoint is of size 0
            and its root not that of the empty tree.
    """
    parsed = parse_note(note)
    parse_checkpoint(parsed.text)
    return _verified(policy, parsed)


def _verified(policy: Policy, note: Note) -> tuple[Cosigned, ...]:
    cosigned: list[Cosigned] = []
    for witness in policy.witnesses:
        if not witness.verifier.is_supported:
            continue
        times = [
            verify_cosignature(note.text, signature, witness.verifier)
            for signature in note.signatures
            if witness.verifier.made(signature)
        ]
        if times:
            cosigned.append(Cosigned(witness.name, max(times)))
    return tuple(cosigned)


def _check_log(policy: Policy, note: Note, origin: str) -> None:
    if not policy.logs:
        return
    message = note.text.encode()
    signed: list[str] = []
    for log in policy.logs:
        key = (log.verifier.name, log.verifier.key_id)
        for signature in note.signatures:
            if (signature.name, signature.key_id) == key:
                log.verifier.verify(message, signature.signature)
                signed.append(log.verifier.name)
    # A log vouches for its own origin only.
    if origin not in signed:
        expected = " or ".join(
            f"{each.verifier.name} {each.verifier.key_id.hex()}" for each in policy.logs
        )
        found = f"{origin} signed by {', '.join(signed) or 'none of them'}"
        raise PolicyError(expected=expected, found=found)


def _not_supported(policy: Policy, note: Note) -> Iterator[str]:
    for witness in policy.witnesses:
        if not witness.verifier.is_supported and any(map(witness.verifier.made, note.signatures)):
            yield f"{witness.name} (algorithm not supported)"


def _check_count(what: str, definitions: Sequence[object]) -> None:
    if len(definitions) > MAX_DEFINITIONS:
        raise MalformedError(what, f"more than {MAX_DEFINITIONS}")


def _join(*items: str | None) -> str:
    return " ".join(item for item in items if item is not None)
