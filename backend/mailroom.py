"""Letters to members put together: the outbox, the way by which letters leave, who gets them."""

from functools import partial
from typing import Final

from anchoring.ports import Clock
from backend.archive import Archive
from backend.domain.acts import MemberId, SigningDomain, Slug
from backend.mail.smtp import MailServer, SmtpMailer
from backend.services.founding_desk import FoundingDesk, InvitedPersons
from backend.services.letters import Asked
from backend.services.mailer import Mailer
from backend.services.persons import Persons
from backend.services.ports import Ports
from backend.services.posting import KnownPersons, PostOffice
from backend.services.unsubscribing import letter_of, unsubscribe_address
from backend.services.views import MAX_PAGE
from backend.settings import Settings
from backend.storage.founding_drafts import SqlFoundingDrafts
from backend.storage.post import SqlPost
from backend.storage.sealing import Sealer


class Mailroom:
    """Everything that letters need, on one server.

    Args:
        settings: Says by what letters leave, and where members reach the server.
        archive: What the server keeps.
        persons: What members declared.
        clock: Current time.
    """

    def __init__(
        self, settings: Settings, archive: Archive, persons: Persons, clock: Clock
    ) -> None:
        key = archive.keys.post_key()
        database, sealer = archive.database, Sealer(key)
        self._settings: Final = settings
        self._folder: Final = archive.letter_folder
        self.letters: Final = SqlPost(database, sealer)
        """The outbox."""
        self.drafts: Final = SqlFoundingDrafts(database, sealer, self.forget)
        """Foundings that are being prepared."""
        self.letter_of: Final = partial(letter_of, key=key)
        """Gives the id of the letter whose link unsubscribes; raises ``NotFoundError``."""
        self.office: Final = PostOffice(
            letters=self.letters,
            recipients=(
                KnownPersons(persons, archive.reads),
                InvitedPersons(self.drafts),
            ),
            mailer=self._mailer(),
            reads=archive.reads,
            private=archive.private,
            clock=clock,
            address=settings.public_address,
            unsubscribe=partial(unsubscribe_address, settings.public_address, key=key),
        )
        """What sends letters."""

    def forget(self, slug: Slug, member: MemberId) -> None:
        """Destroy letters to a member, in the database and in the folder, and what is known of their wishes.

        Raises:
            UnavailableError: The database or the folder did not answer; call it again.
        """
        written = self.letters.page(slug, Asked(member=member, limit=MAX_PAGE))
        while written:
            # Files first: the database alone knows which they are.
            self._folder.discard(slug, [each.id for each in written])
            after = written[-1].cursor
            written = self.letters.page(slug, Asked(member=member, after=after, limit=MAX_PAGE))
        self.letters.forget(slug, member)

    def founding_desk(self, ports: Ports, signing: SigningDomain) -> FoundingDesk:
        """Return what preparing a founding needs.

        Args:
            ports: The world.
            signing: Where signatures of organisations founded here are valid.
        """
        return FoundingDesk(
            ports=ports,
            drafts=self.drafts,
            post=self.letters,
            host=self._settings.origin_host,
            signing=signing,
            address=self._settings.public_address,
        )

    def _mailer(self) -> Mailer:
        server = self._settings.smtp
        if server is None:
            return self._folder
        return SmtpMailer(MailServer(sender=self._settings.mail.sender, **dict(server)))
