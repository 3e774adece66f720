"""Erasing a person: every row about them, what their keys signed, and a mark for backups.

A mark is a keyed hash of organisation and pseudonym (``vault.Vault.mark``): whoever holds a list of marks
alone learns nobody's pseudonym. Marks stand in the database and, for backups, in a file beside it.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sqlalchemy import Table as SqlTable
from sqlalchemy import delete as delete_from
from sqlalchemy import update as change_rows
from sqlmodel import Session, and_, col, delete, or_, select

from anchoring.core.errors import MalformedError
from backend.domain.acts import MemberId, Slug
from backend.domain.errors import NotFoundError
from backend.storage.login_tables import LoginChallengeRow
from backend.storage.personal_tables import PERSONAL_TABLES, PersonalTable
from backend.storage.private_tables import (
    BallotChoiceRow,
    ErasureRow,
    MemberKeyRow,
    RollLineRow,
    SignatureRow,
)
from backend.storage.projection_tables import BallotRow
from backend.storage.tables import EntryRow, Table
from backend.storage.vault import Vault

MARK_BYTES: Final = 32
"""Length of a mark, in bytes."""

_NAMED_AT_ONCE: Final = 500
"""Rows named by one statement: SQLite takes 32,766 parameters, older builds 999."""


def format_marks(marks: Iterable[bytes]) -> bytes:
    """Return the file of marks: one in hexadecimal on each line, ascending."""
    return b"".join(f"{mark.hex()}\n".encode() for mark in sorted(set(marks)))


def parse_marks(content: bytes) -> frozenset[bytes]:
    """Read a file of marks.

    Raises:
        MalformedError: Not as ``format_marks`` writes it.
    """
    try:
        marks = frozenset(bytes.fromhex(line) for line in content.decode("ascii").splitlines())
    except (UnicodeDecodeError, ValueError) as error:
        raise MalformedError("list of erasures", "not hexadecimal") from error
    if any(len(mark) != MARK_BYTES for mark in marks) or format_marks(marks) != content:
        raise MalformedError("list of erasures", f"not marks of {MARK_BYTES} bytes, ascending")
    return marks


def erase_person(session: Session, organisation: Slug, member: MemberId, vault: Vault) -> None:
    """Destroy every row about someone, and keep their mark.

    Args:
        session: A writing transaction of a database that overwrites what is deleted.
        organisation: The ledger.
        member: Their pseudonym.
        vault: Makes the mark.

    Raises:
        NotFoundError: ``person.unknown``: nothing is kept about them.
    """
    ballots = _ballots(session, organisation, member)
    signed = {*ballots, *_signed(session, organisation, member)}
    _delete_of_entries(session, BallotChoiceRow, organisation, ballots)
    _delete_of_entries(session, SignatureRow, organisation, sorted(signed))
    _delete_challenges(session, organisation, member)
    if not sum([_delete_rows(session, each, organisation, member) for each in PERSONAL_TABLES]):
        raise NotFoundError("person", member)
    session.expire_all()
    session.merge(ErasureRow(organisation=organisation, mark=vault.mark(organisation, member)))
    session.flush()


def persons_of(session: Session, organisation: Slug) -> tuple[MemberId, ...]:
    """Return everyone of whom a row of personal data is kept, by pseudonym."""
    found: set[MemberId] = set()
    for personal in PERSONAL_TABLES:
        table: SqlTable = Table.metadata.tables[personal.name]
        for name in personal.members:
            query = select(table.c[name]).where(table.c.organisation == organisation).distinct()
            found.update(session.exec(query))
    return tuple(sorted(found))


def erase_marked(
    session: Session, organisation: Slug, marks: Collection[bytes], vault: Vault
) -> int:
    """Erase whoever has one of some marks; returns how many that were.

    Args:
        session: As for ``erase_person``.
        organisation: The ledger.
        marks: Marks of people who were erased.
        vault: Makes marks.
    """
    done = 0
    for member in persons_of(session, organisation):
        if vault.mark(organisation, member) in marks:
            erase_person(session, organisation, member, vault)
            done += 1
    return done


def _ballots(session: Session, organisation: Slug, member: MemberId) -> Sequence[int]:
    """Return the entries of someone's ballots, as far as rolls still tell whose they are."""
    query = (
        select(BallotRow.entry)
        .join(
            RollLineRow,
            and_(
                col(RollLineRow.organisation) == col(BallotRow.organisation),
                col(RollLineRow.voter) == col(BallotRow.voter),
            ),
        )
        .where(RollLineRow.organisation == organisation, RollLineRow.member == member)
    )
    return session.exec(query).all()


def _signed(session: Session, organisation: Slug, member: MemberId) -> Iterable[int]:
    """Return the entries that someone wrote, or signed with a key of theirs."""
    authored = select(EntryRow.index).where(
        EntryRow.organisation == organisation, EntryRow.by == member
    )
    keys = select(MemberKeyRow.key).where(
        MemberKeyRow.organisation == organisation, MemberKeyRow.member == member
    )
    by_key = select(SignatureRow.index).where(
        SignatureRow.organisation == organisation, col(SignatureRow.key).in_(keys)
    )
    return {*session.exec(authored), *session.exec(by_key)}


def _delete_rows(
    session: Session, personal: PersonalTable, organisation: Slug, member: MemberId
) -> int:
    """Delete the rows about someone, and their pseudonym from rows about others; returns how many went."""
    table = Table.metadata.tables[personal.name]
    own, connection = table.c.organisation == organisation, session.connection()
    about = or_(*(table.c[name] == member for name in personal.members))
    deleted = connection.execute(delete_from(table).where(own, about)).rowcount
    for name in personal.actors:
        acted = table.c[name] == member
        connection.execute(change_rows(table).where(own, acted).values({name: None}))
    return deleted


def _delete_challenges(session: Session, organisation: Slug, member: MemberId) -> None:
    """Delete what someone was asked to log in and has not answered, by pseudonym or wallet."""
    keys = select(MemberKeyRow.key).where(
        MemberKeyRow.organisation == organisation, MemberKeyRow.member == member
    )
    subjects = [member, *(f"0x{key.hex()}" for key in session.exec(keys))]
    session.exec(
        delete(LoginChallengeRow).where(
            col(LoginChallengeRow.organisation) == organisation,
            col(LoginChallengeRow.subject).in_(subjects),
        )
    )


def _delete_of_entries(
    session: Session,
    table: type[SignatureRow | BallotChoiceRow],
    organisation: Slug,
    entries: Sequence[int],
) -> None:
    for start in range(0, len(entries), _NAMED_AT_ONCE):
        some = entries[start : start + _NAMED_AT_ONCE]
        session.exec(
            delete(table).where(col(table.organisation) == organisation, col(table.index).in_(some))
        )
