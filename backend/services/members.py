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
from backend.domain.instants import Instant
from backend.domain.rulebook.book import Rulebook
from backend.domain.sources import KeyOpening
from backend.services.commands import (
    Signed,
    Statement,
    append_derived,
    append_signed,
    perform,
    signed_action,
)
from backend.services.identity import facts_payload, identity_hash
from backend.services.ports import Command, PersonRecord, Ports, Recorded, UnitOfWork


@dataclass(frozen=True, slots=True)
class Application:
    """What someone hands in to join; salts are the applicant's own."""

    member: MemberId
    """Random pseudonym."""
    member_class: MemberClass
    """Class applied for."""
    address: bytes
    """Address of the signing key, 20 bytes."""
    key_salt: bytes
    """32 bytes."""
    facts: Mapping[str, str]
    """Declared facts; see ``identity_hash``."""
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
            commit(Tag.KEY, salt=self.key_salt, payload=self.address),
            commit(Tag.PERSON, salt=self.facts_salt, payload=facts_payload(self.facts)),
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
        InvalidInputError: A needed fact is missing.
        RuleViolation: The rulebook knows no such class.
    """
    persons = rulebook.voting_right(application.member_class).persons
    identity = identity_hash(application.facts, persons, key=ports.identity_key)
    unit.keep_key(application.member, KeyOpening(application.address, application.key_salt))
    unit.keep_person(
        application.member, PersonRecord(application.facts, application.facts_salt, identity)
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
            signatures=[Signed(application.address, signature)],
        )
        rule = rulebook.admission(application.member_class)
        at_once = rule.by is None and not rule.objection_days
        if at_once and not unit.same_identity(application.member):
            append_derived(unit, MemberAdmitted(application.member), at=at)

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
