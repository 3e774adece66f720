"""What an application still needs before anybody may be admitted.

J3 nobody is admitted before one identity check shows what the statutes ask for, and before as many members
vouched as they ask for; who vouched counts while they are members.
"""

from dataclasses import dataclass

from backend.domain.acts import MemberClass, MemberId
from backend.domain.applications import Application, reaches
from backend.domain.deadlines import Day
from backend.domain.errors import ConflictError, RuleViolation
from backend.domain.facts import Member
from backend.domain.proceedings import last_day
from backend.domain.rulebook.membership import Admission, IdentityDemand
from backend.domain.state import State


@dataclass(frozen=True, slots=True)
class Prerequisites:
    """What an application needs, and what it has."""

    objections_until: Day | None
    """Last day on which members may object; None where they may not."""
    demand: IdentityDemand | None
    """What an identity check must show; None where none is needed."""
    checked: bool
    """Whether one does, or none is needed."""
    vouchers: int
    """Members who must vouch."""
    vouched: int
    """Members who did, and still are members."""

    def met_on(self, day: Day) -> bool:
        """Tell whether nothing is missing on a day."""
        waits = self.objections_until is not None and day <= self.objections_until
        return not waits and self.checked and self.vouched >= self.vouchers


def applicant_of(state: State, member: MemberId) -> Member:
    """Return somebody whose application is open.

    Raises:
        NotFoundError: No such pseudonym.
        ConflictError: ``member.not_applicant`` for a member, and whoever was refused or left.
    """
    found = state.member(member)
    if found.status != "applied":
        raise ConflictError("member.not_applicant", expected="an applicant", found=found.status)
    return found


def admission_rule(state: State, member_class: MemberClass) -> Admission:
    """Return how a class is admitted, under the rules in force.

    Raises:
        RuleViolation: ``admission.forbidden`` where it is not, or the rulebook is silent.
    """
    rule = state.in_force().rulebook.admission(member_class)
    if rule.modality == "must_not":
        raise RuleViolation(
            "admission.forbidden",
            rule.reference(),
            expected="a class that may join",
            found=member_class,
        )
    return rule


def last_day_to_object(state: State, applicant: Member, rule: Admission) -> Day:
    """Return the last day on which members may object to an application; meaningful where they may.

    Args:
        state: For the days of the organisation.
        applicant: Who asks.
        rule: How the class is admitted, with days to object.
    """
    return last_day(state.day_of(applicant.applied_at), rule.objection_days)


def prerequisites(state: State, applicant: Member, rule: Admission) -> Prerequisites:
    """Return what an application needs, and what it has.

    Args:
        state: With the application.
        applicant: Who asks.
        rule: How the class is admitted.
    """
    application = state.application(applicant.id)
    vouched = [each for each in application.vouchers if state.member(each).status == "active"]
    return Prerequisites(
        last_day_to_object(state, applicant, rule) if rule.objection_days else None,
        rule.checks,
        rule.checks is None or _shown(application, rule.checks),
        rule.vouchers,
        len(vouched),
    )


def check_prerequisites(state: State, applicant: Member, rule: Admission) -> None:
    """Check that identity and vouching are as the statutes ask (J3).

    Raises:
        RuleViolation: ``admission.unchecked`` or ``admission.unvouched``.
    """
    found = prerequisites(state, applicant, rule)
    if found.demand is not None and not found.checked:
        kinds = f": {' or '.join(found.demand.evidence)}" if found.demand.evidence else ""
        raise RuleViolation(
            "admission.unchecked",
            rule.reference(),
            expected=f"{found.demand.assurance}{kinds}",
            found=applicant.assurance or "none",
        )
    if found.vouched < found.vouchers:
        raise RuleViolation(
            "admission.unvouched",
            rule.reference(),
            expected=str(found.vouchers),
            found=str(found.vouched),
        )


def admissible_by_right(state: State, applicant: Member, day: Day) -> bool:
    """Tell whether an applicant is a member by right on a day: nothing is missing, and nobody has to decide.

    Args:
        state: With the application.
        applicant: Whose application is open.
        day: The day.

    Raises:
        RuleViolation: The rulebook is silent on the admission of the class.
    """
    rule = state.in_force().rulebook.admission(applicant.member_class)
    by_right = rule.by is None and rule.modality != "must_not"
    undecided = applicant.objected or not left_freely(applicant)
    return by_right and not undecided and prerequisites(state, applicant, rule).met_on(day)


def left_freely(applicant: Member) -> bool:
    """Tell whether someone never was a member, or left by resigning (``admission``, J8)."""
    return applicant.lost_by in (None, "resignation")


def _shown(application: Application, demand: IdentityDemand) -> bool:
    return any(
        reaches(check.assurance, demand.assurance)
        and (not demand.evidence or check.evidence in demand.evidence)
        for check in application.checks
    )
