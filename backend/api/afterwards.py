"""Work that is done after the answer, on a thread of its own: how long it takes tells the client nothing."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import structlog

_log = structlog.get_logger(__name__)


class Afterwards:
    """Does one piece of work after the other.

    Durability: what was not done when the process ends is lost, so only what a client asks for again is
    left to it.
    """

    def __init__(self) -> None:
        self._thread: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="afterwards")

    def __call__(self, work: Callable[[], None]) -> None:
        """Have work done soon; returns at once."""
        self._thread.submit(work).add_done_callback(_tell_failure)

    def close(self) -> None:
        """Finish what was left to do; harmless to repeat."""
        self._thread.shutdown()


def _tell_failure(done: Future[None]) -> None:
    error = done.exception()
    if error is not None:
        _log.error("afterwards.failed", exc_info=error)
