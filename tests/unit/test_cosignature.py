"""Cosignatures: known bytes, and every refusal."""

from base64 import b64encode

import pytest

from anchoring.core.cosignature import (
    ALGORITHM_ML_DSA_44,
    MAX_TIMESTAMP,
    ML_DSA_44_KEY_BYTES,
    CosignatureVerifier,
    Cosigner,
    attach,
    cosign,
    verify_cosignature,
)
from anchoring.core.errors import MalformedError, UnsupportedError, VerificationError
from anchoring.core.note import (
    ALGORITHM_ED25519,
    MAX_SIGNATURES,
    NoteSignature,
    NoteSigner,
    VerifierKey,
    format_verifier_key,
    parse_note,
    parse_signature,
    sign_note,
)
from tests.support.tessera_log import CHECKPOINT_15, PRIVATE_KEY, VERIFIER_KEY
from tests.support.witnesses import (
    COSIGNED_15,
    COSIGNED_AT,
    WITNESS_KEY,
    WITNESS_LINE,
    cosigned_by,
    witness,
)

W1 = witness(1)
TEXT = parse_note(CHECKPOINT_15).text
SIGNATURE = parse_signature(WITNESS_LINE.decode())
ML_DSA = CosignatureVerifier("pq.example", bytes(ML_DSA_44_KEY_BYTES), ALGORITHM_ML_DSA_44)


def blob(text: str, at: int) -> bytes:
    """Return time and signature of the first witness over any header time and text."""
    signed = NoteSigner(W1.name, W1.seed).sign(f"cosignature/v1\ntime {at}\n{text}".encode())
    return at.to_bytes(8) + signed


def line_of(signature: bytes) -> NoteSignature:
    return NoteSignature(W1.name, W1.verifier.key_id, signature)


def test_cosign__known_key_time_and_checkpoint__gives_known_bytes() -> None:
    assert W1.verifier.to_text() == WITNESS_KEY
    assert cosign(CHECKPOINT_15, W1, at=COSIGNED_AT) == WITNESS_LINE
    # Signatures that are there already change nothing.
    assert cosign(COSIGNED_15, W1, at=COSIGNED_AT) == WITNESS_LINE


def test_verify_cosignature__known_line__gives_its_time() -> None:
    verifier = CosignatureVerifier.from_text(WITNESS_KEY)
    assert verifier == W1.verifier
    assert verify_cosignature(TEXT, SIGNATURE, verifier) == COSIGNED_AT


@pytest.mark.parametrize("at", [0, 1, MAX_TIMESTAMP])
def test_verify_cosignature__of_the_bounds_of_time__gives_them_back(at: int) -> None:
    line = cosign(CHECKPOINT_15, W1, at=at)
    assert verify_cosignature(TEXT, parse_signature(line.decode()), W1.verifier) == at


@pytest.mark.parametrize("at", [-1, MAX_TIMESTAMP + 1])
def test_cosign__of_a_time_out_of_bounds__is_refused(at: int) -> None:
    with pytest.raises(MalformedError):
        cosign(CHECKPOINT_15, W1, at=at)


def test_verify_cosignature__of_a_time_beyond_the_bound__is_false_however_well_signed() -> None:
    with pytest.raises(VerificationError, match="beyond"):
        verify_cosignature(TEXT, line_of(blob(TEXT, MAX_TIMESTAMP + 1)), W1.verifier)


@pytest.mark.parametrize(
    "signature",
    [
        SIGNATURE.signature[:-1],
        SIGNATURE.signature + b"\x00",
        SIGNATURE.signature[8:],
        b"\x00" * 72,
        (COSIGNED_AT + 1).to_bytes(8) + SIGNATURE.signature[8:],
        NoteSigner(W1.name, W1.seed).sign(TEXT.encode()),
        COSIGNED_AT.to_bytes(8) + NoteSigner(W1.name, W1.seed).sign(TEXT.encode()),
        COSIGNED_AT.to_bytes(8) + blob(TEXT[:-1], COSIGNED_AT)[8:],
        COSIGNED_AT.to_bytes(8, "little") + SIGNATURE.signature[8:],
    ],
    ids=[
        "cut",
        "longer",
        "no time",
        "zeros",
        "other time",
        "plain note signature",
        "no header signed",
        "no final line feed signed",
        "little-endian time",
    ],
)
def test_verify_cosignature__of_other_bytes__is_false(signature: bytes) -> None:
    with pytest.raises(VerificationError) as caught:
        verify_cosignature(TEXT, line_of(signature), W1.verifier)
    assert caught.value.step == "cosignature"


def test_verify_cosignature__of_another_checkpoint__is_false() -> None:
    with pytest.raises(VerificationError):
        verify_cosignature(TEXT.replace("\n15\n", "\n16\n"), SIGNATURE, W1.verifier)
    with pytest.raises(VerificationError):
        verify_cosignature(f"{TEXT}extension\n", SIGNATURE, W1.verifier)


def test_cosignature__covers_extension_lines() -> None:
    note = sign_note(f"{TEXT}extension\n", NoteSigner.from_text(PRIVATE_KEY))
    line = parse_signature(cosign(note, W1, at=5).decode())
    assert verify_cosignature(f"{TEXT}extension\n", line, W1.verifier) == 5
    with pytest.raises(VerificationError):
        verify_cosignature(TEXT, line, W1.verifier)


def test_verify_cosignature__under_another_key_or_name__is_false() -> None:
    with pytest.raises(VerificationError):
        verify_cosignature(TEXT, SIGNATURE, witness(2).verifier)
    renamed = CosignatureVerifier("witness.example/w9", W1.verifier.public_key)
    with pytest.raises(VerificationError):
        verify_cosignature(TEXT, SIGNATURE, renamed)
    other_id = NoteSignature(W1.name, b"\x00" * 4, SIGNATURE.signature)
    with pytest.raises(VerificationError):
        verify_cosignature(TEXT, other_id, W1.verifier)


def test_cosign__of_a_note_that_is_no_checkpoint__is_refused() -> None:
    note = sign_note("I owe the bearer 100 francs.\n", NoteSigner.from_text(PRIVATE_KEY))
    with pytest.raises(MalformedError):
        cosign(note, W1, at=COSIGNED_AT)
    with pytest.raises(MalformedError):
        cosign(TEXT.encode(), W1, at=COSIGNED_AT)
    text = "I owe the bearer 100 francs.\n"
    with pytest.raises(MalformedError):
        verify_cosignature(text, line_of(blob(text, COSIGNED_AT)), W1.verifier)


def test_verifier__of_ml_dsa__is_read_and_refuses_to_verify() -> None:
    assert CosignatureVerifier.from_text(ML_DSA.to_text()) == ML_DSA
    assert not ML_DSA.is_supported
    signature = NoteSignature(ML_DSA.name, ML_DSA.key_id, bytes(8 + 2420))
    with pytest.raises(UnsupportedError, match="ML-DSA-44"):
        verify_cosignature(TEXT, signature, ML_DSA)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "witness.example/w1",
        WITNESS_KEY[:-1],
        WITNESS_KEY + "\n",
        WITNESS_KEY.replace("+0ad7d35e+", "+0AD7D35E+"),
        WITNESS_KEY.replace("+0ad7d35e+", "+0ad7d35f+"),
        WITNESS_KEY.replace("/w1", "/w2"),
        WITNESS_KEY.replace("/w1", " w1"),
        WITNESS_KEY.replace("witness.example/w1", ""),
        "w+00000000+",
        "w+00000000+" + b64encode(b"\x04" + bytes(31)).decode(),
        "w+00000000+" + b64encode(b"\x06" + bytes(32)).decode(),
    ],
)
def test_verifier__from_a_text_of_another_form__is_malformed(vkey: str) -> None:
    with pytest.raises(MalformedError):
        CosignatureVerifier.from_text(vkey)


@pytest.mark.parametrize("algorithm", [0, ALGORITHM_ED25519, 2, 5, 7, 255])
def test_verifier__of_another_algorithm__is_unsupported(algorithm: int) -> None:
    vkey = format_verifier_key(VerifierKey("w", algorithm, bytes(32)))
    with pytest.raises(UnsupportedError):
        CosignatureVerifier.from_text(vkey)
    with pytest.raises(UnsupportedError):
        CosignatureVerifier.from_text(VERIFIER_KEY)


def test_cosigner__of_a_wrong_name_or_seed__is_malformed_and_shows_no_seed() -> None:
    with pytest.raises(MalformedError):
        Cosigner.from_seed("a b", bytes(32))
    with pytest.raises(MalformedError):
        Cosigner.from_seed("w", bytes(31))
    assert repr(W1.seed) not in repr(W1)


def test_attach__lines__keeps_bytes_and_order() -> None:
    assert attach(CHECKPOINT_15, []) == CHECKPOINT_15
    assert attach(CHECKPOINT_15, [WITNESS_LINE]) == COSIGNED_15
    second = cosign(CHECKPOINT_15, witness(2), at=2)
    assert attach(CHECKPOINT_15, [second, WITNESS_LINE]) == CHECKPOINT_15 + second + WITNESS_LINE
    assert attach(COSIGNED_15, [second]) == COSIGNED_15 + second


def test_attach__a_second_signature_of_one_key__is_refused() -> None:
    again = cosign(CHECKPOINT_15, W1, at=COSIGNED_AT + 1)
    for note, lines in (
        (COSIGNED_15, [WITNESS_LINE]),
        (COSIGNED_15, [again]),
        (CHECKPOINT_15, [WITNESS_LINE, again]),
    ):
        with pytest.raises(MalformedError, match="two signatures"):
            attach(note, lines)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        WITNESS_LINE[:-1],
        WITNESS_LINE + WITNESS_LINE,
        WITNESS_LINE.replace(b"\xe2\x80\x94", b"-"),
        b"\xff" + WITNESS_LINE,
        b"409\n",
    ],
)
def test_attach__of_what_is_no_signature_line__is_refused(line: bytes) -> None:
    with pytest.raises(MalformedError):
        attach(CHECKPOINT_15, [line])


def test_attach__of_more_lines_than_a_note_has__is_refused() -> None:
    full = cosigned_by(*range(1, MAX_SIGNATURES))
    assert len(parse_note(full).signatures) == MAX_SIGNATURES
    with pytest.raises(MalformedError):
        attach(full, [cosign(full, witness(200), at=0)])
