"""A witness on 127.0.0.1 that answers what a test tells it to, and keeps what it was asked."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer


@dataclass
class ScriptedWitness:
    """A running witness."""

    answers: list[tuple[int, str, bytes]]
    """Status, media type and body of the answers to come."""
    url: str = ""
    """Submission prefix."""
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    """Path and body of each request."""


@contextmanager
def scripted(answers: Sequence[tuple[int, str, bytes]]) -> Iterator[ScriptedWitness]:
    """Serve the answers in order on a free port."""
    witness = ScriptedWitness(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            witness.asked.append((self.path, body))
            status, media_type, content = witness.answers.pop(0)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Location", f"{witness.url}/elsewhere")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    witness.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield witness
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
