"""What requests for typed data say to the owners of a Safe.

The Safe is named by whoever asks, or is the key that they offer: the server does not tell whose key it is.
"""

from typing import Annotated

from fastapi import Query

from backend.api.schemas.signatures import ContractKey, MemberKey
from backend.domain.contract_accounts import ContractAccount
from backend.domain.signing import TypedData
from backend.services.signing_requests import with_safe_digest

SafeAccount = Annotated[
    str | None,
    Query(
        pattern="^eip155:[1-9][0-9]{0,15}:0x[0-9a-f]{40}$",
        description="A Safe that is to sign, as CAIP-10: its owners are told what they sign.",
    ),
]
"""Safe of a request for typed data."""


def for_safe(request: TypedData, safe: str | None) -> TypedData:
    """Return a request with what the owners of a Safe sign, if one was named.

    Raises:
        InvalidInputError: ``key.malformed``: its chain id is too large.
    """
    if safe is None:
        return request
    return with_safe_digest(request, ContractAccount.from_bytes(safe.encode("ascii")))


def for_key(request: TypedData, key: MemberKey) -> TypedData:
    """Return a request with what the owners of a Safe sign, if a contract account is offered as key."""
    if isinstance(key, ContractKey):
        return with_safe_digest(request, key.account())
    return request
