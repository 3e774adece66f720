"""The papers of an urn on several options, as a document where an entry is too short for them.

Rankings of many voters differ from each other: a few hundred fill an entry.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import MalformedError
from backend.domain.acts import UrnCounted
from backend.domain.errors import InvalidInputError
from backend.domain.quantities import MAX_INTEGER
from backend.domain.sources import Sources


class Papers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What tellers found in an urn."""

    format: Literal["psephos-papers/1"]
    """Format and version."""
    papers: Annotated[
        dict[str, Annotated[int, Meta(ge=1, le=MAX_INTEGER)]], Meta(max_length=1_000_000)
    ]
    """Papers per canonical choice, ``blank`` among them; each made by one at least."""


def format_papers(papers: Mapping[str, int]) -> bytes:
    """Return the canonical bytes of a ``psephos-papers/1`` document."""
    return canonical_json({"format": "psephos-papers/1", "papers": dict(papers)})


def parse_papers(content: bytes) -> dict[str, int]:
    """Read a ``psephos-papers/1`` document.

    Raises:
        InvalidInputError: ``papers.malformed``: not canonical, or outside the schema.
    """
    try:
        parse_canonical(content, what="papers")
        return _PAPERS.decode(content).papers
    except (MalformedError, msgspec.DecodeError) as error:
        raise InvalidInputError(
            "papers.malformed", expected="a canonical list of papers", found=str(error)[:200]
        ) from error


def papers_of(urn: UrnCounted, sources: Sources) -> Mapping[str, int]:
    """Return the papers of an urn by choice, void ones left out.

    Raises:
        NotFoundError: The document is not held.
        InvalidInputError: ``papers.malformed``.
    """
    return urn.tally if urn.papers is None else parse_papers(sources.document(urn.papers))


_PAPERS = msgspec.json.Decoder(Papers)
