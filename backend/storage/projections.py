"""Projections: what an entry changes in the tables that serve reads, and how they are rebuilt.

The ledger is the truth: ``rebuild`` gives the same rows as the entries did when they were appended.
"""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session, col, delete

from backend.domain.acts import (
    Act,
    AdmissionAnswered,
    AdmissionAppealed,
    AdmissionObjected,
    AdmissionRefused,
    AppealAnswered,
    AppealLodged,
    ArrearsCleared,
    ArrearsRecorded,
    AssemblyAdjourned,
    AssemblyClosed,
    AssemblyConvened,
    AssemblyDrafted,
    AssemblyOpened,
    BallotCast,
    BallotsRedacted,
    CentreChanged,
    CentreClosed,
    CentreOpened,
    CommonsRegistered,
    DecisionMade,
    DisputeAdvanced,
    DisputeOpened,
    DisputeSettled,
    DraftSupported,
    FactsRectified,
    FrameworkAdopted,
    GroundsServed,
    HearingHeld,
    IdentityChecked,
    KeyBound,
    KeyEnrolled,
    KeyRevoked,
    KeysRecovered,
    LogKeyRotated,
    LotsDrawn,
    MandateForfeited,
    MandateResigned,
    MeasureTaken,
    MemberAdmitted,
    MemberApplied,
    MemberPlaced,
    MemberPresented,
    MemberReapplied,
    MemberResigned,
    MembershipEnded,
    MembersMerged,
    MemberVouched,
    MinutesPublished,
    MotionAmended,
    MotionProposed,
    MotionSupported,
    MotionWithdrawn,
    NamingAnswered,
    NoticeRecorded,
    ObjectionRaised,
    ObjectionResolved,
    ObligationFulfilled,
    ObservationRecorded,
    OrganisationFounded,
    PersonErased,
    PlaceRegistered,
    PresenceRecorded,
    ProceedingOpened,
    ProxyGiven,
    ProxyRevoked,
    PublisherRotated,
    RegisterAttested,
    RegisterImported,
    ReplyGiven,
    RepresentativeNamed,
    RulesChanged,
    Slug,
    StatutesAdopted,
    UrnCounted,
    ValuationPublished,
)
from backend.domain.entry import Entry
from backend.domain.errors import NotFoundError
from backend.domain.fold import evolve
from backend.domain.sources import Sources
from backend.domain.state import State
from backend.storage.ledger import ledger_row, stored_entries
from backend.storage.projection_tables import (
    PROJECTIONS,
)
from backend.storage.projector import Projector


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
    handler = _HANDLERS.get(type(entry.data))
    if handler is None:
        raise NotFoundError("act", entry.data.act)
    handler(Projector(session, organisation, index=index, entry=entry, state=state), entry.data)
    session.flush()


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


_UNPROJECTED: tuple[type[Act], ...] = (
    AdmissionObjected,
    AdmissionAppealed,
    IdentityChecked,
    MemberVouched,
    CentreOpened,
    CentreChanged,
    CentreClosed,
    ProceedingOpened,
    GroundsServed,
    ReplyGiven,
    HearingHeld,
    AppealLodged,
    MandateResigned,
    MandateForfeited,
    ObjectionRaised,
    ObjectionResolved,
    ObligationFulfilled,
    AssemblyDrafted,
    DraftSupported,
    NoticeRecorded,
    ProxyGiven,
    ProxyRevoked,
    PresenceRecorded,
    AssemblyOpened,
    UrnCounted,
    LotsDrawn,
    MinutesPublished,
    BallotsRedacted,
    NamingAnswered,
    DisputeOpened,
    DisputeAdvanced,
    DisputeSettled,
    LogKeyRotated,
    PublisherRotated,
    KeyBound,
    KeyRevoked,
    KeyEnrolled,
    KeysRecovered,
    RepresentativeNamed,
    PlaceRegistered,
    MemberPlaced,
    ArrearsRecorded,
    ArrearsCleared,
    RegisterAttested,
    FactsRectified,
    PersonErased,
)
"""Acts that change no table."""


_HANDLERS: dict[type[Act], Callable[[Projector, Any], None]] = {
    OrganisationFounded: Projector.founded,
    MemberApplied: Projector.applied,
    MemberPresented: Projector.presented,
    MemberReapplied: Projector.reapplied,
    AdmissionRefused: Projector.admission_decided,
    AdmissionAnswered: Projector.admission_decided,
    MemberAdmitted: Projector.status_changed,
    MemberResigned: Projector.status_changed,
    MembershipEnded: Projector.status_changed,
    MembersMerged: Projector.merged,
    RegisterImported: Projector.imported,
    MeasureTaken: Projector.measured,
    AppealAnswered: Projector.measured,
    MotionProposed: Projector.proposed,
    MotionAmended: Projector.amended,
    MotionSupported: Projector.moved,
    MotionWithdrawn: Projector.moved,
    AssemblyConvened: Projector.convened,
    AssemblyAdjourned: Projector.adjourned,
    BallotCast: Projector.cast,
    AssemblyClosed: Projector.closed,
    DecisionMade: Projector.decided,
    StatutesAdopted: Projector.statutes_adopted,
    RulesChanged: Projector.rules_changed,
    FrameworkAdopted: Projector.framework_adopted,
    CommonsRegistered: Projector.registered,
    ObservationRecorded: Projector.recorded,
    ValuationPublished: Projector.published,
    **dict.fromkeys(_UNPROJECTED, Projector.unprojected),
}
