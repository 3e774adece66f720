"""Records that may be of one person: found when somebody joins, shown to a person, decided by that person.

D1 whoever joins is compared with everyone on the register who shares an attribute or a block, those who left
included; what speaks for one person is kept as a candidate of the newer record. D2 nothing is refused:
admission by right waits while a candidate of the newcomer is not decided to be someone else. D3 who
decides is one of those who keep the register or admit, and none of the two; a decision is final, and
says who took it and when. D4 ``same`` changes nothing by itself: the application is refused, or the two
records are merged, by an act.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeVar

from backend.domain.acts import MemberId, Slug
from backend.domain.errors import NotPermittedError
from backend.domain.identity.attributes import Facts, Persons
from backend.domain.identity.resemblance import Reason, compare
from backend.domain.instants import Instant
from backend.services.identity import IdentityDigest

MAX_COMPARED: Final = 64
"""Records with which one is compared at most: a register in which everybody is alike must not take hours."""

K = TypeVar("K")

Verdict = Literal["different", "same"]
"""What a reviewer decides: two people, or one."""

FollowUp = Literal["", "refuse_application", "merge_records"]
"""What somebody has to do after a decision; empty where nothing."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A newer record that may be of the same person as an earlier one."""

    member: MemberId
    """The newer record."""
    other: MemberId
    """The earlier one."""
    reasons: tuple[Reason, ...]
    """What is alike."""
    edits: int
    """Typing errors between the names."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A candidate as it is kept."""

    candidate: Candidate
    """The two records."""
    found_at: Instant
    """When it was found."""
    verdict: Verdict | None = None
    """What was decided; None while nobody has."""
    decided_by: MemberId | None = None
    """Who decided."""
    decided_at: Instant | None = None
    """When."""

    @property
    def id(self) -> str:
        """Id of the pair: both pseudonyms, the newer first."""
        return f"{self.candidate.member}-{self.candidate.other}"


class IdentityIndex(Protocol):
    """Who holds which hash in one organisation, and the facts behind them."""

    def holders(self, digests: Collection[bytes]) -> Mapping[bytes, tuple[MemberId, ...]]:
        """Return who holds each digest, by pseudonym; digests that nobody holds are left out."""
        ...

    def facts(self, members: Collection[MemberId]) -> Mapping[MemberId, Facts]:
        """Return the facts behind pseudonyms; those erased are left out."""
        ...


class Duplicates(Protocol):
    """Candidates of every organisation of a server."""

    def page(self, slug: Slug, after: str, limit: int, *, undecided: bool) -> Sequence[Duplicate]:
        """Return candidates by id.

        Args:
            slug: The organisation.
            after: Id to continue after, or the empty string.
            limit: Most candidates.
            undecided: Whether decided ones are left out.
        """
        ...

    def decide(
        self, slug: Slug, duplicate: str, verdict: Verdict, *, by: MemberId, at: Instant
    ) -> Duplicate:
        """Keep a decision; repeating it is harmless and changes neither its author nor its time.

        Durability: on stable storage once this returns.

        Raises:
            NotFoundError: ``duplicate.unknown``: no such pair.
            ConflictError: ``duplicate.decided``: it was decided otherwise.
        """
        ...


def candidates_of(
    index: IdentityIndex,
    member: MemberId,
    facts: Facts,
    persons: Persons,
    digests: Iterable[IdentityDigest],
) -> tuple[Candidate, ...]:
    """Return the earlier records that may be of the same person (D1), by pseudonym.

    Args:
        index: The register.
        member: The newer record.
        facts: Its facts, checked.
        persons: What stands behind it.
        digests: Its hashes.
    """
    own = {each.digest: each for each in digests}
    shared: dict[MemberId, list[IdentityDigest]] = {}
    for digest, holders in index.holders(own).items():
        for other in holders:
            if other != member:
                shared.setdefault(other, []).append(own[digest])
    compared = sorted(nearest(shared))
    known = index.facts(compared)
    found = []
    for other in compared:
        kinds = [each.kind for each in shared[other]]
        alike = compare(facts, known.get(other, {}), persons, kinds)
        if alike is not None:
            found.append(Candidate(member, other, alike.reasons, alike.edits))
    return tuple(found)


def nearest(shared: Mapping[K, Sequence[IdentityDigest]]) -> list[K]:
    """Return those who are compared: who share an attribute first, then most blocks.

    They are ``MAX_COMPARED`` at most.

    Args:
        shared: What each of them shares.
    """

    def order(other: K) -> tuple[bool, int]:
        held = shared[other]
        return all(each.kind == "block" for each in held), -len(held)

    return sorted(shared, key=order)[:MAX_COMPARED]


def decide(
    duplicates: Duplicates,
    slug: Slug,
    duplicate: str,
    verdict: Verdict,
    *,
    by: MemberId,
    at: Instant,
) -> Duplicate:
    """Decide whether two records are of one person (D3).

    Args:
        duplicates: Where candidates are.
        slug: The organisation.
        duplicate: Id of the pair.
        verdict: What is decided.
        by: Who decides, an officer.
        at: The time.

    Raises:
        NotPermittedError: ``duplicate.own``: one of the two records is the reviewer's.
        NotFoundError: No such pair.
        ConflictError: It was decided otherwise.
    """
    if by in duplicate.split("-"):
        raise NotPermittedError("duplicate.own", expected="another reviewer", found=by)
    return duplicates.decide(slug, duplicate, verdict, by=by, at=at)


def follow_up(duplicate: Duplicate, status: str) -> FollowUp:
    """Return what has to follow a decision (D4).

    Args:
        duplicate: The pair.
        status: Where the newer record stands on the register.
    """
    if duplicate.verdict != "same" or status in ("resigned", "ended"):
        return ""
    return "refuse_application" if status == "applied" else "merge_records"
