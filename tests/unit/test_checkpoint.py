"""Checkpoints: the published one, round trips, and every refusal of a loose text."""

import pytest

from anchoring.core.checkpoint import (
    Checkpoint,
    format_checkpoint,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.merkle import EMPTY_ROOT
from anchoring.core.note import MAX_NOTE_BYTES, NoteSigner, NoteVerifier, sign_note
from anchoring.core.types import Head, RootHash, TreeSize
from tests.support.tessera_log import CHECKPOINT_15, ORIGIN, PRIVATE_KEY, VERIFIER_KEY

ROOT_TEXT = "rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs="
EMPTY_TEXT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
TEXT = f"{ORIGIN}\n15\n{ROOT_TEXT}\n"
SIGNER = NoteSigner.from_text(PRIVATE_KEY)
VERIFIER = NoteVerifier.from_text(VERIFIER_KEY)
PARTNER = NoteSigner.from_seed("partner.example", bytes(32))
ROOT = RootHash(bytes(range(32)))


def with_head(size: int, root: bytes = ROOT) -> Checkpoint:
    return Checkpoint(ORIGIN, Head(TreeSize(size), RootHash(root)))


def test_checkpoint__published__opens_and_is_signed_to_the_same_bytes() -> None:
    checkpoint = open_checkpoint(CHECKPOINT_15, VERIFIER, origin=ORIGIN)
    assert (checkpoint.origin, checkpoint.head.size, checkpoint.extensions) == (ORIGIN, 15, ())
    assert format_checkpoint(checkpoint) == TEXT
    assert sign_checkpoint(checkpoint, SIGNER) == CHECKPOINT_15


def test_open_checkpoint__log_signature_not_first__opens() -> None:
    note = sign_note(TEXT, PARTNER, SIGNER, NoteSigner.from_seed("other.example", bytes(32)))
    assert open_checkpoint(note, VERIFIER, origin=ORIGIN).head.size == 15


def test_open_checkpoint__two_log_signatures__opens_with_either() -> None:
    note = sign_note(TEXT, SIGNER, PARTNER)
    for verifier in (VERIFIER, PARTNER.verifier):
        assert open_checkpoint(note, verifier, origin=ORIGIN).head.size == 15


def test_open_checkpoint__only_another_key__is_refused() -> None:
    with pytest.raises(VerificationError, match=r"note\.signatures"):
        open_checkpoint(sign_note(TEXT, PARTNER), VERIFIER, origin=ORIGIN)


def test_open_checkpoint__other_origin__states_both() -> None:
    with pytest.raises(VerificationError) as caught:
        open_checkpoint(CHECKPOINT_15, VERIFIER, origin="example.com/log")
    assert caught.value.step == "checkpoint.origin"
    assert (caught.value.expected, caught.value.found) == ("example.com/log", ORIGIN)


@pytest.mark.parametrize("missing", [ORIGIN, "15", ROOT_TEXT])
def test_open_checkpoint__missing_line_though_signed__is_refused(missing: str) -> None:
    note = sign_note(TEXT.replace(f"{missing}\n", ""), SIGNER)
    with pytest.raises(MalformedError):
        open_checkpoint(note, VERIFIER, origin=ORIGIN)


def test_open_checkpoint__without_signature__is_refused() -> None:
    for data in (TEXT.encode(), f"{TEXT}\n".encode()):
        with pytest.raises(MalformedError):
            open_checkpoint(data, VERIFIER, origin=ORIGIN)


@pytest.mark.parametrize(
    "checkpoint",
    [
        with_head(0, EMPTY_ROOT),
        with_head(1),
        with_head(2**64 - 1),
        Checkpoint("a", with_head(7).head, ("extension", "another one")),
    ],
)
def test_checkpoint__formatted__parses_back(checkpoint: Checkpoint) -> None:
    assert parse_checkpoint(format_checkpoint(checkpoint)) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\n\n\n",
        TEXT[:-1],
        f"{ORIGIN}\n15\n",
        f"\n15\n{ROOT_TEXT}\n",
        f"{TEXT}\n",
        f"{TEXT}\nextension\n",
        f"{TEXT}ext\x00ension\n",
        *(
            f"{ORIGIN}\n{size}\n{ROOT_TEXT}\n"
            for size in ("", "+15", "-15", "015", "1_5", " 15", "15 ", "0x0f", "15.0", "\u0661")
        ),
        f"{ORIGIN}\n18446744073709551616\n{ROOT_TEXT}\n",
        *(
            f"{ORIGIN}\n15\n{root}\n"
            for root in ("", ROOT_TEXT[:-1], ROOT_TEXT[:-4], ROOT_TEXT[:-2] + "t=", ROOT_TEXT * 2)
        ),
        f"{ORIGIN}\n15\n{ROOT_TEXT.replace('/', '_')}\n",
        f"{ORIGIN}\n15\nAAAA{ROOT_TEXT}\n",
        "x" * MAX_NOTE_BYTES + TEXT,
    ],
)
def test_parse_checkpoint__loose_text__is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_checkpoint(text)


def test_parse_checkpoint__empty_tree_with_other_root__is_untrue() -> None:
    assert parse_checkpoint(f"{ORIGIN}\n0\n{EMPTY_TEXT}\n") == with_head(0, EMPTY_ROOT)
    with pytest.raises(VerificationError) as caught:
        parse_checkpoint(f"{ORIGIN}\n0\n{ROOT_TEXT}\n")
    assert caught.value.step == "checkpoint.root"


@pytest.mark.parametrize(
    "checkpoint",
    [
        with_head(-1),
        with_head(2**64),
        with_head(1, bytes(31)),
        with_head(1, bytes(33)),
        Checkpoint("", with_head(1).head),
        Checkpoint("two\nlines", with_head(1).head),
        Checkpoint("tab\t", with_head(1).head),
        Checkpoint(ORIGIN, with_head(1).head, ("",)),
        Checkpoint(ORIGIN, with_head(1).head, ("two\nlines",)),
    ],
)
def test_format_checkpoint__unfit_fields__are_refused(checkpoint: Checkpoint) -> None:
    with pytest.raises(MalformedError):
        format_checkpoint(checkpoint)
    with pytest.raises(MalformedError):
        sign_checkpoint(checkpoint, SIGNER)


def test_format_checkpoint__empty_tree_with_other_root__is_untrue() -> None:
    with pytest.raises(VerificationError):
        format_checkpoint(with_head(0))
