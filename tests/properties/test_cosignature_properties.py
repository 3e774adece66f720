"""Cosignatures, policies and proof files: round trips, an oracle, and no flipped bit counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.cosignature import (
    MAX_TIMESTAMP,
    CosignatureVerifier,
    Cosigner,
    attach,
    cosign,
    verify_cosignature,
)
from anchoring.core.errors import MalformedError, UnsupportedError, VerificationError
from anchoring.core.merkle import LeafNodes, inclusion_proof, leaf_hash, root_at
from anchoring.core.note import NoteSigner, parse_note
from anchoring.core.policy import (
    Policy,
    PolicyGroup,
    PolicyWitness,
    check_policy,
    format_policy,
    parse_policy,
)
from anchoring.core.tlog_proof import (
    TlogProof,
    format_tlog_proof,
    parse_tlog_proof,
    verify_tlog_proof,
)
from anchoring.core.types import Head, LeafIndex, RootHash, TreeSize
from tests.support.tessera_log import CHECKPOINT_15, ENTRIES, ORIGIN, PRIVATE_KEY, VERIFIER_KEY
from tests.support.witnesses import COSIGNED_15, WITNESS_KEY, cosigned_by, witness

LOG = NoteSigner.from_text(PRIVATE_KEY)
POLICY = parse_policy(f"log {VERIFIER_KEY}\nwitness w1 {WITNESS_KEY}\nquorum w1\n")
NODES = LeafNodes([leaf_hash(entry) for entry in ENTRIES])
PROOF = TlogProof(
    LeafIndex(9), inclusion_proof(LeafIndex(9), TreeSize(15), NODES), COSIGNED_15, b"extra data"
)
FILE = format_tlog_proof(PROOF)
EXTRA_LINE = FILE.split(b"\n")[1]

names = st.text(
    st.characters(codec="utf-8", exclude_categories=("Z", "C"), exclude_characters="+"), min_size=1
)
seeds = st.binary(min_size=32, max_size=32)
cosigners = st.builds(Cosigner, names, seeds)
times = st.integers(0, MAX_TIMESTAMP)
heads = st.builds(Head, st.integers(1, 2**64 - 1).map(TreeSize), seeds.map(RootHash))


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@given(heads, cosigners, times)
def test_cosignature__of_any_checkpoint_name_and_time__verifies(
    head: Head, cosigner: Cosigner, at: int
) -> None:
    note = sign_checkpoint(Checkpoint(ORIGIN, head), LOG)
    signed = parse_note(attach(note, [cosign(note, cosigner, at=at)]))
    verifier = CosignatureVerifier.from_text(cosigner.verifier.to_text())
    assert verify_cosignature(signed.text, signed.signatures[-1], verifier) == at


@given(st.integers(0, len(COSIGNED_15) * 8 - 1))
def test_check_policy__any_bit_of_the_note_flipped__fails(bit: int) -> None:
    with pytest.raises((MalformedError, VerificationError)):
        check_policy(POLICY, flipped(COSIGNED_15, bit))


@given(st.integers(0, len(FILE) * 8 - 1))
def test_verify_tlog_proof__any_bit_flipped__fails_unless_in_the_extra_data(bit: int) -> None:
    data = flipped(FILE, bit)
    try:
        proof = parse_tlog_proof(data)
        verify_tlog_proof(proof, leaf=leaf_hash(ENTRIES[9]), policy=POLICY)
    except (MalformedError, VerificationError):
        return
    start = FILE.index(EXTRA_LINE)
    assert start <= bit // 8 < start + len(EXTRA_LINE)


@given(st.binary(max_size=300).map(lambda tail: b"c2sp.org/tlog-proof@v1\n" + tail))
def test_parse_tlog_proof__any_bytes__are_refused_or_format_back(data: bytes) -> None:
    try:
        proof = parse_tlog_proof(data)
    except (MalformedError, VerificationError):
        return
    assert format_tlog_proof(proof) == data


@given(
    st.integers(0, 2**64 - 1).map(LeafIndex),
    st.lists(seeds, max_size=64).map(tuple),
    st.none() | st.binary(min_size=1, max_size=300),
)
def test_tlog_proof__of_any_fields__round_trips(
    index: LeafIndex, hashes: tuple[bytes, ...], extra: bytes | None
) -> None:
    proof = TlogProof(index, hashes, COSIGNED_15, extra)
    assert parse_tlog_proof(format_tlog_proof(proof)) == proof


@given(st.integers(1, 15), st.data())
def test_tlog_proof__of_any_entry_and_size__verifies(size: int, data: st.DataObject) -> None:
    index = LeafIndex(data.draw(st.integers(0, size - 1)))
    head = Head(TreeSize(size), root_at(TreeSize(size), NODES))
    note = cosigned_by(1, note=sign_checkpoint(Checkpoint(ORIGIN, head), LOG))
    proof = TlogProof(index, inclusion_proof(index, head.size, NODES), note)
    verify_tlog_proof(proof, leaf=leaf_hash(ENTRIES[index]), policy=POLICY)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Return a policy of a few witnesses; groups draw their members from what no group has yet."""
    count = draw(st.integers(0, 6))
    witnesses = tuple(PolicyWitness(f"w{n}", witness(n + 1).verifier) for n in range(count))
    free = [each.name for each in witnesses]
    groups: list[PolicyGroup] = []
    for number in range(draw(st.integers(0, 4)) if count else 0):
        members = tuple(draw(st.lists(st.sampled_from(free), min_size=1, unique=True)))
        threshold = draw(st.integers(1, len(members)))
        groups.append(PolicyGroup(f"g{number}", threshold, members))
        free = [name for name in free if name not in members] + [f"g{number}"]
    known = [*(each.name for each in witnesses), *(each.name for each in groups)]
    return Policy((), witnesses, tuple(groups), draw(st.sampled_from(["none", *known])))


def literally_met(policy: Policy, name: str, signed: set[str]) -> bool:
    """Say whether ``name`` has witnessed, straight from the sentence that defines a group."""
    groups = {group.name: group for group in policy.groups}
    if name not in groups:
        return name == "none" or name in signed
    group = groups[name]
    return [literally_met(policy, m, signed) for m in group.members].count(True) >= group.threshold


@given(policies(), st.data())
def test_policy__of_any_groups__round_trips_and_counts_as_the_specification_says(
    policy: Policy, data: st.DataObject
) -> None:
    assert parse_policy(format_policy(policy)) == policy
    known = [each.name for each in policy.witnesses]
    signed = set(data.draw(st.lists(st.sampled_from(known), unique=True))) if known else set()
    met = literally_met(policy, policy.quorum, signed)
    assert policy.is_met_by(signed) == met
    note = cosigned_by(*(int(name[1:]) + 1 for name in sorted(signed)))
    if met:
        assert {each.witness for each in check_policy(policy, note).cosigned} == signed
    else:
        with pytest.raises(VerificationError):
            check_policy(policy, note)


@given(policies(), st.data())
def test_policy__of_more_witnesses__stays_met(policy: Policy, data: st.DataObject) -> None:
    known = [each.name for each in policy.witnesses]
    if not known:
        return
    some = data.draw(st.lists(st.sampled_from(known), unique=True))
    more = {*some, data.draw(st.sampled_from(known))}
    assert policy.is_met_by(more) >= policy.is_met_by(some)


@given(
    st.text(alphabet=" \t\nabk12#", max_size=60), st.sampled_from(["quorum none\n", "quorum a\n"])
)
def test_parse_policy__any_text__is_refused_or_round_trips(start: str, quorum: str) -> None:
    text = f"witness a {WITNESS_KEY}\n{start}\n{quorum}"
    try:
        policy = parse_policy(text)
    except (MalformedError, UnsupportedError):
        return
    assert parse_policy(format_policy(policy)) == policy


def test_published_checkpoint__cosigned__is_what_the_properties_flip() -> None:
    assert COSIGNED_15.startswith(CHECKPOINT_15)
    assert check_policy(POLICY, COSIGNED_15).checkpoint.head.size == 15
