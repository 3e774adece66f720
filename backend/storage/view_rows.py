"""Views made from rows: one function per noun."""

from typing import Any, Final, TypeVar, cast

import msgspec
from sqlmodel import Session, SQLModel, col, func, select

from backend.services import views
from backend.services.anchor_status import StandingState
from backend.storage.ledger import ledger_row
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
    StatutesRow,
    ValuationRow,
)
from backend.storage.tables import AnchorAttemptRow, AnchorRow, EntryRow

_V = TypeVar("_V")
_JsonObject = dict[str, views.JsonValue]
_TALLY: Final = msgspec.json.Decoder(dict[str, int])
_NAMES: Final = msgspec.json.Decoder(tuple[str, ...])


def organisation(session: Session, row: OrganisationRow) -> views.OrganisationView:
    """Return an organisation; asks for its head and its statutes."""
    ledger = ledger_row(session, row.organisation)
    query = select(func.max(StatutesRow.version)).where(
        StatutesRow.organisation == row.organisation
    )
    return views.OrganisationView(
        slug=row.organisation,
        name=row.name,
        origin=ledger.origin,
        language=row.language,
        chain_id=row.chain_id,
        contract=row.contract,
        statutes_version=session.exec(query).one(),
        size=ledger.size,
    )


def statutes(row: StatutesRow) -> views.StatutesView:
    """Return a version of the statutes."""
    return _view(row, views.StatutesView)


def member(row: MemberRow) -> views.MemberView:
    """Return a member."""
    return _view(row, views.MemberView)


def motion(row: MotionRow) -> views.MotionView:
    """Return a motion."""
    return views.MotionView(
        motion=row.motion,
        kind=row.kind,
        title=row.title,
        text=row.text,
        effect=cast("_JsonObject", msgspec.json.decode(row.effect)),
        proposer=row.proposer,
        status=cast("Any", row.status),
        proposed_at=row.proposed_at,
        changed_at=row.changed_at,
        supporters=row.supporters,
        assembly=row.assembly,
        entry=row.entry,
    )


def assembly(session: Session, row: AssemblyRow) -> views.AssemblyView:
    """Return an assembly; asks for its agenda."""
    query = (
        select(AgendaItemRow)
        .where(
            AgendaItemRow.organisation == row.organisation, AgendaItemRow.assembly == row.assembly
        )
        .order_by(col(AgendaItemRow.position))
    )
    agenda = tuple(_view(item, views.AgendaItemView) for item in session.exec(query))
    return _view(row, views.AssemblyView, agenda=agenda)


def poll(item: AgendaItemRow, convened: AssemblyRow) -> views.PollView:
    """Return the vote on a motion."""
    return views.PollView(
        motion=item.motion,
        assembly=item.assembly,
        decision=item.decision,
        electorate_size=item.electorate_size,
        opens_at=convened.opens_at,
        closes_at=convened.closes_at,
        closed=convened.closed,
        ballots=item.ballots,
        voters=item.voters,
        replaced=item.ballots - item.voters,
        tally=None if item.tally is None else _TALLY.decode(item.tally),
        openings=item.openings,
        count=item.count,
    )


def ballot(row: BallotRow) -> views.BallotView:
    """Return a ballot."""
    return _view(row, views.BallotView)


def decision(row: DecisionRow) -> views.DecisionView:
    """Return a decision."""
    return views.DecisionView(
        motion=row.motion,
        assembly=row.assembly,
        decision=row.decision,
        outcome=cast("Any", row.outcome),
        derivation=_objects(row.derivation),
        chosen=_NAMES.decode(row.chosen),
        count=row.count,
        decided_at=row.decided_at,
        entry=row.entry,
    )


def framework(row: FrameworkRow) -> views.FrameworkView:
    """Return a version of a framework."""
    return _view(row, views.FrameworkView)


def commons(row: CommonsRow) -> views.CommonsView:
    """Return a commons."""
    return _view(row, views.CommonsView)


def observation(row: ObservationRow) -> views.ObservationView:
    """Return an observation."""
    return _view(row, views.ObservationView)


def valuation(row: ValuationRow) -> views.ValuationView:
    """Return a valuation."""
    return views.ValuationView(
        valuation=row.valuation,
        commons=row.commons,
        framework=row.framework,
        version=row.version,
        scores=_objects(row.scores),
        result=(row.numerator, row.denominator),
        rounded=row.rounded,
        published_at=row.published_at,
        entry=row.entry,
    )


def entry(row: EntryRow) -> views.EntryView:
    """Return an entry."""
    return _view(row, views.EntryView)


def anchor(row: AnchorRow) -> views.AnchorView:
    """Return an anchor that a block includes, final or not."""
    return _view(row, views.AnchorView)


def unrecorded(row: AnchorAttemptRow, state: StandingState) -> views.AnchorView:
    """Return an anchor that no block includes."""
    return _view(
        row,
        views.AnchorView,
        state=state,
        transaction_hash=None,
        block_number=None,
        block_hash=None,
    )


def _view(row: SQLModel, view: type[_V], **others: object) -> _V:
    """Return the view whose fields are the row's columns of the same names, and the others."""
    return msgspec.convert({**row.model_dump(), **others}, view)


def _objects(text: str) -> tuple[_JsonObject, ...]:
    return tuple(cast("list[_JsonObject]", msgspec.json.decode(text)))
