"""Presenting applicants for a centre, and what those concerned see of an application."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from backend.domain.acts import (
    AssuranceLevel,
    EvidenceKind,
    MemberClass,
    MemberId,
    MemberPresented,
    Slug,
)
from backend.domain.applications import Check
from backend.domain.commitments import Tag, commit
from backend.domain.deadlines import Day
from backend.domain.facts import Member
from backend.domain.instants import Instant
from backend.domain.prerequisites import Prerequisites, left_freely, prerequisites
from backend.domain.proceedings import last_day
from backend.domain.purposes import given_on_joining
from backend.domain.rulebook.membership import Admission
from backend.domain.state import State
from backend.services.commands import Statement, append_by_member, perform
from backend.services.identity import declaration_payload
from backend.services.members import Facts, admit_at_once, check_disinterested, keep_facts
from backend.services.persons import Persons
from backend.services.ports import Command, Ports, Recorded, UnitOfWork

Missing = Literal["objections", "identity_check", "vouching", "decision", "review", "answer"]
"""What an application waits for: the end of the time to object, an identity check, members who vouch, those
who decide, whoever keeps the registers where the server does not admit by right because identities are alike,
or those who hear the appeal against a refusal."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """Somebody whom a correspondent registers; the salt is drawn by the correspondent's device."""

    member: MemberId
    """Random pseudonym."""
    member_class: MemberClass
    """Class applied for."""
    centre: Slug
    """The centre."""
    facts: Mapping[str, str]
    """What the person declares; see ``domain.identity.attributes``."""
    facts_salt: bytes
    """32 bytes."""
    consents: Mapping[str, int]
    """Purposes that the person gives, as the correspondent vouches, each with the version of its words."""

    def act(self) -> MemberPresented:
        """Return what the ledger will know.

        Raises:
            InvalidInputError: The salt is not 32 bytes.
            MalformedError: The facts are no text.
        """
        payload = declaration_payload(self.facts, self.consents)
        person = commit(Tag.PERSON, salt=self.facts_salt, payload=payload)
        return MemberPresented(self.member, self.member_class, person, self.centre)


def present(
    ports: Ports, slug: Slug, command: Command, presentation: Presentation, statement: Statement
) -> Recorded:
    """Record that a correspondent presents somebody, and the admission too where nothing is missing for it.

    Raises:
        NotPermittedError: ``admission.own``: a correspondent presents themselves.
        GovernanceError: What forbids it.
    """

    def action(unit: UnitOfWork, at: Instant) -> None:
        answers = given_on_joining(presentation.consents, at=at)
        append_by_member(unit, ports, presentation.act(), statement, at=at)
        keep_facts(
            unit,
            ports,
            slug,
            Facts(presentation.facts, presentation.facts_salt, answers),
            unit.state.in_force().rulebook.voting_right(presentation.member_class).persons,
            member=presentation.member,
            at=at,
        )
        check_disinterested(unit, author=statement.author, applicant=presentation.member)
        admit_at_once(unit, presentation.member, at)

    return perform(ports, slug, command, action)


@dataclass(frozen=True, slots=True)
class RefusalView:
    """A decision against an application."""

    entry: int
    """The entry of the refusal."""
    refused_at: Instant
    """When."""
    appeal_until: Day | None
    """Last day to appeal; None where the statutes give no appeal."""
    appeal_entry: int | None
    """The entry of the appeal, None where there is none."""
    upheld: bool | None
    """Whether it stands after the appeal; None while nobody answered."""


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application, what was done about it, and what it waits for."""

    member: MemberId
    """Pseudonym."""
    member_class: MemberClass
    """Class applied for."""
    status: str
    """Where they stand on the register."""
    applied_at: Instant
    """When they asked."""
    entry: int
    """The entry with which they did."""
    centre: Slug | None
    """The centre that presented them."""
    facts: Mapping[str, str] | None
    """What they declared; None once it was erased."""
    objections_until: Day | None
    """Last day on which members may object; None where they may not."""
    objected: bool
    """Whether a member did."""
    assurance_needed: AssuranceLevel | None
    """Least level of an identity check; None where none is needed."""
    evidence_accepted: tuple[EvidenceKind, ...]
    """Kinds of evidence that count for it; empty for all."""
    checks: tuple[Check, ...]
    """Identity checks, oldest first."""
    vouchers_needed: int
    """Members who must vouch."""
    vouchers: tuple[MemberId, ...]
    """Members who did."""
    refusals: tuple[RefusalView, ...]
    """Decisions against it, oldest first."""
    missing: tuple[Missing, ...]
    """What it waits for; empty where nothing is missing, or it is decided."""


@dataclass(frozen=True, slots=True)
class CentreView:
    """A registration centre."""

    centre: Slug
    """Id."""
    name: str
    """Public name."""
    open: bool
    """Whether it may present applicants."""
    correspondents: tuple[MemberId, ...]
    """Who registers for it."""
    presented: int
    """How many it presented."""
    entry: int
    """The entry that opened it."""


def open_applications(
    state: State, persons: Persons, *, at: Instant, after: str, limit: int
) -> tuple[ApplicationView, ...]:
    """Return the applications that wait for something, or for somebody, by pseudonym.

    Args:
        state: The committed state.
        persons: What applicants declared.
        at: Now.
        after: Only pseudonyms greater than this.
        limit: Most of them.
    """
    waiting = sorted(
        member.id
        for member in state.members.values()
        if member.id > after and _waits(state, member)
    )
    return tuple(application_of(state, persons, member, at=at) for member in waiting[:limit])


def application_of(
    state: State, persons: Persons, member: MemberId, *, at: Instant
) -> ApplicationView:
    """Return the latest application of someone; that of a founder holds nothing but identity checks.

    Args:
        state: The committed state.
        persons: What applicants declared.
        member: Who.
        at: Now.

    Raises:
        NotFoundError: No such pseudonym.
        RuleViolation: The rulebook is silent on the admission of the class.
    """
    found, application = state.member(member), state.application(member)
    rule = state.in_force().rulebook.admission(found.member_class)
    needed, demand = prerequisites(state, found, rule), rule.checks
    return ApplicationView(
        member,
        found.member_class,
        found.status,
        found.applied_at,
        found.entry,
        application.centre,
        persons.facts(state.founded().slug, member),
        needed.objections_until,
        found.objected,
        None if demand is None else demand.assurance,
        () if demand is None else demand.evidence,
        application.checks,
        rule.vouchers,
        application.vouchers,
        _refusals(state, member, rule),
        _missing(state, found, rule, needed, state.day_of(at)),
    )


def centre_views(state: State, *, after: str, limit: int) -> tuple[CentreView, ...]:
    """Return registration centres, by id.

    Args:
        state: The committed state.
        after: Only ids greater than this.
        limit: Most of them.
    """
    named = sorted(name for name in state.centres if name > after)
    return tuple(
        CentreView(
            each.id, each.name, each.open, each.correspondents, len(each.presented), each.entry
        )
        for each in map(state.centre, named[:limit])
    )


def _waits(state: State, member: Member) -> bool:
    return member.status == "applied" or (
        member.status == "refused" and _answer_waits(state, member.id)
    )


def _answer_waits(state: State, member: MemberId) -> bool:
    refusal = state.application(member).refusal
    return refusal is not None and refusal.appealed is not None and refusal.upheld is None


def _refusals(state: State, member: MemberId, rule: Admission) -> tuple[RefusalView, ...]:
    return tuple(
        RefusalView(
            each.entry,
            each.at,
            None if rule.appeal_to is None else last_day(state.day_of(each.at), rule.appeal_days),
            each.appealed,
            each.upheld,
        )
        for each in state.application(member).refusals
    )


def _missing(
    state: State, member: Member, rule: Admission, needed: Prerequisites, day: Day
) -> tuple[Missing, ...]:
    if member.status == "refused" and _answer_waits(state, member.id):
        return ("answer",)
    if member.status != "applied":
        return ()
    missing: list[Missing] = []
    if needed.objections_until is not None and day <= needed.objections_until:
        missing.append("objections")
    if not needed.checked:
        missing.append("identity_check")
    if needed.vouched < needed.vouchers:
        missing.append("vouching")
    if rule.by is not None or member.objected or not left_freely(member):
        missing.append("decision")
    return tuple(missing) or ("review",)
