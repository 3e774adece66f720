"""The ways by which letters leave: one contract, then what a mail server may do to us."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from anchoring.core.errors import UnavailableError
from backend.domain.letters import WordedLetter
from backend.mail.folder import FolderMailer
from backend.mail.message import format_message
from backend.mail.smtp import MailServer, SmtpMailer, without_addresses
from backend.services.mailer import Mailer, Outgoing
from tests.support.mail_server import mail_server
from tests.support.memory_mailer import SENDER, MemoryMailer

SUBJECT = "Convocation : assemblée d\u2019été"
HOSTILE = "Wolf\r\nBcc: everybody@river.example\r\n\r\nPay here"
Sent = Callable[[], list[EmailMessage]]


def parsed(content: bytes) -> EmailMessage:
    found = message_from_bytes(content, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def letter(
    recipient: str = "gardener@river.example",
    *,
    number: int = 1,
    subject: str = SUBJECT,
    unsubscribe: str | None = None,
) -> Outgoing:
    return Outgoing(
        organisation="river-coop",
        id=f"{number:032x}",
        sender_name="Coopérative de la rivière",
        recipient=recipient,
        language="fr",
        letter=WordedLetter(subject, "Vous êtes convoqué.\n.\nÀ bientôt.\n"),
        written_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
        unsubscribe=unsubscribe,
    )


def smtp(port: int, **fields: object) -> SmtpMailer:
    given: dict[str, object] = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender": SENDER,
        "timeout_s": 10,
        **fields,
    }
    return SmtpMailer(MailServer(**given))  # type: ignore[arg-type]  # each field has its type


@pytest.fixture(params=["memory", "folder", "smtp"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Mailer, Sent]]:
    if request.param == "memory":
        memory = MemoryMailer()
        yield memory, lambda: [parsed(each) for each in memory.contents]
    elif request.param == "folder":
        folder = FolderMailer(tmp_path / "mail", sender=SENDER)
        files = tmp_path.glob
        yield folder, lambda: [parsed(each.read_bytes()) for each in sorted(files("mail/*/*"))]
    else:
        with mail_server() as server:
            mailer = smtp(server.port)
            yield mailer, lambda: [parsed(each) for each in server.taken]
            mailer.rest()


def test_deliver__a_letter__arrives_as_it_was_written(way: tuple[Mailer, Sent]) -> None:
    mailer, sent = way
    assert mailer.deliver(letter()).outcome == "accepted"
    (found,) = sent()
    assert found["From"] == f"Coopérative de la rivière <{SENDER}>"
    assert found["To"] == "gardener@river.example"
    assert found["Subject"] == SUBJECT
    assert found["Message-ID"] == mailer.message_id(letter().id)
    assert found["Content-Language"] == "fr"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["List-Unsubscribe"] is None
    assert found.get_content_type() == "text/plain"
    assert found.get_content().splitlines() == ["Vous êtes convoqué.", ".", "À bientôt."]


def test_deliver__again__carries_the_same_bytes(way: tuple[Mailer, Sent]) -> None:
    mailer, sent = way
    mailer.deliver(letter())
    mailer.rest()
    mailer.rest()
    mailer.deliver(letter())
    assert len({each.as_bytes() for each in sent()}) == 1


def test_deliver__several__arrive_each(way: tuple[Mailer, Sent]) -> None:
    mailer, sent = way
    for number in (1, 2, 3):
        mailer.deliver(letter(number=number))
    assert len({each["Message-ID"] for each in sent()}) == 3


def test_deliver__news__can_be_unsubscribed_by_one_request(way: tuple[Mailer, Sent]) -> None:
    mailer, sent = way
    address = f"https://river.example/v1/organisations/river-coop/unsubscribe/{'a' * 96}"
    mailer.deliver(letter(unsubscribe=address))
    (found,) = sent()
    assert found["List-Unsubscribe"] == f"<{address}>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("field", ["subject", "recipient", "sender_name"])
def test_format_message__with_a_line_break_in_a_header__is_never_made(field: str) -> None:
    given = {
        "subject": "Spring",
        "recipient": "a@b.example",
        "sender_name": "River",
        field: HOSTILE,
    }
    message = Outgoing(
        organisation="river-coop",
        id="0" * 32,
        sender_name=given["sender_name"],
        recipient=given["recipient"],
        language="en",
        letter=WordedLetter(given["subject"], "Text.\n"),
        written_at=datetime(2026, 1, 5, tzinfo=UTC),
        unsubscribe=None,
    )
    with pytest.raises(ValueError, match=r"(?i)header|domain|address|CR|invalid"):
        format_message(message, sender=SENDER)


def test_folder__closed_to_others__and_emptied_by_id(tmp_path: Path) -> None:
    folder = FolderMailer(tmp_path / "mail", sender=SENDER)
    folder.deliver(letter(number=1))
    folder.deliver(letter(number=2))
    files = sorted((tmp_path / "mail" / "river-coop").iterdir())
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600, 0o600]
    assert (tmp_path / "mail" / "river-coop").stat().st_mode & 0o777 == 0o700
    folder.discard("river-coop", [f"{1:032x}", f"{3:032x}"])
    assert [path.name for path in (tmp_path / "mail" / "river-coop").iterdir()] == [f"{2:032x}.eml"]
    assert folder.channel == "platform"


def test_folder__swept__keeps_what_is_known_and_what_came_meanwhile(tmp_path: Path) -> None:
    folder = FolderMailer(tmp_path / "mail", sender=SENDER)
    folder.discard_others(lambda: pytest.fail("nothing was written: nothing is asked"))
    for number in (1, 2):
        folder.deliver(letter(number=number))
    (tmp_path / "mail" / "river-coop" / f"{3:032x}.partial").write_bytes(b"half")

    def held() -> list[str]:
        folder.deliver(letter(number=4))
        return [f"{2:032x}"]

    folder.discard_others(held)
    left = {path.name for path in (tmp_path / "mail" / "river-coop").iterdir()}
    assert left == {f"{2:032x}.eml", f"{4:032x}.eml"}


def test_folder__that_cannot_be_made__is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")
    with pytest.raises(UnavailableError):
        FolderMailer(tmp_path / "mail", sender=SENDER).deliver(letter())


def test_smtp__refusals_of_one_letter__stop_no_other_and_name_no_address() -> None:
    with mail_server() as server, ExitStack() as opened:
        mailer = smtp(server.port)
        opened.callback(mailer.rest)
        found = [
            mailer.deliver(letter(f"{name}@river.example", number=number))
            for number, name in enumerate(("unknown", "later", "full", "gardener"))
        ]
        assert [each.outcome for each in found] == ["refused", "deferred", "refused", "accepted"]
        assert found[0].answer == "550 5.1.1 (address) is nobody here"
        assert found[3].answer == "2.0.0 queued as 1 for (address)"
        assert server.recipients == ["gardener@river.example"]


def test_smtp__connection_lost_after_the_text__is_unavailable_and_can_be_repeated() -> None:
    with mail_server() as server, ExitStack() as opened:
        mailer = smtp(server.port)
        opened.callback(mailer.rest)
        server.loses = 1
        with pytest.raises(UnavailableError):
            mailer.deliver(letter())
        assert mailer.deliver(letter()).outcome == "accepted"
        assert len(server.taken) == 2
        assert server.taken[0] == server.taken[1]


def test_smtp__sender_refused__is_unavailable_for_every_letter() -> None:
    with mail_server() as server:
        server.refused_sender = True
        mailer = smtp(server.port)
        with pytest.raises(UnavailableError, match="550"):
            mailer.deliver(letter())
        mailer.rest()


def test_smtp__nobody_listens__is_unavailable() -> None:
    with mail_server() as server:
        port = server.port
    with pytest.raises(UnavailableError):
        smtp(port).deliver(letter())


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_smtp__encrypted__checks_the_certificate_and_logs_in(tmp_path: Path, security: str) -> None:
    password = tmp_path / "password"
    password.write_text("secret\n")
    with mail_server(tls=tmp_path, implicit=security == "tls") as server:
        login = {"username": "post", "password_file": password} if security == "starttls" else {}
        known = smtp(server.port, security=security, ca_file=server.ca_file, **login)
        assert known.deliver(letter()).outcome == "accepted"
        known.rest()
        with pytest.raises(UnavailableError):
            smtp(server.port, security=security, **login).deliver(letter())
        assert len(server.taken) == 1
        assert server.logins == ([b"post"] if login else [])


def test_smtp__wrong_password_or_none_to_be_read__is_unavailable(tmp_path: Path) -> None:
    password = tmp_path / "password"
    with mail_server(tls=tmp_path) as server:
        mailer = smtp(
            server.port,
            security="starttls",
            ca_file=server.ca_file,
            username="post",
            password_file=password,
        )
        with pytest.raises(UnavailableError, match="password file"):
            mailer.deliver(letter())
        password.write_text("wrong\n")
        with pytest.raises(UnavailableError, match="535"):
            mailer.deliver(letter())
        mailer.rest()
        assert server.taken == []


def test_smtp__starttls_asked_of_a_server_without__sends_nothing() -> None:
    with mail_server() as server:
        mailer = smtp(server.port, security="starttls")
        with pytest.raises(UnavailableError):
            mailer.deliver(letter())
        mailer.rest()
        assert server.taken == []


def test_without_addresses__of_a_long_answer__is_one_short_line() -> None:
    assert without_addresses("250 <a@b.example>\r\nqueued") == "250 (address) queued"
    assert len(without_addresses("x" * 1000)) == 200
