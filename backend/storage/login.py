"""Logging in, in the database."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, delete, func, select

from backend.domain.acts import MemberId, Slug
from backend.domain.instants import format_instant, parse_instant
from backend.domain.login import FAILURES_KEPT, ChallengeKind
from backend.domain.sources import KeyOpening
from backend.services.login_ports import MAX_OUTSTANDING, Challenge
from backend.storage.database import Database
from backend.storage.login_tables import (
    LoginAddressRow,
    LoginChallengeRow,
    LoginFailureRow,
    PasskeyCounterRow,
)
from backend.storage.private_tables import MemberKeyRow
from backend.storage.statements import Row, insert_rows


class SqlChallenges:
    """Implements ``Challenges``.

    Args:
        database: Where they are.
        most: Most of one organisation that wait for an answer.
    """

    def __init__(self, database: Database, *, most: int = MAX_OUTSTANDING) -> None:
        self._database: Final = database
        self._most: Final = most

    def put(self, challenge: Challenge, *, now: datetime) -> None:
        """Keep a challenge; forgets those that expired, and the oldest beyond ``MAX_OUTSTANDING``."""
        with self._database.writing() as session:
            session.exec(
                delete(LoginChallengeRow).where(
                    col(LoginChallengeRow.expires_at) < format_instant(now)
                )
            )
            _make_room(session, challenge.organisation, self._most)
            session.add(
                LoginChallengeRow(
                    organisation=challenge.organisation,
                    id=challenge.id,
                    kind=challenge.kind,
                    browser=challenge.browser,
                    subject=challenge.subject,
                    text=challenge.text,
                    expires_at=challenge.expires_at,
                )
            )

    def take(
        self, slug: Slug, kind: ChallengeKind, *, challenge: str, browser: str, now: datetime
    ) -> Challenge | None:
        """Return a challenge and forget it: of two who take it, one gets it."""
        # The write lock is taken first, so that nobody else reads the row before it is gone.
        with self._database.writing() as session:
            row = session.get(LoginChallengeRow, (slug, challenge))
            if row is None or row.kind != kind or row.browser != browser:
                return None
            session.delete(row)
            if row.expires_at < format_instant(now):
                return None
            return Challenge(
                organisation=row.organisation,
                kind=kind,
                id=row.id,
                browser=row.browser,
                subject=row.subject,
                text=row.text,
                expires_at=row.expires_at,
            )


class SqlLockouts:
    """Implements ``Lockouts``.

    Args:
        database: Where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def locked_until(self, slug: Slug, subject: str, *, now: datetime) -> datetime | None:
        """Return until when a subject waits, None if it does not."""
        with self._database.reading() as session:
            row = session.get(LoginFailureRow, (slug, subject))
        if row is None or row.locked_until <= format_instant(now):
            return None
        return parse_instant(row.locked_until)

    def fail(
        self, slug: Slug, subject: str, wait: Callable[[int], timedelta], *, now: datetime
    ) -> None:
        """Count a failure of a subject; forgets those that are too old to count."""
        with self._database.writing() as session:
            old = col(LoginFailureRow.failed_at) < format_instant(now - FAILURES_KEPT)
            session.exec(delete(LoginFailureRow).where(old))
            row = session.get(LoginFailureRow, (slug, subject))
            failures = 1 if row is None else row.failures + 1
            session.merge(
                LoginFailureRow(
                    organisation=slug,
                    subject=subject,
                    failures=failures,
                    failed_at=format_instant(now),
                    locked_until=format_instant(now + wait(failures)),
                )
            )

    def forget(self, slug: Slug, subject: str) -> None:
        """Forget the failures of a subject."""
        with self._database.writing() as session:
            session.exec(
                delete(LoginFailureRow).where(
                    col(LoginFailureRow.organisation) == slug,
                    col(LoginFailureRow.subject) == subject,
                )
            )


class SqlHeldKeys:
    """Implements ``HeldKeys``.

    Args:
        database: Where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def holder(self, slug: Slug, key: bytes) -> tuple[MemberId, KeyOpening] | None:
        """Return whose key it is and what opens its commitment, None where nobody's."""
        query = select(MemberKeyRow).where(
            MemberKeyRow.organisation == slug, MemberKeyRow.key == key
        )
        with self._database.reading() as session:
            row = session.exec(query).first()
        return None if row is None else (row.member, KeyOpening(row.key, row.salt))

    def held_by(self, slug: Slug, member: MemberId) -> tuple[KeyOpening, ...]:
        """Return what opens the key commitments of a member; none for who is unknown."""
        query = (
            select(MemberKeyRow)
            .where(MemberKeyRow.organisation == slug, MemberKeyRow.member == member)
            .order_by(col(MemberKeyRow.key))
        )
        with self._database.reading() as session:
            rows = session.exec(query).all()
        return tuple(KeyOpening(row.key, row.salt) for row in rows)


class SqlSignCounters:
    """Implements ``SignCounters``.

    Args:
        database: Where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def advance(self, slug: Slug, member: MemberId, key: bytes, count: int) -> bool:
        """Keep a counter and tell whether it may be believed."""
        key_hash = hashlib.sha256(key).hexdigest()
        with self._database.writing() as session:
            row = session.get(PasskeyCounterRow, (slug, member, key_hash))
            known = 0 if row is None else row.count
            if count <= known:
                return count == known == 0
            session.merge(
                PasskeyCounterRow(organisation=slug, member=member, key_hash=key_hash, count=count)
            )
            return True


class SqlLoginAddresses:
    """Implements ``LoginAddresses``.

    Args:
        database: Where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def members(self, slug: Slug, address: bytes) -> tuple[MemberId, ...]:
        """Return who declared an address, by pseudonym."""
        query = (
            select(LoginAddressRow.member)
            .where(LoginAddressRow.organisation == slug, LoginAddressRow.address == address)
            .order_by(col(LoginAddressRow.member))
        )
        with self._database.reading() as session:
            return tuple(session.exec(query))


def keep_address(
    session: Session, organisation: Slug, member: MemberId, address: bytes | None
) -> None:
    """Keep what finds a member by their address, in place of what was kept before.

    Args:
        session: The transaction.
        organisation: The ledger.
        member: Who.
        address: From ``address_hash``; None where none is declared.
    """
    if address is not None:
        session.merge(LoginAddressRow(organisation=organisation, member=member, address=address))
        return
    session.exec(
        delete(LoginAddressRow).where(
            col(LoginAddressRow.organisation) == organisation, col(LoginAddressRow.member) == member
        )
    )


def add_addresses(
    session: Session, organisation: Slug, addresses: Mapping[MemberId, bytes | None]
) -> None:
    """Keep what finds people by their address of whom nothing is kept yet; None where none is declared."""
    rows: list[Row] = [
        {"organisation": organisation, "member": member, "address": address}
        for member, address in addresses.items()
        if address is not None
    ]
    insert_rows(session.connection(), LoginAddressRow, rows)


def _make_room(session: Session, organisation: Slug, most: int) -> None:
    of_organisation = LoginChallengeRow.organisation == organisation
    count = session.exec(
        select(func.count()).select_from(LoginChallengeRow).where(of_organisation)
    ).one()
    if count < most:
        return
    oldest = (
        select(LoginChallengeRow)
        .where(of_organisation)
        .order_by(col(LoginChallengeRow.expires_at))
        .limit(count - most + 1)
    )
    for row in session.exec(oldest).all():
        session.delete(row)
    session.flush()
