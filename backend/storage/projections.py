"""Projections: what an entry changes in the tables that serve reads, and how they are rebuilt.

The ledger is the truth: ``rebuild`` gives the same rows as the entries did when they were appended.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import msgspec
from sqlmodel import Session, col, delete

from backend.domain.acts import (
    Act,
    AssemblyClosed,
    AssemblyConvened,
    BallotCast,
    CommonsRegistered,
    DecisionMade,
    FrameworkAdopted,
    LogKeyRotated,
    MemberAdmitted,
    MemberApplied,
    MemberId,
    MemberResigned,
    MotionProposed,
    ObservationRecorded,
    OrganisationFounded,
    PublisherRotated,
    Slug,
    StatutesAdopted,
    StatutesReference,
    ValuationPublished,
)
from backend.domain.entry import Entry
from backend.domain.errors import NotFoundError
from backend.domain.sources import Sources
from backend.domain.state import State, evolve
from backend.storage.ledger import ledger_row, stored_entries
from backend.storage.projection_tables import (
    PROJECTIONS,
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

_P = TypeVar("_P", bound=Projection)


class Projector:
    """Projects one entry.

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

    def project(self) -> None:
        """Change the rows that the entry changes.

        Raises:
            NotFoundError: The act is not of this version, or a row it changes is missing.
        """
        handler = _HANDLERS.get(type(self._entry.data))
        if handler is None:
            raise NotFoundError("act", self._entry.data.act)
        handler(self, self._entry.data)
        self._session.flush()

    def founded(self, data: OrganisationFounded) -> None:
        """Begin the organisation."""
        self._add(
            OrganisationRow,
            name=data.name,
            language=data.language,
            chain_id=data.signing.chain_id,
            contract=data.signing.contract,
        )
        self._put_in_force(1, data.statutes, diff="", motion="")
        for founder in data.founders:
            self._register(founder.member)

    def applied(self, data: MemberApplied) -> None:
        """Put an applicant on the register."""
        self._register(data.applicant.member)

    def status_changed(self, data: MemberAdmitted | MemberResigned) -> None:
        """Change where a member stands."""
        row = self._row(MemberRow, data.member)
        row.status = self._state.member(data.member).status
        row.since = self._entry.at
        self._session.add(row)

    def proposed(self, data: MotionProposed) -> None:
        """Add a motion."""
        self._add(
            MotionRow,
            motion=data.motion,
            kind=data.kind,
            title=data.title,
            text=data.text,
            effect=_json(data.effect),
            proposer=self._entry.by,
            status="proposed",
            proposed_at=self._entry.at,
            assembly=None,
        )

    def convened(self, data: AssemblyConvened) -> None:
        """Add an assembly and its agenda."""
        call = data.call
        self._add(
            AssemblyRow,
            assembly=call.assembly,
            title=call.title,
            channel=call.channel,
            convener=self._entry.by,
            convened_at=self._entry.at,
            opens_at=call.opens_at,
            closes_at=call.closes_at,
            statutes=data.statutes,
            rules=data.rules,
            closed=False,
        )
        for position, item in enumerate(data.agenda):
            self._add(
                AgendaItemRow,
                motion=item.motion,
                assembly=call.assembly,
                position=position,
                decision=item.decision,
                electorate_root=item.electorate.root,
                electorate_size=item.electorate.size,
                electorate_leaves=item.electorate.leaves,
                ballots=0,
                voters=0,
                tally=None,
                openings=None,
            )
            self._move(item.motion).assembly = call.assembly

    def cast(self, data: BallotCast) -> None:
        """Add a ballot."""
        self._add(
            BallotRow,
            motion=data.motion,
            voter=data.voter,
            choice=data.choice,
            cast_at=data.cast_at,
            nonce=data.nonce,
        )
        poll = self._state.poll(data.motion)
        item = self._row(AgendaItemRow, data.motion)
        item.ballots = len(poll.ballots)
        item.voters = len(poll.last)
        self._session.add(item)

    def closed(self, data: AssemblyClosed) -> None:
        """Publish the counts of an assembly."""
        assembly = self._row(AssemblyRow, data.assembly)
        assembly.closed = True
        self._session.add(assembly)
        for result in data.results:
            item = self._row(AgendaItemRow, result.motion)
            item.tally = _json(result.tally)
            item.openings = result.openings
            self._session.add(item)
            self._move(result.motion)

    def decided(self, data: DecisionMade) -> None:
        """Add a decision."""
        self._add(
            DecisionRow,
            motion=data.motion,
            assembly=data.assembly,
            decision=data.decision,
            outcome=data.outcome,
            derivation=_json(data.derivation),
            decided_at=self._entry.at,
        )
        self._move(data.motion)

    def statutes_adopted(self, data: StatutesAdopted) -> None:
        """Add a version of the statutes."""
        self._put_in_force(data.version, data.statutes, diff=data.diff, motion=data.motion)

    def framework_adopted(self, data: FrameworkAdopted) -> None:
        """Add a version of a framework."""
        self._add(
            FrameworkRow,
            framework=data.framework,
            version=data.version,
            document=data.document,
            motion=data.motion,
            adopted_at=self._entry.at,
        )

    def registered(self, data: CommonsRegistered) -> None:
        """Add a commons."""
        self._add(
            CommonsRow,
            commons=data.commons,
            title=data.title,
            description=data.description,
            registered_at=self._entry.at,
        )

    def log_key_rotated(self, data: LogKeyRotated) -> None:
        """Change no row: the keys of a ledger are read from its state."""

    def publisher_rotated(self, data: PublisherRotated) -> None:
        """Change no row: who anchors is read from the state."""

    def recorded(self, data: ObservationRecorded) -> None:
        """Add an observation."""
        self._add(
            ObservationRow,
            **cast("dict[str, str]", msgspec.to_builtins(data)),
            author=self._entry.by,
            recorded_at=self._entry.at,
        )

    def published(self, data: ValuationPublished) -> None:
        """Add a valuation."""
        self._add(
            ValuationRow,
            valuation=data.valuation,
            commons=data.commons,
            framework=data.framework,
            version=data.version,
            scores=_json(data.scores),
            numerator=data.result[0],
            denominator=data.result[1],
            rounded=data.rounded,
            published_at=self._entry.at,
        )

    def _add(self, table: type[Projection], **columns: str | int | bool | None) -> None:
        row = table(organisation=self._organisation, entry=self._index, **columns)
        self._session.add(row)

    def _row(self, table: type[_P], name: str) -> _P:
        row = self._session.get(table, (self._organisation, name))
        if row is None:
            raise NotFoundError(str(table.__tablename__), name)
        return row

    def _move(self, motion: Slug) -> MotionRow:
        row = self._row(MotionRow, motion)
        row.status = self._state.motion(motion).status
        self._session.add(row)
        return row

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


def project(session: Session, organisation: Slug, index: int, entry: Entry, state: State) -> None:
    """Change the rows that an appended entry changes.

    Args:
        session: Transaction of the append.
        organisation: The ledger.
        index: Place of the entry.
        entry: The entry, lawful.
        state: After it.

    Raises:
        NotFoundError: The act is not of this version, or a row it changes is missing.
    """
    Projector(session, organisation, index=index, entry=entry, state=state).project()


def rebuild(session: Session, organisation: Slug, sources: Sources) -> State:
    """Drop the projections of a ledger and make them again from its entries.

    Args:
        session: A writing transaction.
        organisation: The ledger.
        sources: Where rulebooks and frameworks are looked up.

    Returns:
        The state at the head.

    Raises:
        NotFoundError: No such organisation, or an entry or document is missing.
    """
    size = ledger_row(session, organisation).size
    for table in PROJECTIONS:
        session.exec(delete(table).where(col(table.organisation) == organisation))
    state = State()
    for entry in stored_entries(session, organisation, 0, size):
        index, state = state.size, evolve(state, entry, sources)
        project(session, organisation, index, entry, state)
        # Nothing written is read again soon; without this a long ledger would fill the memory.
        session.expunge_all()
    return state


def _json(value: object) -> str:
    return msgspec.json.encode(value, order="sorted").decode()


_HANDLERS: dict[type[Act], Callable[[Projector, Any], None]] = {
    OrganisationFounded: Projector.founded,
    MemberApplied: Projector.applied,
    MemberAdmitted: Projector.status_changed,
    MemberResigned: Projector.status_changed,
    MotionProposed: Projector.proposed,
    AssemblyConvened: Projector.convened,
    BallotCast: Projector.cast,
    AssemblyClosed: Projector.closed,
    DecisionMade: Projector.decided,
    StatutesAdopted: Projector.statutes_adopted,
    FrameworkAdopted: Projector.framework_adopted,
    CommonsRegistered: Projector.registered,
    ObservationRecorded: Projector.recorded,
    ValuationPublished: Projector.published,
    LogKeyRotated: Projector.log_key_rotated,
    PublisherRotated: Projector.publisher_rotated,
}
