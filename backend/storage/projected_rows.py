"""Rows that an entry adds or changes in the tables that serve reads."""

from typing import Final, TypeVar

from sqlmodel import Session

from backend.domain.acts import MemberId, Slug, StatutesReference
from backend.domain.entry import Entry
from backend.domain.errors import NotFoundError
from backend.domain.state import State
from backend.storage.projection_tables import MemberRow, MotionRow, Projection, StatutesRow

_P = TypeVar("_P", bound=Projection)


class ProjectedRows:
    """The rows within reach of one entry.

    Args:
        session: Transaction of the append.
        organisation: The ledger.
        index: Place of the entry.
        entry: The entry, lawful.
        state: After it.
    """

    def __init__(
        self, session: Session, organisation: Slug, *, index: int, entry: Entry, state: State
    ) -> None:
        self._session: Final = session
        self._organisation: Final = organisation
        self._index: Final = index
        self._entry: Final = entry
        self._state: Final = state

    def _add(self, table: type[Projection], **columns: str | int | bool | None) -> None:
        row = table(organisation=self._organisation, entry=self._index, **columns)
        self._session.add(row)

    def _row(self, table: type[_P], *names: str | int) -> _P:
        row = self._session.get(table, (self._organisation, *names))
        if row is None:
            raise NotFoundError(str(table.__tablename__), "/".join(map(str, names)))
        return row

    def _move(self, motion: Slug) -> MotionRow:
        found = self._state.motion(motion)
        row = self._row(MotionRow, motion)
        row.status = found.status
        row.supporters = len(found.supporters)
        self._session.add(row)
        return row

    def _stand(self, member: MemberId) -> None:
        row, status = self._row(MemberRow, member), self._state.member(member).status
        if row.status != status:
            row.status = status
            row.since = self._entry.at
            self._session.add(row)

    def _register(self, member: MemberId) -> None:
        found = self._state.member(member)
        self._add(
            MemberRow,
            member=found.id,
            member_class=found.member_class,
            status=found.status,
            founder=found.founder,
            applied_at=self._entry.at,
            since=self._entry.at,
        )

    def _put_in_force(
        self, version: int, statutes: StatutesReference, *, diff: str, motion: str
    ) -> None:
        self._add(
            StatutesRow,
            version=version,
            text=statutes.text,
            rulebook=statutes.rulebook,
            rules=statutes.rules,
            diff=diff,
            motion=motion,
            adopted_at=self._entry.at,
        )
