"""Letters over HTTP, from the ledger through a real mail server to an audited record of notices."""

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from backend.audit.directory import audit_directory
from backend.postman import Postman
from backend.settings import SmtpSettings
from tests.support.founding_play import FoundingPlay, address, with_address
from tests.support.http_play import HttpPlay
from tests.support.http_sessions import session_headers
from tests.support.http_world import World, opened, signature
from tests.support.mail_server import MailServer, mail_server
from tests.support.model_organisation import FOUNDERS, SLUG, Actor

CHAIR, TREASURER, SECRETARY = FOUNDERS
GARDENER = Actor("gardener")
DAY = 86_400
LINK = {"link": "https://river.example/login#very-secret", "minutes": "15"}


@dataclass
class Post:
    """A server with members who have addresses, its mail server and its postman."""

    world: World
    server: MailServer
    postman: Postman

    def as_(self, actor: Actor, path: str, **parameters: str) -> object:
        """Read a path below the organisation as somebody who is logged in."""
        answer = self.world.client.get(
            f"{self.world.root}/{path}",
            params=parameters,
            headers=session_headers(self.world, actor.id),
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def letters(self, **parameters: str) -> list[dict[str, str]]:
        """Return the letters that a keeper sees."""
        found = self.as_(CHAIR, "mail", limit="500", **parameters)
        assert isinstance(found, dict)
        items: list[dict[str, str]] = found["items"]
        return items

    def taken(self, words: str) -> list[EmailMessage]:
        """Return what the mail server took with words in its subject."""
        parsed = [message_from_bytes(each, policy=default) for each in self.server.taken]
        return [each for each in parsed if words in str(each["Subject"])]

    def answer(self, actor: Actor, reply: str) -> None:
        """Answer the request for consent to news."""
        answer = self.world.client.post(
            f"{self.world.root}/me/consents",
            json={"purpose": "mail_news", "version": 1, "reply": reply},
            headers=session_headers(self.world, actor.id),
        )
        assert answer.status_code == 201, answer.text

    def convene(self, assembly: str) -> None:
        """Call a session on a motion of its own."""
        self.world.act_as_chair(f"motion-{assembly}")
        self.world.act(
            CHAIR,
            "assemblies",
            self.world.call(CHAIR, assembly, f"motion-{assembly}", days=20),
        )


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """A cooperative whose secretary reads French, whose treasurer has no address, whose gardener joined."""
    data = tmp_path_factory.mktemp("mail") / "data"
    with mail_server() as server:
        smtp = SmtpSettings(host="127.0.0.1", port=server.port, security="none", timeout_s=10)
        with opened(data, smtp=smtp) as world:
            play = FoundingPlay.prepare(world)
            play.enrol(CHAIR)
            play.enrol(SECRETARY, language="fr")
            play.enrol(TREASURER, email="")
            play.sign_all()
            joins = {**with_address(GARDENER), "issued_at": world.seconds()}
            world.act(GARDENER, "members", joins)
            yield Post(world, server, Postman(world.container))


def record(post: Post, document: str, assembly: str, members: int, cid: str) -> None:
    """Sign and record notices, as an officer does."""
    path = f"{post.world.root}/acts/notice.recorded"
    data = {"assembly": assembly, "notices": cid, "members": members}
    body = {"author": CHAIR.id, "issued_at": post.world.seconds(), "data": data}
    prepared = post.world.client.post(f"{path}/typed-data", json=body).json()
    signed = [{"member": CHAIR.id, "signature": signature(CHAIR, prepared)}]
    answer = post.world.post(path, {**body, "documents": [document], "signatures": signed})
    assert answer.status_code == 201, answer.text


def test_convocation__through_a_mail_server__becomes_an_audited_record(
    post: Post, tmp_path: Path
) -> None:
    world = post.world
    post.convene("spring")
    post.postman.step_all()
    told = {each["To"] for each in post.taken("Assembly spring")}
    assert told == {address(CHAIR), address(SECRETARY), address(GARDENER)}
    french = next(
        each for each in post.taken("Assembly spring") if each["To"] == address(SECRETARY)
    )
    assert french["Content-Language"] == "fr"
    assert "1. Motion motion-spring" in french.get_content()
    assert "Europe/Paris" in french.get_content()

    draft = post.as_(CHAIR, "assemblies/spring/notices/draft")
    assert isinstance(draft, dict)
    assert draft["unreached"] == [{"member": TREASURER.id, "letter": "no_address"}]
    assert (draft["document"], draft["late"]) == (None, [])

    world.clock.advance(DAY)
    sent_at = world.get("entries")["items"][-1]["at"]
    noted = world.client.post(
        f"{world.root}/assemblies/spring/notices/manual",
        json={"notices": [{"member": TREASURER.id, "channel": "post", "sent_at": sent_at}]},
        headers=session_headers(world, SECRETARY.id),
    )
    assert noted.status_code == 201, noted.text
    whole = noted.json()
    assert {each["channel"] for each in whole["notices"]} == {"email", "post"}
    record(post, whole["document"], "spring", 4, whole["cid"])
    assert world.get("assemblies/spring/attendance")["notice_entry"] is not None

    world.worker.step_all()
    world.container.archive.export(SLUG, tmp_path / "bundle")
    assert audit_directory(tmp_path / "bundle").lawful


def test_draft__told_too_late_or_in_a_way_not_permitted__says_so(post: Post) -> None:
    world = post.world
    post.convene("summer")
    world.clock.advance(10 * DAY)
    post.postman.step_all()
    told_at = world.get("assemblies/summer")["convened_at"]
    headers = session_headers(world, CHAIR.id)
    path = f"{world.root}/assemblies/summer/notices"
    by_hand = {"member": TREASURER.id, "channel": "by_hand", "sent_at": told_at}
    draft = world.client.post(f"{path}/manual", json={"notices": [by_hand]}, headers=headers).json()
    assert [each["member"] for each in draft["unreached"]] == [TREASURER.id]
    assert draft["late"] == sorted((CHAIR.id, SECRETARY.id, GARDENER.id))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"member": f"m{'0' * 32}"}, (422, "notice.elector")),
        ({"sent_at": "2026-01-01T00:00:00.000Z"}, (422, "notice.time")),
        ({"sent_at": "2036-01-01T00:00:00.000Z"}, (422, "notice.time")),
        ({"channel": "email"}, (422, "request.invalid")),
        ({"sent_at": "2026-99-01T00:00:00.000Z"}, (422, "instant.malformed")),
    ],
)
def test_manual__what_cannot_be__is_refused(
    post: Post, change: dict[str, str], refusal: tuple[int, str]
) -> None:
    world = post.world
    if "autumn" not in {each["assembly"] for each in world.get("assemblies")["items"]}:
        post.convene("autumn")
    at = world.get("assemblies/autumn")["convened_at"]
    given = {"member": CHAIR.id, "channel": "post", "sent_at": at, **change}
    answer = world.client.post(
        f"{world.root}/assemblies/autumn/notices/manual",
        json={"notices": [given]},
        headers=session_headers(world, CHAIR.id),
    )
    assert (answer.status_code, answer.json()["code"]) == refusal


def test_private_routes__without_session_office_or_key__are_closed(post: Post) -> None:
    world = post.world
    post.convene("winter")
    paths = ["mail", f"mail/{'0' * 32}", "assemblies/winter/notices/draft"]
    low = session_headers(world, CHAIR.id, "low")
    for path in paths:
        url = f"{world.root}/{path}"
        assert world.client.get(url).status_code == 401
        member = session_headers(world, GARDENER.id)
        assert world.client.get(url, headers=member).status_code == 403
        assert world.client.get(url, headers=low).status_code == 403
    assert world.client.get(f"{world.root}/me/mail").status_code == 401
    assert world.client.put(f"{world.root}/me/news", json={"news": "refused"}).status_code == 401


def test_mail__shown__never_opens_anything_and_names_no_address(post: Post) -> None:
    world, letters = post.world, post.world.container.mailroom.letters
    letters.queue(SLUG, SECRETARY.id, "login_link", LINK, now=world.clock.now())
    waiting = post.letters(state="queued")
    assert [each["template"] for each in waiting if each["template"] == "login_link"]
    shown = json.dumps([waiting, post.as_(CHAIR, f"mail/{waiting[-1]['id']}")])
    post.postman.step_all()
    shown += json.dumps([post.letters(), post.as_(SECRETARY, "me/mail")])
    assert "very-secret" not in shown
    assert not [each for each in FOUNDERS if address(each) in shown]
    own = post.as_(SECRETARY, "me/mail")
    assert isinstance(own, dict)
    assert {each["member"] for each in own["items"]} == {SECRETARY.id}
    assert any("…" in each["text"] for each in own["items"] if each["template"] == "login_link")


def test_news__unsubscribed_by_one_request__legal_letters_go_on(post: Post) -> None:
    world, letters = post.world, post.world.container.mailroom.letters
    news = {"assembly": "Spring", "address": "https://river.example"}
    assert post.as_(CHAIR, "me/news") == {"news": "refused"}
    post.answer(CHAIR, "given")
    letters.queue(SLUG, CHAIR.id, "results", news, now=world.clock.now())
    post.postman.step_all()
    link = re.sub(r"^<https?://[^/]+|>$", "", str(post.taken("Results")[-1]["List-Unsubscribe"]))
    page = world.client.get(link, headers={"Accept-Language": "en"})
    assert "<form" in page.text
    assert post.as_(CHAIR, "me/news") == {"news": "wanted"}
    done = world.client.post(
        link,
        content="List-Unsubscribe=One-Click",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "fr"},
    )
    assert (done.status_code, "<form" in done.text) == (200, False)
    assert post.as_(CHAIR, "me/news") == {"news": "refused"}
    before = len(post.server.taken)
    letters.queue(SLUG, CHAIR.id, "results", news, now=world.clock.now())
    letters.queue(SLUG, CHAIR.id, "membership_ended", {"cause": "other"}, now=world.clock.now())
    post.postman.step_all()
    assert len(post.server.taken) == before + 1
    forged = link[:-1] + ("0" if link[-1] != "0" else "1")
    assert world.client.post(forged).status_code == 404
    put = world.client.put(
        f"{world.root}/me/news",
        json={"news": "wanted"},
        headers=session_headers(world, CHAIR.id),
    )
    assert put.json() == {"news": "wanted"}
    assert post.as_(CHAIR, "me/news") == {"news": "wanted"}


def test_news__consent_taken_back__is_told_and_news_end_until_it_is_given_anew(post: Post) -> None:
    world = post.world
    headers = session_headers(world, SECRETARY.id)
    place = f"{world.root}/me/news"
    early = world.client.put(place, json={"news": "wanted"}, headers=headers)
    assert (early.status_code, early.json()["code"]) == (409, "news.consent")
    post.answer(SECRETARY, "given")
    assert post.as_(SECRETARY, "me/news") == {"news": "wanted"}
    post.answer(SECRETARY, "withdrawn")
    post.postman.step_all()
    (told,) = post.taken("Votre consentement est retiré")
    assert (told["To"], told["List-Unsubscribe"]) == (address(SECRETARY), None)
    assert "nouvelles par courriel" in told.get_content()
    assert post.as_(SECRETARY, "me/news") == {"news": "refused"}
    world.client.put(place, json={"news": "refused"}, headers=headers)
    post.answer(SECRETARY, "given")
    assert post.as_(SECRETARY, "me/news") == {"news": "wanted"}


def test_postman__stepped_again_or_started_anew__sends_nothing_twice(post: Post) -> None:
    post.postman.step_all()
    before = len(post.server.taken)
    post.postman.step_all()
    Postman(post.world.container).step_all()
    assert len(post.server.taken) == before
    ids = [each["Message-ID"] for each in post.taken("")]
    assert len(set(ids)) == len(ids)


def test_postman__server_gone__is_left_alone_a_minute_and_told_without_addresses(
    post: Post,
) -> None:
    world, letters = post.world, post.world.container.mailroom.letters
    post.postman.step_all()
    letters.queue(SLUG, CHAIR.id, "membership_ended", {"cause": "other"}, now=world.clock.now())
    post.server.refused_sender = True
    with capture_logs() as logs:
        for _ in range(3):
            assert post.postman.step_all() is False
    assert [each["event"] for each in logs] == ["post.undelivered"]
    assert "@" not in json.dumps(logs)
    post.server.refused_sender = False
    world.worker.step_all()
    world.clock.advance(60)
    post.postman.step_all()
    assert post.letters(state="failed") == []


def test_postman__thread__is_woken_by_a_letter_of_an_entry(post: Post) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=Postman(post.world.container).run, args=(stop, 3600))
    thread.start()
    try:
        post.convene("solstice")
        pause = threading.Event()
        for _ in range(500):
            if len(post.taken("Assembly solstice")) == 3:
                break
            pause.wait(0.01)
        assert len(post.taken("Assembly solstice")) == 3
    finally:
        stop.set()
        post.world.container.posted.set()
        thread.join()


def test_folder__without_a_mail_server__is_a_notice_on_the_platform(
    tmp_path: Path,
) -> None:
    with opened(tmp_path / "data") as world:
        play = FoundingPlay.prepare(world)
        play.enrol_all()
        play.sign_all()
        world.act_as_chair("bridge")
        world.act(CHAIR, "assemblies", world.call(CHAIR, "spring", "bridge"))
        postman = Postman(world.container)
        postman.step_all()
        files = list((tmp_path / "data" / "mail" / SLUG).glob("*.eml"))
        assert len(files) == 6
        found = Post(world, MailServer(), postman)
        draft = found.as_(CHAIR, "assemblies/spring/notices/draft")
        assert isinstance(draft, dict)
        # The model statutes know notice by e-mail and by post, and nothing was sent by either.
        assert len(draft["unreached"]) == 3
        assert {each["letter"] for each in draft["unreached"]} == {"sent"}
        world.container.mailroom.forget(SLUG, CHAIR.id)
        assert len(list((tmp_path / "data" / "mail" / SLUG).glob("*.eml"))) == 4


def test_proceeding__served_by_an_officer__is_told_to_the_member(post: Post) -> None:
    play = HttpPlay(post.world)
    play.now = post.world.clock.now()
    play.accuse(TREASURER, "noise", SECRETARY)
    play.serve(CHAIR, "noise")
    post.postman.step_all()
    (letter,) = post.taken("Proc")
    assert letter["To"] == address(SECRETARY)
    assert "noise" in letter.get_content()
    assert letter["List-Unsubscribe"] is None
