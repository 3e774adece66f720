"""The contract of ``ports.TransactionSigner``, and a signer over HTTP that keeps or breaks it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import rlp
from eth_account import Account
from eth_account.signers.local import LocalAccount
from hypothesis import strategies as st

from anchoring.core.errors import MalformedError
from anchoring.core.transaction import FIELDS, MAX_TRANSACTION_BYTES, read_signed_fields
from anchoring.ports import TransactionSigner

KEY = bytes(range(1, 33))
ACCOUNT: LocalAccount = Account.from_key(KEY)
OTHER_ACCOUNT: LocalAccount = Account.from_key(bytes(range(2, 34)))
ADDRESS = bytes.fromhex(ACCOUNT.address[2:])

TRANSACTION: dict[str, int | bytes] = {
    "chainId": 20_260,
    "nonce": 7,
    "maxPriorityFeePerGas": 1_000_000_000,
    "maxFeePerGas": 30_000_000_000,
    "gas": 60_000,
    "to": b"\x5a" * 20,
    "value": 0,
    "data": bytes(range(68)),
}
"""An anchor, as far as a signer can tell."""

_WORDS = st.integers(0, 2**256 - 1)
_GAS = st.integers(0, 2**64 - 2)
TRANSACTIONS = st.fixed_dictionaries(
    {
        "chainId": st.integers(1, 2**53 - 1),
        "nonce": _GAS,
        "maxPriorityFeePerGas": _WORDS,
        "maxFeePerGas": _WORDS,
        "gas": _GAS,
        "to": st.binary(min_size=20, max_size=20),
        "value": _WORDS,
        "data": st.binary(max_size=300),
    }
)
"""Any transaction that can be signed."""


def check_signer(signer: TransactionSigner, fields: dict[str, int | bytes]) -> None:
    """Check the whole contract with one transaction and its neighbours."""
    assert signer.address == ADDRESS
    for _ in range(2):
        signed = signer.sign_transaction(fields)
        assert read_signed_fields(signed) == fields
        assert Account.recover_transaction(signed) == ACCOUNT.address
        # A second library reads the same bytes in the same order.
        items = rlp.decode(signed[1:])
        assert [int.from_bytes(items[0]), items[5], items[7]] == [
            fields["chainId"],
            fields["to"],
            fields["data"],
        ]
    for name in FIELDS:
        without = {key: value for key, value in fields.items() if key != name}
        for wrong in (without, {**fields, name: "0x1"}, {**fields, name: -1}):
            with pytest.raises(MalformedError):
                signer.sign_transaction(wrong)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(MalformedError):
        signer.sign_transaction({**fields, "gasPrice": 1})
    for name in ("nonce", "gas"):
        with pytest.raises(MalformedError):
            signer.sign_transaction({**fields, name: 2**64})
    with pytest.raises(MalformedError):
        signer.sign_transaction({**fields, "to": b"\0" * 19})
    with pytest.raises(MalformedError):
        signer.sign_transaction({**fields, "data": bytes(MAX_TRANSACTION_BYTES + 1)})
    creation = {**fields, "to": b"", "data": b"\x60\x00"}
    signed = signer.sign_transaction(creation)
    assert read_signed_fields(signed) == creation
    assert Account.recover_transaction(signed) == ACCOUNT.address
    with pytest.raises(MalformedError):
        signer.sign_transaction({**creation, "data": b""})


def number(text: object) -> int:
    """Return the value of a JSON-RPC quantity, refusing what is none."""
    assert isinstance(text, str)
    assert hex(int(text, 16)) == text
    return int(text, 16)


def sign_as_asked(asked: dict[str, str], account: LocalAccount = ACCOUNT) -> bytes:
    """Sign the parameters of ``eth_signTransaction`` as web3signer does."""
    data = bytes.fromhex(asked["data"][2:])
    quantities = {
        name: number(asked[name]) for name in FIELDS if name not in ("to", "data", "from")
    }
    assert asked.get("to") != "0x"
    to = bytes.fromhex(asked.get("to", "0x")[2:])
    signed = account.sign_transaction({"type": 2, "to": to, "data": data, **quantities})
    return bytes(signed.raw_transaction)


Answer = Callable[[str, list[dict[str, str]]], object]
"""Gives the ``result`` of a method, an exception for an error, or bytes for the whole body."""


class Refused(Exception):  # noqa: N818 - what the signer says, not a failure of the test
    """An answer with an error, and its HTTP status."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def web3signer(method: str, params: list[dict[str, str]]) -> object:
    """Answer as a web3signer that holds the key of ``ACCOUNT``."""
    if method == "eth_accounts":
        return [ACCOUNT.address.lower()]
    if params[0]["from"] != ACCOUNT.address.lower():
        message = "From address does not match an available account"
        raise Refused(message)
    return f"0x{sign_as_asked(params[0]).hex()}"


@contextmanager
def serving(answer: Answer, *, status: int = 200) -> Iterator[str]:
    """Serve on a free port of 127.0.0.1 and yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            envelope: dict[str, object] = {"jsonrpc": "2.0", "id": question["id"]}
            code = status
            try:
                result = answer(question["method"], question["params"])
                body = result if isinstance(result, bytes) else None
                envelope["result"] = None if body else result
            except Refused as refused:
                body, code = None, refused.status
                envelope["error"] = {"code": -32000, "message": str(refused)}
            self.send_response(code)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            content = json.dumps(envelope).encode() if body is None else body
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Keep the test output clean."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
