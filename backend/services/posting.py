"""Sending letters: turning entries into letters, handing them on, trying again.

T1 a letter is claimed before it is handed on, so that it leaves at least once and, but for a lost answer,
once. T2 addresses are looked up when it is handed on and kept nowhere. T3 after a failure it waits longer
each time, ``MAX_ATTEMPTS`` times. T4 a mail server that takes nothing is left alone for ``PAUSE``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from anchoring.core.errors import MalformedError, UnavailableError, VerificationError
from anchoring.ports import Clock
from backend.domain.acts import MemberId, Slug
from backend.domain.announcements import announcements
from backend.domain.entry import Entry
from backend.domain.errors import GovernanceError
from backend.domain.instants import parse_instant
from backend.domain.letters import kind_of, one_line, word_letter
from backend.domain.mail_addresses import usable_address
from backend.domain.messages import LANGUAGES, Language
from backend.services.consent_desk import wants_news
from backend.services.letters import Ending, Letter, Letters
from backend.services.mailer import Mailer, Outgoing
from backend.services.persons import Persons
from backend.services.private_data import PrivateData
from backend.services.views import MAX_PAGE, Reads

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)

WAITS: Final = (
    _MINUTE,
    5 * _MINUTE,
    15 * _MINUTE,
    30 * _MINUTE,
    _HOUR,
    2 * _HOUR,
    4 * _HOUR,
    8 * _HOUR,
    24 * _HOUR,
)
"""How long a letter waits after its first failure, its second, and so on (T3)."""

MAX_ATTEMPTS: Final = len(WAITS) + 1
"""How often a letter is handed on before it is given up."""

PAUSE: Final = _MINUTE
"""How long a mail server that takes nothing is left alone."""

BATCH: Final = 100
"""Letters claimed at once."""

CLAIM: Final = 10 * _MINUTE
"""How long claimed letters are nobody else's."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a letter."""

    address: str | None
    """Where, as declared; None where nothing is."""
    language: str | None
    """Language declared, None where none is."""
    organisation: str
    """Name of the organisation that writes."""
    organisation_language: str
    """Its language, ISO 639-1."""


class Recipients(Protocol):
    """Looks up who gets a letter; what it answers is personal."""

    def find(self, slug: Slug, member: MemberId) -> Recipient | None:
        """Return a recipient; None where nothing is known of them any more."""
        ...


class KnownPersons:
    """Implements ``Recipients`` for those on a register.

    Args:
        persons: What they declared.
        reads: Committed facts.
    """

    def __init__(self, persons: Persons, reads: Reads) -> None:
        self._persons: Final = persons
        self._reads: Final = reads

    def find(self, slug: Slug, member: MemberId) -> Recipient | None:
        """Return a recipient; None where nothing is known of them any more."""
        facts = self._persons.facts(slug, member)
        if facts is None:
            return None
        organisation = self._reads.organisation(slug)
        return Recipient(
            facts.get("email"), facts.get("language"), organisation.name, organisation.language
        )


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What sending letters needs."""

    letters: Letters
    """The outbox."""
    recipients: Sequence[Recipients]
    """Asked in this order for who gets a letter."""
    mailer: Mailer
    """How letters leave."""
    reads: Reads
    """Committed facts."""
    private: PrivateData
    """What members consent to."""
    clock: Clock
    """Current time."""
    address: str
    """Where the server is reached, without a slash at its end."""
    unsubscribe: Callable[[Slug, str], str]
    """Gives the address at which the letter with an id unsubscribes."""


def announce_new(office: PostOffice, slug: Slug) -> None:
    """Queue what entries of a ledger give rise to that nobody turned into letters yet.

    Raises:
        NotFoundError: No such organisation.
        UnavailableError: The database did not answer.
    """
    while True:
        start = office.letters.announced(slug)
        entries = office.reads.entries(slug, start, MAX_PAGE)
        if not entries:
            return
        # Read after the entries, so that it is not older than any of them.
        state = office.reads.state(slug)
        found = [
            (view.index, each)
            for view in entries
            for each in announcements(state, Entry.from_bytes(view.content), address=office.address)
        ]
        now = office.clock.now()
        office.letters.announce(slug, found, start=start, end=start + len(entries), now=now)


def send_due(office: PostOffice) -> int:
    """Hand on a batch of letters that are due.

    Returns:
        How many were claimed: where it is ``BATCH``, there may be more.

    Raises:
        UnavailableError: The mail server takes nothing, or the database did not answer; what was not handed
            on is due again after ``PAUSE``.
    """
    now = office.clock.now()
    claimed = office.letters.claim(now=now, until=now + CLAIM, limit=BATCH)
    left = list(claimed)
    again_at = now
    try:
        ready = _sorted_out(office, claimed)
        left = [letter for letter, _ in ready]
        for letter, message in ready:
            # A slow server must not make a claim run out while its letters are handed on.
            if office.clock.now() - now >= CLAIM / 2:
                break
            left.remove(letter)
            _hand_on(office, letter, message)
    except UnavailableError:
        again_at = office.clock.now() + PAUSE
        raise
    finally:
        office.letters.release(left, at=again_at)
        office.mailer.rest()
    return len(claimed)


def _sorted_out(office: PostOffice, letters: Sequence[Letter]) -> list[tuple[Letter, Outgoing]]:
    """Return letters that are ready to leave; note together which never will."""
    ready: list[tuple[Letter, Outgoing]] = []
    ended: dict[Ending, list[Letter]] = {}
    for letter in letters:
        found = _outgoing(office, letter)
        if isinstance(found, Outgoing):
            ready.append((letter, found))
        else:
            ended.setdefault(found, []).append(letter)
    for state, those in ended.items():
        office.letters.ended(those, state)
    return ready


def _hand_on(office: PostOffice, letter: Letter, message: Outgoing) -> None:
    try:
        delivery = office.mailer.deliver(message)
    except UnavailableError as error:
        _try_again(office, letter, error.reason)
        raise
    now = office.clock.now()
    match delivery.outcome:
        case "accepted":
            channel = office.mailer.channel
            if not office.letters.sent(letter, now=now, channel=channel, answer=delivery.answer):
                # Its reader was erased meanwhile: what can still be taken back is.
                office.mailer.discard(letter.organisation, [letter.id])
        case "deferred":
            _try_again(office, letter, delivery.answer)
        case "refused":
            office.letters.ended([letter], "given_up", answer=delivery.answer)


def _outgoing(office: PostOffice, letter: Letter) -> Outgoing | Ending:
    """Return a letter ready to leave, or how it ends because it never will."""
    if letter.attempts > MAX_ATTEMPTS:
        # It stopped whoever held it, so often that it would again.
        return "given_up"
    try:
        found = (each.find(letter.organisation, letter.member) for each in office.recipients)
        recipient = next((each for each in found if each is not None), None)
        address = usable_address(recipient.address or "") if recipient is not None else None
        if recipient is None or address is None:
            return "no_address"
        news = kind_of(letter.template) == "news"
        if news and not wants_news(
            office.letters, office.private, letter.organisation, letter.member
        ):
            return "unsubscribed"
        return _written(office, letter, recipient, address, news=news)
    except (GovernanceError, MalformedError, VerificationError):
        # Its text changed since it was queued, or what is known of its reader is damaged.
        return "given_up"


def _written(
    office: PostOffice, letter: Letter, recipient: Recipient, address: str, *, news: bool
) -> Outgoing:
    unsubscribe = office.unsubscribe(letter.organisation, letter.id)
    name, language = one_line(recipient.organisation), _language(recipient)
    words = word_letter(
        letter.template, letter.values, language, organisation=name, unsubscribe=unsubscribe
    )
    return Outgoing(
        organisation=letter.organisation,
        id=letter.id,
        sender_name=name,
        recipient=address,
        language=language,
        letter=words,
        written_at=parse_instant(letter.queued_at),
        unsubscribe=unsubscribe if news else None,
    )


def _language(recipient: Recipient) -> Language:
    asked = (recipient.language, recipient.organisation_language)
    return next((language for given in asked for language in LANGUAGES if given == language), "en")


def _try_again(office: PostOffice, letter: Letter, answer: str) -> None:
    if letter.attempts >= MAX_ATTEMPTS:
        office.letters.ended([letter], "given_up", answer=answer)
        return
    again_at: datetime = office.clock.now() + WAITS[letter.attempts - 1]
    office.letters.failed(letter, again_at=again_at, answer=answer)
