"""A mail server of a test, on a port of 127.0.0.1: real SMTP, with refusals and losses on demand."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOGIN = (b"post", b"secret")
"""Name and password that let one in."""


@dataclass
class MailServer:
    """What a server took, and what it does to whom."""

    port: int = 0
    ca_file: Path | None = None
    taken: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)
    refused_sender: bool = False
    loses: int = 0
    """How many of the next letters are taken without an answer."""

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's spelling
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session
        if self.refused_sender:
            return "550 5.7.1 not from you"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's spelling
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address.startswith("unknown@"):
            return f"550 5.1.1 <{address}> is nobody here"
        if address.startswith("later@"):
            return f"451 4.7.1 <{address}> come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's spelling
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del session
        if "full@" in envelope.rcpt_tos[0]:
            return "552 5.2.2 mailbox is full"
        content = envelope.original_content
        assert content is not None
        self.taken.append(content)
        self.recipients.extend(envelope.rcpt_tos)
        if self.loses:
            self.loses -= 1
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return f"250 2.0.0 queued as {len(self.taken)} for {envelope.rcpt_tos[0]}"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        del server, session, envelope, mechanism
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login)
        return AuthResult(success=(data.login, data.password) == LOGIN, handled=False)


@contextmanager
def mail_server(*, tls: Path | None = None, implicit: bool = False) -> Iterator[MailServer]:
    """Run a mail server in a thread.

    Args:
        tls: Folder for a certificate; with one, STARTTLS is demanded, and a login.
        implicit: Whether it is encrypted from the start instead.
    """
    found = MailServer()
    context = None
    if tls is not None:
        context, found.ca_file = _certificate(tls)
    loop = asyncio.new_event_loop()
    listening = socket.create_server(("127.0.0.1", 0))
    found.port = listening.getsockname()[1]

    def protocol() -> SMTP:
        starttls = context is not None and not implicit
        return SMTP(
            found,
            hostname="mail.example",
            loop=loop,
            tls_context=context if starttls else None,
            require_starttls=starttls,
            auth_required=starttls,
            authenticator=found.authenticate if starttls else None,
        )

    server = loop.run_until_complete(
        loop.create_server(protocol, sock=listening, ssl=context if implicit else None)
    )
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield found
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    own = asyncio.current_task()
    for task in asyncio.all_tasks() - {own}:
        task.cancel()
    await asyncio.sleep(0)


def _certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "mail.pem", folder / "mail.key"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public
