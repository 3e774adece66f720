"""This server as a witness of other logs (https://c2sp.org/tlog-witness)."""

from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import Response as RawResponse

from anchoring.core.witness import SIZE_MEDIA_TYPE, Refusal, RefusalStatus, format_known_size
from backend.api.deps import Context
from backend.api.errors import READ_PROBLEMS, problem_responses

router = APIRouter(prefix="/witness", tags=["witness"])
"""Routes of the witness."""

_TEXT: Final = "text/plain; charset=utf-8"
_PLAIN: Final = {"text/plain": {"schema": {"type": "string"}}}
_LOGGED: Final = 4_096

_log = structlog.get_logger(__name__)


async def read_body(request: Request) -> bytes:
    """Return the body of a request, bounded as every body is.

    Raises:
        HTTPException: 413: the body is too long.
    """
    return await request.body()


@router.post(
    "/add-checkpoint",
    response_class=RawResponse,
    responses={
        **problem_responses(413, 503),
        200: {"description": "Our cosignature, one signature line.", "content": _PLAIN},
        400: {"description": "No such request, or an old size above the new.", "content": _PLAIN},
        403: {"description": "No good signature of a trusted key.", "content": _PLAIN},
        404: {"description": "We do not cosign for this origin.", "content": _PLAIN},
        409: {
            "description": "We last cosigned another size, which the body tells.",
            "content": {SIZE_MEDIA_TYPE: {"schema": {"type": "string"}}},
        },
        422: {"description": "The proof does not lead to the new head.", "content": _PLAIN},
    },
    openapi_extra={"requestBody": {"required": True, "content": _PLAIN}},
    summary="Ask for our cosignature of a checkpoint",
)
def add_checkpoint(context: Context, body: Annotated[bytes, Depends(read_body)]) -> Response:
    """Cosign a checkpoint that extends the last one cosigned for its origin."""
    answer = context.witness.add_checkpoint(body)
    if not isinstance(answer, Refusal):
        return Response(answer, media_type=_TEXT)
    status = int(answer.status)
    if answer.status is RefusalStatus.UNPROVEN:
        # A trusted key signed it: beside what we cosigned it may prove that the log has two histories.
        request = body[:_LOGGED].decode("utf-8", errors="replace")
        _log.warning("witness.unproven", reason=answer.reason, request=request)
    if answer.known_size is None:
        return Response(f"{answer.reason}\n", status, media_type=_TEXT)
    # Set as it is: a media type that starts with text would get a charset appended.
    headers = {"Content-Type": SIZE_MEDIA_TYPE}
    return Response(format_known_size(answer.known_size), status, headers)


@router.get(
    "/key",
    response_class=RawResponse,
    responses={
        **problem_responses(503),
        200: {"description": "A verifier key.", "content": _PLAIN},
    },
    summary="Read our key as a witness",
)
def read_key(context: Context) -> Response:
    """Return the verifier key of our cosignatures, one line."""
    return Response(f"{context.witness.cosigner().verifier.to_text()}\n", media_type=_TEXT)


@router.get(
    "/{origin_hash}/checkpoint",
    response_class=RawResponse,
    responses={
        **READ_PROBLEMS,
        200: {"description": "A signed note with our cosignature.", "content": _PLAIN},
    },
    summary="Read the checkpoint last cosigned for a log",
)
def read_cosigned_checkpoint(
    context: Context,
    origin_hash: Annotated[
        str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the origin, hexadecimal.")
    ],
) -> Response:
    """Return what monitors compare with what the log itself shows."""
    return Response(
        context.witness.checkpoint(origin_hash),
        media_type=_TEXT,
        headers={"Cache-Control": "public, max-age=1"},
    )
