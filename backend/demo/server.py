"""A real server for the demonstration: the whole container behind uvicorn, on a port of this machine."""

import logging
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import structlog
import uvicorn

from anchoring.core.trust import format_trust
from backend.demo.clock import DemoClock
from backend.demo.folder import DemoFolder
from backend.domain.acts import Slug
from backend.domain.errors import NotFoundError
from backend.domain.instants import parse_instant
from backend.main import create_app
from backend.settings import EMBEDDED_CHAIN_ID, Settings
from backend.wiring import Container
from backend.worker import Worker

ORIGIN_HOST = "demonstration.example"
"""Host part of the ledger's origin: reserved for examples (RFC 2606), so nobody's."""

_START_TIMEOUT_S = 60
_REQUEST_TIMEOUT_S = 60
_POLL_S = 0.05


class ServerError(Exception):
    """The server did not start."""


@dataclass(frozen=True, slots=True)
class DemoServer:
    """A running server."""

    container: Container
    """What it is made of."""
    clock: DemoClock
    """Its clock."""
    worker: Worker
    """Its worker, stepped by hand so that every step of the play has its own anchor."""
    http: httpx.Client
    """A connection to it."""

    @property
    def operator(self) -> str:
        """Token that lets an organisation be founded."""
        return self.container.archive.keys.operator_token()

    def catch_up(self, slug: Slug) -> None:
        """Move the clock to the last entry of the ledger, if there is one."""
        reads = self.container.archive.reads
        try:
            size = reads.organisation(slug).size
        except NotFoundError:
            return
        self.clock.advance_to(parse_instant(reads.entry(slug, size - 1).at))

    def anchor(self, slug: Slug, size: int | None = None) -> None:
        """Anchor the ledger.

        Args:
            slug: The ledger.
            size: Only if this is its size: a repeated step has its anchor already.

        Raises:
            AnchoringError: It cannot be anchored.
        """
        if size is None or self.container.archive.reads.organisation(slug).size == size:
            self.worker.step(slug)

    def export(self, slug: Slug, folder: DemoFolder) -> None:
        """Write the public files into the folder, or bring them up to date.

        Raises:
            GovernanceError: As ``Archive.export``.
            AnchoringError: As ``Archive.export``.
        """
        # Names the ledger first: an export refuses a folder with other files in it.
        folder.write("trust.json", format_trust(self.container.archive.trust(slug)))
        self.container.archive.export(slug, folder.root)


@contextmanager
def running_server(data: Path, clock: DemoClock) -> Iterator[DemoServer]:
    """Run a server until the block ends.

    Args:
        data: Its data; made if missing.
        clock: Its clock.

    Raises:
        ServerError: It did not start.
        AnchoringError: Its data cannot be opened.
    """
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # Every field is named: settings of the environment are for real servers.
    settings = Settings(
        data=data, origin_host=ORIGIN_HOST, database=None, chain_id=EMBEDDED_CHAIN_ID
    )
    with Container(settings, clock) as container, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(container), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listening]}, name="server", daemon=True
        )
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            _wait(server, thread)
            # Proxies of the environment are for other machines.
            with httpx.Client(
                base_url=address, timeout=_REQUEST_TIMEOUT_S, trust_env=False
            ) as http:
                yield DemoServer(container, clock, Worker(container), http)
        finally:
            server.should_exit = True
            thread.join()


def _wait(server: uvicorn.Server, thread: threading.Thread) -> None:
    for _ in range(int(_START_TIMEOUT_S / _POLL_S)):
        if server.started:
            return
        thread.join(_POLL_S)
        if not thread.is_alive():
            break
    raise ServerError
