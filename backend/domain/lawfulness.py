"""Whether an entry may follow a state: the one question both the server and the auditor ask.

The server asks before it appends and refuses; the auditor asks again of every entry in the ledger.
Built-in rule ``psephos.order``: the first act is the founding, and times never go backwards.
"""

from backend.domain import (
    assemblies,
    ballots,
    commons,
    decisions,
    keys,
    members,
    motions,
    statutes,
)
from backend.domain.acts import (
    AssemblyClosed,
    AssemblyConvened,
    BallotCast,
    CommonsRegistered,
    DecisionMade,
    FrameworkAdopted,
    LogKeyRotated,
    MemberAdmitted,
    MemberApplied,
    MemberResigned,
    MotionProposed,
    ObservationRecorded,
    OrganisationFounded,
    PublisherRotated,
    StatutesAdopted,
    ValuationPublished,
)
from backend.domain.entry import Entry
from backend.domain.errors import NotFoundError, RuleReference, RuleViolation
from backend.domain.instants import parse_instant
from backend.domain.sources import Sources
from backend.domain.state import State

ORDER_RULE = RuleReference("psephos.order", "")
"""Built-in rule: a ledger begins with its founding and its times never go backwards."""


def check(state: State, entry: Entry, sources: Sources) -> int:
    """Check that ``entry`` may be the next one.

    Args:
        state: After all entries before it.
        entry: The candidate.
        sources: Documents and detached proofs.

    Returns:
        Number of checks that could not be made because a detached proof was erased; on a server that
        is about to append, anything but 0 is a refusal.

    Raises:
        GovernanceError: The first rule it breaks, or what it refers to and does not exist.
    """
    parse_instant(entry.at)
    if entry.at < state.at:
        raise RuleViolation(
            "entry.time", ORDER_RULE, expected=f"{state.at} or later", found=entry.at
        )
    if state.organisation is None and not isinstance(entry.data, OrganisationFounded):
        raise RuleViolation(
            "entry.first", ORDER_RULE, expected=OrganisationFounded.act, found=entry.data.act
        )
    return _check_act(state, entry, sources)


def _check_act(state: State, entry: Entry, sources: Sources) -> int:  # noqa: C901, PLR0911, PLR0912 - one branch per act
    match entry.data:
        case OrganisationFounded() as data:
            return statutes.check_founded(state, entry, data, sources)
        case MemberApplied() as data:
            return members.check_applied(state, entry, data, sources)
        case MemberAdmitted() as data:
            return members.check_admitted(state, entry, data, sources)
        case MemberResigned() as data:
            return members.check_resigned(state, entry, data, sources)
        case MotionProposed() as data:
            return motions.check_proposed(state, entry, data, sources)
        case AssemblyConvened() as data:
            return assemblies.check_convened(state, entry, data, sources)
        case BallotCast() as data:
            return ballots.check_cast(state, entry, data, sources)
        case AssemblyClosed() as data:
            return ballots.check_closed(state, entry, data, sources)
        case DecisionMade() as data:
            return decisions.check_decided(state, entry, data)
        case StatutesAdopted() as data:
            return statutes.check_adopted(state, entry, data, sources)
        case FrameworkAdopted() as data:
            return commons.check_framework_adopted(state, entry, data)
        case CommonsRegistered() as data:
            return commons.check_registered(state, entry, data, sources)
        case ObservationRecorded() as data:
            return commons.check_recorded(state, entry, data, sources)
        case ValuationPublished() as data:
            return commons.check_published(state, entry, data)
        case LogKeyRotated() as data:
            return keys.check_log_key_rotated(state, entry, data, sources)
        case PublisherRotated() as data:
            return keys.check_publisher_rotated(state, entry, data, sources)
    raise NotFoundError("act", entry.data.act)
