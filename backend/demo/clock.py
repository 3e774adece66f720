"""The clock of the demonstration: a year passes in seconds, and never backwards."""

import threading
from datetime import datetime


class DemoClock:
    """A clock that stands still until it is moved forward.

    Args:
        start: Timezone-aware, UTC.
    """

    def __init__(self, start: datetime) -> None:
        self._lock = threading.Lock()
        self._now = start

    def now(self) -> datetime:
        """Return the current time."""
        with self._lock:
            return self._now

    def advance_to(self, moment: datetime) -> None:
        """Move to ``moment``; a moment that has passed changes nothing."""
        with self._lock:
            self._now = max(self._now, moment)
