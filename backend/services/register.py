"""The register at a past instant or after an entry, folded again from the ledger."""

from collections.abc import Iterator

from backend.domain.acts import RegisterAttested, Slug
from backend.domain.deadlines import Day
from backend.domain.entry import Entry
from backend.domain.errors import InvalidInputError
from backend.domain.instants import Instant
from backend.domain.register import (
    Register,
    attestation,
    moment_of,
    register_after,
    register_of,
)
from backend.services.views import MAX_PAGE, Reads


def read_register(
    reads: Reads, slug: Slug, *, now: Instant, at: Instant | Day | None, entry: int | None
) -> Register:
    """Return the register of an organisation; the whole ledger is folded where it is one of the past.

    Args:
        reads: Committed facts.
        slug: The organisation.
        now: The time.
        at: The instant, or the day whose last instant is meant; None for now.
        entry: Index of the last entry instead, read at its instant.

    Raises:
        NotFoundError: No such organisation or entry, or it was founded later.
        InvalidInputError: Both are given, or the instant is none or still to come.
    """
    if at is not None and entry is not None:
        raise InvalidInputError("register.moment", expected="one of both", found=f"{at}, {entry}")
    state = reads.state(slug)
    until: int | Instant
    if at is not None:
        until = moment_of(at, zone=state.in_force().rulebook.time_zone, latest=now)
    elif entry is not None:
        until = entry
    else:
        return register_of(state, entry=state.size - 1, at=now)
    return register_after(_entries(reads, slug), reads.sources(slug), until=until)


def register_to_attest(reads: Reads, slug: Slug) -> RegisterAttested:
    """Return the act that attests the register as the ledger now tells it, for an officer to sign.

    Raises:
        NotFoundError: No such organisation.
    """
    return attestation(reads.state(slug))


def _entries(reads: Reads, slug: Slug) -> Iterator[Entry]:
    start = 0
    while batch := reads.entries(slug, start, MAX_PAGE):
        yield from (Entry.from_bytes(each.content) for each in batch)
        start += len(batch)
