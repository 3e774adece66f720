"""Letters through a mail server (RFC 5321, https://www.rfc-editor.org/rfc/rfc5321).

A refusal of one letter is told apart from a server that takes none. Whatever the server says of an address is
cut out of what is kept or logged: an address is personal.
"""

import asyncio
import re
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeVar

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from anchoring.core.errors import UnavailableError
from backend.domain.acts import NoticeChannel, Slug
from backend.domain.letters import one_line
from backend.mail.message import format_message, message_id
from backend.services.mailer import Delivery, Outgoing

MAX_ANSWER_LENGTH: Final = 200
"""Longest answer kept, in characters."""

_T = TypeVar("_T")
_WITH_ADDRESS: Final = re.compile(r"\S*@\S*")
_FOR_EVER: Final = 500
"""From this code on a refusal is for ever (RFC 5321 section 4.2.1)."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where and how a mail server is reached."""

    host: str
    """Name or address."""
    port: int
    """Port."""
    security: Literal["starttls", "tls", "none"]
    """Encrypted after STARTTLS, from the start, or not at all; the first two check the certificate."""
    sender: str
    """Address of the sender."""
    timeout_s: int
    """Longest wait for each answer, in seconds."""
    ca_file: Path | None = None
    """Certificates that are trusted besides the machine's."""
    username: str | None = None
    """Name to log in with; None to send without."""
    password_file: Path | None = None
    """File whose first line is the password."""


class SmtpMailer:
    """Implements ``Mailer`` over one connection, opened for the first letter and closed by ``rest``.

    Args:
        server: The mail server.
    """

    def __init__(self, server: MailServer) -> None:
        self._server: Final = server
        self._runner: asyncio.Runner | None = None
        self._client: SMTP | None = None

    @property
    def channel(self) -> NoticeChannel:
        """Members are told by e-mail."""
        return "email"

    def message_id(self, letter: str) -> str:
        """Return the Message-ID of the letter with an id, in angle brackets."""
        return message_id(letter, self._server.sender)

    def deliver(self, message: Outgoing) -> Delivery:
        """Hand a letter to the mail server.

        Raises:
            UnavailableError: It cannot be reached or trusted, does not let us in, refuses the sender, or
                broke off; no address is in the text of the error.
        """
        content = format_message(message, sender=self._server.sender)
        try:
            client = self._client or self._connected()
            _, text = self._run(client.sendmail(self._server.sender, [message.recipient], content))
        except SMTPRecipientsRefused as error:
            return _refusal(error.recipients[0])
        except SMTPDataError as error:
            return _refusal(error)
        except SMTPResponseException as error:
            raise self._unavailable(f"it answered {error.code}") from error
        except (SMTPException, OSError) as error:
            raise self._unavailable(type(error).__name__) from error
        return Delivery("accepted", without_addresses(text))

    def discard(self, organisation: Slug, letters: Sequence[str]) -> None:
        """Do nothing: what left cannot be called back."""

    def rest(self) -> None:
        """Take leave of the server; harmless to repeat."""
        if self._client is not None:
            with suppress(SMTPException, OSError):
                self._run(self._client.quit())
        self._drop()

    def _connected(self) -> SMTP:
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=self._password(),
            # The name of the machine is nobody's business, and asking for it may take long.
            local_hostname=server.sender.rpartition("@")[2],
            timeout=server.timeout_s,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            cert_bundle=None if server.ca_file is None else str(server.ca_file),
        )
        self._run(client.connect())
        self._client = client
        return client

    def _password(self) -> str | None:
        path = self._server.password_file
        if path is None:
            return None
        try:
            return path.read_text("utf-8").splitlines()[0]
        except (OSError, UnicodeDecodeError, IndexError) as error:
            raise self._unavailable("the password file holds no line that can be read") from error

    def _run(self, step: Awaitable[_T]) -> _T:
        if self._runner is None:
            self._runner = asyncio.Runner()

        async def awaited() -> _T:
            return await step

        return self._runner.run(awaited())

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
        if self._runner is not None:
            self._runner.close()
            self._runner = None

    def _unavailable(self, reason: str) -> UnavailableError:
        # What is left of the conversation is not worth a farewell.
        self._drop()
        return UnavailableError("mail server", reason)


def without_addresses(text: str) -> str:
    """Return what a server said, on one line, at most ``MAX_ANSWER_LENGTH`` characters, addresses cut out."""
    return _WITH_ADDRESS.sub("(address)", one_line(text))[:MAX_ANSWER_LENGTH]


def _refusal(error: SMTPResponseException) -> Delivery:
    outcome: Final = "refused" if error.code >= _FOR_EVER else "deferred"
    return Delivery(outcome, without_addresses(f"{error.code} {error.message}"))
