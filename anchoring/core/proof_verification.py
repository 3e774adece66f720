"""Says whether a C2SP tlog-proof is true: ordered checks, as for receipts (docs/formats/proof.md).

T1. The entry has at most 65,535 bytes.
T2. The checkpoint is signed by a log of the policy, at least one, and bears the cosignatures that the
    policy demands.
T3. The checkpoint's tree holds the entry at the index of the proof (RFC 9162 section 2.1.3.2).

They stop at the first failure, but a checkpoint that only lacks cosignatures does not stop T3. No chain is
involved: a proof rests on the policy's keys alone. Under a trust file in the place of a policy, T2 is made as
V2 and V9 of ``receipt_verification``.
"""

from anchoring.core.checkpoint import parse_checkpoint
from anchoring.core.errors import VerificationError
from anchoring.core.note import parse_note
from anchoring.core.policy import Policy, PolicyError, check_policy
from anchoring.core.receipt import Receipt
from anchoring.core.receipt_verification import (
    NO_COSIGNATURE,
    Outcome,
    Step,
    Verdict,
    check_entry,
    check_inclusion,
    check_membership,
)
from anchoring.core.tlog_proof import TlogProof
from anchoring.core.trust import Trust


def verify_proof(proof: TlogProof, entry: bytes, policy: Policy) -> Verdict:
    """Make checks T1 to T3 and return what they came to; no failure is raised.

    Args:
        proof: A proof that parsed; nothing else of it is trusted.
        entry: The entry that the caller holds.
        policy: Logs and witnesses that the caller believes.
    """
    receipt = Receipt(entry, proof.index, proof.hashes, proof.checkpoint)
    steps = [check_entry(receipt)]
    if steps[0].outcome is not Outcome.VERIFIED:
        return Verdict(tuple(steps))
    step = _check_policy(policy, proof.checkpoint)
    steps.append(step)
    if step.outcome is not Outcome.FALSE:
        head = parse_checkpoint(parse_note(proof.checkpoint).text).head
        steps.append(check_inclusion(receipt, head))
    return Verdict(tuple(steps))


def verify_ledger_proof(proof: TlogProof, entry: bytes, trust: Trust) -> Verdict:
    """Make checks T1 to T3 with what a trust file says; no failure is raised.

    Args:
        proof: A proof that parsed; nothing else of it is trusted.
        entry: The entry that the caller holds.
        trust: Log key and policy that the caller believes.
    """
    steps, _ = check_membership(Receipt(entry, proof.index, proof.hashes, proof.checkpoint), trust)
    return Verdict(steps)


def _check_policy(policy: Policy, checkpoint: bytes) -> Step:
    if not policy.logs:
        return Step("policy", Outcome.POLICY, "a policy that lists a log", "none")
    origins = " or ".join(each.verifier.name for each in policy.logs)
    expected = f"{origins} cosigned by {policy.describe_quorum()}"
    try:
        satisfied = check_policy(policy, checkpoint)
    except PolicyError as error:
        return Step("policy", Outcome.POLICY, error.expected, error.found)
    except VerificationError as error:
        return Step("policy.signature", Outcome.FALSE, error.expected, error.found)
    found = ", ".join(f"{each.witness} at {each.at}" for each in satisfied.cosigned)
    stated = satisfied.checkpoint
    head = f"{stated.origin} size {stated.head.size} root {stated.head.root.hex()}"
    return Step("policy", Outcome.VERIFIED, expected, f"{head}; {found or NO_COSIGNATURE}")
