"""Letters that leave into a list, and a way that breaks when it is told to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from anchoring.core.errors import UnavailableError
from backend.domain.acts import NoticeChannel, Slug
from backend.mail.message import format_message, message_id
from backend.services.mailer import Delivery, Outgoing

SENDER = "psephos@river.example"


@dataclass
class MemoryMailer:
    """Implements ``Mailer``; the same letter again replaces nothing, so that repeats are seen."""

    sent: list[Outgoing] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    answers: dict[str, Delivery] = field(default_factory=dict)
    """What is answered to letters for an address, other than that they are accepted."""
    discarded: list[tuple[Slug, str]] = field(default_factory=list)
    broken: bool = False
    """Whether nothing leaves."""
    loses_answers: bool = False
    """Whether letters leave and nobody hears of it."""

    @property
    def channel(self) -> NoticeChannel:
        return "email"

    def message_id(self, letter: str) -> str:
        return message_id(letter, SENDER)

    def deliver(self, message: Outgoing) -> Delivery:
        if self.broken:
            raise UnavailableError("mail server", "broken")
        answer = self.answers.get(message.recipient, Delivery("accepted", "queued"))
        if answer.outcome == "accepted":
            self.sent.append(message)
            self.contents.append(format_message(message, sender=SENDER))
        if self.loses_answers:
            raise UnavailableError("mail server", "lost")
        return answer

    def discard(self, organisation: Slug, letters: Sequence[str]) -> None:
        self.discarded += [(organisation, each) for each in letters]

    def rest(self) -> None:
        pass
