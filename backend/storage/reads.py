"""The reads: views of projections, entries and anchors, each answer of one committed moment."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Final, TypeVar

from sqlmodel import Session, col, select

from backend.domain.acts import MemberId, Slug, VoterId
from backend.domain.errors import NotFoundError
from backend.domain.instants import Instant
from backend.domain.sources import Elector
from backend.services import views
from backend.services.views import DEFAULT_PAGE
from backend.storage import view_rows
from backend.storage.database import Database
from backend.storage.ledger import Folds, ledger_row
from backend.storage.ledger_reads import LedgerReads, page
from backend.storage.persons import SealedPersons
from backend.storage.private_tables import MemberKeyRow
from backend.storage.projection_tables import (
    AgendaItemRow,
    AssemblyRow,
    BallotRow,
    CommonsRow,
    DecisionRow,
    FrameworkRow,
    MemberRow,
    MotionRow,
    ObservationRow,
    OrganisationRow,
    Projection,
    StatutesRow,
    ValuationRow,
)
from backend.storage.rolls import SqlRoll
from backend.storage.vault import Vault

_P = TypeVar("_P", bound=Projection)


class SqlReads(LedgerReads):
    """Implements ``Reads`` over a database.

    Args:
        database: Where the ledgers are.
        folds: Folded states, shared with the units of work of this process.
        vault: Opens the names of named votes.
    """

    def __init__(self, database: Database, folds: Folds, vault: Vault) -> None:
        super().__init__(database, folds)
        self._persons: Final = SealedPersons(vault)

    def organisations(self) -> tuple[views.OrganisationView, ...]:
        """Return every organisation, by slug."""
        query = select(OrganisationRow).order_by(col(OrganisationRow.organisation))
        with self._database.reading() as session:
            return tuple(view_rows.organisation(session, row) for row in session.exec(query).all())

    def organisation(self, slug: Slug) -> views.OrganisationView:
        """Return one organisation."""
        with self._database.reading() as session:
            row = session.get(OrganisationRow, slug)
            if row is None:
                raise NotFoundError("organisation", slug)
            return view_rows.organisation(session, row)

    def statutes(self, slug: Slug) -> tuple[views.StatutesView, ...]:
        """Return every version, oldest first."""
        with self._database.reading() as session:
            rows = _rows(session, StatutesRow, slug)
        return tuple(map(view_rows.statutes, rows))

    def members(
        self, slug: Slug, after: str = "", limit: int = DEFAULT_PAGE
    ) -> tuple[views.MemberView, ...]:
        """Return members and applicants whose pseudonym is greater than ``after``."""
        query = (
            select(MemberRow)
            .where(MemberRow.organisation == slug, MemberRow.member > after)
            .order_by(col(MemberRow.member))
            .limit(page(limit))
        )
        with self._database.reading() as session:
            ledger_row(session, slug)
            return tuple(map(view_rows.member, session.exec(query)))

    def member(self, slug: Slug, member: MemberId) -> views.MemberView:
        """Return one member or applicant."""
        with self._database.reading() as session:
            return view_rows.member(_row(session, MemberRow, slug, member))

    def member_of_key(self, slug: Slug, key: bytes) -> views.MemberView:
        """Return the member or applicant for whom a key is in force."""
        query = select(MemberKeyRow).where(
            MemberKeyRow.organisation == slug, MemberKeyRow.key == key
        )
        members = self.state(slug).members
        with self._database.reading() as session:
            row = session.exec(query).first()
            holder = None if row is None else members.get(row.member)
            if row is None or holder is None or row.commitment not in holder.keys:
                raise NotFoundError("key", f"0x{key.hex()}")
            return view_rows.member(_row(session, MemberRow, slug, row.member))

    def motions(
        self, slug: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[views.MotionView, ...]:
        """Return motions."""
        with self._database.reading() as session:
            rows = _rows(session, MotionRow, slug, after=after, limit=page(limit))
        return tuple(map(view_rows.motion, rows))

    def motion(self, slug: Slug, motion: Slug) -> views.MotionView:
        """Return one motion."""
        with self._database.reading() as session:
            return view_rows.motion(_row(session, MotionRow, slug, motion))

    def assemblies(
        self, slug: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[views.AssemblyView, ...]:
        """Return assemblies."""
        with self._database.reading() as session:
            rows = _rows(session, AssemblyRow, slug, after=after, limit=page(limit))
            return tuple(view_rows.assembly(session, row) for row in rows)

    def assembly(self, slug: Slug, assembly: Slug) -> views.AssemblyView:
        """Return one assembly."""
        with self._database.reading() as session:
            return view_rows.assembly(session, _row(session, AssemblyRow, slug, assembly))

    def due_assemblies(self, slug: Slug, now: Instant) -> tuple[views.AssemblyView, ...]:
        """Return assemblies not yet closed whose ``closes_at`` is ``now`` or earlier."""
        query = (
            select(AssemblyRow)
            .where(
                AssemblyRow.organisation == slug,
                col(AssemblyRow.closed).is_(False),
                AssemblyRow.closes_at <= now,
            )
            .order_by(col(AssemblyRow.entry))
        )
        with self._database.reading() as session:
            ledger_row(session, slug)
            return tuple(view_rows.assembly(session, row) for row in session.exec(query).all())

    def poll(self, slug: Slug, motion: Slug) -> views.PollView:
        """Return the vote on a motion."""
        with self._database.reading() as session:
            item = _latest(session, AgendaItemRow, slug, motion, noun="poll")
            return view_rows.poll(item, _row(session, AssemblyRow, slug, item.assembly))

    def ballots(
        self, slug: Slug, motion: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[views.BallotView, ...]:
        """Return the ballots on a motion, on second convocation those of the second vote."""
        with self._database.reading() as session:
            item = _latest(session, AgendaItemRow, slug, motion, noun="poll")
            query = (
                select(BallotRow)
                .where(
                    BallotRow.organisation == slug,
                    BallotRow.motion == motion,
                    BallotRow.entry > max(after, item.entry),
                )
                .order_by(col(BallotRow.entry))
                .limit(page(limit))
            )
            return tuple(map(view_rows.ballot, session.exec(query)))

    def ballots_of(self, slug: Slug, motion: Slug, voter: VoterId) -> tuple[views.BallotView, ...]:
        """Return the ballots of one voter on a motion."""
        query = (
            select(BallotRow)
            .where(
                BallotRow.organisation == slug,
                BallotRow.motion == motion,
                BallotRow.voter == voter,
            )
            .order_by(col(BallotRow.entry))
        )
        with self._database.reading() as session:
            ledger_row(session, slug)
            return tuple(map(view_rows.ballot, session.exec(query)))

    def names(self, slug: Slug, members: Sequence[MemberId]) -> Mapping[MemberId, str]:
        """Return the names that some members declared, those erased left out."""
        with self._database.reading() as session:
            ledger_row(session, slug)
            return self._persons.names(session, slug, members)

    def elector(self, slug: Slug, motion: Slug, member: MemberId) -> Elector:
        """Return a member's line of the roll.

        Raises:
            NotFoundError: The motion is on no agenda, the member is no elector, or the roll was erased.
        """
        with self._database.reading() as session:
            item = _latest(session, AgendaItemRow, slug, motion, noun="poll")
            roll = SqlRoll(slug, item.decision, lambda: nullcontext(session))
            elector = roll.of_member(member)
        if elector is None:
            raise NotFoundError("elector", member)
        return elector

    def decisions(
        self, slug: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[views.DecisionView, ...]:
        """Return decisions."""
        with self._database.reading() as session:
            rows = _rows(session, DecisionRow, slug, after=after, limit=page(limit))
        return tuple(map(view_rows.decision, rows))

    def decision(self, slug: Slug, motion: Slug) -> views.DecisionView:
        """Return the last decision on a motion."""
        with self._database.reading() as session:
            return view_rows.decision(_latest(session, DecisionRow, slug, motion))

    def frameworks(self, slug: Slug) -> tuple[views.FrameworkView, ...]:
        """Return every version of every framework."""
        with self._database.reading() as session:
            rows = _rows(session, FrameworkRow, slug)
        return tuple(map(view_rows.framework, rows))

    def framework(self, slug: Slug, framework: Slug) -> views.FrameworkView:
        """Return the version of a framework in force."""
        query = (
            select(FrameworkRow)
            .where(FrameworkRow.organisation == slug, FrameworkRow.framework == framework)
            .order_by(col(FrameworkRow.version).desc())
        )
        with self._database.reading() as session:
            ledger_row(session, slug)
            row = session.exec(query).first()
        if row is None:
            raise NotFoundError("framework", framework)
        return view_rows.framework(row)

    def commons(
        self, slug: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[views.CommonsView, ...]:
        """Return the commons."""
        with self._database.reading() as session:
            rows = _rows(session, CommonsRow, slug, after=after, limit=page(limit))
        return tuple(map(view_rows.commons, rows))

    def commons_item(self, slug: Slug, commons: Slug) -> views.CommonsView:
        """Return one commons."""
        with self._database.reading() as session:
            return view_rows.commons(_row(session, CommonsRow, slug, commons))

    def observations(
        self, slug: Slug, commons: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[views.ObservationView, ...]:
        """Return the observations of a commons."""
        query = (
            select(ObservationRow)
            .where(
                ObservationRow.organisation == slug,
                ObservationRow.commons == commons,
                ObservationRow.entry > after,
            )
            .order_by(col(ObservationRow.entry))
            .limit(page(limit))
        )
        with self._database.reading() as session:
            _row(session, CommonsRow, slug, commons)
            return tuple(map(view_rows.observation, session.exec(query)))

    def valuations(
        self, slug: Slug, after: int = -1, limit: int = DEFAULT_PAGE
    ) -> tuple[views.ValuationView, ...]:
        """Return valuations."""
        with self._database.reading() as session:
            rows = _rows(session, ValuationRow, slug, after=after, limit=page(limit))
        return tuple(map(view_rows.valuation, rows))

    def valuation(self, slug: Slug, valuation: Slug) -> views.ValuationView:
        """Return one valuation."""
        with self._database.reading() as session:
            return view_rows.valuation(_row(session, ValuationRow, slug, valuation))


def _rows(
    session: Session, table: type[_P], slug: Slug, *, after: int = -1, limit: int | None = None
) -> list[_P]:
    ledger_row(session, slug)
    query = (
        select(table)
        .where(table.organisation == slug, table.entry > after)
        .order_by(col(table.entry))
        .limit(limit)
    )
    return list(session.exec(query))


def _row(session: Session, table: type[_P], slug: Slug, name: str, *, noun: str = "") -> _P:
    ledger_row(session, slug)
    row = session.get(table, (slug, name))
    if row is None:
        raise NotFoundError(noun or str(table.__tablename__), name)
    return row


_M = TypeVar("_M", AgendaItemRow, DecisionRow)


def _latest(session: Session, table: type[_M], slug: Slug, motion: Slug, *, noun: str = "") -> _M:
    """Return the row of the last assembly that had the motion on its agenda."""
    ledger_row(session, slug)
    query = (
        select(table)
        .where(table.organisation == slug, table.motion == motion)
        .order_by(col(table.entry).desc())
    )
    row = session.exec(query).first()
    if row is None:
        raise NotFoundError(noun or str(table.__tablename__), motion)
    return row
