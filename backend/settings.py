"""Settings of a server, from environment variables that start with ``PSEPHOS_``."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

EMBEDDED_CHAIN_ID = 20_260
"""EIP-155 id of the embedded chain; no public chain had registered it in 2026."""


class Settings(BaseSettings):
    """Where a server keeps its data and what it calls itself."""

    model_config = SettingsConfigDict(
        env_prefix="PSEPHOS_", frozen=True, extra="forbid", use_attribute_docstrings=True
    )

    data: Path = Path("var/psephos")
    """Folder of everything the server keeps; made if missing."""
    origin_host: Annotated[str, Field(pattern=r"^[a-z0-9.:-]{1,190}$")] = "localhost"
    """Host part of the origin of ledgers founded here. Existing ledgers keep theirs."""
    database: str | None = None
    """SQLAlchemy URL of the database; by default the file ``psephos.sqlite`` among the data."""
    chain_id: Annotated[int, Field(ge=1, le=2**53 - 1)] = EMBEDDED_CHAIN_ID
    """EIP-155 id of the embedded chain; fixed once the chain exists."""
    interval_ms: Annotated[int, Field(ge=10, le=3_600_000)] = 1000
    """Milliseconds after which the worker looks again when nothing wakes it."""

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the database."""
        return self.database or f"sqlite:///{self.data / 'psephos.sqlite'}"
