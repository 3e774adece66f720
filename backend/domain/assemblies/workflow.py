"""Which check each act of an assembly asks, from its draft to its minutes."""

from backend.domain import ballots, decisions, retention
from backend.domain.acts import (
    AssemblyAct,
    AssemblyAdjourned,
    AssemblyClosed,
    AssemblyConvened,
    AssemblyDrafted,
    AssemblyOpened,
    BallotCast,
    BallotsRedacted,
    DraftSupported,
    LotsDrawn,
    MinutesPublished,
    NamingAnswered,
    NoticeRecorded,
    PresenceRecorded,
    ProxyGiven,
    ProxyRevoked,
    UrnCounted,
)
from backend.domain.assemblies.adjournment import check_adjourned
from backend.domain.assemblies.attendance import check_presence_recorded
from backend.domain.assemblies.convocation import check_convened
from backend.domain.assemblies.drafts import check_draft_supported, check_drafted
from backend.domain.assemblies.minutes import check_minutes_published
from backend.domain.assemblies.notices import check_notice_recorded
from backend.domain.assemblies.opening import check_opened
from backend.domain.assemblies.proxies import check_proxy_given, check_proxy_revoked
from backend.domain.entry import Entry
from backend.domain.sources import Sources
from backend.domain.state import State


def check_assembly_act(  # noqa: C901, PLR0911, PLR0912 - one branch per act
    state: State, entry: Entry, data: AssemblyAct, sources: Sources
) -> int:
    """Check an act of an assembly; returns the number of redacted checks.

    Raises:
        GovernanceError: The first rule it breaks, or what it refers to and does not exist.
    """
    match data:
        case AssemblyDrafted():
            return check_drafted(state, entry, data, sources)
        case DraftSupported():
            return check_draft_supported(state, entry, data, sources)
        case AssemblyConvened():
            return check_convened(state, entry, data, sources)
        case NoticeRecorded():
            return check_notice_recorded(state, entry, data, sources)
        case ProxyGiven():
            return check_proxy_given(state, entry, data, sources)
        case ProxyRevoked():
            return check_proxy_revoked(state, entry, data, sources)
        case PresenceRecorded():
            return check_presence_recorded(state, entry, data, sources)
        case AssemblyOpened():
            return check_opened(state, entry, data, sources)
        case AssemblyAdjourned():
            return check_adjourned(state, entry, data, sources)
        case BallotCast():
            return ballots.check_cast(state, entry, data, sources)
        case NamingAnswered():
            return ballots.check_naming_answered(state, entry, data, sources)
        case UrnCounted():
            return ballots.check_urn_counted(state, entry, data, sources)
        case AssemblyClosed():
            return ballots.check_closed(state, entry, data, sources)
        case LotsDrawn():
            return decisions.check_lots_drawn(state, entry, data, sources)
        case BallotsRedacted():
            return retention.check_redacted(state, entry, data)
        case MinutesPublished():
            return check_minutes_published(state, entry, data, sources)
        case _:
            return decisions.check_decided(state, entry, data, sources)
