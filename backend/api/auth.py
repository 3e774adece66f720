"""The operator's token: the only secret over HTTP; members are known by their signatures."""

import hmac
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from backend.api.deps import Context
from backend.api.errors import TokenMissingError
from backend.domain.errors import NotPermittedError

_BEARER = HTTPBearer(
    auto_error=False, description="Token of the operator, in the file keys/operator of the server."
)


def require_operator(
    context: Context,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> None:
    """Let only the operator of the server pass.

    Raises:
        TokenMissingError: ``operator.required``: no token.
        NotPermittedError: ``operator.required``: another token.
    """
    if credentials is None:
        raise TokenMissingError(
            "operator.required", expected="Authorization: Bearer <token>", found="no token"
        )
    given, expected = credentials.credentials.encode(), context.operator_token.encode()
    if not hmac.compare_digest(given, expected):
        raise NotPermittedError(
            "operator.required", expected="the operator's token", found="another token"
        )
