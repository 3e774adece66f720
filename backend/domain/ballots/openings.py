"""The public document that opens every ballot of one decision after the close."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import MalformedError
from backend.domain.acts import Count
from backend.domain.commitments import Hex32
from backend.domain.errors import InvalidInputError
from backend.domain.methods.choices import MAX_CHOICE_BYTES


class BallotOpening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What opens one ballot after the close."""

    entry: Count
    """Index of the ballot's entry."""
    choice: Annotated[str, Meta(max_length=MAX_CHOICE_BYTES)]
    """The choice."""
    salt: Hex32
    """Salt of the choice's commitment."""
    elector_salt: Hex32
    """Salt of the voter's leaf in the electorate."""


class Openings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Public document that opens every ballot of one decision, so that anyone can count again."""

    format: Literal["psephos-openings/1"]
    """Format and version."""
    decision: Hex32
    """The decision."""
    ballots: Annotated[tuple[BallotOpening, ...], Meta(max_length=1_000_000)]
    """Openings in the order of the entries."""


def format_openings(decision: Hex32, ballots: tuple[BallotOpening, ...]) -> bytes:
    """Return the canonical bytes of an openings document."""
    return canonical_json(
        {
            "format": "psephos-openings/1",
            "decision": decision,
            "ballots": [msgspec.to_builtins(ballot) for ballot in ballots],
        }
    )


def parse_openings(content: bytes) -> Openings:
    """Read an openings document.

    Raises:
        InvalidInputError: Not canonical, or outside the schema.
    """
    try:
        parse_canonical(content, what="openings")
        return _OPENINGS.decode(content)
    except (MalformedError, msgspec.DecodeError) as error:
        raise InvalidInputError(
            "openings.malformed", expected="canonical openings", found=str(error)[:200]
        ) from error


_OPENINGS = msgspec.json.Decoder(Openings)
