"""The ledger as C2SP tlog-tiles (https://c2sp.org/tlog-tiles)."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import Response as RawResponse

from backend.api.deps import Context, OrganisationId
from backend.api.errors import READ_PROBLEMS
from backend.services.log_files import log_file

router = APIRouter(prefix="/log/{slug}", tags=["log"])
"""Routes of the log."""


@router.get(
    "/checkpoint",
    response_class=RawResponse,
    responses={
        **READ_PROBLEMS,
        200: {"description": "A signed note.", "content": {"text/plain": {}}},
    },
    summary="Read the latest signed checkpoint",
)
def read_checkpoint(context: Context, slug: OrganisationId) -> Response:
    """Return the signed note over origin, size and root."""
    return Response(
        context.reads.checkpoint(slug),
        media_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "public, max-age=1"},
    )


@router.get(
    "/tile/{place:path}",
    response_class=RawResponse,
    responses={
        **READ_PROBLEMS,
        200: {
            "description": "Hashes or entries.",
            "content": {"application/octet-stream": {}},
        },
    },
    summary="Read a hash tile or an entry bundle",
)
def read_tile(
    context: Context, slug: OrganisationId, place: Annotated[str, Path(max_length=64)]
) -> Response:
    """Return a file of the log; none of them ever changes, partial ones name their width."""
    return Response(
        log_file(context.reads, slug, f"tile/{place}"),
        media_type="application/octet-stream",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
