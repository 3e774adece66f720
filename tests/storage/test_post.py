"""The outbox and the postman's rules: once, in order, again after failures, never for ever, nothing kept."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select, update

from anchoring.core.errors import UnavailableError, VerificationError
from backend.domain.acts import MemberId, Slug
from backend.domain.assemblies.notices import Notice
from backend.domain.errors import InvalidInputError, NotFoundError
from backend.domain.instants import format_instant
from backend.domain.letters import WIPED
from backend.domain.purposes import Answer
from backend.mail.folder import FolderMailer
from backend.services.letters import Asked, LetterView
from backend.services.mailer import Delivery, Outgoing
from backend.services.posting import (
    BATCH,
    CLAIM,
    MAX_ATTEMPTS,
    PAUSE,
    WAITS,
    PostOffice,
    Recipient,
    announce_new,
    send_due,
)
from backend.services.unsubscribing import letter_of, unsubscribe_address, unsubscribe_token
from backend.storage.database import Database
from backend.storage.mail_tables import MailRow
from backend.storage.post import SqlPost
from backend.storage.private_data import SqlPrivateData
from backend.storage.reads import SqlReads
from backend.storage.sealing import Sealer
from tests.support.chain_world import FixedClock
from tests.support.memory_mailer import MemoryMailer
from tests.support.model_organisation import FOUNDERS, SLUG, START
from tests.support.organisations import Simulation
from tests.support.vaults import memory_vault

CHAIR, TREASURER, SECRETARY = (founder.id for founder in FOUNDERS)
KEY = b"k" * 32
LINK = {"link": "https://river.example/login#very-secret", "minutes": "15"}
NEWS = {"assembly": "Spring", "address": "https://river.example"}
CONSENT = Answer("mail_news", 1, "given", format_instant(START))
SECOND = timedelta(seconds=1)


@dataclass
class KnownAddresses:
    """Implements ``Recipients`` over a table."""

    addresses: dict[MemberId, str | None] = field(
        default_factory=lambda: {
            founder.id: f"{founder.role}@river.example" for founder in FOUNDERS
        }
    )
    language: str | None = None
    damaged: MemberId | None = None

    def find(self, slug: Slug, member: MemberId) -> Recipient | None:
        del slug
        if member == self.damaged:
            raise VerificationError("facts", expected="what was sealed", found="something else")
        if member not in self.addresses:
            return None
        return Recipient(self.addresses[member], self.language, "River\r\nBcc: x", "de")


@dataclass
class Room:
    """An outbox, its postman's office, and the clock of both."""

    post: SqlPost
    office: PostOffice
    mailer: MemoryMailer
    known: KnownAddresses
    clock: FixedClock
    simulation: Simulation

    def queue(self, template: str = "welcome", member: MemberId = CHAIR, **values: str) -> None:
        given = values or {"address": "https://river.example"}
        self.post.queue(SLUG, member, template, given, now=self.clock.now())

    def letters(self, **asked: str) -> tuple[LetterView, ...]:
        return self.post.page(SLUG, Asked(**asked))  # type: ignore[arg-type]  # texts of its fields

    def only(self) -> LetterView:
        (letter,) = self.letters()
        return letter


@pytest.fixture
def room(simulation: Simulation, database: Database, reads: SqlReads, tmp_path: Path) -> Room:
    simulation.found()
    post, mailer, known = SqlPost(database, Sealer(KEY)), MemoryMailer(), KnownAddresses()
    clock = FixedClock(START)

    def unsubscribe(slug: Slug, letter: str) -> str:
        return unsubscribe_address("https://river.example", slug, letter, key=KEY)

    folder = FolderMailer(tmp_path / "mail", sender="psephos@river.example")
    private = SqlPrivateData(database, memory_vault(), tmp_path / "erasures", folder.discard_others)
    office = PostOffice(
        post, (known,), mailer, reads, private, clock, "https://river.example", unsubscribe
    )
    return Room(post, office, mailer, known, clock, simulation)


def test_send_due__a_letter__leaves_once_and_is_proven(room: Room) -> None:
    room.queue()
    assert [send_due(room.office), send_due(room.office)] == [1, 0]
    letter = room.only()
    assert (letter.state, letter.channel, letter.sent_at) == (
        "sent",
        "email",
        format_instant(room.clock.now()),
    )
    assert letter.next_at is None
    (sent,) = room.mailer.sent
    assert (sent.recipient, sent.id) == ("chair@river.example", letter.id)
    assert sent.sender_name == "River Bcc: x"


@pytest.mark.parametrize(("language", "subject"), [("fr", "Bienvenue"), (None, "Welcome")])
def test_send_due__language__is_the_readers(room: Room, language: str | None, subject: str) -> None:
    room.known.language = language
    room.queue()
    send_due(room.office)
    assert room.mailer.sent[0].letter.subject == subject


@pytest.mark.parametrize(
    "address", [None, "", "nobody", "a@b@c", "a@b.example\r\nBcc: c@d.example"]
)
def test_send_due__no_usable_address__is_told(room: Room, address: str | None) -> None:
    room.known.addresses[CHAIR] = address
    room.queue("login_link", **LINK)
    send_due(room.office)
    assert (room.only().state, room.mailer.sent) == ("no_address", [])


def test_send_due__somebody_erased__is_no_address(room: Room) -> None:
    del room.known.addresses[CHAIR]
    room.queue()
    send_due(room.office)
    assert room.only().state == "no_address"


def test_send_due__somebody_erased_while_it_is_handed_on__takes_it_back(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.post.queue(SLUG, CHAIR, "login_link", LINK, now=room.clock.now())
    room.post.queue(SLUG, TREASURER, "login_link", LINK, now=room.clock.now())
    [theirs] = room.post.page(SLUG, Asked(member=CHAIR))
    deliver = room.mailer.deliver

    def delivering(message: Outgoing) -> Delivery:
        room.post.forget(SLUG, CHAIR)
        return deliver(message)

    monkeypatch.setattr(room.mailer, "deliver", delivering)
    send_due(room.office)
    assert room.mailer.discarded == [(SLUG, theirs.id)]


def test_send_due__answer_lost__sends_the_same_letter_again(room: Room) -> None:
    room.queue()
    room.mailer.loses_answers = True
    with pytest.raises(UnavailableError):
        send_due(room.office)
    room.mailer.loses_answers = False
    room.clock.advance(int(WAITS[0].total_seconds()))
    send_due(room.office)
    assert room.only().state == "sent"
    assert len(room.mailer.contents) == 2
    assert room.mailer.contents[0] == room.mailer.contents[1]


def test_claim__postman_stops_before_recording__another_sends_it_later(room: Room) -> None:
    room.queue()
    now = room.clock.now()
    (held,) = room.post.claim(now=now, until=now + CLAIM, limit=BATCH)
    assert send_due(room.office) == 0
    room.clock.advance(int(CLAIM.total_seconds()))
    assert send_due(room.office) == 1
    # The first one comes back to life, and is too late to say anything.
    room.post.failed(held, again_at=room.clock.now(), answer="lost")
    assert (room.only().state, room.only().attempts) == ("sent", 2)


def test_send_due__deferred_every_time__waits_longer_and_ends(room: Room) -> None:
    room.mailer.answers["chair@river.example"] = Delivery("deferred", "451 later")
    room.queue("login_link", **LINK)
    for number, wait in enumerate(WAITS, start=1):
        assert send_due(room.office) == 1
        assert (room.only().state, room.only().attempts) == ("failed", number)
        room.clock.advance(int(wait.total_seconds()) - 1)
        assert send_due(room.office) == 0
        room.clock.advance(1)
    send_due(room.office)
    letter = room.only()
    assert (letter.state, letter.attempts, letter.answer) == ("given_up", MAX_ATTEMPTS, "451 later")
    assert WAITS[0] == timedelta(minutes=1)
    assert WAITS[-1] == timedelta(days=1)
    assert list(WAITS) == sorted(WAITS)


def test_send_due__refused__ends_at_once_and_stops_no_other(room: Room) -> None:
    room.mailer.answers["chair@river.example"] = Delivery("refused", "550 unknown")
    room.queue()
    room.queue(member=TREASURER)
    send_due(room.office)
    assert {each.member: each.state for each in room.letters()} == {
        CHAIR: "given_up",
        TREASURER: "sent",
    }


def test_send_due__server_takes_nothing__costs_one_letter_an_attempt(room: Room) -> None:
    for member in (CHAIR, TREASURER, SECRETARY):
        room.queue(member=member)
    room.mailer.broken = True
    with pytest.raises(UnavailableError):
        send_due(room.office)
    assert sorted(each.attempts for each in room.letters()) == [0, 0, 1]
    room.mailer.broken = False
    assert send_due(room.office) == 0
    room.clock.advance(int(PAUSE.total_seconds()))
    assert send_due(room.office) == 3


def test_claim__letters_somebody_waits_for__leave_first(room: Room) -> None:
    room.office.private.add_answer(SLUG, CHAIR, lambda _: CONSENT)
    room.queue("results", **NEWS)
    room.queue("membership_ended", cause="other")
    room.clock.advance(1)
    room.queue("login_link", **LINK)
    send_due(room.office)
    assert [each.letter.subject for each in room.mailer.sent] == [
        "Your login link",
        "End of your membership",
        "Results: Spring",
    ]


def test_secrets__sealed_while_they_wait_and_wiped_once_sent(
    room: Room, database: Database
) -> None:
    room.queue("login_link", **LINK)

    def stored() -> str:
        with database.reading() as session:
            return session.exec(select(MailRow)).one().values

    assert "very-secret" not in stored()
    assert room.only().values == {**LINK, "link": WIPED}
    send_due(room.office)
    assert "#very-secret" in room.mailer.sent[0].letter.text
    assert WIPED in stored()


def test_claim__sealed_under_a_key_that_is_lost__stops_no_other(
    room: Room, database: Database
) -> None:
    SqlPost(database, Sealer(b"o" * 32)).queue(SLUG, CHAIR, "login_link", LINK, now=START)
    room.queue(member=TREASURER)
    send_due(room.office)
    assert {each.member: each.state for each in room.letters()} == {
        CHAIR: "given_up",
        TREASURER: "sent",
    }


def test_queue__no_such_text_or_other_places__is_refused(room: Room) -> None:
    with pytest.raises(NotFoundError, match=r"template\.unknown"):
        room.queue("newsletter")
    with pytest.raises(InvalidInputError, match=r"letter\.values"):
        room.queue("login_link", link="a")
    assert room.letters() == ()


def test_news__without_consent_or_refused__reach_nobody_and_what_concerns_rights_does(
    room: Room,
) -> None:
    for member in (CHAIR, TREASURER):
        room.office.private.add_answer(SLUG, member, lambda _: CONSENT)
    room.post.set_news(SLUG, CHAIR, "refused", now=START)
    room.post.set_news(SLUG, CHAIR, "refused", now=START + SECOND)
    room.queue("results", **NEWS)
    room.queue("membership_ended", cause="other")
    room.queue("results", TREASURER, **NEWS)
    room.queue("results", SECRETARY, **NEWS)
    send_due(room.office)
    states = {(each.member, each.template): each.state for each in room.letters()}
    assert states == {
        (CHAIR, "results"): "unsubscribed",
        (CHAIR, "membership_ended"): "sent",
        (TREASURER, "results"): "sent",
        (SECRETARY, "results"): "unsubscribed",
    }
    by_subject = {each.letter.subject: each.unsubscribe for each in room.mailer.sent}
    assert by_subject["End of your membership"] is None
    assert (by_subject["Results: Spring"] or "").startswith("https://river.example/v1/")
    room.post.set_news(SLUG, CHAIR, "wanted", now=START)
    room.post.set_news(SLUG, CHAIR, "wanted", now=START)
    assert not room.post.unsubscribed(SLUG, CHAIR)


def test_unsubscribe_token__of_another_organisation_letter_or_key__is_none() -> None:
    letter = "ab" * 16
    token = unsubscribe_token(SLUG, letter, key=KEY)
    assert letter_of(SLUG, token, key=KEY) == letter
    forged = [
        (SLUG, "cd" * 16 + token[32:], KEY),
        ("elsewhere", token, KEY),
        (SLUG, token, b"o" * 32),
        (SLUG, token[:-1], KEY),
        (SLUG, "", KEY),
    ]
    for slug, text, key in forged:
        with pytest.raises(NotFoundError, match=r"unsubscribe_link\.unknown"):
            letter_of(slug, text, key=key)


def test_announce_new__repeated__writes_every_letter_once(room: Room) -> None:
    announce_new(room.office, SLUG)
    announce_new(room.office, SLUG)
    assert [(each.template, each.entry) for each in room.letters()] == [("welcome", 0)] * 3
    room.simulation.propose(FOUNDERS[0], "bridge")
    room.simulation.convene(FOUNDERS[0], "spring", "bridge")
    announce_new(room.office, SLUG)
    found = room.post.about(SLUG, "spring", ["convocation"])
    assert {each.member for each in found} == {CHAIR, TREASURER, SECRETARY}
    assert room.post.announced(SLUG) == 3


def test_announce__by_two_who_read_the_same_entries__happens_once(room: Room) -> None:
    office = room.office
    announce_new(office, SLUG)
    room.post.announce(SLUG, [], start=0, end=5, now=START)
    assert room.post.announced(SLUG) == 1


def test_page__filtered_and_continued__shows_each_once(room: Room) -> None:
    for member in (CHAIR, TREASURER, CHAIR):
        room.queue(member=member)
        room.clock.advance(1)
    first = room.post.page(SLUG, Asked(limit=2))
    rest = room.post.page(SLUG, Asked(limit=2, after=first[-1].cursor))
    assert [each.member for each in (*first, *rest)] == [CHAIR, TREASURER, CHAIR]
    assert len(room.letters(member=CHAIR)) == 2
    assert room.letters(state="sent") == ()
    with pytest.raises(NotFoundError, match=r"letter\.unknown"):
        room.post.one("elsewhere", first[0].id)


def test_forget__a_member__destroys_theirs_and_no_other(room: Room) -> None:
    room.queue()
    room.queue(member=TREASURER)
    room.post.set_news(SLUG, CHAIR, "refused", now=START)
    told = [Notice(member, "post", format_instant(START)) for member in (CHAIR, TREASURER)]
    room.post.note_told(SLUG, "spring", told, by=SECRETARY, now=START)
    (theirs,) = room.letters(member=CHAIR)
    assert room.post.forget(SLUG, CHAIR) == (theirs.id,)
    assert room.post.forget(SLUG, CHAIR) == ()
    assert [each.member for each in room.letters()] == [TREASURER]
    assert [each.member for each in room.post.told(SLUG, "spring")] == [TREASURER]
    assert not room.post.unsubscribed(SLUG, CHAIR)


def test_send_due__text_that_changed_or_reader_that_is_damaged__stops_no_other(
    room: Room, database: Database
) -> None:
    room.queue()
    with database.writing() as session:
        session.exec(update(MailRow).values(template="of-an-earlier-version"))
    room.queue(member=TREASURER)
    room.known.damaged = TREASURER
    room.queue(member=SECRETARY)
    send_due(room.office)
    assert {each.member: each.state for each in room.letters()} == {
        CHAIR: "given_up",
        TREASURER: "given_up",
        SECRETARY: "sent",
    }


def test_claim__taken_too_often_without_an_end__is_given_up(room: Room) -> None:
    room.queue()
    for _ in range(MAX_ATTEMPTS):
        now = room.clock.now()
        assert len(room.post.claim(now=now, until=now + CLAIM, limit=BATCH)) == 1
        room.clock.advance(int(CLAIM.total_seconds()))
    send_due(room.office)
    assert (room.only().state, room.mailer.sent) == ("given_up", [])


def test_send_due__a_slow_server__does_not_outlast_the_claim(room: Room) -> None:
    for member in (CHAIR, TREASURER, SECRETARY):
        room.queue(member=member)

    class SlowMailer(MemoryMailer):
        def deliver(self, message: object) -> Delivery:
            del message
            room.clock.advance(int(CLAIM.total_seconds()) // 2)
            return Delivery("accepted", "at last")

    slow: datetime = room.clock.now()
    office = PostOffice(
        room.post,
        (room.known,),
        SlowMailer(),
        room.office.reads,
        room.office.private,
        room.clock,
        room.office.address,
        room.office.unsubscribe,
    )
    send_due(office)
    assert [each.state for each in room.letters()].count("sent") == 1
    assert room.clock.now() - slow == CLAIM / 2
    assert send_due(room.office) == 2
