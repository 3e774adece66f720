"""Passkeys, W1 to W7: each refusal one change away from an assertion that holds."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from hypothesis import example, given
from hypothesis import strategies as st

from backend.demo.passkeys import (
    PRESENT,
    VERIFIED,
    Algorithm,
    Authenticator,
    authenticator_data,
    client_data,
)
from backend.domain.acts import RelyingParty
from backend.domain.errors import GovernanceError, InvalidInputError
from backend.domain.passkeys import (
    MAX_ASSERTION_BYTES,
    MAX_ASSERTION_SIGNATURE_BYTES,
    MAX_AUTHENTICATOR_DATA_BYTES,
    MAX_CLIENT_DATA_BYTES,
    Assertion,
    check_assertion,
    is_passkey,
)
from tests.support.governance import refused
from tests.support.model_organisation import RELYING_PARTY, digest

DIGEST = digest("what is signed")
OWN = Authenticator(digest("own key"))
OTHER = Authenticator(digest("other key"))
CLIENT = client_data(DIGEST, RELYING_PARTY.origins[0])
DATA = authenticator_data(RELYING_PARTY.id)
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _check(
    assertion: Assertion,
    *,
    key: bytes = OWN.key,
    party: RelyingParty | None = RELYING_PARTY,
    challenge: bytes = DIGEST,
) -> None:
    check_assertion(party, challenge, key=key, signature=assertion.to_bytes())


def _client(**changes: object) -> bytes:
    """Client data with other fields; None leaves one out."""
    fields = {**json.loads(CLIENT), **changes}
    return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
@pytest.mark.parametrize("origin", RELYING_PARTY.origins)
def test_assertion__on_any_page_of_the_founders__holds(algorithm: Algorithm, origin: str) -> None:
    passkey = Authenticator(digest("own key"), algorithm)
    assertion = passkey.sign(DATA, client_data(DIGEST, origin))
    _check(assertion, key=passkey.key)


def test_w1__no_relying_party__refuses() -> None:
    assertion = OWN.answer(DIGEST, RELYING_PARTY)
    with refused("signature.passkeys", rule="psephos.passkey"):
        _check(assertion, party=None)
    _check(assertion)


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
def test_w2__key_of_a_passkey__has_one_form(algorithm: Algorithm) -> None:
    key = Authenticator(digest("own key"), algorithm).key
    assert is_passkey(key)
    assert len(key) == {"ES256": 77, "EdDSA": 42}[algorithm]
    for other in (
        key[:-1],
        key + b"\0",
        b"",
        bytes(20),
        bytes(len(key)),
        key[:9] + key[10:] + b"\0",
    ):
        assert not is_passkey(other)


@pytest.mark.parametrize(
    ("place", "value"),
    [(0, 0xA4), (2, 0x03), (4, 0x27), (4, 0x46), (6, 0x02), (9, 0x30), (42, 0x23), (44, 0x40)],
    ids=[
        "map",
        "key type",
        "algorithm",
        "RSA",
        "curve",
        "length of x",
        "label of y",
        "length of y",
    ],
)
def test_w2__other_parameters_of_a_key__are_no_key(place: int, value: int) -> None:
    altered = OWN.key[:place] + bytes([value]) + OWN.key[place + 1 :]
    assert not is_passkey(altered)


@pytest.mark.parametrize("point", [bytes(64), b"\xff" * 64, bytes(63) + b"\1"])
def test_w2__key_that_is_no_point_of_the_curve__refuses(point: bytes) -> None:
    key = OWN.key[:10] + point[:32] + OWN.key[42:45] + point[32:]
    assert is_passkey(key)
    with refused("key.malformed"):
        _check(OWN.answer(DIGEST, RELYING_PARTY), key=key)


@given(
    st.binary(min_size=37, max_size=MAX_AUTHENTICATOR_DATA_BYTES),
    st.binary(max_size=MAX_CLIENT_DATA_BYTES),
    st.binary(max_size=MAX_ASSERTION_SIGNATURE_BYTES),
)
def test_w3__assertion_of_any_parts__is_read_back(data: bytes, client: bytes, mark: bytes) -> None:
    assertion = Assertion(data, client, mark)
    assert Assertion.from_bytes(assertion.to_bytes()) == assertion
    assert len(assertion.to_bytes()) <= MAX_ASSERTION_BYTES


@given(st.binary(max_size=200))
@example(b"")
@example(b"\xff\xff")
@example(bytes(65))
def test_w3__any_bytes__are_read_as_they_are_or_refused(encoded: bytes) -> None:
    read = None
    with suppress(InvalidInputError):
        read = Assertion.from_bytes(encoded)
    assert read is None or read.to_bytes() == encoded


@pytest.mark.parametrize(
    "assertion",
    [
        Assertion(DATA[:-1], CLIENT, b""),
        Assertion(bytes(MAX_AUTHENTICATOR_DATA_BYTES + 1), CLIENT, b""),
        Assertion(DATA, bytes(MAX_CLIENT_DATA_BYTES + 1), b""),
        Assertion(DATA, CLIENT, bytes(MAX_ASSERTION_SIGNATURE_BYTES + 1)),
    ],
    ids=["short data", "long data", "long client data", "long signature"],
)
def test_w3__part_beyond_its_limits__refuses(assertion: Assertion) -> None:
    with refused("signature.malformed"):
        _check(assertion)


@pytest.mark.parametrize(
    "alter",
    [
        lambda client: b"\xff" + client,
        lambda client: b"\xef\xbb\xbf" + client,
        lambda client: client.decode().encode("utf-16"),
        lambda client: client[:-1],
        lambda client: client + b"{}",
        lambda client: b"[" + client + b"]",
        lambda _: b"[" * 2048,
        lambda _: b"null",
        lambda client: client[:-1] + b',"type":"webauthn.get"}',
        lambda client: client[:-1] + b',"extra":{"a":1,"a":1}}',
        lambda _: _client(type="webauthn.create"),
        lambda _: _client(type="payment.get"),
        lambda _: _client(tokenBinding={"status": "unknown"}),
        lambda _: _client(type=None),
    ],
    ids=["not UTF-8", "byte order mark", "UTF-16", "cut", "two", "array", "brackets", "null", "key twice",
         "key twice below", "registration", "payment", "token binding", "no type"],
)  # fmt: skip
def test_w4__client_data_that_are_not_those_of_an_assertion__refuse(
    alter: Callable[[bytes], bytes],
) -> None:
    with refused("signature.malformed"):
        _check(OWN.sign(DATA, alter(CLIENT)))
    _check(OWN.sign(DATA, CLIENT))


@pytest.mark.parametrize(
    "challenge",
    [
        urlsafe_b64encode(digest("another ballot")).rstrip(b"=").decode(),
        urlsafe_b64encode(DIGEST).decode(),
        f"0x{DIGEST.hex()}",
        json.loads(CLIENT)["challenge"] + "\n",
        "",
        7,
        None,
    ],
    ids=["other", "padded", "hex", "line end", "empty", "number", "none"],
)
def test_w4__other_challenge__refuses(challenge: object) -> None:
    with refused("signature.signer", rule="psephos.passkey"):
        _check(OWN.sign(DATA, _client(challenge=challenge)))


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://vote.river.example:8443"},
        {"origin": "http://vote.river.example"},
        {"origin": "https://vote.river.example/"},
        {"origin": "https://VOTE.river.example"},
        {"origin": ["https://vote.river.example"]},
        {"origin": None},
        {"crossOrigin": True},
        {"crossOrigin": 0},
        {"crossOrigin": "false"},
        {"topOrigin": "https://vote.river.example"},
    ],
    ids=str,
)
def test_w5__other_page__refuses(changes: dict[str, object]) -> None:
    with refused("signature.origin", rule="psephos.passkey"):
        _check(OWN.sign(DATA, _client(**changes)))


@pytest.mark.parametrize(
    "changes",
    [{"crossOrigin": None}, {"extra": {"more": [1, None]}}, {"tokenBinding": {"status": "supported"}}],
    ids=str,
)  # fmt: skip
def test_w5__fields_left_out_or_added__are_left_alone(changes: dict[str, object]) -> None:
    _check(OWN.sign(DATA, _client(**changes)))


@pytest.mark.parametrize("party", ["evil.example", "vote.river.example", "River.example", ""])
def test_w5__other_relying_party__refuses(party: str) -> None:
    with refused("signature.origin"):
        _check(OWN.sign(authenticator_data(party), CLIENT))


@pytest.mark.parametrize("flags", [0, PRESENT, VERIFIED])
def test_w6__user_not_there_or_not_verified__refuses(flags: int) -> None:
    with refused("signature.unverified", rule="psephos.passkey"):
        _check(OWN.sign(authenticator_data(RELYING_PARTY.id, flags=flags), CLIENT))


EXTENSION = bytes.fromhex("a16b6372656450726f7465637403")
"""CBOR of ``{"credProtect": 3}``."""

RICH = bytes.fromhex("a4616144deadbeef61628101616318ff6164a161658201fb3ff0000000000000")
"""CBOR of ``{"a": h'deadbeef', "b": [1], "c": 255, "d": {"e": [1, 1.0]}}``."""

BOMB = bytes.fromhex("a16161d81e81c4821a3b9aca0001")
"""CBOR of ``{"a": 10 ** 1_000_000_000}`` as a fraction of a decimal fraction."""


@pytest.mark.parametrize(
    ("flags", "extra", "passes"),
    [
        (0x05, b"", True),
        (0x1D, b"", True),
        (0x85, EXTENSION, True),
        (0x85, RICH, True),
        (0x85, bytes.fromhex("a0"), True),
        (0x85, bytes.fromhex("a1616181818100"), True),
        (0x05, b"\0", False),
        (0x05, EXTENSION, False),
        (0x85, b"", False),
        (0x85, EXTENSION + b"\0", False),
        (0x85, EXTENSION[:-1], False),
        (0x85, RICH[:-1], False),
        (0x85, b"\x9f" * 900, False),
        (0x85, b"\xbf\xff", False),
        (0x85, b"\x80", False),
        (0x85, BOMB, False),
        (0x85, bytes.fromhex("a161618181818100"), False),
        (0x85, b"\xbb" + b"\xff" * 8, False),
        (0x85, bytes.fromhex("a161615bffffffffffffffff"), False),
        (0x85, bytes.fromhex("a1616142ff"), False),
        (0x85, bytes.fromhex("a161611803"), False),
        (0x85, bytes.fromhex("a16161") + b"\x1a\0\0", False),
        (0x15, b"", False),
        (0x45, bytes(18) + OWN.key, False),
    ],
    ids=["plain", "backed up", "extension", "several", "none", "four levels", "trailing byte",
         "unannounced extension", "no extension", "byte after extension", "cut extension", "cut number",
         "nested arrays", "open map", "array", "bomb", "five levels", "endless map", "endless bytes",
         "cut bytes", "longer than needed", "cut argument", "backed up, not eligible", "attested"],
)  # fmt: skip
def test_w6__authenticator_data__are_whole_and_nothing_else(
    flags: int,
    extra: bytes,
    passes: bool,  # noqa: FBT001 - parametrised
) -> None:
    assertion = OWN.sign(authenticator_data(RELYING_PARTY.id, flags=flags) + extra, CLIENT)
    if passes:
        _check(assertion)
        return
    with refused("signature.malformed"):
        _check(assertion)


def test_w7__other_key__refuses() -> None:
    eddsa = Authenticator(digest("own key"), "EdDSA")
    for key in (OTHER.key, eddsa.key):
        with refused("signature.signer") as caught:
            _check(OWN.answer(DIGEST, RELYING_PARTY), key=key)
        assert key.hex() not in str(caught.value)
    with refused("signature.signer"):
        _check(eddsa.answer(DIGEST, RELYING_PARTY))


def test_w7__flipped_byte_anywhere__refuses() -> None:
    encoded = OWN.answer(DIGEST, RELYING_PARTY).to_bytes()
    for place in range(len(encoded)):
        altered = encoded[:place] + bytes([encoded[place] ^ 1]) + encoded[place + 1 :]
        with pytest.raises(GovernanceError):
            check_assertion(RELYING_PARTY, DIGEST, key=OWN.key, signature=altered)


def test_w7__signature_in_both_forms__holds_and_no_other_encoding_does() -> None:
    assertion = OWN.answer(DIGEST, RELYING_PARTY)
    r, s = decode_dss_signature(assertion.signature)
    both = [encode_dss_signature(r, each) for each in (s, P256_ORDER - s)]
    assert both[0] == assertion.signature != both[1]
    for signature in both:
        _check(Assertion(DATA, CLIENT, signature))
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    for signature in (
        raw,
        b"",
        both[0][:-1],
        encode_dss_signature(0, s),
        encode_dss_signature(r, 0),
    ):
        with refused("signature.signer"):
            _check(Assertion(DATA, CLIENT, signature))


def test_w7__byte_after_the_signature__refuses() -> None:
    passkey = Authenticator(digest("own key"), "EdDSA")
    assertion = passkey.answer(DIGEST, RELYING_PARTY)
    longer = Assertion(DATA, CLIENT, assertion.signature + b"\0")
    with refused("signature.signer"):
        _check(longer, key=passkey.key)
    _check(assertion, key=passkey.key)


def test_check__order__names_the_page_before_it_looks_at_the_key() -> None:
    with refused("signature.origin"):
        _check(OTHER.sign(authenticator_data("evil.example"), CLIENT))


def test_authenticator__same_digest__answers_the_same_bytes() -> None:
    for algorithm in ("ES256", "EdDSA"):
        passkey = Authenticator(digest("own key"), algorithm)
        assert passkey.answer(DIGEST, RELYING_PARTY) == passkey.answer(DIGEST, RELYING_PARTY)
    assert OWN.answer(DIGEST, RELYING_PARTY).authenticator_data[:32] == (
        hashlib.sha256(b"river.example").digest()
    )
