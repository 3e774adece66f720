"""Changes of the log key: from the key before, through a checkpoint both sign, and no other way."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.checkpoint import Checkpoint, format_checkpoint
from anchoring.core.errors import MalformedError, UnsupportedError, VerificationError
from anchoring.core.note import NoteSigner, sign_note
from anchoring.core.policy import PolicyError, parse_policy
from anchoring.core.rotations import (
    KeyRotation,
    follow_rotations,
    format_rotations,
    parse_rotations,
)
from anchoring.core.trust import (
    EarlierKey,
    Trust,
    format_trust,
    open_trusted_checkpoint,
    parse_trust,
)
from anchoring.core.types import Head, LeafIndex, RootHash, TreeSize
from tests.support.witnesses import WITNESS_KEY, cosigned_by

ORIGIN = "ledger.example/river"
FIRST, SECOND, THIRD, STRANGER = (
    NoteSigner.from_seed(ORIGIN, bytes([number]) * 32) for number in range(1, 5)
)


def checkpoint(size: int, *signers: NoteSigner, origin: str = ORIGIN) -> bytes:
    head = Head(TreeSize(size), RootHash(bytes([size]) * 32))
    first, *more = signers
    return sign_note(format_checkpoint(Checkpoint(origin, head)), first, *more)


def rotation(entry: int, key: NoteSigner, note: bytes) -> KeyRotation:
    return KeyRotation(LeafIndex(entry), key.verifier, note)


OLD = Trust(ORIGIN, FIRST.verifier, ())
TO_SECOND = rotation(5, SECOND, checkpoint(7, SECOND, FIRST))
TO_THIRD = rotation(9, THIRD, checkpoint(10, THIRD, SECOND))
NEW = Trust(
    ORIGIN,
    THIRD.verifier,
    (),
    earlier_keys=(
        EarlierKey(FIRST.verifier, TreeSize(5)),
        EarlierKey(SECOND.verifier, TreeSize(9)),
    ),
)


def test_follow__from_the_first_key__learns_the_last() -> None:
    assert follow_rotations(OLD, [TO_SECOND, TO_THIRD]) == NEW


def test_follow__under_a_policy__needs_its_cosignatures_from_its_size_on() -> None:
    policy = parse_policy(f"witness w1 {WITNESS_KEY}\nquorum w1\n")
    rotations = [
        TO_SECOND,
        replace(TO_THIRD, checkpoint=cosigned_by(1, note=TO_THIRD.checkpoint)),
    ]
    believed = replace(OLD, policy=policy, policy_from=TreeSize(8))
    assert follow_rotations(believed, rotations).log_key == THIRD.verifier
    with pytest.raises(PolicyError):
        follow_rotations(replace(believed, policy_from=TreeSize(7)), rotations)
    with pytest.raises(PolicyError):
        follow_rotations(believed, [TO_SECOND, TO_THIRD])


def test_follow__of_two_rotations_under_one_checkpoint__learns_the_last() -> None:
    note = checkpoint(12, THIRD, SECOND, FIRST)
    rotations = [rotation(5, SECOND, note), rotation(9, THIRD, note)]
    assert follow_rotations(OLD, rotations) == NEW


@pytest.mark.parametrize("rotations", [[], [TO_SECOND], [TO_SECOND, TO_THIRD]])
def test_follow__of_what_is_known__changes_nothing(rotations: list[KeyRotation]) -> None:
    assert follow_rotations(NEW, rotations) == NEW


@pytest.mark.parametrize(
    ("rotations", "step"),
    [
        ([rotation(5, SECOND, checkpoint(7, SECOND))], "note.signatures"),
        ([rotation(5, SECOND, checkpoint(7, FIRST))], "note.signatures"),
        ([rotation(5, SECOND, checkpoint(7, SECOND, STRANGER))], "note.signatures"),
        ([rotation(5, SECOND, checkpoint(5, SECOND, FIRST))], "rotation.checkpoint"),
        (
            [rotation(5, SECOND, checkpoint(7, SECOND, FIRST, origin="other.example/x"))],
            "checkpoint.origin",
        ),
        ([rotation(5, FIRST, checkpoint(7, FIRST))], "rotation.key"),
        ([TO_SECOND, rotation(9, FIRST, checkpoint(10, FIRST, SECOND))], "rotation.key"),
        ([TO_SECOND, rotation(5, THIRD, checkpoint(10, THIRD, SECOND))], "rotation.entry"),
        ([TO_THIRD], "note.signatures"),
    ],
)
def test_follow__of_a_rotation_that_is_none__does_not_verify(
    rotations: list[KeyRotation], step: str
) -> None:
    with pytest.raises(VerificationError) as caught:
        follow_rotations(OLD, rotations)
    assert caught.value.step == step


@pytest.mark.parametrize(
    "first", [replace(TO_SECOND, entry=LeafIndex(4)), replace(TO_SECOND, log_key=STRANGER.verifier)]
)
def test_follow__of_a_rotation_other_than_the_known__does_not_verify(first: KeyRotation) -> None:
    with pytest.raises(VerificationError, match=r"rotation\.known"):
        follow_rotations(NEW, [first, TO_THIRD])


def test_rotations_file__parsed_again__is_the_same() -> None:
    assert parse_rotations(format_rotations([TO_SECOND, TO_THIRD])) == (TO_SECOND, TO_THIRD)
    assert parse_rotations(format_rotations([])) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"entry": 9', b'"entry": 5'),
        (b'"entry": 9', b'"entry": 4'),
        (b'"entry": 5', b'"entry": 0'),
        (b'"entry": 5', b'"entry": "5"'),
        (b'"entry": 5,', b'"entry": 5, "more": 1,'),
        (b"psephos-rotations/1", b"psephos-anchors/1"),
        (b'"logKey": "ledger', b'"logKey": "other'),
    ],
)
def test_rotations_file__changed__is_malformed(old: bytes, new: bytes) -> None:
    data = format_rotations([TO_SECOND, TO_THIRD])
    assert old in data
    with pytest.raises(MalformedError):
        parse_rotations(data.replace(old, new, 1))


def test_rotations_file__of_another_version__is_unsupported() -> None:
    with pytest.raises(UnsupportedError):
        parse_rotations(format_rotations([]).replace(b"rotations/1", b"rotations/2"))


def test_rotations_file__of_what_is_no_text__is_not_written() -> None:
    with pytest.raises(MalformedError):
        format_rotations([replace(TO_SECOND, checkpoint=b"\xff")])


@given(size=st.integers(1, 20))
def test_key_for__any_size__is_the_key_that_signed_it(size: int) -> None:
    signer = FIRST if size <= 5 else SECOND if size <= 9 else THIRD
    assert NEW.key_for(TreeSize(size)) == signer.verifier
    assert open_trusted_checkpoint(checkpoint(size, signer), NEW).head.size == size
    for other in {FIRST, SECOND, THIRD, STRANGER} - {signer}:
        with pytest.raises(VerificationError):
            open_trusted_checkpoint(checkpoint(size, other), NEW)


def test_trust_file__with_earlier_keys__is_the_same_when_parsed_again() -> None:
    assert parse_trust(format_trust(NEW)) == NEW
    assert b"earlierKeys" not in format_trust(OLD)


@pytest.mark.parametrize(
    "earlier",
    [
        (EarlierKey(FIRST.verifier, TreeSize(9)), EarlierKey(SECOND.verifier, TreeSize(5))),
        (EarlierKey(FIRST.verifier, TreeSize(5)), EarlierKey(SECOND.verifier, TreeSize(5))),
        (EarlierKey(FIRST.verifier, TreeSize(5)), EarlierKey(FIRST.verifier, TreeSize(9))),
        (EarlierKey(THIRD.verifier, TreeSize(5)),),
        (EarlierKey(FIRST.verifier, TreeSize(0)),),
    ],
)
def test_trust_file__with_keys_out_of_order_or_twice__is_malformed(
    earlier: tuple[EarlierKey, ...],
) -> None:
    with pytest.raises(MalformedError):
        format_trust(replace(NEW, earlier_keys=earlier))
