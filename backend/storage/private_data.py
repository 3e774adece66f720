"""What lies beside the ledgers on persons, in the database."""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

import sqlalchemy
from sqlmodel import Session, and_, col, or_, select

from anchoring.core.errors import UnavailableError
from backend.domain.acts import MemberId, Slug
from backend.domain.purposes import Answer
from backend.services.private_data import HeldRow, LinkedBallot
from backend.storage.database import Database
from backend.storage.erasure import format_marks, parse_marks
from backend.storage.mail_tables import MailRow
from backend.storage.personal_tables import PERSONAL_TABLES, PersonalTable
from backend.storage.persons import NAMED_AT_ONCE, SealedPersons
from backend.storage.private_tables import BallotChoiceRow, ErasureRow, PersonRow, RollLineRow
from backend.storage.projection_tables import BallotRow
from backend.storage.tables import Table
from backend.storage.vault import Vault


class SqlPrivateData:
    """Implements ``PrivateData``.

    Args:
        database: Where it is.
        vault: Seals and opens it.
        marks: File of the marks of those who were erased.
        discard_letters: Deletes the files of letters but those whose ids it is given when it asks.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        marks: Path,
        discard_letters: Callable[[Callable[[], Collection[str]]], None],
    ) -> None:
        self._database: Final = database
        self._sealed: Final = SealedPersons(vault)
        self._marks: Final = marks
        self._discard_letters: Final = discard_letters
        self._own_mark: Final = vault.own_mark

    def answers(self, slug: Slug, member: MemberId) -> tuple[Answer, ...]:
        """Return what someone answered to requests for consent, oldest first."""
        with self._database.reading() as session:
            return self._sealed.answers(session, slug, member)

    def add_answer(
        self, slug: Slug, member: MemberId, decide: Callable[[Sequence[Answer]], Answer]
    ) -> Answer:
        """Keep one more answer of someone."""
        with self._database.writing() as session:
            answer = decide(self._sealed.answers(session, slug, member))
            self._sealed.add_answers(session, slug, member, (answer,))
        return answer

    def salt(self, slug: Slug, member: MemberId) -> bytes | None:
        """Return the salt of the commitment to someone's declaration; None where there is none."""
        with self._database.reading() as session:
            return self._sealed.salt(session, slug, member)

    def representative(self, slug: Slug, member: MemberId) -> Mapping[str, str] | None:
        """Return the facts of who acts for an organisation that is a member; None where nobody does."""
        with self._database.reading() as session:
            return self._sealed.representative(session, slug, member)

    def rows(self, slug: Slug, member: MemberId) -> Mapping[str, Sequence[HeldRow]]:
        """Return every row of personal data about someone by table."""
        with self._database.reading() as session:
            return {each.name: _rows(session, each, slug, member) for each in PERSONAL_TABLES}

    def ballots(self, slug: Slug, member: MemberId) -> tuple[LinkedBallot, ...]:
        """Return someone's ballots that can still be told to be theirs, by entry."""
        query = (
            select(BallotRow, RollLineRow, BallotChoiceRow)
            .join(
                RollLineRow,
                and_(
                    col(RollLineRow.organisation) == col(BallotRow.organisation),
                    col(RollLineRow.voter) == col(BallotRow.voter),
                ),
            )
            .outerjoin(
                BallotChoiceRow,
                and_(
                    col(BallotChoiceRow.organisation) == col(BallotRow.organisation),
                    col(BallotChoiceRow.index) == col(BallotRow.entry),
                ),
            )
            .where(RollLineRow.organisation == slug, RollLineRow.member == member)
            .order_by(col(BallotRow.entry))
        )
        with self._database.reading() as session:
            found: list[tuple[BallotRow, RollLineRow, BallotChoiceRow | None]] = [
                (ballot, line, choice) for ballot, line, choice in session.exec(query).all()
            ]
        return tuple(
            LinkedBallot(
                ballot.entry,
                ballot.motion,
                line.decision,
                line.voter,
                None if choice is None else choice.choice,
            )
            for ballot, line, choice in found
        )

    def declared(self, slug: Slug, among: Collection[MemberId]) -> tuple[MemberId, ...]:
        """Return those of some people whose declaration is kept, by pseudonym."""
        asked, found = sorted(among), list[MemberId]()
        with self._database.reading() as session:
            for start in range(0, len(asked), NAMED_AT_ONCE):
                some = asked[start : start + NAMED_AT_ONCE]
                query = select(PersonRow.member).where(
                    PersonRow.organisation == slug, col(PersonRow.member).in_(some)
                )
                found.extend(session.exec(query))
        return tuple(sorted(found))

    def has_unsettled(self) -> bool:
        """Tell whether somebody was erased whose mark is not published."""
        return not self._held_marks() <= read_marks(self._marks)

    def settle_erasures(self) -> None:
        """Make what was erased unreadable in files, of letters too, and publish the marks."""
        self._discard_letters(self._letters)
        self._database.compact()
        publish_marks(self._marks, self._held_marks() | {self._own_mark()})

    def _letters(self) -> frozenset[str]:
        with self._database.reading() as session:
            return frozenset(session.exec(select(MailRow.id)))

    def _held_marks(self) -> frozenset[bytes]:
        with self._database.reading() as session:
            return frozenset(session.exec(select(ErasureRow.mark)))


def read_marks(path: Path) -> frozenset[bytes]:
    """Return the marks of a file, none where there is no file.

    Raises:
        MalformedError: Not such a file.
        UnavailableError: It cannot be read.
    """
    try:
        return parse_marks(path.read_bytes()) if path.exists() else frozenset()
    except OSError as error:
        raise UnavailableError(str(path), error.strerror or str(error)) from error


def publish_marks(path: Path, marks: frozenset[bytes]) -> None:
    """Add marks to those of a file, which is replaced as a whole.

    Raises:
        MalformedError: What is there is no file of marks.
        UnavailableError: It cannot be read or written.
    """
    known = read_marks(path)
    if marks <= known:
        return
    temporary = path.with_name(f".{path.name}")
    try:
        with temporary.open("wb") as file:
            file.write(format_marks(known | marks))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise UnavailableError(str(path), error.strerror or str(error)) from error


def _rows(session: Session, personal: PersonalTable, slug: Slug, member: MemberId) -> list[HeldRow]:
    table = Table.metadata.tables[personal.name]
    shown = [
        column for column in table.columns if column.name not in {*personal.hidden, "organisation"}
    ]
    query = (
        sqlalchemy.select(*shown)
        .where(
            table.c.organisation == slug,
            or_(*(table.c[name] == member for name in personal.members)),
        )
        .order_by(*table.primary_key.columns)
    )
    return [
        {name: _plain(value) for name, value in row.items()}
        for row in session.connection().execute(query).mappings()
    ]


def _plain(value: object) -> str | int | None:
    if isinstance(value, bytes):
        return value.hex()
    return value if isinstance(value, int) or value is None else str(value)
