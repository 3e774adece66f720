"""Letters as files of this machine, for servers that have no mail server.

Nothing leaves by it: members read their letters on the platform, and whoever runs the server can pass a file
on. So a letter that lies here is a notice on the platform, never one by e-mail.
"""

import os
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Final

from anchoring.core.errors import UnavailableError
from backend.domain.acts import NoticeChannel, Slug
from backend.mail.message import format_message, message_id
from backend.services.mailer import Delivery, Outgoing


class FolderMailer:
    """Implements ``Mailer``: one file ``<organisation>/<id>.eml`` for each letter, closed to others.

    Args:
        root: The folder; made when the first letter leaves.
        sender: Address of the sender.
    """

    def __init__(self, root: Path, *, sender: str) -> None:
        self._root: Final = root
        self._sender: Final = sender

    @property
    def channel(self) -> NoticeChannel:
        """Members read these letters on the platform."""
        return "platform"

    def message_id(self, letter: str) -> str:
        """Return the Message-ID of the letter with an id, in angle brackets."""
        return message_id(letter, self._sender)

    def deliver(self, message: Outgoing) -> Delivery:
        """Write a letter; one that was written before is replaced.

        Raises:
            UnavailableError: The folder cannot be written to.
        """
        path = self._path(message.organisation, message.id)
        partial = path.with_suffix(".partial")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(format_message(message, sender=self._sender))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError as error:
            raise UnavailableError("mail folder", error.strerror or type(error).__name__) from error
        return Delivery("accepted", "written to the folder of the server")

    def rest(self) -> None:
        """Do nothing: no file stays open."""

    def discard(self, organisation: Slug, letters: Sequence[str]) -> None:
        """Delete letters that were written; harmless where there are none.

        Args:
            organisation: The organisation.
            letters: Their ids.

        Raises:
            UnavailableError: A file cannot be deleted.
        """
        try:
            for letter in letters:
                path = self._path(organisation, letter)
                path.unlink(missing_ok=True)
                path.with_suffix(".partial").unlink(missing_ok=True)
        except OSError as error:
            raise UnavailableError("mail folder", error.strerror or type(error).__name__) from error

    def discard_others(self, held: Callable[[], Collection[str]]) -> None:
        """Delete every letter that is known no more.

        Args:
            held: Gives the ids of the letters that are; asked after the files were listed, so that whatever
                is written meanwhile is left alone.

        Raises:
            UnavailableError: A file cannot be deleted.
        """
        try:
            written = sorted(self._root.glob("*/*"))
            known = frozenset(held()) if written else frozenset[str]()
            for path in written:
                if path.stem not in known:
                    path.unlink(missing_ok=True)
        except OSError as error:
            raise UnavailableError("mail folder", error.strerror or type(error).__name__) from error

    def _path(self, organisation: Slug, letter: str) -> Path:
        return self._root / organisation / f"{letter}.eml"
