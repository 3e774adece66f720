"""Joining and leaving."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
from backend.domain.instants import Instant, format_instant
from backend.domain.members import last_day_to_object
from backend.domain.purposes import given_on_joining
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
from backend.services.identity import declaration_payload, identity_hash
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
    """Declared facts; see ``identity_hash``."""
    facts_salt: bytes
    """32 bytes."""
    consents: Mapping[str, int] = field(default_factory=dict)
    """Purposes that the applicant gives, each with the version of its words; empty where somebody else hands
    in what was declared on paper."""

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
            commit(
                Tag.PERSON,
                salt=self.facts_salt,
                payload=declaration_payload(self.facts, self.consents),
            ),
        )


def keep_application(
    unit: UnitOfWork, ports: Ports, application: Application, rulebook: Rulebook
) -> None:
    """Put what the ledger must not know into the private tables.

    Args:
        unit: The transaction.
        ports: The world.
        application: What was handed in.
        rulebook: Says whether the class is of natural persons or of organisations.

    Raises:
        InvalidInputError: A needed fact or consent is missing, or a consent is to something else.
        RuleViolation: The rulebook knows no such class.
    """
    persons = rulebook.voting_right(application.member_class).persons
    identity = identity_hash(application.facts, persons, key=ports.identity_key)
    unit.keep_key(application.member, KeyOpening(application.key, application.key_salt))
    at = format_instant(ports.clock.now())
    answers = given_on_joining(application.consents, at=at) if application.consents else ()
    unit.keep_person(
        application.member,
        PersonRecord(application.facts, application.facts_salt, identity, answers),
    )


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

    Admission by right waits where members may object (``admit_due`` records it later), and where the
    identity resembles someone already on the register, until somebody has looked.

    Raises:
        GovernanceError: What forbids it.
    """

    def action(unit: UnitOfWork, at: Instant) -> None:
        data = MemberApplied(application.applicant())
        rulebook = unit.state.in_force().rulebook
        keep_application(unit, ports, application, rulebook)
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
    """Return applicants who are members by right now that the time to object is over, by pseudonym.

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
        waiting = rule.by is None and rule.objection_days > 0 and rule.modality != "must_not"
        if waiting and day > last_day_to_object(state, member, rule):
            found.append(member.id)
    return tuple(found)


def admit_due(ports: Ports, slug: Slug, command: Command, member: MemberId) -> Recorded:
    """Record an admission by right once the time to object is over.

    Raises:
        NotPermittedError: ``identity.review``: the identity resembles someone already on the register.
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
