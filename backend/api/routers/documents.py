"""Documents by CID."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import Response as RawResponse

from backend.api.deps import Context
from backend.api.errors import READ_PROBLEMS
from backend.domain.errors import NotFoundError

router = APIRouter(prefix="/v1/documents", tags=["documents"])
"""Routes of documents."""


@router.get(
    "/{cid}",
    response_class=RawResponse,
    responses={
        **READ_PROBLEMS,
        200: {"description": "The document.", "content": {"application/octet-stream": {}}},
    },
    summary="Read a document",
)
def read_document(
    context: Context, cid: Annotated[str, Path(pattern="^b[a-z2-7]{58}$")]
) -> Response:
    """Return the bytes of a document; its CID proves them."""
    if not context.documents.has(cid):
        raise NotFoundError("document", cid)
    return Response(
        context.documents.get(cid),
        media_type="application/octet-stream",
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "Content-Disposition": f'attachment; filename="{cid}"',
            # Whoever proposes chooses these bytes: they must never run as a page of this server.
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )
