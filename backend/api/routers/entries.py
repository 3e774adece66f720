"""Entries of the ledger, their receipts, the anchors."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import Response as RawResponse

from anchoring.core.finality_file import format_finality_file
from anchoring.core.receipt import format_receipt
from anchoring.core.tlog_proof import PROOF_EXTENSION, format_tlog_proof
from anchoring.core.types import ChainId, TreeSize
from backend.api.deps import DEFAULT_LIMIT, Context, EntryIndex, Limit, OrganisationId, PageOf, page
from backend.api.errors import READ_PROBLEMS, problem_responses
from backend.api.schemas.fields import PageAnswer
from backend.api.schemas.ledger import AnchorAnswer, EntryAnswer
from backend.domain.quantities import MAX_INTEGER
from backend.services.receipts import Links, finality_of, proof_of, receipt_of
from backend.services.view_types import EntryView

router = APIRouter(prefix="/v1/organisations/{slug}", tags=["entries"], responses=READ_PROBLEMS)
"""Routes of entries and anchors."""

IMMUTABLE = "public, max-age=31536000, immutable"
"""Cache-Control of what never changes."""


@router.get("/entries", response_model=PageAnswer[EntryAnswer], summary="List entries")
def list_entries(
    context: Context,
    slug: OrganisationId,
    start: Annotated[int, Query(ge=0, le=MAX_INTEGER, description="First index.")] = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[EntryView]:
    """Return entries from an index on; ``next`` is the next index."""
    return page(context.reads.entries(slug, start, limit), limit, lambda view: view.index + 1)


@router.get(
    "/entries/{index}",
    response_class=RawResponse,
    responses={200: {"description": "The entry.", "content": {"application/json": {}}}},
    summary="Read the exact bytes of an entry",
)
def read_entry(context: Context, slug: OrganisationId, index: EntryIndex) -> Response:
    """Return the canonical JSON that is the leaf of the ledger."""
    content = context.reads.entry(slug, index).content
    return Response(content, media_type="application/json", headers={"Cache-Control": IMMUTABLE})


@router.get(
    "/entries/{index}/receipt",
    response_class=RawResponse,
    responses={
        200: {"description": "The receipt file.", "content": {"application/json": {}}},
        **problem_responses(409),
    },
    summary="Read the receipt of an entry",
)
def read_receipt(
    context: Context,
    slug: OrganisationId,
    index: EntryIndex,
    finality: Annotated[
        Links,
        Query(
            description="`short`: links to final blocks that keep it within 12 KiB; `full`: all."
        ),
    ] = Links.SHORT,
) -> Response:
    """Return what proves the entry without this server; it has no anchor while none covers it."""
    receipt = receipt_of(context.reads, slug, index, finality)
    name = f"{slug}-{index:06d}.receipt.json"
    return Response(
        format_receipt(receipt),
        media_type="application/json",
        headers={
            "Cache-Control": "no-cache",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


@router.get(
    "/entries/{index}/proof",
    response_class=RawResponse,
    responses={
        200: {"description": "The proof file.", "content": {"text/plain": {}}},
        **problem_responses(409),
    },
    summary="Read the C2SP tlog-proof of an entry",
)
def read_proof(context: Context, slug: OrganisationId, index: EntryIndex) -> Response:
    """Return the inclusion proof and the latest checkpoint, with its cosignatures, as one file."""
    name = f"{slug}-{index:06d}{PROOF_EXTENSION}"
    return Response(
        format_tlog_proof(proof_of(context.reads, slug, index)),
        media_type="text/plain; charset=utf-8",
        headers={
            "Cache-Control": "no-cache",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


@router.get("/anchors", response_model=PageAnswer[AnchorAnswer], summary="List anchors")
def list_anchors(context: Context, slug: OrganisationId) -> dict[str, object]:
    """Return anchors by size, then chain, each as it stands; `psephos anchor status` uses the same words."""
    return {"items": context.reads.anchors(slug), "next": None}


@router.get(
    "/anchors/{chain_id}/{size}/finality",
    response_class=RawResponse,
    responses={200: {"description": "The finality file.", "content": {"application/json": {}}}},
    summary="Read what ties an anchor to a final block",
)
def read_finality(
    context: Context,
    slug: OrganisationId,
    chain_id: Annotated[int, Path(ge=1, le=MAX_INTEGER)],
    size: Annotated[int, Path(ge=1, le=MAX_INTEGER)],
) -> Response:
    """Return the link that `psephos-verify receipt --finality` joins to a receipt under this anchor."""
    link = finality_of(context.reads, slug, ChainId(chain_id), TreeSize(size))
    name = f"{slug}-{chain_id}-{size}.finality.json"
    return Response(
        format_finality_file(link),
        media_type="application/json",
        headers={
            "Cache-Control": "no-cache",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )
