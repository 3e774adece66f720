"""How an application is looked into, refused, contested and made again.

J1 an identity is checked by somebody who keeps the registers, decides on admissions of the class, or
registers for the open centre that presented the person; never by that person, and not on a day to come. J2
members with a vote vouch for an open application, once each, where the statutes ask for it. J3 is in
``prerequisites``. J4 those who decide on admissions of the class may refuse, with reasons; where applying
is enough nobody may. J5 whoever was refused contests it once, within the days the statutes give, before
those they name. J6 these answer; whoever refused does not, where another of them may; a refusal that does
not stand opens the application again. J7 whoever left or was refused may ask again under the same
pseudonym, for a class of the same kind of persons, and thereby gives up an appeal that waits. J8 whoever
lost their membership other than by resigning does not come back by right: somebody answers for it
(``members``). J9 a record that was merged into another never comes back: its bearer has the other one.
"""

from collections.abc import Collection

from backend.domain.acts import (
    AdmissionAct,
    AdmissionAnswered,
    AdmissionAppealed,
    AdmissionRefused,
    CentreChanged,
    CentreClosed,
    CentreOpened,
    IdentityChecked,
    MemberId,
    MemberPresented,
    MemberReapplied,
    MemberVouched,
)
from backend.domain.applications import Refusal
from backend.domain.authorship import check_signed
from backend.domain.centres import (
    check_centre_changed,
    check_centre_closed,
    check_centre_opened,
    check_presented,
    registers_for,
)
from backend.domain.deadlines import Day, parse_day
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, RuleViolation
from backend.domain.facts import Member
from backend.domain.prerequisites import admission_rule, applicant_of
from backend.domain.proceedings import last_day
from backend.domain.rulebook.membership import Admission
from backend.domain.rulebook.order import Custody
from backend.domain.rulebook.rule import AssemblyParty, BodyParty, SeatParty
from backend.domain.sources import Sources
from backend.domain.standing import (
    MEMBERSHIP_RULE,
    active,
    check_author,
    check_officer,
    has_vote,
    holders,
    may_act_as,
)
from backend.domain.state import State
from backend.domain.statutes import read_text


def check_admission_act(  # noqa: PLR0911 - one branch per act
    state: State, entry: Entry, data: AdmissionAct, sources: Sources
) -> int:
    """Check an act on admission; returns the number of redacted signatures.

    Raises:
        GovernanceError: As the check of that act.
    """
    match data:
        case IdentityChecked():
            return check_identity(state, entry, data, sources)
        case MemberVouched():
            return check_vouched(state, entry, data, sources)
        case CentreOpened():
            return check_centre_opened(state, entry, data, sources)
        case CentreChanged():
            return check_centre_changed(state, entry, data, sources)
        case CentreClosed():
            return check_centre_closed(state, entry, data, sources)
        case MemberPresented():
            return check_presented(state, entry, data, sources)
        case AdmissionRefused():
            return check_refused(state, entry, data, sources)
        case AdmissionAppealed():
            return check_appealed(state, entry, data, sources)
        case AdmissionAnswered():
            return check_answered(state, entry, data, sources)
        case _:
            return check_reapplied(state, entry, data, sources)


def check_identity(state: State, entry: Entry, data: IdentityChecked, sources: Sources) -> int:
    """Check an identity check (J1); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such applicant, member or author.
        ConflictError: ``member.not_checkable``: whoever was refused, or left.
        InvalidInputError: The day is none.
        RuleViolation: The author is no member, is the person concerned, or is not one who checks; the day is
            to come, or the signature is wrong.
    """
    member = state.member(data.applicant)
    if member.status not in ("applied", "active"):
        raise ConflictError(
            "member.not_checkable", expected="an applicant or a member", found=member.status
        )
    active(state, entry.by)
    if entry.by == member.id:
        raise RuleViolation(
            "identity.self",
            MEMBERSHIP_RULE,
            expected="somebody else who may check",
            found=entry.by,
        )
    day = state.day_of(entry.at)
    _check_may_look(state, entry.by, member, day)
    if parse_day(data.checked_on) > parse_day(day):
        raise RuleViolation(
            "identity.future", MEMBERSHIP_RULE, expected=f"by {day}", found=data.checked_on
        )
    return check_signed(state, entry, sources)


def check_vouched(state: State, entry: Entry, data: MemberVouched, sources: Sources) -> int:
    """Check that a member may answer for an applicant (J2); returns the number of redacted signatures.

    Nobody vouches for themselves: an applicant is no member.

    Raises:
        NotFoundError: No such applicant or author.
        ConflictError: The application is not open, or the author vouched before.
        RuleViolation: The statutes ask for nobody to vouch, the author is no member with a vote, or the
            signature is wrong.
    """
    applicant = applicant_of(state, data.applicant)
    rule = admission_rule(state, applicant.member_class)
    if not rule.vouchers:
        raise RuleViolation(
            "admission.no_vouching",
            rule.reference(),
            expected="statutes that ask members to vouch",
            found="none",
        )
    voucher = active(state, entry.by)
    if not has_vote(voucher, state.in_force().rulebook, state.day_of(entry.at)):
        raise RuleViolation(
            "voucher.no_vote",
            rule.reference(),
            expected="a member with a vote",
            found=voucher.member_class,
        )
    if voucher.id in state.application(applicant.id).vouchers:
        raise ConflictError(
            "voucher.twice", expected="a member who has not vouched yet", found=voucher.id
        )
    return check_signed(state, entry, sources)


def check_refused(state: State, entry: Entry, data: AdmissionRefused, sources: Sources) -> int:
    """Check a refusal (J4); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such applicant or author, or the reasons are not held.
        ConflictError: The application is not open.
        InvalidInputError: The reasons are no text.
        RuleViolation: Applying is enough, an assembly decides, the author is not of those who decide, or the
            signature is wrong.
    """
    applicant = applicant_of(state, data.applicant)
    rule = admission_rule(state, applicant.member_class)
    check_officer(state, entry.by, decider_of(rule), state.day_of(entry.at), rule.reference())
    read_text(data.reasons, sources)
    return check_signed(state, entry, sources)


def check_appealed(state: State, entry: Entry, data: AdmissionAppealed, sources: Sources) -> int:
    """Check an appeal against a refusal (J5); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such applicant, or the grounds are not held.
        ConflictError: Nothing was refused, or it was contested before.
        InvalidInputError: The grounds are no text.
        RuleViolation: The author is another, the statutes give no appeal, its time is over, or the
            signature is wrong.
    """
    member = state.member(data.applicant)
    refusal = _standing_refusal(state, member)
    if refusal.appealed is not None:
        raise ConflictError(
            "admission.appealed", expected="a refusal not contested yet", found=member.id
        )
    check_author(entry, member.id)
    rule = state.in_force().rulebook.admission(member.member_class)
    if rule.appeal_to is None:
        raise RuleViolation(
            "admission.no_appeal",
            rule.reference(),
            expected="statutes that say who hears appeals",
            found="none",
        )
    last, day = last_day(state.day_of(refusal.at), rule.appeal_days), state.day_of(entry.at)
    if day > last:
        raise RuleViolation(
            "admission.appeal_late", rule.reference(), expected=f"by {last}", found=day
        )
    read_text(data.grounds, sources)
    return check_signed(state, entry, sources)


def check_answered(state: State, entry: Entry, data: AdmissionAnswered, sources: Sources) -> int:
    """Check the answer to an appeal against a refusal (J6); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such applicant or author, or the reasons are not held.
        ConflictError: No appeal waits.
        InvalidInputError: The reasons are no text.
        RuleViolation: The statutes name nobody any more, an assembly answers, the author is not of those who
            do, or refused while another may answer, or the signature is wrong.
    """
    member = state.member(data.applicant)
    refusal = _standing_refusal(state, member)
    if refusal.appealed is None or refusal.upheld is not None:
        raise ConflictError("admission.no_answer", expected="an appeal that waits", found=member.id)
    rule, day = state.in_force().rulebook.admission(member.member_class), state.day_of(entry.at)
    party = rule.appeal_to
    if not isinstance(party, BodyParty | SeatParty):
        raise RuleViolation(
            "admission.appeal_assembly",
            rule.reference(),
            expected="statutes that let a body hear appeals against refusals",
            found="none" if party is None else party.session,
        )
    check_officer(state, entry.by, party, day, rule.reference())
    refusers = {each.by for each in state.application(member.id).refusals}
    if entry.by in refusers and _others(state, party, refusers, day):
        raise RuleViolation(
            "admission.judge",
            rule.reference(),
            expected="somebody who did not sign the refusal",
            found=entry.by,
        )
    read_text(data.reasons, sources)
    return check_signed(state, entry, sources)


def check_reapplied(state: State, entry: Entry, data: MemberReapplied, sources: Sources) -> int:
    """Check that someone may ask again (J7, J9); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such pseudonym.
        ConflictError: An applicant or a member, or a record that was merged into another.
        RuleViolation: The author is another, the class is not admitted or of other persons, or the signature
            is wrong.
    """
    member = state.member(data.member)
    if member.status in ("applied", "active"):
        raise ConflictError(
            "member.not_gone", expected="somebody who left or was refused", found=member.status
        )
    if member.lost_by == "merged":
        raise ConflictError("member.merged", expected="the record that was kept", found=member.id)
    check_author(entry, member.id)
    rule = admission_rule(state, data.member_class)
    rulebook = state.in_force().rulebook
    wanted, found = (
        rulebook.voting_right(each).persons for each in (member.member_class, data.member_class)
    )
    if wanted != found:
        raise RuleViolation(
            "member.other_persons", rule.reference(), expected=wanted, found=data.member_class
        )
    return check_signed(state, entry, sources)


def decider_of(rule: Admission) -> BodyParty | SeatParty:
    """Return who decides on an application.

    Raises:
        RuleViolation: ``admission.by_right``: applying is enough; ``admission.assembly``: an assembly
            decides, and no motion admits a member.
    """
    if rule.by is None:
        raise RuleViolation(
            "admission.by_right",
            rule.reference(),
            expected="statutes that say who decides",
            found="admission by right",
        )
    if isinstance(rule.by, AssemblyParty):
        raise RuleViolation(
            "admission.assembly",
            rule.reference(),
            expected="statutes that let a body admit, or admission by right",
            found=rule.by.session,
        )
    return rule.by


def _check_may_look(state: State, checker: MemberId, member: Member, day: Day) -> None:
    rulebook = state.in_force().rulebook
    custody, rule = rulebook.maybe(Custody), rulebook.maybe(Admission, member.member_class)
    named = (
        None if custody is None else custody.by,
        None if rule is None else rule.by,
    )
    parties = [each for each in named if isinstance(each, BodyParty | SeatParty)]
    centre = state.application(member.id).centre
    presented = centre is not None and registers_for(state, checker, centre)
    if not presented and not may_act_as(state, checker, parties, day):
        stated = rule or custody
        raise RuleViolation(
            "identity.checker",
            MEMBERSHIP_RULE if stated is None else stated.reference(),
            expected="somebody who keeps the registers, decides on admissions, or presented them",
            found=checker,
        )


def _standing_refusal(state: State, member: Member) -> Refusal:
    refusal = state.application(member.id).refusal
    if member.status != "refused" or refusal is None:
        raise ConflictError(
            "admission.not_refused", expected="an application that was refused", found=member.status
        )
    return refusal


def _others(
    state: State, party: BodyParty | SeatParty, refusers: Collection[MemberId], day: Day
) -> bool:
    """Tell whether anybody who never refused the application may answer for those who hear appeals."""
    seat = party.seat if isinstance(party, SeatParty) else None
    seated = holders(state, party.body, day, seat=seat)
    return any(each.holder not in refusers for each in seated)
