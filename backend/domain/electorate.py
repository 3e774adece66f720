"""The electorate of a decision: a roll of pseudonyms, published as a Merkle root of salted leaves.

Each elector gets a fresh voter pseudonym and salt for every decision, so that outsiders can link no two
votes. The published leaves are sorted, so their order says nothing; their number bounds the ballots.
"""

import hashlib
from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import MalformedError
from anchoring.core.merkle import leaf_hash, root
from backend.domain.acts import Slug, VoterId
from backend.domain.commitments import Hex32, Tag, commit
from backend.domain.errors import InvalidInputError
from backend.domain.sources import Elector


class ElectorateLeaves(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Public document that lists the leaves of an electorate."""

    format: Literal["psephos-electorate/1"]
    """Format and version."""
    leaves: Annotated[tuple[Hex32, ...], Meta(max_length=1_000_000)]
    """Commitments to voter pseudonyms, ascending."""


def elector_leaf(voter: VoterId, salt: bytes) -> Hex32:
    """Return the leaf of one elector.

    Raises:
        InvalidInputError: The salt is not 32 bytes.
    """
    return commit(Tag.ELECTOR, salt=salt, payload=voter.encode())


def electorate_leaves(roll: Iterable[Elector]) -> tuple[Hex32, ...]:
    """Return the leaves of a roll, ascending."""
    return tuple(sorted(elector_leaf(elector.voter, elector.salt) for elector in roll))


def electorate_root(leaves: Iterable[Hex32]) -> Hex32:
    """Return the RFC 9162 root whose entries are the leaves' 32 bytes, in the given order."""
    return root([leaf_hash(bytes.fromhex(leaf)) for leaf in leaves]).hex()


def format_leaves(leaves: tuple[Hex32, ...]) -> bytes:
    """Return the public document of an electorate."""
    return canonical_json({"format": "psephos-electorate/1", "leaves": list(leaves)})


def parse_leaves(content: bytes) -> tuple[Hex32, ...]:
    """Read the public document of an electorate.

    Raises:
        InvalidInputError: Not canonical, outside the schema, or the leaves are not strictly ascending.
    """
    try:
        parse_canonical(content, what="electorate")
        leaves = _LEAVES.decode(content).leaves
    except (MalformedError, msgspec.DecodeError) as error:
        raise InvalidInputError(
            "electorate.malformed", expected="a canonical electorate", found=str(error)[:200]
        ) from error
    if any(left >= right for left, right in pairwise(leaves)):
        raise InvalidInputError(
            "electorate.order",
            expected="leaves in ascending order, each once",
            found="another order",
        )
    return leaves


def decision_id(*, origin: str, assembly: Slug, motion: Slug, digest: Hex32) -> Hex32:
    """Return the id of a decision: SHA-256 over its place and the motion's whole content.

    Args:
        origin: Origin of the ledger.
        assembly: The assembly.
        motion: The motion.
        digest: ``Motion.digest``.
    """
    place = {"assembly": assembly, "content": digest, "motion": motion, "origin": origin}
    return hashlib.sha256(b"psephos/decision/v1" + canonical_json(place)).hexdigest()


_LEAVES = msgspec.json.Decoder(ElectorateLeaves)
