"""The electorate of a decision: a roll of pseudonyms, published as a Merkle root of salted leaves.

Each elector gets a fresh voter pseudonym and salt for every decision, so that outsiders can link no two
votes. The published leaves are sorted, so their order says nothing; their number bounds the ballots.

An elector proves to be one with a ``psephos-elector/1`` file: voter, salt, and the way from the leaf to the
root that the convocation states. Nobody can prove not to be one, since leaves hide who they stand for; that
nobody else is, follows from the number of leaves, which the audit compares with the number of those entitled.
docs/formats/elector.md describes the file.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from anchoring.core.canonical import canonical_json, parse_canonical
from anchoring.core.errors import MalformedError, VerificationError
from anchoring.core.merkle import LeafNodes, inclusion_proof, leaf_hash, root, verify_inclusion
from anchoring.core.types import LeafHash, LeafIndex, RootHash, TreeSize
from backend.domain.acts import Act, AgendaItem, Count, Slug, VoterId
from backend.domain.commitments import Hex32, Tag, commit
from backend.domain.errors import InvalidInputError, NotFoundError
from backend.domain.sources import Elector, Sources

MAX_ELECTORS = 1_000_000
"""Most electors of one decision: bounds the document of the leaves, some 67 MB."""

MAX_ELECTOR_BYTES = 4096
"""Longest elector file; one of ``MAX_ELECTORS`` has 20 siblings and less than 2,000 bytes."""


class ElectorateLeaves(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Public document that lists the leaves of an electorate."""

    format: Literal["psephos-electorate/1"]
    """Format and version."""
    leaves: Annotated[tuple[Hex32, ...], Meta(max_length=MAX_ELECTORS)]
    """Commitments to voter pseudonyms, ascending."""


class ElectorProof(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What proves that a voter pseudonym is in the electorate of one decision."""

    format: Literal["psephos-elector/1"]
    """Format and version."""
    decision: Hex32
    """The decision."""
    voter: VoterId
    """The pseudonym."""
    salt: Hex32
    """Salt of its leaf."""
    index: Count
    """Place of the leaf among the ascending leaves, from 0."""
    size: Count
    """Number of leaves."""
    root: Hex32
    """Root over the leaves."""
    path: Annotated[tuple[Hex32, ...], Meta(max_length=20)]
    """Siblings from the leaf to the root; their number follows from index and size."""


class ElectorAsked(Act, frozen=True):
    """A member asks for their own line of a roll; signed as acts are, and never an entry of a ledger."""

    act: ClassVar[str] = "elector.asked"
    decision: Hex32
    """The decision, so that the signature serves for no other."""


def elector_leaf(voter: VoterId, salt: bytes) -> Hex32:
    """Return the leaf of one elector.

    Raises:
        InvalidInputError: The salt is not 32 bytes.
    """
    return commit(Tag.ELECTOR, salt=salt, payload=voter.encode())


def electorate_leaves(roll: Iterable[Elector]) -> tuple[Hex32, ...]:
    """Return the leaves of a roll, ascending."""
    return tuple(sorted(elector_leaf(elector.voter, elector.salt) for elector in roll))


def whole_roll(sources: Sources, item: AgendaItem) -> Mapping[VoterId, Elector] | None:
    """Return the roll of a decision, None where it, or a line of it, was erased.

    Args:
        sources: Where the roll is looked up.
        item: The decision and its electorate.
    """
    roll = sources.roll(item.decision)
    return roll if roll is not None and len(roll) == item.electorate.size else None


def electorate_root(leaves: Iterable[Hex32]) -> Hex32:
    """Return the RFC 9162 root whose entries are the leaves' 32 bytes, in the given order."""
    return root(_hashed(leaves)).hex()


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


def prove_elector(
    item: AgendaItem, leaves: Sequence[Hex32], *, voter: VoterId, salt: bytes
) -> ElectorProof:
    """Return the proof that a voter pseudonym is in an electorate.

    Args:
        item: The decision and its electorate.
        leaves: The published leaves, as ``parse_leaves`` returns them.
        voter: The pseudonym.
        salt: Salt of its leaf, 32 bytes.

    Raises:
        InvalidInputError: The salt is not 32 bytes.
        NotFoundError: ``elector``: no leaf stands for this voter under this salt.
    """
    leaf = elector_leaf(voter, salt)
    index = bisect_left(leaves, leaf)
    if index == len(leaves) or leaves[index] != leaf:
        raise NotFoundError("elector", voter)
    size = TreeSize(len(leaves))
    path = inclusion_proof(LeafIndex(index), size, LeafNodes(_hashed(leaves)))
    return ElectorProof(
        format="psephos-elector/1",
        decision=item.decision,
        voter=voter,
        salt=salt.hex(),
        index=index,
        size=size,
        root=item.electorate.root,
        path=tuple(sibling.hex() for sibling in path),
    )


def verify_elector(proof: ElectorProof, item: AgendaItem) -> None:
    """Check that a proof is about a decision and leads to the root of its electorate.

    Args:
        proof: The proof; nothing of it is believed.
        item: Decision and electorate as a ledger that is believed states them.

    Raises:
        InvalidInputError: ``elector.electorate`` for another decision, size or root; ``elector.shape`` for an
            index outside the electorate or a wrong number of siblings; ``elector.proof`` where it leads to
            another root.
    """
    claimed = (proof.decision, proof.size, proof.root)
    frozen = (item.decision, item.electorate.size, item.electorate.root)
    if claimed != frozen:
        raise InvalidInputError(
            "elector.electorate",
            expected=f"{frozen[1]} electors, root {frozen[2]}, decision {frozen[0]}",
            found=f"{claimed[1]} electors, root {claimed[2]}, decision {claimed[0]}",
        )
    leaf = elector_leaf(proof.voter, bytes.fromhex(proof.salt))
    try:
        verify_inclusion(
            leaf=leaf_hash(bytes.fromhex(leaf)),
            index=LeafIndex(proof.index),
            size=TreeSize(proof.size),
            proof=[bytes.fromhex(sibling) for sibling in proof.path],
            root=RootHash(bytes.fromhex(proof.root)),
        )
    except MalformedError as error:
        raise InvalidInputError(
            "elector.shape", expected="a place in the electorate", found=error.reason
        ) from error
    except VerificationError as error:
        raise InvalidInputError(
            "elector.proof", expected=proof.root, found=f"another root, {error.found}"
        ) from error


def format_elector(proof: ElectorProof) -> bytes:
    """Return the file of a proof, canonical JSON."""
    return canonical_json(msgspec.to_builtins(proof))


def parse_elector(content: bytes) -> ElectorProof:
    """Read the file of a proof.

    Raises:
        InvalidInputError: Longer than ``MAX_ELECTOR_BYTES``, not canonical, or outside the schema.
    """
    if len(content) > MAX_ELECTOR_BYTES:
        raise InvalidInputError(
            "elector.malformed",
            expected=f"at most {MAX_ELECTOR_BYTES} bytes",
            found=f"{len(content)} bytes or more",
        )
    try:
        parse_canonical(content, what="elector")
        return _ELECTOR.decode(content)
    except (MalformedError, msgspec.DecodeError) as error:
        raise InvalidInputError(
            "elector.malformed", expected="a canonical elector file", found=str(error)[:200]
        ) from error


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


def _hashed(leaves: Iterable[Hex32]) -> list[LeafHash]:
    return [leaf_hash(bytes.fromhex(leaf)) for leaf in leaves]


_LEAVES = msgspec.json.Decoder(ElectorateLeaves)
_ELECTOR = msgspec.json.Decoder(ElectorProof)
