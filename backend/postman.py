"""The postman: turns entries into letters and hands letters on, beside the worker, who never waits for it."""

import threading
from datetime import UTC, datetime
from typing import Final

import structlog

from anchoring.core.errors import UnavailableError
from backend.services.founding_desk import expire_drafts
from backend.services.posting import BATCH, PAUSE, announce_new, send_due
from backend.wiring import Container

_log = structlog.get_logger(__name__)


class Postman:
    """Does for every organisation of a server what letters ask for.

    No error text of a letter is logged as it is: it may name its reader.

    Args:
        container: The server.
    """

    def __init__(self, container: Container) -> None:
        self._container: Final = container
        self._trouble = ""
        self._paused_until = datetime.min.replace(tzinfo=UTC)

    def step_all(self) -> bool:
        """Turn new entries into letters and hand on a batch; what goes wrong stops nothing else.

        Returns:
            Whether more letters may be due at once.
        """
        container = self._container
        for slug in container.archive.ledgers.slugs():
            try:
                announce_new(container.mailroom.office, slug)
            except Exception as error:  # noqa: BLE001 - the postman outlives every defect of one ledger
                _log.error("post.unannounced", ledger=slug, kind=type(error).__name__)
        expire_drafts(container.mailroom.drafts, now=container.ports.clock.now())
        self._scrub()
        now = container.ports.clock.now()
        if now < self._paused_until:
            return False
        try:
            more = send_due(container.mailroom.office) == BATCH
        except UnavailableError as error:
            self._paused_until = now + PAUSE
            self._tell(str(error))
            return False
        except Exception as error:  # noqa: BLE001 - the postman outlives every defect of one letter
            self._tell(type(error).__name__)
            return False
        self._tell("")
        return more

    def run(self, stop: threading.Event, interval_s: float) -> None:
        """Step whenever something was written, and after every interval, until told to stop.

        Args:
            stop: Set to stop; set ``container.posted`` too, so that it is noticed at once.
            interval_s: Longest wait between two steps, in seconds.
        """
        posted = self._container.posted
        while not stop.is_set():
            posted.clear()
            try:
                more = self.step_all()
            except Exception as error:  # noqa: BLE001 - the database is back sooner or later
                self._tell(type(error).__name__)
                more = False
            if not more and not stop.is_set():
                posted.wait(interval_s)

    def _scrub(self) -> None:
        """Make what drafts of foundings held unreadable in the files of the database."""
        destroyed = self._container.mailroom.drafts.destroyed
        if not destroyed.is_set():
            return
        destroyed.clear()
        try:
            self._container.archive.ledgers.scrub()
        except UnavailableError:
            # Somebody reads older pages; the next step tries again.
            destroyed.set()

    def _tell(self, trouble: str) -> None:
        if trouble and trouble != self._trouble:
            _log.warning("post.undelivered", reason=trouble)
        self._trouble = trouble
