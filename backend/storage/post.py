"""The outbox of letters in the database."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, cast

import msgspec
from sqlalchemy import tuple_
from sqlmodel import Session, col, delete, select, update

from backend.domain.acts import MemberId, NoticeChannel, Slug
from backend.domain.announcements import Announcement
from backend.domain.assemblies.notices import Notice
from backend.domain.errors import NotFoundError
from backend.domain.instants import Instant, format_instant
from backend.domain.letters import SECRET_PLACES, LetterKind, check_values, kind_of, wiped
from backend.services.letters import Asked, Ending, Letter, LetterState, LetterView
from backend.storage.database import Database
from backend.storage.mail_tables import (
    MailCursorRow,
    MailRow,
    ManualNoticeRow,
    NewsRefusalRow,
)
from backend.storage.sealing import Sealer
from backend.storage.statements import insert_rows

WAITING: Final = ("queued", "failed")
"""States of letters that are still to be handed on."""

_PLACES: Final[Mapping[LetterKind, int]] = {"service": 0, "legal": 1, "news": 2}
_ID_BYTES: Final = 16
_INSTANT_LENGTH: Final = 24
_VALUES: Final = msgspec.json.Decoder(dict[str, str])


class SqlPost:
    """Implements ``Post`` and ``Letters``.

    What opens something is sealed while its letter waits, so that a copy of the database alone opens nothing.

    Args:
        database: Where they are.
        sealer: Seals what opens something.
    """

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database: Final = database
        self._sealer: Final = sealer

    def queue(
        self,
        slug: Slug,
        member: MemberId,
        template: str,
        values: Mapping[str, str],
        *,
        now: datetime,
    ) -> None:
        """Queue a letter to a member.

        Raises:
            NotFoundError: No such template.
            InvalidInputError: ``letter.values``: they are not its places.
        """
        asked = Announcement(member, template, values)
        with self._database.writing() as session:
            insert_rows(
                session.connection(), MailRow, [self._row(slug, asked, None, format_instant(now))]
            )

    def announced(self, slug: Slug) -> int:
        """Return how many entries of a ledger were turned into letters."""
        with self._database.reading() as session:
            row = session.get(MailCursorRow, slug)
        return 0 if row is None else row.size

    def announce(
        self,
        slug: Slug,
        announcements: Sequence[tuple[int, Announcement]],
        *,
        start: int,
        end: int,
        now: datetime,
    ) -> None:
        """Queue what the entries from ``start`` to before ``end`` give rise to, all or none of it, once."""
        at = format_instant(now)
        with self._database.writing() as session:
            cursor = session.exec(
                select(MailCursorRow).where(MailCursorRow.organisation == slug).with_for_update()
            ).one_or_none()
            if (0 if cursor is None else cursor.size) != start:
                return
            session.merge(MailCursorRow(organisation=slug, size=end))
            session.flush()
            rows = [self._row(slug, each, entry, at) for entry, each in announcements]
            insert_rows(session.connection(), MailRow, rows)

    def claim(self, *, now: datetime, until: datetime, limit: int) -> tuple[Letter, ...]:
        """Take letters that are due; nobody else gets them before ``until``."""
        query = (
            select(MailRow)
            .where(col(MailRow.state).in_(WAITING), col(MailRow.next_at) <= format_instant(now))
            .order_by(
                col(MailRow.place),
                col(MailRow.next_at),
                col(MailRow.organisation),
                col(MailRow.id),
            )
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self._database.writing() as session:
            claimed = []
            for row in session.exec(query).all():
                row.attempts += 1
                row.next_at = format_instant(until)
                values = self._opened(row)
                if values is None:
                    row.state, row.answer = "given_up", "sealed under another key"
                else:
                    claimed.append(_letter(row, values))
                session.add(row)
        return tuple(claimed)

    def release(self, letters: Sequence[Letter], *, at: datetime) -> None:
        """Put letters back that were not handed on."""
        with self._database.writing() as session:
            for letter in letters:
                _change(session, letter, next_at=format_instant(at), attempts=letter.attempts - 1)

    def sent(self, letter: Letter, *, now: datetime, channel: NoticeChannel, answer: str) -> bool:
        """Note that a letter was accepted, wipe what opens something, tell whether it is still known."""
        with self._database.writing() as session:
            _change(
                session,
                letter,
                state="sent",
                sent_at=format_instant(now),
                channel=channel,
                answer=answer,
                values=_text(wiped(letter.values)),
            )
            return session.get(MailRow, (letter.organisation, letter.id)) is not None

    def failed(self, letter: Letter, *, again_at: datetime, answer: str) -> None:
        """Note that a letter could not be handed on and when it is tried again."""
        with self._database.writing() as session:
            _change(
                session, letter, state="failed", next_at=format_instant(again_at), answer=answer
            )

    def ended(self, letters: Sequence[Letter], state: Ending, *, answer: str = "") -> None:
        """Note in one transaction that letters will never be sent, and wipe what opens something."""
        with self._database.writing() as session:
            for letter in letters:
                values = _text(wiped(letter.values))
                _change(session, letter, state=state, answer=answer, values=values)

    def page(self, slug: Slug, asked: Asked) -> tuple[LetterView, ...]:
        """Return letters, oldest first."""
        order = (col(MailRow.queued_at), col(MailRow.id))
        query = select(MailRow).where(col(MailRow.organisation) == slug)
        if asked.member is not None:
            query = query.where(col(MailRow.member) == asked.member)
        if asked.state is not None:
            query = query.where(col(MailRow.state) == asked.state)
        if asked.after:
            last = (asked.after[:_INSTANT_LENGTH], asked.after[_INSTANT_LENGTH:])
            query = query.where(tuple_(*order) > last)
        with self._database.reading() as session:
            rows = session.exec(query.order_by(*order).limit(asked.limit))
            return tuple(_view(row) for row in rows)

    def one(self, slug: Slug, letter: str) -> LetterView:
        """Return one letter.

        Raises:
            NotFoundError: ``letter``: there is none with this id.
        """
        with self._database.reading() as session:
            row = session.get(MailRow, (slug, letter))
        if row is None:
            raise NotFoundError("letter", letter)
        return _view(row)

    def about(self, slug: Slug, about: str, templates: Sequence[str]) -> tuple[LetterView, ...]:
        """Return every letter of some templates about one thing, by member."""
        query = (
            select(MailRow)
            .where(
                col(MailRow.organisation) == slug,
                col(MailRow.about) == about,
                col(MailRow.template).in_(templates),
            )
            .order_by(col(MailRow.member), col(MailRow.id))
        )
        with self._database.reading() as session:
            return tuple(_view(row) for row in session.exec(query))

    def unsubscribed(self, slug: Slug, member: MemberId) -> bool:
        """Tell whether a member unsubscribed from news."""
        with self._database.reading() as session:
            return session.get(NewsRefusalRow, (slug, member)) is not None

    def set_news(
        self, slug: Slug, member: MemberId, wanted: Literal["wanted", "refused"], *, now: datetime
    ) -> None:
        """Note that a member unsubscribes from news, or takes it back; harmless to repeat."""
        with self._database.writing() as session:
            row = session.get(NewsRefusalRow, (slug, member))
            if wanted == "wanted" and row is not None:
                session.delete(row)
            elif wanted == "refused" and row is None:
                session.add(
                    NewsRefusalRow(organisation=slug, member=member, since=format_instant(now))
                )

    def note_told(
        self, slug: Slug, assembly: Slug, notices: Sequence[Notice], *, by: MemberId, now: datetime
    ) -> None:
        """Note how an officer told electors of a session; what was noted before of the same is replaced."""
        noted_at = format_instant(now)
        with self._database.writing() as session:
            for notice in notices:
                session.merge(
                    ManualNoticeRow(
                        organisation=slug,
                        assembly=assembly,
                        member=notice.member,
                        channel=notice.channel,
                        sent_at=notice.sent_at,
                        by=by,
                        noted_at=noted_at,
                    )
                )

    def told(self, slug: Slug, assembly: Slug) -> tuple[Notice, ...]:
        """Return what officers noted, by member."""
        query = (
            select(ManualNoticeRow)
            .where(
                col(ManualNoticeRow.organisation) == slug,
                col(ManualNoticeRow.assembly) == assembly,
            )
            .order_by(col(ManualNoticeRow.member))
        )
        with self._database.reading() as session:
            return tuple(
                Notice(row.member, cast("NoticeChannel", row.channel), row.sent_at)
                for row in session.exec(query)
            )

    def forget(self, slug: Slug, member: MemberId) -> tuple[str, ...]:
        """Destroy everything about a member, and return the ids of the letters there were."""
        mine = (col(MailRow.organisation) == slug, col(MailRow.member) == member)
        with self._database.writing() as session:
            self._database.overwrite_deleted(session)
            letters = tuple(session.exec(select(MailRow.id).where(*mine)))
            session.exec(delete(MailRow).where(*mine))
            for table in (NewsRefusalRow, ManualNoticeRow):
                session.exec(
                    delete(table).where(
                        col(table.organisation) == slug, col(table.member) == member
                    )
                )
        return letters

    def _row(
        self, slug: Slug, asked: Announcement, entry: int | None, at: Instant
    ) -> dict[str, object]:
        check_values(asked.template, asked.values)
        letter = secrets.token_hex(_ID_BYTES)
        return {
            "organisation": slug,
            "id": letter,
            "member": asked.member,
            "template": asked.template,
            "place": _PLACES[kind_of(asked.template)],
            "values": _text(self._sealed(slug, letter, asked.values)),
            "entry": entry,
            "about": asked.about,
            "state": "queued",
            "attempts": 0,
            "queued_at": at,
            "next_at": at,
            "sent_at": None,
            "channel": None,
            "answer": "",
        }

    def _sealed(self, slug: Slug, letter: str, values: Mapping[str, str]) -> dict[str, str]:
        sealed = dict(values)
        for place in SECRET_PLACES & set(values):
            sealed[place] = self._sealer.seal(values[place], bound=f"{slug}/{letter}/{place}")
        return sealed

    def _opened(self, row: MailRow) -> dict[str, str] | None:
        """Return what fills a letter, in clear; None where another key sealed it."""
        values = _VALUES.decode(row.values)
        for place in SECRET_PLACES & set(values):
            text = self._sealer.open(values[place], bound=f"{row.organisation}/{row.id}/{place}")
            if text is None:
                return None
            values[place] = text
        return values


def _letter(row: MailRow, values: Mapping[str, str]) -> Letter:
    return Letter(
        organisation=row.organisation,
        id=row.id,
        member=row.member,
        template=row.template,
        values=values,
        attempts=row.attempts,
        queued_at=row.queued_at,
    )


def _text(values: Mapping[str, str]) -> str:
    return msgspec.json.encode(dict(values)).decode()


def _change(session: Session, letter: Letter, **values: object) -> None:
    """Change a letter, if it is still held: it may have been destroyed, or claimed again, meanwhile."""
    session.exec(
        update(MailRow)
        .where(
            col(MailRow.organisation) == letter.organisation,
            col(MailRow.id) == letter.id,
            col(MailRow.attempts) == letter.attempts,
        )
        .values(**values)
    )


def _view(row: MailRow) -> LetterView:
    waiting = row.state in WAITING
    return LetterView(
        id=row.id,
        member=row.member,
        template=row.template,
        values=wiped(_VALUES.decode(row.values)),
        entry=row.entry,
        about=row.about,
        state=cast("LetterState", row.state),
        attempts=row.attempts,
        queued_at=row.queued_at,
        next_at=row.next_at if waiting else None,
        sent_at=row.sent_at,
        channel=cast("NoticeChannel | None", row.channel),
        answer=row.answer,
    )
