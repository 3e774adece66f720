"""A node on 127.0.0.1 that answers what a test tells it to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from eth_hash.auto import keccak

from anchoring.adapters.memory_chain import MemoryChain
from tests.support.receipts import CODE

Answer = Callable[[str, list[object]], object]
"""Gives the ``result`` of a method and its parameters, or bytes for the whole body."""


def answers(
    chain: MemoryChain, *, finalized: int | None, chain_id: int | None = None, lie: bytes = b""
) -> Answer:
    """Return the answers of an honest node of ``chain``.

    Args:
        chain: The chain.
        finalized: Height of the last final block, None when there is none.
        chain_id: Another chain id than the chain's.
        lie: Hash given for every block instead of its own.
    """

    def block(number: int) -> object:
        if not 1 <= number <= len(chain.blocks):
            return None
        block_hash = lie or keccak(chain.blocks[number - 1].header)
        return {"number": hex(number), "hash": f"0x{block_hash.hex()}"}

    def answer(method: str, params: list[object]) -> object:
        if method == "eth_chainId":
            return hex(chain_id or chain.chain_id)
        if method == "eth_getCode":
            return f"0x{CODE.hex()}"
        if params[0] == "finalized":
            return None if finalized is None else block(finalized)
        return block(int(str(params[0]), 16))

    return answer


@contextmanager
def serving(answer: Answer, *, status: int = 200) -> Iterator[str]:
    """Serve on a free port of 127.0.0.1 and yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            question = json.loads(self.rfile.read(length))
            result = answer(question["method"], question["params"])
            envelope = {"jsonrpc": "2.0", "id": question["id"], "result": result}
            body = result if isinstance(result, bytes) else json.dumps(envelope).encode()
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

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
