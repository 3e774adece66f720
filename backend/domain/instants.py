"""Instants as the ledger writes them: RFC 3339, UTC, milliseconds, 24 characters.

The format has a fixed width, so instants compare as text; arithmetic goes through ``datetime``.
Source: RFC 3339 section 5.6, https://www.rfc-editor.org/rfc/rfc3339
"""

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta

from backend.domain.errors import InvalidInputError

Instant = Annotated[
    str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\Z")
]
"""An instant, for example ``2026-02-01T09:00:00.000Z``."""

_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def format_instant(moment: datetime) -> Instant:
    """Write a moment, cut to the millisecond.

    Args:
        moment: Timezone-aware, in any zone.

    Raises:
        InvalidInputError: The moment carries no timezone.
    """
    if moment.tzinfo is None:
        raise InvalidInputError(
            "instant.naive", expected="a time with a timezone", found=str(moment)
        )
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def parse_instant(text: Instant) -> datetime:
    """Read an instant back.

    Raises:
        InvalidInputError: The text is not an instant in the ledger's format, or no such day exists.
    """
    try:
        moment = datetime.strptime(text, _FORMAT).replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidInputError(
            "instant.malformed", expected="RFC 3339 in UTC with milliseconds", found=text
        ) from error
    if format_instant(moment) != text:
        raise InvalidInputError(
            "instant.malformed", expected="RFC 3339 in UTC with milliseconds", found=text
        )
    return moment


def epoch_seconds(text: Instant) -> int:
    """Return whole seconds since 1970-01-01T00:00:00Z, rounded down.

    Raises:
        InvalidInputError: As ``parse_instant``.
    """
    return int(parse_instant(text).replace(microsecond=0).timestamp())
