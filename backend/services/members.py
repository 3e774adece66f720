"""Joining and leaving."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.domain.acts import (
    Applicant,
    MemberAdmitted,
    MemberApplied,
    MemberClass,
    MemberId,
    MemberResigned,
    Slug,
)
from backend.domain.commitments import Tag, commit
from backend.domain.errors import NotPermittedError
from backend.domain.identity.attributes import attributes_of, check_facts
from backend.domain.instants import Instant
from backend.domain.members import last_day_to_object
from backend.domain.rulebook.book import Rulebook
from backend.domain.sources import KeyOpening
from backend.domain.state import State
from backend.services.commands import (
    Signed,
    Statement,
    append_derived,
    append_signed,
    perform,
    signed_action,
)
from backend.services.duplicates import candidates_of
from backend.services.identity import facts_payload, identity_digests
from backend.services.ports import Command, PersonRecord, Ports, Recorded, UnitOfWork


@dataclass(frozen=True, slots=True)
class Application:
    """What someone hands in to join; salts are the applicant's own."""

    member: MemberId
    """Random pseudonym."""
    member_class: MemberClass
    """Class applied for."""
    key: bytes
    """The signing key: address of a wallet, 20 bytes, or key of a passkey."""
    key_salt: bytes
    """32 bytes."""
    facts: Mapping[str, str]
    """Declared facts; see ``domain.identity.attributes``."""
    facts_salt: bytes
    """32 bytes."""

    def applicant(self) -> Applicant:
        """Return what the ledger will know.

        Raises:
            InvalidInputError: A salt is not 32 bytes.
            MalformedError: The facts are no text.
        """
        return Applicant(
            self.member,
            self.member_class,
            commit(Tag.KEY, salt=self.key_salt, payload=self.key),
            commit(Tag.PERSON, salt=self.facts_salt, payload=facts_payload(self.facts)),
        )


def keep_application(
    unit: UnitOfWork,
    ports: Ports,
    slug: Slug,
    application: Application,
    rulebook: Rulebook,
    *,
    at: Instant,
) -> None:
    """Put what the ledger must not know into the private tables, and note whom the applicant resembles.

    Args:
        unit: The transaction.
        ports: The world.
        slug: The organisation.
        application: What was handed in.
        rulebook: Says whether the class is of natural persons or of organisations.
        at: The time.

    Raises:
        InvalidInputError: The facts cannot identify anybody.
        RuleViolation: The rulebook knows no such class.
    """
    persons = rulebook.voting_right(application.member_class).persons
    member, facts = application.member, application.facts
    check_facts(facts, persons)
    digests = identity_digests(ports.identities, slug, attributes_of(facts, persons))
    unit.keep_key(member, KeyOpening(application.key, application.key_salt))
    unit.keep_person(member, PersonRecord(facts, application.facts_salt, digests))
    found = candidates_of(unit.identities, member, facts, persons, digests)
    unit.keep_candidates(found, at)


def apply(
    ports: Ports,
    slug: Slug,
    command: Command,
    application: Application,
    *,
    issued_at: int,
    signature: bytes,
) -> Recorded:
    """Record an application, and the admission too where the statutes admit by right.

    Admission by right waits where members may object, and where the applicant may be someone who is on the
    register already, until somebody has looked; ``admit_due`` records it then.

    Raises:
        GovernanceError: What forbids it.
    """

    def action(unit: UnitOfWork, at: Instant) -> None:
        data = MemberApplied(application.applicant())
        rulebook = unit.state.in_force().rulebook
        keep_application(unit, ports, slug, application, rulebook, at=at)
        append_signed(
            unit,
            ports,
            data,
            at=at,
            author=application.member,
            issued_at=issued_at,
            signatures=[Signed(application.key, signature)],
        )
        rule = rulebook.admission(application.member_class)
        at_once = rule.by is None and not rule.objection_days
        if at_once and not unit.same_identity(application.member):
            append_derived(unit, MemberAdmitted(application.member), at=at)

    return perform(ports, slug, command, action)


def due_admissions(state: State, now: Instant) -> tuple[MemberId, ...]:
    """Return applicants who are members by right unless they may be on the register twice, by pseudonym.

    The time to object is over, where there is one. Others are members since they applied.

    Args:
        state: The committed state.
        now: The time.

    Raises:
        RuleViolation: The rulebook is silent on the admission of a class that has applicants.
    """
    rulebook, day = state.in_force().rulebook, state.day_of(now)
    found = []
    applied = (each for each in state.members.values() if each.status == "applied")
    for member in sorted(applied, key=lambda member: member.id):
        if member.objected:
            continue
        rule = rulebook.admission(member.member_class)
        by_right = rule.by is None and rule.modality != "must_not"
        if by_right and (not rule.objection_days or day > last_day_to_object(state, member, rule)):
            found.append(member.id)
    return tuple(found)


def admit_due(ports: Ports, slug: Slug, command: Command, member: MemberId) -> Recorded:
    """Record an admission by right once nothing stands against it.

    Raises:
        NotPermittedError: ``identity.review``: nobody has decided yet that the applicant is none of those on
            the register whom they resemble, or somebody decided that they are.
        GovernanceError: What forbids it.
    """

    def action(unit: UnitOfWork, at: Instant) -> None:
        alike = unit.same_identity(member)
        if alike:
            raise NotPermittedError(
                "identity.review", expected="an identity of one's own", found=alike[0]
            )
        append_derived(unit, MemberAdmitted(member), at=at)

    return perform(ports, slug, command, action)


def admit(
    ports: Ports,
    slug: Slug,
    command: Command,
    member: MemberId,
    statement: Statement,
) -> Recorded:
    """Admit an applicant by decision of those who decide.

    Raises:
        GovernanceError: What forbids it.
    """
    return perform(ports, slug, command, signed_action(ports, MemberAdmitted(member), statement))


def resign(
    ports: Ports, slug: Slug, command: Command, member: MemberId, statement: Statement
) -> Recorded:
    """Record that a member leaves.

    Raises:
        GovernanceError: What forbids it.
    """
    return perform(ports, slug, command, signed_action(ports, MemberResigned(member), statement))
