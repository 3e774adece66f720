"""The embedded chain for readers: Ethereum JSON-RPC (https://ethereum.github.io/execution-apis/)."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response
from fastapi.responses import Response as RawResponse
from pydantic import Field

from backend.api.deps import Context, json_bytes
from backend.api.errors import problem_responses
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.ledger import JsonRpcRequest

MAX_BATCH = 100
"""Most requests of a batch."""

router = APIRouter(tags=["chain"], route_class=StrictJsonRoute)
"""Routes of the chain."""

Batch = Annotated[list[JsonRpcRequest], Field(min_length=1, max_length=MAX_BATCH)]
"""Several requests at once."""


@router.post(
    "/chain",
    response_class=RawResponse,
    responses={
        **problem_responses(400, 413, 422),
        200: {"description": "A JSON-RPC answer.", "content": {"application/json": {}}},
    },
    summary="Ask the embedded chain",
)
def ask_chain(context: Context, body: Annotated[JsonRpcRequest | Batch, Body()]) -> Response:
    """Answer read-only methods; what is not permitted is a JSON-RPC error."""
    request: Any = (
        [each.model_dump() for each in body] if isinstance(body, list) else body.model_dump()
    )
    return Response(json_bytes(context.chain(request)), media_type="application/json")
