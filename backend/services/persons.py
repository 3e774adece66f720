"""What is known about persons, beside the ledger."""

from collections.abc import Mapping
from typing import Protocol

from backend.domain.acts import MemberId, Slug


class Persons(Protocol):
    """Reads personal data; nothing here may be put in an entry, a log line or an error."""

    def facts(self, slug: Slug, member: MemberId) -> Mapping[str, str] | None:
        """Return the facts that someone declared, by name; None where there are none, or they were erased.

        Natural persons have ``name`` and ``born``, organisations ``name`` and ``registration``; others, such
        as ``email`` and ``language`` (``fr`` or ``en``), may be missing.
        """
        ...
