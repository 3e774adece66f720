"""A publisher's key held by another process, asked over HTTP with the JSON-RPC of web3signer.

What comes back is believed in nothing: the fields must be those asked for, the sender the publisher.

Source: https://docs.web3signer.consensys.io/reference/api/json-rpc, methods ``eth_accounts`` and
``eth_signTransaction``
"""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from eth_account import Account
from eth_keys.exceptions import BadSignature
from eth_utils.exceptions import ValidationError

from anchoring.core.errors import (
    MalformedError,
    RejectedError,
    UnavailableError,
    VerificationError,
)
from anchoring.core.json_fields import MAX_CONTAINERS
from anchoring.core.transaction import MAX_TRANSACTION_BYTES, check_fields, check_signed_fields
from anchoring.core.types import Address

MAX_ANSWER_BYTES: Final = 2 * MAX_TRANSACTION_BYTES + 4096
"""Longest answer read, in bytes: the longest transaction in hexadecimal, and what is around it."""

TIMEOUT_S: Final = 10.0
"""Longest wait for one answer, in seconds, from the question to its last byte."""

_READ_BYTES: Final = 64 << 10
_SERVER_FAULT: Final = 500
_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}")
_SIGNED: Final = re.compile(r"0x([0-9a-f]{2})+", re.IGNORECASE)

_Json: TypeAlias = "dict[str, _Json] | list[_Json] | str | int | float | bool | None"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses redirects: the operator named one signer and means it."""

    def redirect_request(self, *_: object) -> None:
        return None


class RemoteSigner:
    """One account of a web3signer; implements ``TransactionSigner``.

    Args:
        url: Address of the signer, ``http`` or ``https``.
        address: The account, 20 bytes.
        timeout_s: Longest wait for one answer, in seconds.

    Raises:
        MalformedError: ``url`` is of another scheme or names no host.
    """

    def __init__(self, url: str, address: Address, *, timeout_s: float = TIMEOUT_S) -> None:
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise MalformedError("signer address", "not a URL") from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise MalformedError("signer address", "not http://host or https://host")
        self._url: Final = url
        # An address may carry an access key in its path or query; messages name the host only.
        self._name: Final = f"signer {parts.hostname}"
        self._address: Final = address
        self._timeout_s: Final = timeout_s
        self._opener: Final = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), _NoRedirect
        )

    @property
    def address(self) -> Address:
        """Account of the key, 20 bytes."""
        return self._address

    def accounts(self) -> tuple[Address, ...]:
        """Return the accounts for which the signer says it holds keys, in its order.

        Raises:
            RejectedError: The signer refuses to tell.
            UnavailableError: It did not answer in time, or not what it was asked.
        """
        answer = self._ask("eth_accounts")
        if not isinstance(answer, list):
            raise self._fault("eth_accounts: the answer is no list")
        accounts = []
        for each in answer:
            if not isinstance(each, str) or not _ADDRESS.fullmatch(each):
                raise self._fault("eth_accounts: the answer lists something else than addresses")
            accounts.append(Address(bytes.fromhex(each[2:])))
        return tuple(accounts)

    def sign_transaction(self, fields: Mapping[str, int | bytes]) -> bytes:
        """Return the signed transaction; see ``ports.TransactionSigner``.

        Raises:
            MalformedError: ``fields``, or what came back, are no EIP-1559 transaction.
            RejectedError: The signer refuses to sign it, as when it holds no key of the account.
            UnavailableError: It did not answer in time, or with something that is not hexadecimal.
            VerificationError: It signed something else, or with another key.
        """
        check_fields(fields)
        # A creation has no receiver, and JSON-RPC leaves it out.
        question = {
            name: _hex(value) for name, value in fields.items() if (name, value) != ("to", b"")
        }
        answer = self._ask("eth_signTransaction", {**question, "from": _hex(self._address)})
        if not isinstance(answer, str) or not _SIGNED.fullmatch(answer):
            raise self._fault("eth_signTransaction: the answer is not hexadecimal")
        signed = bytes.fromhex(answer[2:])
        check_signed_fields(signed, fields)
        self._check_sender(signed)
        return signed

    def _check_sender(self, signed: bytes) -> None:
        try:
            sender = str(Account.recover_transaction(signed)).lower()
        except (BadSignature, ValidationError, ValueError) as error:
            raise VerificationError(
                "signed transaction.sender",
                expected=_hex(self._address),
                found="no key's signature",
            ) from error
        if sender != _hex(self._address):
            raise VerificationError(
                "signed transaction.sender", expected=_hex(self._address), found=sender
            )

    def _ask(self, method: str, *params: Mapping[str, str]) -> "_Json":
        question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        request = urllib.request.Request(  # noqa: S310 - the constructor admits http and https only
            self._url,
            data=json.dumps(question).encode("ascii"),
            headers={"Content-Type": "application/json"},
        )
        try:
            answer = json.loads(self._send(request))
        except (OSError, HTTPException) as error:
            raise self._fault(f"{method}: {str(error) or type(error).__name__}") from error
        except ValueError as error:
            raise self._fault(f"{method}: the answer is not JSON") from error
        if not isinstance(answer, dict):
            raise self._fault(f"{method}: the answer is no object")
        refusal = answer.get("error")
        if refusal is not None:
            raise RejectedError(self._name, f"{method}: {_reason(refusal)}")
        if "result" not in answer:
            raise self._fault(f"{method}: the answer has no result")
        result: _Json = answer["result"]
        return result

    def _send(self, request: urllib.request.Request) -> bytes:
        """Return the body of the answer; a signer says why it refuses with a status below 500."""
        deadline = time.monotonic() + self._timeout_s
        try:
            with self._opener.open(request, timeout=self._timeout_s) as response:
                return self._read(response, deadline)
        except urllib.error.HTTPError as error:
            with error:
                if error.code >= _SERVER_FAULT:
                    raise self._fault(f"status {error.code}") from error
                return self._read(error, deadline)

    def _read(self, response: "HTTPResponse | urllib.error.HTTPError", deadline: float) -> bytes:
        received = bytearray()
        while chunk := response.read1(_READ_BYTES):
            received += chunk
            if len(received) > MAX_ANSWER_BYTES:
                raise self._fault(f"the answer exceeds {MAX_ANSWER_BYTES} bytes")
            if time.monotonic() > deadline:
                raise self._fault(f"no whole answer within {self._timeout_s} s")
        if received.count(b"[") + received.count(b"{") > MAX_CONTAINERS:
            raise self._fault(f"the answer has over {MAX_CONTAINERS} brackets and braces")
        return bytes(received)

    def _fault(self, reason: str) -> UnavailableError:
        return UnavailableError(self._name, reason)


def _hex(value: int | bytes) -> str:
    return f"0x{value.hex()}" if isinstance(value, bytes) else hex(value)


def _reason(refusal: object) -> str:
    """What a signer says, on one line and short: it goes into logs."""
    message = refusal.get("message") if isinstance(refusal, dict) else refusal
    return " ".join(str(message)[:200].split())
