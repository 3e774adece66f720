"""Requests about the key of a ledger."""

from typing import Annotated

from pydantic import StringConstraints

from backend.api.schemas.fields import SignatureHex
from backend.api.schemas.members import Authored, AuthoredSigned

LOG_KEY_PATTERN = r"^[a-z0-9.:-]{1,190}/[a-z0-9-]{1,63}\+[0-9a-f]{8}\+A[A-Za-z0-9+/]{43}$"
"""Verifier key of a ledger."""

LogKeyField = Annotated[str, StringConstraints(pattern=LOG_KEY_PATTERN, max_length=308)]
"""Verifier key (C2SP signed-note), as ``psephos key rotate`` prints it."""


class LogKeyDraft(Authored):
    """An unsigned rotation of the log key."""

    log_key: LogKeyField
    """The new key."""


class LogKeyRequest(AuthoredSigned):
    """A signed rotation of the log key."""

    log_key: LogKeyField
    """The new key."""
    signature: SignatureHex
    """By the key bound to the author, over the statement of the rotation."""
