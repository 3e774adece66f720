"""Messages to members: queued in the database, sent by the worker."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from backend.domain.acts import MemberId, Slug


class Post(Protocol):
    """The outbox. Addresses are looked up when a message is sent, and never stored with it."""

    def queue(
        self,
        slug: Slug,
        member: MemberId,
        template: str,
        values: Mapping[str, str],
        *,
        now: datetime,
    ) -> None:
        """Queue a message to a member.

        Durability: it survives a crash once this returns; it is sent at least once.

        Args:
            slug: The organisation.
            member: To whom.
            template: Name of a text that exists in French and English.
            values: What its places are filled with.
            now: The time, UTC.

        Raises:
            NotFoundError: No such template.
        """
        ...
