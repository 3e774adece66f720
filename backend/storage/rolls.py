"""Rolls: who votes in a decision under which pseudonym, asked for one line far more often than for all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final

import sqlalchemy
from sqlalchemy import Select, bindparam
from sqlmodel import Session

from backend.domain.acts import MemberId, Slug, VoterId
from backend.domain.commitments import Hex32
from backend.domain.sources import Elector
from backend.storage.private_tables import RollLineRow, RollRow
from backend.storage.statements import Row, insert_rows
from backend.storage.tables import Table

SessionOpener = Callable[[], AbstractContextManager[Session]]
"""Gives the session to ask; leaving it leaves the session to its owner."""

_LINE = Table.metadata.tables["roll_line"]
_ALL: Final = sqlalchemy.select(_LINE.c.member, _LINE.c.voter, _LINE.c.salt).where(
    _LINE.c.organisation == bindparam("ledger"), _LINE.c.decision == bindparam("vote")
)
_IN_ORDER: Final = _ALL.order_by(_LINE.c.voter)
_BY_VOTER: Final = _ALL.where(_LINE.c.voter == bindparam("name"))
_BY_MEMBER: Final = _ALL.where(_LINE.c.member == bindparam("name"))


class SqlRoll(Mapping[VoterId, Elector]):
    """The roll of a decision; what was read of it is held.

    Args:
        organisation: The ledger.
        decision: The decision.
        opening: Session of every question.
    """

    def __init__(self, organisation: Slug, decision: Hex32, opening: SessionOpener) -> None:
        self._place: Final = {"ledger": organisation, "vote": decision}
        self._opening: Final = opening
        self._lines: dict[VoterId, Elector] = {}
        self._whole = False

    def __getitem__(self, voter: VoterId) -> Elector:
        if voter in self._lines:
            return self._lines[voter]
        found = None if self._whole else self._ask(_BY_VOTER, voter)
        if found is None:
            raise KeyError(voter)
        return found

    def __iter__(self) -> Iterator[VoterId]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def of_member(self, member: MemberId) -> Elector | None:
        """Return a member's line, None if there is none."""
        return self._ask(_BY_MEMBER, member)

    def _ask(self, query: Select[tuple[str, str, bytes]], name: str) -> Elector | None:
        with self._opening() as session:
            row = session.connection().execute(query, {**self._place, "name": name}).one_or_none()
        if row is None:
            return None
        elector = Elector(row.member, row.voter, row.salt)
        self._lines[elector.voter] = elector
        return elector

    def _all(self) -> dict[VoterId, Elector]:
        if not self._whole:
            with self._opening() as session:
                rows = session.connection().execute(_IN_ORDER, self._place).all()
            self._lines = {voter: Elector(member, voter, salt) for member, voter, salt in rows}
            self._whole = True
        return self._lines


def keep_roll(
    session: Session, organisation: Slug, decision: Hex32, roll: Sequence[Elector]
) -> None:
    """Keep the roll of a decision."""
    connection = session.connection()
    insert_rows(connection, RollRow, [{"organisation": organisation, "decision": decision}])
    lines: list[Row] = [
        {
            "organisation": organisation,
            "decision": decision,
            "voter": elector.voter,
            "member": elector.member,
            "salt": elector.salt,
        }
        for elector in roll
    ]
    insert_rows(connection, RollLineRow, lines)
