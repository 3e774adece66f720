"""The postman: turns entries into letters and hands letters on, beside the worker, who never waits for it."""

import threading
from typing import Final

import structlog

from anchoring.core.errors import UnavailableError
from backend.services.founding_drafts import expire_drafts
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

    def step_all(self) -> bool:
        """Turn new entries into letters and hand on a batch; what goes wrong stops nothing else.

        Returns:
            Whether more letters may be due at once.
        """
        container = self._container
        for slug in container.archive.ledgers.slugs():
            try:
                announce_new(container.office, slug)
            except Exception as error:  # noqa: BLE001 - the postman outlives every defect of one ledger
                _log.error("post.unannounced", ledger=slug, kind=type(error).__name__)
        expire_drafts(container.drafts, now=container.ports.clock.now())
        try:
            more = send_due(container.office) == BATCH
        except UnavailableError as error:
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
            if self._trouble:
                stop.wait(min(interval_s, PAUSE.total_seconds()))
            if not more and not stop.is_set():
                posted.wait(interval_s)

    def _tell(self, trouble: str) -> None:
        if trouble and trouble != self._trouble:
            _log.warning("post.undelivered", reason=trouble)
        self._trouble = trouble
