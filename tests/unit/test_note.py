"""Signed notes: the published example, byte for byte, and every refusal."""

from base64 import b64encode

import pytest

from anchoring.core.errors import MalformedError, UnsupportedError, VerificationError
from anchoring.core.note import (
    ALGORITHM_COSIGNATURE,
    ALGORITHM_ED25519,
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    Note,
    NoteSignature,
    NoteSigner,
    NoteVerifier,
    VerifierKey,
    format_note,
    format_signature,
    format_verifier_key,
    open_note,
    parse_note,
    parse_signature,
    parse_verifier_key,
    sign_note,
)
from tests.support.tessera_log import CHECKPOINT_15, PRIVATE_KEY, VERIFIER_KEY

# The example of https://c2sp.org/signed-note.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_TEXT = "This is an example message.\n"
EXAMPLE_LINE = (
    "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3"
    "mFXmRKuwHjG1Yu72IneyaQM=\n"
)
EXAMPLE = f"{EXAMPLE_TEXT}\n{EXAMPLE_LINE}".encode()
EXAMPLE_VERIFIER = NoteVerifier.from_text(EXAMPLE_KEY)
# A cosigner's key of https://c2sp.org/tlog-cosignature, from seed 32 x 0x01.
COSIGNER_KEY = "witness.example/w1+0ad7d35e+BIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"

LEDGER = NoteSigner.from_seed("ledger.example/coop", bytes(range(32)))
PARTNER = NoteSigner.from_seed("partner.example", bytes(range(1, 33)))
NOTE = sign_note("text\n", LEDGER)


def b64(data: bytes) -> str:
    return b64encode(data).decode()


def test_open_note__published_example__gives_text_and_signature() -> None:
    opened = open_note(EXAMPLE, [EXAMPLE_VERIFIER])
    assert opened.text == EXAMPLE_TEXT
    assert opened.signatures == (parse_signature(EXAMPLE_LINE),)
    assert opened.signatures[0].key_id.hex() == "530d903a"


def test_sign_note__published_key_and_text__gives_published_bytes() -> None:
    text = CHECKPOINT_15.decode().partition("\n\n")[0] + "\n"
    assert sign_note(text, NoteSigner.from_text(PRIVATE_KEY)) == CHECKPOINT_15


def test_keys__published_texts__round_trip() -> None:
    signer = NoteSigner.from_text(PRIVATE_KEY)
    assert signer.to_text() == PRIVATE_KEY
    assert signer.verifier.to_text() == VERIFIER_KEY
    assert NoteVerifier.from_text(VERIFIER_KEY) == signer.verifier
    assert EXAMPLE_VERIFIER.to_text() == EXAMPLE_KEY


def test_verifier_key__of_a_cosigner__round_trips() -> None:
    key = parse_verifier_key(COSIGNER_KEY, algorithm=ALGORITHM_COSIGNATURE)
    signer = NoteSigner.from_seed("witness.example/w1", b"\x01" * 32)
    assert key == VerifierKey(
        "witness.example/w1", ALGORITHM_COSIGNATURE, signer.verifier.public_key
    )
    assert format_verifier_key(key) == COSIGNER_KEY


def test_signer__repr__hides_the_seed() -> None:
    assert repr(LEDGER) == "NoteSigner(name='ledger.example/coop')"


@pytest.mark.parametrize("algorithm", [0x00, 0x02, 0x04, 0x05, 0x06, 0xFF])
def test_from_text__algorithm_other_than_ed25519__is_not_supported(algorithm: int) -> None:
    key = VerifierKey("log.example", algorithm, bytes(32))
    with pytest.raises(UnsupportedError) as caught:
        NoteVerifier.from_text(format_verifier_key(key))
    assert caught.value.what == "verifier key algorithm"
    private = PRIVATE_KEY.rpartition("+33d7b496+")[0] + "+33d7b496+"
    with pytest.raises(UnsupportedError):
        NoteSigner.from_text(private + b64(bytes([algorithm]) + bytes(32)))


def test_parse_verifier_key__plain_key_where_cosigner_is_required__is_not_supported() -> None:
    with pytest.raises(UnsupportedError, match="type 0x01 where 0x04 is required"):
        parse_verifier_key(EXAMPLE_KEY, algorithm=ALGORITHM_COSIGNATURE)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        EXAMPLE_KEY.replace("530d903a", "530d903b"),
        EXAMPLE_KEY.replace("530d903a", "530D903A"),
        EXAMPLE_KEY.replace("530d903a", "30d903a"),
        EXAMPLE_KEY.replace("example.com/foo", "example.com/bar"),
        EXAMPLE_KEY.replace("example.com/foo", ""),
        EXAMPLE_KEY.replace("example.com/foo", "example com/foo"),
        EXAMPLE_KEY + "\n",
        EXAMPLE_KEY + "=",
        EXAMPLE_KEY[:-1],
        "example.com/foo+530d903a+",
        format_verifier_key(VerifierKey("log.example", ALGORITHM_ED25519, bytes(31))),
        format_verifier_key(VerifierKey("log.example", ALGORITHM_ED25519, bytes(33))),
    ],
)
def test_verifier_from_text__malformed_key__is_refused(vkey: str) -> None:
    with pytest.raises(MalformedError):
        NoteVerifier.from_text(vkey)


@pytest.mark.parametrize(
    "skey",
    [
        VERIFIER_KEY,
        PRIVATE_KEY.lower(),
        PRIVATE_KEY.replace("33d7b496", "33d7b497"),
        PRIVATE_KEY.replace("33d7b496", "33D7B496"),
        PRIVATE_KEY.replace("testdata", "testdat"),
        PRIVATE_KEY[:-4],
        "PRIVATE+KEY+log.example+00000000+",
    ],
)
def test_signer_from_text__malformed_key__is_refused(skey: str) -> None:
    with pytest.raises(MalformedError):
        NoteSigner.from_text(skey)


@pytest.mark.parametrize(
    "name",
    ["", "a b", "a+b", "a\tb", "a\nb", "a\x00b", "a\u00a0b", "a\u2003b", "a\u2028b", "\ud800"],
)
def test_key_name__with_space_plus_or_control__is_refused(name: str) -> None:
    with pytest.raises(MalformedError, match="key name"):
        NoteSigner.from_seed(name, bytes(32))
    with pytest.raises(MalformedError, match="key name"):
        NoteVerifier(name, bytes(32))


@pytest.mark.parametrize("length", [0, 31, 33])
def test_keys__not_32_bytes__are_refused(length: int) -> None:
    with pytest.raises(MalformedError, match="private key"):
        NoteSigner.from_seed("log.example", bytes(length))
    with pytest.raises(MalformedError, match="public key"):
        NoteVerifier("log.example", bytes(length))


def test_note__text_with_empty_lines__splits_at_the_last() -> None:
    text = "one\n\n\u2014 looks.like AAAAAAAA\n\n\ntwo\n\n"
    note = sign_note(text, LEDGER)
    assert open_note(note, [LEDGER.verifier]).text == text


def test_open_note__unknown_signatures_before_and_after__are_left_out() -> None:
    stranger = NoteSigner.from_seed("stranger.example", bytes(32))
    note = sign_note("text\n", stranger, LEDGER, PARTNER)
    opened = open_note(note, [PARTNER.verifier, LEDGER.verifier])
    assert [each.name for each in opened.signatures] == [LEDGER.name, PARTNER.name]


def test_open_note__unknown_algorithm_under_known_name__is_ignored() -> None:
    cosignature = NoteSignature(LEDGER.name, b"\x01\x02\x03\x04", bytes(72))
    note = parse_note(NOTE)
    longer = format_note(Note(note.text, (cosignature, *note.signatures)))
    assert open_note(longer, [LEDGER.verifier]).signatures == note.signatures


def test_open_note__no_known_signature__lists_wanted_and_found() -> None:
    with pytest.raises(VerificationError) as caught:
        open_note(NOTE, [PARTNER.verifier])
    assert caught.value.step == "note.signatures"
    assert caught.value.expected == f"one of {PARTNER.name} {PARTNER.verifier.key_id.hex()}"
    assert caught.value.found == f"{LEDGER.name} {LEDGER.verifier.key_id.hex()}"
    with pytest.raises(VerificationError, match="one of no key"):
        open_note(NOTE, [])


@pytest.mark.parametrize("bad", [bytes(64), bytes(63), bytes(65), b"\x00"])
def test_open_note__one_bad_signature_of_a_known_key__condemns_the_note(bad: bytes) -> None:
    good = parse_note(sign_note("text\n", LEDGER, PARTNER))
    forged = NoteSignature(PARTNER.name, PARTNER.verifier.key_id, bad)
    for signatures in ((good.signatures[0], forged), (*good.signatures, forged)):
        note = format_note(Note(good.text, signatures))
        with pytest.raises(VerificationError) as caught:
            open_note(note, [LEDGER.verifier, PARTNER.verifier])
        assert caught.value.step == "note.signature"
        assert open_note(note, [LEDGER.verifier]).text == "text\n"


def test_open_note__changed_text__is_refused() -> None:
    with pytest.raises(VerificationError):
        open_note(NOTE.replace(b"text", b"test"), [LEDGER.verifier])


def test_open_note__same_verifier_twice__is_refused() -> None:
    with pytest.raises(MalformedError, match="verifiers"):
        open_note(NOTE, [LEDGER.verifier, LEDGER.verifier])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        EXAMPLE_TEXT.encode(),
        EXAMPLE_TEXT.encode() + b"\n",
        EXAMPLE_TEXT.encode() + EXAMPLE_LINE.encode(),
        EXAMPLE[:-1],
        EXAMPLE + b"\n",
        EXAMPLE + b"more\n",
        EXAMPLE.replace(b"\n", b"\r\n"),
        EXAMPLE.replace(b"example message", b"example\tmessage"),
        EXAMPLE.replace(b"example message", b"example\x00message"),
        EXAMPLE.replace(b"example message", b"example\xffmessage"),
        EXAMPLE.replace("\u2014".encode(), b"-"),
        EXAMPLE.replace("\u2014 ".encode(), "\u2014".encode()),
        EXAMPLE.replace("\u2014 ".encode(), "\u2014  ".encode()),
        EXAMPLE.replace(b"foo Uw", b"foo  Uw"),
        EXAMPLE.replace(b"foo Uw", b"foo\tUw"),
        EXAMPLE.replace(b"foo Uw", b"+foo Uw"),
        EXAMPLE.replace(b"yaQM=\n", b"yaQM= \n"),
        EXAMPLE.replace(b"yaQM=\n", b"yaQM\n"),
        EXAMPLE.replace(b"yaQM=\n", b"yaQN=\n"),
        EXAMPLE.replace(b"foo Uw2QOkn8", b"foo Uw2QOkn_"),
        b"text\n\n\xe2\x80\x94 log.example AAAAAA==\n",
        b"text\n\n\xe2\x80\x94 log.example \n",
        b"text\n\n\xe2\x80\x94 log.example\n",
    ],
)
def test_parse_note__malformed__is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_note(data)


def test_parse_note__most_signatures__is_accepted_and_one_more_refused() -> None:
    line = parse_note(NOTE).signatures
    most = format_note(Note("text\n", line * MAX_SIGNATURES))
    assert len(parse_note(most).signatures) == MAX_SIGNATURES
    with pytest.raises(MalformedError, match="101 signatures"):
        parse_note(most + format_signature(line[0]).encode())
    with pytest.raises(MalformedError, match="101 signatures"):
        format_note(Note("text\n", line * (MAX_SIGNATURES + 1)))
    with pytest.raises(MalformedError, match="0 signatures"):
        format_note(Note("text\n", ()))


def test_parse_note__longest__is_accepted_and_one_byte_more_refused() -> None:
    room = MAX_NOTE_BYTES - len(NOTE)
    longest = sign_note("x" * room + "text\n", LEDGER)
    assert len(longest) == MAX_NOTE_BYTES
    assert parse_note(longest).text.endswith("xtext\n")
    with pytest.raises(MalformedError, match="1000001 bytes"):
        parse_note(b"x" + longest)
    with pytest.raises(MalformedError, match="1000001 bytes"):
        sign_note("x" * (room + 1) + "text\n", LEDGER)


@pytest.mark.parametrize("text", ["", "text", "a\tb\n", "a\rb\n", "a\x1fb\n", "\ud800\n"])
def test_sign_note__text_unfit_for_a_note__is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        sign_note(text, LEDGER)


@pytest.mark.parametrize(
    "signature",
    [
        NoteSignature("a b", bytes(4), b"s"),
        NoteSignature("a", bytes(3), b"s"),
        NoteSignature("a", bytes(5), b"s"),
        NoteSignature("a", bytes(4), b""),
    ],
)
def test_format_signature__unfit_fields__are_refused(signature: NoteSignature) -> None:
    with pytest.raises(MalformedError):
        format_signature(signature)


def test_parse_signature__without_line_feed__is_refused() -> None:
    assert format_signature(parse_signature(EXAMPLE_LINE)) == EXAMPLE_LINE
    with pytest.raises(MalformedError):
        parse_signature(EXAMPLE_LINE[:-1])
    with pytest.raises(MalformedError):
        parse_signature(EXAMPLE_LINE + "\n")
