"""An embedded chain that answers as a node over HTTP on 127.0.0.1, sending included."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from anchoring.adapters.chain_embedded import EmbeddedChain
from anchoring.core.types import ChainId
from tests.support.chain_world import FAUCET, FixedClock


@dataclass
class ServedChain:
    """A chain and the address of its node."""

    chain: EmbeddedChain
    url: str
    down: threading.Event = field(default_factory=threading.Event)
    """Set while the node answers nothing that is JSON-RPC."""


@contextmanager
def served_chain(path: Path, chain_id: int, clock: FixedClock) -> Iterator[ServedChain]:
    """Make a chain and serve it until the block ends."""
    chain = EmbeddedChain(path, clock=clock, faucet=FAUCET, chain_id=ChainId(chain_id))
    try:
        with serving(chain) as served:
            yield served
    finally:
        chain.close()


@contextmanager
def serving(chain: EmbeddedChain) -> Iterator[ServedChain]:
    """Serve a chain until the block ends."""
    provider = chain.provider()
    down = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = provider.make_request(question["method"], question["params"])
            body = b"" if down.is_set() else json.dumps({**answer, "id": question["id"]}).encode()
            self.send_response(503 if down.is_set() else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the test output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield ServedChain(chain, f"http://127.0.0.1:{server.server_address[1]}", down)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
