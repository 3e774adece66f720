"""The audit itself: fold the ledger, ask of each entry whether it was lawful, check every anchor.

Pure: what it needs is handed over as bytes and look-ups. Rules are those of ``backend.domain``; nothing
is decided here. After a disagreement the replay goes on believing the entry, so that one lie is reported
once and later ones are still found.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from anchoring.core.anchor_chain import verify_anchors
from anchoring.core.anchors_file import AnchoredCheckpoint
from anchoring.core.checkpoint import parse_checkpoint
from anchoring.core.errors import AnchoringError, VerificationError
from anchoring.core.evidence import ProvenAnchor, verify_evidence
from anchoring.core.merkle import CompactRange, leaf_hash
from anchoring.core.note import parse_note
from anchoring.core.receipt_verification import Outcome
from anchoring.core.rotations import KeyRotation
from anchoring.core.trust import Trust, open_trusted_checkpoint
from anchoring.core.types import Address, ChainId, RootHash
from backend.audit.contract_accounts import CONFIRMED, REDACTED, UNASKED, count_checks
from backend.audit.lots import lots_disagreements
from backend.audit.publishers import follow_publishers
from backend.audit.report import (
    DOCUMENT_RULE,
    ENTRY_RULE,
    LEDGER_RULE,
    Disagreement,
    Report,
    disagreement,
)
from backend.domain.acts import CidText, OrganisationFounded, Slug
from backend.domain.decisions import lots_awaited
from backend.domain.documents import documents_of
from backend.domain.entry import Entry
from backend.domain.errors import GovernanceError, RuleReference
from backend.domain.fold import evolve
from backend.domain.instants import Instant, format_instant
from backend.domain.retention import RETENTION_RULE
from backend.domain.rule_changes import pending_enactments
from backend.domain.sources import Sources
from backend.domain.state import State

TIME_RULE = RuleReference("psephos.time", "")
"""Built-in rule: an entry was written between the anchor before it and the first anchor that covers it."""

_CHAIN_STEPS = frozenset({"consistency", "order", "policy", "policy.signature"})
"""Checks of the chain of anchors that are not made entry by entry as well."""

MAX_SKEW_S = 120
"""Seconds by which the server's clock and the chain's block times may differ."""

MAX_INCLUSION_S = 3600
"""Seconds a signed head may wait for its block: entries written meanwhile are older than that block and
no fault of anyone's. It bounds how far an entry could be dated back past an anchor."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is audited."""

    trust: Trust
    """What the auditor believes; comes to them by another way. It has followed the rotations of the log key,
    and the audit follows those of the publishers."""
    entries: Sequence[bytes]
    """Entries of the ledger in order, already proven to be under its signed checkpoint."""
    anchors: Sequence[AnchoredCheckpoint]
    """Anchors, ascending by size."""
    sources: Sources
    """Documents and detached proofs."""
    rotations: Sequence[KeyRotation] = ()
    """Changes of the log key with the checkpoints that witness them, oldest first."""


@dataclass(frozen=True, slots=True)
class _Line:
    """What one entry came to."""

    act: str
    at: Instant
    root: RootHash
    documents: tuple[CidText, ...]


def audit(bundle: Bundle) -> Report:
    """Replay a ledger and report everything that does not hold.

    Args:
        bundle: The ledger and what lies beside it; nothing of it is believed but the trust file.
    """
    disagreements: list[Disagreement] = []
    lines: list[_Line] = []
    state, tree = State(), CompactRange.empty()
    checks: Counter[str] = Counter()
    for index, encoded in enumerate(bundle.entries):
        tree, _ = tree.append(leaf_hash(encoded))
        try:
            entry = Entry.from_bytes(encoded)
        except GovernanceError as error:
            disagreements.append(disagreement(error, entry=index, rule=ENTRY_RULE))
            lines.append(_Line("", state.at, tree.root(), ()))
            state = replace(state, size=index + 1)
            continue
        lines.append(_Line(entry.data.act, entry.at, tree.root(), documents_of(entry.data)))
        state, made, found = _replay(state, entry, bundle)
        checks += made
        disagreements.extend(found)
    disagreements.extend(_outstanding(state, bundle.sources))
    disagreements.extend(_log_keys(bundle, state, lines))
    trust, strangers = follow_publishers(bundle.trust, state.publisher_rotations, len(lines))
    disagreements.extend(strangers)
    bundle = replace(bundle, trust=trust)
    disagreements.extend(_kept(bundle, state))
    documents, missing = _documents(bundle, lines)
    disagreements.extend(missing)
    proven, broken = _anchors(bundle, lines)
    disagreements.extend(broken)
    disagreements.extend(_chain(bundle))
    disagreements.extend(lots_disagreements(state, proven))
    disagreements.extend(_times(lines, proven))
    last = len(lines)
    disagreements = [
        each if each.entry is None else replace(each, act=lines[each.entry].act)
        for each in disagreements
    ]
    disagreements.sort(key=lambda each: last if each.entry is None else each.entry)
    return Report(
        origin=bundle.trust.origin,
        entries=last,
        anchored=max((anchor.anchor.head.size for anchor in proven), default=0),
        anchors=len(proven),
        documents=documents,
        redacted=checks[REDACTED],
        confirmed=checks[CONFIRMED],
        unasked=checks[UNASKED],
        disagreements=tuple(disagreements),
        destroyed=sum(
            len(vote.poll.ballots)
            for vote in state.decided_votes.values()
            if vote.redacted_entry is not None
        ),
    )


def _replay(
    state: State, entry: Entry, bundle: Bundle
) -> tuple[State, Counter[str], list[Disagreement]]:
    """Return the state after an entry, how many checks of it came to what, and what does not hold."""
    index, made = state.size, Counter[str]()
    found = []
    try:
        made = count_checks(state, entry, bundle.sources)
    except GovernanceError as error:
        found.append(disagreement(error, entry=index, rule=ENTRY_RULE))
    except LookupError as error:
        found.append(_unfounded(index, error))
    if isinstance(entry.data, OrganisationFounded):
        found.extend(_founding(index, entry.data, bundle.trust))
    try:
        return evolve(state, entry, bundle.sources), made, found
    except GovernanceError as error:
        if not found:
            found.append(disagreement(error, entry=index, rule=ENTRY_RULE))
    except LookupError as error:
        if not found:
            found.append(_unfounded(index, error))
    return replace(state, size=index + 1), made, found


def _unfounded(index: int, error: LookupError) -> Disagreement:
    """Report an entry that builds on what no lawful history holds, after earlier ones that broke rules."""
    return Disagreement(
        index, ENTRY_RULE, "entry.unfounded", "entries that it can follow", str(error)[:200]
    )


def _founding(index: int, data: OrganisationFounded, trust: Trust) -> list[Disagreement]:
    expected, found = [trust.origin], [data.origin]
    contract = Address(bytes.fromhex(data.signing.contract[2:]))
    network = trust.network(ChainId(data.signing.chain_id))
    if network is None or network.contract != contract:
        expected.append("a registry of the trust file")
        found.append(f"chain {data.signing.chain_id} contract {data.signing.contract}")
    if expected == found:
        return []
    return [Disagreement(index, LEDGER_RULE, "ledger.origin", " ".join(expected), " ".join(found))]


def _outstanding(state: State, sources: Sources) -> list[Disagreement]:
    """Report decisions and effects that follow from the ledger and are not in it."""
    closed = sorted(name for name, motion in state.motions.items() if motion.status == "closed")
    undecided = [name for name in closed if not _waits(state, name, sources)]
    try:
        pending = [each.motion for each in pending_enactments(state)]
    except LookupError:
        # Entries before broke rules and were reported: what is pending after them means nothing.
        pending = []
    missing = [
        *(f"a decision on {name}" for name in undecided),
        *(f"what {name} put in force" for name in pending),
    ]
    return [Disagreement(None, LEDGER_RULE, "ledger.omission", each, "nothing") for each in missing]


def _waits(state: State, motion: Slug, sources: Sources) -> bool:
    try:
        return lots_awaited(state, motion, sources)
    except (GovernanceError, LookupError):
        # What it rests on is missing or unlawful, and was reported: the decision is missing all the same.
        return False


def _kept(bundle: Bundle, state: State) -> list[Disagreement]:
    """Report what the ledger says was destroyed and the bundle still holds."""
    found = []
    for vote in state.decided_votes.values():
        if vote.redacted_entry is None:
            continue
        motion = vote.poll.item.motion
        kept = [index for index in vote.poll.ballots if bundle.sources.signatures(index)]
        if kept or bundle.sources.roll(vote.poll.item.decision) is not None:
            found.append(
                Disagreement(
                    vote.redacted_entry,
                    RETENTION_RULE,
                    "redaction.kept",
                    f"no roll and no signature of the ballots on {motion}",
                    f"{len(kept)} signatures" if kept else "the roll",
                )
            )
    return found


def _log_keys(bundle: Bundle, state: State, lines: Sequence[_Line]) -> list[Disagreement]:
    """Report keys that the auditor believes and the ledger does not name, or the other way round (K4)."""
    trust = bundle.trust
    keys = [*(each.log_key for each in trust.earlier_keys), trust.log_key]
    expected = [
        (each.until, key.to_text())
        for each, key in zip(trust.earlier_keys, keys[1:], strict=True)
        if each.until < len(lines)
    ]
    named = [(rotation.entry, rotation.log_key) for rotation in state.rotations]
    found = []
    if expected != named:
        found.append(
            Disagreement(
                None,
                LEDGER_RULE,
                "ledger.log_key",
                _rotations_text(expected),
                _rotations_text(named),
            )
        )
    for rotation in bundle.rotations:
        head = parse_checkpoint(parse_note(rotation.checkpoint).text).head
        if not 1 <= head.size <= len(lines) or head.root != lines[head.size - 1].root:
            ours = lines[min(head.size, len(lines)) - 1].root.hex() if lines else "no entry"
            found.append(
                Disagreement(
                    rotation.entry if rotation.entry < len(lines) else None,
                    LEDGER_RULE,
                    "ledger.rotation",
                    f"{ours} at size {head.size}",
                    head.root.hex(),
                )
            )
    return found


def _rotations_text(rotations: Sequence[tuple[int, str]]) -> str:
    return ", ".join(f"{key} in entry {entry}" for entry, key in rotations) or "no rotation"


def _documents(bundle: Bundle, lines: Sequence[_Line]) -> tuple[int, list[Disagreement]]:
    seen: set[CidText] = set()
    held, missing = 0, []
    for index, line in enumerate(lines):
        for cid in line.documents:
            if cid in seen:
                continue
            seen.add(cid)
            try:
                bundle.sources.document(cid)
                held += 1
            except GovernanceError as error:
                missing.append(disagreement(error, entry=index, rule=DOCUMENT_RULE))
    return held, missing


def _anchors(
    bundle: Bundle, lines: Sequence[_Line]
) -> tuple[list[ProvenAnchor], list[Disagreement]]:
    proven: list[ProvenAnchor] = []
    broken: list[Disagreement] = []
    for anchored in bundle.anchors:
        try:
            proven.append(_anchor(bundle.trust, anchored, lines))
        except AnchoringError as error:
            broken.append(disagreement(error, entry=None, rule=LEDGER_RULE))
    return proven, _first_of_each_code(broken)


def _chain(bundle: Bundle) -> list[Disagreement]:
    """Report what breaks the chain of anchors, which shows append-only without any entry."""
    verdict = verify_anchors(bundle.anchors, bundle.trust)
    return _first_of_each_code(
        [
            Disagreement(None, LEDGER_RULE, f"anchor.{step.name}", step.expected, step.found)
            for step in verdict.steps
            if step.name in _CHAIN_STEPS and step.outcome is not Outcome.VERIFIED
        ]
    )


def _first_of_each_code(found: Sequence[Disagreement]) -> list[Disagreement]:
    """One changed entry breaks every later anchor in the same way: the first of them says it all."""
    by_code: dict[str, list[Disagreement]] = {}
    for each in found:
        by_code.setdefault(each.code, []).append(each)
    return [
        replace(first, found=f"{first.found}, and {len(more)} more anchors") if more else first
        for first, *more in by_code.values()
    ]


def _anchor(trust: Trust, anchored: AnchoredCheckpoint, lines: Sequence[_Line]) -> ProvenAnchor:
    head = open_trusted_checkpoint(anchored.checkpoint, trust).head
    claim = anchored.anchor.claim(head)
    network = trust.network(claim.chain_id)
    wanted = network and (network.contract, network.publisher_for(head.size))
    if wanted != (claim.contract, claim.publisher):
        raise VerificationError(
            "anchor.network",
            expected="a registry of the trust file, and its publisher for that size",
            found=f"chain {claim.chain_id} contract 0x{claim.contract.hex()}"
            f" publisher 0x{claim.publisher.hex()} at size {head.size}",
        )
    if not 1 <= head.size <= len(lines):
        raise VerificationError(
            "anchor.size", expected=f"at most {len(lines)} entries", found=str(head.size)
        )
    ours = lines[head.size - 1].root
    if head.root != ours:
        raise VerificationError(
            "anchor.root",
            expected=f"{ours.hex()} at size {head.size}",
            found=f"{head.root.hex()} anchored in block {claim.block_number}",
        )
    return verify_evidence(anchored.anchor.evidence, claim)


def _times(lines: Sequence[_Line], proven: Sequence[ProvenAnchor]) -> list[Disagreement]:
    """Hold every entry to the anchors around it, chain by chain: only one chain's blocks have an order."""
    by_chain: dict[ChainId, list[ProvenAnchor]] = {}
    for anchor in sorted(proven, key=lambda anchor: anchor.anchor.head.size):
        by_chain.setdefault(anchor.anchor.chain_id, []).append(anchor)
    found: dict[int, Disagreement] = {}
    for chain_id in sorted(by_chain):
        for index, broken in _times_on_one_chain(lines, by_chain[chain_id]):
            found.setdefault(index, broken)
    return [found[index] for index in sorted(found)]


def _times_on_one_chain(
    lines: Sequence[_Line], proven: Sequence[ProvenAnchor]
) -> Iterator[tuple[int, Disagreement]]:
    start, after = 0, 0
    for anchor, block_time in _signed_before(proven):
        earliest = _instant(after - MAX_INCLUSION_S - MAX_SKEW_S)
        latest = _instant(block_time + MAX_SKEW_S)
        expected = f"between {earliest} and {latest}"
        for index in range(start, anchor.anchor.head.size):
            if not earliest <= lines[index].at <= latest:
                at = lines[index].at
                yield index, Disagreement(index, TIME_RULE, "entry.time", expected, at)
        start, after = max(start, anchor.anchor.head.size), block_time


def _signed_before(proven: Sequence[ProvenAnchor]) -> list[tuple[ProvenAnchor, int]]:
    """Return each anchor, ascending by size, with the first block time by which its head was signed.

    That is its own, or an earlier one of a greater head: a transaction of a publisher that was replaced may
    have waited longer than the next publisher's.
    """
    found: list[tuple[ProvenAnchor, int]] = []
    for anchor in reversed(proven):
        later = found[-1][1] if found else anchor.block_time
        found.append((anchor, min(anchor.block_time, later)))
    return found[::-1]


def _instant(seconds: int) -> Instant:
    return format_instant(datetime.fromtimestamp(max(seconds, 0), UTC))
