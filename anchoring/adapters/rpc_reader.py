"""Asks an Ethereum node the few things a verifier may want to know, with the standard library only.

Source: https://ethereum.github.io/execution-apis/, methods ``eth_chainId``, ``eth_getBlockByNumber``
and ``eth_getCode``, and whatever else ``RpcReader.ask`` is given.
"""

import json
import re
import time
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPResponse
from typing import Final, TypeAlias, cast
from urllib.parse import urlsplit

from eth_hash.auto import keccak

from anchoring.core.errors import MalformedError, UnavailableError
from anchoring.core.json_fields import MAX_CONTAINERS
from anchoring.core.node_verification import NodeView
from anchoring.core.types import Address, BlockHash, BlockNumber, ChainId

MAX_ANSWER_BYTES: Final = 4 << 20
"""Longest answer read, in bytes: a block with 20,000 transaction hashes takes 1.4 MiB."""

TIMEOUT_S: Final = 10.0
"""Longest wait for one answer, in seconds, from the question to its last byte."""

_READ_BYTES: Final = 64 << 10
_QUANTITY: Final = re.compile(r"0x(0|[1-9a-f][0-9a-f]{0,15})")
_HASH: Final = re.compile(r"0x[0-9a-f]{64}")
_CODE: Final = re.compile(r"0x([0-9a-f]{2})*")

_Json: TypeAlias = "dict[str, _Json] | list[_Json] | str | int | float | bool | None"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses redirects: the verifier named one node and means it."""

    def redirect_request(self, *_: object) -> None:
        return None


class RpcReader:
    """Read-only questions to one node over HTTP.

    Trust: answers are claims of the node. Retries: none here; asking again is safe.

    Args:
        url: Address of the node, ``http`` or ``https``.
        timeout_s: Longest wait for one answer, in seconds.

    Raises:
        MalformedError: ``url`` is of another scheme or names no host.
    """

    def __init__(self, url: str, *, timeout_s: float = TIMEOUT_S) -> None:
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise MalformedError("node address", "not a URL") from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise MalformedError("node address", "not http://host or https://host")
        self._url = url
        # An address may carry an access key in its path or query; messages name the host only.
        self._name = f"node {parts.hostname}"
        self._timeout_s = timeout_s
        self._opener = urllib.request.build_opener(_NoRedirect)

    def view(self, number: BlockNumber, *, contract: Address | None) -> NodeView:
        """Return what the node says about the block at ``number``.

        Args:
            number: Height of the block.
            contract: Contract whose code is wanted, None when it is not.

        Raises:
            UnavailableError: The node did not answer in time, or not what it was asked.
        """
        chain_id = self._quantity("eth_chainId", self.ask("eth_chainId"))
        block = self._block(hex(number))
        finalized = self._block("finalized")
        code_hash = None
        if contract is not None:
            code = self.ask("eth_getCode", f"0x{contract.hex()}", "latest")
            code_hash = keccak(self._bytes("eth_getCode", code, _CODE))
        return NodeView(
            chain_id=ChainId(chain_id),
            block_hash=None if block is None else block[1],
            finalized=None if finalized is None else finalized[0],
            code_hash=code_hash,
        )

    def _block(self, tag: str) -> tuple[BlockNumber, BlockHash] | None:
        method = "eth_getBlockByNumber"
        transactions_in_full = False
        block = self.ask(method, tag, transactions_in_full)
        if block is None:
            return None
        if not isinstance(block, dict):
            raise self._fault(method, "the answer is no block")
        number = self._quantity(method, block.get("number"))
        return BlockNumber(number), BlockHash(self._bytes(method, block.get("hash"), _HASH))

    def _quantity(self, method: str, value: "_Json") -> int:
        if not isinstance(value, str) or not _QUANTITY.fullmatch(value):
            raise self._fault(method, "the answer is no quantity")
        return int(value, 16)

    def _bytes(self, method: str, value: "_Json", form: re.Pattern[str]) -> bytes:
        if not isinstance(value, str) or not form.fullmatch(value):
            raise self._fault(method, "the answer is not hexadecimal")
        return bytes.fromhex(value[2:])

    def ask(self, method: str, *params: object) -> "_Json":
        """Return the result of a method as the node gave it; None where it says null.

        Args:
            method: JSON-RPC name.
            params: Positional parameters, as JSON has them.

        Raises:
            UnavailableError: The node did not answer in time, or with an error.
        """
        question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        request = urllib.request.Request(  # noqa: S310 - the constructor admits http and https only
            self._url,
            data=json.dumps(question).encode("ascii"),
            headers={"Content-Type": "application/json"},
        )
        try:
            deadline = time.monotonic() + self._timeout_s
            with self._opener.open(request, timeout=self._timeout_s) as response:
                body = self._read(response, method, deadline)
            answer = json.loads(body)
        except (OSError, HTTPException) as error:
            raise self._fault(method, str(error) or type(error).__name__) from error
        except ValueError as error:
            raise self._fault(method, "the answer is not JSON") from error
        if not isinstance(answer, dict) or answer.get("error") is not None:
            raise self._fault(method, f"the node answers {json.dumps(answer)[:200]}")
        if "result" not in answer:
            raise self._fault(method, "the answer has no result")
        return cast("_Json", answer["result"])

    def _read(self, response: HTTPResponse, method: str, deadline: float) -> bytes:
        received = bytearray()
        while chunk := response.read1(_READ_BYTES):
            received += chunk
            if len(received) > MAX_ANSWER_BYTES:
                raise self._fault(method, f"the answer exceeds {MAX_ANSWER_BYTES} bytes")
            if time.monotonic() > deadline:
                raise self._fault(method, f"no whole answer within {self._timeout_s} s")
        if received.count(b"[") + received.count(b"{") > MAX_CONTAINERS:
            raise self._fault(method, f"the answer has over {MAX_CONTAINERS} brackets and braces")
        return bytes(received)

    def _fault(self, method: str, reason: str) -> UnavailableError:
        return UnavailableError(self._name, f"{method}: {reason}")
