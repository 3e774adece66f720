"""Says whether the anchors of a ledger are one history: each extends the one before, none is left out.

No entry is needed for it: the anchors file alone (docs/formats/bundle.md) proves append-only.

A1. Each checkpoint is signed by the log key of the trust file and has its origin.
A2. Each anchor passes the checks V5, V6 and V10 of ``receipt_verification``.
A3. Each checkpoint's tree extends that of the item before: its size is not smaller, and the consistency
    proof holds (RFC 9162 section 2.1.4.2, https://www.rfc-editor.org/rfc/rfc9162.html). The first item
    has no proof.
A4. The size that an anchor's event says was the publisher's last is that of the item before it with the
    same chain, contract and publisher, and 0 where there is none: nothing anchored is missing from between.
A5. Each checkpoint bears what the policy of the trust file demands of its size, if it has one.

Every item counts: the worst check decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from anchoring.core.anchors_file import AnchoredCheckpoint
from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.merkle import verify_consistency
from anchoring.core.receipt import ReceiptAnchor
from anchoring.core.receipt_verification import (
    NO_ANCHOR,
    NO_TRUST,
    BelievedAnchor,
    Outcome,
    Step,
    Verdict,
    check_anchor,
    check_trusted_policy,
    refuse,
    worst,
)
from anchoring.core.trust import Trust, open_trusted_checkpoint
from anchoring.core.types import Address, ChainId, Head, TreeSize

_Place: TypeAlias = tuple[ChainId, Address, Address]


@dataclass(frozen=True, slots=True)
class AnchorsVerdict(Verdict):
    """Every check made on one anchors file, in order; unlike in a receipt, each anchor counts."""

    @property
    def outcome(self) -> Outcome:
        """The worst outcome of all checks."""
        return worst(step.outcome for step in self.steps)


def verify_anchors(anchors: Sequence[AnchoredCheckpoint], trust: Trust | None) -> AnchorsVerdict:
    """Make checks A1 to A5 and return what they came to; no failure is raised.

    Args:
        anchors: The items of the file, in its order; nothing of them is trusted.
        trust: What the verifier believes; without it no signature can be believed and nothing is checked.
    """
    if trust is None:
        return AnchorsVerdict((Step("checkpoint.trust", Outcome.POLICY, "a trust file", NO_TRUST),))
    if not anchors:
        return AnchorsVerdict((Step("anchors", Outcome.PENDING, "at least 1", NO_ANCHOR),))
    steps: list[Step] = []
    believed: list[BelievedAnchor] = []
    previous: Head | None = None
    sizes: dict[_Place, TreeSize] = {}
    for position, anchored in enumerate(anchors):
        try:
            head = open_trusted_checkpoint(anchored.checkpoint, trust).head
        except (MalformedError, VerificationError) as error:
            steps.append(_signature_step(error, position))
            continue
        if trust.policy is not None:
            note = anchored.checkpoint
            steps.append(check_trusted_policy(trust, head.size, note, anchor=position))
        steps.append(_extension_step(position, previous, head, anchored))
        previous = head
        about, stands = check_anchor(position, anchored.anchor, head, trust)
        steps += about
        last = sizes.get(_place(anchored.anchor), TreeSize(0))
        sizes[_place(anchored.anchor)] = head.size
        if stands is not None:
            believed.append(stands)
            steps.append(_order_step(position, last, stands.proven.previous_size))
    return AnchorsVerdict(tuple(steps), tuple(believed))


def check_extension(
    previous: Head | None, head: Head, consistency: tuple[bytes, ...] | None
) -> None:
    """Check that a head extends the one before it in the file; see rule A3.

    Args:
        previous: Head of the item before, None for the first.
        head: Head of this item.
        consistency: Its proof from ``previous``, None where the file has none.

    Raises:
        VerificationError: The proof does not hold, is missing, or is that of the first item; ``step`` is
            ``consistency``.
    """
    step = "consistency"
    if previous is None or consistency is None:
        if previous is None and consistency is None:
            return
        wanted = "no proof" if previous is None else f"a proof from size {previous.size}"
        found = "none" if consistency is None else f"{len(consistency)} hashes"
        raise VerificationError(step, expected=wanted, found=found)
    try:
        verify_consistency(old=previous, new=head, proof=consistency)
    except VerificationError as error:
        raise VerificationError(step, expected=error.expected, found=error.found) from error
    except MalformedError as error:
        # Form and bounds of the file are fine by now: what does not fit the signed sizes is untrue.
        expected = f"a proof from size {previous.size} to size {head.size}"
        raise VerificationError(step, expected=expected, found=str(error)) from error


def _signature_step(error: MalformedError | VerificationError, position: int) -> Step:
    if isinstance(error, VerificationError):
        name = "checkpoint.signature" if error.step.startswith("note.") else error.step
        return Step(name, Outcome.FALSE, error.expected, error.found, position)
    return refuse("checkpoint", error, anchor=position)


def _extension_step(
    position: int, previous: Head | None, head: Head, anchored: AnchoredCheckpoint
) -> Step:
    try:
        check_extension(previous, head, anchored.consistency)
    except VerificationError as error:
        return refuse("consistency", error, anchor=position)
    start = 0 if previous is None else previous.size
    return Step(
        "consistency",
        Outcome.VERIFIED,
        f"extends size {start}",
        f"size {head.size} root {head.root.hex()}",
        position,
    )


def _order_step(position: int, last: TreeSize, stated: TreeSize) -> Step:
    outcome = Outcome.VERIFIED if stated == last else Outcome.FALSE
    return Step("order", outcome, f"after size {last}", f"after size {stated}", position)


def _place(anchor: ReceiptAnchor) -> _Place:
    return (anchor.chain_id, anchor.contract, anchor.publisher)
