"""Sessions in the database."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final, cast

from sqlmodel import col, delete, update

from backend.domain.acts import MemberId, Slug
from backend.domain.instants import format_instant
from backend.services.sessions import Assurance, Principal
from backend.storage.database import Database
from backend.storage.session_tables import SessionRow

LIFETIME: Final = timedelta(hours=12)
"""Longest time from login to the end of a session."""

IDLE: Final = timedelta(minutes=30)
"""Longest time without a request."""

_NOTED: Final = timedelta(minutes=1)
"""How exactly the last use is known: not every request writes."""

_TOKEN_BYTES: Final = 32


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
        if row is None:
            return None
        over = row.opened_at < format_instant(now - LIFETIME)
        if over or row.used_at < format_instant(now - IDLE):
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

    def close_all(self, slug: Slug, member: MemberId) -> None:
        """End every session of a member."""
        with self._database.writing() as session:
            session.exec(
                delete(SessionRow).where(
                    col(SessionRow.organisation) == slug, col(SessionRow.member) == member
                )
            )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
