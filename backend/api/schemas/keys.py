"""Requests about the keys of a ledger."""

from typing import Annotated

from pydantic import Field, StringConstraints

from backend.api.schemas.members import Authored, AuthoredSigned
from backend.api.schemas.signatures import MemberSignature
from backend.domain.quantities import MAX_INTEGER

LOG_KEY_PATTERN = r"^[a-z0-9.:-]{1,190}/[a-z0-9-]{1,63}\+[0-9a-f]{8}\+A[A-Za-z0-9+/]{43}$"
"""Verifier key of a ledger."""

LogKeyField = Annotated[str, StringConstraints(pattern=LOG_KEY_PATTERN, max_length=308)]
"""Verifier key (C2SP signed-note), as ``psephos key rotate`` prints it."""

AccountField = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-f]{40}$")]
"""Ethereum account, lowercase, as ``psephos key rotate`` prints it."""

ChainIdField = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
"""EIP-155 chain id."""


class LogKeyDraft(Authored):
    """An unsigned rotation of the log key."""

    log_key: LogKeyField
    """The new key."""


class LogKeyRequest(AuthoredSigned):
    """A signed rotation of the log key."""

    log_key: LogKeyField
    """The new key."""
    signature: MemberSignature
    """By a key in force of the author, over the statement of the rotation."""


class PublisherDraft(Authored):
    """An unsigned change of the account that anchors on a chain."""

    chain_id: ChainIdField
    """The chain."""
    previous: AccountField
    """The account that anchored before."""
    publisher: AccountField
    """The new account."""


class PublisherRequest(AuthoredSigned):
    """A signed change of the account that anchors on a chain."""

    chain_id: ChainIdField
    """The chain."""
    previous: AccountField
    """The account that anchored before."""
    publisher: AccountField
    """The new account."""
    signature: MemberSignature
    """By a key in force of the author, over the statement of the change."""
