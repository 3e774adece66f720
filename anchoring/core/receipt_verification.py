"""Says whether a receipt is true: ordered checks, each with what it expected and what it found.

V1. The entry has at most 65,535 bytes.
V2. The checkpoint is signed by the log key of the trust file and has its origin.
V3. The checkpoint's tree holds the entry at its index (RFC 9162 section 2.1.3.2).
V4. The receipt has at least one anchor.
V5. Each anchor's chain is a network of the trust file, with the same contract, and its publisher is the
    one of the trust file for the checkpoint's size.
V6. Each such anchor's evidence proves that its block holds the checkpoint's size and root.
V7. Some anchor rests on a block hash that the verifier brought, if any was brought: that of its own
    block, or of the finalized block that V10 tied to it.
V8. A node, if one is asked, agrees: see ``node_verification``.
V9. The checkpoint bears the cosignatures that the policy of the trust file demands of its size, if it has
    one; checked after V2.
V10. Each such anchor's finality statement, if it has one, ties a later block to the anchor's;
    checked after V6.

V1 to V3 stop at the first failure, V9 at a bad signature: what follows would rest on nothing. One
anchor is enough, so an anchor on a chain the trust file does not name, or one not final yet, counts
only when no other does better; but one that is false condemns the receipt.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, TypeAlias

from anchoring.core.checkpoint import Checkpoint, parse_checkpoint
from anchoring.core.errors import (
    MalformedError,
    UnavailableError,
    UnsupportedError,
    VerificationError,
)
from anchoring.core.evidence import ProvenAnchor, verify_evidence
from anchoring.core.finality import FinalityStatement, verify_finality
from anchoring.core.merkle import leaf_hash, verify_inclusion
from anchoring.core.note import parse_note
from anchoring.core.policy import PolicyError, check_policy
from anchoring.core.receipt import Receipt, ReceiptAnchor
from anchoring.core.trust import Network, Trust, open_trusted_checkpoint
from anchoring.core.types import MAX_ENTRY_BYTES, BlockHash, Head, TreeSize

NO_TRUST: Final = "no trust file"
"""What the step ``checkpoint.trust`` found when nothing says which key to believe."""

NO_COSIGNATURE: Final = "no cosignature"
"""What the step ``policy`` found when no witness of the policy cosigned and none had to."""

NO_ANCHOR: Final = "no anchor"
"""What the step ``anchors`` found in a receipt that was made before its checkpoint was anchored."""

CheckError: TypeAlias = MalformedError | UnsupportedError | VerificationError | UnavailableError
"""What a check may raise; anything else is a fault of this program."""


class Outcome(Enum):
    """What a check, or a whole receipt, comes to; from the best to the worst."""

    VERIFIED = "verified"
    """True, as far as it was checked."""
    PENDING = "pending"
    """True, but not anchored or not final yet."""
    UNREACHABLE = "unreachable"
    """Something that was asked did not answer."""
    POLICY = "policy"
    """The trust file does not cover it, or this release does not support it."""
    MALFORMED = "malformed"
    """Does not parse."""
    FALSE = "false"
    """Parses and is not true: damaged or forged."""


@dataclass(frozen=True, slots=True)
class Step:
    """One check that was made."""

    name: str
    """What was checked; docs/formats/receipt.md lists the names."""
    outcome: Outcome
    """What it came to."""
    expected: str
    """What the check required; data, not prose, wherever there is some."""
    found: str
    """What it met."""
    anchor: int | None = None
    """Position of the anchor it is about, from 0; None when it is about the whole receipt."""


@dataclass(frozen=True, slots=True)
class BelievedAnchor:
    """An anchor on a network of the trust file, proven by its evidence."""

    position: int
    """Position among the anchors of the receipt, from 0."""
    network: Network
    """The network of the trust file."""
    proven: ProvenAnchor
    """What the evidence proves, given the block hash."""
    finality: FinalityStatement | None = None
    """The finalized block that was shown to descend from the anchor's; its hash then suffices."""

    @property
    def block_hashes(self) -> tuple[BlockHash, ...]:
        """Hashes of which one suffices: the anchor's block's, then the finalized block's, if any."""
        ours = self.proven.anchor.block_hash
        return (ours,) if self.finality is None else (ours, self.finality.block_hash)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every check made on one receipt, in order."""

    steps: tuple[Step, ...]
    """The checks; never empty."""
    believed: tuple[BelievedAnchor, ...] = ()
    """The anchors that stand; all of it rests on their block hashes."""

    @property
    def outcome(self) -> Outcome:
        """The outcome of the whole receipt."""
        return _conclude(self.steps)

    @property
    def failed(self) -> Step | None:
        """The first check with the outcome of the whole, None when the receipt is verified."""
        outcome = self.outcome
        if outcome is Outcome.VERIFIED:
            return None
        return next(step for step in self.steps if step.outcome is outcome)

    def followed_by(self, steps: Iterable[Step]) -> "Verdict":
        """Return the verdict with further checks after those it has."""
        return replace(self, steps=(*self.steps, *steps))


def verify_receipt(receipt: Receipt, trust: Trust | None) -> Verdict:
    """Make checks V1 to V6, V9 and V10 and return what they came to; no failure is raised.

    Args:
        receipt: The receipt; nothing of it is trusted.
        trust: What the verifier believes. Without it no signature can be believed: only V1 and V3,
            against an unproven checkpoint, are made.
    """
    about, checkpoint = check_membership(receipt, trust)
    steps = list(about)
    if checkpoint is None or trust is None:
        return Verdict(tuple(steps))
    if not receipt.anchors:
        steps.append(Step("anchors", Outcome.PENDING, "at least 1", NO_ANCHOR))
    believed: list[BelievedAnchor] = []
    for position, anchor in enumerate(receipt.anchors):
        about, stands = check_anchor(position, anchor, checkpoint.head, trust)
        steps += about
        if stands is not None:
            believed.append(stands)
    return Verdict(tuple(steps), tuple(believed))


def check_membership(
    receipt: Receipt, trust: Trust | None
) -> tuple[tuple[Step, ...], Checkpoint | None]:
    """Make checks V1, V2, V9 and V3: a checkpoint of the ledger holds the entry.

    Args:
        receipt: Entry, place, proof and checkpoint; nothing of it is trusted, anchors are not looked at.
        trust: What the verifier believes; see ``verify_receipt`` for what is checked without it.

    Returns:
        The steps, and the checkpoint if none of them is false or malformed.
    """
    entry = check_entry(receipt)
    if entry.outcome is not Outcome.VERIFIED:
        return (entry,), None
    signed, checkpoint = _check_checkpoint(receipt, trust)
    steps: tuple[Step, ...] = (entry, signed)
    if checkpoint is None:
        return steps, None
    if trust is not None and trust.policy is not None:
        cosigned = check_trusted_policy(trust, checkpoint.head.size, receipt.checkpoint)
        steps = (*steps, cosigned)
        if cosigned.outcome is Outcome.FALSE:
            return steps, None
    held = check_inclusion(receipt, checkpoint.head)
    return (*steps, held), checkpoint if held.outcome is Outcome.VERIFIED else None


def check_anchor(
    position: int, anchor: ReceiptAnchor, head: Head, trust: Trust
) -> tuple[tuple[Step, ...], BelievedAnchor | None]:
    """Make checks V5, V6 and V10 for one anchor; stops at the first failure.

    Args:
        position: Position of the anchor in its file, from 0.
        anchor: The anchor; nothing of it is trusted.
        head: Head of its checkpoint, whose signature was checked.
        trust: What the verifier believes.

    Returns:
        The steps, and the anchor if they all passed.
    """
    network = trust.network(anchor.chain_id)
    named = _check_network(position, anchor, network, head.size)
    if network is None or named.outcome is not Outcome.VERIFIED:
        return (named,), None
    held, proven = _check_evidence(position, anchor, head)
    if proven is None:
        return (named, held), None
    if anchor.finality is None:
        return (named, held), BelievedAnchor(position, network, proven)
    final = _check_finality(position, anchor, anchor.finality)
    if final.outcome is not Outcome.VERIFIED:
        return (named, held, final), None
    return (named, held, final), BelievedAnchor(position, network, proven, anchor.finality)


def check_block_hashes(verdict: Verdict, block_hashes: Collection[BlockHash]) -> Verdict:
    """Make check V7: some believed anchor rests on one of the hashes.

    Args:
        verdict: What ``verify_receipt`` returned.
        block_hashes: Hashes the verifier got elsewhere; when there is none, nothing is checked.
    """
    found = [each for believed in verdict.believed for each in believed.block_hashes]
    if not block_hashes or not found:
        return verdict
    matches = [each for each in found if each in block_hashes]
    outcome = Outcome.VERIFIED if matches else Outcome.FALSE
    expected = " or ".join(f"0x{each.hex()}" for each in sorted(block_hashes))
    listed = ", ".join(f"0x{each.hex()}" for each in matches or found)
    return verdict.followed_by([Step("block-hash", outcome, expected, listed)])


def refuse(name: str, error: CheckError, *, anchor: int | None = None) -> Step:
    """Return the step of a check that could not be made or failed, by the class of its error.

    Args:
        name: Name of the check, used unless the error names a finer one.
        error: What was raised.
        anchor: Position of the anchor it is about.
    """
    if isinstance(error, VerificationError):
        finer = error.step if error.step.partition(".")[0] == name else name
        return Step(finer, Outcome.FALSE, error.expected, error.found, anchor)
    if isinstance(error, UnsupportedError):
        return Step(name, Outcome.POLICY, f"a supported {error.what}", error.found, anchor)
    if isinstance(error, MalformedError):
        return Step(name, Outcome.MALFORMED, f"a well-formed {error.what}", error.reason, anchor)
    return Step(name, Outcome.UNREACHABLE, error.what, error.reason, anchor)


def _conclude(steps: Iterable[Step]) -> Outcome:
    """One false or malformed check decides; else the whole receipt's, then the best anchor's."""
    whole: list[Outcome] = []
    anchors: dict[int, Outcome] = {}
    for step in steps:
        if step.anchor is None or step.outcome in (Outcome.MALFORMED, Outcome.FALSE):
            whole.append(step.outcome)
        else:
            so_far = anchors.get(step.anchor, Outcome.VERIFIED)
            anchors[step.anchor] = worst((so_far, step.outcome))
    outcome = worst(whole)
    if outcome is Outcome.VERIFIED and anchors:
        return min(anchors.values(), key=_SEVERITY.index)
    return outcome


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the worst of the outcomes, ``VERIFIED`` when there is none."""
    return max(outcomes, key=_SEVERITY.index, default=Outcome.VERIFIED)


_SEVERITY: Final = tuple(Outcome)


def check_entry(receipt: Receipt) -> Step:
    """Make check V1: the length of the entry."""
    length = len(receipt.entry)
    outcome = Outcome.VERIFIED if length <= MAX_ENTRY_BYTES else Outcome.MALFORMED
    return Step("entry", outcome, f"<= {MAX_ENTRY_BYTES}", str(length))


def _check_checkpoint(receipt: Receipt, trust: Trust | None) -> tuple[Step, Checkpoint | None]:
    try:
        if trust is None:
            unproven = parse_checkpoint(parse_note(receipt.checkpoint).text)
            step = Step("checkpoint.trust", Outcome.POLICY, "a trust file", NO_TRUST)
            return step, unproven
        opened = open_trusted_checkpoint(receipt.checkpoint, trust)
    except VerificationError as error:
        # The note's own steps speak of any note; here it is the checkpoint.
        name = "checkpoint.signature" if error.step.startswith("note.") else error.step
        return Step(name, Outcome.FALSE, error.expected, error.found), None
    except MalformedError as error:
        return refuse("checkpoint", error), None
    head = f"{opened.origin} size {opened.head.size} root {opened.head.root.hex()}"
    key = trust.key_for(opened.head.size)
    expected = f"{trust.origin} signed by {key.name} {key.key_id.hex()}"
    return Step("checkpoint", Outcome.VERIFIED, expected, head), opened


def check_trusted_policy(
    trust: Trust, size: TreeSize, checkpoint: bytes, *, anchor: int | None = None
) -> Step:
    """Make check V9: the checkpoint of ``size`` entries bears what the trust file demands of that size.

    Args:
        trust: What the verifier believes.
        size: Size that the checkpoint states.
        checkpoint: Its note; the signature of the log key was checked.
        anchor: Position of the item it is about.

    Raises:
        MalformedError: Not a note whose text is a checkpoint.
    """
    policy = trust.policy_for(size)
    if policy is None:
        found = f"no cosignature demanded below size {trust.policy_from}"
        return Step("policy", Outcome.VERIFIED, found, found, anchor)
    try:
        satisfied = check_policy(policy, checkpoint)
    except PolicyError as error:
        # Nothing is untrue: the checkpoint only lacks what this verifier demands.
        return Step("policy", Outcome.POLICY, error.expected, error.found, anchor)
    except VerificationError as error:
        return Step("policy.signature", Outcome.FALSE, error.expected, error.found, anchor)
    found = ", ".join(f"{each.witness} at {each.at}" for each in satisfied.cosigned)
    return Step(
        "policy", Outcome.VERIFIED, policy.describe_quorum(), found or NO_COSIGNATURE, anchor
    )


def check_inclusion(receipt: Receipt, head: Head) -> Step:
    """Make check V3: the tree of ``head`` holds the entry at its index."""
    expected = f"index < {head.size}, root {head.root.hex()}"
    try:
        verify_inclusion(
            leaf=leaf_hash(receipt.entry),
            index=receipt.index,
            size=head.size,
            proof=receipt.inclusion,
            root=head.root,
        )
    except VerificationError as error:
        return Step("inclusion", Outcome.FALSE, error.expected, error.found)
    except MalformedError as error:
        # Form and bounds of the file are fine by now: what does not fit the signed size is untrue.
        return Step("inclusion", Outcome.FALSE, expected, str(error))
    return Step("inclusion", Outcome.VERIFIED, expected, f"index {receipt.index}")


def _check_network(
    position: int, anchor: ReceiptAnchor, network: Network | None, size: TreeSize
) -> Step:
    found = f"chain {anchor.chain_id}"
    if network is None:
        return Step("network", Outcome.POLICY, "a chain of the trust file", found, position)
    publisher = network.publisher_for(size)
    wanted = (network.contract, publisher)
    outcome = Outcome.VERIFIED if (anchor.contract, anchor.publisher) == wanted else Outcome.FALSE
    return Step(
        "network",
        outcome,
        f"chain {network.chain_id} contract {_hex(network.contract)} publisher {_hex(publisher)}",
        f"{found} contract {_hex(anchor.contract)} publisher {_hex(anchor.publisher)}",
        position,
    )


def _check_evidence(
    position: int, anchor: ReceiptAnchor, head: Head
) -> tuple[Step, ProvenAnchor | None]:
    claim = anchor.claim(head)
    try:
        proven = verify_evidence(anchor.evidence, claim)
    except (MalformedError, VerificationError) as error:
        return refuse("evidence", error, anchor=position), None
    expected = f"size {head.size} root {head.root.hex()}"
    found = f"block {claim.block_number} {_hex(claim.block_hash)} time {proven.block_time}"
    return Step("evidence", Outcome.VERIFIED, expected, found, position), proven


def _check_finality(position: int, anchor: ReceiptAnchor, statement: FinalityStatement) -> Step:
    try:
        verify_finality(statement, anchor_number=anchor.block_number, anchor_hash=anchor.block_hash)
    except (MalformedError, VerificationError) as error:
        return refuse("finality", error, anchor=position)
    expected = f"a descendant of block {anchor.block_number} {_hex(anchor.block_hash)}"
    found = f"block {statement.block_number} {_hex(statement.block_hash)}"
    return Step("finality", Outcome.VERIFIED, expected, found, position)


def _hex(value: bytes) -> str:
    return f"0x{value.hex()}"
