"""What a server takes from the machine it runs on: the time, and chance."""

import secrets
import threading
from datetime import UTC, datetime


class SystemClock:
    """The clock of the machine; implements ``Clock``."""

    def __init__(self) -> None:
        self._latest = datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the current time in UTC; stands still while the machine's clock is set back."""
        with self._lock:
            self._latest = max(self._latest, datetime.now(UTC))  # noqa: TID251 - the one clock
            return self._latest


class SecretRandomness:
    """Salts and pseudonyms from the operating system; implements ``Randomness``."""

    def salt(self) -> bytes:
        """Return 32 fresh bytes."""
        return secrets.token_bytes(32)

    def voter(self) -> str:
        """Return a fresh voter pseudonym."""
        return f"v{secrets.token_hex(16)}"
