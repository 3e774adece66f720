"""The file of deployments on disk: read whole, replaced whole, written by one process at a time."""

import fcntl
import os
from pathlib import Path
from typing import Final

from anchoring.core.deployments import (
    MAX_DEPLOYMENTS_BYTES,
    Deployment,
    add_deployment,
    format_deployments,
    parse_deployments,
)
from anchoring.core.errors import UnavailableError


class DeploymentsFile:
    """Deployments in one file; a missing file holds none.

    Durability: ``add`` returns after the file is on stable storage. Concurrency: readers find the file
    as it was or as it is; writers wait for each other.

    Args:
        path: The file; its folder must exist when something is added.
    """

    def __init__(self, path: Path) -> None:
        self._path: Final = path

    def read(self) -> tuple[Deployment, ...]:
        """Return the deployments.

        Raises:
            MalformedError: The file is not of the format.
            UnavailableError: The file cannot be read.
            UnsupportedError: It is of another version.
        """
        try:
            with self._path.open("rb") as file:
                content = file.read(MAX_DEPLOYMENTS_BYTES + 1)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._fault(error) from error
        return parse_deployments(content)

    def check_writable(self) -> None:
        """Check that ``add`` can write, before something is done that has to be recorded.

        Raises:
            UnavailableError: The folder is missing or closed to this process.
        """
        if not os.access(self._path.parent, os.W_OK | os.X_OK):
            raise UnavailableError(str(self._path), "its folder is missing or not writable")

    def add(self, deployment: Deployment) -> None:
        """Record one more deployment.

        Raises:
            AlreadyDeployedError: The same code is recorded on that chain.
            UnavailableError: The file cannot be written; it is as it was.
        """
        temporary = self._path.with_name(f".{self._path.name}.new")
        try:
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX)
                content = format_deployments(add_deployment(self.read(), deployment))
                with temporary.open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.replace(self._path)
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise self._fault(error) from error

    def _fault(self, error: OSError) -> UnavailableError:
        return UnavailableError(str(self._path), error.strerror or str(error))
