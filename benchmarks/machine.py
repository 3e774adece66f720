"""The machine of a run: figures mean nothing without it."""

import os
import platform
import sqlite3
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Machine:
    """What the figures of a run depend on."""

    cpu: str
    """Model of the processor."""
    cores: int
    """Number of cores the process may use."""
    load: str
    """Load averages over 1, 5 and 15 minutes when the run began: above 0 others were at work."""
    python: str
    """Version of Python."""
    sqlite: str
    """Version of SQLite."""
    system: str
    """Kernel and architecture."""

    @classmethod
    def this(cls) -> "Machine":
        """Return the machine of this process."""
        return cls(
            cpu=_cpu_model(),
            cores=len(os.sched_getaffinity(0)),
            load=" ".join(f"{load:.1f}" for load in os.getloadavg()),
            python=platform.python_version(),
            sqlite=sqlite3.sqlite_version,
            system=f"{platform.system()} {platform.release()} {platform.machine()}",
        )

    def __str__(self) -> str:
        """Return it in one line."""
        return (
            f"{self.cpu}, {self.cores} cores, load {self.load}; Python {self.python}, "
            f"SQLite {self.sqlite}, {self.system}"
        )


def _cpu_model() -> str:
    """Model name where Linux states it, or what Python knows."""
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text("utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
