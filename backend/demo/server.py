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

from anchoring.core.errors import UnavailableError
from anchoring.core.trust import format_trust
from backend.demo.clock import DemoClock
from backend.demo.folder import DemoFolder
from backend.demo.wallets import HOST, RELYING_PARTY
from backend.domain.acts import Slug
from backend.domain.errors import NotFoundError
from backend.domain.instants import parse_instant
from backend.main import create_app
from backend.postman import Postman
from backend.settings import (
    EMBEDDED_CHAIN_ID,
    LimitSettings,
    LoginSettings,
    PasskeySettings,
    Settings,
)
from backend.wiring import Container
from backend.worker import Worker

_START_TIMEOUT_S = 60
_REQUEST_TIMEOUT_S = 60
_POLL_S = 0.05


class ServerError(Exception):
    """The server did not start.

    Args:
        reason: What kept it from starting.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class DemoServer:
    """A running server."""

    container: Container
    """What it is made of."""
    clock: DemoClock
    """Its clock."""
    worker: Worker
    """Its worker, stepped by hand so that every step of the play has its own anchor."""
    postman: Postman
    """Its postman, stepped with the worker."""
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
        while self.postman.step_all():
            pass

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
        ServerError: It did not start, or another process has its data open.
        VerificationError: Its chain is of another server.
    """
    # Every field is named: settings of the environment are for real servers.
    settings = Settings(
        data=data,
        origin_host=HOST,
        database=None,
        chain_id=EMBEDDED_CHAIN_ID,
        passkeys=PasskeySettings(id=RELYING_PARTY.id, origins=RELYING_PARTY.origins),
        # The play speaks to itself without TLS, where browsers would keep no other cookies.
        login=LoginSettings(
            origin=f"http://{HOST}",
            # Everyone logs in from one machine.
            limits=LimitSettings(challenges="600/minute", logins="600/minute"),
        ),
    )
    try:
        container = Container(settings, clock)
    except UnavailableError as error:
        raise ServerError(str(error)) from error
    with container, _quiet(), socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            create_app(container), access_log=False, log_config=None, lifespan="off", ws="none"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listening]}, name="server", daemon=True
        )
        thread.start()
        port = listening.getsockname()[1]
        try:
            _wait(server, thread, port)
            # Proxies of the environment are for other machines.
            with httpx.Client(
                base_url=f"http://127.0.0.1:{port}", timeout=_REQUEST_TIMEOUT_S, trust_env=False
            ) as http:
                yield DemoServer(container, clock, Worker(container), Postman(container), http)
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def _quiet() -> Iterator[None]:
    """Let nothing below a warning into the account."""
    before = structlog.get_config() if structlog.is_configured() else None
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        yield
    finally:
        structlog.reset_defaults()
        if before is not None:
            structlog.configure(**before)


def _wait(server: uvicorn.Server, thread: threading.Thread, port: int) -> None:
    for _ in range(int(_START_TIMEOUT_S / _POLL_S)):
        if server.started:
            return
        thread.join(_POLL_S)
        if not thread.is_alive():
            break
    raise ServerError(f"no answer on port {port}")
