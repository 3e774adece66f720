"""The rules W1 to W6 of the witness protocol, each with the request one change away that passes."""

from dataclasses import replace

import pytest

from anchoring.core.checkpoint import Checkpoint, format_checkpoint
from anchoring.core.cosignature import attach
from anchoring.core.errors import MalformedError
from anchoring.core.merkle import EMPTY_ROOT
from anchoring.core.note import parse_note, parse_signature, sign_note
from anchoring.core.types import Head, RootHash, TreeSize
from anchoring.core.witness import (
    MAX_REQUEST_BYTES,
    Accepted,
    AddCheckpoint,
    Refusal,
    RefusalStatus,
    decide_add_checkpoint,
    format_add_checkpoint,
    format_known_size,
    parse_add_checkpoint,
    parse_cosignatures,
    parse_known_size,
)
from tests.support.tessera_log import CHECKPOINT_15
from tests.support.witnessed_log import ORIGIN, WitnessedLog, log_signer, numbered_log
from tests.support.witnesses import WITNESS_LINE, cosigned_by

LOG = numbered_log(20)
FORK = numbered_log(20, fork=7)
KEYS = (log_signer().verifier,)
OTHER_ORIGIN = "other.example/log"


def refused(known: Head | None, request: AddCheckpoint) -> RefusalStatus:
    decision = decide_add_checkpoint(known, request, KEYS)
    assert isinstance(decision, Refusal)
    assert decision.reason
    assert (decision.known_size is not None) == (decision.status == RefusalStatus.CONFLICT)
    return decision.status


def accepted(known: Head | None, request: AddCheckpoint) -> Accepted:
    decision = decide_add_checkpoint(known, request, KEYS)
    assert isinstance(decision, Accepted)
    return decision


def resigned(text: str) -> bytes:
    return sign_note(text, log_signer())


@pytest.mark.parametrize(
    ("old", "size"), [(0, 0), (0, 1), (0, 15), (1, 2), (7, 15), (8, 16), (15, 15), (16, 20)]
)
def test_decide__honest_log__is_accepted(old: int, size: int) -> None:
    known = LOG.head(old) if old else None
    decision = accepted(known, LOG.request(old, size))
    assert decision.head == LOG.head(size)
    assert decision.note == LOG.checkpoint(size)


@pytest.mark.parametrize("old", [1, 7, 8, 15])
def test_request__of_any_proof__comes_back_as_it_was(old: int) -> None:
    request = LOG.request(old, 15)
    assert parse_add_checkpoint(format_add_checkpoint(request)) == request
    assert request.origin == ORIGIN


def test_request__literal__is_read() -> None:
    hashes = "".join(f"{'A' * 42}{last}=\n" for last in "AEI")
    body = f"old 20852014\n{hashes}\n".encode() + CHECKPOINT_15
    request = parse_add_checkpoint(body)
    assert request.old_size == 20_852_014
    assert [value[-1] for value in request.proof] == [0, 1, 2]
    assert request.checkpoint == CHECKPOINT_15
    assert request.origin == "example.com/log/testdata"
    assert format_add_checkpoint(request) == body


HASH = b"A" * 43 + b"=\n"


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"\n",
        b"old\n\n",
        b"old \n\n",
        b"old  1\n\n",
        b"Old 1\n\n",
        b"old 01\n\n",
        b"old +1\n\n",
        b"old 1 \n\n",
        b"old 1\r\n\r\n",
        b"old 18446744073709551616\n\n",
        b"old \xd9\xa1\n\n",
        b"old 1\n" + HASH,
        b"old 1\n" + HASH[1:] + b"\n",
        b"old 1\nAA==\n\n",
        b"old 1\n" + b" " + HASH + b"\n",
        b"old 1\n" + HASH * 64 + b"\n",
        b"old 1\nold 1\n\n",
    ],
)
def test_request__of_another_form__is_malformed(start: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_add_checkpoint(start + LOG.checkpoint(3))


@pytest.mark.parametrize("start", [b"old 0\n\n", b"old 1\n" + HASH * 63 + b"\n"])
def test_request__of_the_form__is_read(start: bytes) -> None:
    assert parse_add_checkpoint(start + LOG.checkpoint(3)).checkpoint == LOG.checkpoint(3)


@pytest.mark.parametrize("checkpoint", [b"", b"no note\n", LOG.checkpoint(3)[:-1]])
def test_request__without_a_note__is_malformed(checkpoint: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_add_checkpoint(b"old 0\n\n" + checkpoint)


def test_request__without_an_empty_line__is_malformed() -> None:
    with pytest.raises(MalformedError, match="no empty line"):
        parse_add_checkpoint(b"old 0\n")


def test_request__longer_than_the_bound__is_malformed() -> None:
    with pytest.raises(MalformedError, match="longer than"):
        parse_add_checkpoint(b"old 0\n\n" + bytes(MAX_REQUEST_BYTES))


def test_format__proof_of_64_hashes__is_malformed() -> None:
    request = replace(LOG.request(7, 15), proof=(bytes(32),) * 64)
    with pytest.raises(MalformedError):
        format_add_checkpoint(request)
    format_add_checkpoint(replace(request, proof=(bytes(32),) * 63))


def test_decide__origin_of_no_trusted_log__is_404() -> None:
    log = replace(LOG, signer=log_signer(origin=OTHER_ORIGIN))
    assert refused(None, log.request(0, 5)) == 404
    assert decide_add_checkpoint(None, LOG.request(0, 5), ()) == Refusal(
        RefusalStatus.UNKNOWN_ORIGIN, "no trusted log has this origin"
    )


def test_decide__signed_by_the_key_of_another_trusted_log__is_403() -> None:
    other = log_signer(2, origin=OTHER_ORIGIN)
    text = format_checkpoint(Checkpoint(ORIGIN, LOG.head(5)))
    request = AddCheckpoint(TreeSize(0), (), sign_note(text, other))
    decision = decide_add_checkpoint(None, request, (*KEYS, other.verifier))
    assert isinstance(decision, Refusal)
    assert decision.status == 403


def test_decide__signed_by_an_unknown_key_of_the_name__is_403() -> None:
    assert refused(None, replace(LOG, signer=log_signer(2)).request(0, 5)) == 403


def test_decide__bad_signature_of_a_trusted_key__is_403() -> None:
    text = format_checkpoint(Checkpoint(ORIGIN, LOG.head(5)))
    note = LOG.checkpoint(6).replace(
        format_checkpoint(Checkpoint(ORIGIN, LOG.head(6))).encode(), text.encode()
    )
    assert refused(None, AddCheckpoint(TreeSize(0), (), note)) == 403


def test_decide__second_trusted_key_of_the_origin__is_accepted() -> None:
    rotated = log_signer(2)
    request = replace(LOG, signer=rotated).request(0, 5)
    decision = decide_add_checkpoint(None, request, (*KEYS, rotated.verifier))
    assert isinstance(decision, Accepted)


def test_decide__signatures_of_others__are_left_out_of_what_is_kept() -> None:
    mine = LOG.checkpoint(5)
    twice = mine + mine.rpartition(b"\n\n")[2]
    request = replace(LOG.request(0, 5), checkpoint=twice + WITNESS_LINE)
    assert len(parse_note(request.checkpoint).signatures) == 3
    assert accepted(None, request).note == mine


@pytest.mark.parametrize(
    "text",
    [f"{ORIGIN}\n5\n", f"{ORIGIN}\n05\n{'A' * 43}=\n", f"{ORIGIN}\n5\nAA==\n", f"{ORIGIN}\n"],
)
def test_decide__signed_text_that_is_no_checkpoint__is_400(text: str) -> None:
    assert refused(None, AddCheckpoint(TreeSize(0), (), resigned(text))) == 400


def test_decide__old_size_above_the_new__is_400() -> None:
    request = LOG.request(5, 5)
    assert refused(LOG.head(6), replace(request, old_size=TreeSize(6))) == 400
    accepted(LOG.head(5), request)


@pytest.mark.parametrize("old", [0, 4, 6])
def test_decide__old_size_other_than_the_last__is_409_with_it(old: int) -> None:
    decision = decide_add_checkpoint(LOG.head(5), LOG.request(old, 8), KEYS)
    assert isinstance(decision, Refusal)
    assert (decision.status, decision.known_size) == (RefusalStatus.CONFLICT, 5)
    accepted(LOG.head(5), LOG.request(5, 8))


def test_decide__old_size_to_a_witness_that_knows_nothing__is_409_with_0() -> None:
    decision = decide_add_checkpoint(None, LOG.request(4, 8), KEYS)
    assert isinstance(decision, Refusal)
    assert (decision.status, decision.known_size) == (RefusalStatus.CONFLICT, 0)


def test_decide__older_checkpoint_than_the_last__is_refused() -> None:
    assert refused(LOG.head(9), LOG.request(5, 8)) == 409
    assert refused(LOG.head(9), replace(LOG.request(5, 8), old_size=TreeSize(9))) == 400


@pytest.mark.parametrize("broken", range(len(LOG.proof(7, 15))))
def test_decide__bad_proof__is_422(broken: int) -> None:
    request = LOG.request(7, 15)
    proof = [*request.proof]
    proof[broken] = bytes(32)
    assert refused(LOG.head(7), replace(request, proof=tuple(proof))) == 422


def test_decide__proof_with_a_hash_more_or_less__is_422() -> None:
    request = LOG.request(7, 15)
    assert refused(LOG.head(7), replace(request, proof=request.proof[:-1])) == 422
    assert refused(LOG.head(7), replace(request, proof=(*request.proof, bytes(32)))) == 422


def test_decide__proof_from_size_0__is_422() -> None:
    request = replace(LOG.request(0, 5), proof=(bytes(32),))
    assert refused(None, request) == 422
    assert refused(LOG.head(0), request) == 422
    accepted(LOG.head(0), replace(request, proof=()))


def test_decide__same_size_with_another_root__is_422() -> None:
    assert refused(FORK.head(9), LOG.request(9, 9)) == 422
    assert refused(LOG.head(9), FORK.request(9, 9)) == 422


def test_decide__same_size_with_a_proof__is_422() -> None:
    request = replace(LOG.request(9, 9), proof=(bytes(32),))
    assert refused(LOG.head(9), request) == 422


def test_decide__fork__is_422() -> None:
    assert refused(LOG.head(9), FORK.request(9, 15)) == 422
    accepted(LOG.head(7), FORK.request(7, 15))


def test_decide__size_0_with_another_root__is_422() -> None:
    root = f"{'A' * 43}="
    request = AddCheckpoint(TreeSize(0), (), resigned(f"{ORIGIN}\n0\n{root}\n"))
    assert refused(None, request) == 422
    assert accepted(None, LOG.request(0, 0)).head == Head(TreeSize(0), RootHash(EMPTY_ROOT))


def test_decide__checkpoint_with_extension__is_kept_whole() -> None:
    note = resigned(format_checkpoint(Checkpoint(ORIGIN, LOG.head(5), ("extension",))))
    assert accepted(None, AddCheckpoint(TreeSize(0), (), note)).note == note


def test_decide__size_of_64_bits__is_accepted_from_0() -> None:
    head = Head(TreeSize(2**64 - 1), RootHash(bytes(32)))
    note = resigned(format_checkpoint(Checkpoint(ORIGIN, head)))
    assert accepted(None, AddCheckpoint(TreeSize(0), (), note)).head == head


def test_cosignatures__lines__are_read_in_order() -> None:
    lines = cosigned_by(1, 2)[len(CHECKPOINT_15) :]
    found = parse_cosignatures(lines)
    assert [each.name for each in found] == ["witness.example/w1", "witness.example/w2"]
    assert parse_cosignatures(WITNESS_LINE) == (parse_signature(WITNESS_LINE.decode()),)
    assert attach(CHECKPOINT_15, [WITNESS_LINE]).endswith(WITNESS_LINE)


@pytest.mark.parametrize(
    "body",
    [b"", b"\n", WITNESS_LINE[:-1], WITNESS_LINE + b"\n", b"\xff\n", b"ok\n", WITNESS_LINE * 101],
)
def test_cosignatures__of_another_form__are_malformed(body: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_cosignatures(body)


@pytest.mark.parametrize("size", [0, 5, 2**64 - 1])
def test_known_size__comes_back_as_it_was(size: int) -> None:
    assert parse_known_size(format_known_size(TreeSize(size))) == size


@pytest.mark.parametrize("body", [b"", b"5", b"5\n\n", b"05\n", b" 5\n", b"-1\n", b"\xd9\xa1\n"])
def test_known_size__of_another_form__is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_known_size(body)


def test_origin__of_what_is_no_note__is_malformed() -> None:
    with pytest.raises(MalformedError):
        _ = AddCheckpoint(TreeSize(0), (), b"nothing").origin


def test_witnessed_log__of_the_support__is_what_it_says() -> None:
    assert WitnessedLog((b"entry 0",)).head(1) == LOG.head(1) == FORK.head(1)
    assert LOG.head(8) != FORK.head(8)
