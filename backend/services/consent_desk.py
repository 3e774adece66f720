"""Answers to requests for consent, and what follows from them for letters.

N1 news go to whoever consents to ``mail_news`` and did not unsubscribe since. N2 consenting anew takes an
unsubscription back. N3 without that consent nobody asks for news. N4 whoever takes a consent back is told
by letter that it is done. Source: Regulation (EU) 2016/679, articles 7(3) and 21(3).
"""

from dataclasses import dataclass
from typing import Final, Literal

from backend.domain.acts import MemberId, Slug
from backend.domain.errors import ConflictError
from backend.domain.instants import format_instant
from backend.domain.purposes import Answer, PurposeName, Reply, answer, consents
from backend.services.letters import Letters
from backend.services.ports import Ports
from backend.services.post import Post
from backend.services.private_data import PrivateData

NEWS: Final[PurposeName] = "mail_news"
"""Purpose on which news rest."""

WITHDRAWN: Final = "consent_withdrawn"
"""Template of the letter that says that a consent is taken back."""


@dataclass(frozen=True, slots=True)
class ConsentDesk:
    """What answering takes."""

    ports: Ports
    """The world."""
    private: PrivateData
    """Where answers are kept."""
    letters: Letters
    """Where unsubscriptions are kept."""
    post: Post
    """The outbox."""


def answer_consent(
    desk: ConsentDesk,
    slug: Slug,
    member: MemberId,
    *,
    purpose: str,
    version: int,
    reply: Reply,
) -> Answer:
    """Keep what someone answers to a request for consent (N2, N4).

    Raises:
        GovernanceError: As ``purposes.answer``.
    """
    now = desk.ports.clock.now()
    at = format_instant(now)
    kept = desk.private.add_answer(
        slug, member, lambda before: answer(before, purpose, version, reply, at=at)
    )
    if reply == "withdrawn":
        desk.post.queue(slug, member, WITHDRAWN, {"purpose": kept.purpose}, now=now)
    elif kept.purpose == NEWS:
        desk.letters.set_news(slug, member, "wanted", now=now)
    return kept


def wants_news(letters: Letters, private: PrivateData, slug: Slug, member: MemberId) -> bool:
    """Tell whether news go to a member (N1).

    Args:
        letters: Where unsubscriptions are kept.
        private: Where answers are kept.
        slug: The organisation.
        member: Who.
    """
    return consents(private.answers(slug, member), NEWS) and not letters.unsubscribed(slug, member)


def set_news(
    desk: ConsentDesk, slug: Slug, member: MemberId, wanted: Literal["wanted", "refused"]
) -> None:
    """Note whether a member wants news (N3); harmless to repeat.

    Raises:
        ConflictError: ``news.consent``: they do not consent to news.
    """
    if wanted == "wanted" and not consents(desk.private.answers(slug, member), NEWS):
        raise ConflictError("news.consent", expected=f"a consent to {NEWS}", found="none")
    desk.letters.set_news(slug, member, wanted, now=desk.ports.clock.now())
