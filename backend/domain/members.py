"""The register: who may join, who is a member, who may vote, who forms the bureau.

M1 a pseudonym and a key are used once. M2 the class is admitted as the rulebook says. M3 only an
applicant is admitted, only a member resigns. M4 a class votes only where a rule gives it the right.
"""

from backend.domain.acts import (
    SYSTEM,
    MemberAdmitted,
    MemberApplied,
    MemberClass,
    MemberId,
    MemberResigned,
)
from backend.domain.authorship import check_statement
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, RuleReference, RuleViolation
from backend.domain.rulebook import Admission, Rulebook, VotingRight
from backend.domain.sources import Sources
from backend.domain.state import Member, State

MEMBERSHIP_RULE = RuleReference("psephos.membership", "")
"""Built-in rule: acts of members are acts of people who are members when they act."""


def active(state: State, member: MemberId) -> Member:
    """Return a member in good standing.

    Raises:
        NotFoundError: No such pseudonym.
        RuleViolation: ``member.inactive`` for an applicant or someone who left.
    """
    found = state.member(member)
    if found.status != "active":
        raise RuleViolation(
            "member.inactive", MEMBERSHIP_RULE, expected="a member", found=found.status
        )
    return found


def eligible(state: State, rulebook: Rulebook) -> tuple[Member, ...]:
    """Return the members who have a vote under ``rulebook``, by pseudonym.

    Raises:
        RuleViolation: The rulebook is silent on the voting right of a class that has members.
    """
    voters = []
    for member in sorted(state.members.values(), key=lambda member: member.id):
        right = member.status == "active" and rulebook.voting_right(member.member_class)
        if right and right.modality != "must_not":
            voters.append(member)
    return tuple(voters)


def franchise(rulebook: Rulebook) -> VotingRight:
    """Return the rule an electorate rests on: the first that gives a class the vote.

    Raises:
        RuleViolation: No rule gives or denies any class the vote.
    """
    rights = [rule for rule in rulebook.rules if isinstance(rule, VotingRight)]
    granted = [rule for rule in rights if rule.modality != "must_not"]
    return granted[0] if granted else rulebook.voting_right("individual")


def check_bureau(state: State, member: MemberId) -> Member:
    """Check that someone sits in the bureau.

    Raises:
        NotFoundError: No such pseudonym.
        RuleViolation: Not a member, not in the bureau, or the rulebook says nothing of a bureau or
            of the member's vote.
    """
    found = active(state, member)
    rule = state.in_force().rulebook.bureau()
    right = state.in_force().rulebook.voting_right(found.member_class)
    if not found.founder or right.modality == "must_not":
        raise RuleViolation(
            "bureau.required", rule.reference(), expected="a member of the bureau", found=member
        )
    return found


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
    _check_author(entry, who.member)
    signers = [(who.member, who.key)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def check_admitted(state: State, entry: Entry, data: MemberAdmitted, sources: Sources) -> int:
    """Check an admission (M2, M3); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such applicant.
        ConflictError: Already admitted, or gone.
        RuleViolation: The class is not admitted, or the bureau decides for it and did not sign.
    """
    member = state.member(data.member)
    if member.status != "applied":
        raise ConflictError("member.not_applicant", expected="an applicant", found=member.status)
    rule = _admission(state, member.member_class)
    if entry.by == SYSTEM:
        if rule.by != "right":
            raise RuleViolation(
                "admission.bureau",
                rule.reference(),
                expected="a decision of the bureau",
                found="an admission by right",
            )
        return check_unsigned(entry)
    officer = check_bureau(state, entry.by)
    signers = [(officer.id, officer.key)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def check_resigned(state: State, entry: Entry, data: MemberResigned, sources: Sources) -> int:
    """Check a resignation (M3); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such member.
        RuleViolation: Not a member, signed by another, or the rulebook is silent.
    """
    rule = state.in_force().rulebook.resignation()
    if rule.modality == "must_not":
        raise RuleViolation(
            "resignation.forbidden", rule.reference(), expected="a right to leave", found="none"
        )
    member = active(state, data.member)
    _check_author(entry, member.id)
    signers = [(member.id, member.key)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def check_unsigned(entry: Entry) -> int:
    """Check that an act of the system carries no signature and says so.

    Raises:
        RuleViolation: ``author.system`` when it names an author or carries signatures.
    """
    if entry.by != SYSTEM or entry.proof.signatures or entry.proof.issued_at:
        raise RuleViolation(
            "author.system",
            MEMBERSHIP_RULE,
            expected="an unsigned act of the system",
            found=entry.by,
        )
    return 0


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


def _check_author(entry: Entry, member: MemberId) -> None:
    if entry.by != member:
        raise RuleViolation(
            "author.self", MEMBERSHIP_RULE, expected=f"an act of {member}", found=entry.by
        )
