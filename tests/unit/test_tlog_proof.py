"""Proof files: known bytes, and every refusal."""

from dataclasses import replace

import pytest

from anchoring.core.checkpoint import Checkpoint, sign_checkpoint
from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.merkle import EMPTY_ROOT, LeafNodes, inclusion_proof, leaf_hash
from anchoring.core.note import MAX_NOTE_BYTES, NoteSigner
from anchoring.core.policy import PolicyError, parse_policy
from anchoring.core.text import format_base64, parse_base64
from anchoring.core.tlog_proof import (
    MAX_EXTRA_BYTES,
    MAX_PROOF_BYTES,
    TlogProof,
    format_tlog_proof,
    parse_tlog_proof,
    verify_tlog_proof,
)
from anchoring.core.types import Head, LeafIndex, RootHash, TreeSize
from tests.support.tessera_log import CHECKPOINT_15, ENTRIES, ORIGIN, PRIVATE_KEY, VERIFIER_KEY
from tests.support.witnesses import COSIGNED_15, WITNESS_KEY, cosigned_by

HASHES = (
    "91HQqaPzWlbBsUDk3JvSpOTK7Bc4ifZGxXZzfABOmuU=",
    "UaHiSrgbkmaCsusBntn9ux0S2PsqH1y6DHQAxe6wrPg=",
    "Oy+stN8Ie64lJ90ILA9yEeOWSzBgC+6RjoKksiWsR7Y=",
    "bC+VwvrJbalNVjfkdI8kUgs7mJoXrqiXCE7bgnD28pY=",
)
"""Inclusion of entry 9 in 15, computed from the published log."""

NODES = LeafNodes([leaf_hash(entry) for entry in ENTRIES])
PROOF = TlogProof(
    LeafIndex(9), tuple(parse_base64(each, what="hash") for each in HASHES), COSIGNED_15
)
FILE = b"c2sp.org/tlog-proof@v1\nindex 9\n" + "\n".join(HASHES).encode() + b"\n\n" + COSIGNED_15
POLICY = parse_policy(f"log {VERIFIER_KEY}\nwitness w1 {WITNESS_KEY}\nquorum w1\n")
LEAF = leaf_hash(ENTRIES[9])


def test_format__known_proof__gives_known_bytes() -> None:
    assert inclusion_proof(LeafIndex(9), TreeSize(15), NODES) == PROOF.hashes
    assert format_tlog_proof(PROOF) == FILE
    assert len(FILE) == 536
    assert parse_tlog_proof(FILE) == PROOF


def test_verify__known_proof__gives_checkpoint_and_cosigners() -> None:
    satisfied = verify_tlog_proof(PROOF, leaf=LEAF, policy=POLICY)
    assert satisfied.checkpoint.head.size == 15
    assert [each.witness for each in satisfied.cosigned] == ["w1"]


def test_verify__with_extra_data__ignores_it() -> None:
    proof = replace(PROOF, extra=b"agent-v1")
    data = format_tlog_proof(proof)
    assert data.startswith(b"c2sp.org/tlog-proof@v1\nextra YWdlbnQtdjE=\nindex 9\n")
    assert parse_tlog_proof(data) == proof
    verify_tlog_proof(proof, leaf=LEAF, policy=POLICY)


@pytest.mark.parametrize("index", range(15))
def test_verify__every_entry__at_its_index_only(index: int) -> None:
    place = LeafIndex(index)
    proof = TlogProof(place, inclusion_proof(place, TreeSize(15), NODES), COSIGNED_15)
    assert parse_tlog_proof(format_tlog_proof(proof)) == proof
    verify_tlog_proof(proof, leaf=leaf_hash(ENTRIES[index]), policy=POLICY)
    for other in set(range(16)) - {index}:
        with pytest.raises((VerificationError, MalformedError)):
            verify_tlog_proof(
                replace(proof, index=LeafIndex(other)),
                leaf=leaf_hash(ENTRIES[index]),
                policy=POLICY,
            )


def test_verify__of_a_log_of_one_entry__has_no_hash() -> None:
    leaf = leaf_hash(b"one")
    head = Head(TreeSize(1), RootHash(leaf))
    note = sign_checkpoint(Checkpoint(ORIGIN, head), NoteSigner.from_text(PRIVATE_KEY))
    proof = TlogProof(LeafIndex(0), (), note)
    assert format_tlog_proof(proof) == b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + note
    assert parse_tlog_proof(format_tlog_proof(proof)) == proof
    policy = parse_policy(f"log {VERIFIER_KEY}\nquorum none\n")
    verify_tlog_proof(proof, leaf=leaf, policy=policy)


def test_verify__under_a_policy_that_is_not_met__says_so_before_any_hash() -> None:
    wrong = leaf_hash(b"never written")
    with pytest.raises(PolicyError):
        verify_tlog_proof(replace(PROOF, checkpoint=CHECKPOINT_15), leaf=wrong, policy=POLICY)
    with pytest.raises(PolicyError):
        verify_tlog_proof(replace(PROOF, checkpoint=cosigned_by(2)), leaf=wrong, policy=POLICY)
    with pytest.raises(PolicyError, match="lists a log"):
        verify_tlog_proof(PROOF, leaf=LEAF, policy=parse_policy("quorum none\n"))


@pytest.mark.parametrize(
    ("proof", "error"),
    [
        (replace(PROOF, hashes=PROOF.hashes[:-1]), MalformedError),
        (replace(PROOF, hashes=(*PROOF.hashes, PROOF.hashes[0])), MalformedError),
        (replace(PROOF, hashes=PROOF.hashes[::-1]), VerificationError),
        (replace(PROOF, index=LeafIndex(8)), VerificationError),
        (replace(PROOF, index=LeafIndex(15)), MalformedError),
    ],
)
def test_verify__of_a_changed_proof__is_refused(
    proof: TlogProof, error: type[MalformedError | VerificationError]
) -> None:
    with pytest.raises(error):
        verify_tlog_proof(proof, leaf=LEAF, policy=POLICY)


def test_verify__of_another_leaf__is_false() -> None:
    for leaf in (leaf_hash(ENTRIES[8]), leaf_hash(b"")):
        with pytest.raises(VerificationError) as caught:
            verify_tlog_proof(PROOF, leaf=leaf, policy=POLICY)
        assert caught.value.step == "inclusion"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"c2sp.org/tlog-proof@v1\n", b""),
        (b"tlog-proof@v1", b"tlog-proof@v2"),
        (b"tlog-proof@v1\n", b"tlog-proof@v1 \n"),
        (b"tlog-proof@v1\n", b"tlog-proof@v1\r\n"),
        (b"index 9\n", b""),
        (b"index 9\n", b"index \n"),
        (b"index 9\n", b"index 09\n"),
        (b"index 9\n", b"index +9\n"),
        (b"index 9\n", b"index -9\n"),
        (b"index 9\n", b"index 9 \n"),
        (b"index 9\n", b"index  9\n"),
        (b"index 9\n", b"index 0x9\n"),
        (b"index 9\n", b"index 1_0\n"),
        (b"index 9\n", b"index 18446744073709551616\n"),
        (b"index 9\n", b"Index 9\n"),
        (b"index 9\n", b"index 9\nindex 9\n"),
        (b"index 9\n", "index ٩\n".encode()),
        (b"index 9\n", b"index 9\nextra YQ==\n"),
        (b"index 9\n", b"extra \nindex 9\n"),
        (b"index 9\n", b"extra YQ\nindex 9\n"),
        (b"index 9\n", b"extra YR==\nindex 9\n"),
        (b"index 9\n", b"extra YQ==\nextra YQ==\nindex 9\n"),
        (b"index 9\n", b"extra\nindex 9\n"),
        (b"index 9\n", b"\nindex 9\n"),
        (HASHES[0].encode(), HASHES[0].encode()[:-1]),
        (HASHES[0].encode(), HASHES[0].encode()[:-2] + b"V="),
        (HASHES[0].encode(), b" " + HASHES[0].encode()),
        (HASHES[0].encode(), b"YQ=="),
        (HASHES[0].encode(), HASHES[0].encode().replace(b"+", b"-") + b"="),
        (HASHES[3].encode() + b"\n\n", HASHES[3].encode() + b"\n"),
        (HASHES[3].encode() + b"\n\n", HASHES[3].encode() + b"\n\n\n"),
        (b"\n\nexample.com/", b"\n\n\nexample.com/"),
        (b"\n15\n", b"\n015\n"),
        (b"\n15\n", b"\n"),
        (CHECKPOINT_15.partition(b"\n\n")[2], b"\n"),
        (CHECKPOINT_15, b""),
        (COSIGNED_15, b""),
    ],
)
def test_parse__of_another_form__is_malformed(old: bytes, new: bytes) -> None:
    assert FILE.count(old) == 1
    with pytest.raises(MalformedError):
        parse_tlog_proof(FILE.replace(old, new))


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\n\n" + COSIGNED_15, FILE[:-1], FILE + b"\n"])
def test_parse__of_a_cut_or_longer_file__is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_tlog_proof(data)


def test_parse__of_as_many_hashes_as_a_tree_is_deep__is_read_and_one_more_is_not() -> None:
    line = HASHES[0].encode() + b"\n"
    start = b"c2sp.org/tlog-proof@v1\nindex 18446744073709551615\n"
    assert len(parse_tlog_proof(start + line * 64 + b"\n" + COSIGNED_15).hashes) == 64
    with pytest.raises(MalformedError):
        parse_tlog_proof(start + line * 65 + b"\n" + COSIGNED_15)


def test_parse__of_as_much_extra_data_as_allowed__is_read_and_one_byte_more_is_not() -> None:
    proof = replace(PROOF, extra=bytes(MAX_EXTRA_BYTES))
    data = format_tlog_proof(proof)
    assert parse_tlog_proof(data) == proof
    # The Go reader takes lines up to 64 KiB.
    assert max(map(len, data.split(b"\n"))) < 64 << 10
    with pytest.raises(MalformedError):
        format_tlog_proof(replace(PROOF, extra=bytes(MAX_EXTRA_BYTES + 1)))


def test_parse__of_a_file_beyond_the_bound__is_malformed() -> None:
    with pytest.raises(MalformedError, match="more than"):
        parse_tlog_proof(FILE + b"x" * MAX_PROOF_BYTES)


@pytest.mark.parametrize(
    "proof",
    [
        replace(PROOF, index=LeafIndex(-1)),
        replace(PROOF, index=LeafIndex(2**64)),
        replace(PROOF, hashes=(b"\x00" * 31,)),
        replace(PROOF, hashes=(b"\x00" * 32,) * 65),
        replace(PROOF, extra=b""),
        replace(PROOF, checkpoint=b""),
        replace(PROOF, checkpoint=CHECKPOINT_15[:-1]),
        replace(PROOF, checkpoint=b"x" * (MAX_NOTE_BYTES + 1)),
        replace(PROOF, checkpoint=HASHES[0].encode() + b"\n\n" + COSIGNED_15),
    ],
)
def test_format__of_what_parsing_refuses__is_refused(proof: TlogProof) -> None:
    with pytest.raises(MalformedError):
        format_tlog_proof(proof)


def test_parse__of_an_empty_log_with_another_root__is_false() -> None:
    root = format_base64(EMPTY_ROOT)
    note = sign_checkpoint(
        Checkpoint(ORIGIN, Head(TreeSize(0), EMPTY_ROOT)), NoteSigner.from_text(PRIVATE_KEY)
    )
    data = b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + note
    assert parse_tlog_proof(data).checkpoint == note
    with pytest.raises(VerificationError):
        parse_tlog_proof(data.replace(root.encode(), HASHES[0].encode()))
