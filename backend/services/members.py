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
from backend.domain.identity.attributes import Persons, attributes_of, check_facts
from backend.domain.instants import Instant
from backend.domain.prerequisites import admissible_by_right
from backend.domain.purposes import Answer, given_on_joining
from backend.domain.rulebook.book import Rulebook
from backend.domain.signing import statement_digest
from backend.domain.sources import KeyOpening
from backend.domain.state import State
from backend.services.commands import (
    Statement,
    append_by_member,
    append_derived,
    append_signed,
    perform,
    signed_action,
    signed_by_offered,
)
from backend.services.duplicates import candidates_of
from backend.services.identity import declaration_payload, identity_digests
from backend.services.login_addresses import declared_address
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


@dataclass(frozen=True, slots=True)
class Facts:
    """What someone declares about themselves."""

    declared: Mapping[str, str]
    """Declared facts; see ``domain.identity.attributes``."""
    salt: bytes
    """32 bytes, salt of the ledger's commitment to them."""
    answers: tuple[Answer, ...] = ()
    """What they answer to requests for consent with them."""


def keep_facts(
    unit: UnitOfWork,
    ports: Ports,
    slug: Slug,
    facts: Facts,
    persons: Persons,
    *,
    member: MemberId,
    at: Instant,
) -> None:
    """Put declared facts into the private tables, and note whom they resemble.

    Args:
        unit: The transaction.
        ports: The world.
        slug: The organisation.
        facts: What is declared.
        persons: Whether the class applied for is of natural persons or of organisations.
        member: About whom.
        at: The time.

    Raises:
        InvalidInputError: The facts cannot identify anybody.
    """
    declared = facts.declared
    check_facts(declared, persons)
    digests = identity_digests(ports.identities, slug, attributes_of(declared, persons))
    address = declared_address(declared, ports.identities)
    unit.keep_person(member, PersonRecord(declared, facts.salt, digests, address, facts.answers))
    unit.keep_candidates(candidates_of(unit.identities, member, declared, persons, digests), at)


def keep_application(
    unit: UnitOfWork,
    ports: Ports,
    slug: Slug,
    application: Application,
    rulebook: Rulebook,
    *,
    at: Instant,
) -> None:
    """Put what the ledger must not know of an application into the private tables; see ``keep_facts``.

    Raises:
        ConflictError: The key is another member's.
        InvalidInputError: The facts cannot identify anybody, a needed consent is missing, or one is to
            something else.
        RuleViolation: The rulebook knows no such class.
    """
    answers = given_on_joining(application.consents, at=at) if application.consents else ()
    unit.keep_key(application.member, KeyOpening(application.key, application.key_salt))
    keep_facts(
        unit,
        ports,
        slug,
        Facts(application.facts, application.facts_salt, answers),
        rulebook.voting_right(application.member_class).persons,
        member=application.member,
        at=at,
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

    Admission by right waits where members may object, and where the applicant may be someone who is on the
    register already, until somebody has looked; ``admit_due`` records it then.

    Raises:
        GovernanceError: What forbids it.
    """

    def action(unit: UnitOfWork, at: Instant) -> None:
        data = MemberApplied(application.applicant())

        def digest() -> bytes:
            return statement_digest(
                unit.state.founded(), author=application.member, data=data, issued_at=issued_at
            )

        signed = signed_by_offered(
            unit.state, application.key, signature, digest, confirmed=unit.confirmed
        )
        keep_application(unit, ports, slug, application, unit.state.in_force().rulebook, at=at)
        append_signed(
            unit,
            ports,
            data,
            at=at,
            author=application.member,
            issued_at=issued_at,
            signatures=[signed],
        )
        admit_at_once(unit, application.member, at)

    return perform(ports, slug, command, action)


def admit_at_once(unit: UnitOfWork, member: MemberId, at: Instant) -> None:
    """Admit somebody who has just applied, where nothing is missing and nobody has to look.

    Raises:
        GovernanceError: What forbids it.
    """
    state = unit.state
    due = admissible_by_right(state, state.member(member), state.day_of(at))
    if due and not unit.same_identity(member):
        append_derived(unit, MemberAdmitted(member), at=at)


def check_disinterested(unit: UnitOfWork, *, author: MemberId, applicant: MemberId) -> None:
    """Check that nobody acts on an application that looks like their own under another pseudonym.

    Ask it of acts that were found lawful, signatures included: whoever signs nothing learns nothing from it.

    Raises:
        NotPermittedError: ``admission.own``: somebody else may act; the application is not refused.
    """
    # Only the newer of two records that resemble each other names the other.
    if author in unit.same_identity(applicant) or applicant in unit.same_identity(author):
        raise NotPermittedError(
            "admission.own", expected="somebody else who may do this", found=applicant
        )


def due_admissions(state: State, now: Instant) -> tuple[MemberId, ...]:
    """Return applicants who are members by right now that nothing is missing any more, by pseudonym.

    Whether they are on the register already is asked by ``admit_due``.

    Args:
        state: The committed state.
        now: The time.

    Raises:
        RuleViolation: The rulebook is silent on the admission of a class that has applicants.
    """
    day = state.day_of(now)
    applied = (each for each in state.members.values() if each.status == "applied")
    return tuple(
        member.id
        for member in sorted(applied, key=lambda member: member.id)
        if admissible_by_right(state, member, day)
    )


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
        NotPermittedError: ``admission.own``: the application looks like the author's own.
        GovernanceError: What forbids it.
    """

    def action(unit: UnitOfWork, at: Instant) -> None:
        append_by_member(unit, ports, MemberAdmitted(member), statement, at=at)
        check_disinterested(unit, author=statement.author, applicant=member)

    return perform(ports, slug, command, action)


def resign(
    ports: Ports, slug: Slug, command: Command, member: MemberId, statement: Statement
) -> Recorded:
    """Record that a member leaves.

    Raises:
        GovernanceError: What forbids it.
    """
    return perform(ports, slug, command, signed_action(ports, MemberResigned(member), statement))
