"""A recount as a document for programs: the exact tally with the names that stand for its ids."""

from anchoring.core.canonical import canonical_json
from backend.domain.methods.tally import Tally, tally_members
from backend.domain.recount.labels import Labels


def format_recount(tally: Tally, labels: Labels) -> bytes:
    """Return the canonical bytes of a ``psephos-recount/1`` document.

    Its ``tally`` is that of a ``psephos-tally/1`` document, ``names`` are those of its options.
    """
    return canonical_json(
        {
            "format": "psephos-recount/1",
            "title": labels.title,
            "names": dict(labels.names),
            "withdrawn": list(labels.withdrawn),
            "grades": list(labels.grades),
            "tally": tally_members(tally),
        }
    )
