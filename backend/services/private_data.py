"""What lies beside the ledgers on persons, beyond what they declared: a port."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from backend.domain.acts import MemberId, Slug, VoterId
from backend.domain.commitments import Hex32
from backend.domain.purposes import Answer

HeldRow = Mapping[str, str | int | None]
"""One row by column name; bytes as lowercase hex."""


@dataclass(frozen=True, slots=True)
class LinkedBallot:
    """A ballot of which the roll still tells whose it is."""

    entry: int
    """Its entry."""
    motion: Slug
    """The motion."""
    decision: Hex32
    """The decision."""
    voter: VoterId
    """Pseudonym for that decision."""
    choice: str | None
    """The choice, None where its private opening was destroyed."""


class PrivateData(Protocol):
    """Reads, changes and settles what lies beside the ledgers; nothing here may be put in an entry or a log.

    Trust: the caller has made sure that whoever asks is the person, or may act for the organisation.
    """

    def answers(self, slug: Slug, member: MemberId) -> tuple[Answer, ...]:
        """Return what someone answered to requests for consent, oldest first."""
        ...

    def add_answer(
        self, slug: Slug, member: MemberId, decide: Callable[[Sequence[Answer]], Answer]
    ) -> Answer:
        """Keep one more answer of someone, in one transaction with the reading of those before.

        Args:
            slug: The organisation.
            member: Who answers.
            decide: Returns the answer, given those before, oldest first; what it raises, nothing is kept of.
        """
        ...

    def salt(self, slug: Slug, member: MemberId) -> bytes | None:
        """Return the salt of the commitment to someone's declaration, 32 bytes; None where there is none."""
        ...

    def representative(self, slug: Slug, member: MemberId) -> Mapping[str, str] | None:
        """Return the facts of who acts for an organisation that is a member; None where nobody does."""
        ...

    def rows(self, slug: Slug, member: MemberId) -> Mapping[str, Sequence[HeldRow]]:
        """Return every row of personal data about someone by table; secrets of the server are left out."""
        ...

    def ballots(self, slug: Slug, member: MemberId) -> tuple[LinkedBallot, ...]:
        """Return someone's ballots that can still be told to be theirs, by entry."""
        ...

    def declared(self, slug: Slug, among: Collection[MemberId]) -> tuple[MemberId, ...]:
        """Return those of some people whose declaration is kept, by pseudonym."""
        ...

    def has_unsettled(self) -> bool:
        """Tell whether somebody was erased whose mark is not published: ``settle_erasures`` is owed."""
        ...

    def settle_erasures(self) -> None:
        """Make what was erased unreadable in the files of the database, and publish the marks for backups.

        Letters that lie in the folder of the server and are no more known are deleted with it.

        Durability: the file of marks holds every mark of the database, and those it held before. Harmless to
        repeat.

        Raises:
            UnavailableError: Somebody kept it from doing so; call it again.
        """
        ...
