"""Notes, checkpoints, keys and tiles: round trips, and no flipped bit is accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchoring.core.checkpoint import (
    Checkpoint,
    format_checkpoint,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.note import (
    NoteSigner,
    NoteVerifier,
    format_note,
    open_note,
    parse_note,
    sign_note,
)
from anchoring.core.text import format_base64, parse_base64, parse_decimal
from anchoring.core.types import Head, RootHash, TreeSize
from tests.support.tessera_log import CHECKPOINT_15, ORIGIN, VERIFIER_KEY

printable = st.characters(codec="utf-8", min_codepoint=32)
texts = st.text(printable | st.just("\n")).map(lambda text: f"{text}\n")
names = st.text(
    st.characters(codec="utf-8", exclude_categories=("Z", "C"), exclude_characters="+"), min_size=1
)
signers = st.builds(NoteSigner, names, st.binary(min_size=32, max_size=32))
lines = st.text(printable, min_size=1)
heads = st.builds(
    Head,
    st.integers(1, 2**64 - 1).map(TreeSize),
    st.binary(min_size=32, max_size=32).map(RootHash),
)
checkpoints = st.builds(Checkpoint, lines, heads, st.lists(lines, max_size=3).map(tuple))


@given(texts, st.lists(signers, min_size=1, max_size=4))
def test_note__of_any_text_and_signers__opens_and_formats_back(
    text: str, chosen: list[NoteSigner]
) -> None:
    note = sign_note(text, *chosen)
    assert format_note(parse_note(note)) == note
    opened = open_note(note, [chosen[0].verifier])
    assert opened.text == text
    assert opened.signatures[0].name == chosen[0].name


@given(signers)
def test_keys__of_any_signer__round_trip(signer: NoteSigner) -> None:
    assert NoteSigner.from_text(signer.to_text()) == signer
    assert NoteVerifier.from_text(signer.verifier.to_text()) == signer.verifier


@given(checkpoints, signers)
def test_checkpoint__of_any_head__round_trips(checkpoint: Checkpoint, signer: NoteSigner) -> None:
    assert parse_checkpoint(format_checkpoint(checkpoint)) == checkpoint
    note = sign_checkpoint(checkpoint, signer)
    assert open_checkpoint(note, signer.verifier, origin=checkpoint.origin) == checkpoint


@given(st.integers(0, len(CHECKPOINT_15) * 8 - 1))
def test_open_checkpoint__any_bit_flipped__is_refused(bit: int) -> None:
    changed = bytearray(CHECKPOINT_15)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises((MalformedError, VerificationError)):
        open_checkpoint(bytes(changed), NoteVerifier.from_text(VERIFIER_KEY), origin=ORIGIN)


@given(st.binary(max_size=200))
def test_parse_note__any_bytes__are_refused_or_format_back(data: bytes) -> None:
    try:
        note = parse_note(data)
    except MalformedError:
        return
    assert format_note(note) == data


@given(st.binary())
def test_base64__any_bytes__round_trip(data: bytes) -> None:
    assert parse_base64(format_base64(data), what="field") == data


@given(st.text("0123456789+-_ \n", max_size=22))
def test_parse_decimal__any_text__is_refused_or_the_only_text_of_its_number(text: str) -> None:
    try:
        number = parse_decimal(text, what="field")
    except MalformedError:
        return
    assert str(number) == text
