"""The register: how people join and leave.

M1 a pseudonym and a key are used once. M2 a class is admitted as the rulebook says, by right or by those
who decide; what the server withholds of right, because two applications are alike, whoever keeps the
register may sign. M3 where members may object, nobody is admitted before the time for it is over, and by
right only if nobody did. M4 only an applicant is admitted, only a member resigns. M5 another end of
membership is established by those whom the rule on its cause names; an exclusion is a measure
(``proceedings``).
"""

from backend.domain.acts import (
    SYSTEM,
    AdmissionObjected,
    AppealLodged,
    GroundsServed,
    MeasureTaken,
    MemberAct,
    MemberAdmitted,
    MemberApplied,
    MemberClass,
    MemberResigned,
    MembershipEnded,
    ProceedingOpened,
    ReplyGiven,
)
from backend.domain.authorship import check_signed, check_statement
from backend.domain.deadlines import Day
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, RuleViolation
from backend.domain.facts import Member
from backend.domain.measures import check_answered, check_lodged, check_taken
from backend.domain.proceedings import (
    check_opened,
    check_replied,
    check_served,
    last_day,
    loss_rule,
    require_decider,
)
from backend.domain.rulebook.membership import Admission
from backend.domain.rulebook.order import Custody
from backend.domain.rulebook.rule import AssemblyParty
from backend.domain.sources import Sources
from backend.domain.standing import (
    MEMBERSHIP_RULE,
    active,
    check_author,
    check_officer,
    check_unsigned,
)
from backend.domain.state import State
from backend.domain.statutes import read_text


def check_member_act(  # noqa: C901, PLR0911 - one branch per act
    state: State, entry: Entry, data: MemberAct, sources: Sources
) -> int:
    """Check an act on the register; returns the number of redacted signatures.

    Raises:
        GovernanceError: As the check of that act.
    """
    match data:
        case MemberApplied():
            return check_applied(state, entry, data, sources)
        case AdmissionObjected():
            return check_objected(state, entry, data, sources)
        case MemberAdmitted():
            return check_admitted(state, entry, data, sources)
        case MemberResigned():
            return check_resigned(state, entry, data, sources)
        case MembershipEnded():
            return check_ended(state, entry, data, sources)
        case ProceedingOpened():
            return check_opened(state, entry, data, sources)
        case GroundsServed():
            return check_served(state, entry, data, sources)
        case ReplyGiven():
            return check_replied(state, entry, data, sources)
        case MeasureTaken():
            return check_taken(state, entry, data, sources)
        case AppealLodged():
            return check_lodged(state, entry, data, sources)
        case _:
            return check_answered(state, entry, data, sources)


def check_applied(state: State, entry: Entry, data: MemberApplied, sources: Sources) -> int:
    """Check an application (M1, M2); returns the number of redacted signatures.

    Raises:
        ConflictError: Pseudonym or key already used.
        RuleViolation: The class is not admitted, or no rule says how, or the signature is wrong.
    """
    who = data.applicant
    if who.member in state.members:
        raise ConflictError("member.exists", expected="a new pseudonym", found=who.member)
    if who.key in state.keys:
        raise ConflictError("key.in_use", expected="a key bound to nobody", found=who.key)
    _admission(state, who.member_class)
    check_author(entry, who.member)
    signers = [(who.member, (who.key,))]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def check_objected(state: State, entry: Entry, data: AdmissionObjected, sources: Sources) -> int:
    """Check an objection to an application (M3); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such applicant or author, or the grounds are not held.
        ConflictError: Already admitted, or gone.
        InvalidInputError: The grounds are no text.
        RuleViolation: The author is no member or did not sign, the statutes give no time to object, or
            it is over.
    """
    active(state, entry.by)
    applicant = _applicant(state.member(data.applicant))
    read_text(data.grounds, sources)
    rule = _admission(state, applicant.member_class)
    if not rule.objection_days:
        raise RuleViolation(
            "admission.no_objection",
            rule.reference(),
            expected="statutes that give members time to object",
            found="none",
        )
    last = last_day_to_object(state, applicant, rule)
    day = state.day_of(entry.at)
    if day > last:
        raise RuleViolation(
            "admission.objection_late", rule.reference(), expected=f"by {last}", found=day
        )
    return check_signed(state, entry, sources)


def check_admitted(state: State, entry: Entry, data: MemberAdmitted, sources: Sources) -> int:
    """Check an admission (M2 to M4); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such applicant.
        ConflictError: Already admitted, or gone.
        RuleViolation: The class is not admitted, members may still object or did, or someone else
            decides, or the signature is wrong.
    """
    member = _applicant(state.member(data.member))
    rule = _admission(state, member.member_class)
    day = state.day_of(entry.at)
    if rule.objection_days and day <= (last := last_day_to_object(state, member, rule)):
        raise RuleViolation(
            "admission.early", rule.reference(), expected=f"a day after {last}", found=day
        )
    if rule.by is None:
        if member.objected:
            raise RuleViolation(
                "admission.objected",
                rule.reference(),
                expected="an application nobody objected to, or statutes that say who decides",
                found=member.id,
            )
        if entry.by == SYSTEM:
            return check_unsigned(entry)
        custody = state.in_force().rulebook.one(Custody)
        check_officer(state, entry.by, custody.by, day, custody.reference())
        return check_signed(state, entry, sources)
    if isinstance(rule.by, AssemblyParty):
        raise RuleViolation(
            "admission.assembly",
            rule.reference(),
            expected="statutes that let a body admit, or admission by right",
            found=rule.by.session,
        )
    check_officer(state, entry.by, rule.by, day, rule.reference())
    return check_signed(state, entry, sources)


def check_resigned(state: State, entry: Entry, data: MemberResigned, sources: Sources) -> int:
    """Check a resignation (M4); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such member.
        RuleViolation: Not a member, signed by another, or the rulebook is silent.
    """
    member = active(state, data.member)
    loss_rule(state.in_force().rulebook, "resignation", member.member_class)
    check_author(entry, member.id)
    return check_signed(state, entry, sources)


def check_ended(state: State, entry: Entry, data: MembershipEnded, sources: Sources) -> int:
    """Check an end of membership that somebody establishes (M5); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such member or author, or the grounds are not held.
        InvalidInputError: The grounds are no text.
        RuleViolation: Not a member, a cause that has an act of its own, a cause that the statutes do not
            know or whose rule names somebody else, or the signature is wrong.
    """
    member = active(state, data.member)
    read_text(data.grounds, sources)
    if data.cause in ("resignation", "exclusion"):
        raise RuleViolation(
            "loss.own_act",
            MEMBERSHIP_RULE,
            expected="a resignation by the member, or a measure after a proceeding",
            found=data.cause,
        )
    rule = loss_rule(state.in_force().rulebook, data.cause, member.member_class)
    party = require_decider(rule)
    if isinstance(party, AssemblyParty):
        raise RuleViolation(
            "loss.assembly",
            rule.reference(),
            expected=party.session,
            found=data.cause,
        )
    check_officer(state, entry.by, party, state.day_of(entry.at), rule.reference())
    return check_signed(state, entry, sources)


def last_day_to_object(state: State, applicant: Member, rule: Admission) -> Day:
    """Return the last day on which members may object to an application; meaningful where they may.

    Args:
        state: For the days of the organisation.
        applicant: Who asks.
        rule: How the class is admitted, with days to object.
    """
    return last_day(state.day_of(applicant.applied_at), rule.objection_days)


def _applicant(member: Member) -> Member:
    if member.status != "applied":
        raise ConflictError("member.not_applicant", expected="an applicant", found=member.status)
    return member


def _admission(state: State, member_class: MemberClass) -> Admission:
    rule = state.in_force().rulebook.admission(member_class)
    if rule.modality == "must_not":
        raise RuleViolation(
            "admission.forbidden",
            rule.reference(),
            expected="a class that may join",
            found=member_class,
        )
    return rule
