"""Breaches of personal data: what is written down of each, and by when the authority must be told.

G1 every breach is written down, with its facts, effects and remedies, whoever is told of it. G2 the
authority is told within 72 hours after the organisation became aware of it, unless nobody is at risk; a
later notice gives the reason. G3 what is not known at once is added later; nothing is taken away. G4 no
person is named: numbers and categories do. Source: Regulation (EU) 2016/679, articles 33 and 34.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from backend.domain.errors import InvalidInputError, NotFoundError
from backend.domain.instants import Instant, format_instant, parse_instant
from backend.domain.quantities import MAX_INTEGER

NOTICE_HOURS: Final = 72
"""Hours within which the authority is told (article 33(1))."""

Text = Annotated[str, Meta(min_length=1, max_length=4000)]
"""Something said in words."""

Number = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
"""About how many."""


class Breach(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is written down of a breach (article 33(3) and (5))."""

    number: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
    """Its number; the same in every addition to it."""
    recorded_at: Instant
    """When this was written down."""
    discovered_at: Instant
    """When the organisation became aware of it."""
    nature: Text
    """What happened."""
    categories: Text
    """Categories of persons and of data."""
    persons: Number
    """About how many persons."""
    records: Number
    """About how many records."""
    consequences: Text
    """What is likely to come of it."""
    measures: Text
    """What was done and is proposed against it."""
    authority_told_at: Instant | None = None
    """When the authority was told; None while it was not."""
    persons_told_at: Instant | None = None
    """When the persons were told; None while they were not."""
    reason: Text | None = None
    """Why the authority was told late, or is not told at all."""


def due_at(breach: Breach) -> Instant:
    """Return by when the authority must be told (G2)."""
    return format_instant(parse_instant(breach.discovered_at) + timedelta(hours=NOTICE_HOURS))


def hours_left(breach: Breach, now: Instant) -> int:
    """Return the whole hours until the authority must have been told; negative when they are over."""
    left = parse_instant(due_at(breach)) - parse_instant(now)
    return left // timedelta(hours=1)


def check_breach(breach: Breach) -> None:
    """Check that what is written down fits together (G2).

    Raises:
        InvalidInputError: ``breach.times``: something happened before it was known, or was written down
            before it happened; ``breach.reason``: the authority was told late and nothing says why.
    """
    told = [each for each in (breach.authority_told_at, breach.persons_told_at) if each is not None]
    for each in (breach.discovered_at, breach.recorded_at, *told):
        parse_instant(each)
    if any(
        not breach.discovered_at <= each <= breach.recorded_at
        for each in (breach.recorded_at, *told)
    ):
        raise InvalidInputError(
            "breach.times",
            expected="discovered, then told, then recorded",
            found=f"discovered {breach.discovered_at}, recorded {breach.recorded_at}",
        )
    late = breach.authority_told_at is not None and breach.authority_told_at > due_at(breach)
    if late and breach.reason is None:
        raise InvalidInputError(
            "breach.reason", expected=f"told by {due_at(breach)}, or a reason", found="none"
        )


def breach_of(breaches: Sequence[Breach], number: int) -> Breach:
    """Return what is known last of a breach.

    Args:
        breaches: The log, oldest first.
        number: Its number.

    Raises:
        NotFoundError: No such breach.
    """
    found = next((each for each in reversed(breaches) if each.number == number), None)
    if found is None:
        raise NotFoundError("breach", str(number))
    return found


def newest(breaches: Sequence[Breach]) -> tuple[Breach, ...]:
    """Return what is known last of each breach, by number.

    Args:
        breaches: The log, oldest first.
    """
    last = {each.number: each for each in breaches}
    return tuple(last[number] for number in sorted(last))
