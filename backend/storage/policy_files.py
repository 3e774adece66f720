"""Policies in files that the operator writes; read once, when the server starts."""

from pathlib import Path

from anchoring.core.errors import MalformedError, UnavailableError
from anchoring.core.policy import MAX_POLICY_LENGTH, Policy, parse_policy


def read_policy(path: Path) -> Policy | None:
    """Return the policy of a file, None where there is no such file.

    Raises:
        MalformedError: The file is not UTF-8 text or no policy.
        UnsupportedError: It names a key of an algorithm that is not known here.
        UnavailableError: The file cannot be read.
    """
    try:
        with path.open("rb") as file:
            # A character takes at most 4 bytes; what is longer is no policy.
            content = file.read(4 * MAX_POLICY_LENGTH + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnavailableError(str(path), error.strerror or str(error)) from error
    try:
        return parse_policy(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise MalformedError(str(path), "not UTF-8") from error
