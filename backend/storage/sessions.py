"""Sessions in the database."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import ColumnElement
from sqlmodel import col, delete, select, update

from backend.domain.acts import MemberId, Slug
from backend.domain.instants import format_instant
from backend.services.sessions import Assurance, OpenSession, Principal
from backend.storage.database import Database
from backend.storage.session_tables import SessionRow

LIFETIME: Final = timedelta(hours=12)
"""Longest time from login to the end of a session."""

IDLE: Final = timedelta(minutes=30)
"""Longest time without a request."""

_NOTED: Final = timedelta(minutes=1)
"""How exactly the last use is known: not every request writes."""

_TOKEN_BYTES: Final = 32
_ID_DIGITS: Final = 16


class SqlSessions:
    """Implements ``Sessions``.

    Args:
        database: Where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def open(self, principal: Principal, *, now: datetime) -> str:
        """Open a session and return its token."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        at = format_instant(now)
        with self._database.writing() as session:
            over = col(SessionRow.opened_at) < format_instant(now - LIFETIME)
            session.exec(delete(SessionRow).where(over))
            session.add(
                SessionRow(
                    token_hash=_hashed(token),
                    organisation=principal.organisation,
                    member=principal.member,
                    assurance=principal.assurance,
                    opened_at=at,
                    used_at=at,
                )
            )
        return token

    def principal(self, slug: Slug, token: str, *, now: datetime) -> Principal | None:
        """Return who a token stands for; None where it is unknown, over, or another organisation's."""
        with self._database.reading() as session:
            row = session.get(SessionRow, (slug, _hashed(token)))
        if row is None or _over(row, now):
            return None
        if row.used_at < format_instant(now - _NOTED):
            with self._database.writing() as session:
                session.exec(
                    update(SessionRow)
                    .where(
                        col(SessionRow.organisation) == slug,
                        col(SessionRow.token_hash) == row.token_hash,
                    )
                    .values(used_at=format_instant(now))
                )
        return Principal(row.organisation, row.member, cast("Assurance", row.assurance))

    def close(self, slug: Slug, token: str) -> None:
        """End a session; harmless to repeat."""
        with self._database.writing() as session:
            session.exec(
                delete(SessionRow).where(
                    col(SessionRow.organisation) == slug,
                    col(SessionRow.token_hash) == _hashed(token),
                )
            )

    def id_of(self, token: str) -> str:
        """Return the id under which a token's session is listed."""
        return _hashed(token)[:_ID_DIGITS]

    def open_sessions(
        self, slug: Slug, member: MemberId, *, now: datetime
    ) -> tuple[OpenSession, ...]:
        """Return the sessions of a member that are not over, oldest first."""
        query = (
            select(SessionRow)
            .where(*_of(slug, member))
            .order_by(col(SessionRow.opened_at), col(SessionRow.token_hash))
        )
        with self._database.reading() as session:
            rows = session.exec(query).all()
        return tuple(
            OpenSession(
                row.token_hash[:_ID_DIGITS],
                cast("Assurance", row.assurance),
                row.opened_at,
                row.used_at,
            )
            for row in rows
            if not _over(row, now)
        )

    def close_one(self, slug: Slug, member: MemberId, session: str) -> None:
        """End the session of a member that has an id; harmless to repeat."""
        named = col(SessionRow.token_hash).startswith(session, autoescape=True)
        with self._database.writing() as transaction:
            transaction.exec(delete(SessionRow).where(*_of(slug, member), named))

    def close_others(self, slug: Slug, member: MemberId, token: str) -> None:
        """End every session of a member but the one of a token."""
        other = col(SessionRow.token_hash) != _hashed(token)
        with self._database.writing() as transaction:
            transaction.exec(delete(SessionRow).where(*_of(slug, member), other))

    def close_all(self, slug: Slug, member: MemberId) -> None:
        """End every session of a member."""
        with self._database.writing() as session:
            session.exec(delete(SessionRow).where(*_of(slug, member)))


def _of(slug: Slug, member: MemberId) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(SessionRow.organisation) == slug, col(SessionRow.member) == member


def _over(row: SessionRow, now: datetime) -> bool:
    too_old = row.opened_at < format_instant(now - LIFETIME)
    return too_old or row.used_at < format_instant(now - IDLE)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
