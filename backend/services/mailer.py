"""The port through which letters leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from backend.domain.acts import NoticeChannel, Slug
from backend.domain.letters import WordedLetter
from backend.domain.messages import Language


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter that is ready to leave."""

    organisation: Slug
    """The organisation that writes."""
    id: str
    """Id of the letter, 32 hexadecimal digits; the same whenever it is sent again."""
    sender_name: str
    """Name of the organisation, on one line."""
    recipient: str
    """Address, as ``mail_addresses.usable_address`` lets it pass."""
    language: Language
    """Language of the letter."""
    letter: WordedLetter
    """Its words."""
    written_at: datetime
    """When it was queued, UTC."""
    unsubscribe: str | None
    """Address at which one request unsubscribes; None where nobody can."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a letter that was handed on."""

    outcome: Literal["accepted", "deferred", "refused"]
    """Taken over; not now, but perhaps later; never."""
    answer: str
    """What the other side said, one line without addresses."""


class Mailer(Protocol):
    """Hands letters on, one after the other, from one thread.

    Idempotence: a letter that is handed on again carries the same Message-ID. Trust: the answer is the other
    side's word; ``accepted`` means that it took responsibility for the letter, not that somebody read it.
    """

    @property
    def channel(self) -> NoticeChannel:
        """How a member is told by a letter that was accepted."""
        ...

    def message_id(self, letter: str) -> str:
        """Return the Message-ID of the letter with an id, in angle brackets."""
        ...

    def deliver(self, message: Outgoing) -> Delivery:
        """Hand a letter on.

        Durability: once it was accepted, the other side has it on stable storage.

        Raises:
            UnavailableError: Nothing can be handed on now, whatever the letter; it may have been accepted
                all the same where the answer was lost.
        """
        ...

    def discard(self, organisation: Slug, letters: Sequence[str]) -> None:
        """Destroy letters that were accepted, as far as they are still here; harmless where there are none.

        Args:
            organisation: The organisation.
            letters: Their ids.

        Raises:
            UnavailableError: One is here and cannot be destroyed.
        """
        ...

    def rest(self) -> None:
        """End what is open towards the other side until the next letter; harmless to repeat."""
        ...
