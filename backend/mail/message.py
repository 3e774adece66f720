"""Letters as messages of the Internet (RFC 5322, https://www.rfc-editor.org/rfc/rfc5322), in plain text."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from backend.services.mailer import Outgoing

_WIDE: Final = SMTP.clone(max_line_length=998)
"""Headers are not folded: what folds a long address without spaces would break it. 998 is the limit of
RFC 5322 section 2.1.1."""


def message_id(letter: str, sender: str) -> str:
    """Return the Message-ID of a letter, in angle brackets.

    Args:
        letter: Id of the letter.
        sender: Address of the sender; its host names the place where the id is unique.
    """
    return f"<{letter}@{sender.rpartition('@')[2]}>"


def format_message(message: Outgoing, *, sender: str) -> bytes:
    """Return the bytes of a message; the same for the same letter, whenever it is sent.

    Args:
        message: The letter.
        sender: Address of the sender.
    """
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(message.sender_name, addr_spec=sender)
    made["To"] = Address(addr_spec=message.recipient)
    made["Subject"] = message.letter.subject
    made["Date"] = format_datetime(message.written_at)
    made["Message-ID"] = message_id(message.id, sender)
    # RFC 3834, https://www.rfc-editor.org/rfc/rfc3834: holiday notices do not answer.
    made["Auto-Submitted"] = "auto-generated"
    if message.unsubscribe is not None:
        # RFC 8058, https://www.rfc-editor.org/rfc/rfc8058: one request without questions.
        made["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(message.letter.text, charset="utf-8", cte="quoted-printable")
    # After the content, which takes every header of its kind away.
    made["Content-Language"] = message.language
    return made.as_bytes(policy=_WIDE)
