"""Signers: each passes the contract; a keystore opens for its passphrase, a remote one is not believed."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import rlp
from eth_account import Account
from hypothesis import given, settings

from anchoring.adapters.signer_keystore import (
    FULL_ROUNDS,
    MAX_KEYSTORE_BYTES,
    MIN_ROUNDS,
    KeystoreSigner,
    open_keystore,
    read_keystore_address,
    seal_keystore,
)
from anchoring.adapters.signer_local import LocalSigner
from anchoring.adapters.signer_remote import MAX_ANSWER_BYTES, RemoteSigner
from anchoring.core.errors import (
    MalformedError,
    RejectedError,
    UnavailableError,
    VerificationError,
)
from anchoring.core.transaction import HALF_ORDER, read_signed_fields
from anchoring.core.types import Address
from tests.support.signer_contract import (
    ACCOUNT,
    ADDRESS,
    KEY,
    OTHER_ACCOUNT,
    TRANSACTION,
    TRANSACTIONS,
    Answer,
    Refused,
    check_signer,
    serving,
    sign_as_asked,
    web3signer,
)

PASSPHRASE = "correct horse é".encode()
KEYSTORE = seal_keystore(KEY, PASSPHRASE, rounds=MIN_ROUNDS)
KEYSTORE_SIGNER = KeystoreSigner(KEYSTORE, PASSPHRASE)
SIGNED = LocalSigner(ACCOUNT).sign_transaction(TRANSACTION)


@pytest.fixture(scope="module")
def remote() -> Iterator[RemoteSigner]:
    with serving(web3signer) as url:
        yield RemoteSigner(url, Address(ADDRESS))


@given(fields=TRANSACTIONS)
def test_local_signer__for_any_transaction__keeps_the_contract(
    fields: dict[str, int | bytes],
) -> None:
    check_signer(LocalSigner(ACCOUNT), fields)


@given(fields=TRANSACTIONS)
def test_keystore_signer__for_any_transaction__keeps_the_contract(
    fields: dict[str, int | bytes],
) -> None:
    check_signer(KEYSTORE_SIGNER, fields)


@settings(max_examples=15)
@given(fields=TRANSACTIONS)
def test_remote_signer__for_any_transaction__keeps_the_contract(
    remote: RemoteSigner, fields: dict[str, int | bytes]
) -> None:
    check_signer(remote, fields)


def keystore(**members: object) -> bytes:
    return json.dumps({**json.loads(KEYSTORE), **members}).encode()


def crypto(**members: object) -> bytes:
    return keystore(crypto={**json.loads(KEYSTORE)["crypto"], **members})


def params(**members: object) -> bytes:
    return crypto(kdfparams={**json.loads(KEYSTORE)["crypto"]["kdfparams"], **members})


def test_keystore__sealed_here__opens_with_the_library_and_holds_no_clear_key() -> None:
    assert Account.decrypt(KEYSTORE.decode(), PASSPHRASE.decode()) == KEY
    assert read_keystore_address(KEYSTORE) == ADDRESS
    assert KEY.hex().encode() not in KEYSTORE
    assert KEY.hex() not in repr(KEYSTORE_SIGNER)


def test_keystore__as_geth_writes_it__opens() -> None:
    geth = keystore(address=ACCOUNT.address[2:].lower())
    assert open_keystore(geth, PASSPHRASE).key == KEY


def test_keystore__sealed_twice__differs() -> None:
    assert seal_keystore(KEY, PASSPHRASE, rounds=MIN_ROUNDS) != KEYSTORE


def test_keystore__at_full_strength__opens() -> None:
    sealed = seal_keystore(KEY, PASSPHRASE, rounds=FULL_ROUNDS)
    assert json.loads(sealed)["crypto"]["kdfparams"]["n"] == 2**18
    assert open_keystore(sealed, PASSPHRASE).address == ACCOUNT.address


@pytest.mark.parametrize(
    ("data", "passphrase"),
    [
        (KEYSTORE, PASSPHRASE + b" "),
        (crypto(mac="00" * 32), PASSPHRASE),
        (crypto(ciphertext="11" * 32), PASSPHRASE),
        (params(n=2 * MIN_ROUNDS), PASSPHRASE),
        (params(salt="11" * 16), PASSPHRASE),
        (crypto(cipherparams={"iv": "11" * 16}), PASSPHRASE),
        (keystore(address=OTHER_ACCOUNT.address[2:]), PASSPHRASE),
    ],
)
def test_keystore__with_another_passphrase_or_one_change__does_not_verify(
    data: bytes, passphrase: bytes
) -> None:
    with pytest.raises(VerificationError):
        KeystoreSigner(data, passphrase)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        KEYSTORE + b"}",
        KEYSTORE.ljust(MAX_KEYSTORE_BYTES + 1),
        f"0x{KEY.hex()}".encode(),
        keystore(version=4),
        keystore(extra=1),
        keystore(address="00" * 19),
        keystore(crypto=[]),
        crypto(kdf="pbkdf2"),
        crypto(cipher="aes-128-cbc"),
        crypto(mac="00" * 31),
        crypto(extra=1),
        params(n=FULL_ROUNDS * 2),
        params(n=MIN_ROUNDS // 2),
        params(n=MIN_ROUNDS + 1),
        params(r=1 << 20),
        params(p=1 << 20),
        params(dklen=64),
        params(salt="zz"),
        params(extra=1),
    ],
)
def test_keystore__of_another_form_or_appetite__is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        read_keystore_address(data)
    with pytest.raises(MalformedError):
        open_keystore(data, PASSPHRASE)


@pytest.mark.parametrize(
    ("key", "passphrase", "rounds"),
    [
        (KEY[1:], PASSPHRASE, MIN_ROUNDS),
        (KEY, b"", MIN_ROUNDS),
        (KEY, b"\xff", MIN_ROUNDS),
        (KEY, PASSPHRASE, MIN_ROUNDS - 1),
        (KEY, PASSPHRASE, MIN_ROUNDS + 1),
        (KEY, PASSPHRASE, FULL_ROUNDS * 2),
    ],
)
def test_seal_keystore__with_an_argument_out_of_bounds__is_malformed(
    key: bytes, passphrase: bytes, rounds: int
) -> None:
    with pytest.raises(MalformedError):
        seal_keystore(key, passphrase, rounds=rounds)


def test_remote__asked_for_accounts__tells_them() -> None:
    with serving(web3signer) as url:
        assert RemoteSigner(url, Address(ADDRESS)).accounts() == (ADDRESS,)


def test_remote__without_the_key__is_refused_with_the_reason() -> None:
    stranger = Address(bytes.fromhex(OTHER_ACCOUNT.address[2:]))
    with serving(web3signer) as url, pytest.raises(RejectedError, match="available account"):
        RemoteSigner(url, stranger).sign_transaction(TRANSACTION)


def test_remote__that_fails__is_unavailable() -> None:
    def failing(method: str, _: object) -> object:
        raise Refused(method, status=503)

    with serving(failing) as url, pytest.raises(UnavailableError, match="status 503"):
        RemoteSigner(url, Address(ADDRESS)).accounts()


def test_remote__that_is_not_there__is_unavailable_and_shows_no_secret_of_its_address() -> None:
    signer = RemoteSigner("http://127.0.0.1:9/?key=secret", Address(ADDRESS))
    with pytest.raises(UnavailableError) as caught:
        signer.sign_transaction(TRANSACTION)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"result": null}',
        b'{"result": {"raw": "0x02"}}',
        b'{"result": "02f8"}',
        b'{"result": "0x0"}',
        b'{"result": "0x' + b"00" * MAX_ANSWER_BYTES + b'"}',
    ],
)
def test_remote__that_answers_something_else__is_unavailable(body: bytes) -> None:
    with serving(lambda *_: body or b" ") as url, pytest.raises(UnavailableError):
        RemoteSigner(url, Address(ADDRESS)).sign_transaction(TRANSACTION)


@pytest.mark.parametrize("accounts", [[1], ["0x00"], "0x", {"a": 1}])
def test_remote__that_lists_no_addresses__is_unavailable(accounts: object) -> None:
    with serving(lambda *_: accounts) as url, pytest.raises(UnavailableError):
        RemoteSigner(url, Address(ADDRESS)).accounts()


def test_remote__that_redirects__is_not_followed() -> None:
    with serving(web3signer, status=307) as url:
        signer = RemoteSigner(url, Address(ADDRESS))
        # The answer of the signer that was named counts, not that of where it points to.
        assert signer.accounts() == (ADDRESS,)


def test_remote__that_stalls__is_unavailable_in_time() -> None:
    released = threading.Event()

    def stalling(*_: object) -> object:
        released.wait(10)
        return None

    with serving(stalling) as url:
        signer = RemoteSigner(url, Address(ADDRESS), timeout_s=0.05)
        try:
            with pytest.raises(UnavailableError):
                signer.accounts()
        finally:
            released.set()


def test_remote__that_drips_its_answer__is_unavailable_in_time() -> None:
    class Dripping(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            waiting = threading.Event()
            for _ in range(200):
                try:
                    self.wfile.write(b" ")
                except OSError:
                    return
                waiting.wait(0.02)

        def log_message(self, *_: object) -> None:
            """Keep the test output clean."""

    server = HTTPServer(("127.0.0.1", 0), Dripping)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        with pytest.raises(UnavailableError, match="no whole answer"):
            RemoteSigner(url, Address(ADDRESS), timeout_s=0.1).accounts()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def changing(name: str, value: str) -> Answer:
    def answer(_: str, params: list[dict[str, str]]) -> object:
        return f"0x{sign_as_asked({**params[0], name: value}).hex()}"

    return answer


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("chainId", "0x1"),
        ("nonce", "0x8"),
        ("maxPriorityFeePerGas", "0x0"),
        ("maxFeePerGas", "0xffffffffffff"),
        ("gas", "0xea61"),
        ("to", "0x" + "5b" * 20),
        ("value", "0x1"),
        ("data", "0x"),
    ],
)
def test_remote__that_signs_another_field__does_not_verify(name: str, value: str) -> None:
    with serving(changing(name, value)) as url, pytest.raises(VerificationError, match=name):
        RemoteSigner(url, Address(ADDRESS)).sign_transaction(TRANSACTION)


def test_remote__that_signs_with_another_key__does_not_verify() -> None:
    def answer(_: str, params: list[dict[str, str]]) -> object:
        return f"0x{sign_as_asked(params[0], OTHER_ACCOUNT).hex()}"

    with serving(answer) as url, pytest.raises(VerificationError, match="sender"):
        RemoteSigner(url, Address(ADDRESS)).sign_transaction(TRANSACTION)


def altered(position: int, item: object) -> bytes:
    items = list(rlp.decode(SIGNED[1:]))
    items[position] = item
    return b"\x02" + bytes(rlp.encode(items))


@pytest.mark.parametrize("r", [b"\xff" * 32, b"\x05"])
def test_remote__with_a_signature_of_no_key__does_not_verify(r: bytes) -> None:
    forged = f"0x{altered(10, r).hex()}"
    with serving(lambda *_: forged) as url, pytest.raises(VerificationError, match="sender"):
        RemoteSigner(url, Address(ADDRESS)).sign_transaction(TRANSACTION)


@pytest.mark.parametrize(
    "signed",
    [
        b"",
        b"\x01" + SIGNED[1:],
        SIGNED[1:],
        SIGNED + b"\0",
        SIGNED[:-1],
        b"\x02" + bytes(rlp.encode(b"text")),
        b"\x02" + bytes(rlp.encode(rlp.decode(SIGNED[1:])[:9])),
        altered(1, b"\x00\x07"),
        altered(1, [b"\x07"]),
        altered(5, b"\x5a" * 19),
        altered(8, [[b"\x5a" * 20, []]]),
        altered(9, b"\x02"),
        altered(10, b""),
        altered(11, b""),
        altered(11, (HALF_ORDER + 1).to_bytes(32)),
        b"\x02" + bytes(128 << 10),
    ],
)
def test_signed_transaction__of_another_form__is_malformed(signed: bytes) -> None:
    with pytest.raises(MalformedError):
        read_signed_fields(signed)


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:9000", "ftp://127.0.0.1", "http://", "http://[", "file:///etc/passwd"]
)
def test_remote__at_an_address_that_is_none__is_malformed(url: str) -> None:
    with pytest.raises(MalformedError):
        RemoteSigner(url, Address(ADDRESS))
