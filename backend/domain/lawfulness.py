"""Whether an entry may follow a state: the one question both the server and the auditor ask.

The server asks before it appends and refuses; the auditor asks again of every entry in the ledger.
Built-in rule ``psephos.order``: O1 the first act is the founding, and times never go backwards. O2 what
follows from decisions is carried out before anything else happens. O3 an organisation that was dissolved
only winds up: decisions on what was voted before, minutes, reports on obligations, disputes, resignations,
the handing over of the ledger's key, changes of members' keys, the end of what was kept for contests,
answers on names, and what becomes of personal data.
"""

from backend.domain import (
    admission,
    commons,
    disputes,
    dues,
    erasure,
    founding,
    imports,
    keys,
    mandates,
    member_keys,
    members,
    merging,
    motions,
    register,
    rule_changes,
    statutes,
    territory,
)
from backend.domain.acts import (
    AdmissionAct,
    ArrearsCleared,
    ArrearsRecorded,
    AssemblyAct,
    BallotsRedacted,
    CommonsAct,
    DecisionMade,
    DisputeAct,
    FrameworkAdopted,
    LogKeyRotated,
    MandateAct,
    MemberAct,
    MemberKeyAct,
    MemberResigned,
    MembersMerged,
    MinutesPublished,
    MotionAct,
    NamingAnswered,
    ObligationFulfilled,
    OrganisationAct,
    OrganisationFounded,
    PersonAct,
    PublisherRotated,
    RegisterAct,
    RegisterImported,
    RulesChanged,
    StatutesAdopted,
    TerritoryAct,
)
from backend.domain.assemblies.workflow import check_assembly_act
from backend.domain.entry import Entry
from backend.domain.errors import NotFoundError, RuleReference, RuleViolation
from backend.domain.instants import parse_instant
from backend.domain.rulebook.order import Dissolution
from backend.domain.sources import Sources
from backend.domain.state import State

ORDER_RULE = RuleReference("psephos.order", "")
"""Built-in rule: a ledger begins with its founding, runs forward, and carries out what was decided."""

_WINDING_UP = (
    MinutesPublished
    | ObligationFulfilled
    | DisputeAct
    | LogKeyRotated
    | PublisherRotated
    | MemberResigned
    | MemberKeyAct
    | DecisionMade
    | BallotsRedacted
    | NamingAnswered
    | PersonAct
)


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
    if not _carries_out(state, entry):
        _check_not_dissolved(state, entry)
    return _check_act(state, entry, sources)


def _carries_out(state: State, entry: Entry) -> bool:
    """Tell whether an entry carries out what is pending (O2).

    Raises:
        RuleViolation: ``motion.unenacted`` where something is pending and the entry is something else.
    """
    pending = rule_changes.pending_enactments(state)
    if not pending:
        return False
    data, wanted = entry.data, pending[0]
    match data:
        case RulesChanged():
            carried = (data.motion, data.cause) == (wanted.motion, wanted.cause)
        case StatutesAdopted() | FrameworkAdopted():
            carried = (data.motion, data.act) == (wanted.motion, wanted.act)
        case _:
            carried = False
    if not carried:
        raise RuleViolation(
            "motion.unenacted",
            ORDER_RULE,
            expected=f"{wanted.act}: {wanted.motion}",
            found=data.act,
        )
    return True


def _check_not_dissolved(state: State, entry: Entry) -> None:
    motion = state.dissolved_by
    if motion is None or isinstance(entry.data, _WINDING_UP):
        return
    rule = state.governing(state.decisions[motion].assembly).one(Dissolution)
    raise RuleViolation(
        "organisation.dissolved",
        rule.reference(),
        expected="an act of winding up",
        found=f"{entry.data.act}, {motion}",
    )


def _check_act(state: State, entry: Entry, sources: Sources) -> int:  # noqa: C901, PLR0911, PLR0912 - one branch per family of acts
    data = entry.data
    if isinstance(data, OrganisationAct):
        return _check_organisation_act(state, entry, data, sources)
    if isinstance(data, RegisterImported):
        return imports.check_imported(state, entry, data, sources)
    if isinstance(data, MemberAct):
        return members.check_member_act(state, entry, data, sources)
    if isinstance(data, MemberKeyAct):
        return member_keys.check_member_key_act(state, entry, data, sources)
    if isinstance(data, AdmissionAct):
        return admission.check_admission_act(state, entry, data, sources)
    if isinstance(data, MandateAct):
        return mandates.check_mandate_act(state, entry, data, sources)
    if isinstance(data, MotionAct):
        return motions.check_motion_act(state, entry, data, sources)
    if isinstance(data, AssemblyAct):
        return check_assembly_act(state, entry, data, sources)
    if isinstance(data, DisputeAct):
        return disputes.check_dispute_act(state, entry, data, sources)
    if isinstance(data, CommonsAct):
        return commons.check_commons_act(state, entry, data, sources)
    if isinstance(data, TerritoryAct):
        return territory.check_territory_act(state, entry, data, sources)
    if isinstance(data, RegisterAct):
        return _check_register_act(state, entry, data, sources)
    if isinstance(data, PersonAct):
        return erasure.check_person_act(state, entry, data, sources)
    raise NotFoundError("act", data.act)


def _check_register_act(state: State, entry: Entry, data: RegisterAct, sources: Sources) -> int:
    match data:
        case ArrearsRecorded():
            return dues.check_recorded(state, entry, data, sources)
        case ArrearsCleared():
            return dues.check_cleared(state, entry, data, sources)
        case MembersMerged():
            return merging.check_merged(state, entry, data, sources)
        case _:
            return register.check_attested(state, entry, data, sources)


def _check_organisation_act(
    state: State, entry: Entry, data: OrganisationAct, sources: Sources
) -> int:
    match data:
        case OrganisationFounded():
            return founding.check_founded(state, entry, data, sources)
        case StatutesAdopted():
            return statutes.check_adopted(state, entry, data, sources)
        case RulesChanged():
            return rule_changes.check_rules_changed(state, entry, data, sources)
        case FrameworkAdopted():
            return commons.check_framework_adopted(state, entry, data)
        case LogKeyRotated():
            return keys.check_log_key_rotated(state, entry, data, sources)
        case PublisherRotated():
            return keys.check_publisher_rotated(state, entry, data, sources)
